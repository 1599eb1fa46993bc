"""The numba twin of `trend`: the same statistics of the same cells, one thread and two.

    trend DATA RESULTS [CELLS]; python benches/python/trend_numba.py DATA RESULTS

A fair competitor: one compiled loop over cells, parallel over cells, integers for S and OLS, the 66
slopes sorted in a buffer on the stack of each thread, p from a table. Compares S, OLS and Theil-Sen
with RESULTS and stops if they differ. Needs numpy and numba.
"""

import sys
import time

import numba
import numpy as np

YEARS = 12
REPETITIONS = 7


@numba.njit(parallel=True, fastmath=False, cache=False)
def trends(rows, n_out, mean, ols, sen, score, p, p_table):
    cells = rows.shape[1]
    chunk = 4096
    for block in numba.prange((cells + chunk - 1) // chunk):
        slopes = np.empty(66, np.float64)
        y = np.empty(YEARS, np.int32)
        for c in range(block * chunk, min((block + 1) * chunk, cells)):
            total = 0
            ty = 0
            for k in range(YEARS):
                y[k] = rows[k, c]
                total += y[k]
                ty += (2 * k - 11) * y[k]
            s = 0
            m = 0
            for i in range(YEARS):
                for j in range(i + 1, YEARS):
                    d = y[j] - y[i]
                    s += (d > 0) - (d < 0)
                    slopes[m] = d / (j - i)
                    m += 1
            # Insertion sort is faster here than np.sort or np.partition.
            for i in range(1, 66):
                v = slopes[i]
                j = i - 1
                while j >= 0 and slopes[j] > v:
                    slopes[j + 1] = slopes[j]
                    j -= 1
                slopes[j + 1] = v
            n_out[c] = YEARS
            mean[c] = total / YEARS
            ols[c] = ty / 286.0
            sen[c] = 0.5 * (slopes[32] + slopes[33])
            score[c] = s
            p[c] = p_table[abs(s)]


@numba.njit(parallel=True, fastmath=False, cache=False)
def trends_np_sort(rows, n_out, mean, ols, sen, score, p, p_table):
    cells = rows.shape[1]
    chunk = 4096
    for block in numba.prange((cells + chunk - 1) // chunk):
        slopes = np.empty(66, np.float64)
        y = np.empty(YEARS, np.int32)
        for c in range(block * chunk, min((block + 1) * chunk, cells)):
            total = 0
            ty = 0
            for k in range(YEARS):
                y[k] = rows[k, c]
                total += y[k]
                ty += (2 * k - 11) * y[k]
            s = 0
            m = 0
            for i in range(YEARS):
                for j in range(i + 1, YEARS):
                    d = y[j] - y[i]
                    s += (d > 0) - (d < 0)
                    slopes[m] = d / (j - i)
                    m += 1
            slopes.sort()
            n_out[c] = YEARS
            mean[c] = total / YEARS
            ols[c] = ty / 286.0
            sen[c] = 0.5 * (slopes[32] + slopes[33])
            score[c] = s
            p[c] = p_table[abs(s)]


def exact_table():
    """Two-sided exact p by |S| at n = 12."""
    counts = np.array([1.0])
    for k in range(2, YEARS + 1):
        counts = np.convolve(counts, np.ones(k)) / k
    s = np.abs(66 - 2 * np.arange(67))
    return np.array([counts[s >= a].sum() for a in range(67)])


def main():
    data, results = sys.argv[1:3]
    rows = np.fromfile(data, "<i2").reshape(YEARS, -1)
    cells = rows.shape[1]
    expected = np.fromfile(results, np.uint8)
    s_rust = expected[: 4 * cells].view("<i4")
    ols_rust, sen_rust = expected[4 * cells :].view("<f8").reshape(2, cells)
    out = [np.empty(cells, t) for t in (np.uint16, "f8", "f8", "f8", np.int32, "f8")]
    table = exact_table()
    print(f"numba {numba.__version__}, numpy {np.__version__}")
    for name, twin in (("insertion sort", trends), ("np.sort", trends_np_sort)):
        for threads in (1, 2):
            numba.set_num_threads(threads)
            twin(rows, *out, table)
            seconds, cpu = [], time.process_time()
            for _ in range(REPETITIONS):
                start = time.perf_counter()
                twin(rows, *out, table)
                seconds.append(time.perf_counter() - start)
            best, median = min(seconds), sorted(seconds)[REPETITIONS // 2]
            print(
                f"numba  {name:<16} threads {threads}: {best / cells * 1e6:.4f} us/cell best, "
                f"{median / cells * 1e6:.4f} median, "
                f"{(time.process_time() - cpu) / REPETITIONS / cells * 1e6:.4f} of processor time",
                flush=True,
            )
    _, _, ols, sen, score, _ = out
    assert (score == s_rust).all(), "S differs"
    for name, ours, theirs in (("OLS", ols_rust, ols), ("Theil-Sen", sen_rust, sen)):
        ulps = np.abs(ours - theirs) / np.spacing(np.maximum(np.abs(ours), np.finfo(float).tiny))
        print(f"{name}: largest difference {ulps.max():.2f} ulp of {cells} cells")
        # numba rounds each of the two middle slopes before it means them: two roundings more,
        # and near zero the two cancel.
        assert (np.abs(ours - theirs) <= 1e-15 * np.maximum(np.abs(ours), 100)).all(), name
    print(f"S equal in all {cells} cells")


if __name__ == "__main__":
    main()
