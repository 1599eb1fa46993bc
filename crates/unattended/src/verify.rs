//! Whether a run folder is what it claims to be.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_files::sha256_file;
use nutag_pipeline::inputs::{self, map_files};
use nutag_pipeline::manifest::Input;
use nutag_pipeline::plan::Plan;
use nutag_pipeline::run::{RunOptions, run, tables_from_partials};
use nutag_problem::{Error, OrProblem, Problem, Progress, Steps, Watch, check_stop};
use nutag_report::{TableFormat, write_table};
use serde::Serialize;

use crate::folder::{MANIFEST, RunFolder};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Not the inputs: only what is in the folder.
    pub outputs_only: bool,
    /// Run again, and compare to the bit.
    pub recompute: bool,
    /// Threads of that run.
    pub threads: Option<u16>,
}

impl Extent {
    /// What this extent leaves open. A manifest is signed by nobody: whoever can write the folder can
    /// write one that fits it.
    fn not_proven(self) -> Vec<&'static str> {
        let mut open = Vec::new();
        if self.outputs_only {
            open.push("that the inputs are those of the run: they were not looked at");
            open.push("that the tables follow from the tallies: they were not made again");
        }
        if !self.recompute {
            open.push(
                "that the tallies are those of the granules: only that they account for every planned cell \
                 with sums that values can have; --recompute counts again",
            );
            open.push(
                "that maps, pictures, pages and workbooks show these numbers: only that they are the files \
                 of the manifest; --recompute makes them again",
            );
        }
        open.push("who made the result: a manifest carries no signature");
        open
    }
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// The folder.
    pub out: PathBuf,
    /// Whether everything is as the manifest says.
    pub whole: bool,
    /// What was looked at, in words, with how many were right.
    pub checks: Vec<Check>,
    /// What is wrong, one a file.
    pub findings: Vec<Finding>,
    /// What was not looked at, or cannot be told by what was: nothing of it is proven.
    pub not_proven: Vec<&'static str>,
}

/// One kind of check.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// How many.
    pub looked_at: usize,
    /// How many are right.
    pub right: usize,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

/// Looks at a run folder.
///
/// # Errors
/// A folder that is none of this program, or a run that cannot be repeated at all.
pub fn verify(
    out: &Path,
    extent: Extent,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Verified, Error> {
    let folder = RunFolder::open(out)?;
    let out = folder.path.as_path();
    let mut verified = Verified {
        out: out.to_owned(),
        whole: true,
        checks: Vec::new(),
        findings: Vec::new(),
        not_proven: extent.not_proven(),
    };
    let outputs = &folder.manifest.outputs;
    progress.begin("hashing the result", outputs.len() as u64, Steps::Items);
    let marks = outputs
        .iter()
        .map(|o| (out.join(&o.path), o.path.as_str(), o.sha256.as_str()));
    hashes("files of the result", marks, &mut verified, progress, stop)?;
    strangers(&folder, &mut verified)?;
    if !extent.outputs_only {
        let inputs = &folder.manifest.inputs;
        progress.begin("hashing inputs", inputs.len() as u64, Steps::Items);
        let marks = inputs
            .iter()
            .map(|i| (PathBuf::from(&i.path), i.path.as_str(), i.sha256.as_str()));
        hashes("inputs", marks, &mut verified, progress, stop)?;
        let all_are_there = verified
            .checks
            .last()
            .is_some_and(|c| c.right == c.looked_at);
        let inputs_are_right = newcomers(&folder, &mut verified)? && all_are_there;
        if inputs_are_right {
            from_partials(&folder, &mut verified, &Watch::new(progress, stop))?;
            if extent.recompute {
                again(&folder, extent, &mut verified, progress, stop)?;
            }
        } else if extent.recompute {
            verified.findings.push(Finding {
                path: out.display().to_string(),
                what: "cannot be computed again: its inputs are not what they were".to_owned(),
            });
        }
    }
    progress.finish();
    verified.whole = verified.findings.is_empty();
    Ok(verified)
}

fn hashes<'a>(
    what: &str,
    marks: impl Iterator<Item = (PathBuf, &'a str, &'a str)>,
    verified: &mut Verified,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let (mut looked_at, mut right) = (0, 0);
    for (path, name, sha256) in marks {
        check_stop(stop)?;
        looked_at += 1;
        let wrong = match sha256_file(&path) {
            Ok(found) if found == sha256 => None,
            Ok(found) => Some(format!(
                "is not what was written down: expected SHA-256 {}..., found {}...",
                short(sha256),
                short(&found)
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Some("is not there".to_owned())
            }
            Err(error) => Some(format!("cannot be read: {error}")),
        };
        match wrong {
            None => right += 1,
            Some(what) => verified.findings.push(Finding {
                path: name.to_owned(),
                what,
            }),
        }
        progress.advance(1);
    }
    verified.checks.push(Check {
        what: what.to_owned(),
        looked_at,
        right,
    });
    Ok(())
}

/// The beginning of a hash, whatever a manifest gives for one.
fn short(sha256: &str) -> String {
    sha256.chars().take(16).collect()
}

/// Files that lie beside the maps now and would be read with them; whether there are none.
fn newcomers(folder: &RunFolder, verified: &mut Verified) -> Result<bool, Error> {
    let new = match map_files(&folder.config()?) {
        Ok(files) => {
            let known = folder.manifest.inputs.iter();
            inputs::newcomers(files, known.map(|input| input.path.as_str()))
        }
        Err(error) => {
            verified.findings.push(Finding {
                path: "inputs".to_owned(),
                what: format!("cannot be listed any more: {error}"),
            });
            return Ok(false);
        }
    };
    for (role, path) in &new {
        verified.findings.push(Finding {
            path: path.display().to_string(),
            what: format!("was no input of the run, and is one of the {role} now"),
        });
    }
    Ok(new.is_empty())
}

/// Files in the folder that the manifest does not know.
fn strangers(folder: &RunFolder, verified: &mut Verified) -> Result<(), Error> {
    let known: BTreeSet<&str> = folder
        .manifest
        .outputs
        .iter()
        .map(|output| output.path.as_str())
        .chain([MANIFEST])
        .collect();
    let mut found = BTreeSet::new();
    walk(&folder.path, "", &mut found).map_err(|error| {
        Problem::new(format!("cannot be listed: {error}"))
            .at(folder.path.display())
            .advice("check its rights")
            .failed()
    })?;
    for path in found.iter().filter(|path| !known.contains(path.as_str())) {
        verified.findings.push(Finding {
            path: path.clone(),
            what: "is not of this result: the manifest does not know it".to_owned(),
        });
    }
    Ok(())
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name);
        }
    }
    Ok(())
}

