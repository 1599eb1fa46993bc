//! Which files a folder or pattern means.

use std::path::{Path, PathBuf};

use nutag_files::find;

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
    let files = find(place, &ENDINGS).map_err(|reason| Co2Error::Open {
        path: place.to_owned(),
        reason,
    })?;
    if files.is_empty() {
        return Err(Co2Error::NoFiles {
            place: place.to_owned(),
        });
    }
    Ok(files)
}
