//! Penman-Monteith of a short or tall reference crop, monthly and daily, with every default named.

use std::f64::consts::PI;

use super::sun::{Day, SolarConstants, day};
use super::{MidMonth, conductance_scale, latitude_radians, middle, plausible_temperature};
use crate::{DroughtError, MonthAxis};

/// Whose rounding of the equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PenmanMethod {
    /// FAO-56 (Allen et al. 1998).
    Fao,
    /// ICID (Allen et al. 1994): another psychrometric constant and slope. R's default.
    Icid,
    /// ASCE 2005: as FAO but for relative humidity.
    Asce,
}

/// The reference crop: aerodynamic and surface constants of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crop {
    /// Clipped grass, 0.12 m: 900 and 0.34.
    Short,
    /// Alfalfa, 0.5 m: 1600 and 0.38.
    Tall,
}

impl Crop {
    fn constants(self) -> (f64, f64) {
        match self {
            Self::Short => (900.0, 0.34),
            Self::Tall => (1600.0, 0.38),
        }
    }
}

/// What is known of clouds: one value a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cloudiness<'a> {
    /// Radiation at the ground, MJ m-2 d-1.
    RadiationMj(&'a [f64]),
    /// Hours of bright sunshine a day.
    SunHours(&'a [f64]),
    /// Sky covered by clouds, percent.
    CloudPercent(&'a [f64]),
    /// Nothing: `kRs sqrt(Tx - Tn) Ra`, kRs 0.16 inland and 0.19 at the coast (FAO-56, equation 50).
    FromRange(f64),
}

/// What is known of humidity: one value a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Humidity<'a> {
    /// Actual vapour pressure, kPa.
    VapourPressureKpa(&'a [f64]),
    /// Dew point, degC.
    DewPoint(&'a [f64]),
    /// Mean relative humidity, percent.
    RelativePercent(&'a [f64]),
    /// Nothing: the dew point is taken to be the least temperature less this many degrees (0, or 2
    /// in dry country: FAO-56, chapter 3).
    FromLeast(f64),
}

/// What goes in, one value a month; a value that is not known is not a number.
#[derive(Debug, Clone, Copy)]
pub struct PenmanMonths<'a> {
    /// Mean least temperature, degC.
    pub least_deg_c: &'a [f64],
    /// Mean greatest temperature, degC.
    pub greatest_deg_c: &'a [f64],
    /// Wind at 2 m, m s-1; without it 2 m s-1 is taken.
    pub wind_m_s: Option<&'a [f64]>,
    /// Clouds or radiation.
    pub cloudiness: Cloudiness<'a>,
    /// Humidity.
    pub humidity: Humidity<'a>,
    /// Latitude, degrees.
    pub latitude_deg: f64,
    /// Height above the sea, m.
    pub elevation_m: f64,
}

/// The constants in which programs differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PenmanConstants {
    /// As R's SPEI package rounds them, and Rs/Rso not cut: for comparison with it.
    Spei,
    /// FAO-56: 4.903e-9 MJ K-4 m-2 d-1, 273.16 K, and Rs/Rso cut to 0.3 to 1.
    Fao56,
}

/// What of the method is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PenmanOptions {
    /// Whose form.
    pub method: PenmanMethod,
    /// The reference crop.
    pub crop: Crop,
    /// The day that stands for a month.
    pub middle: MidMonth,
    /// The rounding of the constants.
    pub constants: PenmanConstants,
    /// CO2 of the air, ppm, if the closing of stomata is to be counted (Yang et al. 2019); `None` is
    /// 300 ppm.
    pub co2_ppm: Option<f64>,
    /// Stomata close below 5 degC, see [`conductance_scale`].
    pub cold_conductance: bool,
}

impl Default for PenmanOptions {
    fn default() -> Self {
        Self {
            method: PenmanMethod::Fao,
            crop: Crop::Short,
            middle: MidMonth::RealCalendar,
            constants: PenmanConstants::Fao56,
            co2_ppm: None,
            cold_conductance: false,
        }
    }
}

/// PET with what was taken for granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Penmanned {
    /// PET, mm in the month.
    pub mm: Vec<f64>,
    /// Each default that stands for an input that was not given, in words.
    pub assumed: Vec<String>,
}

