//! From the axes of a file to cells with row 0 in the north and column 0 in the west.

use nutag_grid::overlap::{CellsError, LonLatCells};

/// Cells, and how the file's order becomes theirs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axes {
    pub(crate) cells: LonLatCells,
    /// The file's row of each row.
    rows: Vec<usize>,
    /// The file's column of each column.
    cols: Vec<usize>,
}

/// The edges of cells along an axis.
pub(crate) enum Axis {
    /// Only the middles are known: edges lie half way between them.
    Middles(Vec<f64>),
    /// Both edges of each cell.
    Bounds(Vec<[f64; 2]>),
}

/// How far two cells may gape or overlap, as a share of a cell.
const TOLERANCE: f64 = 1e-3;

impl Axes {
    pub(crate) fn new(lon: Axis, lat: Axis) -> Result<Self, CellsError> {
        let (lat_edges, rows) = latitudes(lat)?;
        let (lon_edges, cols) = longitudes(lon)?;
        Ok(Self {
            cells: LonLatCells::new(lon_edges, lat_edges)?,
            rows,
            cols,
        })
    }

    /// Row-major values of the file in the order of the cells.
    pub(crate) fn arrange<T: Copy>(&self, values: &[T]) -> Vec<T> {
        let cols = self.cols.len();
        let mut out = Vec::with_capacity(values.len());
        for row in &self.rows {
            out.extend(self.cols.iter().map(|col| values[row * cols + col]));
        }
        out
    }

    /// Row and column in the file of a cell.
    pub(crate) fn in_file(&self, cell: usize) -> (usize, usize) {
        let cols = self.cols.len();
        (self.rows[cell / cols], self.cols[cell % cols])
    }
}

/// Both edges of each cell, in the order of the file.
fn bounds(axis: Axis, name: &'static str) -> Result<Vec<[f64; 2]>, CellsError> {
    let middles = match axis {
        Axis::Bounds(bounds) => return Ok(bounds),
        Axis::Middles(middles) => middles,
    };
    if middles.len() < 2 {
        return Err(CellsError::TooFew {
            axis: name,
            found: middles.len(),
        });
    }
    let last = middles.len() - 1;
    let half = |a: f64, b: f64| (b - a) / 2.0;
    Ok((0..=last)
        .map(|i| {
            let before = if i == 0 {
                half(middles[0], middles[1])
            } else {
                half(middles[i - 1], middles[i])
            };
            let after = if i == last {
                half(middles[last - 1], middles[last])
            } else {
                half(middles[i], middles[i + 1])
            };
            [middles[i] - before, middles[i] + after]
        })
        .collect())
}

/// Edges from north to south, and the file's row of each row.
fn latitudes(axis: Axis) -> Result<(Vec<f64>, Vec<usize>), CellsError> {
    let mut bounds = bounds(axis, "latitude")?;
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    for pair in &mut bounds {
        // A cell at a pole reaches to the pole and not over it.
        *pair = [
            pair[0].max(pair[1]).min(90.0),
            pair[0].min(pair[1]).max(-90.0),
        ];
    }
    if bounds.len() > 1 && bounds[0][0] < bounds[bounds.len() - 1][0] {
        bounds.reverse();
        order.reverse();
    }
    Ok((edges(&bounds, "latitude", "north to south")?, order))
}

/// Edges from west to east, and the file's column of each column.
fn longitudes(axis: Axis) -> Result<(Vec<f64>, Vec<usize>), CellsError> {
    let axis = match axis {
        Axis::Middles(middles) => Axis::Middles(unwrapped(middles)?),
        Axis::Bounds(bounds) => Axis::Bounds(bounds),
    };
    let mut bounds = bounds(axis, "longitude")?;
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    if bounds.len() > 1 && bounds[0][0] > bounds[bounds.len() - 1][0] {
        bounds.reverse();
        order.reverse();
    }
    for pair in &mut bounds {
        *pair = [pair[0].min(pair[1]), pair[0].max(pair[1])];
    }
    // Every cell to the turn in which its middle lies within -180..180, the westernmost first.
    let mut turned: Vec<([f64; 2], usize)> = bounds
        .iter()
        .zip(order)
        .map(|([west, east], col)| {
            let turn = 360.0 * ((f64::midpoint(*west, *east) + 180.0) / 360.0).floor();
            ([west - turn, east - turn], col)
        })
        .collect();
    let first = (0..turned.len()).min_by(|a, b| turned[*a].0[0].total_cmp(&turned[*b].0[0]));
    let span = bounds.last().map_or(0.0, |b| b[1]) - bounds.first().map_or(0.0, |b| b[0]);
    if (span - 360.0).abs() < 1e-3 {
        turned.rotate_left(first.unwrap_or(0));
    } else {
        // Part of a turn stays in one piece, even over the antimeridian.
        let shift = bounds.first().map_or(0.0, |b| b[0]) - turned.first().map_or(0.0, |t| t.0[0]);
        for (bound, turned) in bounds.iter().zip(&mut turned) {
            turned.0 = [bound[0] - shift, bound[1] - shift];
        }
    }
    let (bounds, order): (Vec<[f64; 2]>, Vec<usize>) = turned.into_iter().unzip();
    Ok((edges(&bounds, "longitude", "west to east")?, order))
}

