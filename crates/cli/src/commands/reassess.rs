//! `nutag reassess`, `nutag runs` and `nutag diff`.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use nutag_problem::{Problem, Progress};
use nutag_unattended::clock::Clock;
use nutag_unattended::diff::{Difference, changes_csv, changes_markdown, compare};
use nutag_unattended::ledger::{Ledger, Run, State};
use nutag_unattended::reassess::{Policy, Reassessment};

use super::{print, print_json};
use crate::args::Voice;
use crate::args::unattended::{Diff, Reassess, Runs};
use crate::bars::{Bars, bytes};

/// Runs a pipeline if something is new, and says what changed.
pub fn reassess(args: &Reassess, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let bars = Bars::new(voice.quiet);
    let clock = args.now.as_deref().map(Clock::at).transpose()?;
    let reassessment = Reassessment {
        pipeline: args.pipeline.clone(),
        runs: runs_folder(args.runs.as_deref(), &args.pipeline),
        threads: args.threads,
        force: args.force,
        policy: Policy {
            newest: args.keep.map(|keep| keep as usize),
            days: args.keep_days,
        },
        hook: args.hook.hook(),
        clock: clock.unwrap_or_default(),
    };
    let done = reassessment.go(&bars, stop)?;
    bars.finish();
    if voice.json {
        return print_json(&done);
    }
    let mut lines = vec![format!(
        "{}: run {}: {}",
        done.state.word(),
        done.run,
        done.message
    )];
    lines.extend(done.causes.iter().map(|cause| format!("  {cause}")));
    for folder in &done.pruned {
        lines.push(format!("  removed by policy: {folder}"));
    }
    if let Some(folder) = &done.folder {
        lines.push(folder.join("result/report.html").display().to_string());
        if done.state == State::Changed {
            lines.push(folder.join("changes.md").display().to_string());
        }
    }
    print(&lines.join("\n"))
}

/// Where runs go: as asked, or `runs/` and the name of the pipeline file.
pub fn runs_folder(asked: Option<&Path>, pipeline: &Path) -> PathBuf {
    let default = || PathBuf::from("runs").join(pipeline.file_stem().unwrap_or_default());
    asked.map_or_else(default, Path::to_owned)
}

/// Lists the runs of a ledger.
pub fn runs(args: &Runs, voice: Voice) -> anyhow::Result<()> {
    let mut runs = Ledger::existing(&args.runs)?.runs()?;
    if let Some(last) = args.last {
        runs.drain(..runs.len().saturating_sub(last));
    }
    if voice.json {
        return print_json(&runs);
    }
    let mut lines = vec![format!(
        "{:>5}  {:<20}  {:<9}  {:>7}  {:>7}  {:>8}  {:>10}  folder or message",
        "run", "started", "state", "causes", "moved", "seconds", "memory"
    )];
    lines.extend(runs.iter().map(line));
    print(&lines.join("\n"))
}

fn line(run: &Run) -> String {
    let count = |n: Option<i64>| n.map_or("-".to_owned(), |n| n.to_string());
    let seconds = run.duration_ms.map_or("-".to_owned(), |ms| {
        format!("{}.{}", ms / 1000, ms % 1000 / 100)
    });
    let memory = run.peak_memory_bytes.and_then(|n| u64::try_from(n).ok());
    let last = match (&run.folder, &run.pruned) {
        (Some(folder), Some(_)) => format!("{folder} (removed by policy)"),
        (Some(folder), None) => folder.clone(),
        (None, _) => run.message.lines().collect::<Vec<_>>().join(" "),
    };
    format!(
        "{:>5}  {:<20}  {:<9}  {:>7}  {:>7}  {:>8}  {:>10}  {last}",
        run.id,
        run.started,
        run.state.word(),
        count(run.inputs_changed),
        count(run.numbers_moved),
        seconds,
        memory.map_or("-".to_owned(), bytes)
    )
}

/// Compares two run folders.
pub fn diff(args: &Diff, voice: Voice) -> anyhow::Result<()> {
    let difference = compare(&args.before, &args.after)?;
    for path in &args.to {
        write(&difference, path)?;
    }
    if voice.json {
        return print_json(&difference);
    }
    print(&changes_markdown(&difference))
}

fn write(difference: &Difference, path: &Path) -> anyhow::Result<()> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let content = match ending {
        Some("csv") => changes_csv(difference)?,
        Some("md") => changes_markdown(difference).into_bytes(),
        _ => {
            return Err(Problem::new("expected a name that ends with .csv or .md")
                .at(path.display())
                .advice("name it changes.csv or changes.md")
                .asked()
                .into());
        }
    };
    nutag_files::write_whole(path, &content)
        .with_context(|| format!("{} cannot be written", path.display()))
}
