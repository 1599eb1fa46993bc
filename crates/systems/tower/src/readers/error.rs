//! What can be wrong with a file of a tower.

use std::path::PathBuf;

/// Why files of a tower could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No file was named.
    #[error("no file of the tower was found; name at least one")]
    NoFile,
    /// The file could not be opened.
    #[error("{}: cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something in the file is not as it must be.
    #[error("{}{}: {what}", path.display(), line.map_or_else(String::new, |line| format!(", line {line}")))]
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is one line.
        line: Option<usize>,
        /// What was expected, what was found, and what to do.
        what: String,
    },
    /// Files of one tower must be of one kind.
    #[error(
        "{}: expected a file of the kind \"{expected}\" like the first, found \"{found}\"; give each kind a [[tower]] of its own", path.display()
    )]
    MixedKinds {
        /// The file.
        path: PathBuf,
        /// Kind of the first file.
        expected: &'static str,
        /// Kind of this file.
        found: &'static str,
    },
}

impl ReadError {
    /// An error of a whole file.
    pub(super) fn of(path: &std::path::Path, what: impl Into<String>) -> Self {
        Self::File {
            path: path.to_path_buf(),
            line: None,
            what: what.into(),
        }
    }

    /// An error of one line.
    pub(super) fn at(path: &std::path::Path, line: usize, what: impl Into<String>) -> Self {
        Self::File {
            path: path.to_path_buf(),
            line: Some(line),
            what: what.into(),
        }
    }
}
