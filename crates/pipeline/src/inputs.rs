//! Which files a run reads, side files and sources among them, and whether they stay as they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nutag_formats::{SettingsError, check_settings, files_of};
use nutag_problem::{Error, OrProblem, Problem};

use crate::config::Config;
use crate::manifest::Input;
use crate::plan::Plan;
use crate::remembered::{HashMemory, Stamps};

/// What a file is for, and where it is.
pub type InputFile = (&'static str, PathBuf);

/// Looks whether the libraries that read maps can be worked with.
///
/// # Errors
/// Returns an error if the environment holds settings that move numbers (asked wrongly), or PROJ has no
/// database (failed).
pub fn check_libraries() -> Result<(), Error> {
    check_settings().map_err(|error| {
        let problem = Problem::new(error.to_string());
        match error {
            SettingsError::MovesNumbers { .. } => problem.asked(),
            _ => problem.failed(),
        }
    })
}

/// The files that the maps, regions and legends of a pipeline file consist of: all that decide what is
/// read, in the order of the file.
///
/// # Errors
/// Returns an error if a virtual map names what is not here, or a format may name files that the
/// program does not know of.
pub fn map_files(config: &Config) -> Result<Vec<InputFile>, Error> {
    let mut named: Vec<(&'static str, &Path, bool)> = Vec::new();
    if let Some(zones) = &config.zones {
        for (role, map) in [("zone map, from", &zones.from), ("zone map, to", &zones.to)] {
            named.push((role, &map.path, true));
            if let Some(legend) = map.legend.as_ref().or(zones.legend.as_ref()) {
                named.push(("legend", legend, false));
            }
        }
    }
    named.push(("regions", &config.regions.path, true));
    if let Some(legend) = &config.regions.legend {
        named.push(("legend", legend, false));
    }
    let mut files: Vec<InputFile> = Vec::new();
    for (role, path, is_map) in named {
        if is_map {
            files.extend(all_of(role, path)?);
        } else {
            files.push((role, path.to_owned()));
        }
    }
    Ok(each_once(files))
}

/// Every file that a plan reads, and what it is for.
///
/// # Errors
/// As for [`map_files`].
pub fn input_files(plan: &Plan) -> Result<Vec<InputFile>, Error> {
    let mut files = map_files(&plan.config)?;
    let granules = plan
        .tiles
        .iter()
        .flat_map(|tile| tile.granules.iter().flatten());
    files.extend(granules.map(|granule| ("granule", granule.path.clone())));
    for system in &plan.systems {
        let inputs = system.planned.inputs()?.into_iter();
        files.extend(inputs.map(|input| (input.role, input.path)));
    }
    Ok(each_once(files))
}

/// The named file first, then what belongs to it.
fn all_of(role: &'static str, path: &Path) -> Result<Vec<InputFile>, Error> {
    let mut files = files_of(path).or_asked()?;
    files.sort_by_key(|file| file != path);
    Ok(files.into_iter().map(|file| (role, file)).collect())
}

fn each_once(mut files: Vec<InputFile>) -> Vec<InputFile> {
    let mut seen = BTreeSet::new();
    files.retain(|(_, path)| seen.insert(path.clone()));
    files
}

/// What the files of maps were when a plan began to read them. A plan holds what it read, so they must
/// still be that when they are hashed.
///
/// # Errors
/// As for [`map_files`].
pub(crate) fn stamps_of_maps(config: &Config) -> Result<Stamps, Error> {
    let files = map_files(config)?;
    Ok(Stamps::of(files.into_iter().map(|(_, path)| path)))
}

/// Whether the inputs of a run are what they were when they were hashed, and no file came to them.
///
/// # Errors
/// Returns an error for the first that changed, went, or came.
pub fn check_unchanged(plan: &Plan, inputs: &[Input], hashes: &HashMemory) -> Result<(), Error> {
    hashes.check_unchanged(inputs)?;
    match newcomers(input_files(plan)?, paths_of(inputs)).first() {
        None => Ok(()),
        Some((role, path)) => Err(Problem::new(format!(
            "this file came to the {role} while the run was reading it"
        ))
        .at(path.display())
        .advice(
            "inputs must stay as they are during a run; run again, and only what changed is redone",
        )
        .failed()),
    }
}

/// The paths of inputs.
pub(crate) fn paths_of(inputs: &[Input]) -> impl Iterator<Item = &str> {
    inputs.iter().map(|input| input.path.as_str())
}

/// Those of `files` whose paths are not among the known ones.
#[must_use]
pub fn newcomers<'a>(
    files: Vec<InputFile>,
    known: impl Iterator<Item = &'a str>,
) -> Vec<InputFile> {
    let known: BTreeSet<&str> = known.collect();
    let is_new = |(_, path): &InputFile| !known.contains(path.display().to_string().as_str());
    files.into_iter().filter(is_new).collect()
}
