//! Marginal distribution sampling: the best estimate of a half-hour from those that were like it.
//!
//! Rows near in time whose radiation, temperature and vapour pressure deficit were alike give the
//! mean; if there are none, rows of like radiation; if there are none, the same clock time on the
//! days around (Reichstein et al. 2005, Global Change Biology 11, 1424-1439). The window grows until
//! two rows are found, and the quality says how far it had to. A step sees measured values only,
//! never filled ones.

mod sampling;

pub use sampling::{Drivers, Estimate, Method, Reference, Wanted, estimates};

/// A column with its gaps filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The measured value, or else the estimate; NaN where there is neither.
    pub value: Vec<f64>,
    /// 0 measured, 1 good, 2 medium, 3 poor, 4 empty.
    pub quality: Vec<u8>,
    /// The estimate of each row that one was asked of.
    pub estimates: Vec<Option<Estimate>>,
}

/// The quality of a row without a value.
pub const EMPTY: u8 = 4;

/// A longer gap stays empty: what was like it is from another season.
const LONGEST_GAP_DAYS: usize = 60;

/// Runs of rows without a value: first row and the row after the last.
#[must_use]
pub fn gaps(column: &[f64]) -> Vec<(usize, usize)> {
    let rows: Vec<usize> = (0..column.len()).collect();
    rows.chunk_by(|&a, &b| column[a].is_nan() == column[b].is_nan())
        .filter(|run| column[run[0]].is_nan())
        .map(|run| (run[0], run[run.len() - 1] + 1))
        .collect()
}

/// Fills the gaps of a column; `wanted` says whether measured rows get an estimate too.
#[must_use]
pub fn fill(
    column: &[f64],
    drivers: &Drivers<'_>,
    rows_per_day: usize,
    wanted: Wanted,
    reference: Reference,
) -> Filled {
    let mut estimates = estimates(column, drivers, rows_per_day, wanted, reference);
    if reference == Reference::REddyProc {
        for (first, end) in gaps(column) {
            if end - first > LONGEST_GAP_DAYS * rows_per_day {
                estimates[first..end].fill(None);
            }
        }
    }
    let (value, quality) = column
        .iter()
        .zip(&estimates)
        .map(|(&measured, estimate)| match estimate {
            _ if !measured.is_nan() => (measured, 0),
            Some(estimate) => (estimate.value, estimate.quality),
            None => (f64::NAN, EMPTY),
        })
        .unzip();
    Filled {
        value,
        quality,
        estimates,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_of_more_than_sixty_days_stays_empty() {
        let light: Vec<f64> = (0..48 * 200)
            .map(|row| f64::from(row % 48 / 24) * 300.0)
            .collect();
        let drivers = Drivers {
            radiation_w_m2: Some(&light),
            ..Drivers::default()
        };
        let with_gap = |days: usize| -> Vec<f64> {
            let gap = 48 * 50..48 * (50 + days);
            let rows = light.iter().enumerate();
            rows.map(|(row, l)| {
                if gap.contains(&row) {
                    f64::NAN
                } else {
                    1.0 - l / 100.0
                }
            })
            .collect()
        };
        for (days, empty) in [(60, 0), (61, 61 * 48)] {
            let filled = fill(
                &with_gap(days),
                &drivers,
                48,
                Wanted::All,
                Reference::REddyProc,
            );
            let missing = filled.value.iter().filter(|v| v.is_nan()).count();
            assert_eq!(missing, empty, "{days} days");
            assert_eq!(
                filled.quality.iter().filter(|&&q| q == EMPTY).count(),
                empty
            );
        }
        // The other reference fills any gap, with the poorest quality.
        let filled = fill(
            &with_gap(100),
            &drivers,
            48,
            Wanted::Gaps,
            Reference::OneFlux,
        );
        assert!(filled.value.iter().all(|v| !v.is_nan()));
        assert_eq!(filled.quality[48 * 100], 3);
    }
}
