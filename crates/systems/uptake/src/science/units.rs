//! Conversions, one function each, so that each is tested alone.

use nutag_frame::co2_from_carbon;

/// gC m-2 as tC km-2: a square kilometre is 10^6 m2 and a tonne 10^6 g, so the number is the same.
#[must_use]
pub fn tc_per_km2_from_gc_per_m2(gc_per_m2: f64) -> f64 {
    gc_per_m2
}

/// A density in gC m-2 over an area in km2, as tC.
#[must_use]
pub fn tc_from_density(gc_per_m2: f64, area_km2: f64) -> f64 {
    tc_per_km2_from_gc_per_m2(gc_per_m2) * area_km2
}

/// kgC as Mt of CO2: 10^9 kg are a Mt, and carbon becomes CO2 by 44/12.
#[must_use]
pub fn mtco2_from_kgc(kgc: f64) -> f64 {
    co2_from_carbon(kgc) / 1e9
}

/// CO2 as carbon, in the same unit of mass.
#[must_use]
pub fn carbon_from_co2(co2: f64) -> f64 {
    co2 * 12.0 / 44.0
}

/// Carbon as dry matter, in the same unit of mass.
#[must_use]
pub fn dry_matter_from_carbon(carbon: f64, carbon_per_dry_matter: f64) -> f64 {
    carbon / carbon_per_dry_matter
}

/// Dry matter as carbon, in the same unit of mass.
#[must_use]
pub fn carbon_from_dry_matter(dry_matter: f64, carbon_per_dry_matter: f64) -> f64 {
    dry_matter * carbon_per_dry_matter
}

/// Carbon that a fire sets free, in tC: burned area x fuel x combustion completeness x gCO2 per kg of
/// dry matter burned (IPCC 2006 Guidelines, volume 4, equation 2.27, for CO2).
#[must_use]
pub fn fire_tc(
    burned_km2: f64,
    fuel_kg_per_m2: f64,
    completeness: f64,
    gco2_per_kg_burned: f64,
) -> f64 {
    let burned_kg = burned_km2 * 1e6 * fuel_kg_per_m2 * completeness;
    carbon_from_co2(burned_kg * gco2_per_kg_burned / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gram_a_square_metre_is_a_tonne_a_square_kilometre() {
        let grams = 1.0 * 1e6;
        assert_eq!(tc_per_km2_from_gc_per_m2(1.0), grams / 1e6);
        // The published country at its published mean.
        assert_eq!(tc_from_density(149.0, 1_848_213.0), 275_383_737.0);
    }

    #[test]
    fn carbon_becomes_co2_and_back() {
        assert_eq!(co2_from_carbon(3.0), 11.0);
        assert_eq!(carbon_from_co2(44.0), 12.0);
        assert_eq!(carbon_from_co2(co2_from_carbon(27.0)), 27.0);
    }

    #[test]
    fn kilograms_of_carbon_become_megatonnes_of_co2() {
        assert_eq!(mtco2_from_kgc(12e9), 44.0);
        assert!((mtco2_from_kgc(1e9) - 3.666_666_666_666_667).abs() < 1e-15);
    }

    #[test]
    fn dry_matter_holds_its_share_of_carbon() {
        assert_eq!(carbon_from_dry_matter(100.0, 0.45), 45.0);
        assert_eq!(dry_matter_from_carbon(45.0, 0.45), 100.0);
    }

    #[test]
    fn a_burned_square_kilometre() {
        // 10^6 m2 x 0.2 kg x 0.77 = 154 t burned, x 1.613 t CO2 a t = 248.402 tCO2.
        let tc = fire_tc(1.0, 0.2, 0.77, 1613.0);
        assert!((tc - 248.402 * 12.0 / 44.0).abs() < 1e-9);
        assert_eq!(fire_tc(0.0, 0.2, 0.77, 1613.0), 0.0);
    }
}
