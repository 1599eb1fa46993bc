//! Albers equal-area conic on the ellipsoid (Snyder, chapter 14).

use super::{authalic, degrees_text, wrap};
use nutag_grid::WGS84_SEMI_MAJOR_M as A;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Albers {
    lon0: f64,
    lat0: f64,
    parallels: (f64, f64),
    n: f64,
    c: f64,
    rho0: f64,
}

impl Albers {
    /// Snyder 14-12 to 14-15; equal parallels take 14-14's limit `n = sin(parallel)`.
    pub(super) fn new(lon0: f64, lat0: f64, parallel_1: f64, parallel_2: f64) -> Self {
        let (lat1, lat2) = (parallel_1.to_radians(), parallel_2.to_radians());
        let (m1, m2) = (authalic::m(lat1), authalic::m(lat2));
        let (q1, q2) = (authalic::q(lat1), authalic::q(lat2));
        let n = if (lat1 - lat2).abs() < 1e-9 {
            libm::sin(lat1)
        } else {
            (m1 * m1 - m2 * m2) / (q2 - q1)
        };
        let c = m1 * m1 + n * q1;
        let rho0 = A * (c - n * authalic::q(lat0.to_radians())).max(0.0).sqrt() / n;
        Self {
            lon0,
            lat0,
            parallels: (parallel_1, parallel_2),
            n,
            c,
            rho0,
        }
    }

    /// Snyder 14-1 to 14-4.
    pub(super) fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let q = authalic::q(lat.to_radians());
        let rho = A * (self.c - self.n * q).max(0.0).sqrt() / self.n;
        let theta = self.n * wrap(lon - self.lon0).to_radians();
        (rho * libm::sin(theta), self.rho0 - rho * libm::cos(theta))
    }

    /// Snyder 14-8 to 14-11 and 14-19; the latitude through the authalic one (3-18) in place of the
    /// iteration 3-16.
    pub(super) fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let sign = self.n.signum();
        let (dx, dy) = (sign * x, sign * (self.rho0 - y));
        let rho = libm::hypot(dx, dy);
        let q = (self.c - (rho * self.n / A) * (rho * self.n / A)) / self.n;
        let sin_beta = q / authalic::q_pole();
        let lon = libm::atan2(dx, dy).to_degrees() / self.n;
        if sin_beta.abs() > 1.0 || lon.abs() > 180.0 {
            return None;
        }
        let lat = authalic::to_geodetic(libm::asin(sin_beta));
        Some((self.lon0 + lon, lat.to_degrees()))
    }

    pub(super) fn describe(&self) -> String {
        let lat = |value| degrees_text(value, 'N', 'S');
        format!(
            "Albers equal-area conic, parallels {} and {}, centre {} {}",
            lat(self.parallels.0),
            lat(self.parallels.1),
            lat(self.lat0),
            degrees_text(self.lon0, 'E', 'W')
        )
    }
}
