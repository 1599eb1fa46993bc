//! `nutag run`.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_pipeline::config::Config;
use nutag_pipeline::plan::Plan;
use nutag_pipeline::run::{Outcome, RunOptions, run as run_plan};
use nutag_problem::Progress;

use super::{print, print_json};
use crate::args::{Run, Voice};
use crate::bars::{Bars, say};

/// Where a result goes unless told otherwise.
pub fn default_out(pipeline: &Path) -> PathBuf {
    PathBuf::from("out").join(pipeline.file_stem().unwrap_or_default())
}

/// Does the job and prints its main table.
pub fn run(args: &Run, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let bars = Bars::new(voice.quiet);
    let config = Config::load(&args.pipeline)?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| default_out(&args.pipeline));
    let options = RunOptions {
        out,
        overwrite: args.overwrite,
        threads: args.threads,
    };
    let outcome = run_plan(&options, || Plan::make(config, &bars), &bars, stop)?;
    bars.finish();
    let (pieces, kept) = outcome.kept();
    let talk = !voice.json && !voice.quiet;
    if kept > 0 && talk {
        say(&format!(
            "{kept} of {pieces} pieces of the job were kept from an earlier run"
        ));
    }
    if args.explain && !voice.json {
        for (piece, what) in outcome.explained() {
            say(&format!("{piece}: {what}"));
        }
    }
    print_outcome(&outcome, voice)
}

/// Prints the main table of a result and where its report is.
pub fn print_outcome(outcome: &Outcome, voice: Voice) -> anyhow::Result<()> {
    if voice.json {
        return print_json(&outcome.summary()?);
    }
    if !voice.quiet {
        print(&outcome.headline(super::width()))?;
        print("")?;
    }
    print(&format!("{}", outcome.report_path().display()))
}
