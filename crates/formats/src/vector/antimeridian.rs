//! Cutting polygons at 180 degrees, as RFC 7946 (section 3.1.9) asks.
//!
//! A polygon of a polar map may cross the antimeridian; its longitudes then jump from 180 to -180. The
//! jumps are undone, and what lies beyond 180 or -180 is cut off and moved by a whole turn.

use nutag_grid::{LonLat, Polygon, Ring};

/// The polygon as one or more polygons within -180..=180.
///
/// # Errors
/// A text when a ring goes around a pole.
pub(super) fn cut(polygon: Polygon) -> Result<Vec<Polygon>, String> {
    let rings = || std::iter::once(&polygon.exterior).chain(&polygon.holes);
    if !rings().any(|ring| ring.windows(2).any(is_jump)) {
        return Ok(vec![polygon]);
    }
    let exterior = unroll(&polygon.exterior)?;
    let middle = middle_degrees(&exterior);
    let holes = polygon
        .holes
        .iter()
        .map(|hole| {
            // A hole must be on the same turn as its outline.
            let hole = unroll(hole)?;
            let turns = ((middle - middle_degrees(&hole)) / 360.0).round();
            Ok(shift(hole, turns * 360.0))
        })
        .collect::<Result<Vec<Ring>, String>>()?;

    let mut parts = Vec::new();
    for turn in [-360.0, 0.0, 360.0] {
        let part = |ring: &Ring| {
            let east_of_west = clip(&shift(ring.clone(), turn), |lon| lon + 180.0, -180.0);
            clip(&east_of_west, |lon| 180.0 - lon, 180.0)
        };
        let exterior = part(&exterior);
        if exterior.len() > 3 {
            let holes = holes
                .iter()
                .map(part)
                .filter(|hole| hole.len() > 3)
                .collect();
            parts.push(Polygon { exterior, holes });
        }
    }
    Ok(parts)
}

fn is_jump(pair: &[LonLat]) -> bool {
    (pair[1].lon_degrees - pair[0].lon_degrees).abs() > 180.0
}

/// The ring with continuous longitudes.
fn unroll(ring: &Ring) -> Result<Ring, String> {
    let mut turns = 0.0;
    let mut unrolled = Vec::with_capacity(ring.len());
    for (index, vertex) in ring.iter().enumerate() {
        if let Some(previous) = index.checked_sub(1).map(|i| ring[i]) {
            let step = vertex.lon_degrees - previous.lon_degrees;
            if step.abs() > 180.0 {
                turns -= 360.0 * step.signum();
            }
        }
        unrolled.push(LonLat {
            lon_degrees: vertex.lon_degrees + turns,
            ..*vertex
        });
    }
    if turns == 0.0 {
        Ok(unrolled)
    } else {
        Err("a ring goes around a pole; cut the polygon along a meridian first".to_owned())
    }
}

fn middle_degrees(ring: &Ring) -> f64 {
    let lons = || ring.iter().map(|vertex| vertex.lon_degrees);
    f64::midpoint(
        lons().fold(f64::INFINITY, f64::min),
        lons().fold(f64::NEG_INFINITY, f64::max),
    )
}

fn shift(mut ring: Ring, degrees: f64) -> Ring {
    for vertex in &mut ring {
        vertex.lon_degrees += degrees;
    }
    ring
}

/// The part of a closed ring where `inside` is not negative (Sutherland and Hodgman 1974). A ring that
/// falls into several pieces keeps them joined along the meridian, where they enclose nothing.
fn clip(ring: &Ring, inside: impl Fn(f64) -> f64, meridian_degrees: f64) -> Ring {
    let mut kept = Vec::new();
    for (index, &to) in ring.iter().enumerate() {
        let from = ring[index.checked_sub(1).unwrap_or(ring.len() - 1)];
        let (a, b) = (inside(from.lon_degrees), inside(to.lon_degrees));
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            let lat_degrees = from.lat_degrees + share * (to.lat_degrees - from.lat_degrees);
            kept.push(LonLat {
                lon_degrees: meridian_degrees,
                lat_degrees,
            });
        }
        if b >= 0.0 {
            kept.push(to);
        }
    }
    if kept.first() != kept.last() {
        kept.extend(kept.first().copied());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use nutag_grid::MultiPolygon;

    fn ring(vertices: &[(f64, f64)]) -> Ring {
        MultiPolygon::from_ring(vertices)
            .polygons
            .remove(0)
            .exterior
    }

    #[test]
    fn a_polygon_that_does_not_jump_is_left_alone() {
        let polygon = Polygon {
            exterior: ring(&[(170.0, 0.0), (180.0, 0.0), (180.0, 5.0), (170.0, 0.0)]),
            holes: vec![],
        };
        assert_eq!(cut(polygon.clone()), Ok(vec![polygon]));
    }

    #[test]
    fn a_polygon_across_is_cut_in_two_and_keeps_its_area_and_hole() {
        let across = [
            (170.0, 60.0),
            (-170.0, 60.0),
            (-170.0, 70.0),
            (170.0, 70.0),
            (170.0, 60.0),
        ];
        let hole = [
            (178.0, 64.0),
            (-178.0, 64.0),
            (-178.0, 66.0),
            (178.0, 66.0),
            (178.0, 64.0),
        ];
        let parts = cut(Polygon {
            exterior: ring(&across),
            holes: vec![ring(&hole)],
        })
        .unwrap();
        assert_eq!(parts.len(), 2);
        for part in &parts {
            let lons: Vec<f64> = part.exterior.iter().map(|v| v.lon_degrees).collect();
            assert!(
                lons.iter()
                    .all(|lon| (170.0..=180.0).contains(lon) || (-180.0..=-170.0).contains(lon))
            );
            assert_eq!(part.holes.len(), 1);
        }
        // One degree less on either side: 20 x 10 degrees shifted to where nothing jumps.
        let still = |vertices: &[(f64, f64)]| {
            ring(
                &vertices
                    .iter()
                    .map(|&(lon, lat)| ((lon + 360.0) % 360.0 - 180.0, lat))
                    .collect::<Vec<_>>(),
            )
        };
        let whole = MultiPolygon {
            polygons: vec![Polygon {
                exterior: still(&across),
                holes: vec![still(&hole)],
            }],
        };
        let cut = MultiPolygon { polygons: parts };
        // Cutting adds vertices on the northern and southern sides, which are geodesics then.
        assert!((cut.geodesic_area_km2() / whole.geodesic_area_km2() - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_ring_around_the_pole_is_refused() {
        let around = [
            (0.0, 80.0),
            (90.0, 80.0),
            (180.0, 80.0),
            (-90.0, 80.0),
            (0.0, 80.0),
        ];
        let error = cut(Polygon {
            exterior: ring(&around),
            holes: vec![],
        })
        .unwrap_err();
        assert!(error.contains("pole"), "{error}");
    }
}
