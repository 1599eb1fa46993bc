//! A finished run: its manifest, and tables that are still what it wrote.

use std::path::{Path, PathBuf};

use nutag_files::sha256_bytes;
use serde::Deserialize;

use nutag_problem::{Error, Problem};

const MANIFEST: &str = "manifest.json";
const RESOLVED: &str = "pipeline.resolved.toml";

/// A finished run.
#[derive(Debug)]
pub struct RunFolder {
    folder: PathBuf,
    manifest: Manifest,
    /// SHA-256 of the manifest, which names all the rest.
    pub manifest_sha256: String,
    /// The note of the pipeline file, such as that data are synthetic.
    pub note: Option<String>,
    /// Sources of the pipeline file.
    pub sources: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    program: Program,
    plan: PlanName,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
}

#[derive(Debug, Deserialize)]
struct Program {
    name: String,
    version: String,
    numeric_version: u32,
}

#[derive(Debug, Deserialize)]
struct PlanName {
    name: String,
    question: String,
    product: String,
    quantity: String,
}

/// A file that the run read.
#[derive(Debug, Clone, Deserialize)]
pub struct Input {
    /// What it is for.
    pub role: String,
    /// Where it was, as the pipeline file names it.
    pub path: String,
    /// SHA-256 of its content.
    pub sha256: String,
}

#[derive(Debug, Deserialize)]
struct Output {
    path: String,
    sha256: String,
}

/// What the resolved pipeline file says, as far as it matters here.
#[derive(Deserialize)]
struct Resolved {
    #[serde(default)]
    mode: Option<String>,
    about: ResolvedAbout,
    npp: ResolvedNpp,
}

#[derive(Deserialize)]
struct ResolvedAbout {
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
struct ResolvedNpp {
    mask: String,
}

impl RunFolder {
    /// Opens a run and checks that removals can be taken from it.
    ///
    /// # Errors
    /// A folder without the manifest of this program, or a run of another
    /// quantity, of the as-published mode, or with a mask of its own each year.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let not_a_run = |what: String| {
            Problem::new(what)
                .at(folder.display())
                .advice("name the folder that `nutag run` wrote, with --run")
                .asked()
        };
        let path = folder.join(MANIFEST);
        let bytes = std::fs::read(&path).map_err(|error| {
            not_a_run(format!(
                "expected a finished run with a {MANIFEST}, found none: {error}"
            ))
        })?;
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .map_err(|error| not_a_run(format!("{MANIFEST} is not one of a run: {error}")))?;
        if manifest.program.name != "nutag" {
            return Err(not_a_run(format!(
                "{MANIFEST} is of the program {:?}",
                manifest.program.name
            )));
        }
        if manifest.plan.quantity != "NPP" {
            return Err(not_a_run(format!(
                "expected a run of NPP, found one of {}",
                manifest.plan.quantity
            )));
        }
        let mut run = Self {
            folder: folder.to_owned(),
            manifest,
            manifest_sha256: sha256_bytes(&bytes),
            note: None,
            sources: Vec::new(),
        };
        run.look_at_choices()?;
        Ok(run)
    }

    fn look_at_choices(&mut self) -> Result<(), Error> {
        let (bytes, _) = self.read(RESOLVED)?;
        let text = String::from_utf8_lossy(&bytes);
        let resolved: Resolved = nutag_settings::read_some(&text).map_err(|error| {
            Problem::new(format!("cannot be read: {error}"))
                .at(self.folder.join(RESOLVED).display())
                .advice("run the pipeline again")
                .asked()
        })?;
        let refuse = |what: &str, advice: &str| {
            let message = Problem::new(what).at(self.folder.display());
            Err(message.advice(advice).asked())
        };
        if resolved.mode.as_deref() == Some("as-published") {
            return refuse(
                "the run counts cells as square kilometres (mode = \"as-published\"), which is known to be wrong",
                "run the pipeline with mode = \"corrected\"",
            );
        }
        if resolved.npp.mask != "common" {
            return refuse(
                "each year of the run has a mask of its own, so a change of removals may be a change of the mask",
                "run the pipeline with mask = \"common\"",
            );
        }
        self.note = resolved.about.note;
        self.sources = resolved.about.sources;
        Ok(())
    }

    /// Reads a file of the run that is still what the run wrote, and its SHA-256.
    ///
    /// # Errors
    /// A file that the manifest does not name, is gone, or was changed.
    pub fn read(&self, name: &str) -> Result<(Vec<u8>, String), Error> {
        let place = self.folder.join(name);
        let refuse = |what: String| {
            Problem::new(what)
                .at(place.display())
                .advice("a signed figure comes from an unchanged run: run the pipeline again")
                .asked()
        };
        let Some(output) = self.manifest.outputs.iter().find(|file| file.path == name) else {
            let tables: Vec<&str> = self
                .manifest
                .outputs
                .iter()
                .filter_map(|file| file.path.strip_prefix("tables/")?.strip_suffix(".csv"))
                .filter(|table| !table.ends_with(".columns"))
                .collect();
            return Err(refuse(format!(
                "the run did not write this file; tables that it wrote: {}",
                tables.join(", ")
            )));
        };
        let bytes = std::fs::read(&place)
            .map_err(|error| refuse(format!("is in the manifest and cannot be read: {error}")))?;
        let sha256 = sha256_bytes(&bytes);
        if sha256 != output.sha256 {
            return Err(refuse(format!(
                "was changed after the run: expected SHA-256 {}, found {sha256}",
                output.sha256
            )));
        }
        Ok((bytes, sha256))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.manifest.plan.name
    }

    /// Its question.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.manifest.plan.question
    }

    /// The product of its granules.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.manifest.plan.product
    }

    /// The program that made it.
    #[must_use]
    pub fn program(&self) -> String {
        let Program {
            name,
            version,
            numeric_version,
        } = &self.manifest.program;
        format!("{name} {version}, numeric version {numeric_version}")
    }

    /// Every file that it read.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.manifest.inputs
    }

    /// The folder, for messages.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
