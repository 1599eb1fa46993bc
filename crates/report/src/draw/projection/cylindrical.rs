//! Lambert cylindrical equal-area on the ellipsoid, normal aspect (Snyder, chapter 10).

use super::{authalic, degrees_text, wrap};
use nutag_grid::WGS84_SEMI_MAJOR_M as A;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cylindrical {
    lon0: f64,
    true_latitude: f64,
    k0: f64,
}

impl Cylindrical {
    /// Snyder 10-13.
    pub(super) fn new(lon0: f64, true_latitude: f64) -> Self {
        Self {
            lon0,
            true_latitude,
            k0: authalic::m(true_latitude.to_radians()),
        }
    }

    /// Snyder 10-14 and 10-15.
    pub(super) fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        (
            A * self.k0 * wrap(lon - self.lon0).to_radians(),
            A * authalic::q(lat.to_radians()) / (2.0 * self.k0),
        )
    }

    /// Snyder 10-26 to 10-28.
    pub(super) fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let sin_beta = 2.0 * y * self.k0 / (A * authalic::q_pole());
        let lon = (x / (A * self.k0)).to_degrees();
        if !(sin_beta.abs() <= 1.0 && lon.abs() <= 180.0) {
            return None;
        }
        let lat = authalic::to_geodetic(libm::asin(sin_beta));
        Some((self.lon0 + lon, lat.to_degrees()))
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "Lambert cylindrical equal-area, true at {}° N and S",
            (self.true_latitude * 100.0).round() / 100.0
        ) + &format!(", centre {}", degrees_text(self.lon0, 'E', 'W'))
    }
}
