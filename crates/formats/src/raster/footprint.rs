//! The ground that a raster shows, in longitude and latitude.
//!
//! A raster is a rectangle of its map, and a map has edges: the corner of a sinusoidal tile may lie beyond
//! 180 degrees, where there is no ground, and PROJ answers with a place on the other side of the Earth.
//! Such corners are cut off along the edge of the map. A raster that crosses 180 degrees on a map that
//! does not end there is cut in two, as RFC 7946 (section 3.1.9) asks.

use gdal::errors::GdalError;
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use nutag_grid::{LonLat, MultiPolygon, Ring};

use crate::vector::{ToLonLat, TurnedRing, cut, wgs84};

/// Points along each side of a raster; straight sides of one map are curves of another.
const POINTS_A_SIDE: usize = 16;

/// Halvings of a piece of a side until the edge of the map is found: to less than 1e-9 of the piece.
const HALVINGS: usize = 32;

/// Polygons within -180..=180, rounded to a centimetre, against the clock.
pub(crate) fn footprint(
    transform: [f64; 6],
    rows: usize,
    cols: usize,
    crs: &SpatialRef,
) -> Result<MultiPolygon, GdalError> {
    let map = Map::new(transform, crs)?;
    let sides = sides(transform, rows, cols);
    let places: Vec<Option<LonLat>> = sides.iter().map(|&at| map.place(at)).collect();
    let whole = places.iter().all(Option::is_some);
    let polygons = if whole {
        let pole = ToLonLat::new(crs)
            .ok()
            .and_then(|map| map.pole_within(&sides));
        let ring = places.into_iter().flatten().collect();
        // A ring around the Earth and around no pole is a band of it; its bounds say the same.
        cut(TurnedRing { ring, pole }, Vec::new(), true).unwrap_or_default()
    } else {
        let ring = map.cut_off(&sides, &places);
        let turned = TurnedRing { ring, pole: None };
        if turned.ring.len() > 3 {
            cut(turned, Vec::new(), false).unwrap_or_default()
        } else if map.shows_its_middle(&sides) {
            MultiPolygon::from_ring(&[
                (-180.0, -90.0),
                (180.0, -90.0),
                (180.0, 90.0),
                (-180.0, 90.0),
                (-180.0, -90.0),
            ])
            .polygons
        } else {
            Vec::new()
        }
    };
    let mut shape = MultiPolygon { polygons };
    for polygon in &mut shape.polygons {
        for vertex in &mut polygon.exterior {
            vertex.lon_degrees = rounded(vertex.lon_degrees);
            vertex.lat_degrees = rounded(vertex.lat_degrees);
        }
        polygon.exterior.dedup();
        if doubled_area(&polygon.exterior) < 0.0 {
            polygon.exterior.reverse();
        }
    }
    shape
        .polygons
        .retain(|polygon| doubled_area(&polygon.exterior) != 0.0);
    Ok(shape)
}

/// West, south, east and north of a footprint. Where it is cut at 180 degrees, west is larger than east, as
/// GeoJSON has it (RFC 7946, 5.2). `None` without any ground.
#[must_use]
pub fn bounds_degrees(footprint: &MultiPolygon) -> Option<[f64; 4]> {
    let (low, high) = footprint.bounds()?;
    let half = |eastern: bool| {
        let parts = footprint.polygons.iter().filter(|polygon| {
            let mut lons = polygon.exterior.iter().map(|vertex| vertex.lon_degrees);
            lons.any(|lon| lon > 0.0) == eastern
        });
        MultiPolygon {
            polygons: parts.cloned().collect(),
        }
        .bounds()
    };
    let meets = low.lon_degrees <= -180.0 && high.lon_degrees >= 180.0;
    let (west, east) = match (half(true), half(false)) {
        (Some((from, _)), Some((_, to))) if meets && from.lon_degrees > to.lon_degrees => {
            (from.lon_degrees, to.lon_degrees)
        }
        _ => (low.lon_degrees, high.lon_degrees),
    };
    Some([west, low.lat_degrees, east, high.lat_degrees])
}

/// A ten-millionth of a degree is a centimetre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// Above zero where a closed ring runs against the clock.
fn doubled_area(ring: &Ring) -> f64 {
    ring.windows(2)
        .map(|edge| {
            edge[0].lon_degrees * edge[1].lat_degrees - edge[1].lon_degrees * edge[0].lat_degrees
        })
        .sum()
}

