//! The authalic latitude: the sphere with the ellipsoid's area, parallel by parallel.

use nutag_grid::WGS84_ECCENTRICITY_SQUARED as E2;

/// `q` of a latitude in radians (Snyder 3-12): the area from the equator to the parallel, divided by
/// `a^2` and the difference of longitude, doubled.
pub(super) fn q(lat: f64) -> f64 {
    let e = E2.sqrt();
    let sin = libm::sin(lat);
    (1.0 - E2)
        * (sin / (1.0 - E2 * sin * sin) - libm::log((1.0 - e * sin) / (1.0 + e * sin)) / (2.0 * e))
}

/// `q` of the pole.
pub(super) fn q_pole() -> f64 {
    q(std::f64::consts::FRAC_PI_2)
}

/// `m` of a latitude in radians (Snyder 14-15): the radius of its parallel divided by `a`.
pub(super) fn m(lat: f64) -> f64 {
    let (sin, cos) = libm::sincos(lat);
    cos / (1.0 - E2 * sin * sin).sqrt()
}

/// The authalic latitude of a geodetic one, both in radians (Snyder 3-11).
pub(super) fn from_geodetic(lat: f64) -> f64 {
    libm::asin((q(lat) / q_pole()).clamp(-1.0, 1.0))
}

/// The geodetic latitude of an authalic one, both in radians: Snyder's series 3-18, which is right to
/// 2 mm, and one step toward the latitude whose authalic latitude (3-11) is the given one. Each step
/// takes all but a hundredth of the error.
pub(super) fn to_geodetic(beta: f64) -> f64 {
    let (e4, e6) = (E2 * E2, E2 * E2 * E2);
    let lat = beta
        + (E2 / 3.0 + 31.0 * e4 / 180.0 + 517.0 * e6 / 5040.0) * libm::sin(2.0 * beta)
        + (23.0 * e4 / 360.0 + 251.0 * e6 / 3780.0) * libm::sin(4.0 * beta)
        + (761.0 * e6 / 45360.0) * libm::sin(6.0 * beta);
    // At the pole the arc sine of 3-11 has fewer digits than the series.
    if libm::cos(lat) < 0.01 {
        return lat;
    }
    lat + (beta - from_geodetic(lat))
}
