//! A tile of a plan: its grids, its granules, its blocks.

use std::ops::Range;

use nutag_granules::granule::GranuleFile;
use nutag_granules::product::Product;
use nutag_grid::{Grid, MODIS_SPHERE_RADIUS_M, Shape, TileId, Window};
use nutag_problem::{Error, OrProblem};
use nutag_zonal::KeyStrip;
use serde::{Deserialize, Serialize};

use crate::blocks::Cut;
use crate::keys::Keys;

/// On which grid cells are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The tile's own.
    Native,
    /// Cells of 0.01 degree, each counted as 1 km2: the published way.
    Published,
}

impl Target {
    /// The mode of a pipeline file that asks for it, as the keys of tasks name it.
    pub(crate) fn mode(self) -> &'static str {
        match self {
            Self::Native => "Corrected",
            Self::Published => "AsPublished",
        }
    }
}

/// Size of the published cells.
const PUBLISHED_CELLS_PER_DEGREE: usize = 100;

/// A tile and all that is needed to tally it.
#[derive(Debug)]
pub struct TilePlan {
    /// The tile.
    pub tile: TileId,
    /// Its own grid.
    pub native: Grid,
    /// The grid that keys are on.
    pub grid: Grid,
    /// The keys.
    pub keys: Keys,
    /// The area that a cell of each row of [`TilePlan::grid`] counts as, in whole square centimetres.
    /// Reckoned once, where the plan is made: every worker takes these.
    pub row_areas_cm2: Vec<u64>,
    /// The granule of each period, `None` where it is missing.
    pub granules: Vec<Option<GranuleFile>>,
    /// How blocks are read.
    pub cut: Cut,
    /// The blocks, on the tile's own grid.
    pub windows: Vec<Window>,
    /// Bytes that are read from its granules.
    pub stored_bytes: u64,
    /// Area of its cells of interest.
    pub area_cm2: u64,
}

/// The grid of a tile of a product.
///
/// # Errors
/// A number of cells that no grid has.
pub fn tile_grid(tile: TileId, product: &Product) -> Result<Grid, Error> {
    Grid::modis_tile(tile, product.cells_per_side)
        .or_problem()
        .map_err(|problem| problem.at("[product] cells_per_tile").asked())
}

/// The grid that the keys of a tile are on, and the rows of it that cross the tile.
///
/// # Errors
/// A grid that cannot be, which is a fault of this program.
pub fn grid_of(native: &Grid, target: Target) -> Result<(Grid, Range<usize>), Error> {
    match target {
        Target::Native => Ok((*native, 0..native.shape().rows)),
        Target::Published => published_grid(native),
    }
}

/// The area that a cell of each row of a grid counts as, in whole square centimetres.
#[must_use]
pub fn row_areas_cm2(target: Target, grid: &Grid) -> Vec<u64> {
    const SQUARE_KILOMETRE_CM2: u64 = 10_000_000_000;
    let of_row = |row| match target {
        Target::Native => grid.row_cell_area_cm2(row),
        Target::Published => SQUARE_KILOMETRE_CM2,
    };
    (0..grid.shape().rows).map(of_row).collect()
}

/// The world in published cells, and the rows that cross a tile.
fn published_grid(native: &Grid) -> Result<(Grid, Range<usize>), Error> {
    let per_degree = PUBLISHED_CELLS_PER_DEGREE;
    let shape = Shape::new(180 * per_degree, 360 * per_degree).or_failed()?;
    #[expect(clippy::cast_precision_loss, reason = "a small whole number")]
    let cell = 1.0 / per_degree as f64;
    let world = Grid::geographic(-180.0, 90.0, cell, cell, shape).or_failed()?;
    let rows = native.shape().rows;
    let inside = |row: &usize| row_of(native, world.row_latitude_degrees(*row)).is_some();
    let first = (0..shape.rows).find(inside).unwrap_or(0);
    let count = (first..shape.rows).take_while(inside).count();
    // Only the longitudes between the tile's outer corners are looked at.
    let corner = |row: usize, col: usize| {
        let (x_m, y_m) = native.corner(row, col);
        (x_m / (MODIS_SPHERE_RADIUS_M * libm::cos(y_m / MODIS_SPHERE_RADIUS_M))).to_degrees()
    };
    let cols = native.shape().cols;
    let longitudes = [
        corner(0, 0),
        corner(0, cols),
        corner(rows, 0),
        corner(rows, cols),
    ];
    let west = longitudes
        .iter()
        .copied()
        .fold(f64::INFINITY, f64::min)
        .max(-180.0);
    let east = longitudes
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max)
        .min(180.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "inside the world, floored on purpose"
    )]
    let column = |longitude: f64| ((longitude + 180.0) / cell).floor().max(0.0) as usize;
    let col0 = column(west).saturating_sub(1);
    let cols = (column(east) + 2).min(shape.cols) - col0;
    let window = Window {
        row0: first,
        col0,
        rows: count,
        cols,
    };
    Ok((world.window(window).or_failed()?, 0..count))
}

