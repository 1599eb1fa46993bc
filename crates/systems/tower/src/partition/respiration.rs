//! Respiration and temperature: J. Lloyd and J. A. Taylor, "On the temperature dependence of soil
//! respiration", Functional Ecology 8, 1994.

/// 273.15 K less the 227.13 K at which respiration ends, in K.
const ABOVE_END_K: f64 = 46.02;
/// The temperature that basal respiration is given for, in degrees Celsius.
pub const REFERENCE_C: f64 = 15.0;
/// Colder than this a prediction takes this: the function has a pole at -46.02, which Mongolian
/// winters come near.
pub const COLDEST_C: f64 = -40.0;

/// Respiration at `temperature_c` relative to that at `reference_c`, for a sensitivity in K.
#[must_use]
pub fn relative(sensitivity_k: f64, temperature_c: f64, reference_c: f64) -> f64 {
    libm::exp(sensitivity_k * exponent(temperature_c, reference_c))
}

/// What the sensitivity is multiplied by in the exponent, in 1/K.
pub(super) fn exponent(temperature_c: f64, reference_c: f64) -> f64 {
    1.0 / (reference_c + ABOVE_END_K) - 1.0 / (temperature_c + ABOVE_END_K)
}

/// The factor of a prediction: relative to 15 degrees Celsius, never colder than -40.
#[must_use]
pub fn predicted(sensitivity_k: f64, temperature_c: f64) -> f64 {
    if temperature_c.is_nan() {
        return f64::NAN;
    }
    relative(sensitivity_k, temperature_c.max(COLDEST_C), REFERENCE_C)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_degrees_and_the_pole() {
        assert!((relative(200.0, 15.0, 15.0) - 1.0).abs() < 1e-15);
        // exp(200 (1/56.02 - 1/66.02)).
        assert!((relative(200.0, 20.0, 10.0) - 1.717326089).abs() < 1e-8);
        assert_eq!(
            predicted(200.0, -46.0).to_bits(),
            predicted(200.0, -40.0).to_bits()
        );
        assert!(predicted(200.0, f64::NAN).is_nan());
    }
}
