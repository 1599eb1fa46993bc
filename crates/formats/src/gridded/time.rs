//! Time axes: `days since 1990-01-01` and its like.

use std::path::Path;

use netcdf::Variable;

use super::CfError;
use super::attribute::text;
use super::calendar::Date;
use super::epoch::{Axis, DAY_SECONDS};
use crate::Month;

/// One step of a time axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    /// Its day; the day in the middle of its bounds where it has them.
    pub(crate) date: Date,
    /// From the first of its bounds to the second.
    pub(crate) length_days: Option<f64>,
}

impl Step {
    pub(crate) fn month(&self) -> Option<Month> {
        Month::new(
            i32::try_from(self.date.year).ok()?,
            u8::try_from(self.date.month).ok()?,
        )
    }
}

/// The steps of a time variable. Where the variable has bounds, a step is where the middle of its bounds
/// is, because files label a month by its first day, its middle or the day after its last.
pub(crate) fn steps(
    file: &netcdf::File,
    path: &Path,
    time: &Variable<'_>,
) -> Result<Vec<Step>, CfError> {
    let units = text(time, "units").unwrap_or_default();
    let calendar = text(time, "calendar").unwrap_or_else(|| "standard".to_owned());
    let axis = Axis::of(path, &time.name(), &units, &calendar)?;
    let times = numbers(path, time)?;
    if let Some(name) = text(time, "climatology") {
        return Err(CfError::Contradiction {
            path: path.to_owned(),
            first: format!(
                "{} names its bounds \"{name}\" in `climatology`",
                time.name()
            ),
            second: "a step of a climatology is of many years and not of one".to_owned(),
            advice: "Use the data of single years",
        });
    }
    let Some(name) = text(time, "bounds") else {
        let stamps = axis.dates(path, time, &units, &times)?;
        unnamed_bounds(file, path, time, &axis, &units, &stamps)?;
        let steps = stamps.into_iter().map(|date| Step {
            date,
            length_days: None,
        });
        return Ok(steps.collect());
    };
    let broken = |second: String| CfError::Contradiction {
        path: path.to_owned(),
        first: format!("{} names its bounds \"{name}\"", time.name()),
        second,
        advice: "Correct the bounds, or remove the attribute `bounds` if the times themselves say the month",
    };
    let Some(bounds) = file.variable(&name) else {
        return Err(broken("the file has no such variable".to_owned()));
    };
    // Bounds have the units of their coordinate unless they say so themselves (CF 7.1).
    let bound_units = text(&bounds, "units").unwrap_or_else(|| units.clone());
    let bound_calendar = text(&bounds, "calendar").unwrap_or(calendar);
    let bound_axis = Axis::of(path, &name, &bound_units, &bound_calendar)?;
    let edges = numbers(path, &bounds)?;
    if edges.len() != 2 * times.len() {
        return Err(broken(format!(
            "they hold {} numbers for {} times",
            edges.len(),
            times.len()
        )));
    }
    let mut steps = Vec::with_capacity(times.len());
    for (pair, stamp) in edges.chunks_exact(2).zip(&times) {
        let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        let seconds = |value: f64| bound_axis.seconds(value);
        let at = axis.seconds(*stamp);
        let slack = DAY_SECONDS;
        if at < seconds(low) - slack || at > seconds(high) + slack {
            return Err(broken(format!(
                "the time {stamp} lies outside of them ({low} to {high})"
            )));
        }
        let middle = f64::midpoint(low, high);
        let date = bound_axis.dates(path, &bounds, &bound_units, &[middle])?;
        steps.extend(date.into_iter().map(|date| Step {
            date,
            length_days: Some((seconds(high) - seconds(low)) / DAY_SECONDS),
        }));
    }
    Ok(steps)
}

