//! One task done: blocks read, cells counted, everything merged.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use hdf4::Scratch;
use nutag_granules::modis::GranuleReader;
use nutag_grid::{Shape, Window};
use nutag_problem::{Crew, Error, OrProblem, Progress, check_stop};
use nutag_zonal::{Block, Gap, KeyStrip, Packed, PeriodLayer, TallySet, pack_block, tally_block};
use rayon::prelude::*;

use crate::blocks::Cut;
use crate::partial::{Partial, TrendCounts};
use crate::strip::{PlacedSegment, Segment};
use crate::task::{Job, Task};
use crate::tile::{Target, TilePlan, row_of};
use crate::total::broken;
use crate::trends::CellTrends;

/// A finished task.
#[derive(Debug)]
pub struct Done {
    /// What it counted.
    pub partial: Partial,
    /// Its cells, where trends of cells are asked for.
    pub cells: Option<Vec<PlacedSegment>>,
}

/// The memory of one worker, used again for each block.
#[derive(Default)]
struct Buffers {
    scratch: Scratch,
    layers: Vec<LayerBuffer>,
    packed: Packed,
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

/// Does tasks of one plan; shared by all threads.
pub struct Work<'a> {
    job: Job<'a>,
    progress: &'a dyn Progress,
    stop: &'a AtomicBool,
    buffers: Mutex<Vec<Buffers>>,
}

/// What one window gives.
struct WindowDone {
    tallies: TallySet,
    trends: Option<(TrendCounts, Segment)>,
}

impl<'a> Work<'a> {
    /// Nothing done yet.
    pub fn new(job: Job<'a>, progress: &'a dyn Progress, stop: &'a AtomicBool) -> Self {
        Self {
            job,
            progress,
            stop,
            buffers: Mutex::default(),
        }
    }

    /// Does a task, its windows side by side on the threads of `crew`.
    ///
    /// # Errors
    /// A granule that turns out damaged, or a stop.
    pub fn run(&self, tile: &TilePlan, task: &Task, crew: Crew<'_>) -> Result<Done, Error> {
        self.check_stop()?;
        let windows = &tile.windows[task.windows.clone()];
        // Held until the task is done, and no longer.
        let keys = tile.strip(self.job.space)?;
        let done = match tile.cut {
            Cut::Blocks(_) => {
                let readers = self.open(tile)?;
                crew.work(|| self.by_blocks(tile, &keys, task, windows, &readers))?
            }
            Cut::Whole(_) => crew.work(|| self.whole(tile, &keys, task, windows))?,
        };
        let mut tallies = self.empty();
        let mut trends = self.job.trends.map(CellTrends::no_counts);
        let mut cells = self.job.trends.map(|_| Vec::with_capacity(windows.len()));
        for (window, part) in windows.iter().zip(done) {
            tallies.merge(&part.tallies).map_err(broken)?;
            if let (Some(all), Some(cells), Some((counts, segment))) =
                (&mut trends, &mut cells, part.trends)
            {
                all.merge(&counts).or_failed()?;
                cells.push((*window, segment));
            }
        }
        tallies.check().map_err(broken)?;
        let visited = tallies
            .iter()
            .filter_map(|(_, periods)| periods.first())
            .map(|tally| tally.cells)
            .sum();
        let partial = Partial {
            cells: visited,
            tallies,
            trends,
        };
        Ok(Done { partial, cells })
    }

    fn empty(&self) -> TallySet {
        TallySet::new(self.job.periods.len(), self.job.reasons.names().len())
    }

