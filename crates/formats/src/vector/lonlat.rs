//! From the coordinates of a layer to longitude and latitude.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{Geometry, OGRwkbGeometryType, geometry_type_flatten};
use nutag_grid::{LonLat, MultiPolygon, Polygon, Ring};

use super::antimeridian;

/// How far, in degrees, the drawn edge may lie from the true one: 1e-6 degrees are 0.1 m.
const EDGE_TOLERANCE_DEGREES: f64 = 1e-6;

/// No edge is cut into more pieces than this.
const MOST_PIECES: f64 = 10_000.0;

/// No piece spans more longitude than this, so that a step over the antimeridian can be told from a
/// long edge.
const LONGEST_PIECE_DEGREES: f64 = 90.0;

/// Rings in the coordinates of the file; the first is the outline.
pub(super) type PlanarPolygon = Vec<Vec<(f64, f64)>>;

/// The rings of a Polygon or MultiPolygon.
pub(super) fn planar_polygons(geometry: &Geometry) -> Vec<PlanarPolygon> {
    let rings = |polygon: &Geometry| {
        (0..polygon.geometry_count())
            .map(|index| {
                let ring = polygon.get_geometry(index);
                let mut points = Vec::new();
                ring.get_points(&mut points);
                points.into_iter().map(|(x, y, _)| (x, y)).collect()
            })
            .collect()
    };
    if geometry_type_flatten(geometry.geometry_type()) == OGRwkbGeometryType::wkbPolygon {
        vec![rings(geometry)]
    } else {
        (0..geometry.geometry_count())
            .map(|index| rings(&geometry.get_geometry(index)))
            .collect()
    }
}

/// WGS84 with longitude first.
pub(crate) fn wgs84() -> gdal::errors::Result<SpatialRef> {
    let mut crs = SpatialRef::from_epsg(4326)?;
    crs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(crs)
}

/// A way from a layer's reference system to longitude and latitude.
pub(super) struct ToLonLat {
    /// `None` where the layer already is in longitude and latitude on WGS84.
    transform: Option<CoordTransform>,
}

impl ToLonLat {
    pub(super) fn new(crs: &SpatialRef) -> Result<Self, String> {
        let prepare = || {
            let mut from = crs.clone();
            from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            let to = wgs84()?;
            if from == to {
                Ok(None)
            } else {
                CoordTransform::new(&from, &to).map(Some)
            }
        };
        let transform = prepare().map_err(|error: gdal::errors::GdalError| error.to_string())?;
        Ok(Self { transform })
    }

    pub(super) fn polygons(&self, planar: &[PlanarPolygon]) -> Result<MultiPolygon, String> {
        let mut polygons = Vec::new();
        for rings in planar {
            let mut rings = rings
                .iter()
                .map(|ring| self.ring(ring))
                .collect::<Result<Vec<Ring>, _>>()?
                .into_iter();
            let Some(exterior) = rings.next() else {
                continue;
            };
            let polygon = Polygon {
                exterior,
                holes: rings.collect(),
            };
            if self.transform.is_some() {
                polygons.extend(antimeridian::cut(polygon)?);
            } else {
                polygons.push(polygon);
            }
        }
        Ok(MultiPolygon { polygons })
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
    if (-180.0..=360.0).contains(&lon_degrees) && (-90.0..=90.0).contains(&lat_degrees) {
        Ok(LonLat {
            lon_degrees,
            lat_degrees,
        })
    } else {
        Err(format!(
            "the vertex ({}, {}) is at longitude {lon_degrees}, latitude {lat_degrees}, which is no place on Earth; \
             is the reference system of the layer right?",
            at.0, at.1
        ))
    }
}
