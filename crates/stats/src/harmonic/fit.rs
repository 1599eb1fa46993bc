//! The fit and what is read from it.

use super::covariance::{Expected, covariance, neighbour_products, neighbours};
use super::design::{COLUMNS, Design, Row, waves};
use crate::StatsError;
use crate::error::open_unit;
use crate::quantile::student_t_quantile;
use crate::series::count;

/// Fewest months with a value: a year and a half.
const FEWEST_MONTHS: usize = 18;
/// Fewest different calendar months: two harmonics need five, and what they draw over months never
/// seen is invention.
const FEWEST_CALENDAR_MONTHS: usize = 8;
/// Fewest pairs of neighbouring months from which a memory is estimated.
const FEWEST_PAIRS: usize = 6;

/// Why a series could not be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HarmonicError {
    /// A first month outside 1..12.
    #[error("expected a calendar month 1..12 for the first value, found {found}")]
    Month {
        /// What was given.
        found: u8,
    },
    /// A value that is not finite.
    #[error("value {index} is {found}, which is not a finite number; pass a missing value as None")]
    NotFinite {
        /// Which value, from 0.
        index: usize,
        /// The number found.
        found: f64,
    },
    /// Too little to fit a year's cycle and a growth.
    #[error(
        "level, growth and two harmonics need at least {needed} {what}, found {found}; add months, or leave the fit out"
    )]
    TooFew {
        /// Of what there are too few.
        what: &'static str,
        /// The least that will do.
        needed: usize,
        /// What there is.
        found: usize,
    },
    /// The months at hand cannot tell the numbers of the model apart.
    #[error(
        "the months with a value cannot tell level, growth and two harmonics apart; add months from other seasons or years"
    )]
    Singular,
}

/// The fitted model. Values have the unit of the series, growth that unit per year.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmonicFit {
    /// Months with a value.
    pub n: usize,
    /// Months without, between the first and the last of the series given.
    pub gaps: usize,
    /// Mean time of the months used, in years (a month's time is its middle: January is + 1/24).
    pub mean_time_years: f64,
    /// The model without its cycle at `mean_time_years`.
    pub level: f64,
    /// Growth per year.
    pub growth_per_year: f64,
    /// Its standard error, allowing for the memory.
    pub growth_se: f64,
    /// Its standard error if months were independent, for comparison: too small where they are not.
    pub growth_se_independent: f64,
    /// `a1, b1, a2, b2`: cos and sin of one and of two turns a year.
    pub waves: [f64; 4],
    /// The cycle at the middles of January to December; sums to zero.
    pub cycle: [f64; 12],
    /// Calendar month (1..12) in which the cycle is highest.
    pub month_of_maximum: u8,
    /// Calendar month (1..12) in which the cycle is lowest.
    pub month_of_minimum: u8,
    /// Highest minus lowest of `cycle`.
    pub amplitude: f64,
    /// Standard error of `amplitude`, the two months taken as known.
    pub amplitude_se: f64,
    /// Lag-1 autocorrelation of the residuals as they are.
    pub residual_lag1: f64,
    /// The memory of the noise from one month to the next, `rho`: 0..0.99.
    pub memory: f64,
    /// Standard deviation of the noise.
    pub residual_sd: f64,
    /// Effective degrees of freedom.
    pub df: f64,
    /// Time of the first month of the series, in months since year 0.
    first: f64,
    first_month0: usize,
}

impl HarmonicFit {
    /// Two-sided confidence interval of the growth per year, at `level` (such as 0.95).
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn growth_interval(&self, level: f64) -> Result<(f64, f64), StatsError> {
        self.interval(self.growth_per_year, self.growth_se, level)
    }

    /// Two-sided confidence interval of the amplitude, at `level`.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn amplitude_interval(&self, level: f64) -> Result<(f64, f64), StatsError> {
        self.interval(self.amplitude, self.amplitude_se, level)
    }

    fn interval(&self, middle: f64, se: f64, level: f64) -> Result<(f64, f64), StatsError> {
        open_unit("the confidence level", level)?;
        let half = student_t_quantile(0.5 + 0.5 * level, self.df) * se;
        Ok((middle - half, middle + half))
    }

    /// The line without the cycle at month `index` of the series, from 0.
    #[must_use]
    pub fn line(&self, index: usize) -> f64 {
        let time_years = (self.first + count(index)) / 12.0;
        self.level + self.growth_per_year * (time_years - self.mean_time_years)
    }

    /// The cycle at month `index` of the series, from 0.
    #[must_use]
    pub fn cycle_at(&self, index: usize) -> f64 {
        self.cycle[(self.first_month0 + index) % 12]
    }

    /// The values without the cycle, one per month given.
    #[must_use]
    pub fn deseasonalised(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        let months = values.iter().enumerate();
        months
            .map(|(index, value)| value.map(|value| value - self.cycle_at(index)))
            .collect()
    }
}

