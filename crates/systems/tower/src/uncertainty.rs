//! How far sums may be off: random errors that follow each other, the u* threshold, and the method.
//!
//! The errors of neighbouring half-hours are alike, so a sum is less well known than if each were on
//! its own: the number of rows is replaced by the effective number (Zieba and Ramza 2011, Metrology
//! and Measurement Systems 18), as in `REddyProc`'s guide to aggregation.

use crate::summary::mean;

/// The random error of a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomError {
    /// Measured rows.
    pub rows: usize,
    /// How many independent rows they are worth.
    pub effective_rows: f64,
    /// Lags, with lag 0, before the autocorrelation is first not above 0.
    pub lags: usize,
    /// Autocorrelation of residuals one row apart; NaN if it cannot be had.
    pub lag1: f64,
    /// Standard error of the mean as if rows were independent.
    pub independent_se: f64,
    /// Standard error of the mean; NaN where the rows are worth no more than one.
    pub se: f64,
}

/// The random error of the mean of the measured rows. `residuals` are measured less estimated,
/// `sd` the spread of the rows alike, NaN where a row is not measured.
#[must_use]
pub fn random_error(residuals: &[f64], sd: &[f64]) -> Option<RandomError> {
    let squares: Vec<f64> = residuals
        .iter()
        .zip(sd)
        .filter(|(r, sd)| !r.is_nan() && !sd.is_nan())
        .map(|(_, sd)| sd * sd)
        .collect();
    let n = residuals.iter().filter(|r| !r.is_nan()).count();
    if n < 2 || squares.is_empty() {
        return None;
    }
    let correlations = autocorrelations(residuals);
    let mut sum = 0.0;
    for (lag, &(rho, pairs)) in correlations.iter().enumerate().skip(1) {
        debug_assert!(lag > 0);
        sum += pairs as f64 * rho;
    }
    let effective_rows = n as f64 / (1.0 + 2.0 / n as f64 * sum);
    let variance = mean(&squares);
    Some(RandomError {
        rows: n,
        effective_rows,
        lags: correlations.len(),
        lag1: correlations.get(1).map_or(f64::NAN, |(rho, _)| *rho),
        independent_se: (variance / n as f64).sqrt(),
        se: if effective_rows > 1.0 {
            (variance / (effective_rows - 1.0)).sqrt()
        } else {
            f64::NAN
        },
    })
}

/// Autocorrelations from lag 0 on, with their numbers of pairs, up to the first that is not above
/// 0; missing rows are left out of each lag (R's `acf` with `na.pass`).
fn autocorrelations(residuals: &[f64]) -> Vec<(f64, usize)> {
    let present: Vec<f64> = residuals.iter().copied().filter(|r| !r.is_nan()).collect();
    let middle = mean(&present);
    let n = residuals.len();
    let most = (10.0 * libm::log10(n as f64)).floor() as usize;
    let covariance = |lag: usize| {
        let (mut sum, mut pairs) = (0.0, 0_usize);
        for (a, b) in residuals.iter().zip(&residuals[lag..]) {
            if !a.is_nan() && !b.is_nan() {
                sum += (a - middle) * (b - middle);
                pairs += 1;
            }
        }
        (sum / (pairs + lag) as f64, pairs)
    };
    let (at_zero, pairs) = covariance(0);
    let mut all = vec![(1.0, pairs)];
    if at_zero <= 0.0 {
        return all;
    }
    for lag in 1..=most.min(n.saturating_sub(1)) {
        let (c, pairs) = covariance(lag);
        let rho = c / at_zero;
        // Also where no pair is left.
        if rho.is_nan() || rho <= 0.0 {
            break;
        }
        all.push((rho, pairs));
    }
    all
}

/// Random error and the spread over u* thresholds together, as in ONEFlux: the roots of the sum of
/// squares of the standard error and half the distance from 16 to 84 %.
#[must_use]
pub fn joint(random_se: f64, p16: f64, p84: f64) -> f64 {
    let threshold = (p84 - p16) / 2.0;
    (random_se * random_se + threshold * threshold).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_repeat_each_other_are_worth_fewer() {
        let mut draws = nutag_stats::draws::Draws::new(7, 0);
        let own: Vec<f64> = (0..400).map(|_| draws.normal()).collect();
        let repeated: Vec<f64> = own.iter().flat_map(|v| [*v; 4]).collect();
        let sd = vec![1.0; 1600];
        let alone = random_error(&own, &sd[..400]).unwrap();
        let found = random_error(&repeated, &sd).unwrap();
        assert!(alone.effective_rows > 300.0);
        assert!((250.0..600.0).contains(&found.effective_rows), "{found:?}");
        assert!(found.se > 1.5 * found.independent_se);
    }

    #[test]
    fn one_row_in_effect_gives_no_error_and_not_an_infinite_one() {
        // A slow course: every row repeats the one before it.
        let residuals: Vec<f64> = (0..20).map(|i| f64::from(i) - 9.5).collect();
        let found = random_error(&residuals, &[1.0; 20]).unwrap();
        assert!(found.se.is_nan() || found.se.is_finite());
        assert!(random_error(&[1.0], &[1.0]).is_none());
        let all_alike = random_error(&[0.5; 30], &[0.0; 30]).unwrap();
        assert!(all_alike.se.is_finite());
    }

    #[test]
    fn joint_of_three_and_four() {
        assert!((joint(3.0, -4.0, 4.0) - 5.0).abs() < 1e-12);
    }
}
