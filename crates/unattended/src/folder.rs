//! A run folder as it is read back.

use std::path::{Path, PathBuf};

use nutag_pipeline::config::Config;
use nutag_problem::{Error, Problem};
use serde::Deserialize;

/// The manifest of a run folder, as far as it is used here.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    pub program: Program,
    pub method: Vec<(String, String)>,
    pub inputs: Vec<FileMark>,
    pub outputs: Vec<OutputMark>,
    pub tables: Vec<TableMark>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Program {
    pub name: String,
    pub version: String,
    pub numeric_version: u32,
    pub gdal: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FileMark {
    pub role: String,
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OutputMark {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

/// A table and its key columns.
#[derive(Debug, Clone, Deserialize)]
pub struct TableMark {
    pub name: String,
    pub title: String,
    pub keys: Vec<String>,
}

/// The names of the files that every run folder has.
pub const MANIFEST: &str = "manifest.json";
pub const RESOLVED: &str = "pipeline.resolved.toml";

/// A run folder.
#[derive(Debug, Clone)]
pub struct RunFolder {
    pub path: PathBuf,
    pub manifest: Manifest,
}

impl RunFolder {
    /// Opens a run folder.
    ///
    /// # Errors
    /// One that is none of this program, or of another version of its manifest.
    pub fn open(path: &Path) -> Result<Self, Error> {
        // A dated folder of `nutag reassess` has its result inside.
        let inside = path.join("result");
        if !path.join(MANIFEST).exists() && inside.join(MANIFEST).is_file() {
            return Self::open(&inside);
        }
        let file = path.join(MANIFEST);
        let none = |what: String| {
            Problem::new(what)
                .at(file.display())
                .advice("name the folder of a result of this program, as `nutag run --out` made it")
                .asked()
        };
        let bytes = std::fs::read(&file).map_err(|e| none(format!("cannot be read: {e}")))?;
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|e| {
            none(format!(
                "is not a manifest of this version of the program: {e}"
            ))
        })?;
        if manifest.program.name != "nutag" {
            return Err(none(format!(
                "expected a manifest of nutag, found one of {:?}",
                manifest.program.name
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            manifest,
        })
    }

    /// The pipeline file of the run, as it was resolved.
    pub fn config(&self) -> Result<Config, Error> {
        Config::load_resolved(&self.path.join(RESOLVED))
    }

    /// The same as plain values.
    pub fn values(&self) -> Result<toml::Table, Error> {
        let path = self.path.join(RESOLVED);
        let broken = |what: String| {
            Problem::new(what)
                .at(path.display())
                .advice("the run folder is not whole: `nutag verify` says what else is missing")
                .asked()
        };
        let text =
            std::fs::read_to_string(&path).map_err(|e| broken(format!("cannot be read: {e}")))?;
        text.parse()
            .map_err(|e| broken(format!("is not TOML: {e}")))
    }
}
