"""Reference numbers for the harmonic fit, from numpy, scipy and statsmodels.

    python co2_harmonic.py [OUT_FILE]     # default: ../references/co2/harmonic.json

Dense matrices and the formulas as printed: no structure is used, nothing is shared with
the program. Estimates and independent standard errors are statsmodels' OLS.
The last case is the country of regions_gosat.csv (co2_table.py).
"""

import csv
import json
import os
import sys

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCES = os.path.join(os.path.dirname(HERE), "references", "co2")


def design(t):
    w = 2 * np.pi * t
    return np.column_stack([np.ones_like(t), t - t.mean(), np.cos(w), np.sin(w), np.cos(2 * w), np.sin(2 * w)])


def fit(name, year, month, values):
    y_all = np.array([np.nan if v is None else v for v in values])
    k_all = np.arange(len(values))
    ok = np.isfinite(y_all)
    k, y = k_all[ok], y_all[ok]
    t = year + (month - 1 + k + 0.5) / 12
    X = design(t)
    ols = sm.OLS(y, X).fit()
    e, n = ols.resid, len(y)
    M = np.eye(n) - X @ np.linalg.pinv(X)
    lag = np.abs(k[:, None] - k[None, :])
    L = 0.5 * (lag == 1)
    R = lambda rho: np.where(lag == 0, 1.0, rho ** lag)
    r = e @ L @ e / (e @ e)
    gap = lambda rho: np.trace(M @ L @ M @ R(rho)) / np.trace(M @ R(rho)) - r
    rho = 0.0 if gap(0.0) >= 0 else 0.99 if gap(0.99) <= 0 else optimize.brentq(gap, 0, 0.99, xtol=1e-15, rtol=1e-14)
    s2 = e @ e / np.trace(M @ R(rho))
    inverse = np.linalg.inv(X.T @ X)
    V = s2 * inverse @ X.T @ R(rho) @ X @ inverse
    MR = M @ R(rho)
    df = np.trace(MR) ** 2 / np.trace(MR @ MR)
    year_of_waves = design((np.arange(12) + 0.5) / 12)[:, 2:]
    cycle = year_of_waves @ ols.params[2:]
    hi, lo = int(cycle.argmax()), int(cycle.argmin())
    c = np.concatenate([[0, 0], year_of_waves[hi] - year_of_waves[lo]])
    half = stats.t.ppf(0.975, df) * np.sqrt(V[1, 1])
    calendar = (month - 1 + k_all) % 12
    return {"name": name, "first_year": year, "first_month": month, "values": values, "n": n,
            "mean_time_years": t.mean(), "beta": ols.params.tolist(), "statsmodels_bse_growth": ols.bse[1],
            "residual_lag1": r, "memory": rho, "residual_sd": np.sqrt(s2), "df": df,
            "growth_se": np.sqrt(V[1, 1]), "growth_interval_95": [ols.params[1] - half, ols.params[1] + half],
            "months": [hi + 1, lo + 1], "amplitude": cycle[hi] - cycle[lo], "amplitude_se": np.sqrt(c @ V @ c),
            "deseasonalised": [None if v is None else v - cycle[m] for v, m in zip(values, calendar)]}


def simulated(seed, months, memory, missing, first_month):
    draw = np.random.default_rng(seed)
    noise, out = draw.standard_normal(), []
    for k in range(months):
        t = (first_month - 1 + k + 0.5) / 12
        w = 2 * np.pi * t
        value = 390 + 2.1 * t + np.cos(w) + 3.2 * np.sin(w) - 0.9 * np.cos(2 * w) - 1.1 * np.sin(2 * w) + 0.4 * noise
        noise = memory * noise + np.sqrt(1 - memory ** 2) * draw.standard_normal()
        out.append(None if draw.random() < missing else round(float(value), 6))
    return out


def country():
    with open(os.path.join(REFERENCES, "regions_gosat.csv"), encoding="utf-8") as f:
        rows = {(int(r["year"]), int(r["month"])): float(r["xco2_ppm"])
                for r in csv.DictReader(f) if r["region"] == "Total"}
    keys = [(2009 + i // 12, i % 12 + 1) for i in range(5, 48)]
    return [rows.get(key) for key in keys]


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(REFERENCES, "harmonic.json")
    cases = [
        fit("whole", 2009, 1, simulated(1, 60, 0.5, 0.0, 1)),
        fit("gaps", 2009, 6, simulated(2, 67, 0.6, 0.25, 6)),
        fit("long memory", 2003, 11, simulated(3, 150, 0.9, 0.1, 11)),
        fit("no memory", 2010, 4, simulated(7, 36, -0.5, 0.1, 4)),
        fit("sample country", 2009, 6, country()),
    ]
    for case in cases:
        print(case["name"], case["n"], case["memory"], case["beta"][1], case["growth_se"], case["df"])
    with open(out, "w", encoding="utf-8") as f:
        json.dump({"cases": cases}, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
