//! Coarse cells between meridians and parallels.

use crate::{LonLat, Shape, area_between_parallels_m2};

/// Cells between meridians and parallels, of any widths. Row 0 is the northernmost, column 0 the
/// westernmost.
#[derive(Debug, Clone, PartialEq)]
pub struct LonLatCells {
    /// Strictly increasing, one more than columns.
    lon_edges_degrees: Vec<f64>,
    /// Strictly decreasing, one more than rows.
    lat_edges_degrees: Vec<f64>,
}

/// Why edges are no grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CellsError {
    /// Fewer than two edges.
    #[error("expected at least two edges in {axis}, found {found}")]
    TooFew {
        /// `longitude` or `latitude`.
        axis: &'static str,
        /// How many there are.
        found: usize,
    },
    /// Edges out of order, or not finite.
    #[error(
        "expected edges in {axis} that run {order}, found {found} after {before} (edge {index}, counted from 0)"
    )]
    Order {
        /// `longitude` or `latitude`.
        axis: &'static str,
        /// How they must run.
        order: &'static str,
        /// Which edge.
        index: usize,
        /// The edge before it.
        before: f64,
        /// The edge.
        found: f64,
    },
    /// Edges beyond the Earth.
    #[error("expected {expected}, found {first} to {last} degrees of {axis}")]
    Extent {
        /// `longitude` or `latitude`.
        axis: &'static str,
        /// What would be accepted.
        expected: &'static str,
        /// The first edge.
        first: f64,
        /// The last edge.
        last: f64,
    },
}

/// How far beyond a pole or a full turn an edge may lie for rounding's sake.
const TOLERANCE_DEGREES: f64 = 1e-6;

impl LonLatCells {
    /// Cells from their edges: longitudes from west to east, latitudes **from north to south**, all
    /// in degrees. Longitudes may start anywhere in -360..360 (0 to 360 is as good as -180 to 180)
    /// and span at most one turn. An edge beyond a pole by less than a millionth of a degree is put
    /// on it.
    ///
    /// # Errors
    /// [`CellsError`] when there are fewer than two edges, when they are out of order or not finite,
    /// and when they reach beyond a pole or span more than a turn.
    pub fn new(
        lon_edges_degrees: Vec<f64>,
        mut lat_edges_degrees: Vec<f64>,
    ) -> Result<Self, CellsError> {
        ordered("longitude", "west to east", &lon_edges_degrees, |a, b| {
            a < b
        })?;
        ordered("latitude", "north to south", &lat_edges_degrees, |a, b| {
            a > b
        })?;
        let extent = |axis, expected, edges: &[f64]| CellsError::Extent {
            axis,
            expected,
            first: edges[0],
            last: edges[edges.len() - 1],
        };
        let [west, east] = ends(&lon_edges_degrees);
        if !(-360.0..=360.0).contains(&west) || east - west > 360.0 + TOLERANCE_DEGREES {
            return Err(extent(
                "longitude",
                "at most one turn from a western edge within -360..360",
                &lon_edges_degrees,
            ));
        }
        let [north, south] = ends(&lat_edges_degrees);
        if north > 90.0 + TOLERANCE_DEGREES || south < -90.0 - TOLERANCE_DEGREES {
            return Err(extent(
                "latitude",
                "edges within -90..90",
                &lat_edges_degrees,
            ));
        }
        for edge in &mut lat_edges_degrees {
            *edge = edge.clamp(-90.0, 90.0);
        }
        Ok(Self {
            lon_edges_degrees,
            lat_edges_degrees,
        })
    }

    /// Equal cells from the outer north-west corner.
    ///
    /// # Errors
    /// As [`LonLatCells::new`].
    pub fn regular(
        west_degrees: f64,
        north_degrees: f64,
        width_degrees: f64,
        height_degrees: f64,
        shape: Shape,
    ) -> Result<Self, CellsError> {
        let edges = |first: f64, step: f64, cells: usize| {
            (0..=cells).map(|i| first + step * i as f64).collect()
        };
        Self::new(
            edges(west_degrees, width_degrees, shape.cols),
            edges(north_degrees, -height_degrees, shape.rows),
        )
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.lat_edges_degrees.len() - 1
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.lon_edges_degrees.len() - 1
    }

