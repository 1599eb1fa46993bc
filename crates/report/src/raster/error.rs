//! What can go wrong with a raster.

use std::path::{Path, PathBuf};

use nutag_files::WriteFailed;

/// A raster that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// A layer that cannot be a layer.
    #[error("layer \"{layer}\": {problem}")]
    Layer {
        /// Its name.
        layer: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A strip that does not continue its layer.
    #[error("layer \"{layer}\", row {row}: expected {expected}, found {found}")]
    Strip {
        /// The layer.
        layer: String,
        /// The row that comes next.
        row: usize,
        /// What belongs there.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A library that writes the format has refused.
    #[error(
        "cannot write {}: {what}: {reason}; nothing is left under this name; is there room on the disk?",
        path.display()
    )]
    Library {
        /// The file that was to be written.
        path: PathBuf,
        /// What was being done.
        what: &'static str,
        /// What the library said.
        reason: String,
    },
    /// The system has refused.
    #[error(transparent)]
    Write(#[from] WriteFailed),
}

impl RasterError {
    pub(super) fn library(
        path: &Path,
        what: &'static str,
    ) -> impl Fn(&dyn std::fmt::Display) -> Self + use<> {
        let path = path.to_owned();
        move |reason| Self::Library {
            path: path.clone(),
            what,
            reason: reason.to_string(),
        }
    }
}
