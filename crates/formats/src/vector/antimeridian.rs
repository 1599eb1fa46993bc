//! Polygons within -180..=180 of longitude, as RFC 7946 (section 3.1.9) asks.
//!
//! A file may count longitudes from 0 to 360, or go on beyond 180; a polygon of a polar map may cross the
//! antimeridian, where its longitudes jump from 180 to -180, or go around a pole. The jumps are undone, a
//! ring around a pole is closed along it, and what lies beyond 180 or -180 is cut off and moved by a
//! whole turn.

use nutag_grid::{LonLat, Polygon, Ring};

/// A ring in longitude and latitude, and the latitude of the pole that it goes around, if it does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TurnedRing {
    pub(crate) ring: Ring,
    pub(crate) pole: Option<f64>,
}

/// The polygon as one or more polygons within -180..=180. With `may_jump`, a step of more than 180
/// degrees is one over the antimeridian; without, the longitudes are meant as they are written.
///
/// # Errors
/// Returns a text if a ring goes around the Earth and around no pole.
pub(crate) fn cut(
    exterior: TurnedRing,
    holes: Vec<TurnedRing>,
    may_jump: bool,
) -> Result<Vec<Polygon>, String> {
    let rings = || {
        std::iter::once(&exterior)
            .chain(&holes)
            .map(|turned| &turned.ring)
    };
    let jumps = may_jump && rings().any(|ring| ring.windows(2).any(is_jump));
    let beyond = rings()
        .flatten()
        .any(|vertex| vertex.lon_degrees.abs() > 180.0);
    if !jumps && !beyond {
        return Ok(vec![Polygon {
            exterior: exterior.ring,
            holes: holes.into_iter().map(|hole| hole.ring).collect(),
        }]);
    }
    if !jumps {
        return Ok(parts(
            &exterior.ring,
            &holes.into_iter().map(|hole| hole.ring).collect::<Vec<_>>(),
        ));
    }
    let around = unroll(&exterior.ring).1 != 0.0;
    let exterior = continuous(&exterior)?;
    let middle = middle_degrees(&exterior);
    let holes = holes
        .iter()
        .map(|hole| {
            let hole = continuous(hole)?;
            // A hole must be on the same turn as its outline.
            let turns = ((middle - middle_degrees(&hole)) / 360.0).round();
            Ok(shift(hole, turns * 360.0))
        })
        .collect::<Result<Vec<Ring>, String>>()?;
    let mut parts = parts(&exterior, &holes);
    if around {
        // One outline from -180 to 180; a hole across its ends is in two pieces of it.
        let turned = TURNS
            .iter()
            .flat_map(|turn| holes.iter().map(move |hole| within(hole, *turn)));
        let holes: Vec<Ring> = turned.filter(is_area).collect();
        if let [part] = parts.as_mut_slice() {
            part.holes = holes;
        }
    }
    Ok(parts)
}

/// What is moved by none or one turn into -180..=180.
const TURNS: [f64; 3] = [-360.0, 0.0, 360.0];

/// A polygon with continuous longitudes, cut at every 180 degrees.
fn parts(exterior: &Ring, holes: &[Ring]) -> Vec<Polygon> {
    let part = |turn: f64| {
        let exterior = within(exterior, turn);
        let holes = holes.iter().map(|hole| within(hole, turn));
        is_area(&exterior).then(|| Polygon {
            exterior,
            holes: holes.filter(is_area).collect(),
        })
    };
    TURNS.into_iter().filter_map(part).collect()
}

/// The part of a ring that lies within -180..=180 once it is moved by a turn.
fn within(ring: &Ring, turn: f64) -> Ring {
    let east_of_west = clip(&shift(ring.clone(), turn), |lon| lon + 180.0, -180.0);
    clip(&east_of_west, |lon| 180.0 - lon, 180.0)
}

/// Whether a ring is more than a piece of a meridian.
fn is_area(ring: &Ring) -> bool {
    let first = ring.first().map(|vertex| vertex.lon_degrees);
    ring.len() > 3 && ring.iter().any(|vertex| Some(vertex.lon_degrees) != first)
}

fn is_jump(pair: &[LonLat]) -> bool {
    (pair[1].lon_degrees - pair[0].lon_degrees).abs() > 180.0
}

/// The ring with continuous longitudes; one around a pole is closed along it.
fn continuous(turned: &TurnedRing) -> Result<Ring, String> {
    let (ring, turns) = unroll(&turned.ring);
    if turns == 0.0 {
        return Ok(ring);
    }
    let pole = turned.pole.filter(|_| turns.abs() == 360.0).ok_or_else(|| {
        "a ring goes around the Earth and around no pole of the layer's map; cut the polygon along a meridian first"
            .to_owned()
    })?;
    Ok(closed_along_pole(&ring, turns, pole))
}

/// A ring that goes once around the Earth, from 180 degrees to 180 degrees and back along the pole.
fn closed_along_pole(ring: &Ring, turns: f64, pole_degrees: f64) -> Ring {
    let first = ring[0].lon_degrees;
    // The first antimeridian that the ring meets on its way.
    let meridian = if turns > 0.0 {
        180.0 + 360.0 * ((first - 180.0) / 360.0).ceil()
    } else {
        180.0 + 360.0 * ((first - 180.0) / 360.0).floor()
    };
    let passed = |vertex: &LonLat| (vertex.lon_degrees - meridian) * turns >= 0.0;
    let at = ring.iter().position(passed).unwrap_or(0);
    let start = match at.checked_sub(1) {
        Some(before) => crossing(ring[before], ring[at], meridian),
        None => ring[0],
    };
    let mut whole = vec![start];
    whole.extend(&ring[at..]);
    // The last vertex repeats the first, one turn on.
    whole.extend(shift(ring[..at].to_vec(), turns).into_iter().skip(1));
    let end = LonLat {
        lon_degrees: meridian + turns,
        ..start
    };
    whole.push(end);
    let corner = |vertex: LonLat| LonLat {
        lat_degrees: pole_degrees,
        ..vertex
    };
    whole.extend([corner(end), corner(start), start]);
    shift(whole, -(meridian + turns / 2.0))
}

