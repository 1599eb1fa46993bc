//! The result folder: it appears under its name only when all in it is whole.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{Error, Problem};

/// The file that marks a result of this program, and the program's name in it.
pub const MANIFEST: &str = "manifest.json";
/// The program as the manifest names it.
pub const PROGRAM: &str = "nutag";

/// A result folder in the making.
///
/// Files go into a hidden folder beside the final one, on the same file
/// system, so that the last step is a rename. Dropped before that, it takes
/// everything with it.
#[derive(Debug)]
pub struct OutputFolder {
    work: TempDir,
    out: PathBuf,
    replace: bool,
}

impl OutputFolder {
    /// Begins a result.
    ///
    /// # Errors
    /// If `out` exists and is not to be overwritten, is something that this
    /// program did not make, or cannot be made where it is wanted.
    pub fn begin(out: &Path, overwrite: bool) -> Result<Self, Error> {
        let asked = |what: String, advice: &str| {
            Problem::new(what).at(out.display()).advice(advice).asked()
        };
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
        let name = out.file_name().ok_or_else(|| {
            asked(
                "is not the name of a folder that can be made".to_owned(),
                "name one with --out",
            )
        })?;
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let cannot = |error: io::Error| cannot_be_made(out, &error);
        fs::create_dir_all(parent).map_err(cannot)?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".unfinished-");
        let work = tempfile::Builder::new()
            .prefix(&prefix)
            .tempdir_in(parent)
            .map_err(cannot)?;
        Ok(Self {
            work,
            out: out.to_owned(),
            replace,
        })
    }

    /// Where files go until the end.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.work.path()
    }

    /// Makes a folder in it.
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
        open_to_others(self.path());
        if self.replace {
            let old = tempfile::Builder::new()
                .prefix(".replaced-")
                .tempdir_in(
                    self.out
                        .parent()
                        .filter(|p| !p.as_os_str().is_empty())
                        .unwrap_or(Path::new(".")),
                )
                .map_err(|error| write_failed(&self.out, &error))?;
            let kept = old.path().join("old");
            fs::rename(&self.out, &kept).map_err(|error| write_failed(&self.out, &error))?;
            if let Err(error) = fs::rename(self.path(), &self.out) {
                // Put the old result back: better an old one than none.
                let _ = fs::rename(&kept, &self.out);
                return Err(write_failed(&self.out, &error));
            }
        } else {
            // On Unix a rename would replace an empty folder made meanwhile; nothing is lost by that.
            fs::rename(self.path(), &self.out).map_err(|error| write_failed(&self.out, &error))?;
        }
        // It has moved: there is nothing left to remove.
        let _ = self.work.keep();
        Ok(self.out)
    }
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

/// Temporary folders are private; a result is as readable as any new folder.
fn open_to_others(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o755));
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// The message for a file that could not be written.
pub fn write_failed(path: &Path, error: &io::Error) -> Error {
    let advice = if is_full(error) {
        "the disk is full: free some space or choose another place with --out; nothing was left behind"
    } else {
        "nothing was left behind; check the disk and try again"
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
}
