//! The command line: what can be asked.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::log::LogArgs;

pub mod claims;
pub mod pieces;
pub mod unattended;

/// How much carbon rangelands take up, zone by zone and region by region, and
/// how that changes as permafrost thaws.
///
/// MODIS NPP granules, two permafrost zone maps and region polygons in;
/// tables that close to the last cell out.
#[derive(Debug, Parser)]
#[command(
    name = "nutag",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done, 1 failed while running, 2 asked wrongly.\n\n\
                  Example:\n  nutag check pipelines/demo.toml\n  \
                  nutag run pipelines/demo.toml --out out/demo"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What to print.
    #[command(flatten)]
    pub voice: Voice,
    /// What to log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// What to print.
#[derive(Debug, Clone, Copy, Args)]
pub struct Voice {
    /// Print JSON for programs instead of text for people.
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only errors and the result.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: what is done, and given twice, why.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do the job of a pipeline file and write a result folder.
    #[command(
        after_help = "Example:\n  nutag run pipelines/demo.toml --out out/demo\n\n\
        Writes tables, report.html and manifest.json into the folder, which appears only \
        when everything in it is whole. Stopped or killed, it goes on from where it was when \
        run again with the same --out; run with --overwrite, it redoes only what changed."
    )]
    Run(Run),
    /// Plan a job into a folder, for many processes or machines.
    #[command(after_help = pieces::PLAN_EXAMPLE)]
    Plan(pieces::Plan),
    /// Do tasks of a plan.
    #[command(after_help = pieces::TASK_EXAMPLE, override_usage = pieces::TASK_USAGE)]
    Task(pieces::Task),
    /// Merge the finished tasks of a plan into a result folder.
    #[command(after_help = pieces::MERGE_EXAMPLE)]
    Merge(pieces::Merge),
    /// Check a pipeline file and its inputs, and say what a run would read and write.
    #[command(after_help = "Example:\n  nutag check pipelines/demo.toml")]
    Check(Pipeline),
    /// Say what is inside a granule, a raster, a vector file or a zone map.
    #[command(after_help = "Example:\n  \
        nutag inspect MOD17A3HGF.A2001001.h25v04.061.2022020135800.hdf zones.tif")]
    Inspect(Inspect),
    /// Print the published table, what its own formulas give, and each discrepancy.
    #[command(after_help = "Example:\n  nutag audit\n  nutag audit --json")]
    Audit,
    /// List the granules a pipeline needs: which are here, which are missing, how to get them.
    #[command(after_help = "Example:\n  nutag granules pipelines/mongolia-2001-2012.toml")]
    Granules(Pipeline),
    /// Download the granules that a pipeline needs and that are not here.
    #[command(after_help = "Example:\n  \
        nutag fetch pipelines/mongolia-2001-2012.toml\n\n\
        Needs a free account of NASA's Earthdata Login: a token in EARTHDATA_TOKEN or in a file of \
        --token-file, or an account in ~/.netrc. Files go on where they were cut, are held to size \
        and checksum of the catalogue, and never replace what is there. No other command uses the \
        network.")]
    Fetch(Fetch),
    /// Make the monitoring workbook of a project from a finished run.
    #[command(
        after_help = "Example:\n  nutag run pipelines/demo.toml --out out/demo\n  \
        nutag mrv pipelines/mrv-demo.toml --run out/demo --to out/mrv-demo.xlsx\n\n\
        The workbook has the shape of the sheets of the Joint Crediting Mechanism. It is a draft \
        and not creditable: no methodology for rangelands is approved."
    )]
    Mrv(Mrv),
    /// Keep the ledger of claims, in which no ground is claimed twice.
    #[command(after_help = claims::EXAMPLE)]
    Claims(claims::Claims),
    /// Run a pipeline if an input or a rule has changed, and say which numbers moved.
    #[command(
        after_help = "Example:\n  nutag reassess pipelines/demo.toml --runs runs/demo --keep 24\n\n\
        For a calendar: takes a lock, writes a dated run folder with changes.md and changes.csv, \
        and keeps a ledger (`nutag runs`). Exit code 0 whether something changed or not, 1 if it failed."
    )]
    Reassess(unattended::Reassess),
    /// List the runs of a folder of runs.
    #[command(after_help = "Example:\n  nutag runs runs/demo --last 10")]
    Runs(unattended::Runs),
    /// Say which numbers differ between two run folders, by how much, and because of what.
    #[command(after_help = "Example:\n  nutag diff out/before out/after --to changes.csv")]
    Diff(unattended::Diff),
    /// Say whether a run folder is what it claims to be.
    #[command(
        after_help = "Example:\n  nutag verify out/demo\n  nutag verify out/demo --recompute"
    )]
    Verify(unattended::Verify),
    /// Write a systemd service and timer, or a crontab line, that reassess a pipeline.
    #[command(
        after_help = "Example:\n  nutag schedule pipelines/demo.toml --runs /srv/nutag/demo --user nutag --to units/\n  \
        nutag schedule pipelines/demo.toml --crontab \"0 3 1 * *\""
    )]
    Schedule(unattended::Schedule),
    /// Say what to cite with a result: its data, the program, its methods.
    #[command(after_help = "Example:\n  nutag cite out/demo")]
    Cite(RunFolder),
    /// Print a completion script for a shell.
    #[command(
        after_help = "Example:\n  nutag completions bash > ~/.local/share/bash-completion/completions/nutag"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one page a command into a folder.
    #[command(after_help = "Example:\n  nutag man | man -l -\n  nutag man --out man/")]
    Man {
        /// Folder for one page a command.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// A pipeline file.
#[derive(Debug, Args)]
pub struct Pipeline {
    /// The pipeline file (TOML); pipelines/README.md explains every key.
    #[arg(value_name = "PIPELINE.toml")]
    pub pipeline: PathBuf,
}

/// A run folder.
#[derive(Debug, Args)]
pub struct RunFolder {
    /// The folder of a result.
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
}

/// `nutag run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The pipeline file (TOML); pipelines/README.md explains every key.
    #[arg(value_name = "PIPELINE.toml")]
    pub pipeline: PathBuf,
    /// Folder of the result [default: out/ and the name of the pipeline file].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Number of threads [default: one a core]. The result does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Replace the result folder if it exists.
    #[arg(long)]
    pub overwrite: bool,
    /// Say of each piece of the job whether it was kept from an earlier run
    /// with the same result folder, or done, and why.
    #[arg(long)]
    pub explain: bool,
}

