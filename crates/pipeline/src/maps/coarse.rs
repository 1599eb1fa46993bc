//! Cells put together for pictures, which need fewer than a mosaic has.

use std::ops::Range;

use nutag_grid::{Grid, GridError, MODIS_HALF_WIDTH_M, Shape, Window};

/// The longest side of a picture's grid has at least so many cells where the
/// mosaic has them: somewhat more than the pixels of a picture.
const LEAST_CELLS: usize = 2000;
/// Code of cells without a class.
pub const NO_CLASS: u8 = u8::MAX;

/// A grid of larger cells over a mosaic and a little around it: `factor` x
/// `factor` cells each, cut along the cells of the world so that every one is
/// whole.
#[derive(Debug, Clone)]
pub struct Coarse {
    grid: Grid,
    factor: usize,
    /// Place of the mosaic's first cell inside the first larger cell.
    first: (usize, usize),
    fine: Shape,
}

impl Coarse {
    /// Larger cells over a mosaic of tiles with `cells_per_side` cells a side.
    ///
    /// # Errors
    /// A mosaic that is not part of such tiles.
    pub fn over(mosaic: &Grid, cells_per_side: usize) -> Result<Self, GridError> {
        let fine = mosaic.shape();
        let longest = fine.rows.max(fine.cols);
        let factor = (1..=cells_per_side)
            .filter(|factor| cells_per_side.is_multiple_of(*factor))
            .filter(|factor| longest / factor >= LEAST_CELLS)
            .max()
            .unwrap_or(1);
        let (row, col) = world_place(mosaic);
        let world = Grid::modis_world(cells_per_side / factor)?;
        // One more on each side, so that a border never runs beyond the grid.
        let around = |first: usize, count: usize, side: usize| {
            let start = (first / factor).saturating_sub(1);
            start..((first + count).div_ceil(factor) + 1).min(side)
        };
        let rows = around(row, fine.rows, world.shape().rows);
        let cols = around(col, fine.cols, world.shape().cols);
        let window = Window {
            row0: rows.start,
            col0: cols.start,
            rows: rows.len(),
            cols: cols.len(),
        };
        Ok(Self {
            grid: world.window(window)?,
            factor,
            first: (row - rows.start * factor, col - cols.start * factor),
            fine,
        })
    }

    /// The grid of larger cells.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    pub(super) fn row(&self, fine: usize) -> usize {
        (self.first.0 + fine) / self.factor
    }

    pub(super) fn col(&self, fine: usize) -> usize {
        (self.first.1 + fine) / self.factor
    }

    /// Whether a row of the mosaic is the last of its larger row.
    pub(super) fn ends(&self, fine: usize) -> bool {
        fine + 1 == self.fine.rows || self.row(fine + 1) != self.row(fine)
    }

    pub(super) fn cells(&self, row: usize) -> Range<usize> {
        let cols = self.grid.shape().cols;
        row * cols..(row + 1) * cols
    }
}

/// Row and column of a grid's first cell among the cells of the world.
pub fn world_place(grid: &Grid) -> (usize, usize) {
    let (x, y) = grid.corner(0, 0);
    let (width, height) = grid.cell_size();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "corners of cells inside the world"
    )]
    let place = |distance: f64, cell: f64| (distance / cell).round().max(0.0) as usize;
    (
        place(MODIS_HALF_WIDTH_M / 2.0 - y, height),
        place(x + MODIS_HALF_WIDTH_M, width),
    )
}

/// The most frequent class of each larger cell; of equals the lowest code.
#[derive(Debug)]
pub struct Votes {
    classes: usize,
    votes: Vec<u32>,
    cells: Vec<u8>,
}

impl Votes {
    /// For classes 0 to `classes - 1`.
    pub fn new(coarse: &Coarse, classes: usize) -> Self {
        let shape = coarse.grid.shape();
        Self {
            classes,
            votes: vec![0; classes * shape.cols],
            cells: vec![NO_CLASS; shape.cells()],
        }
    }

