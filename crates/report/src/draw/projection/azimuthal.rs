//! Lambert azimuthal equal-area on the ellipsoid, oblique aspect (Snyder, chapter 24).

use super::{authalic, degrees_text, wrap};
use nutag_grid::WGS84_SEMI_MAJOR_M as A;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Azimuthal {
    lon0: f64,
    lat0: f64,
    sin_beta1: f64,
    cos_beta1: f64,
    /// Radius of the sphere with the ellipsoid's area (3-13).
    radius: f64,
    /// The stretch that makes the scale true in all directions at the centre (24-20).
    d: f64,
}

impl Azimuthal {
    pub(super) fn new(lon0: f64, lat0: f64) -> Self {
        let lat1 = lat0.to_radians();
        let (sin_beta1, cos_beta1) = libm::sincos(authalic::from_geodetic(lat1));
        let radius = A * (authalic::q_pole() / 2.0).sqrt();
        Self {
            lon0,
            lat0,
            sin_beta1,
            cos_beta1,
            radius,
            d: A * authalic::m(lat1) / (radius * cos_beta1),
        }
    }

    /// Snyder 24-17 to 24-19. Infinite at the antipode.
    pub(super) fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (sin_beta, cos_beta) = libm::sincos(authalic::from_geodetic(lat.to_radians()));
        let (sin_lon, cos_lon) = libm::sincos(wrap(lon - self.lon0).to_radians());
        let toward = 1.0 + self.sin_beta1 * sin_beta + self.cos_beta1 * cos_beta * cos_lon;
        let b = self.radius * (2.0 / toward.max(0.0)).sqrt();
        (
            b * self.d * cos_beta * sin_lon,
            b / self.d * (self.cos_beta1 * sin_beta - self.sin_beta1 * cos_beta * cos_lon),
        )
    }

    /// Snyder 24-26 to 24-29.
    pub(super) fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let rho = libm::hypot(x / self.d, self.d * y);
        if rho < 1e-9 {
            return Some((self.lon0, self.lat0));
        }
        let half = rho / (2.0 * self.radius);
        if half.is_nan() || half > 1.0 {
            return None;
        }
        let (sin_ce, cos_ce) = libm::sincos(2.0 * libm::asin(half));
        let sin_beta = cos_ce * self.sin_beta1 + self.d * y * sin_ce * self.cos_beta1 / rho;
        let lon = libm::atan2(
            x * sin_ce,
            self.d * rho * self.cos_beta1 * cos_ce - self.d * self.d * y * self.sin_beta1 * sin_ce,
        );
        let lat = authalic::to_geodetic(libm::asin(sin_beta.clamp(-1.0, 1.0)));
        Some((self.lon0 + lon.to_degrees(), lat.to_degrees()))
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "Lambert azimuthal equal-area, centre {} {}",
            degrees_text(self.lat0, 'N', 'S'),
            degrees_text(self.lon0, 'E', 'W')
        )
    }
}