    /// Number of cells; the index of a cell is `row * cols + col`.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.rows() * self.cols()
    }

    /// Meridians from west to east, one more than columns.
    #[must_use]
    pub fn lon_edges_degrees(&self) -> &[f64] {
        &self.lon_edges_degrees
    }

    /// Parallels from north to south, one more than rows.
    #[must_use]
    pub fn lat_edges_degrees(&self) -> &[f64] {
        &self.lat_edges_degrees
    }

    /// The middle of a cell.
    #[must_use]
    pub fn centre(&self, row: usize, col: usize) -> LonLat {
        let middle = |edges: &[f64], i: usize| f64::midpoint(edges[i], edges[i + 1]);
        LonLat {
            lon_degrees: middle(&self.lon_edges_degrees, col),
            lat_degrees: middle(&self.lat_edges_degrees, row),
        }
    }

    /// True area of a cell on WGS84 in km2.
    #[must_use]
    pub fn cell_area_km2(&self, row: usize, col: usize) -> f64 {
        let [north, south] = [self.lat_edges_degrees[row], self.lat_edges_degrees[row + 1]];
        let [west, east] = [self.lon_edges_degrees[col], self.lon_edges_degrees[col + 1]];
        area_between_parallels_m2(south, north, east - west) / 1e6
    }

    /// The cell that holds a place, as `row, col`. A place on an edge belongs to the cell east or
    /// south of it. Longitudes count modulo 360. `None` outside.
    #[must_use]
    pub fn cell_at(&self, place: LonLat) -> Option<(usize, usize)> {
        let [west, east] = ends(&self.lon_edges_degrees);
        let mut lon = place.lon_degrees;
        if lon < west || lon - 360.0 >= west {
            lon = west + (lon - west).rem_euclid(360.0);
        }
        let [north, south] = ends(&self.lat_edges_degrees);
        let lat = place.lat_degrees;
        if !(lon < east && lat <= north && lat >= south) {
            return None;
        }
        let col = self.lon_edges_degrees.partition_point(|edge| *edge <= lon) - 1;
        let row = self.lat_edges_degrees.partition_point(|edge| *edge >= lat) - 1;
        // The south pole is in the last row.
        Some((row.min(self.rows() - 1), col))
    }
}

fn ends(edges: &[f64]) -> [f64; 2] {
    [edges[0], edges[edges.len() - 1]]
}

fn ordered(
    axis: &'static str,
    order: &'static str,
    edges: &[f64],
    follows: fn(f64, f64) -> bool,
) -> Result<(), CellsError> {
    if edges.len() < 2 {
        return Err(CellsError::TooFew {
            axis,
            found: edges.len(),
        });
    }
    for (index, pair) in edges.windows(2).enumerate() {
        let finite = pair[0].is_finite() && pair[1].is_finite();
        if !finite || !follows(pair[0], pair[1]) {
            return Err(CellsError::Order {
                axis,
                order,
                index: index + 1,
                before: pair[0],
                found: pair[1],
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lon_degrees: f64, lat_degrees: f64) -> LonLat {
        LonLat {
            lon_degrees,
            lat_degrees,
        }
    }

    fn gosat() -> LonLatCells {
        LonLatCells::regular(-180.0, 90.0, 2.5, 2.5, Shape::new(72, 144).unwrap()).unwrap()
    }

    #[test]
    fn cells_cover_the_earth_once() {
        let cells = gosat();
        let total: f64 = (0..72).map(|row| cells.cell_area_km2(row, 0) * 144.0).sum();
        assert!((total - 510_065_621.724_088).abs() < 1e-3, "{total}");
        assert_eq!(cells.centre(0, 0), place(-178.75, 88.75));
    }

    #[test]
    fn a_place_has_one_cell_whatever_its_turn() {
        let cells = gosat();
        // Ulaanbaatar.
        assert_eq!(cells.cell_at(place(106.9, 47.9)), Some((16, 114)));
        assert_eq!(cells.cell_at(place(106.9 - 360.0, 47.9)), Some((16, 114)));
        // Edges belong to the east and the south; the south pole to the last row.
        assert_eq!(cells.cell_at(place(105.0, 50.0)), Some((16, 114)));
        assert_eq!(cells.cell_at(place(180.0, 90.0)), Some((0, 0)));
        assert_eq!(cells.cell_at(place(0.0, -90.0)), Some((71, 72)));
        let east = LonLatCells::new(vec![0.0, 180.0, 360.0], vec![90.0, 0.0, -90.0]).unwrap();
        assert_eq!(east.cell_at(place(-1.0, 10.0)), Some((0, 1)));
        let part = LonLatCells::new(vec![100.0, 110.0], vec![50.0, 40.0]).unwrap();
        assert_eq!(part.cell_at(place(99.0, 45.0)), None);
        assert_eq!(part.cell_at(place(105.0, 51.0)), None);
        for nowhere in [f64::NAN, f64::INFINITY] {
            assert_eq!(cells.cell_at(place(nowhere, 45.0)), None);
            assert_eq!(cells.cell_at(place(45.0, nowhere)), None);
        }
    }

    #[test]
    fn edges_that_are_no_grid_are_refused() {
        let new = |lon: &[f64], lat: &[f64]| LonLatCells::new(lon.to_vec(), lat.to_vec());
        assert!(matches!(
            new(&[0.0], &[1.0, 0.0]),
            Err(CellsError::TooFew { .. })
        ));
        let upside_down = new(&[0.0, 1.0], &[0.0, 1.0]).unwrap_err().to_string();
        assert!(upside_down.contains("north to south"), "{upside_down}");
        assert!(matches!(
            new(&[0.0, f64::NAN], &[1.0, 0.0]),
            Err(CellsError::Order { .. })
        ));
        assert!(matches!(
            new(&[0.0, 361.0], &[1.0, 0.0]),
            Err(CellsError::Extent { .. })
        ));
        assert!(matches!(
            new(&[0.0, 1.0], &[91.0, 0.0]),
            Err(CellsError::Extent { .. })
        ));
    }
}