    /// Adds a row of the mosaic; the rows come in order. Codes that are not
    /// classes have no vote.
    pub fn add(&mut self, coarse: &Coarse, row: usize, codes: &[u8]) {
        for (col, code) in codes.iter().enumerate() {
            let code = usize::from(*code);
            if code < self.classes {
                self.votes[coarse.col(col) * self.classes + code] += 1;
            }
        }
        if !coarse.ends(row) || self.classes == 0 {
            return;
        }
        let cells = &mut self.cells[coarse.cells(coarse.row(row))];
        for (cell, votes) in cells.iter_mut().zip(self.votes.chunks(self.classes)) {
            let most = votes.iter().copied().max().unwrap_or(0);
            let first = votes.iter().position(|vote| *vote == most && most > 0);
            *cell = first
                .and_then(|class| u8::try_from(class).ok())
                .unwrap_or(NO_CLASS);
        }
        self.votes.fill(0);
    }

    /// The class of each larger cell.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }
}

/// Cells beyond the area of interest that [`spread`] fills: tips of a region may
/// be thinner than a cell.
const SPREAD_CELLS: usize = 2;

/// Gives each cell just outside the area of interest what a neighbour has.
///
/// A cell belongs to the region that holds its centre, so along a border parts
/// of the region lie in cells outside. On a picture, which is cut along the
/// border itself, they would look like gaps in the data.
pub fn spread<T: Copy>(shape: Shape, inside: &[u8], cells: &[T]) -> Vec<T> {
    let mut cells = cells.to_vec();
    let mut filled: Vec<bool> = inside.iter().map(|code| *code != NO_CLASS).collect();
    for _ in 0..SPREAD_CELLS {
        let before = filled.clone();
        for cell in (0..cells.len()).filter(|cell| !before[*cell]) {
            let (row, col) = (cell / shape.cols, cell % shape.cols);
            let cols = col.saturating_sub(1)..(col + 2).min(shape.cols);
            let mut around = (row.saturating_sub(1)..(row + 2).min(shape.rows))
                .flat_map(|row| cols.clone().map(move |col| row * shape.cols + col));
            if let Some(near) = around.find(|near| before[*near]) {
                cells[cell] = cells[near];
                filled[cell] = true;
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mosaic(side: usize, window: Window) -> Grid {
        Grid::modis_world(side).unwrap().window(window).unwrap()
    }

    fn window(row0: usize, col0: usize, rows: usize, cols: usize) -> Window {
        Window {
            row0,
            col0,
            rows,
            cols,
        }
    }

    #[test]
    fn a_small_mosaic_stays_as_it_is() {
        let mosaic = mosaic(240, window(1000, 5000, 300, 900));
        let coarse = Coarse::over(&mosaic, 240).unwrap();
        assert_eq!((coarse.factor, coarse.first), (1, (1, 1)));
        assert_eq!(coarse.grid().shape(), Shape::new(302, 902).unwrap());
        assert_eq!(coarse.grid().corner(1, 1), mosaic.corner(0, 0));
    }

    #[test]
    fn larger_cells_lie_on_cells_of_the_world() {
        let mosaic = mosaic(2400, window(9001, 58_001, 2500, 8500));
        let coarse = Coarse::over(&mosaic, 2400).unwrap();
        assert_eq!(coarse.factor, 4);
        // Every cell of the mosaic is in the larger cell that holds its centre.
        for (row, col) in [(0, 0), (2, 5), (3, 3), (1200, 4321), (2499, 8499)] {
            let centre = mosaic.center(row, col);
            let found = coarse
                .grid()
                .cell_at(centre.lon_degrees, centre.lat_degrees);
            assert_eq!(found, Some((coarse.row(row), coarse.col(col))));
        }
    }

    #[test]
    fn votes_can_be_checked_by_hand() {
        let mosaic = mosaic(4, window(1, 1, 3, 4));
        let coarse = Coarse {
            grid: Grid::modis_world(2)
                .unwrap()
                .window(window(0, 0, 2, 3))
                .unwrap(),
            factor: 2,
            first: (1, 1),
            fine: mosaic.shape(),
        };
        let mut votes = Votes::new(&coarse, 3);
        let codes = [[2, 0, 1, 9], [1, 1, 2, NO_CLASS], [0, 2, 2, NO_CLASS]];
        for (row, codes) in codes.iter().enumerate() {
            votes.add(&coarse, row, codes);
        }
        // First larger row: {2}, {0, 1}, {9}; second: {1, 0}, {1, 2, 2, 2}, nothing.
        assert_eq!(votes.cells(), [2, 0, NO_CLASS, 0, 2, NO_CLASS]);

        let inside = votes.cells().to_vec();
        let filled = spread(coarse.grid.shape(), &inside, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(filled, [1, 2, 2, 4, 5, 2]);
    }
}
