//! The steps of marginal distribution sampling, one row at a time.

use rayon::prelude::*;

/// What rows are compared by; NaN is missing. A column that is absent is not compared by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Drivers<'a> {
    /// Incoming shortwave radiation in W m-2.
    pub radiation_w_m2: Option<&'a [f64]>,
    /// Vapour pressure deficit in hPa.
    pub vpd_hpa: Option<&'a [f64]>,
    /// Air temperature in degrees Celsius.
    pub temperature_c: Option<&'a [f64]>,
}

/// Which rows get an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Rows without a value.
    Gaps,
    /// Every row; a measured row is among those that are like it, and the spread says how far a
    /// measurement may be off.
    All,
}

/// Whose windows are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// `REddyProc`: gaps longer than 60 days stay empty.
    REddyProc,
    /// ONEFlux `gf_mds`: windows one row shorter at the left, and any gap is filled in the end.
    OneFlux,
}

/// By what the rows of an estimate are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Method {
    /// Radiation, temperature and vapour pressure deficit.
    AllDrivers = 1,
    /// Radiation.
    Radiation = 2,
    /// The time of the day: the mean diurnal course.
    DiurnalCourse = 3,
}

/// The estimate of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Mean of the rows that were alike, in the column's unit.
    pub value: f64,
    /// Their standard deviation (n - 1).
    pub sd: f64,
    /// How many there were, at least 2.
    pub rows: u32,
    /// By what they were alike.
    pub method: Method,
    /// The whole window in days.
    pub window_days: u16,
    /// 1 good, 2 medium, 3 poor.
    pub quality: u8,
}

/// Tolerances: Reichstein et al. 2005.
const TEMPERATURE_TOLERANCE_C: f64 = 2.5;
const VPD_TOLERANCE_HPA: f64 = 5.0;
const RADIATION_TOLERANCE_W_M2: (f64, f64) = (20.0, 50.0);

/// The estimates of a column: one entry a row, `None` where none was wanted or none could be had.
#[must_use]
pub fn estimates(
    column: &[f64],
    drivers: &Drivers<'_>,
    rows_per_day: usize,
    wanted: Wanted,
    reference: Reference,
) -> Vec<Option<Estimate>> {
    let sampler = Sampler {
        column,
        drivers,
        rows_per_day,
        reference,
    };
    (0..column.len())
        .into_par_iter()
        .with_min_len(256)
        .map_init(Vec::new, |alike, row| {
            (wanted == Wanted::All || column[row].is_nan())
                .then(|| sampler.estimate(row, alike))
                .flatten()
        })
        .collect()
}

struct Sampler<'a> {
    column: &'a [f64],
    drivers: &'a Drivers<'a>,
    rows_per_day: usize,
    reference: Reference,
}

