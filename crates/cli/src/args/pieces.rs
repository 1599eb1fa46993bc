//! What can be asked of a job in pieces: plan, task, merge.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

/// The examples of `nutag plan`.
pub const PLAN_EXAMPLE: &str = "Example:\n  nutag plan pipelines/demo.toml --out plans/demo\n  \
    nutag task plans/demo --all\n  nutag merge plans/demo --out out/demo\n\n\
    The three together do what `nutag run` does, to the bit. Between them the folder can be seen \
    by any number of machines: pipelines/cluster/README.md shows Slurm, Dask and Snakemake.";

/// The folder comes first; clap would write it last.
pub const TASK_USAGE: &str = "nutag task [OPTIONS] <DIR> <ID>...\n       \
    nutag task [OPTIONS] <DIR> --part <I/N> | --all | --list";

/// The examples of `nutag task`.
pub const TASK_EXAMPLE: &str = "Example:\n  nutag task plans/demo h25v03-r00000 h25v04-r00000\n  \
    nutag task plans/demo --part 3/16      # the third of sixteen shares, for an array job\n  \
    nutag task plans/demo --list           # what is still to be done\n\n\
    A finished task is kept, so a task may be asked for again. One that fails says so and \
    harms no other; the exit code is then 1.";

/// The examples of `nutag merge`.
pub const MERGE_EXAMPLE: &str = "Example:\n  nutag merge plans/demo --out out/demo\n\n\
    Takes exactly the planned tasks, each once, with the planned number of cells. A partial that \
    is missing, there twice, damaged or of another plan is refused with the name of its task.";

/// `nutag plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// The pipeline file (TOML); pipelines/README.md explains every key.
    #[arg(value_name = "PIPELINE.toml")]
    pub pipeline: PathBuf,
    /// Folder of the plan.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Plan again if the folder holds a plan; finished tasks that still fit are kept.
    #[arg(long)]
    pub overwrite: bool,
    /// Number of threads [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// `nutag task`.
#[derive(Debug, Args)]
pub struct Task {
    /// Folder that `nutag plan` wrote.
    #[arg(value_name = "DIR")]
    pub plan: PathBuf,
    #[command(flatten)]
    pub which: Which,
    /// Number of threads [default: one a core]. The result does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// Which tasks.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Names of tasks, such as h25v03-r00000.
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Share I of N equal shares of the tasks; I counts from 1.
    #[arg(long, value_name = "I/N")]
    pub part: Option<Part>,
    /// Every task.
    #[arg(long)]
    pub all: bool,
    /// Do nothing; print the names of tasks that are not done, one a line.
    #[arg(long)]
    pub list: bool,
}

/// A share of the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which, from 1.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once('/')
            .and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Self { part, of }),
            _ => Err("expected I/N such as 3/16, with I from 1 to N".to_owned()),
        }
    }
}

/// `nutag merge`.
#[derive(Debug, Args)]
pub struct Merge {
    /// Folder that `nutag plan` wrote.
    #[arg(value_name = "DIR")]
    pub plan: PathBuf,
    /// Folder of the result.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the result folder if it exists.
    #[arg(long)]
    pub overwrite: bool,
    /// Number of threads [default: one a core]. The result does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}
