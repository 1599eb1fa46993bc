//! What weather can be meant: outside of these limits a unit or a variable was taken for another.

use thiserror::Error;

/// A weather variable of the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weather {
    /// Air temperature in degrees Celsius, of any statistic.
    TemperatureC,
    /// Vapour pressure deficit in Pa.
    VpdPa,
    /// Shortwave radiation at the ground in W m-2, mean over 24 hours.
    ShortwaveWM2,
    /// Photon flux density in umol m-2 s-1, mean over 24 hours.
    PpfdUmolM2S,
    /// Air pressure in Pa.
    PressurePa,
    /// Mole fraction of CO2 in ppm.
    Co2Ppm,
    /// Specific humidity in kg kg-1.
    SpecificHumidityKgKg,
}

/// A value that cannot be meant.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{name} is {value} {unit}, but must be between {least} and {most} {unit}: {hint}")]
pub struct Implausible {
    name: &'static str,
    value: f64,
    unit: &'static str,
    least: f64,
    most: f64,
    hint: &'static str,
}

impl Weather {
    /// Name, unit, least and greatest value, and what is usually wrong outside of them.
    const fn facts(self) -> (&'static str, &'static str, f64, f64, &'static str) {
        match self {
            Self::TemperatureC => (
                "air temperature",
                "degC",
                -60.0,
                50.0,
                "kelvins may be labelled as degrees Celsius, or a fill value is not declared",
            ),
            Self::VpdPa => (
                "vapour pressure deficit",
                "Pa",
                0.0,
                10_000.0,
                "the unit may be hPa or kPa, or vapour pressure was given in its place",
            ),
            Self::ShortwaveWM2 => (
                "24-hour mean of shortwave radiation",
                "W m-2",
                0.0,
                450.0,
                "it may be accumulated energy (J m-2), or a mean over daylight alone",
            ),
            Self::PpfdUmolM2S => (
                "24-hour mean of the photon flux density",
                "umol m-2 s-1",
                0.0,
                900.0,
                "it may be a sum over hours or days, whatever its unit says",
            ),
            Self::PressurePa => (
                "air pressure",
                "Pa",
                40_000.0,
                110_000.0,
                "the unit may be hPa or kPa",
            ),
            Self::Co2Ppm => (
                "CO2",
                "ppm",
                150.0,
                1000.0,
                "the unit may be mol mol-1 or a partial pressure",
            ),
            Self::SpecificHumidityKgKg => (
                "specific humidity",
                "kg kg-1",
                0.0,
                0.05,
                "the unit may be g kg-1, or relative humidity was given in its place",
            ),
        }
    }

    /// Lets a value through that can be meant.
    ///
    /// # Errors
    /// Returns an error if the value is not finite or outside of the limits.
    pub fn check(self, value: f64) -> Result<f64, Implausible> {
        let (name, unit, least, most, hint) = self.facts();
        if value >= least && value <= most {
            return Ok(value);
        }
        Err(Implausible {
            name,
            value,
            unit,
            least,
            most,
            hint,
        })
    }
}
