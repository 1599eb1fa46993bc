//! Partials added up. The order does not matter: all sums are integers.

use nutag_problem::{Error, OrProblem, Problem};
use nutag_zonal::{TallyError, TallySet};

use crate::partial::{Partial, TrendCounts};
use crate::task::Job;

/// The sum of partials.
#[derive(Debug, Clone)]
pub struct Total {
    sum: Partial,
}

impl Total {
    /// Nothing yet.
    #[must_use]
    pub fn new(job: &Job<'_>) -> Self {
        Self {
            sum: Partial {
                cells: 0,
                tallies: TallySet::new(job.periods.len(), job.reasons.names().len()),
                trends: job.trends.map(crate::CellTrends::no_counts),
            },
        }
    }

    /// Adds a partial.
    ///
    /// # Errors
    /// A partial with other periods or reasons.
    pub fn add(&mut self, partial: &Partial) -> Result<(), Error> {
        self.sum.cells += partial.cells;
        self.sum.tallies.merge(&partial.tallies).map_err(broken)?;
        match (&mut self.sum.trends, &partial.trends) {
            (Some(mine), Some(theirs)) => mine.merge(theirs).or_failed(),
            (None, None) => Ok(()),
            (mine, _) => {
                let (has, lacks) = match mine {
                    Some(_) => ("asks for", "without"),
                    None => ("asks for no", "with"),
                };
                Err(Problem::new(format!(
                    "the plan {has} trends of cells, and a partial comes {lacks} them"
                ))
                .failed())
            }
        }
    }

    /// The sum so far.
    #[must_use]
    pub fn sum(&self) -> &Partial {
        &self.sum
    }

    /// The end: as many cells as planned, cells of a zone outside the regions
    /// with their reason, and every tally closed.
    ///
    /// # Errors
    /// Tallies that do not close, which is a fault of this program.
    pub fn close(
        self,
        job: &Job<'_>,
        planned_cells: u64,
        outside_regions: impl IntoIterator<Item = (u32, (u64, u64))>,
    ) -> Result<(TallySet, Option<TrendCounts>), Error> {
        let Partial {
            cells,
            mut tallies,
            trends,
        } = self.sum;
        if cells != planned_cells {
            return Err(Problem::new(format!(
                "the plan has {planned_cells} cells of interest, the finished tasks {cells}"
            ))
            .advice("this is a fault of the program; please report it with the pipeline file")
            .failed());
        }
        let reason = job.reasons.outside_regions();
        for (key, (cells, area_cm2)) in outside_regions {
            for tally in tallies.entry(key) {
                let mut outside = nutag_zonal::Tally::empty(job.reasons.names().len());
                (outside.cells, outside.area_cm2) = (cells, area_cm2);
                (
                    outside.masked_cells[reason],
                    outside.masked_area_cm2[reason],
                ) = (cells, area_cm2);
                tally.add(&outside);
            }
        }
        tallies.check().map_err(broken)?;
        Ok((tallies, trends))
    }
}

/// Tallies that do not close are a fault of this program, and say so.
pub(crate) fn broken(error: TallyError) -> Error {
    Problem::new(format!("the tallies do not close: {error}"))
        .advice("this is a fault of the program; please report it with the pipeline file")
        .failed()
}
