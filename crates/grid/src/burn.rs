//! Features put on a grid: one code per cell, and where features overlap.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::scan::Span;
use crate::{Grid, GridError, PolygonIndex, TileId};

/// Features burnt on some rows of a grid by the cell-centre rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burn {
    /// Row-major codes of the rows asked for: 0 where no feature holds the centre, otherwise one plus
    /// the position of the feature. Where features overlap, the first of them.
    pub codes: Vec<u16>,
    /// Every pair of features that claim the same cells, ordered.
    pub overlaps: Vec<Overlap>,
}

/// Two features that claim the same cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Overlap {
    /// Position of the first feature.
    pub first: usize,
    /// Position of the second feature, larger than `first`.
    pub second: usize,
    /// Number of cells both claim.
    pub cells: u64,
}

impl PolygonIndex {
    /// Burns the features on `rows` of `grid`. A cell belongs to the feature that holds its centre.
    ///
    /// # Errors
    /// [`GridError::TooManyFeatures`] above 65535 features, [`GridError::Window`] when `rows` reach
    /// outside the grid.
    pub fn burn(&self, grid: &Grid, rows: Range<usize>) -> Result<Burn, GridError> {
        u16::try_from(self.features()).map_err(|_| GridError::TooManyFeatures {
            found: self.features(),
        })?;
        let cols = grid.shape().cols;
        let window = crate::Window {
            row0: rows.start,
            col0: 0,
            rows: rows.len(),
            cols,
        };
        window.within(grid.shape())?;
        let mut codes = vec![0_u16; window.cells()];
        let mut overlaps = BTreeMap::new();
        let first_row = rows.start;
        self.scan(grid, rows, |row, spans| {
            let line = &mut codes[(row - first_row) * cols..][..cols];
            // Backwards, so that the first feature is painted last.
            for span in spans.iter().rev() {
                let code = u16::try_from(span.feature + 1).unwrap_or(u16::MAX);
                line[span.first_col..span.end_col].fill(code);
            }
            count_overlaps(spans, &mut overlaps);
        });
        let overlaps = overlaps
            .into_iter()
            .map(|((first, second), cells)| Overlap {
                first,
                second,
                cells,
            })
            .collect();
        Ok(Burn { codes, overlaps })
    }

    /// The MODIS tiles that hold at least one cell of any feature, with the number of such cells
    /// (centres inside; a cell in two features counts once for each), at `cells_per_side` cells a tile.
    ///
    /// # Errors
    /// [`GridError::Shape`] when `cells_per_side` is zero or absurd.
    pub fn modis_tiles(&self, cells_per_side: usize) -> Result<BTreeMap<TileId, u64>, GridError> {
        let world = Grid::modis_world(cells_per_side)?;
        let mut tiles: BTreeMap<TileId, u64> = BTreeMap::new();
        self.scan(&world, 0..world.shape().rows, |row, spans| {
            for span in spans {
                let mut col = span.first_col;
                while col < span.end_col {
                    let next = ((col / cells_per_side + 1) * cells_per_side).min(span.end_col);
                    let index =
                        |cell: usize| u8::try_from(cell / cells_per_side).unwrap_or(u8::MAX);
                    if let Ok(tile) = TileId::new(index(col), index(row)) {
                        *tiles.entry(tile).or_default() += (next - col) as u64;
                    }
                    col = next;
                }
            }
        });
        Ok(tiles)
    }
}

/// Adds the cells that two spans of one row share to the count of their features.
fn count_overlaps(spans: &[Span], overlaps: &mut BTreeMap<(usize, usize), u64>) {
    let mut by_col: Vec<&Span> = spans.iter().collect();
    by_col.sort_unstable_by_key(|span| (span.first_col, span.feature));
    let mut open: Vec<&Span> = Vec::new();
    for span in by_col {
        open.retain(|earlier| earlier.end_col > span.first_col);
        for earlier in &open {
            let cells = earlier.end_col.min(span.end_col) - span.first_col;
            let pair = (
                earlier.feature.min(span.feature),
                earlier.feature.max(span.feature),
            );
            *overlaps.entry(pair).or_default() += cells as u64;
        }
        open.push(span);
    }
}
