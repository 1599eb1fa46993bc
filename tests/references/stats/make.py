"""Reference numbers for crates/stats, from implementations that are not ours.

    python -m venv venv && venv/bin/pip install numpy scipy statsmodels pymannkendall
    venv/bin/python make.py        # writes references.json beside this file

scipy: distributions, kendalltau (tau-b, exact p), theilslopes, ttest_ind.  statsmodels: OLS, acf,
multipletests.  pymannkendall: S, Var S, Hamed-Rao, Yue-Wang, prewhitening.  The exact distribution of S
is counted here with Python's own unbounded integers.  The seed is fixed; a second run writes the same
file with the same versions (they are in the file).
"""

import json
import math
import pathlib
import warnings
from fractions import Fraction

import numpy as np
import pymannkendall
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import optimize, special, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.tsa.stattools import acf

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261122)


def clean(x):
    """JSON has no infinities and no NaN: null stands for both."""
    if isinstance(x, dict):
        return {k: clean(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [clean(v) for v in x]
    if x is None or isinstance(x, (bool, str)):
        return x
    if isinstance(x, (int, np.integer)):
        return int(x)
    return float(x) if math.isfinite(x) else None


# ---------------------------------------------------------------- distributions


def distributions():
    dfs = [1, 2, 3.7, 5, 9.99, 10, 17.25, 30, 100, 1234.5, 1e6]
    # Not below 0.01: near 0 scipy's t.cdf has nine digits (at df 1, t 1e-8 it misses 0.5 + t/pi by 1.6e-9).
    ts = [-40, -8.5, -3.1, -1, -0.01, 0.3, 1.5, 2.2281388519649385, 4, 12, 100]
    ps = [1e-12, 1e-6, 0.001, 0.025, 0.2, 0.49, 0.5001, 0.75, 0.95, 0.975, 0.995, 1 - 1e-9]
    zs = [-37, -10, -5, -1.96, -1e-5, 0, 0.5, 1, 2.5, 6, 8]
    nct = [(t, df, d) for t in (-3, -1, 0.4, 1.5, 2.228, 3.5, 6) for df in (1, 3, 10, 40.5)
           for d in (-2, 0, 0.5, 2, 3.2, 6)]
    beta = [(a, b, x) for a in (0.5, 1, 2.5, 30, 400) for b in (0.5, 3, 77) for x in (1e-6, 0.1, 0.5, 0.93)]
    return {
        "t_cdf": [[t, df, stats.t.cdf(t, df)] for t in ts for df in dfs],
        "t_two_sided_p": [[t, df, 2 * stats.t.sf(abs(t), df)] for t in ts for df in dfs],
        "t_quantile": [[p, df, stats.t.ppf(p, df)] for p in ps for df in dfs],
        "normal_cdf": [[z, stats.norm.cdf(z)] for z in zs],
        "normal_quantile": [[p, special.ndtri(p)] for p in ps + [1e-300]],
        "noncentral_t_cdf": [[t, df, d, stats.nct.cdf(t, df, d)] for t, df, d in nct],
        "incomplete_beta": [[a, b, x, special.betainc(a, b, x)] for a, b, x in beta],
    }


# ---------------------------------------------------------------- the exact distribution of S


def inversions(n):
    """Permutations of n by inversions: Mahonian numbers, by the product of (1 + x + ... + x^(k-1))."""
    counts = [1]
    for k in range(2, n + 1):
        wider = [0] * (len(counts) + k - 1)
        for i, c in enumerate(counts):
            for j in range(k):
                wider[i + j] += c
        counts = wider
    return counts


def exact_two_sided(n):
    counts, pairs = inversions(n), n * (n - 1) // 2
    out = {}
    for s in range(pairs % 2, pairs + 1, 2):
        hits = sum(c for inv, c in enumerate(counts) if abs(pairs - 2 * inv) >= s)
        out[s] = float(Fraction(hits, math.factorial(n)))
    return out


# ---------------------------------------------------------------- series


def sen_interval(t, y, level):
    """Exact (Hollander and Wolfe) without ties and n <= 40, else normal with interpolated ranks."""
    n = len(y)
    slopes = np.sort([(y[j] - y[i]) / (t[j] - t[i]) for i in range(n) for j in range(i + 1, n)])
    pairs, alpha = len(slopes), 1 - level
    if len(set(y)) == n and n <= 40:
        critical = [(s, p) for s, p in sorted(exact_two_sided(n).items()) if p <= alpha]
        s, p = critical[0] if critical else (pairs + 2, 0.0)
        c, coverage = s - 2, 1 - p
    else:
        var = pymannkendall.original_test(y).var_s
        c, coverage = stats.norm.ppf(1 - alpha / 2) * math.sqrt(var), level
    low, high = (pairs - c) / 2, (pairs + c) / 2 + 1

    def at(rank):
        if rank < 1:
            return -math.inf
        if rank > pairs:
            return math.inf
        return float(np.interp(rank, np.arange(1, pairs + 1), slopes))

    return {"low": at(low), "high": at(high), "coverage": coverage}


def hamed_rao_absolute(y):
    """pyMannKendall's arithmetic with the sum taken by its absolute value, as some versions do."""
    n = len(y)
    slope = pymannkendall.sens_slope(y).slope
    ranks = stats.rankdata(y - np.arange(1, n + 1) * slope)
    r = acf(ranks, nlags=n - 1, fft=False)
    bound = stats.norm.ppf(0.975) / math.sqrt(n)
    total = sum((n - k) * (n - k - 1) * (n - k - 2) * r[k] for k in range(1, n) if abs(r[k]) > bound)
    return 1 + 2 / (n * (n - 1) * (n - 2)) * abs(total)


def series_case(name, times, values):
    keep = [i for i, v in enumerate(values) if v is not None]
    t = np.array([times[i] for i in keep], float)
    y = np.array([values[i] for i in keep], float)
    n, gapless = len(y), len(keep) == len(values)
    ties = len(set(y)) < n
    constant = len(set(y)) == 1
    case = {"name": name, "times": times, "values": values}
    fit = sm.OLS(y, sm.add_constant(t - t.mean())).fit()
    low, high = fit.conf_int(0.05)[1]
    band_low, band_high = fit.get_prediction([[1, t[0] - t.mean()]]).conf_int(alpha=0.05)[0]
    case["ols"] = {
        "slope": fit.params[1], "mean_value": fit.params[0], "slope_se": fit.bse[1],
        "residual_sd": math.sqrt(fit.mse_resid), "r2": None if constant else fit.rsquared,
        "p": 1.0 if constant else fit.pvalues[1], "low": low, "high": high,
        "first_low": band_low, "first_high": band_high,
    }
    separate = stats.theilslopes(y, t, method="separate")
    joint = stats.theilslopes(y, t, method="joint")
    case["theil_sen"] = {
        "slope": separate[0], "intercept_conover": separate[1], "intercept_joint": joint[1],
        **sen_interval(list(t), list(y), 0.95),
    }
    mk = pymannkendall.original_test(y)
    exact = not ties and n <= 40
    case["mann_kendall"] = {
        "s": int(mk.s), "var_s": mk.var_s, "z": mk.z, "tau_a": mk.Tau,
        "tau_b": None if constant else stats.kendalltau(t, y).statistic,
        "p": stats.kendalltau(t, y, method="exact").pvalue if exact else 2 * stats.norm.sf(abs(mk.z)),
        "p_method": "exact" if exact else "normal-tie-corrected",
    }
    if gapless and not constant:
        case["lag1"] = acf(y, nlags=1, fft=False)[1]
        residual = fit.resid
        case["lag1_of_residuals"] = acf(residual, nlags=1, fft=False)[1]
    if gapless and not constant and n >= 4:
        hr = pymannkendall.hamed_rao_modification_test(y)
        yw1 = pymannkendall.yue_wang_modification_test(y, lag=1)
        yw = pymannkendall.yue_wang_modification_test(y)
        pw = pymannkendall.pre_whitening_modification_test(y)
        tfpw = pymannkendall.trend_free_pre_whitening_modification_test(y)
        case["serial"] = {
            "hamed_rao_var_s": hr.var_s, "hamed_rao_z": hr.z,
            "hamed_rao_absolute_factor": hamed_rao_absolute(y),
            "yue_wang_lag1_var_s": yw1.var_s, "yue_wang_lag1_z": yw1.z,
            "yue_wang_all_var_s": yw.var_s, "yue_wang_all_z": yw.z,
            "prewhitened_s": int(pw.s), "prewhitened_var_s": pw.var_s,
            "trend_free_s": int(tfpw.s), "trend_free_var_s": tfpw.var_s,
        }
    half = len(values) // 2
    before = np.array([v for v in values[:half] if v is not None])
    after = np.array([v for v in values[half:] if v is not None])
    if len(before) >= 2 and len(after) >= 2 and not constant:
        test = stats.ttest_ind(after, before, equal_var=False)
        interval = test.confidence_interval(0.95)
        case["welch"] = {
            "difference": after.mean() - before.mean(), "t": test.statistic, "df": test.df,
            "p": test.pvalue, "low": interval.low, "high": interval.high,
            "relative_percent": 100 * (after.mean() / before.mean() - 1),
        }
    if not constant:
        sxx = ((t - t.mean()) ** 2).sum()
        df = n - 2
        cut = stats.t.ppf(0.975, df)

        def power(d):
            return stats.nct.sf(cut, df, d) + stats.nct.cdf(-cut, df, d)

        sd = math.sqrt(fit.mse_resid)
        if df >= 2 and sd > 1e-9:
            # scipy's nct turns NaN far out, so the bracket is walked to instead of guessed.
            high_delta = next(d for d in np.arange(2, 30, 0.25) if power(d) > 0.8)
            delta = optimize.brentq(lambda d: power(d) - 0.8, 1e-6, high_delta, xtol=1e-14)
            case["detectable_slope"] = delta * sd / math.sqrt(sxx)
    return case


def ar1(n, phi):
    x = np.empty(n)
    x[0] = rng.normal()
    for k in range(1, n):
        x[k] = phi * x[k - 1] + math.sqrt(1 - phi * phi) * rng.normal()
    return x


def all_series():
    def years(n):
        return [2001.0 + k for k in range(n)]

    out = []
    for n in (4, 5, 7, 12, 13, 20, 34, 35, 40, 41, 60):
        out.append(series_case(f"noise n={n}", years(n), list(120 + 20 * rng.normal(size=n))))
    for phi in (0.2, 0.4, 0.8):
        for k in range(4):
            out.append(series_case(f"AR(1) {phi} #{k}", years(12), list(150 + 15 * ar1(12, phi))))
    for slope in (-6.0, 2.0, 6.0):
        y = 100 + slope * np.arange(12) + 20 * rng.normal(size=12)
        out.append(series_case(f"trend {slope}", years(12), list(y)))
    for k in range(4):
        y = np.round(10 + 2 * rng.normal(size=12))
        out.append(series_case(f"ties #{k}", years(12), list(y)))
    out.append(series_case("constant", years(12), [7.0] * 12))
    out.append(series_case("step", years(12), [1.0] * 6 + [2.0] * 6))
    out.append(series_case("negative", years(12), list(-50 + 10 * rng.normal(size=12))))
    out.append(series_case("rising", years(12), [float(k * k) for k in range(12)]))
    y = list(120 + 20 * rng.normal(size=12))
    out.append(series_case("one missing", years(12), y[:4] + [None] + y[5:]))
    out.append(series_case("six missing", years(12),
                           [v if k in (0, 1, 4, 7, 8, 11) else None for k, v in enumerate(y)]))
    t = [2001.0, 2001.5, 2003.25, 2004.0, 2009.0, 2009.1, 2012.9]
    out.append(series_case("uneven times", t, list(120 + 20 * rng.normal(size=7))))
    return out


def families():
    out = []
    for m, share in ((20, 0.0), (50, 0.3), (200, 0.1), (7, 0.9)):
        p = np.where(rng.random(m) < share, rng.random(m) * 0.004, rng.random(m))
        if m == 200:
            p = np.round(p, 2)  # many ties
        for q in (0.05, 0.1):
            rejected, adjusted, _, _ = multipletests(p, q, method="fdr_bh")
            out.append({"p": p, "q": q, "rejected": int(rejected.sum()), "adjusted": adjusted})
    return out


if __name__ == "__main__":
    made = {
        "made_with": {
            "numpy": np.__version__, "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__, "pymannkendall": pymannkendall.__version__,
        },
        "distributions": distributions(),
        "exact_two_sided": [
            {"n": n, "p": [[s, p] for s, p in exact_two_sided(n).items()]}
            for n in (2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 20, 30, 33, 34, 35, 36, 39, 40)
        ],
        "series": all_series(),
        "families": families(),
    }
    path = pathlib.Path(__file__).with_name("references.json")
    path.write_text(json.dumps(clean(made), indent=0, separators=(",", ":")).replace("\n", "").replace("},{", "},\n{") + "\n")
    print(f"{path}: {path.stat().st_size} bytes, {len(made['series'])} series")
