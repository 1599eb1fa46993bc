//! Which files a folder or pattern means.

use std::path::{Path, PathBuf};

/// The files of a folder (those with one of the endings), of a pattern such as `data/*.nc`, or the one
/// file; in order of their paths. None is no error here.
///
/// # Errors
/// What the system says when the folder cannot be read, or why the pattern is none.
pub fn find(place: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut files = if place.is_dir() {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(place).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let usual = ending.is_some_and(|e| endings.contains(&e.to_lowercase().as_str()));
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
            .ok_or_else(|| "the pattern is not UTF-8 text".to_owned())?;
        let paths = glob::glob(pattern).map_err(|error| format!("not a valid pattern: {error}"))?;
        paths
            .filter_map(Result::ok)
            .filter(|path| path.is_file())
            .collect()
    };
    files.sort();
    Ok(files)
}