/// The ring with continuous longitudes, and how far its end is from its beginning, in degrees.
fn unroll(ring: &Ring) -> (Ring, f64) {
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
    (unrolled, turns)
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
            kept.push(crossing(from, to, meridian_degrees));
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

/// Where an edge crosses a meridian. Both directions of an edge give the same bits, so that neighbours
/// stay neighbours.
fn crossing(a: LonLat, b: LonLat, meridian_degrees: f64) -> LonLat {
    let (from, to) = if a.lon_degrees < b.lon_degrees {
        (a, b)
    } else {
        (b, a)
    };
    let share = (meridian_degrees - from.lon_degrees) / (to.lon_degrees - from.lon_degrees);
    LonLat {
        lon_degrees: meridian_degrees,
        lat_degrees: from.lat_degrees + share * (to.lat_degrees - from.lat_degrees),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nutag_grid::MultiPolygon;

    /// A polygon of a map that may jump, around no pole.
    fn cut(polygon: Polygon) -> Result<Vec<Polygon>, String> {
        let turned = |ring| TurnedRing { ring, pole: None };
        let holes = polygon.holes.into_iter().map(turned).collect();
        super::cut(turned(polygon.exterior), holes, true)
    }

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
    fn longitudes_of_any_turn_are_one_place() {
        let of = |lons: [f64; 2]| {
            let [west, east] = lons;
            let box_of = |inset: f64| {
                ring(&[
                    (west + inset, inset),
                    (east - inset, inset),
                    (east - inset, 5.0 - inset),
                    (west + inset, 5.0 - inset),
                    (west + inset, inset),
                ])
            };
            let turned = |ring| TurnedRing { ring, pole: None };
            super::cut(turned(box_of(0.0)), vec![turned(box_of(1.0))], false).unwrap()
        };
        let bounds = |parts: &[Polygon]| -> Vec<(f64, f64, usize)> {
            let parts = parts.iter();
            parts
                .map(|part| {
                    let shape = MultiPolygon {
                        polygons: vec![part.clone()],
                    };
                    let (low, high) = shape.bounds().unwrap();
                    (low.lon_degrees, high.lon_degrees, part.holes.len())
                })
                .collect()
        };
        let both = [(-180.0, -170.0, 1), (170.0, 180.0, 1)];
        assert_eq!(bounds(&of([170.0, 190.0])), both);
        assert_eq!(
            bounds(&of([-190.0, -170.0])),
            [(-180.0, -170.0, 1), (170.0, 180.0, 1)]
        );
        assert_eq!(bounds(&of([190.0, 200.0])), [(-170.0, -160.0, 1)]);
        assert_eq!(bounds(&of([180.0, 200.0])), [(-180.0, -160.0, 1)]);
        assert_eq!(
            bounds(&of([0.0, 360.0])),
            [(-180.0, 0.0, 1), (0.0, 180.0, 1)]
        );
        assert_eq!(bounds(&of([-180.0, 180.0])), [(-180.0, 180.0, 1)]);
    }

    /// Longitudes of a ring along a parallel, from a first one.
    fn around(first: f64, lat: f64, step: f64) -> Ring {
        let steps = (360.0 / step.abs()) as u32;
        let lons = (0..=steps).map(|i| first + step * f64::from(i % steps));
        let vertices: Vec<(f64, f64)> = lons
            .map(|lon| ((lon + 540.0).rem_euclid(360.0) - 180.0, lat))
            .collect();
        ring(&vertices)
    }

    #[test]
    fn a_ring_around_a_pole_is_closed_along_it() {
        for (first, step) in [
            (0.0, 10.0),
            (0.0, -10.0),
            (-180.0, 30.0),
            (175.0, -15.0),
            (-3.0, 7.5),
        ] {
            for pole in [90.0, -90.0] {
                let turned = |lat: f64| TurnedRing {
                    ring: around(first, lat, step),
                    pole: Some(pole),
                };
                let parts = super::cut(
                    turned(pole / 90.0 * 60.0),
                    vec![turned(pole / 90.0 * 80.0)],
                    true,
                );
                let [part] = parts.unwrap().try_into().unwrap();
                let area = |ring: &Ring| {
                    let lons = || ring.iter().map(|v| v.lon_degrees);
                    assert_eq!(lons().fold(0.0, f64::min), -180.0);
                    assert_eq!(lons().fold(0.0, f64::max), 180.0);
                    ring.windows(2)
                        .map(|e| {
                            (e[1].lon_degrees - e[0].lon_degrees)
                                * (e[0].lat_degrees + e[1].lat_degrees)
                                / 2.0
                        })
                        .sum::<f64>()
                        .abs()
                };
                assert!((area(&part.exterior) - 360.0 * 30.0).abs() < 1e-9);
                assert_eq!(part.holes.len(), 1);
                assert!((area(&part.holes[0]) - 360.0 * 10.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_ring_around_no_pole_is_refused() {
        let error = cut(Polygon {
            exterior: around(0.0, 80.0, 90.0),
            holes: vec![],
        })
        .unwrap_err();
        assert!(error.contains("around no pole"), "{error}");
    }
}
