//! One row of cells.

/// One row of a grid: its latitude and where its cell centres are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridRow {
    pub(crate) latitude_degrees: f64,
    pub(crate) degrees_per_x: f64,
    pub(crate) west_x: f64,
    pub(crate) cell_width: f64,
    pub(crate) first_col: usize,
    pub(crate) cols: usize,
}

impl GridRow {
    /// Geodetic latitude of the centres.
    #[must_use]
    pub fn latitude_degrees(&self) -> f64 {
        self.latitude_degrees
    }

    /// Longitude of the centre of column `col`; grows strictly with `col`.
    #[must_use]
    pub fn longitude_degrees(&self, col: usize) -> f64 {
        (self.west_x + ((self.first_col + col) as f64 + 0.5) * self.cell_width) * self.degrees_per_x
    }

    /// The first column whose centre is not west of `lon_degrees`; the number of columns if there is
    /// none. Decided by [`GridRow::longitude_degrees`] itself, so that it never disagrees with it.
    #[must_use]
    pub fn first_col_from(&self, lon_degrees: f64) -> usize {
        let estimate = (lon_degrees / self.degrees_per_x - self.west_x) / self.cell_width
            - 0.5
            - self.first_col as f64;
        let mut col = (estimate.ceil().max(0.0) as usize).min(self.cols);
        while col > 0 && self.longitude_degrees(col - 1) >= lon_degrees {
            col -= 1;
        }
        while col < self.cols && self.longitude_degrees(col) < lon_degrees {
            col += 1;
        }
        col
    }
}
