//! The result folder: it appears under its name only when all in it is whole.

use nutag_files::{Sight, own_file, own_folder};
use nutag_problem::{Error, Problem};
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that marks a result of this program, and the program's name in it.
pub const MANIFEST: &str = "manifest.json";
/// The program as the manifest names it.
pub const PROGRAM: &str = "nutag";

/// The folder of partials, in a result and in the work folder.
pub const PARTIALS: &str = "partials";

/// A result folder in the making.
///
/// Beside the folder `OUT` lies the hidden folder `.OUT.work`, on the same
/// file system. It holds the lock of the run, the partials of finished tasks,
/// and the unfinished result, so that the last step is a rename. Dropped
/// before that, the unfinished result goes; finished tasks stay, and the next
/// run with the same `OUT` goes on from there.
#[derive(Debug)]
pub struct OutputFolder {
    work: PathBuf,
    out: PathBuf,
    replace: bool,
    /// Held while the run lasts; the system lets go of it whatever happens.
    _lock: File,
}

/// The unfinished result, and the old one while it is replaced.
const RESULT: &str = "result";
const REPLACED: &str = "replaced";
const LOCK: &str = "lock";

impl OutputFolder {
    /// Begins a result.
    ///
    /// # Errors
    /// If `out` exists and is not to be overwritten, is something that this
    /// program did not make, cannot be made where it is wanted, or another
    /// run is making it.
    pub fn begin(out: &Path, overwrite: bool) -> Result<Self, Error> {
        let asked = |what: String, advice: &str| {
            Problem::new(what).at(out.display()).advice(advice).asked()
        };
        let name = out.file_name().ok_or_else(|| {
            asked(
                "is not the name of a folder that can be made".to_owned(),
                "name one with --out",
            )
        })?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(".work");
        let work = parent_of(out).join(hidden);
        let there = match nutag_files::check_own_folder(&work, Sight::Private) {
            // A place below a file is refused where it is made.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => false,
            found => found.map_err(|error| not_own(&work, &error))?,
        };
        if fs::symlink_metadata(out).is_ok_and(|found| found.is_symlink()) {
            return Err(asked(
                "the result folder is a link, which is neither followed nor replaced".to_owned(),
                "name the folder itself with --out, or remove the link",
            ));
        }
        // Killed between the two renames of `finish`, the old result waits there.
        if there && !out.exists() && work.join(REPLACED).exists() {
            fs::rename(work.join(REPLACED), out).map_err(|error| write_failed(out, &error))?;
        }
        let replace = match fs::symlink_metadata(out) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(cannot_be_made(out, &error)),
            Ok(_) if !overwrite => {
                return Err(asked(
                    "the result folder exists".to_owned(),
                    "name another with --out, or replace it with --overwrite",
                ));
            }
            Ok(_) if !is_result(out) => {
                return Err(asked(
                    format!(
                        "exists and is not a result of this program (it has no {MANIFEST} of {PROGRAM}), so it is not replaced"
                    ),
                    "name another folder with --out",
                ));
            }
            Ok(_) => true,
        };
        own_folder(&work, Sight::Private).map_err(|error| cannot_be_made(out, &error))?;
        let lock = lock(&work, out)?;
        let folder = Self {
            work,
            out: out.to_owned(),
            replace,
            _lock: lock,
        };
        folder.clear();
        fs::create_dir(folder.path()).map_err(|error| cannot_be_made(out, &error))?;
        Ok(folder)
    }

    /// Where files go until the end.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.work.join(RESULT)
    }

    /// Where what outlives a run is kept for the next: hashes of inputs.
    #[must_use]
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// Where finished tasks are kept.
    #[must_use]
    pub fn partials(&self) -> PathBuf {
        self.work.join(PARTIALS)
    }

    /// Makes a folder in the result.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.path().join(name);
        fs::create_dir_all(&path).map_err(|error| write_failed(&path, &error))?;
        Ok(path)
    }

    /// Gives the result its name.
    ///
    /// # Errors
    /// If the system refuses; an older result is then still there.
    pub fn finish(self) -> Result<PathBuf, Error> {
        let failed = |error: io::Error| write_failed(&self.out, &error);
        if self.replace {
            let kept = self.work.join(REPLACED);
            fs::rename(&self.out, &kept).map_err(failed)?;
            if let Err(error) = fs::rename(self.path(), &self.out) {
                // Put the old result back: better an old one than none.
                let _ = fs::rename(&kept, &self.out);
                return Err(failed(error));
            }
        } else {
            // On Unix a rename would replace an empty folder made meanwhile; nothing is lost by that.
            fs::rename(self.path(), &self.out).map_err(failed)?;
        }
        Ok(self.out.clone())
    }

    /// Removes what an earlier run left unfinished, and a result that is replaced.
    fn clear(&self) {
        for name in [RESULT, REPLACED] {
            // What cannot be removed is met again when the folder is made.
            let _ = fs::remove_dir_all(self.work.join(name));
        }
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        self.clear();
        // Only a run that has finished something leaves anything behind.
        let empty = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut d| d.next().is_none());
        if empty(&self.partials()) {
            let _ = fs::remove_dir(self.partials());
        }
        if !self.partials().exists() {
            let _ = fs::remove_dir_all(&self.work);
        }
    }
}

