//! Where a result comes from, in the words of others: W3C PROV, RO-Crate, STAC, Citation File
//! Format.
//!
//! * `provenance_of`: the files for the run folder, from what is known when the results are written;
//! * [`citations`]: what to cite.
//!
//! No clock and no name of a machine enters: the same inputs and the same pipeline file give the
//! same bytes. When a run took place is in the ledger of whoever ran it.

mod citation;
mod crate_metadata;
pub(crate) mod known;
mod prov;
mod stac;

use std::path::Path;

use nutag_files::sha256_bytes;
use nutag_formats::raster::RasterFacts;
use nutag_granules::granule::Period;
use nutag_problem::{Error, OrProblem};
use serde_json::Value;

pub use citation::{Citation, Citations, citations, cite};

use crate::config::Config;
use crate::manifest::{Input, Output, Program, TableKeys};
use crate::plan::Plan;

/// The resolved pipeline file in the run folder.
const RESOLVED: &str = "pipeline.resolved.toml";

/// What is known when the results of a run are written.
struct Origin<'a> {
    config: &'a Config,
    program: &'a Program,
    periods: &'a [Period],
    inputs: &'a [Input],
    /// Tables, pictures, report and the resolved pipeline file.
    outputs: &'a [Output],
    tables: &'a [TableKeys],
    /// The rasters among the outputs.
    rasters: &'a [(String, RasterFacts)],
}

impl Origin<'_> {
    /// What makes this run itself and no other: its inputs, its resolved pipeline file and the
    /// rules of the program, as 64 hexadecimal digits.
    fn run_id(&self) -> String {
        let mut text = format!("numeric version {}\n", self.program.numeric_version);
        for input in self.inputs {
            text.push_str(&format!("{} {}\n", input.role, input.sha256));
        }
        let resolved = self.outputs.iter().find(|output| output.path == RESOLVED);
        text.push_str(resolved.map_or("", |output| output.sha256.as_str()));
        sha256_bytes(text.as_bytes())
    }

    /// The date of the result: as the pipeline file says it, or that of the newest production
    /// among the granules.
    fn issued(&self) -> Option<String> {
        let produced = self.inputs.iter().filter_map(|input| {
            let name = file_name(&input.path).parse::<nutag_granules::granule::GranuleName>();
            production_day(&name.ok()?.production)
        });
        self.config.about.issued.clone().or_else(|| produced.max())
    }

    fn title(&self, path: &str) -> Option<&str> {
        let name = file_name(path);
        let stem = name.split('.').next()?;
        let mut tables = self.tables.iter().filter(|_| path.starts_with("tables/"));
        tables
            .find(|table| table.name == stem)
            .map(|table| table.title.as_str())
    }
}

/// The day of a production time `YYYYDDDHHMMSS` as `YYYY-MM-DD`.
fn production_day(production: &str) -> Option<String> {
    let year = production.get(..4)?.parse().ok()?;
    let day = production.get(4..7)?.parse().ok()?;
    let date = nutag_granules::granule::AcquisitionDate::new(year, day)?;
    Some(date.iso())
}

/// The files that say where the result in `folder` comes from: path in the folder, and content.
/// `made` is everything in it so far.
///
/// # Errors
/// A raster of the result that cannot be read back.
pub(crate) fn provenance_of(
    plan: &Plan,
    program: &Program,
    inputs: &[Input],
    made: &[Output],
    tables: &[TableKeys],
    folder: &Path,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let is_raster =
        |output: &&Output| output.path.starts_with("maps/") && output.path.ends_with(".tif");
    let mut rasters: Vec<(String, RasterFacts)> = Vec::new();
    for output in made.iter().filter(is_raster) {
        let like = rasters.last().map(|(_, facts)| facts);
        let facts = RasterFacts::read(&folder.join(&output.path), like).or_failed()?;
        rasters.push((output.path.clone(), facts));
    }
    Ok(provenance_files(&Origin {
        config: &plan.config,
        program,
        periods: plan
            .counted
            .as_ref()
            .map_or(&[], |counted| &counted.periods),
        inputs,
        outputs: made,
        tables,
        rasters: &rasters,
    }))
}

fn provenance_files(origin: &Origin<'_>) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![(
        "CITATION.cff".to_owned(),
        citation::cff(origin).into_bytes(),
    )];
    files.extend(stac::items(origin));
    files.push((
        "provenance/prov.json".to_owned(),
        pretty(&prov::document(origin)),
    ));
    let described: Vec<Output> = files
        .iter()
        .map(|(path, bytes)| Output {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: sha256_bytes(bytes),
        })
        .collect();
    let metadata = crate_metadata::document(origin, &described);
    files.push((crate_metadata::NAME.to_owned(), pretty(&metadata)));
    files
}

fn pretty(value: &Value) -> Vec<u8> {
    // A value of serde_json always is JSON.
    format!("{value:#}\n").into_bytes()
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The kind of a file that the program made. Its rasters are Cloud-Optimized GeoTIFFs; those of others
/// end the same and need not be.
fn made_media_type(path: &str) -> &'static str {
    match media_type(path) {
        "image/tiff" => "image/tiff; application=geotiff; profile=cloud-optimized",
        other => other,
    }
}

/// The kind of a file as far as its ending tells, as an IANA media type.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "csv" => "text/csv",
        "md" => "text/markdown",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "parquet" => "application/vnd.apache.parquet",
        "html" => "text/html",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "nc" => "application/x-netcdf",
        "json" => "application/json",
        "geojson" => "application/geo+json",
        "toml" => "application/toml",
        "hdf" => "application/x-hdf",
        "h5" => "application/x-hdf5",
        "gpkg" => "application/geopackage+sqlite3",
        "cff" => "application/yaml",
        _ => "application/octet-stream",
    }
}
