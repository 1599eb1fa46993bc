//! A plan into a result folder.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use nutag_carbon::Study;
use nutag_report::{Table, TableFormat as Format, WriteError, write_table, write_whole};
use serde::Serialize;

use crate::config::TableFormat;
use crate::error::{Error, Problem};
use crate::execute::execute;
use crate::manifest::{Manifest, NUMERIC_VERSION, Program, hash_inputs, hash_outputs, method};
use crate::output::{MANIFEST, OutputFolder, PROGRAM};
use crate::plan::Plan;
use crate::progress::{Progress, check_stop};
use crate::results::{Results, results};
use crate::study::{names, quantity};

/// How a run is done; nothing here moves a number.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The result folder.
    pub out: PathBuf,
    /// Replace it if it exists.
    pub overwrite: bool,
    /// Number of threads; one a core if not given.
    pub threads: Option<u16>,
}

/// What a run has made.
#[derive(Debug)]
pub struct Outcome {
    out: PathBuf,
    headline: Table,
    answer: String,
    files: Vec<String>,
    warnings: Vec<String>,
}

/// An outcome for programs.
#[derive(Debug, Serialize)]
pub struct OutcomeSummary {
    /// The result folder.
    pub out: String,
    /// The answer in a sentence or two.
    pub answer: String,
    /// The main table.
    pub table: serde_json::Value,
    /// The files in the folder.
    pub files: Vec<String>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl Outcome {
    /// The main table, in its short form, and the answer.
    #[must_use]
    pub fn headline(&self, width: usize) -> String {
        format!(
            "{}\n{}\n",
            nutag_report::text(&self.headline.brief(), width),
            self.answer
        )
    }

    /// Where the report is.
    #[must_use]
    pub fn report_path(&self) -> PathBuf {
        self.out.join("report.html")
    }

    /// The outcome for programs.
    ///
    /// # Errors
    /// A table that cannot be written as JSON, which is a fault of this program.
    pub fn summary(&self) -> Result<OutcomeSummary, Error> {
        let table = nutag_report::json(&self.headline)
            .map_err(|error| Problem::new(error.to_string()).failed())?;
        Ok(OutcomeSummary {
            out: self.out.display().to_string(),
            answer: self.answer.clone(),
            table,
            files: self.files.clone(),
            warnings: self.warnings.clone(),
        })
    }
}

/// Plans, counts, and writes the result folder.
///
/// # Errors
/// Whatever stops it; the result folder is then as it was before.
pub fn run(
    options: &RunOptions,
    make_plan: impl FnOnce() -> Result<Plan, Error> + Send,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = options.threads {
        pool = pool.num_threads(usize::from(threads));
    }
    let pool = pool.build().map_err(|error| {
        Problem::new(format!("the threads cannot be started: {error}"))
            .advice("try fewer with --threads")
            .failed()
    })?;
    // A place that cannot be written is known before hours of work, not after.
    let folder = OutputFolder::begin(&options.out, options.overwrite)?;
    pool.install(|| {
        let plan = make_plan()?;
        let tallies = execute(&plan, progress, stop)?;
        let inputs = hash_inputs(&plan, progress, stop)?;
        let (names, quantity) = (names(&plan), quantity(&plan.product)?);
        let study = Study::new(&tallies, plan.space, &names, &quantity)
            .map_err(|error| Problem::new(error.to_string()).failed())?;
        let results = results(&plan, &study, &inputs, progress)?;
        write(&plan, results, inputs, folder, stop)
    })
}

fn write(
    plan: &Plan,
    results: Results,
    inputs: Vec<crate::manifest::Input>,
    folder: OutputFolder,
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let tables = folder.folder("tables")?;
    let mut files = Vec::new();
    for table in &results.tables {
        let formats = formats(plan, table);
        files.extend(write_table(table, &tables, &formats).map_err(failed)?);
    }
    let write = |name: &str, bytes: &[u8]| -> Result<PathBuf, Error> {
        let path = folder.path().join(name);
        write_whole(&path, bytes).map_err(failed)?;
        Ok(path)
    };
    for (name, bytes) in &results.pictures {
        if let Some((parent, _)) = name.split_once('/') {
            folder.folder(parent)?;
        }
        files.push(write(name, bytes)?);
    }
    files.push(write("report.html", results.page.html().as_bytes())?);
    let resolved = toml::to_string_pretty(&plan.config).map_err(|error| {
        Problem::new(format!(
            "the resolved pipeline file cannot be written: {error}"
        ))
        .failed()
    })?;
    files.push(write("pipeline.resolved.toml", resolved.as_bytes())?);
    let manifest = Manifest {
        program: Program {
            name: PROGRAM,
            version: env!("CARGO_PKG_VERSION"),
            numeric_version: NUMERIC_VERSION,
            gdal: nutag_formats::gdal_version(),
        },
        plan: plan.summary(),
        method: method(plan),
        inputs,
        outputs: hash_outputs(folder.path(), &files)?,
        superseded: plan
            .superseded
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
    };
    let manifest = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Problem::new(format!("the manifest cannot be written: {error}")).failed()
    })?;
    files.push(write(MANIFEST, manifest.as_bytes())?);

    let mut names: Vec<String> = files
        .iter()
        .map(|path| {
            path.strip_prefix(folder.path())
                .unwrap_or(path)
                .display()
                .to_string()
        })
        .collect();
    names.sort();
    // Who has stopped the run does not expect a result, were it ready.
    check_stop(stop)?;
    let out = folder.finish()?;
    Ok(Outcome {
        out,
        headline: results.headline,
        answer: results.page.answer,
        files: names,
        warnings: plan.warnings.clone(),
    })
}

/// csv is always written; long tables are for programs and get no page.
fn formats(plan: &Plan, table: &Table) -> Vec<Format> {
    const LONG: usize = 500;
    let mut formats: Vec<Format> = plan
        .config
        .output
        .tables
        .iter()
        .map(|f| Format::from(*f))
        .collect();
    formats.push(Format::from(TableFormat::Csv));
    formats.sort();
    formats.dedup();
    formats.retain(|format| *format != Format::Markdown || table.rows.len() <= LONG);
    formats
}

fn failed(error: WriteError) -> Error {
    Problem::new(error.to_string()).failed()
}
