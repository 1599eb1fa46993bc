//! The scheduled job: lock, look, run, compare, tell.
//!
//! A folder of runs:
//!
//! ```text
//! RUNS/ledger.sqlite                     every run, good or not
//! RUNS/0007-2026-11-22T030000Z/result/   a run folder as `nutag run` makes it
//! RUNS/0007-2026-11-22T030000Z/changes.csv, changes.md
//! RUNS/latest                            a link to the last good run
//! RUNS/.next.work/                       finished tasks and hashes, for the next run
//! RUNS/lock
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use nutag_files::write_whole;
use nutag_files::{Sight, own_folder, sha256_bytes};
use nutag_pipeline::config::Config;
use nutag_pipeline::manifest::{Input, hash_inputs};
use nutag_pipeline::plan::Plan;
use nutag_pipeline::remembered::HashMemory;
use nutag_pipeline::run::{RunOptions, run};
use nutag_problem::{Error, OrProblem, Problem, Progress};
use nutag_task::NUMERIC_VERSION;
use serde::Serialize;

use crate::clock::{Clock, Moment};
use crate::diff::{Difference, changes_csv, changes_markdown, compare};
use crate::hook::{Hook, News};
use crate::ledger::{Ending, Ledger, State};
use crate::lock::Lock;
use crate::memory::peak_bytes;
pub use crate::prune::Policy;
use crate::prune::prune;

/// What a run writes to before it has its date.
const NEXT: &str = "next";
const LATEST: &str = "latest";

/// A reassessment.
#[derive(Debug)]
pub struct Reassessment {
    /// The pipeline file.
    pub pipeline: PathBuf,
    /// The folder of runs.
    pub runs: PathBuf,
    /// Number of threads; one a core if not given.
    pub threads: Option<u16>,
    /// Run although nothing is new.
    pub force: bool,
    /// Which old runs are kept.
    pub policy: Policy,
    /// Who is told of a change or a failure.
    pub hook: Option<Hook>,
    /// The time.
    pub clock: Clock,
}

