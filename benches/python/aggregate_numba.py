"""The numba twin of `aggregate`: the same sums of the same cells on one thread.

    aggregate DATA KEYS RESULTS RUN; python benches/python/aggregate_numba.py DATA KEYS RESULTS RUN

A fair competitor: one compiled pass, all years of a cell at once, the common mask decided before any
year is added. Compares every count and sum with RESULTS and stops if one differs. Needs numpy and numba.
"""

import sys
import time

import numba
import numpy as np

SIDE, YEARS, REPETITIONS, VALID_MAX = 2400, 12, 7, 32700


@numba.njit(cache=False)
def aggregate(rows, keys, sums):
    cells = keys.shape[0]
    for c in range(cells):
        valid = True
        for k in range(YEARS):
            v = rows[k, c]
            if v < 0 or v > VALID_MAX:
                valid = False
        if not valid:
            continue
        key = keys[c]
        for k in range(YEARS):
            v = np.int64(rows[k, c])
            sums[key, k, 0] += 1
            sums[key, k, 1] += v
            sums[key, k, 2] += v * v


@numba.njit(cache=False)
def aggregate_by_year(rows, keys, valid, sums):
    """Year by year over the whole tile, as array programs do."""
    cells = keys.shape[0]
    for c in range(cells):
        valid[c] = True
    for k in range(YEARS):
        for c in range(cells):
            v = rows[k, c]
            valid[c] &= (v >= 0) & (v <= VALID_MAX)
    for k in range(YEARS):
        for c in range(cells):
            if valid[c]:
                v = np.int64(rows[k, c])
                sums[keys[c], k, 0] += 1
                sums[keys[c], k, 1] += v
                sums[keys[c], k, 2] += v * v


def main():
    data, keys_file, results, run = sys.argv[1:]
    rows = np.fromfile(data, "<i2").reshape(YEARS, SIDE * SIDE)
    keys = np.fromfile(keys_file, "<u2")
    expected = np.fromfile(results, "<i8").reshape(-1, YEARS, 3)
    valid = np.empty(SIDE * SIDE, np.bool_)
    ways = {
        "one pass": lambda sums: aggregate(rows, keys, sums),
        "by year": lambda sums: aggregate_by_year(rows, keys, valid, sums),
    }
    for name, way in ways.items():
        seconds = []
        for _ in range(REPETITIONS + 1):
            sums = np.zeros_like(expected)
            start = time.perf_counter()
            way(sums)
            seconds.append(time.perf_counter() - start)
        if not np.array_equal(sums, expected):
            raise SystemExit(f"numba {name}: the sums differ")
        seconds = sorted(seconds[1:])
        rate = lambda s: rows.size / s / 1e6
        print(
            f"numba  runs of {int(run):>4} cells: {rate(seconds[0]):5.0f} million values a second best, "
            f"{rate(seconds[REPETITIONS // 2]):5.0f} median, {name}; all sums equal"
        )


main()