fn parent_of(out: &Path) -> &Path {
    match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Takes the lock of a work folder, and writes into it who has it.
fn lock(work: &Path, out: &Path) -> Result<File, Error> {
    let path = work.join(LOCK);
    let failed = |error: io::Error| cannot_be_made(out, &error);
    let mut file = own_file(&path).map_err(|error| not_own(&path, &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).unwrap_or_default();
            return Err(Problem::new(format!(
                "another run is making this result{}",
                match holder.trim() {
                    "" => String::new(),
                    holder => format!(" ({holder})"),
                }
            ))
            .at(out.display())
            .advice("wait for it, or name another folder with --out")
            .failed());
        }
        // Some network file systems have no locks: better without than not at all.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    file.set_len(0)
        .and_then(|()| write!(file, "process {}", std::process::id()))
        .map_err(failed)?;
    Ok(file)
}

/// The message for a place of the work folder that somebody else may have prepared.
fn not_own(path: &Path, error: &io::Error) -> Error {
    Problem::new(format!(
        "the result cannot be prepared beside its folder: {error}"
    ))
    .at(path.display())
    .advice("or choose another place with --out")
    .asked()
}

/// Whether a folder is a result of this program. Many programs have a file of
/// that name; what is removed for another result must be known to be one.
fn is_result(out: &Path) -> bool {
    #[derive(serde::Deserialize)]
    struct Manifest {
        program: Program,
    }
    #[derive(serde::Deserialize)]
    struct Program {
        name: String,
    }
    let manifest = fs::read(out.join(MANIFEST)).ok();
    let manifest = manifest.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    manifest.is_some_and(|manifest| manifest.program.name == PROGRAM)
}

/// The message for a result folder that the system refuses.
fn cannot_be_made(out: &Path, error: &io::Error) -> Error {
    if is_full(error) {
        return write_failed(out, error);
    }
    Problem::new(format!("the result folder cannot be made: {error}"))
        .at(out.display())
        .advice("choose a place where you may write, with --out")
        .asked()
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// The message for a file that could not be written.
pub fn write_failed(path: &Path, error: &io::Error) -> Error {
    let advice = if is_full(error) {
        "the disk is full: free some space and run again, which goes on from here, or choose another place with --out; nothing was left under the name of the result"
    } else {
        "nothing was left under the name of the result; check the disk and try again"
    };
    Problem::new(format!("cannot be written: {error}"))
        .at(path.display())
        .advice(advice)
        .failed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_appears_whole_or_not_at_all() {
        let base = tempfile::tempdir().unwrap();
        let out = base.path().join("deep/out");
        let work = OutputFolder::begin(&out, false).unwrap();
        fs::write(work.path().join("table.csv"), "1").unwrap();
        assert!(!out.exists());
        drop(work);
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 0);

        let work = OutputFolder::begin(&out, false).unwrap();
        fs::write(work.path().join(MANIFEST), "{}").unwrap();
        assert_eq!(work.finish().unwrap(), out);
        assert!(out.join(MANIFEST).is_file());
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn what_exists_is_replaced_only_when_asked_and_only_if_it_is_a_result() {
        let base = tempfile::tempdir().unwrap();
        let out = base.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("letters.txt"), "dear").unwrap();
        let error = OutputFolder::begin(&out, false).unwrap_err();
        assert!(
            error.was_asked_wrongly() && error.to_string().contains("--overwrite"),
            "{error}"
        );
        let error = OutputFolder::begin(&out, true).unwrap_err();
        assert!(error.to_string().contains("not a result"), "{error}");

        for of_others in ["{}", "[1]", r#"{"program": {"name": "other"}}"#, "\u{0}"] {
            fs::write(out.join(MANIFEST), of_others).unwrap();
            assert!(OutputFolder::begin(&out, true).is_err(), "{of_others}");
        }
        let mine = r#"{"program": {"name": "nutag", "version": "0.1.0"}, "inputs": []}"#;
        fs::write(out.join(MANIFEST), mine).unwrap();
        let work = OutputFolder::begin(&out, true).unwrap();
        fs::write(work.path().join(MANIFEST), "new").unwrap();
        work.finish().unwrap();
        assert_eq!(fs::read_to_string(out.join(MANIFEST)).unwrap(), "new");
        assert!(!out.join("letters.txt").exists());
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_runs_do_not_make_one_result() {
        let base = tempfile::tempdir().unwrap();
        let out = base.path().join("out");
        let first = OutputFolder::begin(&out, false).unwrap();
        let error = OutputFolder::begin(&out, false).unwrap_err();
        assert!(!error.was_asked_wrongly());
        let process = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&process), "{error}");
        assert!(first.path().is_dir(), "the first goes on");
        drop(first);
        OutputFolder::begin(&out, false).unwrap();
    }

    #[test]
    fn finished_tasks_stay_and_an_old_result_comes_back() {
        let base = tempfile::tempdir().unwrap();
        let out = base.path().join("out");
        let work = OutputFolder::begin(&out, false).unwrap();
        fs::create_dir(work.partials()).unwrap();
        fs::write(work.partials().join("a.tally"), "1").unwrap();
        let hidden = work.work().to_owned();
        drop(work);
        assert!(hidden.join("partials/a.tally").is_file());
        assert!(!hidden.join(RESULT).exists());
        // Killed between the renames: the old result is under another name.
        fs::create_dir(hidden.join(REPLACED)).unwrap();
        let mine = r#"{"program": {"name": "nutag"}}"#;
        fs::write(hidden.join(REPLACED).join(MANIFEST), mine).unwrap();
        assert!(OutputFolder::begin(&out, false).is_err());
        assert_eq!(fs::read_to_string(out.join(MANIFEST)).unwrap(), mine);
    }
}
