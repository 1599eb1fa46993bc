//! An open file: what it holds, before any numbers are read.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::attribute::Attribute;
use crate::catalog;
use crate::dataset::{Dataset, Layout};
use crate::directory::{Budget, Descriptor, Directory};
use crate::eos;
use crate::error::{Error, ErrorKind, Result};
use crate::near::near_names;
use crate::source::Source;
use crate::vset::Reader;

/// An HDF4 file, open for reading.
///
/// Opening reads the directory, names, shapes and attributes; numbers are read when asked for.
/// Every method takes `&self` and none takes a lock, so one file serves any number of threads,
/// each with its own [`crate::Scratch`].
#[derive(Debug)]
pub struct Hdf4File {
    pub(crate) source: Source,
    pub(crate) directory: Directory,
    path: Option<PathBuf>,
    datasets: Vec<Dataset>,
    attributes: Vec<Attribute>,
    /// Entries of chunk tables that are kept in memory.
    table_entries: AtomicU64,
}

impl Hdf4File {
    /// Opens a file on disk. It must not change while it is open.
    ///
    /// # Errors
    /// If the file cannot be read, is not HDF4, is damaged, or holds an SDS in a form that has
    /// no shape here (variable linked blocks, for example). Packed data of an unsupported coder is
    /// listed, and an error only when it is read; so are numbers in another file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Source::open(path)
            .and_then(|source| Self::read_catalog(source, Some(path.to_path_buf())))
            .map_err(|e| e.in_file(Some(path)))
    }

    /// Opens a file that is in memory.
    ///
    /// # Errors
    /// As [`Hdf4File::open`].
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self> {
        Self::read_catalog(Source::from_bytes(bytes.into()), None)
    }

    fn read_catalog(source: Source, path: Option<PathBuf>) -> Result<Self> {
        let directory = Directory::read(&source)?;
        let budget = Budget::new(source.length());
        let reader = Reader {
            source: &source,
            directory: &directory,
            budget: &budget,
        };
        let catalog = catalog::read(&reader, source.id())?;
        Ok(Self {
            source,
            directory,
            path,
            datasets: catalog.datasets,
            attributes: catalog.attributes,
            table_entries: AtomicU64::new(0),
        })
    }

    /// The path it was opened from, if it was.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Length of the file in bytes.
    pub fn length_bytes(&self) -> u64 {
        self.source.length()
    }

    /// Number of data descriptors in use.
    pub fn descriptor_count(&self) -> usize {
        self.directory.len()
    }

    /// All SDS, in file order. Those that hold the scale of a dimension are among them.
    pub fn datasets(&self) -> &[Dataset] {
        &self.datasets
    }

    /// The SDS with exactly this name.
    ///
    /// # Errors
    /// If there is none (the error names similar ones) or there are several.
    pub fn dataset(&self, name: &str) -> Result<&Dataset> {
        let mut found = self.datasets.iter().filter(|ds| ds.name == name);
        let kind = match (found.next(), found.count()) {
            (Some(only), 0) => return Ok(only),
            (Some(_), others) => ErrorKind::AmbiguousDataset {
                name: name.to_string(),
                count: others + 1,
            },
            (None, _) => {
                let available: Vec<String> =
                    self.datasets.iter().map(|ds| ds.name.clone()).collect();
                let near = near_names(name, &available);
                ErrorKind::NoSuchDataset {
                    name: name.to_string(),
                    near,
                    available,
                }
            }
        };
        Err(Error::new(kind).in_file(self.path()))
    }

    /// The file's own attributes, in file order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The first attribute of the file with exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The HDF-EOS2 grids described by the attributes `StructMetadata.0`, `.1`, ...; none if
    /// there is no such attribute.
    ///
    /// # Errors
    /// If that text is not the ODL it should be.
    pub fn eos_grids(&self) -> Result<Vec<eos::Grid>> {
        eos::grids(&self.attributes).map_err(|e| e.in_file(self.path()))
    }

    /// The file beside this one that holds the numbers of `ds`, and where in it they are.
    ///
    /// Only a plain name is followed, and only beside the file: a name with folders in it may lead anywhere.
    pub(crate) fn outside(&self, ds: &Dataset, dd: &Descriptor) -> Result<(Source, Descriptor)> {
        let Layout::External {
            file,
            offset_bytes,
            length_bytes,
        } = &ds.layout
        else {
            return Err(Error::damaged("an SDS", "numbers in another file", "none"));
        };
        let plain = !file.is_empty() && !file.contains(['/', '\\']) && file != "..";
        let (true, Some(path)) = (plain, self.path()) else {
            let what = format!("the external file {file:?}");
            let supported = "files beside the granule, of a plain name";
            return Err(dd.locate(Error::unsupported(what, supported)));
        };
        let beside = path.with_file_name(file);
        let source = Source::open(&beside).map_err(|e| e.in_file(Some(&beside)))?;
        Ok((source, dd.in_another_file(*offset_bytes, *length_bytes)))
    }

    /// Errs if `ds` is of another file.
    pub(crate) fn owns(&self, ds: &Dataset) -> Result<()> {
        if ds.file_id == self.source.id() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::ForeignDataset))
    }

    /// Adds file and SDS to an error.
    pub(crate) fn locate(&self, error: Error, ds: &Dataset) -> Error {
        error.in_dataset(&ds.name).in_file(self.path())
    }

    /// Counts the entries of a chunk table that is about to be kept.
    ///
    /// An entry takes at least 8 bytes of the file and tables do not overlap in a valid one, so
    /// more entries than that mean damage. Two threads that load the same table count it twice;
    /// the limit has room for that.
    pub(crate) fn keep_table_entries(&self, entries: usize) -> Result<()> {
        let limit = self.source.length();
        let kept = self
            .table_entries
            .fetch_add(entries as u64, Ordering::Relaxed);
        let bytes = kept.saturating_add(entries as u64);
        if bytes > limit {
            let advice = "the file's chunk tables overlap, so it is damaged; fetch it again";
            let what = "keeping the entries of chunk tables";
            return Err(Error::new(ErrorKind::TooLarge {
                what,
                bytes,
                limit,
                advice,
            }));
        }
        Ok(())
    }
}
