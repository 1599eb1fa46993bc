//! The Theil-Sen line: the median of all pairwise slopes, with an interval that needs no normality.

use crate::mann_kendall::{EXACT_MAX_N, exact_null, kendall_variance_times_18, tie_term};
use crate::quantile::normal_quantile;
use crate::series::{count, median};
use crate::{Series, StatsError, error::open_unit};

/// How the intercept goes with the slope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterceptForm {
    /// `median(y) - slope median(t)` (Conover 1980), as pyMannKendall and `SciPy` "separate".
    Conover,
    /// `median(y - slope t)`, as `SciPy` "joint".
    MedianResidual,
}

/// Where the interval of the slope comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Exact null distribution of S (Hollander and Wolfe): no ties and n <= 40.
    Exact,
    /// Normal approximation with the tie-corrected variance (Gilbert 1987, section 16.5),
    /// interpolating between order statistics.
    Normal,
}

/// A confidence interval of the Theil-Sen slope. Ends are infinite where the pairs are too few.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Rank of the lower end among the sorted pairwise slopes, from 1; below 1 means unbounded.
    pub low_rank: f64,
    /// Rank of the upper end.
    pub high_rank: f64,
    /// The level asked for.
    pub level: f64,
    /// The coverage reached: at least `level` for the exact interval, nominal for the other.
    pub coverage: f64,
    /// Which of the two it is.
    pub method: IntervalMethod,
}

/// The Theil-Sen line. Slopes are per unit of time, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// Values used.
    pub n: usize,
    /// Missing values left out.
    pub gaps: usize,
    /// Median of `(yj - yi) / (tj - ti)`; of an even number, the mean of the middle two.
    pub slope: f64,
    /// The line at time 0.
    pub intercept: f64,
    /// How the intercept was found.
    pub intercept_form: InterceptForm,
    /// Interval of the slope.
    pub interval: SlopeInterval,
    /// Median of the times used; the line passes through it and `median_value` (Conover form).
    pub median_time: f64,
    /// Median of the values used.
    pub median_value: f64,
}

/// Fits the Theil-Sen line with an interval of the slope at `level` (such as 0.95).
///
/// # Errors
/// Fewer than two values, or a level outside (0, 1).
pub fn theil_sen(
    series: &Series,
    intercept_form: InterceptForm,
    level: f64,
) -> Result<TheilSen, StatsError> {
    series.at_least("the Theil-Sen line", 2)?;
    open_unit("the confidence level", level)?;
    let mut slopes = pairwise_slopes(series);
    let slope = median(&mut slopes);
    let median_time = median(&mut series.times().to_vec());
    let median_value = median(&mut series.values().to_vec());
    let intercept = match intercept_form {
        InterceptForm::Conover => median_value - slope * median_time,
        InterceptForm::MedianResidual => {
            let mut residuals: Vec<f64> = series
                .times()
                .iter()
                .zip(series.values())
                .map(|(t, y)| y - slope * t)
                .collect();
            median(&mut residuals)
        }
    };
    Ok(TheilSen {
        n: series.n(),
        gaps: series.gaps(),
        slope,
        intercept,
        intercept_form,
        interval: interval(series.values(), &slopes, level),
        median_time,
        median_value,
    })
}

/// The median of the pairwise slopes.
pub(crate) fn sen_slope(series: &Series) -> f64 {
    median(&mut pairwise_slopes(series))
}

fn pairwise_slopes(series: &Series) -> Vec<f64> {
    let (t, y) = (series.times(), series.values());
    let mut slopes = Vec::with_capacity(t.len() * t.len().saturating_sub(1) / 2);
    for i in 0..t.len() {
        for j in i + 1..t.len() {
            slopes.push((y[j] - y[i]) / (t[j] - t[i]));
        }
    }
    slopes
}

fn interval(values: &[f64], sorted_slopes: &[f64], level: f64) -> SlopeInterval {
    let n = values.len();
    let pairs = count(sorted_slopes.len());
    let ties = tie_term(values);
    let (c, coverage, method) = if ties == 0 && n <= EXACT_MAX_N {
        // Hollander and Wolfe: C = k - 2 with k the smallest S whose two-sided p is at most alpha.
        let (critical, p) = exact_null(n).critical(1.0 - level);
        (critical - 2.0, 1.0 - p, IntervalMethod::Exact)
    } else {
        let variance = kendall_variance_times_18(n, ties) / 18.0;
        let z = normal_quantile(0.5 + 0.5 * level);
        (z * libm::sqrt(variance), level, IntervalMethod::Normal)
    };
    let low_rank = 0.5 * (pairs - c);
    let high_rank = 0.5 * (pairs + c) + 1.0;
    SlopeInterval {
        low: order_statistic(sorted_slopes, low_rank),
        high: order_statistic(sorted_slopes, high_rank),
        low_rank,
        high_rank,
        level,
        coverage,
        method,
    }
}

/// The order statistic at a real rank from 1, interpolated; infinite outside the ranks there are.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the rank lies between 1 and the number of slopes"
)]
fn order_statistic(sorted: &[f64], rank: f64) -> f64 {
    if rank < 1.0 {
        return f64::NEG_INFINITY;
    }
    if rank > count(sorted.len()) {
        return f64::INFINITY;
    }
    let below = rank.floor();
    let low = sorted[below as usize - 1];
    if rank == below {
        low
    } else {
        let high = sorted[below as usize];
        low + (rank - below) * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_years_take_the_19th_and_the_48th_slope() {
        let values: Vec<Option<f64>> = [3, 1, 4, 15, 9, 2, 6, 5, 35, 8, 97, 93]
            .iter()
            .map(|&v| Some(f64::from(v)))
            .collect();
        let series = Series::annual(2001, &values).unwrap();
        let line = theil_sen(&series, InterceptForm::Conover, 0.95).unwrap();
        let i = line.interval;
        assert_eq!((i.low_rank, i.high_rank), (19.0, 48.0));
        assert_eq!(i.method, IntervalMethod::Exact);
        assert!((i.coverage - 0.955).abs() < 5e-4, "{}", i.coverage);
        let mut slopes = pairwise_slopes(&series);
        slopes.sort_by(f64::total_cmp);
        assert_eq!((i.low, i.high), (slopes[18], slopes[47]));
    }

    #[test]
    fn ties_take_the_normal_interval() {
        let values: Vec<Option<f64>> = [3, 3, 4, 15, 9, 2, 6, 5, 35, 8, 97, 93]
            .iter()
            .map(|&v| Some(f64::from(v)))
            .collect();
        let line = theil_sen(
            &Series::annual(2001, &values).unwrap(),
            InterceptForm::Conover,
            0.95,
        )
        .unwrap();
        assert_eq!(line.interval.method, IntervalMethod::Normal);
        // Methods: C = 28.58 without ties gives 18.7 and 48.3; one pair of ties changes the second digit.
        assert!((line.interval.low_rank - 18.7).abs() < 0.1);
        assert!((line.interval.high_rank - 48.3).abs() < 0.1);
    }

    #[test]
    fn three_values_cannot_bound_a_slope_at_95_percent() {
        let series = Series::annual(2001, &[Some(1.0), Some(2.0), Some(4.0)]).unwrap();
        let line = theil_sen(&series, InterceptForm::MedianResidual, 0.95).unwrap();
        assert_eq!(line.slope, 1.5);
        assert_eq!(
            (line.interval.low, line.interval.high),
            (f64::NEG_INFINITY, f64::INFINITY)
        );
        assert_eq!(line.interval.coverage, 1.0);
    }
}
