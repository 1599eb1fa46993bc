"""Makes the reference files of this folder with shapely, pyproj, numpy and scipy.

Run from the repository's root:  python3 crates/grid/tests/reference/make_reference.py [BOUNDARIES.geojson]

Needs numpy, scipy, pyproj, shapely. Nothing here uses the Rust code. Written files:

areas.json      true areas of cells on WGS84: adaptive quadrature (scipy) and pyproj geodesic polygons
spans.csv       runs of cell centres inside synthetic polygons, by shapely.contains_xy
polygons.json   those polygons
aimags.csv      per tile and unit of Mongolia: cells, sum of row * cols + col, on 500 m cells
                (only when BOUNDARIES, Natural Earth 1:10m admin-1 as GeoJSON, is given)
"""

import csv
import json
import math
import os
import sys

import numpy as np
import shapely
from pyproj import Geod
from scipy.integrate import quad
from shapely.geometry import shape

HERE = os.path.dirname(os.path.abspath(__file__))
R = 6371007.181
HALF_WIDTH = 20015109.354
A = 6378137.0
F = 1 / 298.257223563
E2 = F * (2 - F)
GEOD = Geod(a=A, f=F)


def tile_centres(h, v, n):
    """Longitudes (n x n) and latitudes (n) of the cell centres of a tile."""
    p = 2 * HALF_WIDTH / (36 * n)
    y = HALF_WIDTH / 2 - (v * n + np.arange(n) + 0.5) * p
    x = -HALF_WIDTH + (h * n + np.arange(n) + 0.5) * p
    lat = np.degrees(y / R)
    lon = np.degrees(x[None, :] / (R * np.cos(y / R)[:, None]))
    return lon, lat


def curvature(lat):
    return A * A * (1 - E2) / (1 - E2 * math.sin(lat) ** 2) ** 2


def sinusoidal_cell(h, v, n, row, col):
    p = 2 * HALF_WIDTH / (36 * n)
    top = HALF_WIDTH / 2 - (v * n + row) * p
    left = -HALF_WIDTH + (h * n + col) * p
    by_quadrature = p / R * quad(curvature, (top - p) / R, top / R, epsabs=0, epsrel=1e-13)[0]
    # The cell's outline, dense enough that geodesics and parallels agree.
    t = np.linspace(0, 1, 401)[:-1]
    xs = np.concatenate([left + t * p, np.full(400, left + p), left + p - t * p, np.full(400, left)])
    ys = np.concatenate([np.full(400, top), top - t * p, np.full(400, top - p), top - p + t * p])
    lon, lat = np.degrees(xs / (R * np.cos(ys / R))), np.degrees(ys / R)
    by_polygon = abs(GEOD.polygon_area_perimeter(lon, lat)[0])
    return dict(h=h, v=v, cells_per_side=n, row=row, col=col, quadrature_m2=by_quadrature, polygon_m2=by_polygon)


def geographic_cell(west, north, width, height):
    strip = lambda lat: curvature(lat) * math.cos(lat)
    south = north - height
    by_quadrature = math.radians(width) * quad(strip, math.radians(south), math.radians(north), epsabs=0, epsrel=1e-13)[0]
    lon = np.concatenate([np.linspace(west, west + width, 2001), np.linspace(west + width, west, 2001)])
    lat = np.concatenate([np.full(2001, south), np.full(2001, north)])
    by_polygon = abs(GEOD.polygon_area_perimeter(lon, lat)[0])
    return dict(west=west, north=north, width=width, height=height, quadrature_m2=by_quadrature, polygon_m2=by_polygon)