/// Middles that jump by a turn (179, -179) as one run.
fn unwrapped(mut middles: Vec<f64>) -> Result<Vec<f64>, CellsError> {
    // Anything further out is no longitude, in whatever way it is counted.
    if let Some(index) = middles
        .iter()
        .position(|lon| !(-720.0..=720.0).contains(lon))
    {
        return Err(CellsError::Extent {
            axis: "longitude",
            expected: "at most one turn from a western edge within -360..360",
            first: middles[0],
            last: middles[index],
        });
    }
    for i in 1..middles.len() {
        let turns = ((middles[i] - middles[i - 1]) / 360.0).round();
        middles[i] -= 360.0 * turns;
    }
    Ok(middles)
}

/// The edges of cells that touch each other.
fn edges(
    bounds: &[[f64; 2]],
    axis: &'static str,
    order: &'static str,
) -> Result<Vec<f64>, CellsError> {
    let mut edges: Vec<f64> = bounds.iter().map(|pair| pair[0]).collect();
    edges.extend(bounds.last().map(|pair| pair[1]));
    for (index, pair) in bounds.windows(2).enumerate() {
        let size = (pair[0][1] - pair[0][0]).abs();
        let gap = (pair[1][0] - pair[0][1]).abs();
        if gap.is_nan() || gap > TOLERANCE * size {
            return Err(CellsError::Order {
                axis,
                order,
                index: index + 1,
                before: pair[0][1],
                found: pair[1][0],
            });
        }
    }
    Ok(edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn middles(first: f64, step: f64, n: u32) -> Axis {
        Axis::Middles((0..n).map(|i| first + step * f64::from(i)).collect())
    }

    #[test]
    fn every_way_to_write_a_globe_is_the_same_globe() {
        let north_first = Axes::new(middles(-178.75, 2.5, 144), middles(88.75, -2.5, 72)).unwrap();
        let other = Axes::new(middles(1.25, 2.5, 144), middles(-88.75, 2.5, 72)).unwrap();
        assert_eq!(north_first.cells, other.cells);
        assert_eq!(north_first.cells.lon_edges_degrees()[0], -180.0);
        assert_eq!(north_first.in_file(0), (0, 0));
        // The cell in the north-west is the middle of the last row of the other file.
        assert_eq!(other.in_file(0), (71, 72));
        let values: Vec<u32> = (0..72 * 144).collect();
        assert_eq!(other.arrange(&values)[0], 71 * 144 + 72);
        assert_eq!(north_first.arrange(&values), values);
    }

    #[test]
    fn half_cells_at_the_poles_end_there() {
        let axes = Axes::new(middles(-180.0, 0.625, 576), middles(-90.0, 0.5, 361)).unwrap();
        let lat = axes.cells.lat_edges_degrees();
        assert_eq!((lat[0], lat[1], lat[361]), (90.0, 89.75, -90.0));
        assert_eq!(axes.cells.lon_edges_degrees()[0], -180.3125);
        assert_eq!(axes.cells.cells(), 361 * 576);
    }

    #[test]
    fn a_part_over_the_antimeridian_stays_in_one_piece() {
        let axes = Axes::new(
            Axis::Middles(vec![175.0, 177.0, 179.0, -179.0, -177.0]),
            middles(10.0, -2.0, 3),
        )
        .unwrap();
        assert_eq!(
            axes.cells.lon_edges_degrees(),
            [174.0, 176.0, 178.0, 180.0, 182.0, 184.0]
        );
        let east = Axes::new(middles(271.0, 2.0, 4), middles(10.0, -2.0, 3)).unwrap();
        assert_eq!(east.cells.lon_edges_degrees()[0], -90.0);
    }

    #[test]
    fn cells_with_gaps_are_refused() {
        let gap = Axes::new(
            Axis::Bounds(vec![[0.0, 1.0], [2.0, 3.0]]),
            middles(10.0, -2.0, 3),
        );
        assert!(matches!(
            gap,
            Err(CellsError::Order {
                axis: "longitude",
                ..
            })
        ));
        assert!(Axes::new(Axis::Middles(vec![5.0]), middles(10.0, -2.0, 3)).is_err());
        assert!(Axes::new(middles(0.0, 1.0, 3), Axis::Middles(vec![1.0, 1.0])).is_err());
    }

    #[test]
    fn numbers_that_are_no_longitudes_are_refused_at_once() {
        for wild in [1e300, f64::INFINITY, f64::NAN, -721.0] {
            let lon = Axis::Middles(vec![0.0, wild, 2.0]);
            let error = Axes::new(lon, middles(10.0, -2.0, 3));
            assert!(matches!(error, Err(CellsError::Extent { .. })), "{wild}");
            let bounds = Axis::Bounds(vec![[0.0, wild], [wild, 2.0]]);
            assert!(Axes::new(bounds, middles(10.0, -2.0, 3)).is_err(), "{wild}");
        }
    }
}
