//! Respiration from the nights: M. Reichstein et al., "On the separation of net ecosystem exchange
//! into assimilation and ecosystem respiration", Global Change Biology 11, 2005.
//!
//! The sensitivity to temperature comes from short windows, so that the course of the season is not
//! taken for temperature; basal respiration follows the season in windows of a week.

use crate::summary::{quantile_sorted, sorted};

use super::gauss_newton::{Fit, Start, fit};
use super::respiration::{REFERENCE_C, predicted, relative};

/// Radiation up to which a half-hour may be night, in W m-2.
const NIGHT_W_M2: f64 = 10.0;
/// The span of temperature that a window needs, in degrees.
const SPAN_C: f64 = 5.0;
/// The span that is enough where no year has one of 5 degrees.
const NARROW_SPAN_C: f64 = 3.0;
/// Sensitivities are accepted if they lie, with their standard deviation, within these, in K.
const SENSITIVITY_K: (f64, f64) = (30.0, 350.0);
/// The sensitivity is the mean of so many windows with the least standard deviation.
const BEST_WINDOWS: usize = 3;

/// What the method reads; NaN is missing.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// NEE as measured and kept, in umol m-2 s-1.
    pub nee: &'a [f64],
    /// Air temperature as measured, in degrees Celsius.
    pub temperature_c: &'a [f64],
    /// Incoming shortwave radiation as measured, in W m-2.
    pub radiation_w_m2: &'a [f64],
    /// Potential radiation in W m-2.
    pub potential_w_m2: &'a [f64],
    /// NEE with its gaps filled.
    pub nee_filled: &'a [f64],
    /// Air temperature with its gaps filled.
    pub temperature_filled_c: &'a [f64],
    /// Rows in a day.
    pub rows_per_day: usize,
}

/// Which rows share one sensitivity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of the record, however many years (`REddyProc`).
    Record,
    /// Each calendar year by itself.
    Year,
}

/// A window that a sensitivity was sought in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensitivityWindow {
    /// The day in its middle, from 0.
    pub day: usize,
    /// Night rows.
    pub rows: usize,
    /// Span of temperature in degrees.
    pub span_c: f64,
    /// Sensitivity in K, after the residuals at both ends were left out; NaN where no fit ended well.
    pub sensitivity_k: f64,
    /// Its standard deviation.
    pub sd_k: f64,
    /// Whether it may count.
    pub accepted: bool,
}

/// A window of basal respiration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasalWindow {
    /// The day in its middle, from 0.
    pub day: usize,
    /// Night rows.
    pub rows: usize,
    /// The row, from 1, that the value stands at.
    pub row: usize,
    /// Basal respiration at 15 degrees Celsius in umol m-2 s-1; a negative one is not used.
    pub basal: f64,
}

/// Where the sensitivity of a year comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Windows of the year with a span of at least 5 degrees.
    Own,
    /// Windows of the year with a span of at least 3 degrees.
    OwnNarrow,
    /// The sensitivity of the whole record.
    Record,
}

/// The sensitivity that a year was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearSensitivity {
    /// The year; `None` for the whole record.
    pub year: Option<i16>,
    /// In K, rounded to 0.01 as in the reference.
    pub sensitivity_k: f64,
    /// Where it comes from.
    pub source: Source,
}

/// Respiration and GPP by the night method.
#[derive(Debug, Clone, PartialEq)]
pub struct NightPartition {
    /// Sensitivities, one a year or one in all.
    pub sensitivities: Vec<YearSensitivity>,
    /// Windows that a sensitivity was sought in.
    pub sensitivity_windows: Vec<SensitivityWindow>,
    /// Windows of basal respiration.
    pub basal_windows: Vec<BasalWindow>,
    /// Basal respiration of each row in umol m-2 s-1.
    pub basal: Vec<f64>,
    /// Ecosystem respiration in umol m-2 s-1.
    pub respiration: Vec<f64>,
    /// Gross primary production in umol m-2 s-1.
    pub gpp: Vec<f64>,
}

/// Why the method could not be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NightError {
    /// No row is night.
    #[error(
        "the record has no night half-hour with a measured flux and temperature, so respiration cannot be known from nights; check radiation, coordinates and the offset from UTC"
    )]
    NoNights,
    /// Too few windows show a sensitivity.
    #[error(
        "only {found} windows of the record show how respiration rises with temperature, and {BEST_WINDOWS} are needed (night temperatures span too little, or the fluxes are too noisy); the night method cannot be used for this record"
    )]
    NoSensitivity {
        /// Windows that do.
        found: usize,
    },
}

