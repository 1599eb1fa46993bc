//! Tallies from a plan: blocks read, cells counted, everything merged.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use hdf4::Scratch;
use nutag_formats::modis::{GranuleError, GranuleReader};
use nutag_grid::{Shape, Window};
use nutag_zonal::{Block, Gap, PeriodLayer, Tally, TallyError, TallySet, tally_block};
use rayon::prelude::*;

use crate::error::{Error, Problem};
use crate::plan::blocks::Cut;
use crate::plan::{Plan, Target, TilePlan, row_area_cm2, row_of};
use crate::progress::{Progress, Unit, check_stop};

/// Does the counting of a plan.
///
/// Tiles whose granules are read block by block run side by side; those with
/// a layer that can only be read whole run one after another, each on all
/// threads, so that memory does not grow with the number of threads.
///
/// # Errors
/// A granule that turns out damaged, or a stop.
pub fn execute(plan: &Plan, progress: &dyn Progress, stop: &AtomicBool) -> Result<TallySet, Error> {
    progress.begin("reading and counting", plan.stored_bytes(), Unit::Bytes);
    let work = Work {
        plan,
        progress,
        stop,
        buffers: Mutex::default(),
    };
    let (blocks, whole): (Vec<_>, Vec<_>) = plan
        .tiles
        .iter()
        .partition(|tile| matches!(tile.cut, Cut::Blocks(_)));
    let mut total = blocks
        .par_iter()
        .map(|tile| work.tile_by_blocks(tile))
        .try_reduce(|| work.empty(), merge)?;
    for tile in whole {
        total = merge(total, work.tile_whole(tile)?)?;
    }
    add_outside_regions(plan, &mut total);
    total.check().map_err(broken)?;
    progress.finish();
    Ok(total)
}

fn merge(mut a: TallySet, b: TallySet) -> Result<TallySet, Error> {
    a.merge(&b).map_err(broken)?;
    Ok(a)
}

/// Tallies that do not close are a fault of this program, and say so.
fn broken(error: TallyError) -> Error {
    Problem::new(format!("the tallies do not close: {error}"))
        .advice("this is a fault of the program; please report it with the pipeline file")
        .failed()
}

/// Cells in a zone but in no region are counted, under that reason, by every period.
fn add_outside_regions(plan: &Plan, total: &mut TallySet) {
    let reason = plan.reasons.outside_regions();
    for (&key, &(cells, area_cm2)) in &plan.findings.outside_regions {
        for tally in total.entry(key) {
            let mut outside = Tally::empty(plan.reasons.names().len());
            (outside.cells, outside.area_cm2) = (cells, area_cm2);
            (
                outside.masked_cells[reason],
                outside.masked_area_cm2[reason],
            ) = (cells, area_cm2);
            tally.add(&outside);
        }
    }
}

/// The memory of one worker, used again for each block.
#[derive(Default)]
struct Buffers {
    scratch: Scratch,
    layers: Vec<LayerBuffer>,
}

/// One period over one window.
#[derive(Default)]
struct LayerBuffer {
    there: bool,
    raw: Vec<u16>,
    quality: Vec<u8>,
    gaps: Vec<Gap>,
}

impl LayerBuffer {
    fn layer(&self, uses_quality: bool) -> PeriodLayer<'_> {
        if !self.there {
            return PeriodLayer::Missing;
        }
        PeriodLayer::Values {
            raw: &self.raw,
            quality: uses_quality.then_some(self.quality.as_slice()),
            missing: &self.gaps,
        }
    }
}

struct Work<'a> {
    plan: &'a Plan,
    progress: &'a dyn Progress,
    stop: &'a AtomicBool,
    buffers: Mutex<Vec<Buffers>>,
}

