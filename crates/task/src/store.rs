//! Finished tasks on disk.
//!
//! A partial is written under a temporary name, synced and renamed, so it is
//! there whole or not at all; should a disk lie, its checksum shows it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nutag_files::{Sight, WriteFailed, own_folder, write_whole};
use nutag_problem::{Error, OrProblem, Problem};

use crate::account::Account;
use crate::codec::Damage;
use crate::key::TaskKey;
use crate::partial::{Partial, ingredients};
use crate::strip::{self, PlacedSegment};
use crate::task::{Job, Task};
use crate::tile::TilePlan;

/// Ending of a file of tallies.
pub const TALLIES: &str = "tally";
/// Ending of a file of cells.
pub const CELLS: &str = "cells";

/// A folder of finished tasks.
#[derive(Debug, Clone)]
pub struct PartialStore {
    folder: PathBuf,
}

/// What became of a task, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was there, made from the same.
    Kept,
    /// There was none.
    New,
    /// There was one made from something else: what differs.
    Changed(Vec<String>),
    /// There was one that is not whole, or not what its plan gives.
    Damaged(String),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kept => f.write_str("kept"),
            Self::New => f.write_str("done: new"),
            Self::Changed(what) => write!(f, "redone: {}", what.join(", ")),
            Self::Damaged(what) => write!(f, "redone: its partial was damaged ({what})"),
        }
    }
}

impl PartialStore {
    /// The store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder is a link or not the user's own, or the system refuses.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        own_folder(folder, Sight::Private)
            .map_err(|error| Problem::new(WriteFailed::new(folder, error).to_string()).failed())?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The store in a folder that is only read, such as that of a result.
    #[must_use]
    pub fn existing(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Where the tallies of a task are, or would be.
    #[must_use]
    pub fn tallies_path(&self, task: &Task, key: &TaskKey) -> PathBuf {
        self.path_of(&task.label, key.digest())
    }

    /// Where the cells of a task are, or would be.
    #[must_use]
    pub fn cells_path(&self, task: &Task, key: &TaskKey) -> PathBuf {
        self.cells_path_of(&task.label, key.digest())
    }

    /// Where the tallies of the task of this name and digest are, or would be.
    #[must_use]
    pub fn path_of(&self, id: &str, digest: &str) -> PathBuf {
        self.path(id, digest, TALLIES)
    }

    /// Where its cells are, or would be.
    #[must_use]
    pub fn cells_path_of(&self, id: &str, digest: &str) -> PathBuf {
        self.path(id, digest, CELLS)
    }

    fn path(&self, id: &str, digest: &str, ending: &str) -> PathBuf {
        let short = digest.get(..16).unwrap_or(digest);
        self.folder.join(format!("{id}-{short}.{ending}"))
    }

    /// The finished task, if it is there, whole, and what its plan gives. Its cells, where `cells`
    /// asks for them, are only checked.
    ///
    /// # Errors
    /// Returns an error if the keys of the tile cannot be read.
    pub fn load(
        &self,
        job: &Job<'_>,
        tile: &TilePlan,
        task: &Task,
        key: &TaskKey,
        cells: bool,
    ) -> Result<(Option<Partial>, Verdict), Error> {
        if !self.tallies_path(task, key).exists() {
            return Ok((None, self.earlier(task, key)));
        }
        let account = Account::of(*job, tile, task)?;
        let load = || -> Result<Option<Partial>, Damage> {
            let Some(bytes) = read(&self.tallies_path(task, key))? else {
                return Ok(None);
            };
            let (found, partial) = Partial::from_bytes(&bytes)?;
            if found != *key {
                return Err(Damage("it was made from something else".to_owned()));
            }
            account.check(&partial).map_err(Damage)?;
            if cells {
                let Some(bytes) = read(&self.cells_path(task, key))? else {
                    return Ok(None);
                };
                strip::check(
                    &bytes,
                    key.digest(),
                    &tile.windows[task.windows.clone()],
                    &partial,
                )?;
            }
            Ok(Some(partial))
        };
        Ok(match load() {
            Ok(Some(partial)) => (Some(partial), Verdict::Kept),
            Ok(None) => (None, self.earlier(task, key)),
            Err(damage) => (None, Verdict::Damaged(damage.0)),
        })
    }

    /// Why there is no finished task of this key.
    fn earlier(&self, task: &Task, key: &TaskKey) -> Verdict {
        let prefix = format!("{}-", task.label);
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Verdict::New;
        };
        let differences = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == TALLIES))
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| name.starts_with(&prefix))
            })
            .filter_map(|path| ingredients(&fs::read(path).ok()?).ok())
            .map(|earlier| key.differences(&earlier));
        // The nearest make says best what changed.
        differences
            .min_by_key(|words| (words.len(), words.clone()))
            .map_or(Verdict::New, |words| {
                if words.is_empty() {
                    Verdict::Changed(vec!["its cells are gone".to_owned()])
                } else {
                    Verdict::Changed(words)
                }
            })
    }

    /// Keeps a finished task.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn save(
        &self,
        task: &Task,
        key: &TaskKey,
        partial: &Partial,
        cells: Option<&[PlacedSegment]>,
    ) -> Result<(), Error> {
        let write = |path: &Path, bytes: &[u8]| write_whole(path, bytes).or_failed();
        // The tallies last: where they are, all is.
        if let Some(cells) = cells {
            let bytes = strip::to_bytes(key.digest(), cells)?;
            write(&self.cells_path(task, key), &bytes)?;
        }
        write(&self.tallies_path(task, key), &partial.to_bytes(key)?)
    }

    /// Removes every partial but those of these names and digests: those of
    /// other inputs would pile up.
    pub fn keep_only<'a>(&self, tasks: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let kept: std::collections::BTreeSet<PathBuf> = tasks
            .into_iter()
            .flat_map(|(id, digest)| [self.path_of(id, digest), self.cells_path_of(id, digest)])
            .collect();
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            // `.part` is what a killed run was writing.
            let ours = path
                .extension()
                .is_some_and(|ending| ending == TALLIES || ending == CELLS || ending == "part");
            if ours && !kept.contains(&path) {
                // What cannot be removed costs room and nothing else.
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Damage> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Damage(error.to_string())),
    }
}
