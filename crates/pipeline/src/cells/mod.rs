//! The cells of all finished tasks as one mosaic on the tiles' own grid, read
//! in strips of rows: what rasters and maps are made from.

mod layer;
mod section;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nutag_grid::{Grid, TileId, Window};
use nutag_problem::{Error, OrProblem, Problem};
use nutag_stats::mann_kendall::two_sided_p;
use nutag_stats::multiplicity::FalseDiscoveryCut;
use nutag_stats::multiplicity::field::FieldSignificance;
use nutag_task::{CELL_LEVEL, CellTable, CellTrends, Column, Entry, HeldKeys, Keys, PartialStore};
use nutag_zonal::KeyStrip;

pub use layer::{CodeLayer, TrendClass, ValueLayer};

use crate::execute::Execution;
use crate::plan::NppPlan;

/// The false discovery rate over the cells of the area: twice the level of a
/// single cell (Wilks 2016, doi:10.1175/BAMS-D-15-00267.1).
pub const CELL_FALSE_DISCOVERY_RATE: f64 = 2.0 * CELL_LEVEL;

/// The tests of all cells, taken together.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSignificance {
    /// Benjamini-Hochberg over all tested cells.
    pub cut: FalseDiscoveryCut,
    /// Cells with values, but too few to be tested.
    pub untested: u64,
    /// Cells with fewer values are not tested.
    pub least_n: usize,
    /// Whether more cells are significant than chance gives, if that is asked for.
    pub field: Option<FieldSignificance>,
}

/// The cells of a plan: rows and columns of the smallest rectangle of whole
/// tiles that holds the area of interest.
pub struct CellMosaic<'a> {
    plan: &'a NppPlan<'a>,
    grid: Grid,
    first: TileId,
    side: usize,
    tiles: BTreeMap<TileId, TileCells<'a>>,
    held: HeldKeys,
    significance: CellSignificance,
    /// p by n and |S|, without ties.
    untied: Vec<Vec<f64>>,
}

struct TileCells<'a> {
    keys: &'a Keys,
    strips: Vec<TaskCells>,
}

/// The cells of a finished task. The file is opened when rows of it are read, and not before: a
/// country has more tasks than a process may have files.
struct TaskCells {
    path: PathBuf,
    segments: Vec<Entry>,
}

impl TaskCells {
    /// What became of a file that was there a moment ago.
    fn lost(path: &Path, error: &io::Error) -> Error {
        let damaged = matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        );
        let advice = if damaged {
            "run again: what is damaged is redone"
        } else {
            "what is finished is kept: mend the cause and run again"
        };
        Problem::new(format!(
            "the cells of a finished task cannot be read: {error}"
        ))
        .at(path.display())
        .advice(advice)
        .failed()
    }
}

impl<'a> CellMosaic<'a> {
    /// The mosaic of finished tasks. `None` if no trends of cells were asked for.
    ///
    /// # Errors
    /// Partials that cannot be read any more.
    pub fn open(
        plan: &'a NppPlan<'a>,
        trends: Option<&CellTrends>,
        execution: &Execution,
        store: &PartialStore,
    ) -> Result<Option<Self>, Error> {
        let (Some(trends), Some(counts)) = (trends, &execution.trends) else {
            return Ok(None);
        };
        let cut = counts
            .histogram
            .benjamini_hochberg(CELL_FALSE_DISCOVERY_RATE)
            .or_failed()?;
        let field = counts.field.as_ref();
        let field = field
            .map(|field| field.significance(CELL_LEVEL))
            .transpose();
        let significance = CellSignificance {
            cut,
            untested: counts.histogram.untested(),
            least_n: trends.least_n(),
            field: field.or_failed()?,
        };
        let tiles: Vec<TileId> = plan.tiles.iter().map(|tile| tile.tile).collect();
        let side = plan.counted.product.cells_per_side;
        let grid = Grid::modis_mosaic(&tiles, side).or_failed()?;
        let (Some(grid), Some(h), Some(v)) = (
            grid,
            tiles.iter().map(|tile| tile.h()).min(),
            tiles.iter().map(|tile| tile.v()).min(),
        ) else {
            return Ok(None);
        };
        let first = TileId::new(h, v).or_failed()?;
        let mut cells: BTreeMap<TileId, TileCells<'a>> = BTreeMap::new();
        for (task, key, _) in &execution.tasks {
            let tile = &plan.tiles[task.tile];
            let path = store.cells_path(task, key);
            let table = CellTable::open(&path, key.digest())
                .map_err(|error| TaskCells::lost(&path, &error))?;
            let of_tile = cells.entry(tile.tile).or_insert_with(|| TileCells {
                keys: &tile.keys,
                strips: Vec::new(),
            });
            of_tile.strips.push(TaskCells {
                path,
                segments: table.entries,
            });
        }
        let most = plan.counted.periods.len();
        let untied = (0..=most)
            .map(|n| {
                let pairs = n * n.saturating_sub(1) / 2;
                let scores = if n < 2 { 0..0 } else { 0..pairs + 1 };
                scores.map(|s| two_sided_p(n, s as u64, 0).0).collect()
            })
            .collect();
        Ok(Some(Self {
            plan,
            grid,
            first,
            side,
            tiles: cells,
            held: HeldKeys::default(),
            significance,
            untied,
        }))
    }

