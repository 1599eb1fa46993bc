//! Droughts as events: when they begin and end, how deep they are, and whether they become more.

use std::collections::BTreeMap;

use nutag_stats::mann_kendall::MannKendall;
use nutag_stats::mann_kendall::mann_kendall;
use nutag_stats::mann_kendall::serial::{AdjustedMannKendall, HamedRaoSum, hamed_rao};
use nutag_stats::slope::{InterceptForm, TheilSen, theil_sen};
use nutag_stats::{Series, StatsError};

use crate::{DroughtError, MonthAxis, YearMonth};

/// When a drought begins and ends (McKee, Doesken and Kleist 1993).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DroughtRule {
    /// A drought is a run below `ends_at` that somewhere falls to this or below.
    pub begins_at: f64,
    /// It ends in the first month at this or above.
    pub ends_at: f64,
}

impl Default for DroughtRule {
    /// From -1, until 0.
    fn default() -> Self {
        Self {
            begins_at: -1.0,
            ends_at: 0.0,
        }
    }
}

/// One drought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DroughtEvent {
    /// The first month below `ends_at`.
    pub first: YearMonth,
    /// The last month below `ends_at`.
    pub last: YearMonth,
    /// How many months.
    pub months: usize,
    /// The sum of `-index` over them; an infinite month counts with the deepest finite one.
    pub severity: f64,
    /// Severity over months.
    pub intensity: f64,
    /// The least index, infinite where the index is.
    pub deepest: f64,
    /// Whether the record begins, ends or has a gap beside it: it may be longer than is known.
    pub cut: bool,
}

impl DroughtRule {
    /// The droughts of a series of an index, in order.
    ///
    /// # Errors
    /// Returns an error if the lengths differ, or if a drought would begin above its end.
    pub fn events(
        &self,
        axis: &MonthAxis,
        index: &[f64],
    ) -> Result<Vec<DroughtEvent>, DroughtError> {
        axis.fits("the index", index)?;
        if self.begins_at.is_nan() || self.ends_at.is_nan() || self.begins_at > self.ends_at {
            return Err(DroughtError::Domain {
                what: "the index at which a drought begins",
                expected: "at most the index at which it ends",
                found: self.begins_at,
            });
        }
        let mut events = Vec::new();
        let mut from = None;
        for at in 0..=index.len() {
            let below = index.get(at).is_some_and(|z| *z < self.ends_at);
            match (from, below) {
                (None, true) => from = Some(at),
                (Some(start), false) => {
                    let run = &index[start..at];
                    let deepest = run.iter().copied().fold(f64::INFINITY, f64::min);
                    if deepest <= self.begins_at {
                        let cut = start == 0
                            || index[start - 1].is_nan()
                            || index.get(at).is_none_or(|z| z.is_nan());
                        events.push(event(axis, start, run, deepest, cut));
                    }
                    from = None;
                }
                _ => {}
            }
        }
        Ok(events)
    }

    /// Months at or below `begins_at`, and months known, in each year.
    ///
    /// # Errors
    /// Returns an error if the lengths differ.
    pub fn months_by_year(
        &self,
        axis: &MonthAxis,
        index: &[f64],
    ) -> Result<BTreeMap<i32, DroughtYear>, DroughtError> {
        axis.fits("the index", index)?;
        let mut years: BTreeMap<i32, DroughtYear> = BTreeMap::new();
        for (month, z) in axis.iter().zip(index) {
            let year = years.entry(month.year).or_default();
            if z.is_nan() {
                continue;
            }
            year.known += 1;
            if *z <= self.begins_at {
                year.dry += 1;
            }
        }
        Ok(years)
    }
}

/// A year of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DroughtYear {
    /// Months in drought.
    pub dry: u8,
    /// Months with an index.
    pub known: u8,
}

fn event(axis: &MonthAxis, start: usize, run: &[f64], deepest: f64, cut: bool) -> DroughtEvent {
    let finite = run
        .iter()
        .copied()
        .filter(|z| z.is_finite())
        .fold(0.0, f64::min);
    let severity: f64 = run
        .iter()
        .map(|z| if z.is_finite() { -z } else { -finite })
        .sum();
    DroughtEvent {
        first: axis.at(start),
        last: axis.at(start + run.len() - 1),
        months: run.len(),
        severity,
        intensity: severity / crate::standard::count(run.len()),
        deepest,
        cut,
    }
}

