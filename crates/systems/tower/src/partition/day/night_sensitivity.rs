//! What the nights around a window say of respiration: its sensitivity and its size.

use crate::partition::gauss_newton::{Start, fit};
use crate::partition::respiration::{REFERENCE_C, relative};
use crate::summary::{median, quantiles};

use super::window::{LEAST_ROWS, Place};
use super::{Columns, Setting, is_night};

/// Days of the window of nights, and those it is widened to where it shows nothing.
const NIGHT_DAYS: usize = 12;
const WIDER_DAYS: [usize; 2] = [24, 48];
/// Frozen nights are left out if at least so many others are there.
const LEAST_UNFROZEN: usize = 12;
/// Nights up to this are frozen, in degrees Celsius.
const FROZEN_C: f64 = -1.0;
/// Sensitivities outside are none, in K.
const SENSITIVITY_K: std::ops::RangeInclusive<f64> = 50.0..=400.0;

/// What the nights of a window say.
#[derive(Debug, Clone, Copy)]
pub(super) struct NightSensitivity {
    pub sensitivity_k: f64,
    pub sensitivity_sd_k: f64,
    /// Respiration at 15 degrees Celsius.
    pub basal: f64,
}

/// One entry a window; `None` if no window shows a sensitivity.
pub(super) fn night_sensitivities(
    columns: &Columns<'_>,
    places: &[Place],
    setting: Setting,
) -> Option<Vec<NightSensitivity>> {
    let mut found = one_pass(columns, places, NIGHT_DAYS, setting);
    if setting == Setting::NoSmooth {
        for days in WIDER_DAYS {
            if found.iter().all(Option::is_some) {
                break;
            }
            let wider = one_pass(columns, places, days, setting);
            for (kept, wider) in found.iter_mut().zip(wider) {
                *kept = kept.or(wider);
            }
        }
    }
    let column = |get: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        found
            .iter()
            .map(|f| f.as_ref().map_or(f64::NAN, get))
            .collect()
    };
    let (k, mut sd) = (column(|f| f.0), column(|f| f.1));
    let [unsure] = quantiles(&sd, [0.9]);
    for (sd, k) in sd.iter_mut().zip(&k) {
        if k.is_nan() {
            *sd = unsure;
        }
    }
    let k = forward(&k, median(&k))?;
    let basal: Vec<f64> = places
        .iter()
        .zip(&k)
        .map(|(place, &k)| basal(columns, place, k))
        .collect();
    let first = basal.iter().copied().find(|b| !b.is_nan())?;
    let basal = forward(&basal, first)?;
    Some(
        (0..places.len())
            .map(|i| NightSensitivity {
                sensitivity_k: k[i],
                sensitivity_sd_k: sd[i],
                basal: basal[i],
            })
            .collect(),
    )
}

/// Each missing value takes the one before it; the first takes `first`.
fn forward(values: &[f64], first: f64) -> Option<Vec<f64>> {
    if first.is_nan() {
        return None;
    }
    let mut last = first;
    Some(
        values
            .iter()
            .map(|&v| {
                if !v.is_nan() {
                    last = v;
                }
                last
            })
            .collect(),
    )
}

/// Sensitivity and its standard deviation, window by window; each starts where the one before it
/// ended, if that ended well.
fn one_pass(
    columns: &Columns<'_>,
    places: &[Place],
    days: usize,
    setting: Setting,
) -> Vec<Option<(f64, f64)>> {
    let mut before: Option<f64> = None;
    places
        .iter()
        .map(|place| {
            let rows = night_rows(columns, place, days);
            let found = (rows.len() >= LEAST_ROWS)
                .then(|| sensitivity(columns, &rows, before, setting))
                .flatten();
            before = found.map(|(k, _)| k);
            found
        })
        .collect()
}

fn night_rows(columns: &Columns<'_>, place: &Place, days: usize) -> Vec<usize> {
    let (first, end) = place.rows(days, columns.rows_per_day, columns.nee.len());
    let rows: Vec<usize> = (first..end)
        .filter(|&row| {
            is_night(columns, row)
                && !columns.nee[row].is_nan()
                && columns.temperature_c[row].is_finite()
        })
        .collect();
    let unfrozen = |row: &&usize| columns.temperature_c[**row] > FROZEN_C;
    if rows.iter().filter(unfrozen).count() >= LEAST_UNFROZEN {
        rows.iter().filter(unfrozen).copied().collect()
    } else {
        rows
    }
}

fn sensitivity(
    columns: &Columns<'_>,
    rows: &[usize],
    before: Option<f64>,
    setting: Setting,
) -> Option<(f64, f64)> {
    let nee: Vec<f64> = rows.iter().map(|&row| columns.nee[row]).collect();
    let temperature: Vec<f64> = rows.iter().map(|&row| columns.temperature_c[row]).collect();
    let reference_c = match setting {
        Setting::NoSmooth => median(&temperature),
        Setting::Lasslop => REFERENCE_C,
    };
    let start = Start {
        basal: crate::summary::mean(&nee),
        sensitivity_k: before.unwrap_or(100.0),
        steps: 20,
    };
    let fit = fit(&nee, &temperature, reference_c, start)?;
    SENSITIVITY_K
        .contains(&fit.sensitivity_k)
        .then_some((fit.sensitivity_k, fit.sensitivity_sd_k))
}

/// Respiration at 15 degrees for a given sensitivity, never negative; NaN with too few nights.
fn basal(columns: &Columns<'_>, place: &Place, sensitivity_k: f64) -> f64 {
    let rows = night_rows(columns, place, NIGHT_DAYS);
    if rows.len() < LEAST_ROWS {
        return f64::NAN;
    }
    let (mut along, mut square) = (0.0, 0.0);
    for row in rows {
        let x = relative(sensitivity_k, columns.temperature_c[row], REFERENCE_C);
        along += x * columns.nee[row];
        square += x * x;
    }
    (along / square).max(0.0)
}
