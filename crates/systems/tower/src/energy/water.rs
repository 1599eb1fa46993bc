//! Water from latent heat.

/// Heat that evaporates a kilogram of water, in J: 2.501e6 - 2360 T, T in degrees Celsius
/// (`REddyProc` `fCalcETfromLE`).
#[must_use]
pub fn heat_of_vaporisation_j_kg(temperature_c: f64) -> f64 {
    (2.501 - 0.002_36 * temperature_c) * 1e6
}

/// Heat that turns a kilogram of ice into vapour, in J.
pub const HEAT_OF_SUBLIMATION_J_KG: f64 = 2.834e6;

/// Water in mm that a latent heat flux of `le_w_m2` carries in `seconds`; with `sublimation`, ice
/// and not water below 0 degrees Celsius. NaN if the flux or the temperature is missing.
#[must_use]
pub fn evaporation_mm(le_w_m2: f64, temperature_c: f64, seconds: f64, sublimation: bool) -> f64 {
    let heat = if sublimation && temperature_c < 0.0 {
        HEAT_OF_SUBLIMATION_J_KG
    } else {
        heat_of_vaporisation_j_kg(temperature_c)
    };
    le_w_m2 * seconds / heat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ice_takes_more_heat() {
        let water = evaporation_mm(100.0, -10.0, 1800.0, false);
        let ice = evaporation_mm(100.0, -10.0, 1800.0, true);
        assert!((water - 0.180_000 / 2.5246).abs() < 1e-9, "{water}");
        assert!((ice - 0.18 / 2.834).abs() < 1e-9);
        assert!(evaporation_mm(100.0, f64::NAN, 1800.0, true).is_nan());
    }
}