impl Work<'_> {
    fn empty(&self) -> TallySet {
        TallySet::new(self.plan.periods.len(), self.plan.reasons.names().len())
    }

    fn uses_quality(&self) -> bool {
        self.plan.reasons.rules().uses_quality()
    }

    fn check_stop(&self) -> Result<(), Error> {
        check_stop(self.stop)
    }

    /// Runs with the memory of some worker that is idle.
    fn with_buffers<T>(&self, act: impl FnOnce(&mut Buffers) -> T) -> T {
        let lock = || {
            self.buffers
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
        };
        let mut buffers = lock().pop().unwrap_or_default();
        let result = act(&mut buffers);
        lock().push(buffers);
        result
    }

    fn open(&self, tile: &TilePlan) -> Result<Vec<Option<GranuleReader>>, Error> {
        let open = |file: &Option<_>| match file {
            None => Ok(None),
            Some(file) => GranuleReader::open(file, &self.plan.product, self.uses_quality())
                .map(Some)
                .map_err(read_failed),
        };
        tile.granules.iter().map(open).collect()
    }

    fn tile_by_blocks(&self, tile: &TilePlan) -> Result<TallySet, Error> {
        self.check_stop()?;
        let readers = self.open(tile)?;
        let share = Shares::of(tile);
        tile.windows
            .par_iter()
            .enumerate()
            .map(|(i, &window)| {
                self.check_stop()?;
                let tallies = self.with_buffers(|buffers| {
                    buffers
                        .layers
                        .resize_with(readers.len(), LayerBuffer::default);
                    for (reader, layer) in readers.iter().zip(&mut buffers.layers) {
                        self.read(reader.as_ref(), window, layer, &mut buffers.scratch)?;
                    }
                    let layers: Vec<_> = buffers
                        .layers
                        .iter()
                        .map(|l| l.layer(self.uses_quality()))
                        .collect();
                    Ok(self.tally(tile, window, &layers))
                })?;
                self.progress.advance(share.of_step(i));
                Ok(tallies)
            })
            .try_reduce(|| self.empty(), merge)
    }

    fn tile_whole(&self, tile: &TilePlan) -> Result<TallySet, Error> {
        let readers = self.open(tile)?;
        let shape = tile.native.shape();
        let whole = shape.whole();
        let steps = readers.len() as u64;
        let layers: Vec<LayerBuffer> = readers
            .par_iter()
            .map(|reader| {
                self.check_stop()?;
                let mut layer = LayerBuffer::default();
                self.with_buffers(|b| {
                    self.read(reader.as_ref(), whole, &mut layer, &mut b.scratch)
                })?;
                self.progress.advance(tile.stored_bytes / steps);
                Ok(layer)
            })
            .collect::<Result<_, Error>>()?;
        tile.windows
            .par_iter()
            .map(|&window| {
                self.check_stop()?;
                let gaps: Vec<Vec<Gap>> = layers
                    .iter()
                    .map(|layer| gaps_in(&layer.gaps, window.row_range()))
                    .collect();
                let part: Vec<_> = layers
                    .iter()
                    .zip(&gaps)
                    .map(|(layer, gaps)| rows_of(layer, gaps, window, shape, self.uses_quality()))
                    .collect();
                Ok(self.tally(tile, window, &part))
            })
            .try_reduce(|| self.empty(), merge)
    }

    fn read(
        &self,
        reader: Option<&GranuleReader>,
        window: Window,
        layer: &mut LayerBuffer,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        layer.there = reader.is_some();
        let Some(reader) = reader else { return Ok(()) };
        layer.raw.resize(window.cells(), 0);
        let mut missing = reader
            .read(window, &mut layer.raw, scratch)
            .map_err(read_failed)?;
        if self.uses_quality() {
            layer.quality.resize(window.cells(), 0);
            let quality = reader.read_quality(window, &mut layer.quality, scratch);
            missing.extend(quality.map_err(read_failed)?);
        }
        layer.gaps = missing
            .into_iter()
            .map(|part| Gap {
                rows: part.row_range(),
                columns: part.col_range(),
            })
            .collect();
        Ok(())
    }

    fn tally(&self, tile: &TilePlan, window: Window, layers: &[PeriodLayer<'_>]) -> TallySet {
        let mut tallies = self.empty();
        let rules = self.plan.reasons.rules();
        match Target::of(self.plan.config.mode) {
            Target::Native => {
                let areas = areas(tile, Target::Native, window.row_range());
                let block = Block {
                    first_row: window.row0,
                    first_column: window.col0,
                    columns: window.cols,
                    row_area_cm2: &areas,
                    layers,
                    keys: &tile.keys,
                };
                tally_block(&block, rules, &mut tallies);
            }
            Target::Published => {
                let on = |latitude| row_of(&tile.native, latitude);
                for row in tile.keys.rows() {
                    let Some(source) = on(tile.grid.row_latitude_degrees(row)) else {
                        continue;
                    };
                    if window.row_range().contains(&source) && !tile.keys.row(row).is_empty() {
                        let source = source - window.row0;
                        self.tally_published_row(tile, row, source, window, layers, &mut tallies);
                    }
                }
            }
        }
        tallies
    }

    /// A row of published cells takes its values from the cells of the tile
    /// that hold the centres.
    fn tally_published_row(
        &self,
        tile: &TilePlan,
        row: usize,
        source: usize,
        window: Window,
        layers: &[PeriodLayer<'_>],
        tallies: &mut TallySet,
    ) {
        let runs = tile.keys.row(row);
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
            return;
        };
        let (start, end) = (first.start as usize, last.end as usize);
        let latitude = tile.grid.row_latitude_degrees(row);
        // Columns between runs are not looked at by the kernel; any cell will do for them.
        let columns: Vec<usize> = (start..end)
            .map(|col| {
                let cell = tile
                    .native
                    .cell_at(tile.grid.longitude_degrees(row, col), latitude);
                cell.map_or(0, |(_, col)| col)
            })
            .collect();
        let offset = source * window.cols;
        let picked: Vec<LayerBuffer> = layers
            .iter()
            .map(|layer| match layer {
                PeriodLayer::Missing => LayerBuffer::default(),
                PeriodLayer::Values {
                    raw,
                    quality,
                    missing,
                } => LayerBuffer {
                    there: true,
                    raw: columns.iter().map(|col| raw[offset + col]).collect(),
                    quality: quality
                        .map(|quality| columns.iter().map(|col| quality[offset + col]).collect())
                        .unwrap_or_default(),
                    gaps: columns
                        .iter()
                        .enumerate()
                        .filter(|(_, col)| {
                            missing
                                .iter()
                                .any(|gap| gap.rows.contains(&source) && gap.columns.contains(col))
                        })
                        .map(|(i, _)| Gap {
                            rows: 0..1,
                            columns: i..i + 1,
                        })
                        .collect(),
                },
            })
            .collect();
        let layers: Vec<_> = picked
            .iter()
            .map(|l| l.layer(self.uses_quality()))
            .collect();
        let block = Block {
            first_row: row,
            first_column: start,
            columns: end - start,
            row_area_cm2: &areas(tile, Target::Published, row..row + 1),
            layers: &layers,
            keys: &tile.keys,
        };
        tally_block(&block, self.plan.reasons.rules(), tallies);
    }
}