    /// Where the cells are: MODIS sinusoidal.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The plan behind it.
    #[must_use]
    pub fn plan(&self) -> &NppPlan<'a> {
        self.plan
    }

    /// The tests of all cells, taken together.
    #[must_use]
    pub fn significance(&self) -> &CellSignificance {
        &self.significance
    }

    /// Reads rows of a layer of values, `rows.len()` x columns of the grid,
    /// row by row. Cells without a value are not a number.
    ///
    /// # Errors
    /// A partial that cannot be read any more.
    pub fn read_values(
        &self,
        layer: ValueLayer,
        rows: Range<usize>,
        out: &mut [f32],
    ) -> Result<(), Error> {
        out.fill(f32::NAN);
        self.visit(&rows, |entry, file, place| {
            let reasons = entry.column(file, Column::Reasons)?;
            let values = self.values(layer, entry, file)?;
            let mut next = 0;
            for (cell, reason) in reasons.iter().enumerate() {
                if *reason != 0 {
                    continue;
                }
                if let Some(at) = place.of_cell(cell) {
                    out[at] = values[next];
                }
                next += 1;
            }
            Ok(())
        })
    }

    /// Reads rows of a layer of codes, as [`CellMosaic::read_values`]. 0 is
    /// outside the area of interest.
    ///
    /// # Errors
    /// A partial that cannot be read any more.
    pub fn read_codes(
        &self,
        layer: CodeLayer,
        rows: Range<usize>,
        out: &mut [u16],
    ) -> Result<(), Error> {
        out.fill(0);
        if layer != CodeLayer::Trend {
            return self.read_keys(layer, &rows, out);
        }
        self.visit(&rows, |entry, file, place| {
            let reasons = entry.column(file, Column::Reasons)?;
            let classes = self.classes(entry, file)?;
            let mut next = 0;
            for (cell, reason) in reasons.iter().enumerate() {
                let code = match reason {
                    0 => {
                        next += 1;
                        classes[next - 1]
                    }
                    reason => TrendClass::no_value(usize::from(reason - 1)),
                };
                if let Some(at) = place.of_cell(cell) {
                    out[at] = code;
                }
            }
            Ok(())
        })
    }

    fn read_keys(
        &self,
        layer: CodeLayer,
        rows: &Range<usize>,
        out: &mut [u16],
    ) -> Result<(), Error> {
        let width = self.grid.shape().cols;
        for (tile, _, keys) in self.band(rows)? {
            let (row0, col0) = self.origin(tile);
            for row in self.rows_of_tile(row0, rows) {
                let offset = (row0 + row - rows.start) * width + col0;
                for run in keys.row(row) {
                    let code = layer.code(self.plan.space, run.key);
                    out[offset + run.start as usize..offset + run.end as usize].fill(code);
                }
            }
        }
        Ok(())
    }

    /// The tiles with a cell in these rows, and their keys.
    fn band(
        &self,
        rows: &Range<usize>,
    ) -> Result<impl Iterator<Item = (TileId, &TileCells<'a>, Arc<KeyStrip>)>, Error> {
        let tiles: Vec<(TileId, &TileCells<'a>)> = self
            .tiles
            .iter()
            .map(|(tile, cells)| (*tile, cells))
            .filter(|(tile, _)| !self.rows_of_tile(self.origin(*tile).0, rows).is_empty())
            .collect();
        let keys = tiles.iter().map(|(tile, cells)| (*tile, cells.keys));
        let keys = self.held.of_band(keys)?;
        let both = tiles.into_iter().zip(keys);
        Ok(both.map(|((tile, cells), keys)| (tile, cells, keys)))
    }

    /// Where a tile begins in the mosaic.
    fn origin(&self, tile: TileId) -> (usize, usize) {
        let down = usize::from(tile.v() - self.first.v());
        let across = usize::from(tile.h() - self.first.h());
        (down * self.side, across * self.side)
    }

    /// The rows of a tile that lie in rows of the mosaic.
    fn rows_of_tile(&self, row0: usize, rows: &Range<usize>) -> Range<usize> {
        let clip = |row: usize| row.clamp(row0, row0 + self.side) - row0;
        clip(rows.start)..clip(rows.end)
    }

    /// Visits every segment with a cell in these rows.
    fn visit(
        &self,
        rows: &Range<usize>,
        mut act: impl FnMut(&Entry, &File, &Places) -> io::Result<()>,
    ) -> Result<(), Error> {
        for (tile, cells, keys) in self.band(rows)? {
            let (row0, col0) = self.origin(tile);
            let wanted = self.rows_of_tile(row0, rows);
            let touched = |entry: &&Entry| {
                let window = entry.window;
                window.row0 < wanted.end && window.row0 + window.rows > wanted.start
            };
            for strip in &cells.strips {
                let mut segments = strip.segments.iter().filter(touched).peekable();
                if segments.peek().is_none() {
                    continue;
                }
                let lost = |error: io::Error| TaskCells::lost(&strip.path, &error);
                let file = File::open(&strip.path).map_err(lost)?;
                for entry in segments {
                    let places = Places::of(&keys, entry.window, &wanted, |row, col| {
                        (row0 + row - rows.start) * self.grid.shape().cols + col0 + col
                    });
                    act(entry, &file, &places).map_err(lost)?;
                }
            }
        }
        Ok(())
    }

    fn values(&self, layer: ValueLayer, entry: &Entry, file: &File) -> io::Result<Vec<f32>> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of years and pairs of years"
        )]
        let whole = |value: i32| value as f32;
        let floats = |column| -> io::Result<Vec<f32>> {
            let bytes = entry.column(file, column)?;
            Ok(four(&bytes).map(f32::from_le_bytes).collect())
        };
        match layer {
            ValueLayer::Mean => floats(Column::Mean),
            ValueLayer::OlsSlope => floats(Column::OlsSlope),
            ValueLayer::SenSlope => floats(Column::SenSlope),
            ValueLayer::S => Ok(scores(entry, file)?.into_iter().map(whole).collect()),
            ValueLayer::N => Ok(counts(entry, file)?.into_iter().map(f32::from).collect()),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "rasters hold 32-bit floats"
            )]
            ValueLayer::P => Ok(self.p(entry, file)?.into_iter().map(|p| p as f32).collect()),
        }
    }

    fn p(&self, entry: &Entry, file: &File) -> io::Result<Vec<f64>> {
        let ties = entry.column(file, Column::TieTerm)?;
        let ties = four(&ties).map(u32::from_le_bytes);
        let mut tied: BTreeMap<(u16, u32, u32), f64> = BTreeMap::new();
        let p = |((n, s), ties): ((u16, i32), u32)| {
            let abs_s = s.unsigned_abs();
            match (n, ties) {
                (0 | 1, _) => f64::NAN,
                (n, 0) => self.untied[usize::from(n)][abs_s as usize],
                (n, ties) => *tied
                    .entry((n, abs_s, ties))
                    .or_insert_with(|| two_sided_p(n.into(), abs_s.into(), ties.into()).0),
            }
        };
        let cells = counts(entry, file)?.into_iter().zip(scores(entry, file)?);
        Ok(cells.zip(ties).map(p).collect())
    }

    fn classes(&self, entry: &Entry, file: &File) -> io::Result<Vec<u16>> {
        let CellSignificance { cut, least_n, .. } = &self.significance;
        let cells = counts(entry, file)?.into_iter().zip(scores(entry, file)?);
        let class = |((n, s), p): ((u16, i32), f64)| {
            if usize::from(n) < *least_n {
                TrendClass::NotTested
            } else if !cut.rejects(p) {
                TrendClass::NotSignificant
            } else if s > 0 {
                TrendClass::Up
            } else {
                TrendClass::Down
            }
        };
        let classes = cells.zip(self.p(entry, file)?).map(class);
        Ok(classes.map(TrendClass::code).collect())
    }
}

