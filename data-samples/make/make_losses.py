"""Writes livestock/losses.csv: adult losses over the census of December before, by unit and year, synthetic.

    python3 make_losses.py

The census is that of livestock.csv, a year earlier. A few in a hundred die in a usual year; 2003 and
2010 are dzud years, and each unit has its own luck. Needs numpy.
"""

import csv
import os

import numpy as np

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HARD = {2003: 0.11, 2010: 0.20}


def main():
    draw = np.random.default_rng(1944)
    herds = {}
    with open(os.path.join(HERE, "livestock", "livestock.csv"), encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            key = (row["region"], int(row["year"]))
            herds[key] = herds.get(key, 0) + int(row["head"])
    with open(os.path.join(HERE, "livestock", "losses.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["region", "year", "stock_before", "losses"])
        for (region, before), heads in herds.items():
            year = before + 1
            if year > 2012:
                continue
            rate = 0.02 * draw.gamma(4, 1 / 4) + HARD.get(year, 0.0) * draw.gamma(3, 1 / 3)
            out.writerow([region, year, heads, int(round(heads * min(rate, 0.6), -2))])


if __name__ == "__main__":
    main()
