#!/usr/bin/env python3
"""The trends of the tidy reference table, computed without the program.

    trends.py TIDY.csv > trends.csv

TIDY.csv is what tidy_table.py writes: exact integers by region, zone of the
first epoch, zone of the second and year. Means are exact fractions, rounded
once. Least squares, Theil-Sen, Kendall's tau-b and its exact p, Welch's t and
the false discovery rate are scipy's. What scipy does not have is written out
from its source: the exact interval of the Theil-Sen slope (Hollander and
Wolfe, Nonparametric Statistical Methods, section 9.3), counted in whole
numbers; Hamed and Rao (1998) with the absolute value of their sum, so that the
variance only grows (with the sign it is negative for some series of this
table); the slope that a t test finds with probability 0.8, by the noncentral t.
"""

import csv
import itertools
import math
import pathlib
import sys
from fractions import Fraction

import numpy as np
from scipy import optimize, stats

LEVEL, ALPHA, POWER = 0.95, 0.05, 0.8
SCALE = Fraction(1, 10)  # counts of 0.0001 kgC m-2 into gC m-2


def inversions(n):
    """How many orders of n values have k inversions, k = 0, 1, ..."""
    counts = [1]
    for k in range(2, n + 1):
        longer = [0] * (len(counts) + k - 1)
        for i, c in enumerate(counts):
            for j in range(k):
                longer[i + j] += c
        counts = longer
    return counts


def exact_p(n, s):
    """P(|S| >= s) without ties."""
    pairs = n * (n - 1) // 2
    found = sum(c for k, c in enumerate(inversions(n)) if abs(pairs - 2 * k) >= s)
    return float(Fraction(found, math.factorial(n)))


def sen_interval(n, slopes):
    """The exact interval of the median of the pairwise slopes."""
    pairs = len(slopes)
    critical = min(s for s in range(pairs % 2, pairs + 3, 2) if exact_p(n, s) <= (1 - LEVEL) * (1 + 1e-12))
    low = (pairs - (critical - 2)) // 2
    return slopes[low - 1], slopes[pairs - low], 1 - exact_p(n, critical)


def hamed_rao(values, s, variance):
    n = len(values)
    steps = np.arange(1, n + 1)
    slope = np.median([(values[j] - values[i]) / (j - i) for i, j in itertools.combinations(range(n), 2)])
    ranks = stats.rankdata(values - slope * steps)
    centred = ranks - ranks.mean()
    total = 0.0
    for k in range(1, n):
        r = (centred[k:] * centred[:-k]).sum() / (centred**2).sum()
        if abs(r) > stats.norm.ppf(0.975) / math.sqrt(n):
            total += (n - k) * (n - k - 1) * (n - k - 2) * r
    factor = 1 + 2 / (n * (n - 1) * (n - 2)) * abs(total)
    z = (s - np.sign(s)) / math.sqrt(variance * factor)
    return 2 * stats.norm.sf(abs(z))


def detectable(times, residual_sd):
    df = len(times) - 2
    critical = stats.t.ppf(1 - ALPHA / 2, df)
    spread = math.sqrt(((times - times.mean()) ** 2).sum())

    def power(shift):
        return stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift)

    return optimize.brentq(lambda shift: power(shift) - POWER, 0.1, 8, xtol=1e-12) * residual_sd / spread


def trend(times, exact):
    values = np.array([float(v) for v in exact])
    n = len(values)
    assert len(set(exact)) == n, "ties: this script knows the exact distributions only"
    line = stats.linregress(times, values)
    half = stats.t.ppf(0.5 + LEVEL / 2, n - 2) * line.stderr
    residuals = values - (line.intercept + line.slope * times)
    slopes = sorted((values[j] - values[i]) / (times[j] - times[i]) for i, j in itertools.combinations(range(n), 2))
    low, high, coverage = sen_interval(n, slopes)
    s = int(sum(np.sign(exact[j] - exact[i]) for i, j in itertools.combinations(range(n), 2)))
    tau = stats.kendalltau(times, values, method="exact")
    before, after = values[: n // 2], values[n - n // 2 :]
    welch = stats.ttest_ind(after, before, equal_var=False)
    welch_low, welch_high = welch.confidence_interval(LEVEL)
    difference = after.mean() - before.mean()
    return {
        "n": n,
        "mean": values.mean(),
        "ols_slope": line.slope,
        "ols_slope_se": line.stderr,
        "ols_low": line.slope - half,
        "ols_high": line.slope + half,
        "sen_slope": stats.theilslopes(values, times)[0],
        "sen_low": low,
        "sen_high": high,
        "sen_coverage": coverage,
        "s": s,
        "tau_a": s / (n * (n - 1) / 2),
        "tau_b": tau.statistic,
        "p": tau.pvalue,
        "hamed_rao_p": hamed_rao(values, s, n * (n - 1) * (2 * n + 5) / 18),
        "lag1": (residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum(),
        "epoch_difference": difference,
        "epoch_difference_percent": 100 * difference / before.mean(),
        "epoch_low": welch_low,
        "epoch_high": welch_high,
        "epoch_p": welch.pvalue,
        "detectable_slope": detectable(times, math.sqrt((residuals**2).sum() / (n - 2))),
    }


def places(row):
    region, zone_from, zone_to = row["region"], row["zone_from"], row["zone_to"]
    yield "country", "", "", ""
    if zone_from:
        yield "zones", "", zone_from, "from"
        yield "regions by zone", region, zone_from, "from"
    if zone_to:
        yield "zones", "", zone_to, "to"
    yield "regions", region, "", ""


def main(path):
    sums = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            year = int(row["date"][1:5])
            for place in places(row):
                total = sums.setdefault(place, {}).setdefault(year, [0, 0])
                total[0] += int(row["sum_raw_cm2"])
                total[1] += int(row["valid_area_cm2"])
    rows = []
    for place in sorted(sums):
        years = sorted(year for year, (_, area) in sums[place].items() if area > 0)
        key = dict(zip(("family", "region", "zone", "epoch"), place))
        if len(years) < 4:
            rows.append({**key, "n": len(years), "class": "not tested"})
            continue
        means = [SCALE * Fraction(*sums[place][year]) for year in years]
        rows.append({**key, **trend(np.array(years, dtype=float), means)})
    for family in ("country", "zones", "regions", "regions by zone"):
        tested = [row for row in rows if row["family"] == family and "p" in row]
        for row, q in zip(tested, stats.false_discovery_control([row["p"] for row in tested])):
            row["adjusted_p"] = q
            row["class"] = "not significant" if q > ALPHA else "up" if row["s"] > 0 else "down"
    columns = max(rows, key=len)
    out = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    out.writeheader()
    for row in rows:
        out.writerow({name: float(v) if isinstance(v, np.floating) else v for name, v in row.items()})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