/// Fits level, growth and a cycle of two harmonics to the values of consecutive months from
/// `first_month` (1..12) of `first_year` on; `None` is a missing month.
///
/// # Errors
/// [`HarmonicError`] when there are fewer than 18 values, 8 different calendar months or 6 pairs of
/// neighbouring months, and when a value is not finite.
pub fn harmonic_fit(
    first_year: i32,
    first_month: u8,
    values: &[Option<f64>],
) -> Result<HarmonicFit, HarmonicError> {
    if !(1..=12).contains(&first_month) {
        return Err(HarmonicError::Month { found: first_month });
    }
    let first_month0 = usize::from(first_month) - 1;
    let (at, y) = present(values)?;
    let mut seen = [false; 12];
    at.iter().for_each(|k| seen[(first_month0 + k) % 12] = true);
    at_least("months with a value", FEWEST_MONTHS, at.len())?;
    at_least(
        "different calendar months",
        FEWEST_CALENDAR_MONTHS,
        seen.iter().filter(|seen| **seen).count(),
    )?;
    let design = Design::new(at, first_month0).ok_or(HarmonicError::Singular)?;
    at_least(
        "pairs of neighbouring months",
        FEWEST_PAIRS,
        neighbours(&design),
    )?;

    // The mean is taken out first: 390 +- 1 then keeps its digits.
    let centre = crate::series::mean(&y);
    let y: Vec<f64> = y.iter().map(|y| y - centre).collect();
    let z = design.project(&y);
    let mut b = design.back_substitute(z);
    b[0] += centre;
    let residuals: Vec<f64> = design
        .q
        .iter()
        .zip(&y)
        .map(|(q, y)| y - q.iter().zip(&z).map(|(q, z)| q * z).sum::<f64>())
        .collect();
    let sse: f64 = residuals.iter().map(|e| e * e).sum();
    let residual_lag1 = if sse > 0.0 {
        neighbour_products(&design, &residuals) / sse
    } else {
        0.0
    };

    let expected = Expected::new(&design);
    let memory = expected.memory(residual_lag1);
    let squares = expected.squares(memory);
    let variance = sse / squares;
    let (covariance_over_variance, df) = covariance(&design, memory, squares);
    let (independent, _) = covariance(&design, 0.0, expected.squares(0.0));

    let waves_fitted = [b[2], b[3], b[4], b[5]];
    let cycle = std::array::from_fn(|month0| {
        let waves = waves(month0);
        (0..4).map(|i| waves[i] * waves_fitted[i]).sum()
    });
    let (highest, lowest) = extremes(&cycle);
    let contrast = contrast(highest, lowest);
    let quadratic = |weights: &Row| -> f64 {
        let rows = covariance_over_variance.iter().zip(weights);
        rows.map(|(row, w)| w * row.iter().zip(weights).map(|(c, v)| c * v).sum::<f64>())
            .sum()
    };
    let se = |share: f64| libm::sqrt(variance * share.max(0.0));
    let first = 12.0 * f64::from(first_year) + count(first_month0) + 0.5;
    Ok(HarmonicFit {
        n: design.at.len(),
        gaps: values.len() - design.at.len(),
        mean_time_years: (first + design.mean_at) / 12.0,
        level: b[0],
        growth_per_year: b[1],
        growth_se: se(covariance_over_variance[1][1]),
        growth_se_independent: libm::sqrt(sse / expected.squares(0.0) * independent[1][1]),
        waves: waves_fitted,
        cycle,
        month_of_maximum: calendar_month(highest),
        month_of_minimum: calendar_month(lowest),
        amplitude: cycle[highest] - cycle[lowest],
        amplitude_se: se(quadratic(&contrast)),
        residual_lag1,
        memory,
        residual_sd: libm::sqrt(variance),
        df,
        first,
        first_month0,
    })
}

/// Positions and values of the months that have one.
fn present(values: &[Option<f64>]) -> Result<(Vec<usize>, Vec<f64>), HarmonicError> {
    let mut at = Vec::new();
    let mut y = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if let Some(found) = *value {
            if !found.is_finite() {
                return Err(HarmonicError::NotFinite { index, found });
            }
            at.push(index);
            y.push(found);
        }
    }
    Ok((at, y))
}

fn at_least(what: &'static str, needed: usize, found: usize) -> Result<(), HarmonicError> {
    if found >= needed {
        Ok(())
    } else {
        Err(HarmonicError::TooFew {
            what,
            needed,
            found,
        })
    }
}

/// Positions of the first highest and first lowest month.
fn extremes(cycle: &[f64; 12]) -> (usize, usize) {
    let mut found = (0, 0);
    for month0 in 1..12 {
        if cycle[month0] > cycle[found.0] {
            found.0 = month0;
        }
        if cycle[month0] < cycle[found.1] {
            found.1 = month0;
        }
    }
    found
}

/// The amplitude as a sum over the columns of the model.
fn contrast(highest: usize, lowest: usize) -> Row {
    let mut out = [0.0; COLUMNS];
    let (up, down) = (waves(highest), waves(lowest));
    for i in 0..4 {
        out[i + 2] = up[i] - down[i];
    }
    out
}

#[expect(clippy::cast_possible_truncation, reason = "a month is at most 12")]
fn calendar_month(month0: usize) -> u8 {
    month0 as u8 + 1
}
