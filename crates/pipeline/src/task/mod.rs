//! The job in pieces. A **task** is a band of rows of one tile with all its
//! periods. What it gives is a **partial**: one file of tallies and, where
//! maps are asked for, one of cells. Resuming, running again by content and
//! spreading over machines are the same thing: partials that are there are
//! kept, the rest is made, and the end takes exactly the planned ones.

mod codec;
mod key;
mod partial;
mod store;
mod strip;
mod trends;
mod work;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_zonal::{Tally, TallyError, TallySet};
use rayon::prelude::*;

pub use key::TaskKey;
pub use partial::{Partial, TrendCounts};
pub use store::{PartialStore, Verdict};
pub use strip::{Column, Entry, Table as CellTable};
pub use trends::{CELL_LEVEL, CellTrends, one_a_year};

use crate::error::{Error, Problem};
use crate::manifest::Input;
use crate::plan::Plan;
use crate::plan::blocks::Cut;
use crate::progress::{Progress, Unit};
use work::{Done, Work};

/// Cells of a band: enough to outweigh opening its granules, few enough that
/// little is lost with an unfinished one.
const CELLS_OF_A_BAND: usize = 1 << 20;

/// A band of rows of one tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name: tile and first row.
    pub label: String,
    /// Index of the tile in the plan.
    pub tile: usize,
    /// Rows of the tile. They follow from the layout of the granules alone,
    /// so that a border that moves leaves the tasks as they are.
    pub rows: Range<usize>,
    /// Its windows among those of the tile.
    pub windows: Range<usize>,
    /// Bytes that it reads from granules, by its share of the tile.
    pub stored_bytes: u64,
}

impl Task {
    /// The bytes that step `i` of `steps` stands for; the shares of all steps
    /// add up to the whole.
    fn share(&self, i: usize, steps: usize) -> u64 {
        let until = |i: usize| self.stored_bytes * i as u64 / steps.max(1) as u64;
        until(i + 1) - until(i)
    }
}

impl Plan {
    /// The tasks of the plan, north to south in each tile. Bands without a
    /// cell of interest have none.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for (index, tile) in self.tiles.iter().enumerate() {
            let shape = tile.native.shape();
            let rows = match tile.cut {
                Cut::Whole(_) => shape.rows,
                Cut::Blocks(block) => {
                    let row_of_blocks = block.rows * shape.cols;
                    block.rows * CELLS_OF_A_BAND.div_ceil(row_of_blocks)
                }
            };
            let band = |window: usize| tile.windows[window].row0 / rows;
            let mut start = 0;
            while start < tile.windows.len() {
                let this = band(start);
                let end = (start..tile.windows.len())
                    .find(|i| band(*i) != this)
                    .unwrap_or(tile.windows.len());
                let until =
                    |window: usize| tile.stored_bytes * window as u64 / tile.windows.len() as u64;
                tasks.push(Task {
                    label: format!("{}-r{:05}", tile.tile, this * rows),
                    tile: index,
                    rows: this * rows..((this + 1) * rows).min(shape.rows),
                    windows: start..end,
                    stored_bytes: until(end) - until(start),
                });
                start = end;
            }
        }
        tasks
    }
}

/// Content hashes of inputs, by path.
#[derive(Debug, Default)]
pub struct Inputs(BTreeMap<PathBuf, String>);

impl Inputs {
    /// Of the inputs of a manifest.
    #[must_use]
    pub fn of(inputs: &[Input]) -> Self {
        let pair = |input: &Input| (PathBuf::from(&input.path), input.sha256.clone());
        Self(inputs.iter().map(pair).collect())
    }

    /// The hash of a file; empty if it is none of the inputs.
    #[must_use]
    pub fn sha256(&self, path: &Path) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }
}

/// The end of all tasks.
#[derive(Debug)]
pub struct Execution {
    /// The tallies of the whole area.
    pub tallies: TallySet,
    /// The counts of the trends of all cells, where they are asked for.
    pub trends: Option<TrendCounts>,
    /// The tasks, and what became of each.
    pub tasks: Vec<(Task, TaskKey, Verdict)>,
}

/// Does the counting of a plan in memory, without keeping anything and
/// without trends of cells.
///
/// # Errors
/// A granule that turns out damaged, or a stop.
pub fn execute(plan: &Plan, progress: &dyn Progress, stop: &AtomicBool) -> Result<TallySet, Error> {
    progress.begin("reading and counting", plan.stored_bytes(), Unit::Bytes);
    let work = Work::new(plan, None, progress, stop);
    let partials = in_order(plan, &plan.tasks(), |task| Ok(work.run(task)?.partial))?;
    progress.finish();
    total(plan, partials.iter())
}

