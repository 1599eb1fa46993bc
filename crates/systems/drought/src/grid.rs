//! The index of every cell of a grid, in tasks, with memory that does not grow with the grid.

use rayon::prelude::*;

use crate::DroughtError;
use crate::standard::{CellIndex, Standardiser, Workspace};

/// Where the water of cells comes from.
pub trait CellSource: Sync {
    /// What reading may say.
    type Error: From<DroughtError> + Send;

    /// How many cells there are.
    fn cells(&self) -> usize;

    /// Fills `water_mm` with the series of the cells from `first` on, one cell after the other: as many
    /// cells as fit. A missing month is not a number.
    ///
    /// # Errors
    /// Returns an error if the cells cannot be read.
    fn read(&self, first: usize, water_mm: &mut [f64]) -> Result<(), Self::Error>;
}

/// How a grid is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tasks {
    /// Cells a task: what one thread holds at a time.
    pub cells: usize,
    /// Tasks that are held at once, at least the number of threads.
    pub at_once: usize,
}

impl Tasks {
    /// Bytes that a run holds for series of `months`, whatever the number of cells.
    #[must_use]
    pub fn bytes(&self, months: usize) -> usize {
        // The water, the index and the reason of each month.
        self.at_once * self.cells * months * (8 + 8 + 1)
    }
}

/// Computes every cell and gives it to `take`, in the order of the cells. Each cell is computed from
/// itself alone, so the bits do not depend on the tasks, the threads or the neighbours.
///
/// # Errors
/// Returns the first error, by cell, of reading or of `take`; or an error if a task has no cell.
pub fn every_cell<S: CellSource>(
    standardiser: &Standardiser,
    source: &S,
    tasks: Tasks,
    mut take: impl FnMut(usize, &CellIndex) -> Result<(), S::Error>,
) -> Result<(), S::Error> {
    if tasks.cells == 0 || tasks.at_once == 0 {
        return Err(DroughtError::Domain {
            what: "the cells of a task and the tasks at once",
            expected: "at least 1",
            found: 0.0,
        }
        .into());
    }
    let months = standardiser.axis().len();
    let cells = source.cells();
    let mut buffers: Vec<Buffer> = (0..tasks.at_once).map(|_| Buffer::default()).collect();
    let mut first = 0;
    while first < cells {
        let starts: Vec<usize> = (first..cells)
            .step_by(tasks.cells)
            .take(tasks.at_once)
            .collect();
        let done: Vec<Result<(), S::Error>> = buffers
            .par_iter_mut()
            .zip(&starts)
            .map(|(buffer, &start)| {
                let count = tasks.cells.min(cells - start);
                buffer.water.resize(count * months, f64::NAN);
                buffer.out.resize_with(count, CellIndex::default);
                source.read(start, &mut buffer.water)?;
                for (water, out) in buffer.water.chunks_exact(months).zip(&mut buffer.out) {
                    standardiser.cell_into(water, &mut buffer.work, out)?;
                }
                Ok(())
            })
            .collect();
        for ((done, start), buffer) in done.into_iter().zip(&starts).zip(&buffers) {
            done?;
            for (offset, index) in buffer.out.iter().enumerate() {
                take(start + offset, index)?;
            }
        }
        first += tasks.cells * starts.len();
    }
    Ok(())
}

/// What one task holds.
#[derive(Default)]
struct Buffer {
    water: Vec<f64>,
    out: Vec<CellIndex>,
    work: Workspace,
}
