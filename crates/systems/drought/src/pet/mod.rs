//! Water demand of the air: potential evapotranspiration (PET).
//!
//! | module | needs | source |
//! |---|---|---|
//! | [`thornthwaite()`] | mean temperature | Thornthwaite 1948 |
//! | [`hargreaves()`] | least and greatest temperature | Hargreaves and Samani 1985 |
//! | [`droogers_allen()`] | the same and precipitation | Droogers and Allen 2002 |
//! | [`penman()`] | wind, sunshine or radiation, humidity as well | Allen et al. 1998 (FAO-56) |
//!
//! Series are monthly, in degC, and give mm in the month; a missing value is not a number and gives
//! a missing value. Every cell is computed from itself alone: polar day is a day of 24 hours and a
//! site that is frozen all year has no demand, whatever sites stand beside it in a matrix.

mod cold;
mod hargreaves;
mod penman;
mod sun;
mod thornthwaite;

pub use cold::{HOT_MONTH_DEG_C, conductance_scale, thornthwaite_hot_mm};
pub use hargreaves::{droogers_allen, hargreaves, hargreaves_day_mm};
pub use penman::{
    Cloudiness, Crop, Humidity, PenmanConstants, PenmanDay, PenmanMethod, PenmanMonths,
    PenmanOptions, Penmanned, penman, penman_day, wind_at_2m,
};
pub use sun::{Day, SolarConstants, day};
pub use thornthwaite::{ThornthwaiteOptions, thornthwaite};

use crate::{DroughtError, MonthAxis};

/// The day of the year that stands for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MidMonth {
    /// The middle of the month in its own year, leap years apart.
    RealCalendar,
    /// The middle of the month in a year of 365 days.
    FixedYear,
}

/// Days of the months of a year of 365 days.
const FIXED_DAYS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The day of the year and the days of the month for month number `index` of `axis`.
fn middle(axis: &MonthAxis, index: usize, middle: MidMonth) -> (f64, f64) {
    let month = axis.at(index);
    match middle {
        MidMonth::RealCalendar => {
            let days = month.days();
            // round(days / 2 - 1), halves to the even number.
            let half = f64::from(days) / 2.0 - 1.0;
            let offset = libm::rint(half);
            (
                f64::from(month.first_day_of_year()) + offset,
                f64::from(days),
            )
        }
        MidMonth::FixedYear => {
            let calendar = axis.calendar(index);
            let before: u16 = FIXED_DAYS[..calendar].iter().map(|&d| u16::from(d)).sum();
            (f64::from(before) + 15.0, f64::from(FIXED_DAYS[calendar]))
        }
    }
}

/// The least and the greatest monthly temperature that is believed, degC.
pub const PLAUSIBLE_DEG_C: (f64, f64) = (-75.0, 60.0);

/// Refuses temperatures that cannot be degC: kelvin, tenths of a degree, fill values.
///
/// # Errors
/// Returns an error if a temperature is outside [`PLAUSIBLE_DEG_C`], with what it looks like.
pub fn plausible_temperature(axis: &MonthAxis, deg_c: &[f64]) -> Result<(), DroughtError> {
    let (low, high) = PLAUSIBLE_DEG_C;
    for (index, &found) in deg_c.iter().enumerate() {
        if !found.is_nan() && !(low..=high).contains(&found) {
            let hint = if (180.0..=340.0).contains(&found) {
                "it looks like kelvin"
            } else if found.abs() >= 900.0 {
                "it looks like a fill value"
            } else {
                "it looks like another unit"
            };
            return Err(DroughtError::Implausible {
                what: "temperature",
                found,
                when: axis.at(index).to_string(),
                low,
                high,
                unit: "degC",
                hint,
            });
        }
    }
    Ok(())
}

/// The greatest monthly precipitation that is believed, mm (the record is 9,300 mm, Cherrapunji,
/// July 1861).
pub const PLAUSIBLE_MM: f64 = 10_000.0;

/// Refuses precipitation that cannot be mm in a month: negative, or a fill value.
///
/// # Errors
/// Returns an error if a value is below 0 or above [`PLAUSIBLE_MM`].
pub fn plausible_precipitation(axis: &MonthAxis, mm: &[f64]) -> Result<(), DroughtError> {
    for (index, &found) in mm.iter().enumerate() {
        if !found.is_nan() && !(0.0..=PLAUSIBLE_MM).contains(&found) {
            return Err(DroughtError::Implausible {
                what: "precipitation",
                found,
                when: axis.at(index).to_string(),
                low: 0.0,
                high: PLAUSIBLE_MM,
                unit: "mm a month",
                hint: if found < 0.0 {
                    "precipitation cannot be negative"
                } else {
                    "it looks like a fill value or another unit"
                },
            });
        }
    }
    Ok(())
}

/// Degrees in a radian, as R's SPEI writes it: with more digits no month would agree to 1e-10 mm.
const DEGREES_ROUNDED: f64 = 57.295_779_5;

/// The latitude in radians; refuses one outside the earth.
fn latitude_radians(latitude_deg: f64, constants: SolarConstants) -> Result<f64, DroughtError> {
    if (-90.0..=90.0).contains(&latitude_deg) {
        Ok(match constants {
            SolarConstants::Rounded => latitude_deg / DEGREES_ROUNDED,
            SolarConstants::Fao56 => latitude_deg.to_radians(),
        })
    } else {
        Err(DroughtError::Domain {
            what: "the latitude",
            expected: "between -90 and 90 degrees",
            found: latitude_deg,
        })
    }
}
