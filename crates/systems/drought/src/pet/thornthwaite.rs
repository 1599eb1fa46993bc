//! Thornthwaite: demand from mean temperature alone.

use std::f64::consts::PI;

use super::sun::{SolarConstants, sunset};
use super::{
    HOT_MONTH_DEG_C, MidMonth, latitude_radians, middle, plausible_temperature, thornthwaite_hot_mm,
};
use crate::{DroughtError, MonthAxis};

/// What of Thornthwaite's method is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThornthwaiteOptions {
    /// The day that stands for a month.
    pub middle: MidMonth,
    /// Willmott's rule for months of 26.5 degC and more. Off in R's SPEI package and by default.
    pub hot_months: bool,
}

impl Default for ThornthwaiteOptions {
    fn default() -> Self {
        Self {
            middle: MidMonth::RealCalendar,
            hot_months: false,
        }
    }
}

/// PET, mm in the month: `16 K (10 T / J)^q` (Thornthwaite 1948), 0 where it freezes.
///
/// The heat index J takes the mean of each calendar month over the whole series, then cuts it at 0.
/// A calendar month that is never known leaves J, and so every month, unknown. A site whose every
/// month is at or below 0 degC has J = 0 and no demand.
///
/// # Errors
/// Returns an error if the lengths differ, or a latitude or a temperature cannot be meant.
pub fn thornthwaite(
    axis: &MonthAxis,
    mean_deg_c: &[f64],
    latitude_deg: f64,
    options: ThornthwaiteOptions,
) -> Result<Vec<f64>, DroughtError> {
    axis.fits("mean temperature", mean_deg_c)?;
    let latitude = latitude_radians(latitude_deg, SolarConstants::Rounded)?;
    plausible_temperature(axis, mean_deg_c)?;
    let heat = heat_index(axis, mean_deg_c);
    let exponent = 6.75e-7 * heat * heat * heat - 7.71e-5 * heat * heat + 0.01792 * heat + 0.49239;
    let demand = |index: usize, deg_c: f64| {
        if deg_c.is_nan() || heat.is_nan() {
            return f64::NAN;
        }
        if heat == 0.0 || deg_c <= 0.0 {
            return 0.0;
        }
        let (day_of_year, days) = middle(axis, index, options.middle);
        let declination = 0.4093 * libm::sin(2.0 * PI * day_of_year / 365.0 - 1.405);
        let hours = 24.0 * sunset(latitude, declination) / PI;
        let correction = hours / 12.0 * (days / 30.0);
        if options.hot_months && deg_c >= HOT_MONTH_DEG_C {
            correction * thornthwaite_hot_mm(deg_c)
        } else {
            16.0 * correction * libm::pow(10.0 * deg_c / heat, exponent)
        }
    };
    Ok(mean_deg_c
        .iter()
        .enumerate()
        .map(|(index, &deg_c)| demand(index, deg_c))
        .collect())
}

/// The annual heat index J: the sum of `(T/5)^1.514` over the twelve mean months above 0 degC.
fn heat_index(axis: &MonthAxis, mean_deg_c: &[f64]) -> f64 {
    let mut sums = [0.0; 12];
    let mut counts = [0_u32; 12];
    for (index, &deg_c) in mean_deg_c.iter().enumerate() {
        if !deg_c.is_nan() {
            let calendar = axis.calendar(index);
            sums[calendar] += deg_c;
            counts[calendar] += 1;
        }
    }
    sums.iter()
        .zip(counts)
        .map(|(sum, count)| {
            if count == 0 {
                return f64::NAN;
            }
            let mean = sum / f64::from(count);
            if mean > 0.0 {
                libm::pow(mean / 5.0, 1.514)
            } else {
                0.0
            }
        })
        .sum()
}