/// The plan of the run, and its inputs as a manifest has them.
fn plan_again(folder: &RunFolder, progress: &dyn Progress) -> Result<(Plan, Vec<Input>), Error> {
    let plan = Plan::make(folder.config()?, progress)?;
    let roles = inputs::input_files(&plan)?;
    let inputs = folder.manifest.inputs.iter().filter_map(|mark| {
        let role = roles
            .iter()
            .find(|(_, path)| *path == Path::new(&mark.path));
        role.map(|(role, _)| Input {
            role: std::borrow::Cow::Borrowed(*role),
            path: mark.path.clone(),
            bytes: mark.bytes,
            sha256: mark.sha256.clone(),
        })
    });
    let inputs = inputs.collect();
    Ok((plan, inputs))
}

/// Makes the tables again from the tallies in the folder and compares them.
fn from_partials(
    folder: &RunFolder,
    verified: &mut Verified,
    watch: &Watch<'_>,
) -> Result<(), Error> {
    let (plan, inputs) = plan_again(folder, watch.progress())?;
    let place = tempfile::tempdir().map_err(|error| no_room(&std::env::temp_dir(), &error))?;
    let (mut looked_at, mut right) = (0, 0);
    let tables = match tables_from_partials(&plan, &inputs, &folder.path, watch) {
        Ok(tables) => tables,
        Err(error) => {
            verified.findings.push(Finding {
                path: "partials".to_owned(),
                what: format!("the tables cannot be made again from them: {error}"),
            });
            Vec::new()
        }
    };
    for table in &tables {
        let name = format!("tables/{}.csv", table.name);
        write_table(table, place.path(), &[TableFormat::Csv]).or_failed()?;
        let made = fs::read(place.path().join(format!("{}.csv", table.name))).ok();
        let there = fs::read(folder.path.join(&name)).ok();
        looked_at += 1;
        if made.is_some() && made == there {
            right += 1;
        } else {
            verified.findings.push(Finding {
                path: name,
                what: "is not what the tallies of the run give".to_owned(),
            });
        }
    }
    verified.checks.push(Check {
        what: "tables made again from the tallies".to_owned(),
        looked_at,
        right,
    });
    Ok(())
}

/// Runs the pipeline again beside the folder and compares every file to the bit.
fn again(
    folder: &RunFolder,
    extent: Extent,
    verified: &mut Verified,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let program = &folder.manifest.program;
    if program.version != env!("CARGO_PKG_VERSION") {
        progress.warn(&format!(
            "the result was made by nutag {}, this is {}: what differs may be that",
            program.version,
            env!("CARGO_PKG_VERSION")
        ));
    }
    let parent = folder.path.parent().filter(|p| !p.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let place = tempfile::Builder::new()
        .prefix(".verify-")
        .tempdir_in(parent)
        .map_err(|error| no_room(parent, &error))?;
    let out = place.path().join("again");
    let options = RunOptions {
        out: out.clone(),
        overwrite: false,
        threads: extent.threads,
    };
    let config = folder.config()?;
    run(&options, || Plan::make(config, progress), progress, stop)?;
    let made = RunFolder::open(&out)?;
    let names: BTreeSet<&str> = folder
        .manifest
        .outputs
        .iter()
        .chain(&made.manifest.outputs)
        .map(|output| output.path.as_str())
        .chain([MANIFEST])
        .collect();
    let (looked_at, mut right) = (names.len(), 0);
    for name in names {
        let hash = |root: &Path| sha256_file(&root.join(name)).ok();
        let what = match (hash(&folder.path), hash(&out)) {
            (Some(a), Some(b)) if a == b => {
                right += 1;
                continue;
            }
            (Some(_), Some(_)) => "computed again, it is not the same to the bit",
            (Some(_), None) => "computed again, there is no such file",
            (None, _) => "computed again, there is such a file",
        };
        verified.findings.push(Finding {
            path: name.to_owned(),
            what: what.to_owned(),
        });
    }
    verified.checks.push(Check {
        what: "files computed again".to_owned(),
        looked_at,
        right,
    });
    Ok(())
}

fn no_room(place: &Path, error: &std::io::Error) -> Error {
    Problem::new(format!("there is no room to compute in: {error}"))
        .at(place.display())
        .advice("make room, or copy the folder to a disk that has some")
        .failed()
}
