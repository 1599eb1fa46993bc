//! Polygons in longitude and latitude, and their area on the ellipsoid.

use geographiclib_rs::{Geodesic, PolygonArea, Winding};

/// A place: longitude and geodetic latitude on WGS84 in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Degrees east.
    pub lon_degrees: f64,
    /// Degrees north.
    pub lat_degrees: f64,
}

/// A closed line of vertices joined by straight lines in longitude and latitude. The last vertex may
/// repeat the first or not.
pub type Ring = Vec<LonLat>;

/// One outline with its holes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Polygon {
    /// The outline, in either direction.
    pub exterior: Ring,
    /// The holes, in either direction.
    pub holes: Vec<Ring>,
}

/// The geometry of a feature: any number of polygons that do not overlap.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MultiPolygon {
    /// The parts.
    pub polygons: Vec<Polygon>,
}

impl MultiPolygon {
    /// One part without holes, from `(longitude, latitude)` pairs.
    #[must_use]
    pub fn from_ring(vertices_degrees: &[(f64, f64)]) -> Self {
        let exterior = vertices_degrees
            .iter()
            .map(|&(lon_degrees, lat_degrees)| LonLat {
                lon_degrees,
                lat_degrees,
            })
            .collect();
        Self {
            polygons: vec![Polygon {
                exterior,
                holes: Vec::new(),
            }],
        }
    }

    /// Every ring, outlines and holes alike.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.polygons
            .iter()
            .flat_map(|polygon| std::iter::once(&polygon.exterior).chain(&polygon.holes))
    }

    /// South-west and north-east corners of the bounding box; `None` when there is no vertex.
    #[must_use]
    pub fn bounds(&self) -> Option<(LonLat, LonLat)> {
        let mut vertices = self.rings().flatten();
        let first = *vertices.next()?;
        Some(vertices.fold((first, first), |(low, high), vertex| {
            let pick = |f: fn(f64, f64) -> f64, a: LonLat| LonLat {
                lon_degrees: f(a.lon_degrees, vertex.lon_degrees),
                lat_degrees: f(a.lat_degrees, vertex.lat_degrees),
            };
            (pick(f64::min, low), pick(f64::max, high))
        }))
    }

    /// Area on WGS84 in km2, with geodesics as sides (Karney 2013, J. Geodesy 87, 43-55): outlines
    /// minus holes.
    #[must_use]
    pub fn geodesic_area_km2(&self) -> f64 {
        let geodesic = Geodesic::wgs84();
        let part = |polygon: &Polygon| {
            let holes: f64 = polygon
                .holes
                .iter()
                .map(|ring| ring_area_m2(&geodesic, ring))
                .sum();
            ring_area_m2(&geodesic, &polygon.exterior) - holes
        };
        self.polygons.iter().map(part).sum::<f64>() / 1e6
    }
}

/// Unsigned geodesic area of a ring, in m2, whatever its direction.
fn ring_area_m2(geodesic: &Geodesic, ring: &Ring) -> f64 {
    let mut area = PolygonArea::new(geodesic, Winding::CounterClockwise);
    for vertex in ring {
        area.add_point(vertex.lat_degrees, vertex.lon_degrees);
    }
    area.compute(true).1.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64, side: f64) -> Vec<(f64, f64)> {
        vec![
            (west, south),
            (west + side, south),
            (west + side, south + side),
            (west, south + side),
        ]
    }

    #[test]
    fn area_of_one_degree_equals_pyproj() {
        // pyproj.Geod(ellps="WGS84").polygon_area_perimeter([0, 1, 1, 0], [0, 0, 1, 1])
        let area = MultiPolygon::from_ring(&square(0.0, 0.0, 1.0)).geodesic_area_km2();
        assert!((area - 12_308.778_361_469_452).abs() < 1e-6, "{area}");
    }

    #[test]
    fn direction_and_closing_do_not_matter_and_holes_count_less() {
        let ring = square(100.0, 45.0, 2.0);
        let whole = MultiPolygon::from_ring(&ring).geodesic_area_km2();
        let mut closed_backwards = ring.clone();
        closed_backwards.reverse();
        closed_backwards.push(closed_backwards[0]);
        let other = MultiPolygon::from_ring(&closed_backwards).geodesic_area_km2();
        assert!((whole - other).abs() < 1e-6);

        let mut ring_with_hole = MultiPolygon::from_ring(&ring);
        let hole = MultiPolygon::from_ring(&square(100.5, 45.5, 1.0));
        ring_with_hole.polygons[0]
            .holes
            .push(hole.polygons[0].exterior.clone());
        assert!(
            (ring_with_hole.geodesic_area_km2() - (whole - hole.geodesic_area_km2())).abs() < 1e-6
        );
    }

    #[test]
    fn bounds_hold_every_vertex() {
        let (low, high) = MultiPolygon::from_ring(&square(-3.0, 4.0, 5.0))
            .bounds()
            .unwrap();
        assert_eq!(
            (
                low.lon_degrees,
                low.lat_degrees,
                high.lon_degrees,
                high.lat_degrees
            ),
            (-3.0, 4.0, 2.0, 9.0)
        );
        assert_eq!(MultiPolygon::default().bounds(), None);
    }
}