/// Does the counting of a plan, keeping each finished task in `store` and
/// using those that are there already.
///
/// # Errors
/// A granule that turns out damaged, a disk that is full, or a stop. What is
/// finished by then stays in the store.
pub fn execute_with(
    plan: &Plan,
    trends: Option<&CellTrends>,
    inputs: &Inputs,
    store: &PartialStore,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Execution, Error> {
    progress.begin("reading and counting", plan.stored_bytes(), Unit::Bytes);
    let work = Work::new(plan, trends, progress, stop);
    let tasks = plan.tasks();
    let done = in_order(plan, &tasks, |task| {
        let key = TaskKey::of(plan, task, trends, inputs);
        let (found, verdict) = store.load(task, &key, trends.is_some());
        let partial = if let Some(partial) = found {
            progress.advance(task.stored_bytes);
            partial
        } else {
            let Done { partial, cells } = work.run(task)?;
            store.save(task, &key, &partial, cells.as_deref())?;
            partial
        };
        Ok((partial, (task.clone(), key, verdict)))
    })?;
    progress.finish();
    let (partials, tasks): (Vec<Partial>, Vec<_>) = done.into_iter().unzip();
    let counts = match trends {
        None => None,
        Some(trends) => {
            let mut counts = trends.no_counts();
            for part in partials
                .iter()
                .filter_map(|partial| partial.trends.as_ref())
            {
                counts
                    .merge(part)
                    .map_err(|error| Problem::new(error.to_string()).failed())?;
            }
            Some(counts)
        }
    };
    Ok(Execution {
        tallies: total(plan, partials.iter())?,
        trends: counts,
        tasks,
    })
}

/// The tallies of a plan from finished tasks alone: no value of a granule is read.
///
/// # Errors
/// A task that is not there, is damaged, or was made from something else.
pub fn total_of_finished(
    plan: &Plan,
    inputs: &Inputs,
    store: &PartialStore,
) -> Result<TallySet, Error> {
    let trends = plan.cell_trends()?;
    let finished = |task: &Task| {
        let key = TaskKey::of(plan, task, trends.as_ref(), inputs);
        let (partial, verdict) = store.load(task, &key, false);
        partial.ok_or_else(|| {
            let what = match verdict {
                Verdict::Kept | Verdict::New => "is not there".to_owned(),
                Verdict::Changed(what) => {
                    format!("was made from something else: {}", what.join(", "))
                }
                Verdict::Damaged(what) => format!("is damaged: {what}"),
            };
            Problem::new(format!("the partial of {} {what}", task.label))
                .at(store.tallies_path(task, &key).display())
                .advice("run the pipeline again")
                .failed()
        })
    };
    let partials: Vec<Partial> = plan
        .tasks()
        .iter()
        .map(finished)
        .collect::<Result<_, _>>()?;
    total(plan, partials.iter())
}

/// Tasks whose granules are read block by block run side by side; those with
/// a layer that can only be read whole run one after another, each on all
/// threads, so that memory does not grow with the number of threads.
fn in_order<T: Send>(
    plan: &Plan,
    tasks: &[Task],
    act: impl Fn(&Task) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let by_blocks = |task: &Task| matches!(plan.tiles[task.tile].cut, Cut::Blocks(_));
    let mut done: Vec<(usize, T)> = tasks
        .par_iter()
        .enumerate()
        .filter(|(_, task)| by_blocks(task))
        .map(|(i, task)| Ok((i, act(task)?)))
        .collect::<Result<_, Error>>()?;
    for (i, task) in tasks
        .iter()
        .enumerate()
        .filter(|(_, task)| !by_blocks(task))
    {
        done.push((i, act(task)?));
    }
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// Adds up the planned partials and compares the cells with those planned.
///
/// # Errors
/// Tallies that do not close, which is a fault of this program.
pub fn total<'a>(
    plan: &Plan,
    partials: impl Iterator<Item = &'a Partial>,
) -> Result<TallySet, Error> {
    let mut total = TallySet::new(plan.periods.len(), plan.reasons.names().len());
    let mut cells = 0;
    for partial in partials {
        cells += partial.cells;
        total.merge(&partial.tallies).map_err(broken)?;
    }
    if cells != plan.findings.cells {
        return Err(Problem::new(format!(
            "the plan has {} cells of interest, the finished tasks {cells}",
            plan.findings.cells
        ))
        .advice("this is a fault of the program; please report it with the pipeline file")
        .failed());
    }
    add_outside_regions(plan, &mut total);
    total.check().map_err(broken)?;
    Ok(total)
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
