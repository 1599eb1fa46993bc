//! Uptake and respiration from the days: G. Lasslop et al., "Separation of net ecosystem exchange
//! into assimilation and respiration using a light response curve approach", Global Change Biology
//! 16, 2010, in the two deterministic settings of `REddyProc`.
//!
//! In windows of four days a light response curve is fitted to the measured half-hours of day; the
//! sensitivity of respiration to temperature comes from the nights around. GPP is never negative
//! here, and respiration less GPP is not the measured NEE.

mod curve;
mod minimise;
mod night_sensitivity;
mod predict;
mod window;

pub use window::{Outcome, Window};

use night_sensitivity::night_sensitivities;
use predict::predict;
use window::{fit_windows, windows};

/// What the method reads; NaN is missing.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// NEE as measured and kept, in umol m-2 s-1.
    pub nee: &'a [f64],
    /// How far a half-hour of NEE may be off: the spread of the rows alike, in umol m-2 s-1.
    pub nee_sd: &'a [f64],
    /// Air temperature with its gaps filled, in degrees Celsius.
    pub temperature_c: &'a [f64],
    /// Vapour pressure deficit with its gaps filled, in hPa.
    pub vpd_hpa: &'a [f64],
    /// Incoming shortwave radiation with its gaps filled, in W m-2.
    pub radiation_w_m2: &'a [f64],
    /// Potential radiation in W m-2.
    pub potential_w_m2: &'a [f64],
    /// Rows in a day.
    pub rows_per_day: usize,
}

/// Which of the reference's settings is followed. Both are deterministic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// `partGLControl(nBootUncertainty = 0, smoothTempSensEstimateAcrossTime = FALSE)`.
    NoSmooth,
    /// `partGLControlLasslopCompatible()`.
    Lasslop,
}

/// Respiration and GPP by the day method.
#[derive(Debug, Clone, PartialEq)]
pub struct DayPartition {
    /// Windows in the order of time.
    pub windows: Vec<Window>,
    /// Ecosystem respiration in umol m-2 s-1.
    pub respiration: Vec<f64>,
    /// Gross primary production in umol m-2 s-1.
    pub gpp: Vec<f64>,
    /// 0 all parameters fitted, 1 some were held, 2 the nearest fit is more than 14 days away.
    pub quality: Vec<u8>,
    /// Rows whose vapour pressure deficit is missing, which were predicted from curves without it.
    pub without_vpd: usize,
}

/// Why the method could not be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DayError {
    /// No window has a sensitivity.
    #[error(
        "no window of the record shows how night respiration rises with temperature, so the day method cannot be used for this record"
    )]
    NoSensitivity,
    /// No window could be fitted.
    #[error(
        "none of the {windows} windows gave a light response curve, so the day method cannot be used for this record"
    )]
    NoWindow {
        /// Windows tried.
        windows: usize,
    },
}

/// Partitions a record.
///
/// # Errors
/// Returns an error if no window shows a sensitivity to temperature, or none a light response.
pub fn partition(columns: &Columns<'_>, setting: Setting) -> Result<DayPartition, DayError> {
    let nee_sd = spread(columns, setting);
    let columns = &Columns {
        nee_sd: &nee_sd,
        ..*columns
    };
    let places = windows(columns.nee.len(), columns.rows_per_day);
    let nights = night_sensitivities(columns, &places, setting);
    let Some(nights) = nights else {
        return Err(DayError::NoSensitivity);
    };
    let fitted = fit_windows(columns, &places, &nights, setting, false);
    let Some(mut predicted) = predict(columns, &fitted, setting) else {
        return Err(DayError::NoWindow {
            windows: places.len(),
        });
    };
    let mut without_vpd = 0;
    if setting == Setting::NoSmooth {
        let lacking: Vec<usize> = (0..columns.nee.len())
            .filter(|&row| columns.vpd_hpa[row].is_nan() && predicted.gpp[row].is_nan())
            .collect();
        if !lacking.is_empty() {
            let without = fit_windows(columns, &places, &nights, setting, true);
            if let Some(second) = predict(columns, &without, setting) {
                for row in lacking {
                    predicted.gpp[row] = second.gpp[row];
                    predicted.respiration[row] = second.respiration[row];
                    predicted.quality[row] = second.quality[row];
                    without_vpd += usize::from(!second.gpp[row].is_nan());
                }
            }
        }
    }
    Ok(DayPartition {
        windows: fitted,
        respiration: predicted.respiration,
        gpp: predicted.gpp,
        quality: predicted.quality,
        without_vpd,
    })
}

/// Radiation up to which it is night, in W m-2.
const NIGHT_W_M2: f64 = 4.0;

fn is_day(columns: &Columns<'_>, row: usize) -> bool {
    columns.radiation_w_m2[row] > NIGHT_W_M2 && columns.potential_w_m2[row] > 0.0
}

fn is_night(columns: &Columns<'_>, row: usize) -> bool {
    columns.radiation_w_m2[row] <= NIGHT_W_M2 && columns.potential_w_m2[row] <= 0.0
}

/// The spread of each row; where it is missing, a cautious one by the size of the flux.
fn spread(columns: &Columns<'_>, setting: Setting) -> Vec<f64> {
    let pairs = columns.nee.iter().zip(columns.nee_sd);
    pairs
        .map(|(&nee, &sd)| {
            if setting == Setting::NoSmooth && sd.is_nan() && !nee.is_nan() {
                (nee * 0.2).abs().max(0.7)
            } else {
                sd
            }
        })
        .collect()
}
