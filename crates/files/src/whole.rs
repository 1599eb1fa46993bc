//! Files that are there whole, or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}; {}", path.display(), advice(source))]
pub struct WriteFailed {
    /// The file that was to be written.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl WriteFailed {
    /// Of a file.
    #[must_use]
    pub fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self { path, source }
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "choose an output folder that you may write to"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room, or choose an output folder on another disk; nothing is left under this name"
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "the folder is gone, or part of its path is a file; make it again or choose another"
        }
        io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
            "a folder has this name; remove it or choose another output folder"
        }
        _ => "nothing is left under this name; check the disk and try again",
    }
}

/// Writes a file in one step: to a temporary name in the same folder, through
/// to the disk, then renamed. Whoever looks sees the old file, or none, or
/// the whole new one.
///
/// # Errors
/// [`WriteFailed`] with the path and what to do; nothing is left behind.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), WriteFailed> {
    place(path, bytes).map_err(|source| WriteFailed::new(path, source))
}

fn place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nutag-").suffix(".part");
    // Readable as any new file is; temporary files would be private.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    // The new name must reach the disk too. Not every system can do this for
    // a folder, and the file itself is safe already.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Gives a file that was written elsewhere in the same file system its final
/// name, through to the disk.
///
/// # Errors
/// [`WriteFailed`] with the path and what to do.
pub fn move_whole(from: &Path, to: &Path) -> Result<(), WriteFailed> {
    let moved = || -> io::Result<()> {
        File::open(from)?.sync_all()?;
        std::fs::rename(from, to)
    };
    moved().map_err(|source| WriteFailed::new(to, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_replaces_another_and_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        write_whole(&path, b"old").unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["table.csv"]);
    }

    #[test]
    #[cfg(unix)]
    fn others_may_read_it_as_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (mine, plain) = (folder.path().join("mine"), folder.path().join("plain"));
        write_whole(&mine, b"x").unwrap();
        std::fs::write(&plain, b"x").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
        assert_eq!(mode(&mine), mode(&plain));
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gone").join("table.csv");
        let message = write_whole(&path, b"x").unwrap_err().to_string();
        assert!(
            message.contains("gone") && message.contains("choose another"),
            "{message}"
        );
    }

    #[test]
    fn a_folder_of_that_name_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("kept"), b"x").unwrap();
        assert!(write_whole(&path, b"x").is_err());
        assert_eq!(names(folder.path()), ["table.csv"]);
        assert_eq!(names(&path), ["kept"]);
    }
}