/// The row of a tile's grid that a latitude lies in.
#[must_use]
pub fn row_of(native: &Grid, latitude_degrees: f64) -> Option<usize> {
    // The longitude of a cell that certainly lies in the tile.
    let middle = native.shape().cols / 2;
    let (north, south) = (
        native.row_edges_degrees(0).1,
        native.row_edges_degrees(native.shape().rows - 1).0,
    );
    if latitude_degrees >= north || latitude_degrees < south {
        return None;
    }
    let rows = native.shape().rows;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of few rows, clamped"
    )]
    let guess =
        (((north - latitude_degrees) / (north - south) * rows as f64) as usize).min(rows - 1);
    let near = guess.saturating_sub(1)..(guess + 2).min(rows);
    near.into_iter().find_map(|row| {
        let longitude = native.longitude_degrees(row, middle);
        native
            .cell_at(longitude, latitude_degrees)
            .map(|(row, _)| row)
    })
}

/// The published cells of a row whose centres lie in a tile.
#[must_use]
pub fn columns_of_tile(grid: &Grid, native: &Grid, row: usize) -> Range<usize> {
    let latitude = grid.row_latitude_degrees(row);
    let inside = |col: &usize| {
        native
            .cell_at(grid.longitude_degrees(row, *col), latitude)
            .is_some()
    };
    let cols = grid.shape().cols;
    let Some(first) = (0..cols).find(inside) else {
        return 0..0;
    };
    let last = (first..cols).rev().find(inside).unwrap_or(first);
    first..last + 1
}

/// The rows of the tile's own grid under cells of interest, as keys of full
/// rows, so that blocks can be cut by them.
#[must_use]
pub fn touched_rows(grid: &Grid, native: &Grid, keys: &KeyStrip) -> KeyStrip {
    let shape = native.shape();
    let mut touched = vec![false; shape.rows];
    for row in keys.rows().filter(|row| !keys.row(*row).is_empty()) {
        if let Some(row) = row_of(native, grid.row_latitude_degrees(row)) {
            touched[row] = true;
        }
    }
    let mut strip = KeyStrip::starting_at(0);
    for touched in touched {
        strip.push_row(std::iter::repeat_n(u32::from(!touched), shape.cols), 1);
    }
    strip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_cell_lies_in_exactly_one_tile() {
        for cells in [240, 2400] {
            let tile = |text: &str| Grid::modis_tile(text.parse().unwrap(), cells).unwrap();
            for (left, right) in [("h24v03", "h25v03"), ("h24v04", "h25v04")] {
                let (left, right) = (tile(left), tile(right));
                let (a, rows) = published_grid(&left).unwrap();
                let (b, same) = published_grid(&right).unwrap();
                assert_eq!(rows, same);
                assert_eq!(rows.len(), 1000, "ten degrees");
                for row in rows {
                    let (west, east) = (
                        columns_of_tile(&a, &left, row),
                        columns_of_tile(&b, &right, row),
                    );
                    // Where the western tile ends the eastern one begins.
                    let lon =
                        |grid: &Grid, col| (grid.longitude_degrees(row, col) * 1000.0).round();
                    assert_eq!(lon(&a, west.end), lon(&b, east.start), "row {row}");
                }
            }
        }
    }
}