/// The trend of an index of one calendar month over the years.
#[derive(Debug, Clone, PartialEq)]
pub struct DroughtTrend {
    /// Years from the first to the last.
    pub years: (i32, i32),
    /// The slope, index a year, with its interval.
    pub slope: TheilSen,
    /// The test that takes years as independent.
    pub plain: MannKendall,
    /// The test that allows for autocorrelation; `None` where years are missing.
    pub adjusted: Option<AdjustedMannKendall>,
}

/// The trend of the index of calendar month `month` (1 to 12) over the years: one value a year, since
/// windows that overlap are not independent. Infinite values count with the rank they have: they are
/// set to the extreme finite value of the series.
///
/// # Errors
/// Returns an error if the lengths differ, there is no such month, or there are fewer than four years.
pub fn trend_of_month(
    axis: &MonthAxis,
    index: &[f64],
    month: u8,
    level: f64,
) -> Result<DroughtTrend, DroughtError> {
    axis.fits("the index", index)?;
    YearMonth::new(axis.first().year, month)?;
    let these: Vec<(i32, f64)> = axis
        .iter()
        .zip(index)
        .filter(|(m, _)| m.month == month)
        .map(|(m, z)| (m.year, *z))
        .collect();
    let known = || these.iter().map(|(_, z)| *z).filter(|z| z.is_finite());
    let (least, most) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| {
        (low.min(z), high.max(z))
    });
    let values: Vec<Option<f64>> = these
        .iter()
        .map(|(_, z)| (!z.is_nan() && least <= most).then(|| z.clamp(least, most)))
        .collect();
    let (first, last) = match (these.first(), these.last()) {
        (Some(first), Some(last)) => (first.0, last.0),
        _ => (axis.first().year, axis.first().year),
    };
    let series = Series::annual(first, &values)?;
    if series.n() < 4 {
        return Err(StatsError::TooFew {
            what: "the trend of an index",
            needed: 4,
            found: series.n(),
        }
        .into());
    }
    Ok(DroughtTrend {
        years: (first, last),
        slope: theil_sen(&series, InterceptForm::Conover, level)?,
        plain: mann_kendall(&series)?,
        adjusted: hamed_rao(&series, 0.05, None, HamedRaoSum::Signed).ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(len: usize) -> MonthAxis {
        MonthAxis::new(YearMonth::new(2000, 1).unwrap(), len)
    }

    #[test]
    fn a_drought_runs_from_its_first_dry_month_to_recovery() {
        let z = [
            0.3,
            -0.5,
            -1.2,
            -0.1,
            0.0,
            -0.9,
            0.2,
            f64::NAN,
            -2.0,
            f64::NEG_INFINITY,
        ];
        let events = DroughtRule::default().events(&axis(10), &z).unwrap();
        assert_eq!(events.len(), 2);
        let first = events[0];
        assert_eq!(first.first.to_string(), "2000-02");
        assert_eq!(first.last.to_string(), "2000-04");
        assert!((first.severity - 1.8).abs() < 1e-15 && !first.cut);
        assert!((first.intensity - 0.6).abs() < 1e-15);
        let second = events[1];
        assert!(second.cut && second.deepest == f64::NEG_INFINITY);
        assert_eq!((second.severity, second.months), (4.0, 2));
        let years = DroughtRule::default()
            .months_by_year(&axis(10), &z)
            .unwrap();
        assert_eq!(years[&2000], DroughtYear { dry: 3, known: 9 });
    }

    #[test]
    fn the_trend_takes_one_month_a_year() {
        let len = 20 * 12;
        let z: Vec<f64> = (0..len)
            .map(|i| {
                if i % 12 == 7 {
                    -0.1 * f64::from(i32::try_from(i / 12).unwrap())
                } else {
                    5.0
                }
            })
            .collect();
        let trend = trend_of_month(&axis(len), &z, 8, 0.95).unwrap();
        assert_eq!(trend.years, (2000, 2019));
        assert!((trend.slope.slope + 0.1).abs() < 1e-12);
        assert_eq!(trend.plain.n, 20);
        assert!(trend_of_month(&axis(24), &z[..24], 8, 0.95).is_err());
        assert!(trend_of_month(&axis(len), &z, 13, 0.95).is_err());
    }
}
