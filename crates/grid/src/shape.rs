//! Rows and columns: the size of a grid and a rectangle inside it.

use std::fmt;
use std::ops::Range;

use crate::GridError;

/// The size of a grid in cells. Row 0 is the northernmost, column 0 the westernmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
}

impl Shape {
    /// No grid here is larger on a side: indices and sums of indices stay exact in `f64` and `u64`.
    pub const SIDE_LIMIT: usize = 1 << 26;

    /// A shape of `rows` x `cols` cells.
    ///
    /// # Errors
    /// [`GridError::Shape`] when a side is zero or longer than [`Shape::SIDE_LIMIT`].
    pub fn new(rows: usize, cols: usize) -> Result<Self, GridError> {
        let shape = Self { rows, cols };
        let fits = |side: usize| (1..=Self::SIDE_LIMIT).contains(&side);
        if fits(rows) && fits(cols) {
            Ok(shape)
        } else {
            Err(GridError::Shape { found: shape })
        }
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(self) -> usize {
        self.rows * self.cols
    }

    /// The window that is the whole grid.
    #[must_use]
    pub fn whole(self) -> Window {
        Window {
            row0: 0,
            col0: 0,
            rows: self.rows,
            cols: self.cols,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows x {} columns", self.rows, self.cols)
    }
}

/// A rectangle of cells, given by its first row and column and its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First row.
    pub row0: usize,
    /// First column.
    pub col0: usize,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
}

impl Window {
    /// Its size.
    #[must_use]
    pub fn shape(self) -> Shape {
        Shape {
            rows: self.rows,
            cols: self.cols,
        }
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(self) -> usize {
        self.rows * self.cols
    }

    /// Its rows, as indices of the grid it is a window of.
    #[must_use]
    pub fn row_range(self) -> Range<usize> {
        self.row0..self.row0 + self.rows
    }

    /// Its columns, as indices of the grid it is a window of.
    #[must_use]
    pub fn col_range(self) -> Range<usize> {
        self.col0..self.col0 + self.cols
    }

    /// The cells both windows hold, if any.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let row0 = self.row0.max(other.row0);
        let col0 = self.col0.max(other.col0);
        let row_end = self.row_range().end.min(other.row_range().end);
        let col_end = self.col_range().end.min(other.col_range().end);
        (row0 < row_end && col0 < col_end).then(|| Self {
            row0,
            col0,
            rows: row_end - row0,
            cols: col_end - col0,
        })
    }

    /// This window, if it holds at least one cell and lies inside `shape`.
    ///
    /// # Errors
    /// [`GridError::Window`] otherwise.
    pub fn within(self, shape: Shape) -> Result<Self, GridError> {
        let fits = |first: usize, len: usize, side: usize| {
            len > 0 && first.checked_add(len).is_some_and(|end| end <= side)
        };
        if fits(self.row0, self.rows, shape.rows) && fits(self.col0, self.cols, shape.cols) {
            Ok(self)
        } else {
            Err(GridError::Window {
                window: self,
                shape,
            })
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} from row {} column {}",
            self.shape(),
            self.row0,
            self.col0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_must_lie_inside() {
        let shape = Shape::new(10, 20).unwrap();
        assert_eq!(shape.whole().within(shape), Ok(shape.whole()));
        for window in [
            Window {
                row0: 0,
                col0: 0,
                rows: 11,
                cols: 20,
            },
            Window {
                row0: 0,
                col0: 0,
                rows: 0,
                cols: 20,
            },
            Window {
                row0: 9,
                col0: 20,
                rows: 1,
                cols: 1,
            },
            Window {
                row0: usize::MAX,
                col0: 0,
                rows: 1,
                cols: 1,
            },
        ] {
            assert_eq!(
                window.within(shape),
                Err(GridError::Window { window, shape })
            );
        }
    }

    #[test]
    fn windows_intersect_like_rectangles() {
        let a = Window {
            row0: 2,
            col0: 3,
            rows: 4,
            cols: 5,
        };
        let b = Window {
            row0: 5,
            col0: 0,
            rows: 9,
            cols: 4,
        };
        assert_eq!(
            a.intersection(b),
            Some(Window {
                row0: 5,
                col0: 3,
                rows: 1,
                cols: 1
            })
        );
        assert_eq!(a.intersection(Window { row0: 6, ..b }), None);
    }

    #[test]
    fn empty_and_endless_shapes_are_refused() {
        assert!(Shape::new(0, 5).is_err());
        assert!(Shape::new(5, usize::MAX).is_err());
    }
}
