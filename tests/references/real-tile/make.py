#!/usr/bin/env python3
"""Two zone maps, legends, regions and a pipeline for the real MOD13A2 granules of tile h18v09.

Made up, for the test only: the tile lies off the coast of Gabon, where nothing of this kind is mapped.
Run in this folder; then `tidy_table.py settings.json` in the root of the project writes tidy.csv, and with
settings_quality.json tidy_quality.csv.
"""

import json
import math

NAMES = ["low", "middle", "high"]
CELL, COLS, ROWS, WEST, NORTH = 0.07, 152, 152, 0.0, 0.3

rows = []
for row in range(ROWS):
    lat = NORTH - (row + 0.5) * CELL
    line = []
    for col in range(COLS):
        lon = WEST + (col + 0.5) * CELL
        height = math.sin(lon * 1.3) + math.cos(lat * 0.9 + lon * 0.2)
        line.append(7 if height < -0.4 else 3 if height < 0.5 else 5)
    rows.append(" ".join(map(str, line)))
with open("zones_from.asc", "w") as out:
    out.write(f"ncols {COLS}\nnrows {ROWS}\nxllcorner {WEST}\nyllcorner {NORTH - ROWS * CELL:.6f}\n")
    out.write(f"cellsize {CELL}\nNODATA_value -1\n" + "\n".join(rows) + "\n")
with open("zones_from.prj", "w") as out:
    out.write('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
              'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]\n')


def collection(features):
    return {
        "type": "FeatureCollection",
        "description": "Made for a test; maps nothing.",
        "features": [
            {"type": "Feature", "properties": {"name": name},
             "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]}}
            for name, ring in features
        ],
    }


wave = [(round(8.7 + 0.3 * math.sin(k / 3.0), 5), round(0.5 - k * 0.11, 5)) for k in range(100)]
line = [(round(9.35 + 0.2 * math.cos(k / 2.0), 5), round(0.5 - k * 0.11, 5)) for k in range(100)]
json.dump(collection([
    ("a", [(-0.5, 0.5), *wave, (-0.5, wave[-1][1])]),
    ("b", [*wave, *reversed(line)]),
    ("c", [*line, (11.0, line[-1][1]), (11.0, 0.5)]),
]), open("zones_to.geojson", "w"), indent=1)
json.dump(collection([
    ("Нуур", [(8.2, -0.05), (9.1, -0.03), (9.4, -2.2), (8.6, -3.1)]),
    ("Coast", [(9.1, -0.03), (9.99, -0.05), (9.97, -4.4), (9.4, -2.2)]),
    ("South", [(9.2, -3.6), (9.9, -4.6), (10.1, -9.3), (8.9, -7.0)]),
]), open("regions.geojson", "w"), indent=1, ensure_ascii=False)

legend = 'name = "Made for a test"\nzones = ["low", "middle", "high"]\n'
classes = [("3", "low"), ("5", "middle"), ("7", "high")]
with open("from.toml", "w") as out:
    out.write(legend + "".join(f'[[class]]\ncode = {code}\nzone = "{zone}"\n' for code, zone in classes))
with open("to.toml", "w") as out:
    out.write(legend + "".join(f'[[class]]\nvalue = "{value}"\nzone = "{zone}"\n'
                               for value, zone in zip("abc", NAMES)))
folder = "tests/references/real-tile"
settings = {
    "granules": "../shared/data/modis", "product": "MOD13A2", "dates": ["A2025001", "A2025017", "A2025033"],
    "sds": "1 km 16 days NDVI", "valid": [-2000, 10000], "zero": None, "mask": "common", "cells": 1200,
    "tiles": ["h18v09"],
    "zones": [{"path": f"{folder}/zones_from.asc", "classes": dict(classes)},
              {"path": f"{folder}/zones_to.geojson", "attribute": "name", "classes": dict(zip("abc", NAMES))}],
    "regions": {"path": f"{folder}/regions.geojson", "name": "name"},
}
json.dump(settings, open("settings.json", "w"), indent=1)
# The first two bits of the VI quality: 0 good, 1 to be looked at closer.
quality = {"sds": "1 km 16 days VI Quality", "mask": 3, "accept": [0, 1]}
json.dump({**settings, "quality": quality}, open("settings_quality.json", "w"), indent=1)
