//! What can go wrong, and where in the file it did.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::number::NumberType;

/// Shorthand for a result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An error with the place it was met at.
///
/// [`Error::kind`] says what was expected and what was found; the other methods say in which
/// file, SDS, element (tag and reference number) and at which byte, as far as each is known.
#[derive(Debug, Clone)]
pub struct Error {
    kind: Box<ErrorKind>,
    place: Box<Place>,
}

#[derive(Debug, Clone, Default)]
struct Place {
    file: Option<PathBuf>,
    dataset: Option<String>,
    element: Option<(u16, u16)>,
    offset: Option<u64>,
}

/// The ways in which reading can fail.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused.
    #[error("{what}: {cause}; check that the file exists, is readable and is not being replaced")]
    Io {
        /// What was tried.
        what: &'static str,
        /// The operating system's answer.
        cause: Arc<io::Error>,
    },

    /// The bytes are not an HDF4 file.
    #[error("expected an HDF4 file, which starts with the bytes 0E 03 13 01, found {found}")]
    NotHdf4 {
        /// What the file starts with, and what that usually is.
        found: String,
    },

    /// A piece lies beyond the end of the file.
    #[error(
        "{what} should take bytes {start}..{end}, but the file ends at {file_length}: \
         it is cut short or damaged, fetch it again"
    )]
    PastEnd {
        /// The piece.
        what: &'static str,
        /// First byte of the piece.
        start: u64,
        /// One past its last byte.
        end: u64,
        /// The file's length in bytes.
        file_length: u64,
    },

    /// Bytes are there but cannot mean what they should.
    #[error("{what}: expected {expected}, found {found}: the file is damaged, fetch it again")]
    Damaged {
        /// The piece.
        what: &'static str,
        /// What it should hold.
        expected: String,
        /// What it holds.
        found: String,
    },

    /// A valid feature of the format that this crate does not read.
    #[error("{what} is not supported; supported are {supported}")]
    NotSupported {
        /// The feature, by name.
        what: String,
        /// What could be read instead.
        supported: &'static str,
    },

    /// More bytes are asked for than a file of this size can justify.
    #[error("{what} would take {bytes} bytes, the limit here is {limit}: {advice}")]
    TooLarge {
        /// What would take the memory or the work.
        what: &'static str,
        /// How much it would take.
        bytes: u64,
        /// How much is allowed; see [`crate::limits`].
        limit: u64,
        /// What to do about it.
        advice: &'static str,
    },

    /// No SDS has this name.
    #[error("no SDS is called '{name}'; {}", advise_names(near, available))]
    NoSuchDataset {
        /// The name asked for.
        name: String,
        /// Names of the file that look like it, best first.
        near: Vec<String>,
        /// All names of the file, in file order.
        available: Vec<String>,
    },

    /// Several SDS have this name.
    #[error("{count} SDS are called '{name}'; choose one of them from the list of datasets")]
    AmbiguousDataset {
        /// The name asked for.
        name: String,
        /// How many carry it.
        count: usize,
    },

    /// The SDS comes from another [`crate::Hdf4File`].
    #[error("this SDS belongs to another file; take it from the file that is to be read")]
    ForeignDataset,

    /// The numbers are asked for in another type than they are stored in.
    #[error("asked for {asked}, but the SDS stores {stored}; read it as {stored}")]
    WrongType {
        /// The Rust type asked for.
        asked: &'static str,
        /// The type of the stored numbers.
        stored: NumberType,
    },

    /// A window or chunk lies outside the SDS.
    #[error("{what} {start:?} + {count:?} does not fit into {shape:?}")]
    OutOfBounds {
        /// Window or chunk.
        what: &'static str,
        /// First index in each dimension.
        start: Vec<usize>,
        /// Number of indices in each dimension.
        count: Vec<usize>,
        /// The extents it must fit into.
        shape: Vec<usize>,
    },

    /// The caller's buffer has the wrong length.
    #[error("the output holds {found} values, expected {expected}")]
    WrongBuffer {
        /// Values that will be read.
        expected: usize,
        /// Values the buffer holds.
        found: usize,
    },

    /// Some of the wanted values were never written, and the caller took no report of it.
    #[error(
        "{missing_cells} of {cells} values were never written to the file \
         ({missing_chunks} missing chunks); use a `read_*_into` method, which reports them"
    )]
    Missing {
        /// Values asked for.
        cells: u64,
        /// How many of them are in no chunk of the file.
        missing_cells: u64,
        /// How many chunks that is.
        missing_chunks: u64,
    },

    /// The metadata text is not ODL.
    #[error("line {line} of {attribute}: expected {expected}, found {found}")]
    Odl {
        /// The attribute the text comes from.
        attribute: String,
        /// Line, from 1.
        line: usize,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
    },

    /// The metadata text describes a grid incompletely.
    #[error("StructMetadata, {grid}: expected {key} to be {expected}, found {found}")]
    Grid {
        /// The grid's block, for example `GRID_1`.
        grid: String,
        /// The key or block that is wrong.
        key: String,
        /// What it should hold.
        expected: &'static str,
        /// What it holds.
        found: String,
    },
}

