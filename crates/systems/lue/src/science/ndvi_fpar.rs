//! FPAR from NDVI, as CASA takes it. It is another quantity than the FPAR of MOD15: an efficiency
//! belongs to the one it was fitted with.

/// NDVI of bare and of full cover for a class of vegetation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// NDVI at the 5th percentile of the class.
    pub ndvi_min: f64,
    /// NDVI at the 95th percentile of the class.
    pub ndvi_max: f64,
}

/// Least FPAR of a vegetated cell (Potter et al. 1993).
const FPAR_MIN: f64 = 0.001;
/// Greatest FPAR (Potter et al. 1993).
const FPAR_MAX: f64 = 0.95;

/// The simple ratio of near infrared to red.
#[must_use]
pub fn simple_ratio(ndvi: f64) -> f64 {
    (1.0 + ndvi) / (1.0 - ndvi)
}

/// Linear from `least` to `most`, held to the limits of FPAR.
fn linear(value: f64, least: f64, most: f64) -> f64 {
    let fpar = (value - least) / (most - least) * (FPAR_MAX - FPAR_MIN) + FPAR_MIN;
    fpar.clamp(FPAR_MIN, FPAR_MAX)
}

impl Span {
    /// FPAR linear in NDVI.
    #[must_use]
    pub fn fpar_of_ndvi(&self, ndvi: f64) -> f64 {
        linear(ndvi, self.ndvi_min, self.ndvi_max)
    }

    /// FPAR linear in the simple ratio. At NDVI 1 the ratio has no end: FPAR is at its greatest.
    #[must_use]
    pub fn fpar_of_ratio(&self, ndvi: f64) -> f64 {
        linear(
            simple_ratio(ndvi),
            simple_ratio(self.ndvi_min),
            simple_ratio(self.ndvi_max),
        )
    }

    /// The mean of both (Los et al. 1994; Jiao et al. 2018).
    #[must_use]
    pub fn fpar(&self, ndvi: f64) -> f64 {
        f64::midpoint(self.fpar_of_ndvi(ndvi), self.fpar_of_ratio(ndvi))
    }
}

/// FPAR of the MiCASA model: none below NDVI 0.15, then linear, NDVI itself above 0.75
/// (Weir et al., MiCASA).
#[must_use]
pub fn fpar_micasa(ndvi: f64) -> f64 {
    if ndvi < 0.15 {
        0.0
    } else if ndvi > 0.75 {
        ndvi
    } else {
        (ndvi - 0.15) / 0.6 * 0.75
    }
}
