//! Files beside a file, and the files of a folder.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Endings that GDAL adds to the whole name of a file.
const AFTER_NAME: [&str; 10] = [
    ".aux.xml", ".aux", ".ovr", ".msk", ".hdr", ".rsc", ".idx", ".gfs", "-wal", "-journal",
];

/// Endings that take the place of that of a raster, beside its world files.
const RASTER: [&str; 17] = [
    "aux.xml", "aux", "ovr", "rrd", "rde", "ige", "msk", "wld", "prj", "hdr", "stx", "clr", "blw",
    "tab", "rpb", "imd", "rdc",
];

/// Endings of the files that are one vector data set together, by the ending of any of them.
const TOGETHER: [&[&str]; 8] = [
    &[
        "shp", "shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx", "idm", "ind", "shp.xml",
    ],
    &["tab", "dat", "map", "id", "ind", "aid", "dbf", "cpg"],
    &["mif", "mid"],
    &["csv", "csvt", "prj", "vrt"],
    &["tsv", "csvt", "prj"],
    &["gml", "gfs", "xsd", "resolved.gml"],
    &["sgrd", "sdat", "prj", "mgrd"],
    &["vct", "vdc", "adc", "avl", "ref"],
];

/// The existing files beside `path` that decide what GDAL reads from it.
pub(super) fn files(path: &Path) -> Vec<PathBuf> {
    let Some(name) = path.file_name() else {
        return Vec::new();
    };
    let name = name.to_string_lossy().to_lowercase();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let mut wanted: BTreeSet<String> = AFTER_NAME
        .iter()
        .map(|ending| format!("{name}{ending}"))
        .collect();
    let parts = TOGETHER.iter().filter(|parts| parts.contains(&ending));
    let mut together: Vec<&str> = parts.flat_map(|parts| parts.iter().copied()).collect();
    if together.is_empty() {
        together.extend(RASTER);
        // World files: the first and last letter of the ending and a w, or all of it and a w.
        let mut letters = ending.chars();
        if let (Some(first), Some(last)) = (letters.next(), letters.next_back()) {
            wanted.insert(format!("{stem}.{first}{last}w"));
        }
        wanted.insert(format!("{stem}.{ending}w"));
        for rpc in ["_rpc.txt", "_rpc.xml"] {
            wanted.insert(format!("{stem}{rpc}"));
        }
    }
    wanted.extend(together.iter().map(|ending| format!("{stem}.{ending}")));
    wanted.remove(&name);
    in_folder(path)
        .into_iter()
        .filter(|(found, _)| wanted.contains(&found.to_lowercase()))
        .map(|(_, path)| path)
        // A log without a row is one that nothing is read from; it comes and goes with every reader.
        .filter(|path| !(is_log(path) && is_empty(path)))
        .collect()
}

/// The file `stem` with an ending, in whatever letters: `.DBF` is as good as `.dbf`.
pub(crate) fn sibling(stem: &Path, ending: &str) -> Option<PathBuf> {
    let wanted = format!("{}.{ending}", stem.file_name()?.to_string_lossy()).to_lowercase();
    let mut found: Vec<PathBuf> = in_folder(stem)
        .into_iter()
        .filter(|(name, _)| name.to_lowercase() == wanted)
        .map(|(_, path)| path)
        .collect();
    found.sort();
    found.pop()
}

/// Names and paths of the files in the folder that `path` is in.
fn in_folder(path: &Path) -> Vec<(String, PathBuf)> {
    let parent = path.parent().unwrap_or(Path::new(""));
    let folder = if parent == Path::new("") {
        Path::new(".")
    } else {
        parent
    };
    // A folder that cannot be listed is one in which GDAL sees no neighbours either.
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .map(|entry| {
            let name = entry.file_name();
            (name.to_string_lossy().into_owned(), parent.join(name))
        })
        .filter(|(_, path)| path.is_file())
        .collect()
}

/// Every file of a folder and of those in it, but locks, which come and go with readers.
pub(super) fn folder(folder: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            self::folder(&path, files)?;
        } else if path.extension() != Some(OsStr::new("lock"))
            && !(is_log(&path) && is_empty(&path))
        {
            files.insert(path);
        }
    }
    Ok(())
}

fn is_log(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with("-wal") || name.ends_with("-journal")
}

fn is_empty(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.len() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(name: &str, others: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for file in others.iter().chain([&name]) {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        let mut found: Vec<String> = files(&folder.path().join(name))
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        found
    }

    #[test]
    fn side_files_are_found_in_any_letters_and_strangers_are_not() {
        let others = [
            "z.tif.aux.xml",
            "z.TIF.MSK",
            "z.tfw",
            "z.prj",
            "z.toml",
            "z.geojson",
            "zz.tfw",
            "z.tif.bak",
        ];
        assert_eq!(
            beside("z.tif", &others),
            ["z.TIF.MSK", "z.prj", "z.tfw", "z.tif.aux.xml"]
        );
        assert_eq!(
            beside("z.png", &["z.pgw", "z.pngw", "z.wld"]),
            ["z.pgw", "z.pngw", "z.wld"]
        );
        assert_eq!(
            beside(
                "r.shp",
                &["r.DBF", "r.shx", "R.prj", "r.cpg", "r.tif", "r.gpkg"]
            ),
            ["R.prj", "r.DBF", "r.cpg", "r.shx"]
        );
        assert_eq!(
            beside("r.gpkg", &["r.gpkg-wal", "r.gpkg-journal", "r.gpkg-shm"]),
            ["r.gpkg-journal", "r.gpkg-wal"]
        );
    }

    #[test]
    fn an_empty_log_is_no_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.gpkg");
        std::fs::write(&path, "x").unwrap();
        std::fs::write(folder.path().join("r.gpkg-wal"), "").unwrap();
        assert!(files(&path).is_empty());
    }
}