def areas():
    sinusoidal = []
    for h, v in [(25, 4), (24, 3), (18, 1), (18, 9), (17, 8), (9, 5), (17, 16)]:
        for n in (10, 240, 1200, 2400):
            for row in (0, n // 3, n - 1):
                sinusoidal.append(sinusoidal_cell(h, v, n, row, 0 if h >= 18 else n - 1))
    geographic = [
        geographic_cell(100.0, 47.0, 0.01, 0.01),
        geographic_cell(87.7, 52.13, 0.01, 0.01),
        geographic_cell(-180.0, 90.0, 2.5, 2.5),
        geographic_cell(105.0, 50.0, 2.5, 2.5),
        geographic_cell(0.0, 1.25, 5.0, 2.5),
        geographic_cell(20.0, -80.0, 1.0, 10.0),
    ]
    dump("areas.json", dict(sinusoidal=sinusoidal, geographic=geographic))


def star(lon, lat, points, inner, outer, turn):
    ring = []
    for i in range(2 * points):
        radius = outer if i % 2 == 0 else inner
        angle = turn + math.pi * i / points
        ring.append((lon + radius * math.cos(angle), lat + radius * math.sin(angle)))
    return ring


def synthetic():
    """Features over h25v04 that try corners of the rule; each is a list of (exterior, holes)."""
    # A wavy line that two neighbours share, vertex for vertex, in opposite directions.
    wave = [(103.0 + 0.35 * math.sin(3.1 * k), 41.0 + 0.16 * k) for k in range(51)]
    west = [(98.0, 41.0)] + wave + [(98.0, 49.0)]
    east = [(108.0, 49.0)] + wave[::-1] + [(108.0, 41.0)]
    return [
        [(west, [star(100.0, 45.0, 7, 0.4, 1.3, 0.1)])],
        [(east, [])],
        [(star(100.0, 45.0, 7, 0.2, 0.9, 0.1), [])],  # inside the hole of the first
        [(star(112.0, 44.0, 5, 0.7, 2.2, 1.0), [star(112.0, 44.0, 9, 0.1, 0.5, 0.0)]),
         (star(112.0, 44.0, 9, 0.05, 0.3, 0.0), []),
         (star(117.0, 47.5, 11, 0.3, 1.0, 0.7), [])],
        # Overlaps the second feature.
        [([(107.5, 42.0), (109.5, 42.0), (109.5, 46.0), (107.5, 46.0)], [])],
    ]


def spans():
    n = 240
    lon, lat = tile_centres(25, 4, n)
    features = synthetic()
    dump("polygons.json", [[dict(exterior=e, holes=h) for e, h in parts] for parts in features])
    with open(os.path.join(HERE, "spans.csv"), "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["feature", "row", "first_col", "end_col"])
        for index, parts in enumerate(features):
            geometry = shapely.MultiPolygon([shapely.Polygon(e, h) for e, h in parts])
            assert geometry.is_valid, shapely.is_valid_reason(geometry)
            inside = shapely.contains_xy(geometry, lon, np.broadcast_to(lat[:, None], lon.shape))
            for row in range(n):
                steps = np.flatnonzero(np.diff(np.concatenate([[0], inside[row].astype(int), [0]])))
                for first, end in steps.reshape(-1, 2):
                    writer.writerow([index, row, first, end])


def aimags(path):
    n = 2400
    with open(path, encoding="utf-8") as f:
        features = json.load(f)["features"]
    units = [shape(feature["geometry"]) for feature in features]
    index = np.arange(n * n, dtype=np.int64).reshape(n, n)
    with open(os.path.join(HERE, "aimags.csv"), "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["tile", "unit", "cells", "index_sum"])
        for v in range(18):
            for h in range(36):
                lon, lat = tile_centres(h, v, n)
                if lat[-1] > 53 or lat[0] < 41 or lon.min() > 120.5 or lon.max() < 87:
                    continue
                lat2 = np.broadcast_to(lat[:, None], lon.shape)
                for number, unit in enumerate(units):
                    w, s, e, north = unit.bounds
                    box = (lon >= w) & (lon <= e) & (lat2 >= s) & (lat2 <= north)
                    if not box.any():
                        continue
                    shapely.prepare(unit)
                    inside = np.zeros_like(box)
                    inside[box] = shapely.contains_xy(unit, lon[box], lat2[box])
                    if inside.any():
                        writer.writerow([f"h{h:02}v{v:02}", number, int(inside.sum()), int(index[inside].sum())])
    total = sum(abs(GEOD.geometry_area_perimeter(unit)[0]) for unit in units) / 1e6
    print(f"{len(units)} units, {total:.3f} km2 by pyproj geodesics")


def dump(name, what):
    with open(os.path.join(HERE, name), "w") as out:
        rows = lambda items: ",\n".join(json.dumps(item) for item in items)
        if isinstance(what, list):
            out.write("[\n" + rows(what) + "\n]\n")
        else:
            out.write("{\n" + ",\n".join(f'"{key}": [\n{rows(items)}\n]' for key, items in what.items()) + "\n}\n")


if __name__ == "__main__":
    areas()
    spans()
    if len(sys.argv) > 1:
        aimags(sys.argv[1])
