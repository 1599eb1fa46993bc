"""What every step of the sample maker shares: grids, targets, names, smooth noise.

Nothing here is measured. The border is real (Natural Earth); every other
number is chosen so that the sample reproduces the published table.
"""

import json
import math
import os

import numpy as np
import shapely

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.dirname(HERE)
REGIONS = os.path.join(SAMPLES, "aimags.geojson")

NOTE = "Synthetic sample made for testing; not a measurement"

# The 0.01-degree grid of the zone maps. Edges are whole hundredths of a degree.
LEFT_HUNDREDTHS, TOP_HUNDREDTHS = 8755, 5230
COLS, ROWS = 3250, 1090

# The published table: zone, cells counted as km2 in the 1980s and the 2000s,
# and the unrounded NPP density (gC m-2) that the printed totals imply.
ZONES = ["Seasonal Frozen Zone", "Sporadic Permafrost",
         "Insular & sparsely insular", "Discontinuous & Continuous"]
CELLS_1980S = [572268, 292432, 701627, 281886]
CELLS_2000S = [721374, 436528, 515479, 174832]
DENSITY_GC_M2 = [115.488, 125.958, 166.104, 189.624]

# The six classes of the maps, from least to most permafrost: zone, code, name.
CLASSES = [(0, 11, "Seasonally frozen"), (1, 12, "Sporadic"),
           (2, 22, "Sparsely insular"), (2, 21, "Insular"),
           (3, 31, "Discontinuous"), (3, 32, "Continuous")]
# Share of the zone's cells that its lower class takes, for the zones of two.
SPARSELY_INSULAR_SHARE, DISCONTINUOUS_SHARE = 0.45, 0.70

# The MODIS sinusoidal grid: sphere radius, tile edge (as stored in granules),
# and the cells along a tile edge in this sample (the real product has 2400).
RADIUS_M = 6371007.181
TILE_M = 20015109.354 / 18.0
TILE_CELLS = 240
CELL_M = TILE_M / TILE_CELLS
FIRST_H, FIRST_V, MOSAIC_H, MOSAIC_V = 23, 3, 4, 2
TILES = [(23, 3), (24, 3), (25, 3), (23, 4), (24, 4), (25, 4), (26, 4)]
YEARS = list(range(2001, 2013))


def lonlat_axes():
    """Longitudes of the columns and latitudes of the rows (degrees, cell centres)."""
    lon = (2 * LEFT_HUNDREDTHS + 1 + 2 * np.arange(COLS)) / 200.0
    lat = (2 * TOP_HUNDREDTHS - 1 - 2 * np.arange(ROWS)) / 200.0
    return lon, lat


def border():
    """The union of the first-level units."""
    with open(REGIONS, encoding="utf-8") as f:
        units = json.load(f)["features"]
    return shapely.union_all([shapely.from_geojson(json.dumps(u["geometry"])) for u in units])


def inside_border():
    """Cells of the 0.01-degree grid whose centre lies inside the border, [ROWS, COLS]."""
    lon, lat = lonlat_axes()
    shape = border()
    shapely.prepare(shape)
    return np.stack([shapely.contains_xy(shape, lon, np.full(COLS, y)) for y in lat])


def dilate(mask, cells):
    """A mask grown by `cells` in the four directions and the square between them."""
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (cells + 1, cells)
        total = np.cumsum(np.pad(mask.astype(np.int32), pad), axis=axis)
        near = np.take(total, range(2 * cells + 1, total.shape[axis]), axis=axis)
        far = np.take(total, range(0, total.shape[axis] - 2 * cells - 1), axis=axis)
        mask = near - far > 0
    return mask


class Waves:
    """A smooth random field of the plane: plane waves of random direction and phase.

    Wavelengths (degrees) are spread evenly in their logarithm; a wave's height
    grows with its length to the power `roughness`. Unit variance.
    """

    def __init__(self, seed, shortest, longest, count=70, roughness=0.8):
        draw = np.random.default_rng(seed)
        length = shortest * (longest / shortest) ** ((np.arange(count) + draw.random(count)) / count)
        angle = 2 * math.pi * draw.random(count)
        self.phase = 2 * math.pi * draw.random(count)
        self.kx = 2 * math.pi / length * np.cos(angle)
        self.ky = 2 * math.pi / length * np.sin(angle)
        height = length ** roughness
        self.height = height / math.sqrt((height ** 2).sum() / 2)

    def __call__(self, lon, lat):
        x = (lon - 104.0) * 0.68  # degrees of longitude in degrees of latitude at 47 N
        y = lat - 47.0
        out = np.zeros(np.broadcast(x, y).shape)
        for kx, ky, phase, height in zip(self.kx, self.ky, self.phase, self.height):
            out += height * np.cos(kx * x + ky * y + phase)
        # Rounded, so that the last bits of a cosine never move a zone boundary.
        return np.round(out, 6)


def ridge(lon, lat, start, end, width):
    """A mountain range: a Gaussian of the distance (degrees) to a line, peak 1."""
    x, y = (lon - start[0]) * 0.68, lat - start[1]
    ex, ey = (end[0] - start[0]) * 0.68, end[1] - start[1]
    t = np.clip((x * ex + y * ey) / (ex * ex + ey * ey), 0.0, 1.0)
    return np.exp(-((x - t * ex) ** 2 + (y - t * ey) ** 2) / (2 * width * width))


def coldness(lon, lat):
    """How much permafrost a place favours (no unit): latitude, mountains, chance."""
    return np.round(
        0.30 * (lat - 46.8)
        + 1.5 * ridge(lon, lat, (87.8, 49.3), (95.5, 46.0), 0.8)      # Altai
        + 0.6 * ridge(lon, lat, (95.5, 46.0), (101.0, 44.6), 0.5)     # Gobi-Altai
        + 1.5 * ridge(lon, lat, (96.3, 48.3), (101.6, 46.9), 0.9)     # Khangai
        + 1.3 * ridge(lon, lat, (98.5, 51.0), (101.0, 51.3), 1.0)     # Khuvsgul
        + 1.3 * ridge(lon, lat, (107.8, 48.7), (110.5, 48.9), 0.8)    # Khentii
        - 0.7 * ridge(lon, lat, (92.0, 49.6), (93.8, 48.3), 0.7)      # Great Lakes
        - 0.5 * ridge(lon, lat, (113.0, 47.5), (118.5, 47.5), 1.2)    # eastern steppe
        + 0.38 * Waves(1990, 0.12, 7.0)(lon, lat), 6)


def mosaic_axes():
    """Longitude and latitude of the MODIS cell centres of the mosaic, [480, 960]."""
    x = ((FIRST_H - 18) * TILE_CELLS + np.arange(MOSAIC_H * TILE_CELLS) + 0.5) * CELL_M
    y = ((9 - FIRST_V) * TILE_CELLS - np.arange(MOSAIC_V * TILE_CELLS) - 0.5) * CELL_M
    lat = y / RADIUS_M
    lon = x[None, :] / (RADIUS_M * np.cos(lat[:, None]))
    return np.degrees(lon), np.degrees(np.broadcast_to(lat[:, None], lon.shape))


def mosaic_cell(lon, lat):
    """Row and column in the mosaic of the MODIS cell that contains each point (degrees)."""
    phi = np.radians(lat)
    x = RADIUS_M * np.radians(lon) * np.cos(phi)
    row = np.floor(((9 - FIRST_V) * TILE_M - RADIUS_M * phi) / CELL_M).astype(np.int64)
    col = np.floor((x - (FIRST_H - 18) * TILE_M) / CELL_M).astype(np.int64)
    return row, col
