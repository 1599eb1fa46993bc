//! The counting of a plan in this process.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use nutag_problem::{Crew, Error, Problem, Progress, Steps, side_by_side};
use nutag_task::{
    CellTrends, Cut, Inputs, Job, PartialStore, Task, TaskKey, Total, TrendCounts, Verdict, Work,
};
use nutag_zonal::TallySet;

use crate::plan::NppPlan;

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
pub fn execute(
    plan: &NppPlan<'_>,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<TallySet, Error> {
    let job = plan.job(None);
    let total = Mutex::new(Total::new(&job));
    progress.begin("reading and counting", plan.stored_bytes(), Steps::Bytes);
    let work = Work::new(job, progress, stop);
    in_order(plan, &plan.tasks(), |task, crew| {
        let done = work.run(&plan.tiles[task.tile], task, crew)?;
        add(&total, |total| total.add(&done.partial))
    })?;
    progress.finish();
    close(plan, &job, total).map(|(tallies, _)| tallies)
}

/// Does the counting of a plan, keeping each finished task in `store` and
/// using those that are there already.
///
/// # Errors
/// A granule that turns out damaged, a disk that is full, or a stop. What is
/// finished by then stays in the store.
pub fn execute_with(
    plan: &NppPlan<'_>,
    trends: Option<&CellTrends>,
    inputs: &Inputs,
    store: &PartialStore,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Execution, Error> {
    let job = plan.job(trends);
    let total = Mutex::new(Total::new(&job));
    progress.begin("reading and counting", plan.stored_bytes(), Steps::Bytes);
    let work = Work::new(job, progress, stop);
    let tasks = in_order(plan, &plan.tasks(), |task, crew| {
        let tile = &plan.tiles[task.tile];
        let key = TaskKey::of(&job, tile, task, inputs)?;
        let (found, verdict) = store.load(&job, tile, task, &key, trends.is_some())?;
        let partial = if let Some(partial) = found {
            progress.advance(task.stored_bytes);
            partial
        } else {
            let done = work.run(tile, task, crew)?;
            store.save(task, &key, &done.partial, done.cells.as_deref())?;
            done.partial
        };
        add(&total, |total| total.add(&partial))?;
        Ok((task.clone(), key, verdict))
    })?;
    progress.finish();
    let (tallies, trends) = close(plan, &job, total)?;
    Ok(Execution {
        tallies,
        trends,
        tasks,
    })
}

/// The tallies of a plan from finished tasks alone: no value of a granule is read.
///
/// # Errors
/// A task that is not there, is damaged, or was made from something else.
pub fn total_of_finished(
    plan: &NppPlan<'_>,
    inputs: &Inputs,
    store: &PartialStore,
) -> Result<TallySet, Error> {
    let trends = plan.cell_trends()?;
    let job = plan.job(trends.as_ref());
    let mut total = Total::new(&job);
    for task in plan.tasks() {
        let tile = &plan.tiles[task.tile];
        let key = TaskKey::of(&job, tile, &task, inputs)?;
        let (partial, verdict) = store.load(&job, tile, &task, &key, false)?;
        let partial = partial.ok_or_else(|| {
            let what = match verdict {
                Verdict::Kept | Verdict::New => "is not there".to_owned(),
                Verdict::Changed(what) => {
                    format!("was made from something else: {}", what.join(", "))
                }
                Verdict::Damaged(what) => format!("is damaged: {what}"),
            };
            Problem::new(format!("the partial of {} {what}", task.label))
                .at(store.tallies_path(&task, &key).display())
                .advice("run the pipeline again")
                .failed()
        })?;
        total.add(&partial)?;
    }
    close(plan, &job, Mutex::new(total)).map(|(tallies, _)| tallies)
}

fn add(
    total: &Mutex<Total>,
    act: impl FnOnce(&mut Total) -> Result<(), Error>,
) -> Result<(), Error> {
    act(&mut total
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn close(
    plan: &NppPlan<'_>,
    job: &Job<'_>,
    total: Mutex<Total>,
) -> Result<(TallySet, Option<TrendCounts>), Error> {
    let total = total
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let outside = plan.findings.outside_regions.iter();
    total.close(
        job,
        plan.findings.cells,
        outside.map(|(key, cells_and_area)| (*key, *cells_and_area)),
    )
}

/// Tasks whose granules are read block by block run side by side; those with
/// a layer that can only be read whole run one after another, each on all
/// threads, so that memory does not grow with the number of threads.
fn in_order<T: Send>(
    plan: &NppPlan<'_>,
    tasks: &[Task],
    act: impl Fn(&Task, Crew<'_>) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let by_blocks =
        |(_, task): &(usize, &Task)| matches!(plan.tiles[task.tile].cut, Cut::Blocks(_));
    let (beside, alone): (Vec<_>, Vec<_>) = tasks.iter().enumerate().partition(by_blocks);
    let mut done: Vec<(usize, T)> = side_by_side(&beside, |(i, task), crew| {
        Ok::<_, Error>((*i, act(task, crew)?))
    })?;
    for (i, task) in alone {
        done.push((i, act(task, Crew::here())?));
    }
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}