fn areas(tile: &TilePlan, target: Target, rows: Range<usize>) -> Vec<u64> {
    rows.map(|row| row_area_cm2(target, &tile.grid, row))
        .collect()
}

/// Some full rows of a layer in memory.
fn rows_of<'a>(
    layer: &'a LayerBuffer,
    gaps: &'a [Gap],
    window: Window,
    shape: Shape,
    uses_quality: bool,
) -> PeriodLayer<'a> {
    let cells = window.row0 * shape.cols..(window.row0 + window.rows) * shape.cols;
    if !layer.there {
        return PeriodLayer::Missing;
    }
    PeriodLayer::Values {
        raw: &layer.raw[cells.clone()],
        quality: uses_quality.then(|| &layer.quality[cells]),
        missing: gaps,
    }
}

/// The gaps of a tile as seen from some of its rows.
fn gaps_in(gaps: &[Gap], rows: Range<usize>) -> Vec<Gap> {
    let clip = |row: usize| row.clamp(rows.start, rows.end) - rows.start;
    gaps.iter()
        .map(|gap| Gap {
            rows: clip(gap.rows.start)..clip(gap.rows.end),
            columns: gap.columns.clone(),
        })
        .filter(|gap| !gap.rows.is_empty())
        .collect()
}

fn read_failed(error: GranuleError) -> Error {
    Problem::new(error.to_string()).failed()
}

/// How the bytes of a tile are told to the progress, step by step.
struct Shares {
    bytes: u64,
    steps: u64,
}

impl Shares {
    fn of(tile: &TilePlan) -> Self {
        Self {
            bytes: tile.stored_bytes,
            steps: tile.windows.len() as u64,
        }
    }

    /// The shares of all steps add up to the whole.
    fn of_step(&self, i: usize) -> u64 {
        let until = |i: u64| self.bytes * i / self.steps;
        until(i as u64 + 1) - until(i as u64)
    }
}