/// The month of each step of an axis whose steps are months.
pub(crate) fn months(
    file: &netcdf::File,
    path: &Path,
    time: &Variable<'_>,
) -> Result<Vec<Month>, CfError> {
    let steps = steps(file, path, time)?;
    steps
        .iter()
        .map(|step| {
            let refused = |expected, found, advice| CfError::Time {
                path: path.to_owned(),
                variable: time.name(),
                expected,
                found,
                advice,
            };
            let month = step.month().ok_or_else(|| {
                refused(
                    "a time in the years 1000..9999",
                    format!("the year {}", step.date.year),
                    "Correct the time axis",
                )
            })?;
            match step.length_days {
                Some(days) if !(27.0..=32.0).contains(&days) => Err(refused(
                    "steps of one month",
                    format!("bounds of {days} days about {month}"),
                    "Average or add up to months first (cdo monmean, cdo monsum)",
                )),
                _ => Ok(month),
            }
        })
        .collect()
}

/// The day of each step of an axis whose steps are days: the month, and the day of it from 1.
pub(crate) fn days(
    file: &netcdf::File,
    path: &Path,
    time: &Variable<'_>,
) -> Result<Vec<(Month, u8)>, CfError> {
    let refused = |expected, found, advice| CfError::Time {
        path: path.to_owned(),
        variable: time.name(),
        expected,
        found,
        advice,
    };
    steps(file, path, time)?
        .iter()
        .map(|step| {
            let day = u8::try_from(step.date.day).ok();
            let (Some(month), Some(day)) = (step.month(), day) else {
                return Err(refused(
                    "a time in the years 1000..9999",
                    format!("the year {}", step.date.year),
                    "Correct the time axis",
                ));
            };
            match step.length_days {
                Some(days) if !(0.9..=1.1).contains(&days) => Err(refused(
                    "steps of one day",
                    format!("bounds of {days} days about {month}-{day:02}"),
                    "Average or add up to days first (cdo daymean, cdo daysum)",
                )),
                _ => Ok((month, day)),
            }
        })
        .collect()
}

/// A variable that looks like bounds and is not named as such must not say another month than the times.
fn unnamed_bounds(
    file: &netcdf::File,
    path: &Path,
    time: &Variable<'_>,
    axis: &Axis,
    units: &str,
    stamps: &[Date],
) -> Result<(), CfError> {
    for ending in ["_bnds", "_bounds", "_bound", "_bnd"] {
        let Some(bounds) = file.variable(&format!("{}{ending}", time.name())) else {
            continue;
        };
        if bounds.len() != 2 * stamps.len() || text(&bounds, "units").is_some_and(|u| u != units) {
            continue;
        }
        let edges = numbers(path, &bounds)?;
        let middles: Vec<f64> = edges
            .chunks_exact(2)
            .map(|pair| f64::midpoint(pair[0], pair[1]))
            .collect();
        let dates = axis.dates(path, &bounds, units, &middles)?;
        let month = |date: &Date| (date.year, date.month);
        if let Some((middle, stamp)) = dates
            .iter()
            .zip(stamps)
            .find(|(middle, stamp)| month(middle) != month(stamp))
        {
            return Err(CfError::Contradiction {
                path: path.to_owned(),
                first: format!("{} is in {}-{:02}", time.name(), stamp.year, stamp.month),
                second: format!(
                    "the middle of {} is in {}-{:02}",
                    bounds.name(),
                    middle.year,
                    middle.month
                ),
                advice: "If these are its bounds, say so: ncatted -a bounds,time,c,c,time_bnds; if not, rename them",
            });
        }
    }
    Ok(())
}

/// All numbers of a time variable, as the attributes say; none may be missing.
fn numbers(path: &Path, variable: &Variable<'_>) -> Result<Vec<f64>, CfError> {
    let values = super::values(path, variable, None)?;
    let whole: Option<Vec<f64>> = values.into_iter().collect();
    whole
        .filter(|times| times.iter().all(|time| time.is_finite()))
        .ok_or_else(|| CfError::Time {
            path: path.to_owned(),
            variable: variable.name(),
            expected: "a number for every step",
            found: "missing values".to_owned(),
            advice: "Correct the time axis",
        })
}
