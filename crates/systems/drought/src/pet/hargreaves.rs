//! Hargreaves, and its form for dry air that knows the precipitation.

use super::sun::{SolarConstants, day};
use super::{MidMonth, latitude_radians, middle, plausible_precipitation, plausible_temperature};
use crate::{DroughtError, MonthAxis};

/// Equivalent evaporation of radiation, mm per MJ m-2.
const MM_PER_MJ: f64 = 0.408;

/// PET, mm in the month: `0.0023 x 0.408 Ra (T + 17.8) sqrt(Tx - Tn)` a day (Hargreaves and Samani
/// 1985), with T the middle of least and greatest. Below 0 it is 0: under -17.8 degC the formula
/// turns negative, which is every January in Mongolia.
///
/// With monthly mean least and greatest temperatures the result is above the sum of daily ones: the
/// square root is concave.
///
/// # Errors
/// Returns an error if the lengths differ, or a latitude or a temperature cannot be meant.
pub fn hargreaves(
    axis: &MonthAxis,
    least_deg_c: &[f64],
    greatest_deg_c: &[f64],
    latitude_deg: f64,
    middle_of: MidMonth,
) -> Result<Vec<f64>, DroughtError> {
    by_month(
        axis,
        least_deg_c,
        greatest_deg_c,
        latitude_deg,
        middle_of,
        |_, ra, mean, range| 0.0023 * MM_PER_MJ * ra * (mean + 17.8) * libm::sqrt(range),
    )
}

/// PET, mm in the month: `0.0013 x 0.408 Ra (T + 17.0) (Tx - Tn - 0.0123 P)^0.76` a day (Droogers and
/// Allen 2002), P in mm in the month. Where rain takes the whole range away, 0.
///
/// # Errors
/// Returns an error if the lengths differ, or a latitude, a temperature or a precipitation cannot be
/// meant.
pub fn droogers_allen(
    axis: &MonthAxis,
    least_deg_c: &[f64],
    greatest_deg_c: &[f64],
    precipitation_mm: &[f64],
    latitude_deg: f64,
    middle_of: MidMonth,
) -> Result<Vec<f64>, DroughtError> {
    axis.fits("precipitation", precipitation_mm)?;
    plausible_precipitation(axis, precipitation_mm)?;
    by_month(
        axis,
        least_deg_c,
        greatest_deg_c,
        latitude_deg,
        middle_of,
        |index, ra, mean, range| {
            let dry_range = range - 0.0123 * precipitation_mm[index];
            if dry_range.is_nan() {
                f64::NAN
            } else if dry_range <= 0.0 {
                0.0
            } else {
                0.0013 * MM_PER_MJ * ra * (mean + 17.0) * libm::pow(dry_range, 0.76)
            }
        },
    )
}

/// PET of one day, mm, with the constants of FAO-56 (its equation 52). Not a number if a temperature
/// is not known; 0 where the formula is negative.
#[must_use]
pub fn hargreaves_day_mm(
    latitude_deg: f64,
    day_of_year: u16,
    least_deg_c: f64,
    greatest_deg_c: f64,
) -> f64 {
    let sun = day(
        latitude_deg.to_radians(),
        f64::from(day_of_year),
        SolarConstants::Fao56,
    );
    let mean = 0.5 * (least_deg_c + greatest_deg_c);
    let range = greatest_deg_c - least_deg_c;
    if range.is_nan() {
        return f64::NAN;
    }
    let mm = 0.0023
        * MM_PER_MJ
        * sun.extraterrestrial_mj_m2_d
        * (mean + 17.8)
        * libm::sqrt(range.max(0.0));
    mm.max(0.0)
}

fn by_month(
    axis: &MonthAxis,
    least_deg_c: &[f64],
    greatest_deg_c: &[f64],
    latitude_deg: f64,
    middle_of: MidMonth,
    day_mm: impl Fn(usize, f64, f64, f64) -> f64,
) -> Result<Vec<f64>, DroughtError> {
    axis.fits("least temperature", least_deg_c)?;
    axis.fits("greatest temperature", greatest_deg_c)?;
    let latitude = latitude_radians(latitude_deg, SolarConstants::Rounded)?;
    plausible_temperature(axis, least_deg_c)?;
    plausible_temperature(axis, greatest_deg_c)?;
    Ok((0..axis.len())
        .map(|index| {
            let (least, greatest) = (least_deg_c[index], greatest_deg_c[index]);
            if least.is_nan() || greatest.is_nan() {
                return f64::NAN;
            }
            let (day_of_year, days) = middle(axis, index, middle_of);
            let sun = day(latitude, day_of_year, SolarConstants::Rounded);
            let mean = 0.5 * (least + greatest);
            let range = (greatest - least).max(0.0);
            let mm = day_mm(index, sun.extraterrestrial_mj_m2_d, mean, range);
            if mm < 0.0 { 0.0 } else { mm * days }
        })
        .collect())
}
