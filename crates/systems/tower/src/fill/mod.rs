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

/// Fills the gaps of a column; `wanted` says whether measured rows get an estimate too.
#[must_use]
pub fn fill(
    column: &[f64],
    drivers: &Drivers<'_>,
    rows_per_day: usize,
    wanted: Wanted,
    reference: Reference,
) -> Filled {
    let estimates = estimates(column, drivers, rows_per_day, wanted, reference);
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