fn four(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    bytes.as_chunks::<4>().0.iter().copied()
}

fn counts(entry: &Entry, file: &File) -> io::Result<Vec<u16>> {
    let bytes = entry.column(file, Column::N)?;
    let pairs = bytes.as_chunks::<2>().0.iter();
    Ok(pairs.map(|pair| u16::from_le_bytes(*pair)).collect())
}

fn scores(entry: &Entry, file: &File) -> io::Result<Vec<i32>> {
    let bytes = entry.column(file, Column::S)?;
    Ok(four(&bytes).map(i32::from_le_bytes).collect())
}

/// Where the cells of a segment go in a strip of the mosaic.
struct Places {
    /// First cell, one past the last, and where the first goes; `None` for
    /// cells of rows that are not wanted.
    runs: Vec<(Range<usize>, Option<usize>)>,
}

impl Places {
    fn of(
        keys: &KeyStrip,
        window: Window,
        wanted: &Range<usize>,
        place: impl Fn(usize, usize) -> usize,
    ) -> Self {
        let (left, right) = (window.col0, window.col0 + window.cols);
        let mut runs = Vec::new();
        let mut cell = 0;
        for row in window.row_range() {
            for run in keys.row(row) {
                let start = (run.start as usize).max(left);
                let end = (run.end as usize).min(right);
                if start < end {
                    let cells = cell..cell + (end - start);
                    cell = cells.end;
                    let at = wanted.contains(&row).then(|| place(row, start));
                    runs.push((cells, at));
                }
            }
        }
        Self { runs }
    }

    /// Where a cell goes.
    fn of_cell(&self, cell: usize) -> Option<usize> {
        let i = self.runs.partition_point(|(cells, _)| cells.end <= cell);
        let (cells, at) = self.runs.get(i)?;
        at.map(|at| at + cell - cells.start)
    }
}
