//! Content hashes, remembered by what the file system says of a file, so that
//! gigabytes are not read again only to learn that nothing changed.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nutag_files::sha256_file;
use nutag_files::write_whole;
use nutag_problem::{Error, Problem};
use serde::{Deserialize, Serialize};

use crate::manifest::Input;

const FILE: &str = "hashes.json";
/// A file that changed so short ago may change again within one tick of the
/// file system's clock; its hash is not remembered.
const TICK: Duration = Duration::from_secs(2);

/// What tells a file from its earlier content, without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    bytes: u64,
    modified_ns: u64,
    /// Changes even where a program sets the time of modification back.
    changed_ns: i64,
    inode: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    #[serde(flatten)]
    stamp: Stamp,
    sha256: String,
}

/// Hashes of files, kept in a folder between runs.
#[derive(Debug)]
pub struct HashMemory {
    file: PathBuf,
    before: BTreeMap<PathBuf, Known>,
    now: Mutex<BTreeMap<PathBuf, Known>>,
}

impl HashMemory {
    /// What is remembered in a folder; nothing, if there is nothing to be read.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let before = std::fs::read(&file).ok();
        let before = before.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            file,
            before: before.unwrap_or_default(),
            now: Mutex::default(),
        }
    }

    /// Hash and length of a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn sha256(&self, path: &Path) -> io::Result<(String, u64)> {
        let stamp = Stamp::of(&std::fs::metadata(path)?);
        let known = self.before.get(path).filter(|known| known.stamp == stamp);
        let sha256 = match known {
            Some(known) => known.sha256.clone(),
            None => sha256_file(path)?,
        };
        let bytes = stamp.bytes;
        let known = Known {
            stamp,
            sha256: sha256.clone(),
        };
        self.lock().insert(path.to_owned(), known);
        Ok((sha256, bytes))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Known>> {
        self.now
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Keeps what is known for the next run. What cannot be kept is hashed again.
    pub fn save(&mut self) {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let limit = u64::try_from(now.saturating_sub(TICK).as_nanos()).unwrap_or(u64::MAX);
        let settled: BTreeMap<PathBuf, Known> = self
            .lock()
            .iter()
            .filter(|(_, known)| known.stamp.modified_ns < limit)
            .map(|(path, known)| (path.clone(), known.clone()))
            .collect();
        if let Ok(text) = serde_json::to_string_pretty(&settled) {
            let _ = write_whole(&self.file, text.as_bytes());
        }
    }

    /// Whether the inputs are what they were when they were hashed.
    ///
    /// # Errors
    /// The first that changed or went while the run was going on.
    pub fn check_unchanged(&self, inputs: &[Input]) -> Result<(), Error> {
        let known = self.lock();
        for input in inputs {
            let path = Path::new(&input.path);
            let before = known.get(path).map(|known| &known.stamp);
            let now = std::fs::metadata(path).map(|metadata| Stamp::of(&metadata));
            if now.as_ref().ok() != before {
                return Err(Problem::new(format!(
                    "this {} changed while the run was reading it",
                    input.role
                ))
                .at(path.display())
                .advice("inputs must stay as they are during a run; run again, and only what changed is redone")
                .failed());
            }
        }
        Ok(())
    }
}

/// What the file system said of some files.
#[derive(Debug, Default)]
pub struct Stamps(Vec<(PathBuf, Option<Stamp>)>);

impl Stamps {
    /// Of files as they are now; one that is not there is remembered as such.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let now = |path: PathBuf| {
            let stamp = std::fs::metadata(&path).map(|metadata| Stamp::of(&metadata));
            (path, stamp.ok())
        };
        Self(files.into_iter().map(now).collect())
    }

    /// Whether the files are what they were.
    ///
    /// # Errors
    /// Returns an error for the first that is not.
    pub fn check(&self) -> Result<(), Error> {
        for (path, before) in &self.0 {
            let now = std::fs::metadata(path).map(|metadata| Stamp::of(&metadata));
            if now.ok() != *before {
                return Err(
                    Problem::new("this file changed while the plan was reading it")
                        .at(path.display())
                        .advice("inputs must stay as they are during a run; run again")
                        .failed(),
                );
            }
        }
        Ok(())
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let nanoseconds = modified.map_or(0, |time| time.as_nanos());
        #[cfg(unix)]
        let (changed_ns, inode) = {
            use std::os::unix::fs::MetadataExt;
            let changed = metadata.ctime().saturating_mul(1_000_000_000);
            (
                changed.saturating_add(metadata.ctime_nsec()),
                metadata.ino(),
            )
        };
        #[cfg(not(unix))]
        let (changed_ns, inode) = (0, 0);
        Self {
            bytes: metadata.len(),
            modified_ns: u64::try_from(nanoseconds).unwrap_or(u64::MAX),
            changed_ns,
            inode,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &Path) -> Input {
        Input {
            role: "granule".into(),
            path: path.display().to_string(),
            bytes: 0,
            sha256: String::new(),
        }
    }

    #[test]
    fn a_settled_file_is_not_read_again_and_a_changed_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let old = SystemTime::now() - Duration::from_secs(60);
        let set = |time| {
            std::fs::File::options()
                .append(true)
                .open(&path)
                .unwrap()
                .set_modified(time)
        };
        set(old).unwrap();
        let mut memory = HashMemory::open(folder.path());
        let (hash, _) = memory.sha256(&path).unwrap();
        memory.save();

        // What is remembered is believed: a false memory shows that nothing was read.
        let file = folder.path().join(FILE);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace(&hash, "remembered")).unwrap();
        let memory = HashMemory::open(folder.path());
        assert_eq!(memory.sha256(&path).unwrap().0, "remembered");
        memory.check_unchanged(&[input(&path)]).unwrap();

        // The same length and time, another content.
        std::fs::write(&path, "two").unwrap();
        set(old).unwrap();
        assert_ne!(
            HashMemory::open(folder.path()).sha256(&path).unwrap().0,
            hash
        );
        let error = memory.check_unchanged(&[input(&path)]).unwrap_err();
        assert!(error.to_string().contains("changed while"), "{error}");
    }

    #[test]
    fn files_that_changed_since_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (here, absent) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&here, "one").unwrap();
        let stamps = Stamps::of([here.clone(), absent.clone()]);
        stamps.check().unwrap();
        std::fs::write(&absent, "came").unwrap();
        assert!(stamps.check().is_err());
        std::fs::remove_file(&absent).unwrap();
        stamps.check().unwrap();
        std::fs::write(&here, "longer").unwrap();
        let error = stamps.check().unwrap_err();
        assert!(
            error.to_string().contains("changed while the plan"),
            "{error}"
        );
    }

    #[test]
    fn a_file_of_this_moment_is_not_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let mut memory = HashMemory::open(folder.path());
        memory.sha256(&path).unwrap();
        memory.save();
        assert!(HashMemory::open(folder.path()).before.is_empty());
    }
}
