//! The memory of a series from one step to the next: a diagnostic, not a correction.
//!
//! With twelve values its own standard error is about 0.29, so it cannot repair a test.

use super::ols::residuals;
use crate::series::{count, mean};
use crate::{Series, StatsError};

/// Lag-1 autocorrelation of the values as they are; a trend raises it.
///
/// `sum (y_k - ybar)(y_k+1 - ybar) / sum (y - ybar)^2` over pairs one shortest step apart; a pair
/// across a gap does not count. `None` for a constant series.
///
/// # Errors
/// Fewer than three values.
pub fn lag1(series: &Series) -> Result<Option<f64>, StatsError> {
    series.at_least("the lag-1 autocorrelation", 3)?;
    Ok(lag1_at(series.times(), series.values()))
}

/// Lag-1 autocorrelation of the residuals of the least-squares line, as [`lag1`].
///
/// # Errors
/// Fewer than three values.
pub fn lag1_of_residuals(series: &Series) -> Result<Option<f64>, StatsError> {
    if series.values().iter().all(|v| *v == series.values()[0]) {
        series.at_least("the lag-1 autocorrelation", 3)?;
        return Ok(None);
    }
    Ok(lag1_at(series.times(), &residuals(series)?))
}

fn lag1_at(times: &[f64], values: &[f64]) -> Option<f64> {
    let centre = mean(values);
    let steps = || times.windows(2).map(|pair| pair[1] - pair[0]);
    let shortest = steps().fold(f64::INFINITY, f64::min);
    let products: f64 = values
        .windows(2)
        .zip(steps())
        .filter(|(_, step)| *step <= shortest * (1.0 + 1e-9))
        .map(|(pair, _)| (pair[0] - centre) * (pair[1] - centre))
        .sum();
    let squares: f64 = values.iter().map(|v| (v - centre) * (v - centre)).sum();
    let constant = values.iter().all(|v| *v == values[0]);
    (!constant && squares > 0.0).then(|| products / squares)
}

/// Biased autocorrelations (divisor n) at lags 0 to `lags` of equally spaced values; `None` for a
/// constant series.
pub(crate) fn autocorrelation(values: &[f64], lags: usize) -> Option<Vec<f64>> {
    let centre = mean(values);
    let at = |lag: usize| -> f64 {
        (lag..values.len())
            .map(|k| (values[k] - centre) * (values[k - lag] - centre))
            .sum::<f64>()
    };
    if values.iter().all(|v| *v == values[0]) {
        return None;
    }
    let zero = at(0);
    (zero > 0.0).then(|| (0..=lags).map(|lag| at(lag) / zero).collect())
}

/// Ranks from 1, ties sharing the mean of theirs.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|v| {
            let below = values.iter().filter(|w| *w < v).count();
            let equal = values.iter().filter(|w| *w == v).count();
            count(below) + 0.5 * (count(equal) + 1.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_across_a_gap_does_not_count() {
        let whole = Series::complete(&[1.0, 2.0, 3.0, 4.0], &[1.0, -1.0, 1.0, -1.0]).unwrap();
        assert_eq!(lag1(&whole).unwrap(), Some(-0.75));
        let gapped = Series::complete(&[1.0, 2.0, 4.0, 5.0], &[1.0, -1.0, 1.0, -1.0]).unwrap();
        assert_eq!(lag1(&gapped).unwrap(), Some(-0.5));
    }

    #[test]
    fn a_constant_series_has_none() {
        let series = Series::annual(2001, &[Some(0.1); 12]).unwrap();
        assert_eq!(lag1(&series).unwrap(), None);
        assert_eq!(lag1_of_residuals(&series).unwrap(), None);
    }

    #[test]
    fn ranks_share_ties() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 7.0]), [2.5, 1.0, 2.5, 4.0]);
    }
}
