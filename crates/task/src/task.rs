//! A piece of the job, and what all pieces share.

use std::ops::Range;

use nutag_granules::granule::Period;
use nutag_granules::product::Product;
use nutag_zonal::KeySpace;

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
        let until = |i: usize| self.stored_bytes * i as u64 / steps.max(1) as u64;
        until(i + 1) - until(i)
    }
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
            let until =
                |window: usize| self.stored_bytes * window as u64 / self.windows.len() as u64;
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
    pub fn cells_of(&self, task: &Task, target: Target) -> Result<u64, nutag_problem::Error> {
        let keys = self.keys.get()?;
        let native_row = |row: usize| match target {
            Target::Native => Some(row),
            Target::Published => row_of(&self.native, self.grid.row_latitude_degrees(row)),
        };
        Ok(keys
            .rows()
            .filter(|row| native_row(*row).is_some_and(|row| task.rows.contains(&row)))
            .flat_map(|row| keys.row(row))
            .map(|run| u64::from(run.end - run.start))
            .sum())
    }
}
