"""The figures of an MRV file, computed without the program.

usage: mrv_figures.py MRV.toml RUN_FOLDER [YEAR FACTOR]

Reads the table of the run itself; with YEAR and FACTOR the values of that
year are multiplied first, as a hand would do in the workbook. Knows the
kinds of file that the tests use: NPP, rule "upper-bound", standard error from
the years, policy "fcpf-buffer", negative years as debit. Prints JSON.
"""
import csv
import json
import math
import sys
import tomllib

import numpy as np
from scipy import stats

with open(sys.argv[1], "rb") as file:
    mrv = tomllib.load(file)
year_changed, factor = (int(sys.argv[3]), float(sys.argv[4])) if len(sys.argv) > 3 else (0, 1.0)

total = {}
with open(f"{sys.argv[2]}/tables/npp_by_region_zone_year.csv", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        if row["region"] in mrv["project"]["regions"]:
            year = int(row["year"])
            value = float(row["npp_sum_tC"] or 0) * 44 / 12
            total[year] = total.get(year, 0.0) + value * (factor if year == year_changed else 1.0)


def years(section):
    first, last = mrv[section]["years"]
    return np.array([total[year] for year in range(first, last + 1)])


before, after = years("reference"), years("monitoring")
assert mrv["reference"]["rule"] == "upper-bound"
level = mrv["reference"]["confidence"]
reference = stats.t.interval(level, len(before) - 1, before.mean(), stats.sem(before))[1]
costs = sum(e["tCO2_per_year"] for e in mrv["emissions"]) + mrv["leakage"]["tCO2_per_year"]
difference = after - reference - costs
mean = difference.mean()
se2 = stats.sem(before) ** 2 + stats.sem(after) ** 2
for component in mrv["uncertainty"]["component"]:
    assert component["of"] == "removals"
    se2 += (component["percent"] / 100) ** 2 * (after.mean() ** 2 + before.mean() ** 2)
df = min(len(before), len(after)) - 1
half = stats.t.ppf(0.95, df) * math.sqrt(se2)
uncertainty = 100 * half / abs(mean)
assert mrv["uncertainty"]["policy"] == "fcpf-buffer"
deduction = next(d for limit, d in [(15, 0), (30, 4), (60, 8), (100, 12), (math.inf, 15)] if uncertainty <= limit)
assert mrv["monitoring"]["negative_years"] == "debit"
credit = difference.sum()
counts = bool(mean > 0 and mean - half > 0)
if credit > 0:
    credit = credit * (1 - deduction / 100) * (1 - mrv["buffer"]["percent"] / 100) if counts else 0.0
print(json.dumps({
    "reference_tCO2_per_year": reference,
    "project_tCO2_per_year": after.mean(),
    "mean_difference_tCO2_per_year": mean,
    "uncertainty_percent": uncertainty,
    "deduction_percent": deduction,
    "may_count": counts,
    "calculated_tCO2": math.floor(round(credit, 6)),
}))
