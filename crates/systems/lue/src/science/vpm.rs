//! VPM, the Vegetation Photosynthesis Model (Xiao et al. 2004; Zhang et al. 2017).

/// Temperatures of a class, degrees Celsius.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Temperatures {
    /// Nothing is taken up at or below it.
    pub least_c: f64,
    /// The optimum.
    pub best_c: f64,
    /// Nothing is taken up at or above it.
    pub most_c: f64,
}

impl Temperatures {
    /// Grassland.
    pub const GRASS: Self = Self {
        least_c: 0.0,
        best_c: 27.0,
        most_c: 48.0,
    };
    /// Open shrubland.
    pub const OPEN_SHRUB: Self = Self {
        least_c: 1.0,
        best_c: 31.0,
        most_c: 48.0,
    };

    /// The temperature scalar, 0 to 1, of the mean by day. Outside of the class's limits it is 0:
    /// without the gate the fraction rises to 1 again in deep frost.
    #[must_use]
    pub fn scalar(&self, day_c: f64) -> f64 {
        if day_c <= self.least_c || day_c >= self.most_c {
            return 0.0;
        }
        let span = (day_c - self.most_c) * (day_c - self.least_c);
        let off = day_c - self.best_c;
        (span / (span - off * off)).clamp(0.0, 1.0)
    }
}

/// FPAR of chlorophyll from EVI; none at EVI 0.1 and below, so sparse desert takes up nothing.
#[must_use]
pub fn fpar_chlorophyll(evi: f64) -> f64 {
    (1.25 * (evi - 0.1)).clamp(0.0, 1.0)
}

/// The land surface water index of near and shortwave infrared reflectance.
#[must_use]
pub fn lswi(nir: f64, swir: f64) -> f64 {
    (nir - swir) / (nir + swir)
}

/// The water scalar, 0 to 1, from LSWI and its maximum in the growing season.
#[must_use]
pub fn water_scalar(lswi: f64, lswi_max: f64) -> f64 {
    ((1.0 + lswi) / (1.0 + lswi_max)).clamp(0.0, 1.0)
}

/// GPP in gC m-2 d-1 for C3 plants. `shortwave_w_m2` is the 24-hour mean; 0.078 holds the
/// efficiency (0.42 gC mol-1), the share of PAR and all units.
#[must_use]
pub fn gpp_gc_m2_d(fpar: f64, shortwave_w_m2: f64, heat: f64, water: f64) -> f64 {
    0.078 * fpar * shortwave_w_m2 * heat * water
}
