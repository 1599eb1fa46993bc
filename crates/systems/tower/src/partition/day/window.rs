//! Windows of four days, one every two days.

use crate::summary::{quantile_sorted, sorted};

use super::curve::{Curve, Days, Given, fit};
use super::night_sensitivity::NightSensitivity;
use super::{Columns, Setting, is_day};

/// Fewest rows of a fit.
pub(super) const LEAST_ROWS: usize = 10;
/// Days of a window, and days from one to the next.
const WINDOW_DAYS: usize = 4;
const STRIDE_DAYS: usize = 2;

/// How the fit of a window ended. The numbers are those of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Outcome {
    /// Well.
    Good = 0,
    /// The search did not end in 100 steps.
    NoEnd = 1,
    /// A parameter came out where it cannot be.
    OutOfBounds = 1002,
    /// A variance came out negative.
    NegativeVariance = 1005,
    /// The curvature at the end could not be inverted.
    Singular = 1006,
    /// A cost was not finite, where the reference stops with an error.
    NotFinite = 1007,
    /// Fewer than 10 half-hours of day.
    TooFewRows = 1011,
}

/// The fit of one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Its middle: the first row of its third day, from 0.
    pub centre_row: usize,
    /// Half-hours of day with all that the fit needs.
    pub rows: usize,
    /// The mean of those rows, from 0; the middle of the window if there are none.
    pub mean_row: usize,
    /// How the fit ended.
    pub outcome: Outcome,
    /// Sensitivity of respiration to temperature in K, from the nights around.
    pub sensitivity_k: f64,
    /// Its standard deviation.
    pub sensitivity_sd_k: f64,
    /// Respiration at 15 degrees Celsius from the nights around, in umol m-2 s-1.
    pub night_basal: f64,
    /// Effect of the vapour pressure deficit (1/hPa), uptake at saturation (umol m-2 s-1), initial
    /// slope (umol J-1), respiration at 15 degrees Celsius (umol m-2 s-1); NaN without a fit.
    pub parameters: [f64; 4],
    /// Their standard deviations; NaN for a parameter that was held.
    pub parameters_sd: [f64; 4],
    /// Whether all parameters were fitted.
    pub all_fitted: bool,
}

/// Where a window lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub centre_row: usize,
}

impl Place {
    /// First row and the row after the last of a window of `days` with this middle.
    pub fn rows(&self, days: usize, rows_per_day: usize, rows: usize) -> (usize, usize) {
        let reach = days / 2 * rows_per_day;
        (
            self.centre_row.saturating_sub(reach),
            rows.min(self.centre_row + reach),
        )
    }
}

/// The windows of a record.
pub(super) fn windows(rows: usize, rows_per_day: usize) -> Vec<Place> {
    let days = rows.div_ceil(rows_per_day);
    (WINDOW_DAYS / 2..days)
        .step_by(STRIDE_DAYS)
        .map(|day| Place {
            centre_row: day * rows_per_day,
        })
        .collect()
}

/// Fits all windows; each knows the initial slope of the last one that was fitted.
pub(super) fn fit_windows(
    columns: &Columns<'_>,
    places: &[Place],
    nights: &[NightSensitivity],
    setting: Setting,
    without_vpd: bool,
) -> Vec<Window> {
    let mut last_alpha = None;
    places
        .iter()
        .zip(nights)
        .map(|(place, night)| {
            let window = fit_window(columns, place, night, setting, without_vpd, last_alpha);
            if window.outcome == Outcome::Good {
                last_alpha = Some(window.parameters[2]);
            }
            window
        })
        .collect()
}

fn fit_window(
    columns: &Columns<'_>,
    place: &Place,
    night: &NightSensitivity,
    setting: Setting,
    without_vpd: bool,
    last_alpha: Option<f64>,
) -> Window {
    let (first, end) = place.rows(WINDOW_DAYS, columns.rows_per_day, columns.nee.len());
    let lit: Vec<usize> = (first..end)
        .filter(|&row| {
            is_day(columns, row)
                && !columns.nee[row].is_nan()
                && !columns.temperature_c[row].is_nan()
        })
        .collect();
    // One missing spread in the window, and none of its spreads is used.
    let equal_weights =
        setting == Setting::Lasslop && lit.iter().any(|&row| !columns.nee_sd[row].is_finite());
    let spread: Vec<usize> = lit
        .into_iter()
        .filter(|&row| equal_weights || !columns.nee_sd[row].is_nan())
        .collect();
    let with_vpd: Vec<usize> = spread
        .iter()
        .copied()
        .filter(|&row| !columns.vpd_hpa[row].is_nan())
        .collect();
    let without_vpd = without_vpd || with_vpd.len() < LEAST_ROWS;
    let rows = if without_vpd { spread } else { with_vpd };
    let mut window = Window {
        centre_row: place.centre_row,
        rows: rows.len(),
        mean_row: mean_row(&rows, first).unwrap_or(place.centre_row),
        outcome: Outcome::TooFewRows,
        sensitivity_k: night.sensitivity_k,
        sensitivity_sd_k: night.sensitivity_sd_k,
        night_basal: night.basal,
        parameters: [f64::NAN; 4],
        parameters_sd: [f64::NAN; 4],
        all_fitted: false,
    };
    if rows.len() < LEAST_ROWS {
        return window;
    }
    let column = |of: &[f64]| -> Vec<f64> { rows.iter().map(|&row| of[row]).collect() };
    let mut sd = if equal_weights {
        vec![1.0; rows.len()]
    } else {
        column(columns.nee_sd)
    };
    if setting == Setting::NoSmooth {
        // A row with a very small spread would draw the curve to itself.
        let least = quantile_sorted(&sorted(&sd), 0.3);
        sd.iter_mut().for_each(|sd| *sd = sd.max(least));
    }
    let days = Days {
        nee: column(columns.nee),
        sd,
        radiation_w_m2: column(columns.radiation_w_m2),
        vpd_hpa: column(columns.vpd_hpa),
        temperature_c: column(columns.temperature_c),
    };
    let given = Given {
        sensitivity_k: night.sensitivity_k,
        night_basal: night.basal,
        last_alpha,
        without_vpd,
    };
    match fit(&days, &given) {
        Ok(Curve {
            parameters,
            sd,
            fitted,
        }) => {
            window.outcome = Outcome::Good;
            window.parameters = parameters;
            window.parameters_sd = sd;
            window.all_fitted = fitted.iter().all(|f| *f);
        }
        Err(outcome) => window.outcome = outcome,
    }
    window
}

/// The mean of rows within a window that begins at `first`, rounded as the reference does it.
fn mean_row(rows: &[usize], first: usize) -> Option<usize> {
    if rows.is_empty() {
        return None;
    }
    let sum: f64 = rows.iter().map(|&row| (row - first + 1) as f64).sum();
    Some(first + (sum / rows.len() as f64).round_ties_even() as usize - 1)
}
