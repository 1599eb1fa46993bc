"""Trends: against scipy, and against the same statistic asked one series at a time."""

import math

import numpy as np
import pytest
from conftest import runs_beside
from scipy import stats

import nutag


def draws(n: int, ties: bool, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=n).cumsum()
    return np.round(values) if ties else values


@pytest.mark.parametrize("n", [3, 5, 12, 24, 40, 41, 60])
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_one_series_is_as_scipy_says(n, ties, seed):
    values = draws(n, ties, seed)
    times = np.cumsum(np.random.default_rng(seed).integers(1, 4, n)) + 2000.0
    trend = nutag.trend(values, times)
    line = stats.linregress(times, values)
    assert trend.ols_slope == pytest.approx(line.slope, rel=1e-9, abs=1e-12)
    assert trend.mean == pytest.approx(values.mean(), rel=1e-12, abs=1e-12)
    assert trend.sen_slope == pytest.approx(stats.theilslopes(values, times).slope, rel=1e-12, abs=1e-15)
    pairs = [np.sign(values[j] - values[i]) for i in range(n) for j in range(i + 1, n)]
    assert trend.s == sum(pairs)
    _, counts = np.unique(values, return_counts=True)
    assert trend.tie_term == sum(t * (t - 1) * (2 * t + 5) for t in counts if t > 1)
    exact = trend.tie_term == 0 and n <= 40
    assert trend.p_method == ("exact" if exact else "normal-tie-corrected")
    assert trend.interval_method == trend.p_method
    if exact:
        assert trend.p == pytest.approx(stats.kendalltau(times, values, method="exact").pvalue, rel=1e-9)
        assert trend.coverage >= 0.95 or trend.sen_low == -math.inf
    else:
        variance = (n * (n - 1) * (2 * n + 5) - trend.tie_term) / 18
        z = (abs(trend.s) - 1) / math.sqrt(variance) if trend.s and variance else 0
        expected = 2 * stats.norm.sf(z) if trend.s else 1.0
        assert trend.p == pytest.approx(expected, rel=1e-9)
    assert trend.sen_low <= trend.sen_slope <= trend.sen_high
    assert (trend.n, trend.gaps) == (n, 0)


def test_the_exact_interval_covers_what_it_says():
    """Hollander and Wolfe: of n = 5, S of 8 or more has the two-sided p 2 x 5/120."""
    trend = nutag.trend([1.0, 2.5, 2.0, 4.0, 5.5], level=0.9)
    slopes = sorted((b - a) / (j - i) for i, a in enumerate([1.0, 2.5, 2.0, 4.0, 5.5]) for j, b in enumerate([1.0, 2.5, 2.0, 4.0, 5.5]) if j > i)
    assert trend.coverage == pytest.approx(1 - 2 * 5 / 120)
    # C = 8 - 2 = 6 of 10 pairs: the 2nd and the 9th slope.
    assert (trend.sen_low, trend.sen_high) == (slopes[1], slopes[8])


def test_missing_values_keep_the_real_times():
    values = [1.0, math.nan, 3.0, 7.0, math.nan]
    trend = nutag.trend(values, [2001, 2002, 2003, 2005, 2006])
    alone = nutag.trend([1.0, 3.0, 7.0], [2001, 2003, 2005])
    assert trend._replace(gaps=0) == alone
    assert trend.gaps == 2
    assert nutag.trend([1.0, 2.0, 4.0]) == nutag.trend([1.0, 2.0, 4.0], [0, 1, 2])


def test_too_few_values_are_no_trend():
    for values, mean in [([], math.nan), ([math.nan], math.nan), ([5.0], 5.0)]:
        trend = nutag.trend(values)
        assert np.isnan([trend.ols_slope, trend.sen_slope, trend.sen_low, trend.p]).all()
        assert trend.s == 0 and trend.p_method == "none"
        assert np.array_equal(trend.mean, mean, equal_nan=True)
    two = nutag.trend([1.0, 4.0], [2001, 2003])
    assert (two.mean, two.ols_slope, two.sen_slope, two.p) == (2.5, 1.5, 1.5, 1.0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1, 2, 3], [1, 1, 2]), "not after the one before"),
        (([1, 2, 3], [1, 2]), "must have 2 entries"),
        (([1, math.inf, 3],), "not a finite number"),
        (([[1, 2]],), "one dimension"),
    ],
)
def test_a_series_asked_wrongly(arguments, says):
    with pytest.raises(nutag.ArgumentError, match=says):
        nutag.trend(*arguments)
    with pytest.raises(nutag.ArgumentError, match="between 0 and 1"):
        nutag.trend([1, 2, 3], level=1.5)


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.int32])
@pytest.mark.parametrize("years", [range(2001, 2013), [2001, 2002, 2005, 2011], range(1900, 1941), [7]])
@pytest.mark.parametrize("masked", [False, True])
def test_cells_are_series(dtype, years, masked):
    draw = np.random.default_rng(3)
    limits = np.iinfo(dtype)
    stack = draw.integers(limits.min, limits.max, (len(years), 5, 31), dtype, endpoint=True)
    stack[:, 2] = draw.integers(0, 4, stack[:, 2].shape)
    valid = draw.random(stack.shape) < 0.7 if masked else None
    cells = nutag.trend_cells(stack, years, valid)
    assert all(array.shape == (5, 31) for array in cells.values())
    for place in np.ndindex(5, 31):
        series = stack[(slice(None), *place)].astype(float)
        if valid is not None:
            series[~valid[(slice(None), *place)]] = np.nan
        alone = nutag.trend(series, years)
        assert cells["n"][place] == alone.n
        assert cells["s"][place] == alone.s
        assert cells["tie_term"][place] == alone.tie_term
        for name in ("mean", "ols_slope", "sen_slope", "p"):
            mine, other = cells[name][place], getattr(alone, name)
            assert np.isclose(mine, other, rtol=1e-9, atol=1e-9, equal_nan=True), (name, place)


