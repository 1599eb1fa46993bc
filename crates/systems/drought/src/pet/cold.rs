//! What the usual formulas miss at the two ends: hot months, and plants that are frozen.

/// From this mean temperature on, Thornthwaite's power law is not to be used.
pub const HOT_MONTH_DEG_C: f64 = 26.5;

/// PET of a month of 30 days of 12 hours at 26.5 degC and more, mm (Willmott et al. 1985, equation 4;
/// coefficients not compared with a printed copy).
#[must_use]
pub fn thornthwaite_hot_mm(deg_c: f64) -> f64 {
    -415.85 + 32.24 * deg_c - 0.43 * deg_c * deg_c
}

/// The share of the stomatal conductance that is left in the cold, 0.01 to 1: 1 from 5 degC on.
///
/// `b3 (T + 10) (100 - T)^b4` with `b4 = 95/110` and `b3 = 1/(15 x 95^b4)`, the form used with
/// Dobrowski et al. 2013 (Global Change Biology 19).
#[must_use]
pub fn conductance_scale(deg_c: f64) -> f64 {
    if deg_c >= 5.0 {
        return 1.0;
    }
    if deg_c <= -10.0 {
        return 0.01;
    }
    let exponent = 95.0 / 110.0;
    let b3 = 1.0 / (15.0 * libm::pow(95.0, exponent));
    (b3 * (deg_c + 10.0) * libm::pow(100.0 - deg_c, exponent)).clamp(0.01, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conductance_falls_to_a_hundredth() {
        assert_eq!(conductance_scale(20.0), 1.0);
        assert!((conductance_scale(4.999_999) - 1.0).abs() < 1e-6);
        assert_eq!(conductance_scale(-10.0), 0.01);
        assert_eq!(conductance_scale(-40.0), 0.01);
        let middle = conductance_scale(-2.5);
        assert!(middle > 0.5 && middle < 0.56, "{middle}");
    }
}
