//! Means of cells, for pictures.

use super::coarse::Coarse;

/// The mean of each larger cell, where at least half of its cells inside the
/// area of interest have a value; NaN elsewhere.
#[derive(Debug)]
pub struct Means {
    row: Vec<(f64, u32, u32)>,
    cells: Vec<f32>,
}

impl Means {
    /// Nothing yet.
    pub fn new(coarse: &Coarse) -> Self {
        let shape = coarse.grid().shape();
        Self {
            row: vec![(0.0, 0, 0); shape.cols],
            cells: vec![f32::NAN; shape.cells()],
        }
    }

    /// Adds a row of the mosaic; the rows come in order. `inside` says which
    /// cells are of interest.
    pub fn add(
        &mut self,
        coarse: &Coarse,
        row: usize,
        values: &[f32],
        inside: impl Fn(usize) -> bool,
    ) {
        for (col, value) in values.iter().enumerate() {
            if !inside(col) {
                continue;
            }
            let (sum, valid, all) = &mut self.row[coarse.col(col)];
            *all += 1;
            if value.is_finite() {
                *valid += 1;
                *sum += f64::from(*value);
            }
        }
        if !coarse.ends(row) {
            return;
        }
        let cells = &mut self.cells[coarse.cells(coarse.row(row))];
        for (cell, (sum, valid, all)) in cells.iter_mut().zip(&self.row) {
            if *valid > 0 && valid * 2 >= *all {
                #[expect(clippy::cast_possible_truncation, reason = "colours need no more")]
                let mean = (sum / f64::from(*valid)) as f32;
                *cell = mean;
            }
        }
        self.row.fill((0.0, 0, 0));
    }

    /// The mean of each larger cell.
    pub fn cells(&self) -> &[f32] {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use nutag_grid::{Grid, Window};

    use super::*;

    #[test]
    fn means_can_be_checked_by_hand() {
        // Small enough to stay as it is, with a rim of one cell around it.
        let window = Window {
            row0: 5,
            col0: 5,
            rows: 2,
            cols: 3,
        };
        let mosaic = Grid::modis_world(4).unwrap().window(window).unwrap();
        let coarse = Coarse::over(&mosaic, 4).unwrap();
        let mut means = Means::new(&coarse);
        means.add(&coarse, 0, &[1.0, f32::NAN, 3.0], |col| col < 2);
        means.add(&coarse, 1, &[4.0, 5.0, 6.0], |_| true);
        let nan = f32::NAN;
        let expected = [
            [nan; 5],
            [nan, 1.0, nan, nan, nan],
            [nan, 4.0, 5.0, 6.0, nan],
            [nan; 5],
        ];
        for (found, expected) in means.cells().iter().zip(expected.concat()) {
            assert!(*found == expected || found.is_nan() && expected.is_nan());
        }
    }
}