/// `nutag fetch`.
#[derive(Debug, Args)]
pub struct Fetch {
    /// The pipeline file (TOML); its regions and years say which granules are needed.
    #[arg(value_name = "PIPELINE.toml")]
    pub pipeline: PathBuf,
    /// Folder to download into [default: the one of `[npp] granules`].
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Files at once.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub jobs: u8,
    /// File with the token, which only its owner may read.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Say what would be downloaded, and from where; needs no token.
    #[arg(long)]
    pub dry_run: bool,
    /// Address of the catalogue [default: NASA's Common Metadata Repository].
    #[arg(long, value_name = "URL")]
    pub catalogue: Option<String>,
    /// Host that may see the token, in place of NASA's; a leading dot stands for all hosts below.
    #[arg(long, value_name = "HOST")]
    pub token_host: Vec<String>,
    /// Host that may see the account of ~/.netrc, in place of NASA's login.
    #[arg(long, value_name = "HOST")]
    pub login_host: Option<String>,
}

/// `nutag mrv`.
#[derive(Debug, Args)]
pub struct Mrv {
    /// The MRV file (TOML); pipelines/mrv/README.md explains every key.
    #[arg(value_name = "MRV.toml")]
    pub file: PathBuf,
    /// Folder that `nutag run` wrote.
    #[arg(long, value_name = "DIR")]
    pub run: PathBuf,
    /// The workbook.
    #[arg(long, value_name = "FILE.xlsx")]
    pub to: PathBuf,
    /// Replace the workbook if it exists.
    #[arg(long)]
    pub overwrite: bool,
}

/// `nutag inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Files to look into.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