fn advise_names(near: &[String], available: &[String]) -> String {
    match (near.first(), available.len()) {
        (_, 0) => "the file holds no SDS at all".to_string(),
        (Some(_), _) => format!("did you mean '{}'?", near.join("' or '")),
        (None, n) if n <= 12 => format!("the file holds '{}'", available.join("', '")),
        (None, n) => format!("the file holds {n} others; list them with `datasets()`"),
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self {
            kind: Box::new(kind),
            place: Box::default(),
        }
    }

    pub(crate) fn damaged(
        what: &'static str,
        expected: impl Into<String>,
        found: impl fmt::Display,
    ) -> Self {
        Self::new(ErrorKind::Damaged {
            what,
            expected: expected.into(),
            found: found.to_string(),
        })
    }

    pub(crate) fn unsupported(what: impl Into<String>, supported: &'static str) -> Self {
        Self::new(ErrorKind::NotSupported {
            what: what.into(),
            supported,
        })
    }

    pub(crate) fn io(what: &'static str, cause: io::Error) -> Self {
        Self::new(ErrorKind::Io {
            what,
            cause: Arc::new(cause),
        })
    }

    /// Adds the file, unless a place nearer to the fault has named one.
    pub(crate) fn in_file(mut self, file: Option<&Path>) -> Self {
        if self.place.file.is_none() {
            self.place.file = file.map(Path::to_path_buf);
        }
        self
    }

    pub(crate) fn in_dataset(mut self, name: &str) -> Self {
        self.place.dataset.get_or_insert_with(|| name.to_string());
        self
    }

    pub(crate) fn in_element(mut self, tag: u16, reference: u16, offset: Option<u64>) -> Self {
        if self.place.element.is_none() {
            self.place.element = Some((tag, reference));
            self.place.offset = self.place.offset.or(offset);
        }
        self
    }

    pub(crate) fn at(mut self, offset: u64) -> Self {
        self.place.offset.get_or_insert(offset);
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file, if it was opened from a path.
    pub fn file(&self) -> Option<&Path> {
        self.place.file.as_deref()
    }

    /// The name of the SDS that was being read.
    pub fn dataset(&self) -> Option<&str> {
        self.place.dataset.as_deref()
    }

    /// Tag (without the "special" bit) and reference number of the element that was being read.
    pub fn tag_and_reference(&self) -> Option<(u16, u16)> {
        self.place.element
    }

    /// Byte offset in the file, near the fault.
    pub fn offset(&self) -> Option<u64> {
        self.place.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.place.file {
            write!(f, "{}: ", file.display())?;
        }
        if let Some(dataset) = &self.place.dataset {
            write!(f, "SDS '{dataset}': ")?;
        }
        write!(f, "{}", self.kind)?;
        match (self.place.element, self.place.offset) {
            (Some((tag, reference)), Some(offset)) => {
                write!(f, " (tag {tag}, ref {reference}, byte {offset})")
            }
            (Some((tag, reference)), None) => write!(f, " (tag {tag}, ref {reference})"),
            (None, Some(offset)) => write!(f, " (byte {offset})"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            ErrorKind::Io { cause, .. } => Some(&**cause),
            _ => None,
        }
    }
}
