//! How much radiation could have come at all: the radiation on a horizontal plane outside the
//! atmosphere, zero while the sun is below the horizon.
//!
//! The equations are those of `solartime` and `REddyProc` (`fCalcPotRadiation`): declination and
//! equation of time as Fourier series of the day of the year.

use std::f64::consts::PI;

use crate::axis::Centre;

/// Solar constant used by the reference, in W m-2.
const SOLAR_CONSTANT_W_M2: f64 = 1366.1;

/// Where a tower stands and what its clock shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north.
    pub latitude_degrees: f64,
    /// Degrees east.
    pub longitude_degrees: f64,
    /// Hours that the clock of the file is ahead of UTC, the whole year.
    pub utc_offset_hours: f64,
}

/// Potential radiation in W m-2 at the centre of each row.
#[must_use]
pub fn potential_radiation_w_m2(centres: &[Centre], place: Place) -> Vec<f64> {
    let latitude = place.latitude_degrees / 180.0 * PI;
    let (sin_latitude, cos_latitude) = (libm::sin(latitude), libm::cos(latitude));
    let mut of_day: Option<(i16, i16, Day)> = None;
    centres
        .iter()
        .map(|centre| {
            let day = match of_day {
                Some((year, day, known)) if (year, day) == (centre.year, centre.day_of_year) => {
                    known
                }
                _ => {
                    let day = Day::new(centre.day_of_year);
                    of_day = Some((centre.year, centre.day_of_year, day));
                    day
                }
            };
            let hour = centre.hour + place.longitude_degrees / 15.0 - place.utc_offset_hours
                + day.equation_of_time_hours;
            let angle = (hour - 12.0) * PI / 12.0;
            let sin_elevation = day.sin_declination * sin_latitude
                + day.cos_declination * cos_latitude * libm::cos(angle);
            (day.outside_w_m2 * sin_elevation).max(0.0)
        })
        .collect()
}

/// What does not change within a day.
#[derive(Clone, Copy)]
struct Day {
    equation_of_time_hours: f64,
    sin_declination: f64,
    cos_declination: f64,
    outside_w_m2: f64,
}

impl Day {
    fn new(day_of_year: i16) -> Self {
        let f = 2.0 * PI * (f64::from(day_of_year) - 1.0) / 365.24;
        let (sin, cos) = (libm::sin, libm::cos);
        let declination_degrees =
            0.332_81 - 22.984 * cos(f) - 0.349_90 * cos(2.0 * f) - 0.139_80 * cos(3.0 * f)
                + 3.787_2 * sin(f)
                + 0.032_05 * sin(2.0 * f)
                + 0.071_87 * sin(3.0 * f);
        let declination = declination_degrees / 180.0 * PI;
        Self {
            equation_of_time_hours: 0.0072 * cos(f)
                - 0.0528 * cos(2.0 * f)
                - 0.0012 * cos(3.0 * f)
                - 0.1229 * sin(f)
                - 0.1565 * sin(2.0 * f)
                - 0.0041 * sin(3.0 * f),
            sin_declination: sin(declination),
            cos_declination: cos(declination),
            outside_w_m2: SOLAR_CONSTANT_W_M2
                * (1.000_11
                    + 0.034_221 * cos(f)
                    + 0.001_28 * sin(f)
                    + 0.000_719 * cos(2.0 * f)
                    + 0.000_077 * sin(2.0 * f)),
        }
    }
}