/// Partitions a record; `years` gives the calendar year of each row.
///
/// # Errors
/// Returns an error if there is no night row, or if fewer than three windows show a sensitivity.
pub fn partition(
    columns: &Columns<'_>,
    years: &[i16],
    scope: Scope,
) -> Result<NightPartition, NightError> {
    let nights: Vec<usize> = (0..columns.nee.len())
        .filter(|&row| is_night(columns, row))
        .collect();
    if nights.is_empty() {
        return Err(NightError::NoNights);
    }
    let windows = sensitivity_windows(columns, &nights);
    let sensitivities = sensitivities(&windows, years, columns.rows_per_day, scope)?;
    let of_row = |row: usize| {
        sensitivities
            .iter()
            .find(|s| s.year.is_none_or(|year| year == years[row]))
            .map_or(f64::NAN, |s| s.sensitivity_k)
    };
    let basal_windows = basal_windows(columns, &nights, &of_row);
    let basal = interpolated(&basal_windows, columns.nee.len());
    let respiration: Vec<f64> = (0..columns.nee.len())
        .map(|row| basal[row] * predicted(of_row(row), columns.temperature_filled_c[row]))
        .collect();
    let gpp = respiration
        .iter()
        .zip(columns.nee_filled)
        .map(|(respiration, nee)| respiration - nee)
        .collect();
    Ok(NightPartition {
        sensitivities,
        sensitivity_windows: windows,
        basal_windows,
        basal,
        respiration,
        gpp,
    })
}

fn is_night(columns: &Columns<'_>, row: usize) -> bool {
    columns.radiation_w_m2[row] <= NIGHT_W_M2
        && columns.potential_w_m2[row] <= 0.0
        && !columns.nee[row].is_nan()
        && !columns.temperature_c[row].is_nan()
}

/// The night rows of days around a day; days count rows from 1, so the first is one row short.
fn of_days(nights: &[usize], rows_per_day: usize, day: usize, reach: usize) -> &[usize] {
    let (first_day, end_day) = (day - reach, day + reach + 1);
    let first = (first_day * rows_per_day).saturating_sub(1);
    let end = end_day * rows_per_day - 1;
    let from = nights.partition_point(|&row| row < first);
    &nights[from..nights.partition_point(|&row| row < end)]
}

fn sensitivity_windows(columns: &Columns<'_>, nights: &[usize]) -> Vec<SensitivityWindow> {
    const REACH: usize = 7;
    let days = columns.nee.len() / columns.rows_per_day;
    (REACH + 1..=days)
        .step_by(5)
        .filter_map(|day| {
            let rows = of_days(nights, columns.rows_per_day, day, REACH);
            sensitivity_window(columns, rows, day)
        })
        .collect()
}

/// The window, if it has more than 6 rows and spans 3 degrees.
fn sensitivity_window(
    columns: &Columns<'_>,
    rows: &[usize],
    day: usize,
) -> Option<SensitivityWindow> {
    if rows.len() <= 6 {
        return None;
    }
    let nee: Vec<f64> = rows.iter().map(|&row| columns.nee[row]).collect();
    let temperature: Vec<f64> = rows.iter().map(|&row| columns.temperature_c[row]).collect();
    let warmest = temperature
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    let coldest = temperature.iter().copied().fold(f64::INFINITY, f64::min);
    let span_c = warmest - coldest;
    if span_c < NARROW_SPAN_C {
        return None;
    }
    let (sensitivity_k, sd_k) = trimmed_fit(&nee, &temperature)
        .map_or((f64::NAN, f64::NAN), |fit| {
            (fit.sensitivity_k, fit.sensitivity_sd_k)
        });
    let (least, most) = SENSITIVITY_K;
    Some(SensitivityWindow {
        day,
        rows: rows.len(),
        span_c,
        sensitivity_k,
        sd_k,
        accepted: sensitivity_k - sd_k > least && sensitivity_k + sd_k < most,
    })
}

