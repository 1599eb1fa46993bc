//! How dry soil lowers the light-use efficiency of the P-model.

/// Soil moisture from which it does not limit, as a share of what plants can take.
const THRESHOLD: f64 = 0.6;

/// Penalty of Stocker et al. 2020: 1 above six tenths of plant-available water, below it a
/// parabola that is deeper where the long-term mean of AET/PET (`mean_alpha`) is small.
///
/// `a` and `b` are its parameters (0 and 0.733 with the full setup); soil moisture and the
/// result are shares of 0 to 1.
#[must_use]
pub fn stocker(soil_moisture: f64, mean_alpha: f64, a: f64, b: f64) -> f64 {
    if soil_moisture > THRESHOLD {
        return 1.0;
    }
    let least = a + b * mean_alpha;
    let q = (1.0 - least) / (THRESHOLD * THRESHOLD);
    let below = soil_moisture - THRESHOLD;
    (1.0 - q * (below * below)).clamp(0.0, 1.0)
}

/// Penalty of Mengoli et al. 2023: a plateau that falls with the aridity index (PET/P), and a
/// straight line to 0 below a threshold that falls with it too.
#[must_use]
pub fn mengoli(soil_moisture: f64, aridity_index: f64) -> f64 {
    let plateau = (0.62 * libm::pow(aridity_index, -0.45)).min(1.0);
    let threshold = (0.34 * libm::pow(aridity_index, -0.60)).min(1.0);
    if soil_moisture >= threshold {
        plateau
    } else {
        plateau / threshold * soil_moisture
    }
}
