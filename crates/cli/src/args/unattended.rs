//! What can be asked of runs that nobody watches.

use std::path::PathBuf;

use clap::Args;

/// `nutag reassess`.
#[derive(Debug, Args)]
pub struct Reassess {
    /// The pipeline file (TOML); pipelines/README.md explains every key.
    #[arg(value_name = "PIPELINE.toml")]
    pub pipeline: PathBuf,
    /// Folder of the dated runs and their ledger [default: runs/ and the name of the pipeline file].
    #[arg(long, value_name = "DIR")]
    pub runs: Option<PathBuf>,
    /// Number of threads [default: one a core]. The result does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Run although no input and no rule has changed.
    #[arg(long)]
    pub force: bool,
    /// Keep the newest N results [default: all]. The last good one is always kept.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
    /// Keep the results of the last DAYS days [default: all].
    #[arg(long, value_name = "DAYS")]
    pub keep_days: Option<u32>,
    #[command(flatten)]
    pub hook: HookArgs,
    /// The time, for tests of a schedule.
    #[arg(long, value_name = "TIME", hide = true)]
    pub now: Option<String>,
}

/// A program that is told of a change or a failure.
#[derive(Debug, Args)]
pub struct HookArgs {
    /// Program to run when there is a new result or a failure. It finds the outcome, the run and
    /// the folder in NUTAG_OUTCOME, NUTAG_RUN, NUTAG_FOLDER and NUTAG_MESSAGE.
    #[arg(long = "hook", value_name = "PROGRAM")]
    pub program: Option<String>,
    /// An argument of the hook; repeat it for more. No shell reads it.
    #[arg(
        long = "hook-arg",
        value_name = "ARG",
        requires = "program",
        allow_hyphen_values = true
    )]
    pub arguments: Vec<String>,
}

impl HookArgs {
    /// The hook, if there is one.
    pub fn hook(&self) -> Option<nutag_unattended::Hook> {
        Some(nutag_unattended::Hook {
            program: self.program.clone()?,
            arguments: self.arguments.clone(),
        })
    }
}

/// `nutag runs`.
#[derive(Debug, Args)]
pub struct Runs {
    /// Folder of runs, as `nutag reassess --runs` made it.
    #[arg(value_name = "RUNS")]
    pub runs: PathBuf,
    /// Only the newest N.
    #[arg(long, value_name = "N")]
    pub last: Option<usize>,
}

/// `nutag diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The run folder before.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The run folder after.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// Write every move into this file (.csv), or the page for people (.md).
    #[arg(long, value_name = "FILE")]
    pub to: Vec<PathBuf>,
}

/// `nutag verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of a result.
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// Run the pipeline again, too, and compare every file to the bit.
    #[arg(long, conflicts_with = "outputs_only")]
    pub recompute: bool,
    /// Look only at what is in the folder, where the inputs are elsewhere.
    #[arg(long)]
    pub outputs_only: bool,
    /// Folder from which the run was started, where its inputs are named from there.
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Number of threads of the run [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// `nutag schedule`.
#[derive(Debug, Args)]
pub struct Schedule {
    /// The pipeline file (TOML).
    #[arg(value_name = "PIPELINE.toml")]
    pub pipeline: PathBuf,
    /// Folder of the dated runs and their ledger [default: runs/ and the name of the pipeline file].
    #[arg(long, value_name = "DIR")]
    pub runs: Option<PathBuf>,
    /// When, as systemd writes it.
    #[arg(long, value_name = "TIME", default_value = "monthly")]
    pub calendar: String,
    /// Folder for the units.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub to: PathBuf,
    /// Print the line of a crontab for these five fields instead: "0 3 1 * *".
    #[arg(long, value_name = "FIELDS", conflicts_with_all = ["calendar", "to", "user", "memory_max"])]
    pub crontab: Option<String>,
    /// User whose rights the job has [default: root's, as systemd has it].
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// The most memory the job may have, such as 2G.
    #[arg(long, value_name = "SIZE")]
    pub memory_max: Option<String>,
    /// Keep the newest N results.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
    /// Number of threads.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub hook: HookArgs,
}
