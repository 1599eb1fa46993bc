//! Folders compared to the bit.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Every file of a folder with its content, by its path in it.
///
/// # Panics
/// If one cannot be read.
#[must_use]
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn add(root: &Path, folder: &Path, all: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                add(root, &path, all);
            } else {
                let name = path.strip_prefix(root).expect("a path inside").to_owned();
                all.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    let mut all = BTreeMap::new();
    add(folder, folder, &mut all);
    all
}

/// Asserts that two folders are the same; names the files that differ, rather
/// than printing their bytes.
///
/// # Panics
/// If they are not.
#[track_caller]
pub fn assert_same(found: &BTreeMap<PathBuf, Vec<u8>>, expected: &BTreeMap<PathBuf, Vec<u8>>) {
    let names: Vec<_> = found.keys().collect();
    assert_eq!(names, expected.keys().collect::<Vec<_>>());
    let differ: Vec<_> = found
        .iter()
        .filter(|(name, bytes)| expected[*name] != **bytes)
        .collect();
    let differ: Vec<_> = differ.into_iter().map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "these files differ: {differ:?}");
}

/// One SHA-256 of a folder: of the paths and contents of all its files, in the
/// order of the paths.
///
/// # Panics
/// If a file cannot be read.
#[must_use]
pub fn fingerprint(folder: &Path) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in contents(folder) {
        let name = name.to_string_lossy().into_owned();
        // Lengths, so that no two folders give the same bytes.
        hash.update(name.len().to_le_bytes());
        hash.update(name);
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
