"""Makes the reference files of this folder with pyproj and numpy.

Run from the repository's root:  python3 crates/formats/tests/reference/make_reference.py

places.json   for rasters in several reference systems: which raster cell holds the centre of some
              cells of tile h25v04 (240 cells a side); [-1, -1] for none
outlines.json for polygons in several reference systems: points on their true outline in longitude
              and latitude, and their area
"""

import json
import math
import os

import numpy as np
from pyproj import CRS, Geod, Transformer

HERE = os.path.dirname(os.path.abspath(__file__))
R = 6371007.181
HALF_WIDTH = 20015109.354
LAEA = "+proj=laea +lat_0=47 +lon_0=103 +datum=WGS84 +units=m"
AEA = "+proj=aea +lat_1=43 +lat_2=51 +lat_0=47 +lon_0=103 +ellps=krass +units=m"
SINU = "+proj=sinu +R=6371007.181 +units=m +no_defs"


def centre(h, v, n, row, col):
    p = 2 * HALF_WIDTH / (36 * n)
    lat = (HALF_WIDTH / 2 - (v * n + row + 0.5) * p) / R
    lon = (-HALF_WIDTH + (h * n + col + 0.5) * p) / (R * math.cos(lat))
    return math.degrees(lon), math.degrees(lat)


def rotated(x0, y0, cell, degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [x0, cell * c, cell * s, y0, cell * s, -cell * c]


def raster_cases():
    """name, reference system, affine transform as GDAL orders it, rows, columns."""
    return [
        ("north-up degrees", "EPSG:4326", [90.0, 0.1, 0, 52.0, 0, -0.1], 130, 260),
        ("south-up degrees", "EPSG:4326", [90.0, 0.1, 0, 39.0, 0, 0.1], 130, 260),
        ("degrees from 0 to 360", "EPSG:4326", [0.0, 0.5, 0, 90.0, 0, -0.5], 360, 720),
        ("degrees from -300", "EPSG:4326", [-300.0, 0.5, 0, 90.0, 0, -0.5], 360, 720),
        ("equal-area on WGS84", LAEA, [-400000.0, 1000.0, 0, 300000.0, 0, -1000.0], 700, 900),
        ("equal-area, rotated", LAEA, rotated(-300000.0, 250000.0, 1000.0, 30.0), 500, 700),
        ("UTM 48N", "EPSG:32648", [200000.0, 900.0, 0, 5400000.0, 0, -900.0], 600, 800),
        ("polar", "EPSG:3995", [2000000.0, 3000.0, 0, 2000000.0, 0, -3000.0], 1500, 1500),
        ("sinusoidal on WGS84", "+proj=sinu +datum=WGS84 +units=m", [7200000.0, 927.0, 0, 5500000.0, 0, -927.0], 900, 1500),
        ("MODIS sinusoidal", SINU, [7783653.637667, 926.625433055, 0, 5559752.598333, 0, -926.625433055], 1200, 1200),
    ]


def places():
    rng = np.random.default_rng(20010101)
    cases = []
    for name, crs, gt, rows, cols in raster_cases():
        to = Transformer.from_crs(CRS("EPSG:4326"), CRS(crs), always_xy=True)
        inverse = np.linalg.inv(np.array([[gt[1], gt[2]], [gt[4], gt[5]]]))
        cells = []
        while len(cells) < 250:
            row, col = int(rng.integers(240)), int(rng.integers(240))
            lon, lat = centre(25, 4, 240, row, col)
            if crs == SINU:
                # Geodetic latitude used unchanged, no change of datum.
                x, y = R * math.radians(lon) * math.cos(math.radians(lat)), R * math.radians(lat)
            else:
                x, y = to.transform(lon, lat)
            if crs == "EPSG:4326":
                x = gt[0] + (x - gt[0]) % 360
            c, r = inverse @ (np.array([x - gt[0], y - gt[3]]))
            # An edge within a millionth of a cell is left to rounding.
            if min(abs(c - round(c)), abs(r - round(r))) < 1e-6:
                continue
            inside = 0 <= c < cols and 0 <= r < rows
            cells.append([row, col, int(r) if inside else -1, int(c) if inside else -1])
        wkt = CRS(crs).to_wkt("WKT1_GDAL")
        cases.append(dict(name=name, wkt=wkt, geotransform=gt, rows=rows, cols=cols, cells=cells))
    return cases


def outlines():
    cases = [
        ("triangle, equal-area", LAEA, [(-600000, -300000), (700000, -250000), (50000, 400000)]),
        ("box, Albers on Krassowsky's ellipsoid", AEA, [(-500000, -300000), (500000, -300000), (500000, 300000), (-500000, 300000)]),
        ("across the antimeridian, polar", "EPSG:3995", [(-300000, 2200000), (-400000, 3000000), (500000, 3100000), (350000, 2100000)]),
        ("box, MODIS sinusoidal", SINU, [(7783653.637667, 4447802.078667), (8895604.157333, 4447802.078667), (8895604.157333, 5559752.598333), (7783653.637667, 5559752.598333)]),
    ]
    out = []
    for name, crs, ring in cases:
        ring = [(float(x), float(y)) for x, y in ring]
        dense = []
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
            t = np.arange(2000) / 2000
            dense += list(zip(x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
        xs, ys = np.array(dense).T
        if crs == SINU:
            lat = np.degrees(ys / R)
            lon = np.degrees(xs / (R * np.cos(ys / R)))
        else:
            lon, lat = Transformer.from_crs(CRS(crs), CRS("EPSG:4326"), always_xy=True).transform(xs, ys)
        area = abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0]) / 1e6
        some = slice(None, None, 37)
        points = [[round(a, 9), round(b, 9)] for a, b in zip(lon[some], lat[some])]
        out.append(dict(name=name, wkt=CRS(crs).to_wkt("WKT1_GDAL"), ring=ring, area_km2=area, outline=points))
    return out


def dump(name, cases):
    with open(os.path.join(HERE, name), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    dump("places.json", places())
    dump("outlines.json", outlines())
