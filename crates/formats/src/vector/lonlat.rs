//! From the coordinates of a layer to longitude and latitude.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use nutag_grid::{LonLat, MultiPolygon, Ring};

use super::antimeridian::{self, TurnedRing};

/// How far, in degrees, the drawn edge may lie from the true one: 1e-6 degrees are 0.1 m.
const EDGE_TOLERANCE_DEGREES: f64 = 1e-6;

/// No edge is cut into more pieces than this.
const MOST_PIECES: f64 = 10_000.0;

/// No piece spans more longitude than this, so that a step over the antimeridian can be told from a
/// long edge.
const LONGEST_PIECE_DEGREES: f64 = 90.0;

/// Rings in the coordinates of the file; the first is the outline.
pub(crate) type PlanarPolygon = Vec<Vec<(f64, f64)>>;

/// WGS84 with longitude first.
pub(crate) fn wgs84() -> gdal::errors::Result<SpatialRef> {
    let mut crs = SpatialRef::from_epsg(4326)?;
    crs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(crs)
}

/// A way from a layer's reference system to longitude and latitude.
pub(crate) struct ToLonLat {
    /// `None` where the layer already is in longitude and latitude on WGS84.
    transform: Option<CoordTransform>,
    /// A whole turn in the layer's own unit, where its coordinates are longitudes.
    turn: Option<f64>,
    /// Where the north and the south pole lie in the layer, where it is a map that shows them.
    poles: [Option<(f64, f64)>; 2],
}

impl ToLonLat {
    pub(crate) fn new(crs: &SpatialRef) -> Result<Self, String> {
        let prepare = || {
            let mut from = crs.clone();
            from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            let to = wgs84()?;
            let turn = from
                .is_geographic()
                .then(|| std::f64::consts::TAU / from.angular_units());
            if from == to {
                return Ok(Self {
                    transform: None,
                    turn,
                    poles: [None; 2],
                });
            }
            let poles = match turn {
                Some(_) => [None; 2],
                None => {
                    let back = CoordTransform::new(&to, &from)?;
                    [90.0, -90.0].map(|lat| place_of(&back, lat))
                }
            };
            Ok(Self {
                transform: Some(CoordTransform::new(&from, &to)?),
                turn,
                poles,
            })
        };
        prepare().map_err(|error: gdal::errors::GdalError| error.to_string())
    }

    /// The polygons within -180..=180 of longitude: those that reach beyond are cut there.
    pub(crate) fn polygons(&self, planar: &[PlanarPolygon]) -> Result<MultiPolygon, String> {
        let mut polygons = Vec::new();
        for planar in planar {
            let mut rings = planar
                .iter()
                .map(|ring| {
                    let turned = TurnedRing {
                        ring: self.ring(ring)?,
                        pole: self.pole_within(ring),
                    };
                    self.check_edges(ring)?;
                    Ok(turned)
                })
                .collect::<Result<Vec<TurnedRing>, String>>()?
                .into_iter();
            let Some(exterior) = rings.next() else {
                continue;
            };
            let holes = rings.collect();
            polygons.extend(antimeridian::cut(
                exterior,
                holes,
                self.transform.is_some(),
            )?);
        }
        Ok(MultiPolygon { polygons })
    }

    /// An edge longer than half a turn may go the long way, or over 180 degrees: nothing says which. One
    /// of a whole turn goes round, as those of a map of the world do.
    fn check_edges(&self, ring: &[(f64, f64)]) -> Result<(), String> {
        let Some(turn) = self.turn else {
            return Ok(());
        };
        let tolerance = turn * 1e-9;
        for edge in ring.windows(2) {
            let length = (edge[1].0 - edge[0].0).abs();
            if length > turn / 2.0 + tolerance && (length - turn).abs() > tolerance {
                return Err(format!(
                    "the edge from ({}, {}) to ({}, {}) is longer than half the Earth, so whether it crosses 180 degrees \
                     cannot be told. If it does: ogr2ogr -wrapdateline split.gpkg FILE (RFC 7946, 3.1.9); if it goes the \
                     long way: ogr2ogr -segmentize 90 split.gpkg FILE",
                    edge[0].0, edge[0].1, edge[1].0, edge[1].1
                ));
            }
        }
        Ok(())
    }

    /// The latitude of the pole that lies within a ring of the layer's map.
    pub(crate) fn pole_within(&self, ring: &[(f64, f64)]) -> Option<f64> {
        let within = self
            .poles
            .map(|pole| pole.is_some_and(|pole| holds(ring, pole)));
        match within {
            [true, false] => Some(90.0),
            [false, true] => Some(-90.0),
            _ => None,
        }
    }

