//! The workbook of a project: a finished run and an MRV file in, an XLSX file
//! in the shape of the JCM's monitoring sheets out.
//!
//! Each number is there twice, as a live formula and as the program computed
//! it, and each has its way back to a line of a table of the run.

mod check;
mod figures;
mod interval;
mod policy;
mod project;
mod run_folder;
mod sheets;
mod source;

use std::path::Path;

use nutag_files::sha256_bytes;
use nutag_files::write_whole;
use serde::Serialize;

use nutag_problem::{Error, OrProblem, Problem};

pub use figures::{Figures, MonitoredYear, Period};
pub use interval::{Interval, Intervals};
pub use policy::{Band, Deduction, Kind, Policy};
pub use project::{LevelName, Project};
pub use run_folder::RunFolder;
pub use source::{Source, SourceRow};

use sheets::Content;

/// A workbook that was made, in figures.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Never true: no methodology for rangelands is approved.
    pub creditable: bool,
    /// Why.
    pub status: &'static str,
    /// What is counted.
    pub level: &'static str,
    /// Reference removals.
    #[serde(rename = "reference_tCO2_per_year")]
    pub reference_tco2_per_year: f64,
    /// Mean removals of the project's land.
    #[serde(rename = "project_tCO2_per_year")]
    pub project_tco2_per_year: f64,
    /// Mean removals above the reference.
    #[serde(rename = "mean_difference_tCO2_per_year")]
    pub mean_difference_tco2_per_year: f64,
    /// Half width of the interval in percent of the mean.
    pub uncertainty_percent: f64,
    /// The policy.
    pub policy: String,
    /// What it deducts.
    pub deduction_percent: f64,
    /// Whether anything may count by the policy.
    pub may_count: bool,
    /// After deduction and buffer, rounded down, over the monitoring period.
    #[serde(rename = "calculated_tCO2")]
    pub calculated_tco2: f64,
    /// The verdict of the eligibility sheet.
    pub eligibility: String,
    /// SHA-256 of the manifest of the run.
    pub manifest_sha256: String,
    /// SHA-256 of the workbook.
    pub workbook_sha256: String,
}

/// Makes the workbook of a project from a finished run.
///
/// # Errors
/// An MRV file or run that does not fit, or a file that cannot be written;
/// nothing is left behind then.
pub fn write(file: &Path, run: &Path, to: &Path, overwrite: bool) -> Result<Summary, Error> {
    let project = Project::load(file)?;
    let policy = project.named_policy()?;
    let run = RunFolder::open(run)?;
    if !to
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
    {
        return Err(Problem::new("the workbook is an Excel file")
            .at(to.display())
            .advice("give it a name that ends in .xlsx")
            .asked());
    }
    if to.exists() && !overwrite {
        return Err(Problem::new("the workbook exists")
            .at(to.display())
            .advice("name another with --to, or replace it with --overwrite")
            .asked());
    }
    let source = Source::read(&project, &run)?;
    let intervals = Intervals::read(&project, &run)?;
    let figures = Figures::compute(&project, &source, intervals.as_ref(), &policy)?;
    let file_sha256 = sha256_bytes(project.text.as_bytes());
    let mut content = Content {
        project: &project,
        file_sha256: &file_sha256,
        run: &run,
        source: &source,
        intervals: intervals.as_ref(),
        policy: &policy,
        figures: &figures,
        eligibility: String::new(),
    };
    content.eligibility = sheets::verdict(&content);
    let bytes = sheets::workbook(&content).map_err(|error| {
        Problem::new(format!("the workbook cannot be made: {error}"))
            .at(to.display())
            .advice("fewer regions or years make it smaller")
            .failed()
    })?;
    write_whole(to, &bytes).or_failed()?;
    Ok(Summary {
        creditable: false,
        status: sheets::BANNER,
        level: project.level.name.word(),
        reference_tco2_per_year: figures.reference,
        project_tco2_per_year: figures.project_period.mean,
        mean_difference_tco2_per_year: figures.mean_difference,
        uncertainty_percent: figures.deduction.uncertainty_percent,
        policy: policy.id.clone(),
        deduction_percent: figures.deduction.percent,
        may_count: figures.counts,
        calculated_tco2: figures.calculated_tco2,
        eligibility: content.eligibility.clone(),
        manifest_sha256: run.manifest_sha256.clone(),
        workbook_sha256: sha256_bytes(&bytes),
    })
}
