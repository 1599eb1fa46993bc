//! Plans on disk: doing their tasks, adding up their partials.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nutag_problem::{Error, Silent, on_threads};
use nutag_task::{Merged, PlanFolder, Total};
use nutag_zonal::TallySet;
use pyo3::prelude::*;

use crate::error::{TaskError, tasking};
use crate::guard::guarded;
use crate::table::Batch;
use crate::tally::tallied;

/// An opened plan.
#[pyclass(frozen, module = "nutag._native")]
pub(crate) struct Plan(Arc<PlanFolder>);

/// Id of the plan, pipeline file, cells, periods, regions, zones of both epochs, both epochs.
type Described = (
    String,
    String,
    u64,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    (String, String),
);

/// Id, cells, bytes, whether it reads whole layers.
type Task = (String, u64, u64, bool);

/// Id, SHA-256 and bytes of the partial, whether it was there.
type Done = (String, String, u64, bool);

/// Name, SHA-256, bytes, number of tasks.
type Sum = (String, String, u64, usize);

guarded! {
    #[pymethods]
    impl Plan {
        #[new]
        fn open(py: Python<'_>, folder: PathBuf) -> PyResult<Self> {
            let plan = py.detach(|| PlanFolder::open(&folder)).map_err(|error| tasking(&error))?;
            Ok(Self(Arc::new(plan)))
        }

        fn describe(&self) -> PyResult<Described> {
            let sheet = self.0.sheet();
            let [from, to] = &sheet.epochs;
            Ok((
                self.0.id().to_owned(),
                sheet.pipeline.clone(),
                sheet.cells,
                sheet.periods.iter().map(|period| period.label.clone()).collect(),
                sheet.regions.clone(),
                sheet.zones_from.clone(),
                sheet.zones_to.clone(),
                (from.clone(), to.clone()),
            ))
        }

        fn tasks(&self) -> PyResult<Vec<Task>> {
            let tasks = self.0.sheet().tasks.iter();
            Ok(tasks.map(|task| (task.id.clone(), task.cells, task.bytes, task.whole)).collect())
        }

        fn missing(&self, py: Python<'_>) -> PyResult<Vec<String>> {
            Ok(py.detach(|| self.0.missing().into_iter().map(str::to_owned).collect()))
        }

        fn run(&self, py: Python<'_>, id: String, threads: u16) -> PyResult<Done> {
            let plan = Arc::clone(&self.0);
            let done = beside(py, move |stop| {
                on_threads(Some(threads), || plan.run(&id, &Silent, stop))?
            })?;
            Ok((done.id, done.sha256, done.bytes, done.kept))
        }

        fn merge_tasks(&self, py: Python<'_>, ids: Vec<String>) -> PyResult<Sum> {
            let merged = py.detach(|| self.0.merge_tasks(&ids));
            merged.map(sum).map_err(|error| tasking(&error))
        }

        /// Adds up sums, each with the SHA-256 that its maker has told.
        fn merge_sums(&self, py: Python<'_>, sums: Vec<(String, String)>) -> PyResult<Sum> {
            py.detach(|| {
                for (name, sha256) in &sums {
                    self.told(name, sha256)?;
                }
                let names: Vec<_> = sums.into_iter().map(|(name, _)| name).collect();
                self.0.merge_merged(&names).map(sum).map_err(|error| tasking(&error))
            })
        }

        /// The file of a task's tallies.
        fn file_of_task(&self, id: String) -> PyResult<PathBuf> {
            let task = self.0.find(&id).map_err(|error| tasking(&error))?;
            Ok(self.0.store().path_of(&task.id, &task.digest))
        }

        fn file_of_sum(&self, name: String) -> PyResult<PathBuf> {
            Ok(self.0.merged_path(&name))
        }

        /// All tallies: of a sum of the whole plan, or of the partials themselves.
        fn total(&self, py: Python<'_>, whole: Option<(String, String)>, threads: u16) -> PyResult<(Batch, u64, usize)> {
            let tallies = match whole {
                Some((name, sha256)) => py.detach(|| self.of_sum(&name, &sha256)),
                None => {
                    let plan = Arc::clone(&self.0);
                    beside(py, move |_| on_threads(Some(threads), || plan.merge())?)
                        .map(|found| found.tallies)
                }
            }?;
            let batch = tallied(&self.0, &tallies).map_err(TaskError::new_err)?;
            let sheet = self.0.sheet();
            Ok((Batch(batch), sheet.cells, sheet.tasks.len()))
        }
    }
}

impl Plan {
    /// A sum that is what its maker has told.
    fn told(&self, name: &str, sha256: &str) -> PyResult<Merged> {
        let merged = self.0.merged(name).map_err(|error| tasking(&error))?;
        if merged.sha256 != sha256 {
            return Err(TaskError::new_err(format!(
                "{}:\nexpected a sum with the SHA-256 {sha256}, found {}\n  -> merge again; partials are still there",
                self.0.merged_path(name).display(),
                merged.sha256
            )));
        }
        Ok(merged)
    }

    fn of_sum(&self, name: &str, sha256: &str) -> PyResult<TallySet> {
        let merged = self.told(name, sha256)?;
        let closed = || {
            self.0.check_whole(&merged)?;
            let job = self.0.job()?;
            let mut total = Total::new(&job);
            total.add(&merged.sum)?;
            let sheet = self.0.sheet();
            let outside = sheet.outside_regions.iter();
            let outside = outside.map(|(key, cells, area_cm2)| (*key, (*cells, *area_cm2)));
            total.close(&job, sheet.cells, outside)
        };
        let (tallies, _) = closed().map_err(|error| tasking(&error))?;
        Ok(tallies)
    }
}

fn sum(merged: Merged) -> Sum {
    (merged.name, merged.sha256, merged.bytes, merged.tasks.len())
}

/// Does long work on a thread of its own, while this one listens for Ctrl-C.
///
/// Only Python's main thread hears it; on others the work is done just the same.
pub(crate) fn beside<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&AtomicBool) -> Result<T, Error> + Send,
) -> PyResult<T> {
    const LISTEN: Duration = Duration::from_millis(100);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (ended, end) = channel::<()>();
        let mut wait = move || end.recv_timeout(LISTEN);
        let stop = &stop;
        let working = scope.spawn(move || {
            let done = work(stop);
            drop(ended);
            done
        });
        let mut interrupted = None;
        // The channel closes when the work has ended, also when it ends in a panic.
        while py.detach(&mut wait) == Err(RecvTimeoutError::Timeout) {
            if interrupted.is_none()
                && let Err(interrupt) = py.check_signals()
            {
                stop.store(true, Ordering::Relaxed);
                interrupted = Some(interrupt);
            }
        }
        let done = py
            .detach(|| working.join())
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match (done, interrupted) {
            (_, Some(interrupt)) => Err(interrupt),
            (done, None) => done.map_err(|error| tasking(&error)),
        }
    })
}
