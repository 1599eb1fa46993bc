//! A piece of the job, and what all pieces share.

use std::ops::Range;
use std::sync::Arc;

use nutag_granules::granule::Period;
use nutag_granules::product::Product;
use nutag_problem::{Error, Problem};
use nutag_zonal::{KeyRun, KeySpace, KeyStrip};

use crate::blocks::Cut;
use crate::reasons::Reasons;
use crate::tile::{Target, TilePlan, row_of};
use crate::trends::CellTrends;

/// Cells of a band: enough to outweigh opening its granules, few enough that
/// little is lost with an unfinished one.
const CELLS_OF_A_BAND: usize = 1 << 20;

/// What all tasks of a plan share.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The layer that is read.
    pub product: &'a Product,
    /// What of it counts.
    pub reasons: &'a Reasons,
    /// On which grid.
    pub target: Target,
    /// Sizes of the lists that keys are made of.
    pub space: KeySpace,
    /// The periods, in order of time.
    pub periods: &'a [Period],
    /// How trends of cells are computed, where they are asked for.
    pub trends: Option<&'a CellTrends>,
}

/// A band of rows of one tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name, of the tile and the first row, such as `h25v04-r00000`.
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
    pub(crate) fn share(&self, i: usize, steps: usize) -> u64 {
        let until = |i: usize| part_of(self.stored_bytes, i, steps);
        until(i + 1) - until(i)
    }
}

/// Bytes up to step `i` of `steps`, whatever a plan gives for the whole.
fn part_of(bytes: u64, i: usize, steps: usize) -> u64 {
    let part = u128::from(bytes) * i as u128 / steps.max(1) as u128;
    u64::try_from(part).unwrap_or(u64::MAX)
}

impl TilePlan {
    /// The tasks of the tile, north to south. `index` is its place in the
    /// plan. Bands without a cell of interest have none.
    #[must_use]
    pub fn tasks(&self, index: usize) -> Vec<Task> {
        let shape = self.native.shape();
        let rows = match self.cut {
            Cut::Whole(_) => shape.rows,
            Cut::Blocks(block) => {
                let row_of_blocks = block.rows * shape.cols;
                block.rows * CELLS_OF_A_BAND.div_ceil(row_of_blocks)
            }
        };
        let band = |window: usize| self.windows[window].row0 / rows;
        let mut tasks = Vec::new();
        let mut start = 0;
        while start < self.windows.len() {
            let this = band(start);
            let end = (start..self.windows.len())
                .find(|i| band(*i) != this)
                .unwrap_or(self.windows.len());
            let until = |window: usize| part_of(self.stored_bytes, window, self.windows.len());
            tasks.push(Task {
                label: format!("{}-r{:05}", self.tile, this * rows),
                tile: index,
                rows: this * rows..((this + 1) * rows).min(shape.rows),
                windows: start..end,
                stored_bytes: until(end) - until(start),
            });
            start = end;
        }
        tasks
    }

    /// Cells of interest that a task will visit.
    ///
    /// # Errors
    /// Keys that cannot be read.
    pub fn cells_of(&self, task: &Task, target: Target) -> Result<u64, Error> {
        let keys = self.keys.get()?;
        Ok(self
            .key_rows(&keys, task, target)
            .flat_map(|row| keys.row(row))
            .map(|run| u64::from(run.end - run.start))
            .sum())
    }

    /// The rows of the keys whose cells a task visits.
    pub(crate) fn key_rows<'a>(
        &'a self,
        keys: &KeyStrip,
        task: &'a Task,
        target: Target,
    ) -> impl Iterator<Item = usize> + use<'a> {
        let native_row = move |row: usize| match target {
            Target::Native => Some(row),
            Target::Published => row_of(&self.native, self.grid.row_latitude_degrees(row)),
        };
        keys.rows()
            .filter(move |row| native_row(*row).is_some_and(|row| task.rows.contains(&row)))
    }

    /// The keys, held to the grid they are on and the lists they are made of: a file may say anything.
    ///
    /// # Errors
    /// Returns an error if they cannot be read, or a run lies outside the grid or has a key that the lists
    /// do not make.
    pub(crate) fn strip(&self, space: KeySpace) -> Result<Arc<KeyStrip>, Error> {
        let keys = self.keys.get()?;
        let shape = self.grid.shape();
        let wrong = |what: String| {
            Problem::new(format!("the keys of the tile {} {what}", self.tile))
                .advice("make the plan again with `nutag plan ... --overwrite`; finished tasks are kept")
                .failed()
        };
        if keys.rows().end > shape.rows || self.row_areas_cm2.len() != shape.rows {
            return Err(wrong(format!(
                "reach row {}, and it has {}",
                keys.rows().end,
                shape.rows
            )));
        }
        let outside = |run: &&KeyRun| run.end as usize > shape.cols || run.key >= space.len();
        if let Some(run) = keys.runs().iter().find(outside) {
            return Err(wrong(format!(
                "have key {} up to column {}; the plan has {} keys, the tile {} columns",
                run.key,
                run.end,
                space.len(),
                shape.cols
            )));
        }
        Ok(keys)
    }
}
