//! Equal-area projections of WGS84, chosen from the area to be shown.
//!
//! Formulas: J. P. Snyder (1987), *Map Projections: A Working Manual*, USGS Professional Paper 1395,
//! chapters 3 (authalic latitude), 10 (cylindrical), 14 (Albers) and 24 (Lambert azimuthal); the
//! numbers in the code are his equation numbers. Equal-area, so that a colour covers the share of the
//! picture that it covers of the ground.

mod albers;
mod authalic;
mod azimuthal;
mod cylindrical;

use albers::Albers;
use azimuthal::Azimuthal;
use cylindrical::Cylindrical;
use nutag_grid::{LonLat, WGS84_ECCENTRICITY_SQUARED, WGS84_SEMI_MAJOR_M};

/// A box of longitudes and latitudes in degrees; `west <= east`, `south <= north`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLatBox {
    /// Western edge.
    pub west_degrees: f64,
    /// Southern edge.
    pub south_degrees: f64,
    /// Eastern edge; may be above 180 for a box across the date line.
    pub east_degrees: f64,
    /// Northern edge.
    pub north_degrees: f64,
}

/// An equal-area projection on WGS84; plane coordinates in metres, x to the east, y to the north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EqualArea(Kind);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Albers(Albers),
    Azimuthal(Azimuthal),
    Cylindrical(Cylindrical),
}

impl EqualArea {
    /// The projection for an area:
    ///
    /// - wider than 150 degrees: cylindrical, true at the middle latitude of its half of the box (at
    ///   30 degrees, Behrmann's choice, when the box holds the equator);
    /// - within 12 to 72 degrees of one hemisphere: Albers conic, standard parallels one sixth of the
    ///   height inside the southern and northern edges (Snyder, p. 99);
    /// - otherwise: Lambert azimuthal around the middle.
    #[must_use]
    pub fn for_area(area: LonLatBox) -> Self {
        let (south, north) = (area.south_degrees, area.north_degrees);
        let lon0 = (area.west_degrees + area.east_degrees) / 2.0;
        let middle = (south + north) / 2.0;
        if area.east_degrees - area.west_degrees > 150.0 {
            let true_latitude = if south < 0.0 && north > 0.0 {
                30.0
            } else {
                middle.abs().min(60.0)
            };
            return Self::cylindrical(lon0, true_latitude);
        }
        let nearest = south.abs().min(north.abs());
        let farthest = south.abs().max(north.abs());
        if south * north > 0.0 && nearest >= 12.0 && farthest <= 72.0 {
            let inside = (north - south) / 6.0;
            return Self::albers(lon0, middle, south + inside, north - inside);
        }
        Self::azimuthal(lon0, middle)
    }

    /// Albers equal-area conic with its origin at (`lon0`, `lat0`) and two standard parallels, which
    /// may be equal but not opposite; all in degrees.
    #[must_use]
    pub fn albers(lon0: f64, lat0: f64, parallel_1: f64, parallel_2: f64) -> Self {
        Self(Kind::Albers(Albers::new(
            lon0, lat0, parallel_1, parallel_2,
        )))
    }

    /// Lambert azimuthal equal-area around (`lon0`, `lat0`) in degrees. Latitudes beyond 89 are taken
    /// as 89, where the oblique formulas still hold.
    #[must_use]
    pub fn azimuthal(lon0: f64, lat0: f64) -> Self {
        Self(Kind::Azimuthal(Azimuthal::new(
            lon0,
            lat0.clamp(-89.0, 89.0),
        )))
    }

    /// Lambert cylindrical equal-area around the meridian `lon0`, with true scale at `true_latitude`;
    /// degrees.
    #[must_use]
    pub fn cylindrical(lon0: f64, true_latitude: f64) -> Self {
        Self(Kind::Cylindrical(Cylindrical::new(lon0, true_latitude)))
    }

    /// Degrees to metres `(x, y)`. `None` for the antipode of an azimuthal map and for what is not a
    /// finite place.
    #[must_use]
    pub fn forward(&self, place: LonLat) -> Option<(f64, f64)> {
        let (lon, lat) = (place.lon_degrees, place.lat_degrees);
        let (x, y) = match &self.0 {
            Kind::Albers(p) => p.forward(lon, lat),
            Kind::Azimuthal(p) => p.forward(lon, lat),
            Kind::Cylindrical(p) => p.forward(lon, lat),
        };
        (x.is_finite() && y.is_finite()).then_some((x, y))
    }

    /// Metres to degrees, longitude in -180..180. `None` outside the map.
    #[must_use]
    pub fn inverse(&self, x_m: f64, y_m: f64) -> Option<LonLat> {
        let (lon, lat) = match &self.0 {
            Kind::Albers(p) => p.inverse(x_m, y_m),
            Kind::Azimuthal(p) => p.inverse(x_m, y_m),
            Kind::Cylindrical(p) => p.inverse(x_m, y_m),
        }?;
        Some(LonLat {
            lon_degrees: wrap(lon),
            lat_degrees: lat,
        })
    }

    /// Whether it is one for very wide areas, with an edge of its own.
    pub(crate) fn is_whole_earth(&self) -> bool {
        matches!(self.0, Kind::Cylindrical(_))
    }

    /// What it is, for a note under a picture: name, centre and parallels.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.0 {
            Kind::Albers(p) => p.describe(),
            Kind::Azimuthal(p) => p.describe(),
            Kind::Cylindrical(p) => p.describe(),
        }
    }

    /// Kilometres on the ground along the parallel for one kilometre of the map, at a point of the
    /// map; from the difference of longitude over 2 km of map and the radius of the parallel. `None`
    /// outside the map.
    #[must_use]
    pub fn ground_km_per_map_km(&self, x_m: f64, y_m: f64) -> Option<f64> {
        let here = self.inverse(x_m, y_m)?;
        let (west, east) = (
            self.inverse(x_m - 1000.0, y_m)?,
            self.inverse(x_m + 1000.0, y_m)?,
        );
        let lat = here.lat_degrees.to_radians();
        let (sin, cos) = libm::sincos(lat);
        let denominator = 1.0 - WGS84_ECCENTRICITY_SQUARED * sin * sin;
        // Radii of curvature, Snyder 4-20 (in the prime vertical) and 4-18 (in the meridian).
        let across = WGS84_SEMI_MAJOR_M / denominator.sqrt();
        let along = WGS84_SEMI_MAJOR_M * (1.0 - WGS84_ECCENTRICITY_SQUARED)
            / (denominator * denominator.sqrt());
        let dx = wrap(east.lon_degrees - west.lon_degrees).to_radians() * across * cos;
        let dy = (east.lat_degrees - west.lat_degrees).to_radians() * along;
        Some(libm::hypot(dx, dy) / 2000.0)
    }
}

/// Longitude into -180..180.
fn wrap(lon_degrees: f64) -> f64 {
    if (-180.0..=180.0).contains(&lon_degrees) {
        lon_degrees
    } else {
        (lon_degrees + 180.0).rem_euclid(360.0) - 180.0
    }
}

/// A latitude or longitude as `48.5° N`, for notes.
fn degrees_text(value: f64, positive: char, negative: char) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let side = if rounded < 0.0 { negative } else { positive };
    format!("{}° {side}", rounded.abs())
}
