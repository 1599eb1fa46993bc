"""Where a cell of the sample has no NPP, and why: the seven fill codes of MOD17.

Codes are 0 unclassified, 1 urban, 2 wetland, 3 snow or ice, 4 barren, 5 water,
6 not computed; -1 means a value. Places are rough: ellipses for lakes, glaciers
and towns, a warm dry south for the Gobi.
"""

import numpy as np

import country as c

UNCLASSIFIED, URBAN, WETLAND, SNOW, BARREN, WATER, NOT_COMPUTED = range(7)
MARGIN_CELLS = 10  # values reach about 46 km beyond the border, then 32767

# Longitude, latitude, half width and half height in degrees.
LAKES = {"Khuvsgul": (100.50, 51.10, 0.24, 0.62), "Uvs": (92.75, 50.33, 0.55, 0.36),
         "Khyargas": (93.30, 49.18, 0.52, 0.16), "Khar-Us": (92.15, 48.05, 0.28, 0.30),
         "Khar": (93.20, 48.05, 0.24, 0.18), "Buir": (117.70, 47.80, 0.22, 0.20),
         "Airag": (93.40, 48.90, 0.12, 0.09), "Buun Tsagaan": (99.15, 45.60, 0.15, 0.10),
         "Achit": (90.53, 49.50, 0.10, 0.12), "Telmen": (97.30, 48.83, 0.14, 0.06)}
TOWNS = {"Ulaanbaatar": (106.92, 47.92, 0.20, 0.08), "Erdenet": (104.08, 49.03, 0.06, 0.05),
         "Darkhan": (105.95, 49.47, 0.06, 0.05), "Choibalsan": (114.53, 48.08, 0.05, 0.04)}
GLACIERS = {"Tavan Bogd": (87.95, 49.12, 0.16, 0.07), "Munkhkhairkhan": (91.55, 47.06, 0.10, 0.06),
            "Turgen": (91.35, 49.70, 0.10, 0.06), "Tsambagarav": (90.85, 48.65, 0.08, 0.05),
            "Otgontenger": (97.55, 47.61, 0.06, 0.04), "Sutai": (93.60, 46.62, 0.06, 0.04)}
MARSHES = {"Khar-Us shore": (92.15, 48.05, 0.40, 0.42), "Darkhad": (99.40, 51.05, 0.20, 0.12),
           "Uvs east": (93.45, 50.40, 0.20, 0.12), "Khalkh": (117.75, 47.98, 0.12, 0.08)}

# Index of the year, row and column in the mosaic, stored value: above the
# valid range (32700) and below the first fill code (32761).
ABOVE_RANGE = [(3, 270, 500, 32701), (3, 270, 501, 32701), (3, 271, 500, 32760), (3, 271, 501, 32712),
               (8, 300, 400, 32760), (8, 300, 401, 32750), (8, 301, 401, 32705), (10, 262, 612, 32733)]


def ellipse(lon, lat, place):
    x, y, half_width, half_height = place
    return ((lon - x) / half_width) ** 2 + ((lat - y) / half_height) ** 2 <= 1


def codes_by_year(share, counted):
    """Code per year and mosaic cell [12, rows, cols], and the cells near the border.

    `share` is the coldness rank of a cell, `counted` tells the cells of the country.
    """
    lon, lat = c.mosaic_axes()
    draw = np.random.default_rng(7)
    still = np.full(lon.shape, -1, np.int8)

    # The Gobi: warm, southern, ragged at its edge.
    desert = share + 0.085 * (lat - 44.6) + 0.06 * c.Waves(71, 0.15, 4.0)(lon, lat)
    still[draw.random(lon.shape) < 0.0006] = UNCLASSIFIED
    for places, code in ((MARSHES, WETLAND), (TOWNS, URBAN), (GLACIERS, SNOW), (LAKES, WATER)):
        for place in places.values():
            still[ellipse(lon, lat, place)] = code

    kept = c.dilate(counted, MARGIN_CELLS)
    codes = []
    for year in c.YEARS:
        now = still.copy()
        # Dry years: the desert is a little larger, so the common mask matters.
        edge = {2002: 0.106, 2007: 0.108, 2009: 0.104}.get(year, 0.100)
        now[(now == -1) & (desert < edge)] = BARREN
        if year == 2005:
            now[318:322, 380:388] = NOT_COMPUTED  # a gap of one year inside the country
        now[~kept] = NOT_COMPUTED
        codes.append(now)
    return np.array(codes), kept


def negative_cells(codes, share):
    """A few cells on the rim of the desert that lost carbon in the dry years."""
    valid = (codes < 0).all(axis=0)
    dry = (codes == BARREN).any(axis=0)
    rim = np.argwhere(valid & c.dilate(dry, 1) & (share < 0.25))
    draw = np.random.default_rng(11)
    chosen = rim[np.sort(draw.choice(len(rim), 36, replace=False))]
    return [(c.YEARS.index(year), int(row), int(col), -int(draw.integers(5, 120)))
            for row, col in chosen for year in (2002, 2007)]