/// Saturation vapour pressure, kPa (FAO-56, equation 11).
fn saturation_kpa(deg_c: f64) -> f64 {
    0.611 * libm::exp(17.27 * deg_c / (deg_c + 237.3))
}

/// Wind at 2 m from wind at `height_m`, m s-1 (FAO-56, equation 47).
#[must_use]
pub fn wind_at_2m(wind_m_s: f64, height_m: f64) -> f64 {
    wind_m_s * 4.87 / libm::log(67.8 * height_m - 5.42)
}

/// What one step of the equation needs.
struct Step {
    least: f64,
    greatest: f64,
    wind: f64,
    actual_kpa: f64,
    /// Radiation at the ground, MJ m-2 d-1.
    short_wave: f64,
    soil_heat: f64,
    sun: Day,
}

/// Reference evapotranspiration of one step, mm a day; below 0 it is 0.
fn step_mm(step: &Step, elevation_m: f64, options: &PenmanOptions) -> f64 {
    let mean = 0.5 * (step.least + step.greatest);
    let pressure_kpa = 101.3 * libm::pow((293.0 - 0.0065 * elevation_m) / 293.0, 5.26);
    let saturated = 0.5 * (saturation_kpa(step.greatest) + saturation_kpa(step.least));
    let (gamma, slope_of) = match options.method {
        PenmanMethod::Fao | PenmanMethod::Asce => (0.665e-3 * pressure_kpa, saturation_kpa(mean)),
        PenmanMethod::Icid => (
            1.63e-3 * pressure_kpa / (2.501 - 0.002361 * mean),
            saturated,
        ),
    };
    let slope = 4099.0 * slope_of / ((mean + 237.3) * (mean + 237.3));
    let (boltzmann, zero_k) = match options.constants {
        PenmanConstants::Spei => (4.9e-9, 273.15),
        PenmanConstants::Fao56 => (4.903e-9, 273.16),
    };
    let clear_sky = (0.75 + 2e-5 * elevation_m) * step.sun.extraterrestrial_mj_m2_d;
    // In the polar night there is no clear sky to compare with, and nothing is radiated in.
    let net = if step.short_wave.is_nan() {
        f64::NAN
    } else if step.short_wave == 0.0 || clear_sky == 0.0 {
        0.0
    } else {
        let mut ratio = step.short_wave / clear_sky;
        if options.constants == PenmanConstants::Fao56 {
            ratio = ratio.clamp(0.3, 1.0);
        }
        let fourth = |deg_c: f64| {
            let square = (deg_c + zero_k) * (deg_c + zero_k);
            square * square
        };
        0.77 * step.short_wave
            - (1.35 * ratio - 0.35)
                * (0.34 - 0.14 * libm::sqrt(step.actual_kpa))
                * boltzmann
                * 0.5
                * (fourth(step.greatest) + fourth(step.least))
    };
    let (aerodynamic, surface) = options.crop.constants();
    let surface = surface + 0.00024 * (options.co2_ppm.unwrap_or(300.0) - 300.0);
    let surface = if options.cold_conductance {
        surface / conductance_scale(mean)
    } else {
        surface
    };
    let mm = (0.408 * slope * (net - step.soil_heat)
        + gamma * aerodynamic / (mean + 273.0) * step.wind * (saturated - step.actual_kpa))
        / (slope + gamma * (1.0 + surface * step.wind));
    if mm < 0.0 { 0.0 } else { mm }
}

