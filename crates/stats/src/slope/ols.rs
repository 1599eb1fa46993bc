//! Ordinary least squares of a series on its real times.

use crate::quantile::{student_t_quantile, student_t_two_sided_p};
use crate::series::{count, mean};
use crate::{Series, StatsError, error::open_unit};

/// A straight line by least squares. Slopes are per unit of time, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ols {
    /// Values used.
    pub n: usize,
    /// Missing values left out.
    pub gaps: usize,
    /// `sum (t - tbar)(y - ybar) / sum (t - tbar)^2`.
    pub slope: f64,
    /// The line at time 0 (for years: at year 0, far outside the data; see [`Ols::at`]).
    pub intercept: f64,
    /// Mean of the times used.
    pub mean_time: f64,
    /// Mean of the values used.
    pub mean_value: f64,
    /// `residual_sd / sqrt(sum (t - tbar)^2)`.
    pub slope_se: f64,
    /// `sqrt(SSE / (n - 2))`.
    pub residual_sd: f64,
    /// Share of the variance explained; `None` for a constant series, where it is undefined.
    pub r2: Option<f64>,
    /// Degrees of freedom, `n - 2`.
    pub df: f64,
    /// `slope / slope_se`; 0 for a constant series, infinite for a perfect line.
    pub t: f64,
    /// Two-sided p of `t`, for independent normal errors; 1 for a constant series.
    pub p: f64,
}

impl Ols {
    /// Two-sided confidence interval of the slope at `level` (such as 0.95).
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn slope_interval(&self, level: f64) -> Result<(f64, f64), StatsError> {
        open_unit("the confidence level", level)?;
        let half = student_t_quantile(0.5 + 0.5 * level, self.df) * self.slope_se;
        Ok((self.slope - half, self.slope + half))
    }

    /// The line at `time`.
    #[must_use]
    pub fn at(&self, time: f64) -> f64 {
        self.mean_value + self.slope * (time - self.mean_time)
    }

    /// Two-sided confidence interval of the line at `time`, at `level`: the band of a chart.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn line_interval(&self, time: f64, level: f64) -> Result<(f64, f64), StatsError> {
        open_unit("the confidence level", level)?;
        let away = time - self.mean_time;
        let variance = self.residual_sd * self.residual_sd / count(self.n)
            + away * away * self.slope_se * self.slope_se;
        let half = student_t_quantile(0.5 + 0.5 * level, self.df) * libm::sqrt(variance);
        Ok((self.at(time) - half, self.at(time) + half))
    }
}

/// Fits a line by least squares.
///
/// # Errors
/// Fewer than three values: a line through two has no residual.
pub fn ols(series: &Series) -> Result<Ols, StatsError> {
    series.at_least("the least-squares line", 3)?;
    let (times, values) = (series.times(), series.values());
    let (mean_time, mean_value) = (mean(times), mean(values));
    let (mut stt, mut sty, mut syy) = (0.0, 0.0, 0.0);
    for (t, y) in times.iter().zip(values) {
        let (dt, dy) = (t - mean_time, y - mean_value);
        stt += dt * dt;
        sty += dt * dy;
        syy += dy * dy;
    }
    // The mean of equal values can be off by a rounding; equal values have no spread.
    let constant = values.iter().all(|v| *v == values[0]);
    let slope = if constant { 0.0 } else { sty / stt };
    let mean_value = if constant { values[0] } else { mean_value };
    let sse: f64 = times
        .iter()
        .zip(values)
        .map(|(t, y)| {
            let residual = (y - mean_value) - slope * (t - mean_time);
            residual * residual
        })
        .sum();
    let df = count(series.n()) - 2.0;
    let residual_sd = libm::sqrt(sse / df);
    let slope_se = residual_sd / libm::sqrt(stt);
    let t = if slope == 0.0 { 0.0 } else { slope / slope_se };
    Ok(Ols {
        n: series.n(),
        gaps: series.gaps(),
        slope,
        intercept: mean_value - slope * mean_time,
        mean_time,
        mean_value,
        slope_se,
        residual_sd,
        r2: (!constant).then(|| 1.0 - sse / syy),
        df,
        t,
        p: student_t_two_sided_p(t, df),
    })
}

/// The residuals of the least-squares line, one per value.
pub(super) fn residuals(series: &Series) -> Result<Vec<f64>, StatsError> {
    let line = ols(series)?;
    Ok(series
        .times()
        .iter()
        .zip(series.values())
        .map(|(&t, y)| y - line.at(t))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_years_have_the_textbook_spread() {
        // y = t on 12 years with one residual pattern: Sxx = 143, t critical = 2.2281.
        let values: Vec<Option<f64>> = (0..12)
            .map(|i| Some(f64::from(i) + if i % 2 == 0 { 0.5 } else { -0.5 }))
            .collect();
        let line = ols(&Series::annual(2001, &values).unwrap()).unwrap();
        assert!((line.slope_se - line.residual_sd / 143_f64.sqrt()).abs() < 1e-15);
        let (low, high) = line.slope_interval(0.95).unwrap();
        assert!(((high - low) / 2.0 / line.slope_se - 2.228_138_851_986_274).abs() < 1e-12);
        assert_eq!((line.df, line.mean_time), (10.0, 2006.5));
    }

    #[test]
    fn a_constant_series_has_no_trend() {
        let line = ols(&Series::annual(2001, &[Some(0.1); 12]).unwrap()).unwrap();
        assert_eq!(
            (line.slope, line.slope_se, line.t, line.p, line.r2),
            (0.0, 0.0, 0.0, 1.0, None)
        );
    }

    #[test]
    fn a_perfect_line_is_certain() {
        let values: Vec<Option<f64>> = (0..12).map(|i| Some(f64::from(i))).collect();
        let line = ols(&Series::annual(2001, &values).unwrap()).unwrap();
        assert_eq!((line.slope, line.residual_sd, line.p), (1.0, 0.0, 0.0));
        assert_eq!(line.r2, Some(1.0));
    }

    #[test]
    fn two_values_are_too_few() {
        let series = Series::annual(2001, &[Some(1.0), None, Some(2.0)]).unwrap();
        assert!(matches!(
            ols(&series),
            Err(StatsError::TooFew {
                needed: 3,
                found: 2,
                ..
            })
        ));
    }
}