/// Points along the sides, in the coordinates of the map: from the lower left corner to the right, up,
/// back and down; the first one again at the end.
fn sides(transform: [f64; 6], rows: usize, cols: usize) -> Vec<(f64, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 cells")]
    let (width, height) = (cols as f64, rows as f64);
    let corners = [
        (0.0, height),
        (width, height),
        (width, 0.0),
        (0.0, 0.0),
        (0.0, height),
    ];
    let mut points = Vec::new();
    for pair in corners.windows(2) {
        for step in 0..POINTS_A_SIDE {
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let share = step as f64 / POINTS_A_SIDE as f64;
            let col = pair[0].0 + share * (pair[1].0 - pair[0].0);
            let row = pair[0].1 + share * (pair[1].1 - pair[0].1);
            points.push((
                transform[0] + col * transform[1] + row * transform[2],
                transform[3] + col * transform[4] + row * transform[5],
            ));
        }
    }
    points.extend(points.first().copied());
    points
}

/// The map of a raster, there and back.
struct Map {
    to_degrees: CoordTransform,
    /// `None` where the coordinates are longitudes, of which every turn is on the map.
    back: Option<CoordTransform>,
    /// How far a place may be off after the way there and back: a thousandth of a cell.
    tolerance: f64,
}

impl Map {
    fn new(transform: [f64; 6], crs: &SpatialRef) -> Result<Self, GdalError> {
        let mut from = crs.clone();
        from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        let degrees = wgs84()?;
        let cell = transform[1].abs().max(transform[2].abs());
        Ok(Self {
            to_degrees: CoordTransform::new(&from, &degrees)?,
            back: (!from.is_geographic())
                .then(|| CoordTransform::new(&degrees, &from))
                .transpose()?,
            tolerance: cell * 1e-3,
        })
    }

    /// The place of a point of the map; `None` beyond its edge.
    fn place(&self, (x, y): (f64, f64)) -> Option<LonLat> {
        let (mut lon, mut lat) = ([x], [y]);
        self.to_degrees
            .transform_coords(&mut lon, &mut lat, &mut [])
            .ok()?;
        let place = LonLat {
            lon_degrees: lon[0],
            lat_degrees: lat[0].clamp(-90.0, 90.0),
        };
        if !(place.lon_degrees.is_finite() && lat[0].is_finite()) {
            return None;
        }
        let Some(back) = &self.back else {
            return Some(place);
        };
        back.transform_coords(&mut lon, &mut lat, &mut []).ok()?;
        let off = (lon[0] - x).abs().max((lat[0] - y).abs());
        (off <= self.tolerance).then_some(place)
    }

    /// The sides as far as they are on the map, joined along its edge, which is the meridian of 180 degrees.
    fn cut_off(&self, sides: &[(f64, f64)], places: &[Option<LonLat>]) -> Ring {
        let Some(start) = places.iter().position(Option::is_some) else {
            return Ring::new();
        };
        // The last point is the first one.
        let count = sides.len() - 1;
        let mut ring = Ring::new();
        let mut left: Option<LonLat> = None;
        for step in 0..=count {
            let (at, next) = ((start + step) % count, (start + step + 1) % count);
            if step < count
                && let Some(place) = places[at]
            {
                ring.push(place);
            }
            match (places[at], places[next]) {
                (Some(_), None) => {
                    let edge = self.edge(sides[at], sides[next]);
                    ring.extend(edge);
                    left = edge;
                }
                (None, Some(_)) => {
                    let edge = self.edge(sides[next], sides[at]);
                    if let (Some(left), Some(edge)) = (left.take(), edge)
                        && left.lon_degrees.signum() != edge.lon_degrees.signum()
                    {
                        // From one edge to the other the way is over the pole.
                        let pole = 90.0_f64.copysign(left.lat_degrees);
                        ring.extend([left, edge].map(|at| LonLat {
                            lat_degrees: pole,
                            ..at
                        }));
                    }
                    ring.extend(edge);
                }
                _ => {}
            }
        }
        ring.dedup();
        if ring.first() != ring.last() {
            ring.extend(ring.first().copied());
        }
        ring
    }

    /// The last place on the map on the way from a point on it to one beyond.
    fn edge(&self, mut on: (f64, f64), mut off: (f64, f64)) -> Option<LonLat> {
        let mut edge = self.place(on)?;
        for _ in 0..HALVINGS {
            let middle = (f64::midpoint(on.0, off.0), f64::midpoint(on.1, off.1));
            match self.place(middle) {
                Some(place) => (on, edge) = (middle, place),
                None => off = middle,
            }
        }
        if edge.lon_degrees.abs() > 179.999_999 {
            edge.lon_degrees = 180.0_f64.copysign(edge.lon_degrees);
        }
        Some(edge)
    }

    /// Whether the place that its map is made around lies within the sides.
    fn shows_its_middle(&self, sides: &[(f64, f64)]) -> bool {
        let bounds = |pick: fn(&(f64, f64)) -> f64| {
            let values = || sides.iter().map(pick);
            values().fold(f64::INFINITY, f64::min)..values().fold(f64::NEG_INFINITY, f64::max)
        };
        self.place((0.0, 0.0)).is_some()
            && bounds(|point| point.0).contains(&0.0)
            && bounds(|point| point.1).contains(&0.0)
    }
}