    fn ring(&self, planar: &[(f64, f64)]) -> Result<Ring, String> {
        let Some(transform) = &self.transform else {
            return planar.iter().map(|&(x, y)| lon_lat(x, y, (x, y))).collect();
        };
        let corners = project(transform, planar)?;
        let edges: Vec<_> = planar.windows(2).collect();
        let halves: Vec<(f64, f64)> = edges
            .iter()
            .map(|edge| along(edge[0], edge[1], 0.5))
            .collect();
        let middles = project(transform, &halves)?;

        let mut ring = Vec::with_capacity(planar.len());
        for (index, edge) in edges.iter().enumerate() {
            let (from, to) = (corners[index], corners[index + 1]);
            ring.push(from);
            let pieces = pieces(from, middles[index], to);
            if pieces > 1 {
                let share = |piece: u32| f64::from(piece) / f64::from(pieces);
                let between: Vec<_> = (1..pieces)
                    .map(|piece| along(edge[0], edge[1], share(piece)))
                    .collect();
                ring.extend(project(transform, &between)?);
            }
        }
        ring.extend(corners.last());
        Ok(ring)
    }
}

/// Where a pole lies in a map; `None` where the map does not show it in one place.
fn place_of(back: &CoordTransform, lat_degrees: f64) -> Option<(f64, f64)> {
    // On a map that shows the pole as a line, it lies elsewhere for every longitude.
    let (mut xs, mut ys) = ([0.0, 90.0, 180.0], [lat_degrees; 3]);
    back.transform_coords(&mut xs, &mut ys, &mut []).ok()?;
    let finite = xs.iter().chain(&ys).all(|value| value.is_finite());
    let spread = |values: [f64; 3]| {
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - values.iter().copied().fold(f64::INFINITY, f64::min)
    };
    (finite && spread(xs) < 1e-3 && spread(ys) < 1e-3).then_some((xs[0], ys[0]))
}

/// Whether a ring holds a point of the plane (even-odd rule).
fn holds(ring: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let crossings = ring.windows(2).filter(|edge| {
        let ((x0, y0), (x1, y1)) = (edge[0], edge[1]);
        (y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    });
    crossings.count() % 2 == 1
}

/// A point on an edge. Both directions of an edge give the same bits, so that neighbours stay
/// neighbours.
fn along(a: (f64, f64), b: (f64, f64), share: f64) -> (f64, f64) {
    let forward = a < b;
    let (from, to, share) = if forward {
        (a, b, share)
    } else {
        (b, a, 1.0 - share)
    };
    (
        from.0 + share * (to.0 - from.0),
        from.1 + share * (to.1 - from.1),
    )
}

/// Into how many pieces an edge must be cut to follow its true course. The distance of the chord from
/// an arc falls with the square of the number of pieces.
fn pieces(from: LonLat, middle: LonLat, to: LonLat) -> u32 {
    let turn = |degrees: f64| (degrees + 180.0).rem_euclid(360.0) - 180.0;
    let width = turn(to.lon_degrees - from.lon_degrees);
    let lon_off = turn(middle.lon_degrees - from.lon_degrees - width / 2.0).abs();
    let lat_off = (middle.lat_degrees - f64::midpoint(from.lat_degrees, to.lat_degrees)).abs();
    let by_bend = (lon_off.max(lat_off) / EDGE_TOLERANCE_DEGREES)
        .sqrt()
        .ceil();
    let by_width = ((to.lon_degrees - from.lon_degrees).abs() / LONGEST_PIECE_DEGREES).ceil();
    by_bend.max(by_width).clamp(1.0, MOST_PIECES) as u32
}

fn project(transform: &CoordTransform, points: &[(f64, f64)]) -> Result<Ring, String> {
    let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    // A failure of single points leaves them infinite, and `lon_lat` names the first of them.
    if let Err(error) = transform.transform_coords(&mut xs, &mut ys, &mut [])
        && xs.iter().chain(&ys).all(|value| value.is_finite())
    {
        return Err(error.to_string());
    }
    xs.iter()
        .zip(&ys)
        .zip(points)
        .map(|((&lon, &lat), &at)| lon_lat(lon, lat, at))
        .collect()
}

fn lon_lat(lon_degrees: f64, lat_degrees: f64, at: (f64, f64)) -> Result<LonLat, String> {
    if (-360.0..=360.0).contains(&lon_degrees) && (-90.0..=90.0).contains(&lat_degrees) {
        Ok(LonLat {
            lon_degrees,
            lat_degrees,
        })
    } else {
        Err(format!(
            "the vertex ({}, {}) is at longitude {lon_degrees}, latitude {lat_degrees}, which is not a place on Earth; \
             is the reference system of the layer right?",
            at.0, at.1
        ))
    }
}