def test_any_number_of_threads_gives_the_same_bits():
    draw = np.random.default_rng(5)
    stack = draw.integers(-300, 9000, (12, 97, 113), np.int16)
    valid = draw.random(stack.shape) < 0.9
    alone = nutag.trend_cells(stack, range(2001, 2013), valid)
    for threads in (2, 3, 8, 64, 20_000):
        other = nutag.trend_cells(stack, range(2001, 2013), valid, threads=threads)
        for name, values in alone.items():
            assert values.tobytes() == other[name].tobytes(), (name, threads)


def test_arrays_that_are_not_contiguous_or_of_another_byte_order_do():
    stack = np.random.default_rng(1).integers(0, 99, (12, 6, 8), np.int16)
    alone = nutag.trend_cells(stack, range(12))
    for other in (stack.astype(">i2"), np.asfortranarray(stack), np.repeat(stack, 2, 2)[:, :, ::2]):
        for name, values in nutag.trend_cells(other, range(12)).items():
            assert values.tobytes() == alone[name].tobytes()
    empty = nutag.trend_cells(stack[:, :, :0], range(12))
    assert empty["p"].shape == (6, 0)
    one = nutag.trend_cells(stack[:, 0, 0], range(12))
    assert one["p"].shape == () and one["s"] == alone["s"][0, 0]


@pytest.mark.parametrize(
    ("stack", "times", "more", "says"),
    [
        (np.zeros((3, 2)), range(3), {}, "int16, uint16 or int32"),
        (np.zeros((3, 2), np.int16), range(4), {}, "must have 4 entries"),
        (np.zeros((3, 2), np.int16), [1, 1, 2], {}, "not after the one before"),
        (np.zeros((0, 2), np.int16), [], {}, "from 1 to 1000"),
        (np.zeros((3, 2), np.int16), range(3), {"valid": np.ones((3, 1), bool)}, "valid: expected bool of shape"),
        (np.zeros((3, 2), np.int16), range(3), {"valid": np.ones((3, 2))}, "valid: expected bool"),
        (np.zeros((3, 2), np.int16), range(3), {"threads": 0}, "at least 1"),
        (np.int16(3), [1], {}, "of shape"),
    ],
)
def test_cells_asked_wrongly(stack, times, more, says):
    with pytest.raises(nutag.ArgumentError, match=says):
        nutag.trend_cells(stack, times, **more)


def test_discoveries_are_as_scipy_says():
    draw = np.random.default_rng(11)
    p = np.concatenate([draw.random(900), draw.random(100) ** 4]).reshape(10, 100)
    adjusted = stats.false_discovery_control(p.ravel()).reshape(p.shape)
    for q in (0.01, 0.05, 0.1, 0.5):
        found = nutag.benjamini_hochberg(p, q)
        assert np.array_equal(found.rejected, adjusted <= q)
        assert found.tests == 1000 and found.q == q
        assert found.p_cut is None or found.p_cut == p[found.rejected].max()
    holes = np.where(draw.random(p.shape) < 0.3, np.nan, p)
    found = nutag.benjamini_hochberg(holes, 0.1)
    some = ~np.isnan(holes)
    assert not found.rejected[~some].any()
    assert np.array_equal(found.rejected[some], stats.false_discovery_control(holes[some]) <= 0.1)
    none = nutag.benjamini_hochberg([0.9, 0.8], 0.05)
    assert none.p_cut is None and not none.rejected.any()
    for wrong, q in [([1.5], 0.1), ([0.5], 0.0), ([-0.1], 0.1)]:
        with pytest.raises(nutag.ArgumentError):
            nutag.benjamini_hochberg(wrong, q)


def test_python_runs_while_trends_are_computed():
    """With the interpreter held, another thread could see nothing of it."""
    stack = np.random.default_rng(2).integers(0, 9000, (12, 200_000), np.int32)
    assert runs_beside(lambda: nutag.trend_cells(stack, range(12)))
