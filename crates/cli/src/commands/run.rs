//! `nutag run`.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use nutag_pipeline::config::Config;
use nutag_pipeline::plan::Plan;
use nutag_pipeline::progress::Progress;
use nutag_pipeline::run::{RunOptions, run as run_plan};

use super::{print, print_json};
use crate::args::{Run, Voice};
use crate::bars::{Bars, say};

/// Does the job and prints its main table.
pub fn run(args: &Run, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let bars = Bars::new(voice.quiet);
    let config = Config::load(&args.pipeline)?;
    let out = args.out.clone().unwrap_or_else(|| {
        PathBuf::from("out").join(args.pipeline.file_stem().unwrap_or_default())
    });
    let options = RunOptions {
        out,
        overwrite: args.overwrite,
        threads: args.threads,
    };
    let outcome = run_plan(&options, || Plan::make(config, &bars), &bars, stop)?;
    bars.finish();
    if voice.json {
        return print_json(&outcome.summary()?);
    }
    let (pieces, kept) = outcome.kept();
    if kept > 0 && !voice.quiet {
        say(&format!(
            "{kept} of {pieces} pieces of the job were kept from an earlier run"
        ));
    }
    if args.explain {
        for (piece, what) in outcome.explained() {
            say(&format!("{piece}: {what}"));
        }
    }
    if !voice.quiet {
        print(&outcome.headline(super::width()))?;
        print("")?;
    }
    print(&format!("{}", outcome.report_path().display()))
}
