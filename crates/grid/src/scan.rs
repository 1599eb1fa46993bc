//! Which cells of a row have their centre inside a polygon.
//!
//! A row has one latitude, so the test is one-dimensional: the longitudes at which the edges of a
//! feature cross that latitude, sorted, bound the inside alternately (even-odd rule over all rings).
//! Intervals are half-open, `[west, east)` in longitude and `[south, north)` in latitude, and an edge
//! is always evaluated from its southern end, so two polygons that share an edge neither both claim nor
//! both miss a centre that lies on it.

use std::ops::Range;

use crate::{Grid, GridError, LonLat, MultiPolygon};

/// A run of cells of one row inside one feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Position of the feature in the list the index was made from.
    pub feature: usize,
    /// First column.
    pub first_col: usize,
    /// One after the last column.
    pub end_col: usize,
}

/// The edges of a list of features, ordered for a scan from north to south.
#[derive(Debug, Clone)]
pub struct PolygonIndex {
    /// By latitude of the northern end, northernmost first.
    edges: Vec<Edge>,
    features: usize,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    south: LonLat,
    north: LonLat,
    feature: usize,
}

impl Edge {
    /// Longitude at which the edge crosses a latitude of `[south, north)`.
    fn crossing_degrees(&self, lat_degrees: f64) -> f64 {
        let share = (lat_degrees - self.south.lat_degrees)
            / (self.north.lat_degrees - self.south.lat_degrees);
        self.south.lon_degrees + share * (self.north.lon_degrees - self.south.lon_degrees)
    }
}

impl PolygonIndex {
    /// Indexes features; they are named by their position from here on. Edges are straight lines in
    /// longitude and latitude and are not wrapped at 180 degrees: a feature across the antimeridian must be
    /// cut there, as RFC 7946 asks.
    ///
    /// # Errors
    /// [`GridError::Vertex`] for a vertex that is no place on Earth.
    pub fn new<'a>(
        features: impl IntoIterator<Item = &'a MultiPolygon>,
    ) -> Result<Self, GridError> {
        let mut edges = Vec::new();
        let mut count = 0;
        for (feature, shape) in features.into_iter().enumerate() {
            count = feature + 1;
            for ring in shape.rings() {
                if let Some(bad) = ring.iter().find(|vertex| !is_place(vertex)) {
                    let LonLat {
                        lon_degrees,
                        lat_degrees,
                    } = *bad;
                    return Err(GridError::Vertex {
                        feature,
                        lon_degrees,
                        lat_degrees,
                    });
                }
                let next = ring.iter().cycle().skip(1);
                for (&a, &b) in ring.iter().zip(next) {
                    // An edge along a parallel crosses none; the closing edge of a closed ring is one.
                    if a.lat_degrees < b.lat_degrees {
                        edges.push(Edge {
                            south: a,
                            north: b,
                            feature,
                        });
                    } else if b.lat_degrees < a.lat_degrees {
                        edges.push(Edge {
                            south: b,
                            north: a,
                            feature,
                        });
                    }
                }
            }
        }
        edges.sort_by(|a, b| b.north.lat_degrees.total_cmp(&a.north.lat_degrees));
        Ok(Self {
            edges,
            features: count,
        })
    }

    /// Number of features it was made from.
    #[must_use]
    pub fn features(&self) -> usize {
        self.features
    }

    /// Visits `rows` of a grid from north to south with the spans of each, ordered by feature, then
    /// column; rows without any are visited with an empty list. Spans of one feature neither overlap nor touch.
    pub fn scan(&self, grid: &Grid, rows: Range<usize>, mut visit: impl FnMut(usize, &[Span])) {
        let mut waiting = self.edges.iter().peekable();
        let mut active: Vec<&Edge> = Vec::new();
        let mut crossings: Vec<(usize, f64)> = Vec::new();
        let mut spans: Vec<Span> = Vec::new();
        for row in rows {
            let place = grid.row(row);
            let lat_degrees = place.latitude_degrees();
            while let Some(edge) = waiting.next_if(|edge| edge.north.lat_degrees > lat_degrees) {
                active.push(edge);
            }
            active.retain(|edge| edge.south.lat_degrees <= lat_degrees);
            crossings.clear();
            crossings.extend(
                active
                    .iter()
                    .map(|edge| (edge.feature, edge.crossing_degrees(lat_degrees))),
            );
            crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            spans.clear();
            // A closed ring crosses a parallel an even number of times, so pairs never mix features.
            for pair in crossings.chunks_exact(2) {
                let (feature, west_degrees) = pair[0];
                let (first_col, end_col) = (
                    place.first_col_from(west_degrees),
                    place.first_col_from(pair[1].1),
                );
                match spans.last_mut() {
                    // An outside too narrow to hold a centre is not a gap.
                    Some(last) if last.feature == feature && last.end_col == first_col => {
                        last.end_col = end_col;
                    }
                    _ if first_col < end_col => spans.push(Span {
                        feature,
                        first_col,
                        end_col,
                    }),
                    _ => {}
                }
            }
            visit(row, &spans);
        }
    }
}

/// -180..360 leaves room for layers that count longitudes from 0 to 360.
fn is_place(vertex: &LonLat) -> bool {
    (-180.0..=360.0).contains(&vertex.lon_degrees) && (-90.0..=90.0).contains(&vertex.lat_degrees)
}
