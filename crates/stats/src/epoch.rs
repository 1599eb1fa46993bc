//! The difference of the means of two groups of years.

use std::ops::RangeInclusive;

use crate::quantile::{student_t_quantile, student_t_two_sided_p};
use crate::series::{count, mean};
use crate::{Series, StatsError, error::open_unit};

/// Later minus earlier mean, with Welch's t and Satterthwaite's degrees of freedom.
///
/// Years are treated as independent; with autocorrelated years the interval is too narrow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochDifference {
    /// Years with a value in the earlier epoch.
    pub n_before: usize,
    /// Years with a value in the later epoch.
    pub n_after: usize,
    /// Mean of the earlier epoch.
    pub mean_before: f64,
    /// Mean of the later epoch.
    pub mean_after: f64,
    /// `mean_after - mean_before`.
    pub difference: f64,
    /// Difference in percent of the earlier mean; `None` if that mean is 0.
    pub relative_percent: Option<f64>,
    /// `sqrt(s0^2/n0 + s1^2/n1)`.
    pub se: f64,
    /// Satterthwaite's degrees of freedom; `n0 + n1 - 2` if neither epoch varies.
    pub df: f64,
    /// `difference / se`; 0 if the difference is 0.
    pub t: f64,
    /// Two-sided p of `t`.
    pub p: f64,
    /// The level of the interval.
    pub level: f64,
    /// Lower end of the interval of the difference.
    pub low: f64,
    /// Upper end of the interval of the difference.
    pub high: f64,
}

/// Compares two epochs of a series, each a range of times with both ends included.
///
/// # Errors
/// Fewer than two values in an epoch, or a level outside (0, 1).
pub fn epoch_difference(
    series: &Series,
    before: &RangeInclusive<f64>,
    after: &RangeInclusive<f64>,
    level: f64,
) -> Result<EpochDifference, StatsError> {
    let within = |epoch: &RangeInclusive<f64>| -> Vec<f64> {
        series
            .times()
            .iter()
            .zip(series.values())
            .filter(|(t, _)| epoch.contains(t))
            .map(|(_, y)| *y)
            .collect()
    };
    mean_difference(&within(before), &within(after), level)
}

/// Compares the means of two independent samples: Welch (1947), Satterthwaite (1946).
///
/// # Errors
/// Fewer than two values in a sample, or a level outside (0, 1).
pub fn mean_difference(
    before: &[f64],
    after: &[f64],
    level: f64,
) -> Result<EpochDifference, StatsError> {
    open_unit("the confidence level", level)?;
    let (mean_before, var_before) = mean_and_its_variance("the earlier epoch", before)?;
    let (mean_after, var_after) = mean_and_its_variance("the later epoch", after)?;
    let difference = mean_after - mean_before;
    let variance = var_before + var_after;
    let se = libm::sqrt(variance);
    let df_before = count(before.len()) - 1.0;
    let df_after = count(after.len()) - 1.0;
    let df = if variance > 0.0 {
        variance * variance
            / (var_before * var_before / df_before + var_after * var_after / df_after)
    } else {
        df_before + df_after
    };
    let t = if difference == 0.0 {
        0.0
    } else {
        difference / se
    };
    let half = student_t_quantile(0.5 + 0.5 * level, df) * se;
    Ok(EpochDifference {
        n_before: before.len(),
        n_after: after.len(),
        mean_before,
        mean_after,
        difference,
        relative_percent: (mean_before != 0.0).then(|| 100.0 * difference / mean_before),
        se,
        df,
        t,
        p: student_t_two_sided_p(t, df),
        level,
        low: difference - half,
        high: difference + half,
    })
}

fn mean_and_its_variance(what: &'static str, sample: &[f64]) -> Result<(f64, f64), StatsError> {
    if sample.len() < 2 {
        return Err(StatsError::TooFew {
            what,
            needed: 2,
            found: sample.len(),
        });
    }
    if sample.iter().all(|v| *v == sample[0]) {
        return Ok((sample[0], 0.0));
    }
    let centre = mean(sample);
    let squares: f64 = sample.iter().map(|v| (v - centre) * (v - centre)).sum();
    let n = count(sample.len());
    Ok((centre, squares / (n - 1.0) / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_by_hand() {
        // Variances 2.5 and 2.5 over 5: se = 1, df = 8, difference 3.
        let before = [1.0, 2.0, 3.0, 4.0, 5.0];
        let after = [4.0, 5.0, 6.0, 7.0, 8.0];
        let d = mean_difference(&before, &after, 0.95).unwrap();
        assert_eq!((d.difference, d.se, d.df, d.t), (3.0, 1.0, 8.0, 3.0));
        assert_eq!(d.relative_percent, Some(100.0));
        assert!((d.high - d.difference - 2.306_004_135_204_166_4).abs() < 1e-12);
    }

    #[test]
    fn epochs_are_ranges_of_years_and_gaps_are_left_out() {
        let values: Vec<Option<f64>> = (0..12)
            .map(|i| (i != 3).then_some(if i < 6 { -2.0 } else { -1.0 }))
            .collect();
        let series = Series::annual(2001, &values).unwrap();
        let d = epoch_difference(&series, &(2001.0..=2006.0), &(2007.0..=2012.0), 0.95).unwrap();
        assert_eq!((d.n_before, d.n_after), (5, 6));
        assert_eq!((d.difference, d.se, d.p), (1.0, 0.0, 0.0));
        assert_eq!(d.relative_percent, Some(-50.0));
        assert!(epoch_difference(&series, &(1980.0..=1990.0), &(2007.0..=2012.0), 0.95).is_err());
    }
}
