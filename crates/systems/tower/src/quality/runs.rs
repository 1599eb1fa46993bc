//! Runs of equal values: a logger that repeats its last value, or a gap filled with a constant.

/// Shortest run that is removed, in values.
const SHORTEST_RUN: usize = 8;

/// The column without its runs of at least 8 equal values; NaN is missing.
///
/// Missing values are left out before the runs are counted (`REddyProc` `filterLongRuns`), so a run
/// goes on across a gap: a logger that repeats itself does so after an outage too.
#[must_use]
pub fn without_long_runs(column: &[f64]) -> Vec<f64> {
    let mut kept = column.to_vec();
    let present: Vec<usize> = (0..column.len())
        .filter(|&row| !column[row].is_nan())
        .collect();
    for run in present.chunk_by(|&a, &b| column[a] == column[b]) {
        if run.len() >= SHORTEST_RUN {
            for &row in run {
                kept[row] = f64::NAN;
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_across_a_gap() {
        let mut column = vec![1.0; 4];
        column.extend([f64::NAN; 3]);
        column.extend([1.0; 4]);
        column.extend([2.0; 7]);
        let kept = without_long_runs(&column);
        assert_eq!(kept.iter().filter(|v| !v.is_nan()).count(), 7);
        assert!(kept[..11].iter().all(|v| v.is_nan()));
    }
}
