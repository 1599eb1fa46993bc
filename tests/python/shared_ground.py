"""True area in km2 that two GeoJSON features share, by shapely and the
authalic latitude: a way of its own to the number of `nutag claims`.

usage: shared_ground.py A.geojson NAME B.geojson NAME
prints: area of A, area of B, shared area
"""
import json
import sys

import numpy as np
import shapely
from shapely.geometry import shape

A = 6378137.0
F = 1 / 298.257223563
E2 = F * (2 - F)
E = np.sqrt(E2)


def feature(path, name):
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    (found,) = [f for f in features if f["properties"]["name"] == name]
    return shape(found["geometry"])


def equal_area(lonlat):
    """Cylindrical equal-area on WGS84 (Snyder 1987, 10-15 and 3-12)."""
    s = np.sin(np.radians(lonlat[:, 1]))
    q = (1 - E2) * (s / (1 - E2 * s * s) + np.arctanh(E * s) / E)
    return np.column_stack([A * np.radians(lonlat[:, 0]), A * q / 2])


def area_km2(geometry):
    # Sides are straight in longitude and latitude: short pieces keep them so.
    return shapely.transform(shapely.segmentize(geometry, 0.002), equal_area).area / 1e6


a = feature(sys.argv[1], sys.argv[2])
b = feature(sys.argv[3], sys.argv[4])
print(json.dumps([area_km2(a), area_km2(b), area_km2(a.intersection(b))]))