/// PET, mm in the month (Allen et al. 1998, equation 6), monthly means in.
///
/// The heat of the soil is 0.07 times the change of the mean temperature from the month before to the
/// month after, 0.14 times the one step there is at an end or beside a gap, 0 for a month alone.
///
/// # Errors
/// Returns an error if the lengths differ, or a latitude, a height or a temperature cannot be meant.
pub fn penman(
    axis: &MonthAxis,
    given: &PenmanMonths<'_>,
    options: &PenmanOptions,
) -> Result<Penmanned, DroughtError> {
    check(axis, given)?;
    let solar = match options.constants {
        PenmanConstants::Spei => SolarConstants::Rounded,
        PenmanConstants::Fao56 => SolarConstants::Fao56,
    };
    let latitude = latitude_radians(given.latitude_deg, solar)?;
    let means: Vec<f64> = given
        .least_deg_c
        .iter()
        .zip(given.greatest_deg_c)
        .map(|(least, greatest)| 0.5 * (least + greatest))
        .collect();
    let mm = (0..axis.len())
        .map(|index| {
            let (day_of_year, days) = middle(axis, index, options.middle);
            let sun = day(latitude, day_of_year, solar);
            let (least, greatest) = (given.least_deg_c[index], given.greatest_deg_c[index]);
            let step = Step {
                least,
                greatest,
                wind: given.wind_m_s.map_or(2.0, |wind| wind[index]),
                actual_kpa: actual_kpa(&given.humidity, index, least, greatest, options.method),
                short_wave: short_wave(&given.cloudiness, index, least, greatest, &sun),
                soil_heat: soil_heat(&means, index),
                sun,
            };
            days * step_mm(&step, given.elevation_m, options)
        })
        .collect();
    Ok(Penmanned {
        mm,
        assumed: assumed(given),
    })
}

fn check(axis: &MonthAxis, given: &PenmanMonths<'_>) -> Result<(), DroughtError> {
    axis.fits("least temperature", given.least_deg_c)?;
    axis.fits("greatest temperature", given.greatest_deg_c)?;
    if let Some(wind) = given.wind_m_s {
        axis.fits("wind", wind)?;
    }
    match given.cloudiness {
        Cloudiness::RadiationMj(values)
        | Cloudiness::SunHours(values)
        | Cloudiness::CloudPercent(values) => axis.fits("clouds or radiation", values)?,
        Cloudiness::FromRange(_) => {}
    }
    match given.humidity {
        Humidity::VapourPressureKpa(values)
        | Humidity::DewPoint(values)
        | Humidity::RelativePercent(values) => axis.fits("humidity", values)?,
        Humidity::FromLeast(_) => {}
    }
    if !(-500.0..=9000.0).contains(&given.elevation_m) {
        return Err(DroughtError::Domain {
            what: "the height above the sea",
            expected: "between -500 and 9000 m",
            found: given.elevation_m,
        });
    }
    plausible_temperature(axis, given.least_deg_c)?;
    plausible_temperature(axis, given.greatest_deg_c)
}

fn actual_kpa(
    humidity: &Humidity<'_>,
    index: usize,
    least: f64,
    greatest: f64,
    method: PenmanMethod,
) -> f64 {
    match humidity {
        Humidity::VapourPressureKpa(values) => values[index],
        Humidity::DewPoint(values) => saturation_kpa(values[index]),
        Humidity::FromLeast(less) => saturation_kpa(least - less),
        Humidity::RelativePercent(values) => {
            let (low, high) = (saturation_kpa(least), saturation_kpa(greatest));
            let percent = values[index];
            match method {
                PenmanMethod::Fao => 0.5 * (low + high) * percent / 100.0,
                PenmanMethod::Icid => percent / (50.0 / low + 50.0 / high),
                PenmanMethod::Asce => saturation_kpa(0.5 * (least + greatest)) * percent / 100.0,
            }
        }
    }
}

fn short_wave(
    cloudiness: &Cloudiness<'_>,
    index: usize,
    least: f64,
    greatest: f64,
    sun: &Day,
) -> f64 {
    let above = sun.extraterrestrial_mj_m2_d;
    match cloudiness {
        Cloudiness::RadiationMj(values) => values[index],
        Cloudiness::SunHours(values) => {
            let longest = 24.0 / PI * sun.sunset_rad;
            // R writes the length of the day as 7.64 ws.
            let share = if longest == 0.0 {
                0.0
            } else {
                values[index] / (7.64 * sun.sunset_rad)
            };
            (0.25 + 0.5 * share) * above
        }
        Cloudiness::CloudPercent(values) => (0.25 + 0.5 * (100.0 - values[index]) / 100.0) * above,
        Cloudiness::FromRange(k_rs) => k_rs * libm::sqrt((greatest - least).max(0.0)) * above,
    }
}