/// How a reassessment ended.
#[derive(Debug, Serialize)]
pub struct Reassessed {
    /// Number of the run in the ledger.
    pub run: i64,
    /// How it ended: first, changed or unchanged.
    pub state: State,
    /// A sentence.
    pub message: String,
    /// The dated folder; of an unchanged one, that of the last good run.
    pub folder: Option<PathBuf>,
    /// Inputs and rules that differ from the last good run.
    pub causes: Vec<String>,
    /// Values that moved, and rows that came or went.
    pub numbers_moved: usize,
    /// Folders that went by policy.
    pub pruned: Vec<String>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// What came of the work, before it is written down.
struct Work {
    state: State,
    message: String,
    folder: Option<String>,
    fingerprint: String,
    inputs: Vec<Input>,
    difference: Option<Difference>,
}

impl Reassessment {
    /// Does it. Everything but a lock that somebody else holds ends in the ledger.
    ///
    /// # Errors
    /// Whatever stopped it; never "asked wrongly" for what the inputs are.
    pub fn go(&self, progress: &dyn Progress, stop: &AtomicBool) -> Result<Reassessed, Error> {
        let begun = Instant::now();
        let now = self.clock.now();
        let pipeline = absolute(&self.pipeline)?;
        own_folder(&self.runs, Sight::Usual).map_err(|error| cannot(&self.runs, &error))?;
        let runs = absolute(&self.runs)?;
        let lock = Lock::take(&runs, &pipeline, now)?;
        let mut warnings = Vec::new();
        if let Some(dead) = &lock.taken_from {
            warnings.push(format!("took over the lock of a process that died: {dead}"));
        }
        let mut ledger = Ledger::open(&runs)?;
        let (id, _) = ledger.begin(now, &pipeline)?;
        warnings.extend(clock_went_back(&ledger, id, now)?);
        for warning in &warnings {
            progress.warn(warning);
        }
        tracing::info!(run = id, pipeline = %pipeline.display(), "reassessment begins");
        let done = self.work(id, now, &pipeline, &runs, &ledger, progress, stop);
        let (state, message) = match &done {
            Ok(work) => (work.state, work.message.clone()),
            Err(Error::Interrupted) => (State::Stopped, "stopped by a signal".to_owned()),
            Err(error) => (State::Failed, error.to_string()),
        };
        let work = done.as_ref().ok();
        let difference = work.and_then(|work| work.difference.as_ref());
        ledger.end(
            id,
            &Ending {
                state,
                message: &message,
                folder: work.and_then(|work| work.folder.as_deref()),
                fingerprint: work.map(|work| work.fingerprint.as_str()),
                inputs: work.map_or(&[], |work| work.inputs.as_slice()),
                inputs_changed: difference.map(|difference| difference.causes.len()),
                numbers_moved: difference.map(Difference::count),
                duration: begun.elapsed(),
                peak_memory_bytes: peak_bytes(),
            },
        )?;
        tracing::info!(run = id, state = state.word(), "reassessment ended");
        let folder = work
            .and_then(|work| work.folder.as_ref())
            .map(|name| runs.join(name));
        let told = self.tell(state, id, &message, folder.as_deref());
        let pruned = match &done {
            Ok(_) => prune(&runs, &pipeline, self.policy, &mut ledger, now)?,
            Err(_) => Vec::new(),
        };
        if let (Err(_), Err(hook)) = (&done, &told) {
            // The failure of the run is the news; that of the hook comes with it.
            progress.warn(&hook.to_string());
        }
        let work = done.map_err(as_failure)?;
        told?;
        Ok(Reassessed {
            run: id,
            state,
            message,
            folder,
            causes: work
                .difference
                .iter()
                .flat_map(|difference| &difference.causes)
                .map(ToString::to_string)
                .collect(),
            numbers_moved: work.difference.as_ref().map_or(0, Difference::count),
            pruned,
            warnings,
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the one place that knows all of it"
    )]
    fn work(
        &self,
        id: i64,
        now: Moment,
        pipeline: &Path,
        runs: &Path,
        ledger: &Ledger,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<Work, Error> {
        let config = Config::load(pipeline)?;
        let resolved = toml::to_string_pretty(&config)
            .or_problem()
            .map_err(|problem| problem.at(pipeline.display()).failed())?;
        let plan = Plan::make(config, progress)?;
        let memory_folder = runs.join(format!(".{NEXT}.work"));
        own_folder(&memory_folder, Sight::Private)
            .map_err(|error| cannot(&memory_folder, &error))?;
        let mut remembered = HashMemory::open(&memory_folder);
        let inputs = hash_inputs(&plan, &remembered, progress, stop)?;
        remembered.save();
        let fingerprint = fingerprint(&resolved, &inputs);
        let last = ledger.last_good(pipeline)?.filter(|last| {
            let result = last.folder.as_deref().map(|name| result_of(runs, name));
            result.is_some_and(|result| result.is_dir())
        });
        if let Some(last) = &last
            && last.fingerprint.as_deref() == Some(&fingerprint)
            && !self.force
        {
            return Ok(Work {
                state: State::Unchanged,
                message: format!(
                    "nothing is new: {} inputs and the rules are those of run {}",
                    inputs.len(),
                    last.id
                ),
                folder: last.folder.clone(),
                fingerprint,
                inputs,
                difference: None,
            });
        }
        let options = RunOptions {
            out: runs.join(NEXT),
            overwrite: true,
            threads: self.threads,
        };
        run(&options, || Ok(plan), progress, stop)?;
        let name = format!("{id:04}-{}", now.stamp());
        let dated = runs.join(&name);
        own_folder(&dated, Sight::Usual).map_err(|error| cannot(&dated, &error))?;
        let result = result_of(runs, &name);
        fs::rename(&options.out, &result).map_err(|error| cannot(&result, &error))?;
        let before = last.as_ref().and_then(|last| last.folder.as_deref());
        let difference = before
            .map(|before| compare(&result_of(runs, before), &result))
            .transpose()?;
        if let Some(difference) = &difference {
            write_changes(difference, &dated)?;
        }
        point_at(runs, &name);
        let (state, message) = match (&last, &difference) {
            (Some(last), Some(difference)) => (
                State::Changed,
                format!(
                    "{} differ from run {}; {} moved, appeared or vanished",
                    counted(difference.causes.len(), "input or rule", "inputs and rules"),
                    last.id,
                    counted(difference.count(), "number", "numbers")
                ),
            ),
            _ => (
                State::First,
                format!("the first run, of {} inputs", inputs.len()),
            ),
        };
        Ok(Work {
            state,
            message,
            folder: Some(name),
            fingerprint,
            inputs,
            difference,
        })
    }

    fn tell(
        &self,
        state: State,
        run: i64,
        message: &str,
        folder: Option<&Path>,
    ) -> Result<(), Error> {
        let Some(hook) = &self.hook else {
            return Ok(());
        };
        match state {
            State::First | State::Changed | State::Failed => hook.tell(&News {
                outcome: state.word(),
                run,
                message,
                folder,
            }),
            _ => Ok(()),
        }
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn result_of(runs: &Path, name: &str) -> PathBuf {
    runs.join(name).join("result")
}

/// One hash of all that makes the result.
fn fingerprint(resolved: &str, inputs: &[Input]) -> String {
    let mut text = format!(
        "{} {NUMERIC_VERSION}\n{resolved}\n",
        env!("CARGO_PKG_VERSION")
    );
    for input in inputs {
        text.push_str(&format!(
            "{}\t{}\t{}\n",
            input.role, input.path, input.sha256
        ));
    }
    sha256_bytes(text.as_bytes())
}

fn write_changes(difference: &Difference, folder: &Path) -> Result<(), Error> {
    let csv = changes_csv(difference)
        .or_problem()
        .map_err(|problem| problem.at("changes.csv").failed())?;
    let page = changes_markdown(difference);
    for (name, bytes) in [("changes.csv", csv), ("changes.md", page.into_bytes())] {
        write_whole(&folder.join(name), &bytes).or_failed()?;
    }
    Ok(())
}

/// `latest` names the last good run. Where links are not to be had, the ledger knows it anyway.
fn point_at(runs: &Path, name: &str) {
    #[cfg(unix)]
    {
        let fresh = runs.join(".latest");
        let _ = fs::remove_file(&fresh);
        if std::os::unix::fs::symlink(name, &fresh).is_ok() {
            let _ = fs::rename(&fresh, runs.join(LATEST));
        }
    }
    #[cfg(not(unix))]
    let _ = (runs, name, LATEST);
}

/// A warning where the clock is behind the run before.
fn clock_went_back(ledger: &Ledger, id: i64, now: Moment) -> Result<Option<String>, Error> {
    let before = ledger.started_before(id)?;
    let back = before.filter(|text| Moment::parse(text).is_some_and(|before| before > now));
    Ok(back.map(|before| {
        format!(
            "the clock says {}, and the run before began at {before}: runs are told apart by their numbers",
            now.text()
        )
    }))
}

/// Nobody is there to change the question, so a job that cannot be done has failed.
fn as_failure(error: Error) -> Error {
    match error {
        Error::Asked(problem) => Error::Failed(problem),
        other => other,
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    fs::canonicalize(path).map_err(|error| {
        Problem::new(format!("is not there: {error}"))
            .at(path.display())
            .advice("check the path")
            .asked()
    })
}

fn cannot(path: &Path, error: &std::io::Error) -> Error {
    Problem::new(format!("cannot be made: {error}"))
        .at(path.display())
        .advice("choose a folder of runs that you may write to, with --runs, and check the disk")
        .failed()
}
