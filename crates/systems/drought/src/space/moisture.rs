//! Water in leaves from two bands of near infrared.

/// NDDI is refused where NDVI + NDWI is closer to 0 than this: in bare steppe the sum crosses 0 and the
/// index means nothing (threshold of this program).
pub const LEAST_NDDI_SUM: f64 = 0.05;

/// Gao's NDWI (1996): `(NIR - SWIR)/(NIR + SWIR)`, reflectances of MODIS bands 2 and 5 (1.24 um) or 6.
/// It is not `McFeeters`' index of open water, which takes green and NIR. `None` unless both
/// reflectances are positive and plausible.
#[must_use]
pub fn ndwi(nir: f64, swir: f64) -> Option<f64> {
    let reflectance = |r: f64| r > 0.0 && r <= 1.6;
    (reflectance(nir) && reflectance(swir)).then(|| (nir - swir) / (nir + swir))
}

/// Normalised difference drought index (Gu et al. 2007): `(NDVI - NDWI)/(NDVI + NDWI)`; `None` where the
/// sum is within [`LEAST_NDDI_SUM`] of 0.
#[must_use]
pub fn nddi(ndvi: f64, ndwi: f64) -> Option<f64> {
    let sum = ndvi + ndwi;
    (sum.abs() >= LEAST_NDDI_SUM).then(|| (ndvi - ndwi) / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wet_leaves_are_above_0_and_bare_ground_is_refused() {
        assert!((ndwi(0.3, 0.2).unwrap() - 0.2).abs() < 1e-12);
        assert_eq!(ndwi(-0.01, 0.2), None);
        assert_eq!(ndwi(0.3, f64::NAN), None);
        assert!((nddi(0.4, 0.2).unwrap() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(nddi(0.1, -0.08), None);
        assert_eq!(nddi(f64::NAN, 0.2), None);
    }
}
