//! Units of CO2 in air, brought to ppm of dry air.

use std::fmt;

/// Molar mass of dry air in g/mol, as the reference products use it.
const DRY_AIR_G_PER_MOL: f64 = 28.97;
/// Molar mass of CO2 in g/mol.
const CO2_G_PER_MOL: f64 = 44.01;

/// No column mean of this century is below; with [`LARGEST_PPM`] it tells ppm from anything else.
pub const LEAST_PPM: f64 = 300.0;
/// No column mean of this century is above.
pub const LARGEST_PPM: f64 = 600.0;
/// No standard error of a month's column mean is above.
pub(super) const LARGEST_ERROR_PPM: f64 = 100.0;

/// A unit of CO2 in air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Parts per million by volume: micromoles per mole.
    Ppm,
    /// Parts per billion by volume.
    Ppb,
    /// Moles per mole: ppm times 1e-6.
    MoleFraction,
    /// Kilograms of CO2 per kilogram of dry air: ppm times 44.01 / 28.97 times 1e-6.
    MassFraction,
}

impl Unit {
    /// Reads a unit as people and files write it: `ppm`, `ppmv`, `1e-6`, `umol mol-1`, `mol mol-1`,
    /// `kg kg-1`, `kg kg**-1`, ... A bare `1` says only that there is no dimension, and is decided
    /// by `standard_name`; without one it is `None`.
    #[must_use]
    pub fn parse(text: &str, standard_name: Option<&str>) -> Option<Self> {
        let text = text
            .trim()
            .to_lowercase()
            .replace(['\u{b5}', '\u{3bc}'], "u");
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '_'))
            .collect();
        // A pure number, such as 1.0e-06, is a factor on the mole fraction.
        if let Ok(factor) = plain.parse::<f64>() {
            return match factor {
                1e-6 => Some(Self::Ppm),
                1e-9 => Some(Self::Ppb),
                1.0 => by_name(standard_name?),
                _ => None,
            };
        }
        let plain = plain
            .replace("**", "^")
            .replace("mol^-1", "mol-1")
            .replace("kg^-1", "kg-1");
        match plain.as_str() {
            "ppm" | "ppmv" | "umol/mol" | "umolmol-1" | "micromol/mol" | "micromolmol-1"
            | "micromolepermole" | "10^-6" => Some(Self::Ppm),
            "ppb" | "ppbv" | "nmol/mol" | "nmolmol-1" | "10^-9" => Some(Self::Ppb),
            "mol/mol" | "molmol-1" | "mole/mole" | "molefraction" => Some(Self::MoleFraction),
            "kg/kg" | "kgkg-1" | "massfraction" => Some(Self::MassFraction),
            _ => None,
        }
    }

    /// What a number of this unit is in ppm.
    #[must_use]
    pub fn to_ppm(self, value: f64) -> f64 {
        match self {
            Self::Ppm => value,
            Self::Ppb => value / 1e3,
            Self::MoleFraction => value * 1e6,
            Self::MassFraction => value * (DRY_AIR_G_PER_MOL / CO2_G_PER_MOL) * 1e6,
        }
    }

    /// The unit under which `value` would be a column mean, for advice.
    #[must_use]
    pub fn that_fits(value: f64) -> Option<Self> {
        [Self::Ppm, Self::Ppb, Self::MoleFraction, Self::MassFraction]
            .into_iter()
            .find(|unit| (LEAST_PPM..=LARGEST_PPM).contains(&unit.to_ppm(value)))
    }
}

/// The unit of a fraction whose unit is 1.
fn by_name(standard_name: &str) -> Option<Unit> {
    if standard_name.contains("mole_fraction") || standard_name.contains("volume_fraction") {
        Some(Unit::MoleFraction)
    } else if standard_name.contains("mass_fraction") {
        Some(Unit::MassFraction)
    } else {
        None
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ppm => "ppm",
            Self::Ppb => "ppb",
            Self::MoleFraction => "mol/mol",
            Self::MassFraction => "kg/kg",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_files_write_them() {
        let name = Some("dry_atmosphere_mole_fraction_of_carbon_dioxide");
        for text in [
            "ppm",
            "ppmv",
            "PPMV",
            "1e-6",
            "1.0e-6",
            "1.e-6",
            "1E-06",
            "umol mol-1",
            "µmol/mol",
            "10^-6",
        ] {
            assert_eq!(Unit::parse(text, None), Some(Unit::Ppm), "{text}");
        }
        for text in ["mol mol-1", "mol/mol", "mol mol^-1", "mole fraction"] {
            assert_eq!(Unit::parse(text, None), Some(Unit::MoleFraction), "{text}");
        }
        for text in ["kg kg-1", "kg/kg", "kg kg**-1"] {
            assert_eq!(Unit::parse(text, name), Some(Unit::MassFraction), "{text}");
        }
        assert_eq!(Unit::parse("1", name), Some(Unit::MoleFraction));
        assert_eq!(
            Unit::parse("1", Some("mass_fraction_of_carbon_dioxide_in_air")),
            Some(Unit::MassFraction)
        );
        // 10e-6 is 1e-5.
        for text in ["1", "10e-6", "mg m-3", "ppt", "K", ""] {
            assert_eq!(Unit::parse(text, None), None, "{text}");
        }
    }

    #[test]
    fn each_unit_becomes_ppm() {
        assert_eq!(Unit::Ppm.to_ppm(391.5), 391.5);
        assert!((Unit::Ppb.to_ppm(391_500.0) - 391.5).abs() < 1e-12);
        assert!((Unit::MoleFraction.to_ppm(391.5e-6) - 391.5).abs() < 1e-9);
        // 391.5 ppm is 594.7 mg of CO2 per kg of air.
        assert!((Unit::MassFraction.to_ppm(5.947_511e-4) - 391.5).abs() < 1e-3);
        assert_eq!(Unit::that_fits(3.9e-4), Some(Unit::MoleFraction));
        assert_eq!(Unit::that_fits(6.1e-4), Some(Unit::MassFraction));
        assert_eq!(Unit::that_fits(-9999.0), None);
    }
}
