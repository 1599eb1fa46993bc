//! Where the sun is: length of the day and radiation above the air.

use std::f64::consts::PI;

/// Which rounding of the same formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SolarConstants {
    /// 37.6 MJ m-2 d-1 and 0.0172 rad a day: R's SPEI package, for comparison with it.
    Rounded,
    /// 24 x 60 / pi x 0.0820 MJ m-2 d-1 and 2 pi / 365: FAO-56, equations 21 to 25.
    Fao56,
}

/// The sun of one day at one latitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Hour angle of sunset, radians: 0 in the polar night, pi in the polar day.
    pub sunset_rad: f64,
    /// Radiation above the air, MJ m-2 d-1.
    pub extraterrestrial_mj_m2_d: f64,
}

/// The sun of day `day_of_year` (from 1) at `latitude_rad`.
#[must_use]
pub fn day(latitude_rad: f64, day_of_year: f64, constants: SolarConstants) -> Day {
    let (scale, step) = match constants {
        SolarConstants::Rounded => (37.6, 0.0172),
        SolarConstants::Fao56 => (24.0 * 60.0 / PI * 0.0820, 2.0 * PI / 365.0),
    };
    let angle = step * day_of_year;
    let declination = 0.409 * libm::sin(angle - 1.39);
    let distance = 1.0 + 0.033 * libm::cos(angle);
    let sunset_rad = sunset(latitude_rad, declination);
    let (sin_lat, cos_lat) = (libm::sin(latitude_rad), libm::cos(latitude_rad));
    let radiation = scale
        * distance
        * (sunset_rad * sin_lat * libm::sin(declination)
            + cos_lat * libm::cos(declination) * libm::sin(sunset_rad));
    Day {
        sunset_rad,
        extraterrestrial_mj_m2_d: radiation.max(0.0),
    }
}

/// The hour angle of sunset, radians. Where the sun does not set or does not rise the cosine leaves
/// -1 to 1 and is cut there.
pub(super) fn sunset(latitude_rad: f64, declination_rad: f64) -> f64 {
    let cosine = -libm::tan(latitude_rad) * libm::tan(declination_rad);
    libm::acos(cosine.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fao_example_8_and_the_poles() {
        // FAO-56, example 8: 20 S on 3 September (day 246) 32.2 MJ m-2 d-1.
        let south = day((-20.0_f64).to_radians(), 246.0, SolarConstants::Fao56);
        assert!((south.extraterrestrial_mj_m2_d - 32.2).abs() < 0.05);
        // Example 9: 11.7 hours of day.
        assert!((24.0 / PI * south.sunset_rad - 11.7).abs() < 0.05);
        let night = day(80_f64.to_radians(), 355.0, SolarConstants::Fao56);
        assert_eq!(night.sunset_rad, 0.0);
        assert_eq!(night.extraterrestrial_mj_m2_d, 0.0);
        let light = day(80_f64.to_radians(), 172.0, SolarConstants::Fao56);
        assert_eq!(light.sunset_rad, PI);
        assert!(light.extraterrestrial_mj_m2_d > 40.0);
    }
}
