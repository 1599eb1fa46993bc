//! `nutag plan`, `nutag task`, `nutag merge`.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_pipeline::on_disk::{merge_from, plan_into};
use nutag_pipeline::run::RunOptions;
use nutag_problem::{Error, Problem, Progress, Steps};
use nutag_task::{Done, PlanFolder};
use serde::Serialize;

use super::run::print_outcome;
use super::{print, print_json};
use crate::args::Voice;
use crate::args::pieces::{Merge, Plan, Task};
use crate::bars::{Bars, bytes, say};

/// A plan for programs.
#[derive(Serialize)]
struct PlanSaid<'a> {
    plan: String,
    id: &'a str,
    cells: u64,
    tasks: &'a [nutag_task::TaskEntry],
    missing: Vec<&'a str>,
}

/// Plans a job into a folder.
pub fn plan(args: &Plan, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let bars = Bars::new(voice.quiet);
    let folder = plan_into(
        &args.pipeline,
        &args.out,
        args.overwrite,
        args.threads,
        &bars,
        stop,
    )?;
    bars.finish();
    let sheet = folder.sheet();
    let missing = folder.missing();
    if voice.json {
        return print_json(&PlanSaid {
            plan: args.out.display().to_string(),
            id: folder.id(),
            cells: sheet.cells,
            tasks: &sheet.tasks,
            missing,
        });
    }
    let read: u64 = sheet.tasks.iter().map(|task| task.bytes).sum();
    print(&format!(
        "{}: {} tasks in {} tiles, {} cells, {} to read{}",
        args.out.display(),
        sheet.tasks.len(),
        sheet.tiles.len(),
        sheet.cells,
        bytes(read),
        match sheet.tasks.len() - missing.len() {
            0 => String::new(),
            kept => format!("; {kept} tasks are done already"),
        }
    ))
}

/// What became of a task, for programs.
#[derive(Serialize)]
struct TaskSaid {
    id: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Does tasks of a plan.
pub fn task(args: &Task, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let folder = PlanFolder::open(&args.plan)?;
    let which = &args.which;
    if which.list {
        let missing = folder.missing();
        return if voice.json {
            print_json(&missing)
        } else {
            missing.iter().try_for_each(|id| print(id))
        };
    }
    let ids: Vec<String> = if which.all {
        let tasks = folder.sheet().tasks.iter();
        tasks.map(|task| task.id.clone()).collect()
    } else if let Some(part) = which.part {
        let share = folder.share(part.part, part.of)?;
        share.into_iter().map(str::to_owned).collect()
    } else {
        // A name that is wrong is said before anything is done.
        which
            .ids
            .iter()
            .try_for_each(|id| folder.find(id).map(|_| ()))?;
        let mut seen = std::collections::BTreeSet::new();
        which
            .ids
            .iter()
            .filter(|id| seen.insert(*id))
            .cloned()
            .collect()
    };
    let bars = Bars::new(voice.quiet);
    let read = ids
        .iter()
        .filter_map(|id| Some(folder.find(id).ok()?.bytes))
        .sum();
    bars.begin("reading and counting", read, Steps::Bytes);
    let told = |done: &Result<Done, Error>| match done {
        Ok(done) => tracing::info!(task = done.id, kept = done.kept, "task done"),
        Err(error) => tracing::error!("{error}"),
    };
    let done = folder.run_all(&ids, args.threads, &bars, stop, &told)?;
    bars.finish();
    let failed = done.iter().filter(|done| done.is_err()).count();
    if voice.json {
        let said = ids.iter().zip(&done).map(|(id, done)| match done {
            Ok(done) => TaskSaid {
                id: id.clone(),
                outcome: if done.kept { "kept" } else { "done" },
                sha256: Some(done.sha256.clone()),
                bytes: Some(done.bytes),
                error: None,
            },
            Err(error) => TaskSaid {
                id: id.clone(),
                outcome: "failed",
                sha256: None,
                bytes: None,
                error: Some(error.to_string()),
            },
        });
        print_json(&said.collect::<Vec<_>>())?;
    } else {
        for (id, done) in ids.iter().zip(&done) {
            match done {
                Ok(done) if !voice.quiet => {
                    print(&format!("{id} {}", if done.kept { "kept" } else { "done" }))?;
                }
                Ok(_) => {}
                Err(error) => say(&format!("error: {error}")),
            }
        }
    }
    if done
        .iter()
        .any(|done| matches!(done, Err(Error::Interrupted)))
    {
        return Err(Error::Interrupted.into());
    }
    if failed > 0 {
        return Err(
            Problem::new(format!("{failed} of {} tasks failed", ids.len()))
                .at(args.plan.display())
                .advice(
                    "mend what is said above and run the same command again; what is done is kept",
                )
                .failed()
                .into(),
        );
    }
    Ok(())
}

/// Merges the partials of a plan into a result folder.
pub fn merge(args: &Merge, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let folder = PlanFolder::open(&args.plan)?;
    let out = absolute(&args.out)?;
    // Paths in the plan count from where it was made; the result names them as they are there.
    let from = &folder.sheet().from;
    std::env::set_current_dir(from).map_err(|error| {
        Problem::new(format!(
            "the folder that the plan was made from cannot be entered: {error}"
        ))
        .at(from.display())
        .advice("merge where the inputs are seen under the same paths")
        .asked()
    })?;
    let bars = Bars::new(voice.quiet);
    let options = RunOptions {
        out,
        overwrite: args.overwrite,
        threads: args.threads,
    };
    let outcome = merge_from(&folder, &options, &bars, stop)?;
    bars.finish();
    print_outcome(&outcome, voice)
}

fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    Ok(std::path::absolute(path)?)
}
