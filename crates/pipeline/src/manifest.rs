//! The manifest: what a result was made of, so that it can be made again.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_files::sha256_file;
use nutag_problem::{Error, Problem, Progress, Steps, check_stop};
use nutag_report::Table;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::inputs::input_files;
use crate::output::write_failed;
use crate::plan::{Plan, PlanSummary};
use crate::remembered::HashMemory;

/// What a result was made of.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// The program.
    pub program: Program,
    /// The plan in numbers.
    pub plan: PlanSummary,
    /// Choices of method that are not in the pipeline file.
    pub method: Vec<(&'static str, String)>,
    /// Every file that was read.
    pub inputs: Vec<Input>,
    /// Every file that was written, but this one.
    pub outputs: Vec<Output>,
    /// The tables, and which of their columns say what a row is about.
    pub tables: Vec<TableKeys>,
    /// Granules left aside for a newer production.
    pub superseded: Vec<String>,
}

/// The program.
#[derive(Debug, Serialize)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Version of the rules that move numbers.
    pub numeric_version: u32,
    /// Version of GDAL, which reads maps and regions.
    pub gdal: String,
}

/// What tells the rows of a table from one another.
#[derive(Debug, Clone, Serialize)]
pub struct TableKeys {
    /// Name of the table; `tables/<name>.csv` holds it.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// Names of its key columns, in order.
    pub keys: Vec<String>,
}

impl TableKeys {
    /// Of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let keys = table.columns.iter().filter(|column| column.key);
        Self {
            name: table.name.clone(),
            title: table.title.clone(),
            keys: keys.map(|column| column.name.clone()).collect(),
        }
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What it is for.
    pub role: Cow<'static, str>,
    /// Where it was, as the pipeline file names it.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// A file that was written.
#[derive(Debug, Clone, Serialize)]
pub struct Output {
    /// Where it is in the result folder.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// Hashes every input of a plan.
///
/// # Errors
/// A file that cannot be read any more, a map that is not what the plan has read, or a stop.
pub fn hash_inputs(
    plan: &Plan,
    remembered: &HashMemory,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Vec<Input>, Error> {
    let files = input_files(plan)?;
    progress.begin("hashing inputs", files.len() as u64, Steps::Items);
    let inputs = files
        .par_iter()
        .map(|(role, path)| {
            let failed = |error: std::io::Error| {
                Problem::new(format!("cannot be read any more: {error}"))
                    .at(path.display())
                    .advice("inputs must stay as they are while a run is going on")
                    .failed()
            };
            check_stop(stop)?;
            let (sha256, bytes) = remembered.sha256(path).map_err(failed)?;
            progress.advance(1);
            Ok(Input {
                role: Cow::Borrowed(role),
                path: path.display().to_string(),
                bytes,
                sha256,
            })
        })
        .collect::<Result<Vec<Input>, Error>>();
    progress.finish();
    let inputs = inputs?;
    plan.opened.check()?;
    Ok(inputs)
}

/// Hashes what was written, by path.
///
/// # Errors
/// A file that cannot be read back.
pub fn hash_outputs(folder: &Path, files: &[PathBuf]) -> Result<Vec<Output>, Error> {
    let mut outputs = Vec::new();
    for file in files {
        let failed = |error: std::io::Error| write_failed(file, &error);
        let path = file.strip_prefix(folder).unwrap_or(file);
        outputs.push(Output {
            path: path.display().to_string(),
            bytes: std::fs::metadata(file).map_err(failed)?.len(),
            sha256: sha256_file(file).map_err(failed)?,
        });
    }
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(outputs)
}

/// The choices of method that every result shares, in words.
#[must_use]
pub fn method(plan: &Plan) -> Vec<(&'static str, String)> {
    if plan.counted.is_none() {
        return Vec::new();
    }
    let area = match plan.config.mode {
        crate::config::Mode::Corrected => {
            "area of each cell on the WGS84 ellipsoid, one integer number of cm2 per row"
        }
        crate::config::Mode::AsPublished => "cells of 0.01 degree, each counted as 1 km2",
    };
    vec![
        ("cell rule", "a cell is in the region and zones that hold its centre".to_owned()),
        ("cell area", area.to_owned()),
        (
            "cell centre",
            "MODIS sinusoidal on the sphere of 6371007.181 m; its latitude and longitude are taken as geodetic on WGS84"
                .to_owned(),
        ),
        ("sums", "exact integers of the product's own counts; divided once, at the end".to_owned()),
    ]
}
