//! Masses of carbon.

/// Tonnes of CO2 per tonne of carbon, as numerator and denominator: the molar masses 44 and 12 (IPCC
/// 2006 Guidelines, volume 1, chapter 1).
pub const CARBON_TO_CO2: (i128, i128) = (44, 12);

/// Carbon as CO2, in the same unit of mass.
#[must_use]
pub fn co2_from_carbon(carbon: f64) -> f64 {
    // Both factors are small integers, so only two roundings happen.
    carbon * 44.0 / 12.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carbon_is_heavier_as_co2() {
        assert_eq!(co2_from_carbon(12.0), 44.0);
        assert!((co2_from_carbon(-15.85) - -58.116_666_666_666_67).abs() < 1e-12);
    }
}
