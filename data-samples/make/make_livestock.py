"""Writes livestock/: a census of five species and burned area, by unit and year, synthetic.

    python3 make_livestock.py

Herds are spread over the 22 units by their area and by how green they are in the sample, and fall in
2002 and 2010, as after hard winters. Fires burn in the east and north. Needs numpy and shapely.
"""

import csv
import json
import os

import numpy as np
import shapely
from shapely.geometry import shape

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
YEARS = range(2001, 2013)
# Millions of head in all, before bad winters.
HERDS = {"camel": 0.28, "horse": 2.2, "cattle": 2.3, "sheep": 13.0, "goat": 12.0}
BAD = {2002: 0.88, 2003: 0.90, 2010: 0.77, 2011: 0.84}


def units():
    with open(os.path.join(HERE, "aimags.geojson"), encoding="utf-8") as f:
        features = json.load(f)["features"]
    return {f["properties"]["name"]: shape(f["geometry"]) for f in features}


def main():
    os.makedirs(os.path.join(HERE, "livestock"), exist_ok=True)
    draw = np.random.default_rng(1924)
    places = units()
    middle = {name: shapely.centroid(area) for name, area in places.items()}
    green = {name: max(area.area * (0.25 + max(middle[name].y - 43.5, 0) / 5), 0.02) for name, area in places.items()}
    dry = {name: area.area * max(48 - middle[name].y, 0.3) for name, area in places.items()}
    with open(os.path.join(HERE, "livestock", "livestock.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["region", "year", "species", "head"])
        for name in places:
            for year in YEARS:
                grown = (1 + 0.03 * (year - 2001)) * BAD.get(year, 1.0)
                for species, millions in HERDS.items():
                    spread = dry if species == "camel" else green
                    share = spread[name] / sum(spread.values())
                    head = 1e6 * millions * share * grown * draw.uniform(0.9, 1.1)
                    out.writerow([name, year, species, int(round(head, -2))])
    with open(os.path.join(HERE, "livestock", "burned.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["region", "year", "burned_km2"])
        for name, area in places.items():
            often = max(middle[name].x - 104, 0) / 14 + max(middle[name].y - 48.5, 0) / 6
            for year in YEARS:
                out.writerow([name, year, round(float(area.area * 60 * often * draw.gamma(0.8)), 1)])


if __name__ == "__main__":
    main()
