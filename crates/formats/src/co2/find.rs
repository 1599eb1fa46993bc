//! Which files a folder or pattern means.

use std::path::{Path, PathBuf};

use super::Co2Error;

/// Endings of files that are taken from a folder. What they are is told by their content; archives are
/// taken so that they can be refused with advice.
const ENDINGS: [&str; 12] = [
    "h5", "he5", "hdf5", "nc", "nc4", "cdf", "tif", "tiff", "vrt", "tar", "gz", "zip",
];

/// The files of a folder (those with a usual ending), of a pattern such as `data/*_03C01SV0305.h5`, or
/// the one file; in order of their paths.
///
/// # Errors
/// [`Co2Error::Open`] when the folder or pattern cannot be read, [`Co2Error::NoFiles`] when it holds
/// none.
pub fn find_files(place: &Path) -> Result<Vec<PathBuf>, Co2Error> {
    let fault = |reason: String| Co2Error::Open {
        path: place.to_owned(),
        reason,
    };
    let mut files = if place.is_dir() {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(place).map_err(|error| fault(error.to_string()))? {
            let path = entry.map_err(|error| fault(error.to_string()))?.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let usual = ending.is_some_and(|e| ENDINGS.contains(&e.to_lowercase().as_str()));
            if usual && path.is_file() {
                files.push(path);
            }
        }
        files
    } else if place.is_file() {
        vec![place.to_owned()]
    } else {
        let pattern = place
            .to_str()
            .ok_or_else(|| fault("the pattern is no valid text".to_owned()))?;
        let paths =
            glob::glob(pattern).map_err(|error| fault(format!("no valid pattern: {error}")))?;
        paths
            .filter_map(Result::ok)
            .filter(|path| path.is_file())
            .collect()
    };
    if files.is_empty() {
        return Err(Co2Error::NoFiles {
            place: place.to_owned(),
        });
    }
    files.sort();
    Ok(files)
}