/// The fit without the residuals at both ends of a first one.
fn trimmed_fit(nee: &[f64], temperature_c: &[f64]) -> Option<Fit> {
    let start = Start {
        basal: 2.0,
        sensitivity_k: 200.0,
        steps: 50,
    };
    let Fit { residuals, .. } = fit(nee, temperature_c, REFERENCE_C, start)?;
    let ordered = sorted(&residuals);
    let (low, high) = (
        quantile_sorted(&ordered, 0.05),
        quantile_sorted(&ordered, 0.95),
    );
    let kept = |column: &[f64]| -> Vec<f64> {
        column
            .iter()
            .zip(&residuals)
            .filter(|(_, r)| (low..=high).contains(*r))
            .map(|(v, _)| *v)
            .collect()
    };
    fit(&kept(nee), &kept(temperature_c), REFERENCE_C, start)
}

fn sensitivities(
    windows: &[SensitivityWindow],
    years: &[i16],
    rows_per_day: usize,
    scope: Scope,
) -> Result<Vec<YearSensitivity>, NightError> {
    let record = best(windows.iter().filter(|w| w.span_c >= SPAN_C))
        .map(|k| (k, Source::Own))
        .or_else(|_| best(windows.iter()).map(|k| (k, Source::OwnNarrow)));
    if scope == Scope::Record {
        let (sensitivity_k, source) = record?;
        return Ok(vec![YearSensitivity {
            year: None,
            sensitivity_k,
            source,
        }]);
    }
    let mut all = years.to_vec();
    all.dedup();
    all.into_iter()
        .map(|year| {
            let own = || {
                windows
                    .iter()
                    .filter(|w| years.get(w.day * rows_per_day).or(years.last()) == Some(&year))
            };
            let (sensitivity_k, source) = best(own().filter(|w| w.span_c >= SPAN_C))
                .map(|k| (k, Source::Own))
                .or_else(|_| best(own()).map(|k| (k, Source::OwnNarrow)))
                .or_else(|_| record.clone().map(|(k, _)| (k, Source::Record)))?;
            Ok(YearSensitivity {
                year: Some(year),
                sensitivity_k,
                source,
            })
        })
        .collect()
}

/// The mean of the accepted windows with the least standard deviation, rounded to 0.01.
fn best<'a>(windows: impl Iterator<Item = &'a SensitivityWindow>) -> Result<f64, NightError> {
    let mut accepted: Vec<&SensitivityWindow> = windows.filter(|w| w.accepted).collect();
    if accepted.len() < BEST_WINDOWS {
        return Err(NightError::NoSensitivity {
            found: accepted.len(),
        });
    }
    accepted.sort_by(|a, b| a.sd_k.total_cmp(&b.sd_k));
    let sum: f64 = accepted[..BEST_WINDOWS]
        .iter()
        .map(|w| w.sensitivity_k)
        .sum();
    Ok((sum / BEST_WINDOWS as f64 * 100.0).round_ties_even() / 100.0)
}

fn basal_windows(
    columns: &Columns<'_>,
    nights: &[usize],
    sensitivity_k: &dyn Fn(usize) -> f64,
) -> Vec<BasalWindow> {
    const REACH: usize = 3;
    let days = columns.nee.len() / columns.rows_per_day;
    (REACH + 1..=days)
        .step_by(4)
        .filter_map(|day| {
            let rows = of_days(nights, columns.rows_per_day, day, REACH);
            if rows.len() <= 2 {
                return None;
            }
            let (mut along, mut square, mut at) = (0.0, 0.0, 0.0);
            for &row in rows {
                let x = relative(sensitivity_k(row), columns.temperature_c[row], REFERENCE_C);
                along += x * columns.nee[row];
                square += x * x;
                at += row as f64 + 1.0;
            }
            let basal = along / square;
            Some(BasalWindow {
                day,
                rows: rows.len(),
                row: (at / rows.len() as f64).round_ties_even() as usize,
                basal,
            })
        })
        .collect()
}

/// Straight lines between the windows, level before the first and after the last.
fn interpolated(windows: &[BasalWindow], rows: usize) -> Vec<f64> {
    let known: Vec<(usize, f64)> = windows
        .iter()
        .filter(|w| w.basal >= 0.0)
        .map(|w| (w.row - 1, w.basal))
        .collect();
    let mut column = vec![f64::NAN; rows];
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return column;
    };
    column[..=first.0].fill(first.1);
    column[last.0..].fill(last.1);
    for pair in known.windows(2) {
        let [(from, at_from), (to, at_to)] = [pair[0], pair[1]];
        for (steps, value) in column[from..to].iter_mut().enumerate() {
            let part = steps as f64 / (to - from) as f64;
            *value = at_from + (at_to - at_from) * part;
        }
    }
    column
}