/// MJ m-2 d-1 into the soil.
fn soil_heat(means: &[f64], index: usize) -> f64 {
    let known = |at: Option<usize>| {
        at.and_then(|at| means.get(at).copied())
            .filter(|deg_c| !deg_c.is_nan())
    };
    let here = means[index];
    match (known(index.checked_sub(1)), known(index.checked_add(1))) {
        (Some(before), Some(after)) => 0.07 * (after - before),
        (Some(before), None) => 0.14 * (here - before),
        (None, Some(after)) => 0.14 * (after - here),
        (None, None) => 0.0,
    }
}

fn assumed(given: &PenmanMonths<'_>) -> Vec<String> {
    let mut words = Vec::new();
    if given.wind_m_s.is_none() {
        words.push("wind at 2 m: 2 m s-1 (FAO-56, table 4)".to_owned());
    }
    if let Cloudiness::FromRange(k_rs) = given.cloudiness {
        words.push(format!(
            "radiation: {k_rs} sqrt(Tx - Tn) Ra (FAO-56, equation 50)"
        ));
    }
    if let Humidity::FromLeast(less) = given.humidity {
        words.push(format!(
            "humidity: dew point at the least temperature less {less} degC (FAO-56, equation 48)"
        ));
    }
    words
}

/// What one day needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PenmanDay {
    /// Latitude, degrees.
    pub latitude_deg: f64,
    /// Height above the sea, m.
    pub elevation_m: f64,
    /// Day of the year, from 1.
    pub day_of_year: u16,
    /// Least temperature, degC.
    pub least_deg_c: f64,
    /// Greatest temperature, degC.
    pub greatest_deg_c: f64,
    /// Wind at 2 m, m s-1.
    pub wind_m_s: f64,
    /// Actual vapour pressure, kPa.
    pub actual_vapour_kpa: f64,
    /// Radiation at the ground, MJ m-2 d-1.
    pub radiation_mj_m2_d: f64,
}

/// Reference evapotranspiration of one day, mm (FAO-56, equation 6 with G = 0).
#[must_use]
pub fn penman_day(given: &PenmanDay, options: &PenmanOptions) -> f64 {
    let solar = match options.constants {
        PenmanConstants::Spei => SolarConstants::Rounded,
        PenmanConstants::Fao56 => SolarConstants::Fao56,
    };
    let step = Step {
        least: given.least_deg_c,
        greatest: given.greatest_deg_c,
        wind: given.wind_m_s,
        actual_kpa: given.actual_vapour_kpa,
        short_wave: given.radiation_mj_m2_d,
        soil_heat: 0.0,
        sun: day(
            given.latitude_deg.to_radians(),
            f64::from(given.day_of_year),
            solar,
        ),
    };
    step_mm(&step, given.elevation_m, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fao_example_18_is_a_day_in_uccle() {
        // FAO-56, example 18: 6 July, 50.80 N, 100 m, 12.3 to 21.5 degC, 84 and 63 %, 2.078 m/s,
        // Rs 22.07 MJ m-2 d-1: 3.9 mm (3.88 with its rounded intermediate values).
        let given = PenmanDay {
            latitude_deg: 50.80,
            elevation_m: 100.0,
            day_of_year: 187,
            least_deg_c: 12.3,
            greatest_deg_c: 21.5,
            wind_m_s: 2.078,
            actual_vapour_kpa: 1.409,
            radiation_mj_m2_d: 22.07,
        };
        let mm = penman_day(&given, &PenmanOptions::default());
        assert!((mm - 3.88).abs() < 0.02, "{mm}");
        // FAO-56, example 14: 3.2 m/s at 10 m is 2.4 at 2 m.
        assert!((wind_at_2m(3.2, 10.0) - 2.4).abs() < 0.05);
    }
}