impl Sampler<'_> {
    fn estimate(&self, row: usize, alike: &mut Vec<f64>) -> Option<Estimate> {
        let all = [7, 14]
            .into_iter()
            .find_map(|days| self.all_drivers(row, days, alike));
        all.or_else(|| self.radiation(row, 7, alike))
            .or_else(|| (0..=2).find_map(|days| self.diurnal(row, days, alike)))
            .or_else(|| {
                let longest = self.longest_window();
                (21..=longest)
                    .step_by(7)
                    .find_map(|days| self.all_drivers(row, days, alike))
            })
            .or_else(|| {
                let longest = self.longest_window();
                (14..=longest)
                    .step_by(7)
                    .find_map(|days| self.radiation(row, days, alike))
            })
            .or_else(|| match self.reference {
                Reference::REddyProc => (7..=210)
                    .step_by(7)
                    .find_map(|days| self.diurnal(row, days, alike)),
                Reference::OneFlux => {
                    let record = self.column.len() / self.rows_per_day;
                    (3..=record)
                        .step_by(3)
                        .find_map(|days| self.diurnal(row, days, alike))
                }
            })
    }

    fn longest_window(&self) -> usize {
        match self.reference {
            Reference::REddyProc => 70,
            Reference::OneFlux => 77,
        }
    }

    /// First row and the row after the last of a window of `days` on both sides.
    fn window(&self, row: usize, days: usize) -> (usize, usize) {
        let reach = days * self.rows_per_day;
        let n = self.column.len();
        match self.reference {
            Reference::REddyProc => (row.saturating_sub(reach), n.min(row + reach + 1)),
            Reference::OneFlux => ((row + 1).saturating_sub(reach), n.min(row + reach)),
        }
    }

    fn all_drivers(&self, row: usize, days: usize, alike: &mut Vec<f64>) -> Option<Estimate> {
        let (Some(radiation), Some(vpd), Some(temperature)) = (
            self.drivers.radiation_w_m2,
            self.drivers.vpd_hpa,
            self.drivers.temperature_c,
        ) else {
            return None;
        };
        let (at_radiation, at_vpd, at_temperature) = (radiation[row], vpd[row], temperature[row]);
        if at_radiation.is_nan() || at_vpd.is_nan() || at_temperature.is_nan() {
            return None;
        }
        let tolerance = radiation_tolerance(at_radiation);
        let (first, end) = self.window(row, days);
        alike.clear();
        let columns = self.column[first..end]
            .iter()
            .zip(&radiation[first..end])
            .zip(&vpd[first..end])
            .zip(&temperature[first..end]);
        for (((&value, radiation), vpd), temperature) in columns {
            // One branch: the three comparisons are rarely all true and hard to foresee.
            let like = ((radiation - at_radiation).abs() < tolerance)
                & ((temperature - at_temperature).abs() < TEMPERATURE_TOLERANCE_C)
                & ((vpd - at_vpd).abs() < VPD_TOLERANCE_HPA)
                & !value.is_nan();
            if like {
                alike.push(value);
            }
        }
        let quality = class(2 * days, 14, 56);
        summarise(alike, Method::AllDrivers, 2 * days, quality)
    }

    fn radiation(&self, row: usize, days: usize, alike: &mut Vec<f64>) -> Option<Estimate> {
        let radiation = self.drivers.radiation_w_m2?;
        let at = radiation[row];
        if at.is_nan() {
            return None;
        }
        let tolerance = radiation_tolerance(at);
        let (first, end) = self.window(row, days);
        alike.clear();
        for (&value, radiation) in self.column[first..end].iter().zip(&radiation[first..end]) {
            if ((radiation - at).abs() < tolerance) & !value.is_nan() {
                alike.push(value);
            }
        }
        let quality = class(2 * days, 14, 28);
        summarise(alike, Method::Radiation, 2 * days, quality)
    }

    fn diurnal(&self, row: usize, days: usize, alike: &mut Vec<f64>) -> Option<Estimate> {
        let hour = self.rows_per_day / 24;
        let n = self.column.len();
        alike.clear();
        for day in 0..=2 * days {
            // The row that many days away, from the earliest on.
            let Some(centre) =
                (row + day * self.rows_per_day).checked_sub(days * self.rows_per_day)
            else {
                // The last rows of the hour after it may still be in the record.
                let before = days * self.rows_per_day - row - day * self.rows_per_day;
                alike.extend((0..n.min((hour + 1).saturating_sub(before))).map(|r| self.column[r]));
                continue;
            };
            let (first, end) = (centre.saturating_sub(hour), n.min(centre + hour + 1));
            alike.extend((first..end).map(|r| self.column[r]));
        }
        alike.retain(|value| !value.is_nan());
        let window = 2 * days + 1;
        let quality = class(window, 1, 5);
        summarise(alike, Method::DiurnalCourse, window, quality)
    }
}

fn radiation_tolerance(at_w_m2: f64) -> f64 {
    let (least, most) = RADIATION_TOLERANCE_W_M2;
    at_w_m2.min(most).max(least)
}

fn class(window_days: usize, good: usize, medium: usize) -> u8 {
    match window_days {
        w if w <= good => 1,
        w if w <= medium => 2,
        _ => 3,
    }
}

fn summarise(alike: &[f64], method: Method, window_days: usize, quality: u8) -> Option<Estimate> {
    if alike.len() < 2 {
        return None;
    }
    let n = alike.len() as f64;
    let value = alike.iter().sum::<f64>() / n;
    let squares: f64 = alike.iter().map(|v| (v - value) * (v - value)).sum();
    Some(Estimate {
        value,
        sd: (squares / (n - 1.0)).sqrt(),
        rows: u32::try_from(alike.len()).unwrap_or(u32::MAX),
        method,
        window_days: u16::try_from(window_days).unwrap_or(u16::MAX),
        quality,
    })
}
