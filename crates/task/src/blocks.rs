//! How a tile is cut into blocks: along the chunks of its own files.

use nutag_grid::{Shape, Window};
use nutag_zonal::KeyStrip;

/// How a layer lies in its file, as far as reading a part of it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// One compressed stream: a part costs as much as the whole.
    Stream,
    /// Chunks, each of which can be read alone.
    Chunks {
        /// Rows of a chunk.
        rows: usize,
        /// Columns of a chunk.
        cols: usize,
    },
    /// Uncompressed: any part can be read alone.
    Plain,
}

/// A block has at least so many cells where chunks are smaller, so that the
/// work on it outweighs the handling.
const CELLS_WANTED: usize = 1 << 16;

/// How the layers of a tile are visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Some layer is one stream: all layers are read whole, period by period,
    /// and the blocks are cut from memory.
    Whole(Shape),
    /// Blocks of this shape are read one by one.
    Blocks(Shape),
}

impl Cut {
    /// The cut that reads no chunk of any of the layers twice.
    pub fn of(layers: impl IntoIterator<Item = Storage>, tile: Shape) -> Self {
        let (mut rows, mut cols, mut stream) = (1, 1, false);
        for layer in layers {
            match layer {
                Storage::Stream => stream = true,
                Storage::Plain => {}
                Storage::Chunks { rows: r, cols: c } => {
                    rows = least_common_multiple(rows, r).min(tile.rows);
                    cols = least_common_multiple(cols, c).min(tile.cols);
                }
            }
        }
        if stream {
            // Rows enough to keep every thread busy with a tile in memory.
            let rows = CELLS_WANTED.div_ceil(tile.cols).min(tile.rows);
            return Self::Whole(Shape {
                rows,
                cols: tile.cols,
            });
        }
        if rows * cols < CELLS_WANTED {
            cols = tile.cols;
            let times = CELLS_WANTED.div_ceil(rows * cols);
            rows = (rows * times).min(tile.rows);
        }
        Self::Blocks(Shape { rows, cols })
    }

    /// The same cut with blocks as wide as the tile.
    #[must_use]
    pub fn full_width(self, tile: Shape) -> Self {
        match self {
            Self::Whole(block) => Self::Whole(Shape {
                cols: tile.cols,
                ..block
            }),
            Self::Blocks(block) => Self::Blocks(Shape {
                cols: tile.cols,
                ..block
            }),
        }
    }

    /// The windows to visit: those with a cell of the area of interest, each
    /// narrowed to the rows that have one.
    pub fn windows(self, tile: Shape, keys: &KeyStrip) -> Vec<Window> {
        let (Self::Whole(block) | Self::Blocks(block)) = self;
        let mut windows = Vec::new();
        for row0 in (0..tile.rows).step_by(block.rows) {
            for col0 in (0..tile.cols).step_by(block.cols) {
                let cols = block.cols.min(tile.cols - col0);
                let touched = |row: &usize| keys.touches(*row..row + 1, col0..col0 + cols);
                let mut rows = row0..(row0 + block.rows).min(tile.rows);
                let Some(first) = rows.clone().find(touched) else {
                    continue;
                };
                let last = rows.rfind(touched).unwrap_or(first);
                windows.push(Window {
                    row0: first,
                    col0,
                    rows: last + 1 - first,
                    cols,
                });
            }
        }
        windows
    }
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a, b.max(1));
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).saturating_mul(b.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILE: Shape = Shape {
        rows: 2400,
        cols: 2400,
    };

    #[test]
    fn blocks_follow_the_chunks_of_all_layers() {
        let chunks = |rows, cols| Storage::Chunks { rows, cols };
        let blocks = |rows, cols| Cut::Blocks(Shape { rows, cols });
        assert_eq!(Cut::of([chunks(400, 1200)], TILE), blocks(400, 1200));
        assert_eq!(
            Cut::of([chunks(100, 2400), chunks(150, 1200)], TILE),
            blocks(300, 2400)
        );
        assert_eq!(
            Cut::of([chunks(1, 2400), Storage::Plain], TILE),
            blocks(28, 2400)
        );
        assert_eq!(Cut::of([chunks(100, 1200)], TILE), blocks(100, 1200));
        let Cut::Whole(_) = Cut::of([chunks(1, 2400), Storage::Stream], TILE) else {
            panic!("a stream is read whole");
        };
    }

    #[test]
    fn windows_cover_the_area_of_interest_and_no_empty_block() {
        let tile = Shape { rows: 10, cols: 8 };
        let mut keys = KeyStrip::starting_at(0);
        for row in 0..10 {
            keys.push_row((0..8).map(|col| u32::from(!(row == 6 && col >= 5))), 1);
        }
        let window = Window {
            row0: 6,
            col0: 4,
            rows: 1,
            cols: 4,
        };
        assert_eq!(
            Cut::Blocks(Shape { rows: 5, cols: 4 }).windows(tile, &keys),
            [window]
        );
    }
}
