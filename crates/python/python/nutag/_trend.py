"""Trends: of one series, and of each cell of a stack of years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._errors import ArgumentError


class Trend(NamedTuple):
    """The trend of one series. Slopes are in the unit of the values for each unit of time.

    Below two values there is none: slopes, interval and p are NaN.
    """

    n: int
    """Values that are not missing."""
    gaps: int
    """Values that are."""
    mean: float
    ols_slope: float
    """By least squares."""
    sen_slope: float
    """Theil-Sen: the median of the slopes between all pairs."""
    sen_low: float
    """Lower end of its interval; minus infinity where there are too few pairs for one."""
    sen_high: float
    coverage: float
    """What the interval covers: at least the level asked for if it is exact."""
    interval_method: str
    """`exact` without ties and to 40 values, else `normal-tie-corrected`; `none` below two values."""
    s: int
    """Of Mann-Kendall: rising pairs less falling pairs."""
    tie_term: int
    """Sum of t(t-1)(2t+5) over groups of t equal values; 0 without ties."""
    p: float
    """Two-sided p of S."""
    p_method: str
    """Where p comes from, in the words of `interval_method`."""


class CellTrends(TypedDict):
    """The trend of each cell; arrays of the shape of one time of the stack."""

    n: NDArray[np.uint16]
    """Values that count."""
    mean: NDArray[np.float64]
    """NaN if none counts."""
    ols_slope: NDArray[np.float64]
    """In the stack's own numbers for each unit of time; NaN below two values."""
    sen_slope: NDArray[np.float64]
    s: NDArray[np.int32]
    """Of Mann-Kendall; 0 below two values."""
    tie_term: NDArray[np.uint32]
    p: NDArray[np.float64]
    """Two-sided p of S, exact without ties and to 40 values; NaN below two values."""


class Discoveries(NamedTuple):
    """Which of many tests still stand when a share `q` of false ones among them is accepted."""

    rejected: NDArray[np.bool_]
    """Whether each stands; of the shape of `p`. A p of NaN is no test and does not."""
    p_cut: float | None
    """The largest p that stands; None if none does."""
    tests: int
    """How many were tested."""
    q: float
    """The share asked for."""


def trend(values: ArrayLike, times: ArrayLike | None = None, *, level: float = 0.95) -> Trend:
    """The trend of one series.

    `values` has one number for each time; NaN is missing. `times` increase strictly (years, or any
    other unit) and are 0, 1, 2, ... if not given. A gap stays a gap: 2001, 2002 and 2005 are those
    years and not 1, 2, 3. `level` is that of the interval of the Theil-Sen slope.

    Raises `ArgumentError` for times that do not fit, an infinite number, or a level outside (0, 1).
    """
    series = np.asarray(values, np.float64)
    if series.ndim != 1:
        raise ArgumentError(f"values: expected one dimension, found {series.shape}")
    when = np.arange(series.size, dtype=np.float64) if times is None else np.asarray(times, float)
    if when.ndim != 1:
        raise ArgumentError(f"times: expected one dimension, found {when.shape}")
    n, gaps, mean, ols, sen, interval, s, tie_term, p, method = _native.trend(
        when.tolist(), series.tolist(), float(level)
    )
    return Trend(n, gaps, mean, ols, sen, *interval, s, tie_term, p, method)


def trend_cells(
    stack: ArrayLike,
    times: Iterable[int],
    valid: ArrayLike | None = None,
    *,
    threads: int = 1,
) -> CellTrends:
    """The trend of each cell of a stack of whole numbers, such as years of a granule's own counts.

    `stack` has the shape (time, ...) and the type int16, uint16 or int32; `times` are whole numbers
    that increase strictly, one for each time. `valid` says which values count and has the shape of
    the stack; without it all do, also fill codes. What comes out has the shape (...), and its
    slopes are in the stack's own numbers for each unit of time: times the scale factor they are in
    the product's unit. Every cell is the same to the bit for any number of `threads`; other
    threads of Python run meanwhile.

    Up to 32 times within a span of 31 of 16-bit numbers go fastest.

    Raises `ArgumentError` for another type, or shapes and times that do not fit.
    """
    cells = np.asarray(stack)
    native = cells.dtype.newbyteorder("=")
    if native not in (np.int16, np.uint16, np.int32) or cells.ndim < 1:
        raise ArgumentError(
            "stack: expected (time, ...) of int16, uint16 or int32, as granules store them, found "
            f"{cells.dtype} of shape {cells.shape}; `valid` says which values count, so no NaN is needed"
        )
    if threads < 1:
        raise ArgumentError(f"threads: expected at least 1, found {threads}")
    when = [int(time) for time in times]
    shape = cells.shape[1:]
    mask = None
    if valid is not None:
        mask = np.asarray(valid)
        if mask.dtype != np.bool_ or mask.shape != cells.shape:
            raise ArgumentError(
                f"valid: expected bool of shape {cells.shape}, found {mask.dtype} of shape {mask.shape}"
            )
        mask = _rows(mask)
    # Byte order and gaps in memory are settled here; what fits already is not copied.
    flat = _rows(cells.astype(native, copy=False))
    trends = _native.trend_cells(when, flat, mask, threads)
    for name in trends:
        trends[name] = trends[name].reshape(shape)  # type: ignore[literal-required]
    return trends


def benjamini_hochberg(p: ArrayLike, q: float) -> Discoveries:
    """Benjamini and Hochberg's cut: the largest p(i) of m sorted tests with p(i) <= i q / m.

    `p` may have any shape; NaN is no test. Raises `ArgumentError` for a p outside [0, 1] or a `q`
    outside (0, 1).
    """
    given = np.asarray(p, np.float64)
    tests, _, cut = _native.benjamini_hochberg(given[~np.isnan(given)], float(q))
    rejected = np.zeros(given.shape, np.bool_) if cut is None else given <= cut
    return Discoveries(np.asarray(rejected), cut, tests, float(q))


def _rows(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """(time, cell), contiguous."""
    cells = int(np.prod(array.shape[1:], dtype=np.int64))
    return np.ascontiguousarray(array).reshape(array.shape[0], cells)