    fn uses_quality(&self) -> bool {
        self.job.reasons.rules().uses_quality()
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
            Some(file) => GranuleReader::open(file, self.job.product, self.uses_quality())
                .map(Some)
                .or_failed(),
        };
        tile.granules.iter().map(open).collect()
    }

    fn by_blocks(
        &self,
        tile: &TilePlan,
        keys: &KeyStrip,
        task: &Task,
        windows: &[Window],
        readers: &[Option<GranuleReader>],
    ) -> Result<Vec<WindowDone>, Error> {
        windows
            .par_iter()
            .enumerate()
            .map(|(i, &window)| {
                self.check_stop()?;
                let done = self.with_buffers(|buffers| {
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
                    self.window(tile, keys, window, &layers, &mut buffers.packed)
                })?;
                self.progress.advance(task.share(i, windows.len()));
                Ok(done)
            })
            .collect()
    }

    /// A tile with a layer that can only be read whole.
    fn whole(
        &self,
        tile: &TilePlan,
        keys: &KeyStrip,
        task: &Task,
        windows: &[Window],
    ) -> Result<Vec<WindowDone>, Error> {
        let readers = self.open(tile)?;
        let shape = tile.native.shape();
        let whole = shape.whole();
        let layers: Vec<LayerBuffer> = readers
            .par_iter()
            .enumerate()
            .map(|(i, reader)| {
                self.check_stop()?;
                let mut layer = LayerBuffer::default();
                self.with_buffers(|b| {
                    self.read(reader.as_ref(), whole, &mut layer, &mut b.scratch)
                })?;
                self.progress.advance(task.share(i, readers.len()));
                Ok(layer)
            })
            .collect::<Result<_, Error>>()?;
        windows
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
                self.with_buffers(|b| self.window(tile, keys, window, &part, &mut b.packed))
            })
            .collect()
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
        let mut missing = reader.read(window, &mut layer.raw, scratch).or_failed()?;
        if let Some(rule) = self.job.reasons.quality() {
            layer.quality.resize(window.cells(), 0);
            let quality = reader.read_quality(window, rule, &mut layer.quality, scratch);
            missing.extend(quality.or_failed()?);
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

    /// The tallies of a window and, in the same visit, the trends of its cells.
    fn window(
        &self,
        tile: &TilePlan,
        keys: &KeyStrip,
        window: Window,
        layers: &[PeriodLayer<'_>],
        packed: &mut Packed,
    ) -> Result<WindowDone, Error> {
        let mut tallies = self.empty();
        let mut trends = None;
        let rules = self.job.reasons.rules();
        match self.job.target {
            Target::Native => {
                let block = Block {
                    first_row: window.row0,
                    first_column: window.col0,
                    columns: window.cols,
                    row_area_cm2: &tile.row_areas_cm2[window.row_range()],
                    layers,
                    keys,
                };
                tally_block(&block, rules, &mut tallies);
                if let Some(cells) = self.job.trends {
                    pack_block(&block, rules, packed);
                    let mut counts = cells.no_counts();
                    let segment = cells.compute(packed, &mut counts)?;
                    trends = Some((counts, segment));
                }
            }
            Target::Published => {
                let on = |latitude| row_of(&tile.native, latitude);
                for row in keys.rows() {
                    let Some(source) = on(tile.grid.row_latitude_degrees(row)) else {
                        continue;
                    };
                    if window.row_range().contains(&source) && !keys.row(row).is_empty() {
                        let source = source - window.row0;
                        self.tally_published_row(
                            tile,
                            keys,
                            (row, source),
                            window,
                            layers,
                            &mut tallies,
                        );
                    }
                }
            }
        }
        Ok(WindowDone { tallies, trends })
    }

    /// A row of published cells takes its values from the cells of the tile
    /// that hold the centres.
    fn tally_published_row(
        &self,
        tile: &TilePlan,
        keys: &KeyStrip,
        (row, source): (usize, usize),
        window: Window,
        layers: &[PeriodLayer<'_>],
        tallies: &mut TallySet,
    ) {
        let runs = keys.row(row);
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
            row_area_cm2: &tile.row_areas_cm2[row..=row],
            layers: &layers,
            keys,
        };
        tally_block(&block, self.job.reasons.rules(), tallies);
    }
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
