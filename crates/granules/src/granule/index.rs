//! A folder of granules as a series: one file for each tile and date.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::{Path, PathBuf};

use nutag_grid::TileId;

use super::{AcquisitionDate, GranuleName};
use crate::product::{PeriodKind, Product};

/// One granule on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GranuleFile {
    /// What its name says.
    pub name: GranuleName,
    /// Where it is.
    pub path: PathBuf,
}

/// The granules of one product in a folder: for each tile and date the newest production.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GranuleIndex {
    granules: BTreeMap<(TileId, AcquisitionDate), GranuleFile>,
    /// Older productions and second copies, in order of name and path. They are not used.
    pub superseded: Vec<GranuleFile>,
    /// How many granules of each other product lie beside them, by id.
    pub other_products: BTreeMap<String, usize>,
    /// How many files are no granules by their name, or stand for no period of the product.
    pub other_files: usize,
    /// What has the name of a granule of the product and is no file that can be read from end to end: a
    /// pipe, a socket, a link to nothing.
    pub not_files: Vec<PathBuf>,
}

/// Why a folder of granules cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// Neither a folder nor a pattern.
    #[error(
        "{path}: expected a folder of granules, or a pattern such as data/*/MOD17*.hdf; there is no such folder"
    )]
    NoSuchFolder {
        /// What was given.
        path: PathBuf,
    },
    /// A pattern that cannot be read.
    #[error("{pattern}: expected a file pattern (* ? [a-z] **): {reason}")]
    Pattern {
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder could not be read.
    #[error("{path}: the folder cannot be read: {source}")]
    Read {
        /// The folder or entry.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Granules of another collection of the product.
    #[error(
        "expected one collection, {expected}, in one series, found also {found} ({example}); \
         collections differ in model and mask and cannot be mixed: keep one in the folder, or name one in the pattern"
    )]
    MixedCollections {
        /// Id of the product that was asked for.
        expected: String,
        /// Id of the other.
        found: String,
        /// A file of the other collection.
        example: PathBuf,
    },
    /// Granules of only another collection.
    #[error(
        "expected granules of {expected}, found only {found} ({example}); change `product` or get the right files"
    )]
    OtherCollection {
        /// Id of the product that was asked for.
        expected: String,
        /// Ids that are there.
        found: String,
        /// A file of them.
        example: PathBuf,
    },
    /// Two files of one name that are not the same.
    #[error(
        "expected one content under one name, found two: {first} and {second}; \
         one of them is damaged or was renamed: get the granule again and keep one"
    )]
    Copies {
        /// One of the two.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// An annual product, and no granule dated at the start of a year.
    #[error(
        "{path}: expected day 001 in the A-date of an annual product, found {found}; is `period` right?"
    )]
    NotAnnual {
        /// The file.
        path: PathBuf,
        /// Its date.
        found: AcquisitionDate,
    },
}

impl GranuleIndex {
    /// Looks through a folder (not its subfolders) or the files that match a pattern. Only names are
    /// looked at; nothing is opened.
    ///
    /// # Errors
    /// [`IndexError`] when there is no such folder, when it cannot be read, or when granules of several
    /// collections of the product lie in it.
    pub fn scan(source: &Path, product: &Product) -> Result<Self, IndexError> {
        let mut index = Self::default();
        let mut within_year = None;
        let mut files = Vec::new();
        let mut other_collections: BTreeMap<String, PathBuf> = BTreeMap::new();
        for path in list(source)? {
            let parsed = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(|name| name.parse().ok());
            let Some(name): Option<GranuleName> = parsed else {
                index.other_files += 1;
                continue;
            };
            let id = format!("{}.{}", name.short_name, name.collection);
            if name.short_name != product.short_name {
                *index.other_products.entry(id).or_default() += 1;
            } else if name.collection != product.collection {
                other_collections.entry(id).or_insert(path);
            } else if product.period == PeriodKind::Year && name.date.day_of_year() != 1 {
                // No year asks for it; it matters only where it is all there is.
                index.other_files += 1;
                within_year = within_year.or(Some((path, name.date)));
            } else if !path.is_file() {
                index.not_files.push(path);
            } else {
                files.push(GranuleFile { name, path });
            }
        }
        if let Some((found, example)) = other_collections.first_key_value() {
            let (expected, found, example) = (product.id(), found.clone(), example.clone());
            return Err(if files.is_empty() {
                IndexError::OtherCollection {
                    expected,
                    found,
                    example,
                }
            } else {
                IndexError::MixedCollections {
                    expected,
                    found,
                    example,
                }
            });
        }
        if let (true, Some((path, found))) = (files.is_empty(), within_year) {
            return Err(IndexError::NotAnnual { path, found });
        }
        index.not_files.sort();
        // Newest first, and of two copies the one with the first path: the order of listing cannot matter.
        files.sort_by(|a, b| {
            b.name
                .production
                .cmp(&a.name.production)
                .then_with(|| a.path.cmp(&b.path))
        });
        for file in files {
            let key = (file.name.tile, file.name.date);
            match index.granules.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(file);
                }
                Entry::Occupied(_) => index.superseded.push(file),
            }
        }
        index.superseded.sort();
        Ok(index)
    }

    /// Number of granules that would be used.
    #[must_use]
    pub fn len(&self) -> usize {
        self.granules.len()
    }

    /// Whether there is no granule of the product.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.granules.is_empty()
    }

    /// The granule of a tile and date.
    #[must_use]
    pub fn get(&self, tile: TileId, date: AcquisitionDate) -> Option<&GranuleFile> {
        self.granules.get(&(tile, date))
    }

    /// Compares the granule of a tile and date with every other file of its name, as a pattern over several
    /// folders may find. Reads them whole, but only where there are several.
    ///
    /// # Errors
    /// Returns [`IndexError::Copies`] for two that differ, [`IndexError::Read`] for one that cannot be read.
    pub fn compare_copies(&self, tile: TileId, date: AcquisitionDate) -> Result<(), IndexError> {
        let Some(used) = self.get(tile, date) else {
            return Ok(());
        };
        for copy in self.superseded.iter().filter(|file| file.name == used.name) {
            let same = same_content(&used.path, &copy.path).map_err(|source| IndexError::Read {
                path: copy.path.clone(),
                source,
            })?;
            if !same {
                return Err(IndexError::Copies {
                    first: used.path.clone(),
                    second: copy.path.clone(),
                });
            }
        }
        Ok(())
    }

    /// The granules, by tile (north to south, west to east), then date.
    pub fn granules(&self) -> impl Iterator<Item = &GranuleFile> {
        self.granules.values()
    }

    /// Every tile that has a granule.
    #[must_use]
    pub fn tiles(&self) -> BTreeSet<TileId> {
        self.granules.keys().map(|(tile, _)| *tile).collect()
    }

    /// Every date that has a granule, in order of time.
    #[must_use]
    pub fn dates(&self) -> BTreeSet<AcquisitionDate> {
        self.granules.keys().map(|(_, date)| *date).collect()
    }

    /// The wanted granules that are not there, by tile, then date.
    #[must_use]
    pub fn missing(
        &self,
        tiles: impl IntoIterator<Item = TileId>,
        dates: &[AcquisitionDate],
    ) -> Vec<(TileId, AcquisitionDate)> {
        let wanted = tiles
            .into_iter()
            .flat_map(|tile| dates.iter().map(move |date| (tile, *date)));
        let missing: BTreeSet<_> = wanted
            .filter(|key| !self.granules.contains_key(key))
            .collect();
        missing.into_iter().collect()
    }
}

fn same_content(first: &Path, second: &Path) -> std::io::Result<bool> {
    let [first, second] = [first, second].map(std::fs::File::open);
    let (first, second) = (first?, second?);
    if first.metadata()?.len() != second.metadata()?.len() {
        return Ok(false);
    }
    let [mut first, mut second] = [first, second].map(std::io::BufReader::new);
    loop {
        let (a, b) = (first.fill_buf()?, second.fill_buf()?);
        let length = a.len().min(b.len());
        if a[..length] != b[..length] {
            return Ok(false);
        }
        if length == 0 {
            return Ok(a.len() == b.len());
        }
        first.consume(length);
        second.consume(length);
    }
}

/// The files of a folder or pattern.
fn list(source: &Path) -> Result<Vec<PathBuf>, IndexError> {
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |source| IndexError::Read { path, source }
    };
    if source.is_dir() {
        let entries = source.read_dir().map_err(read_error(source))?;
        let paths =
            entries.map(|entry| entry.map(|entry| entry.path()).map_err(read_error(source)));
        return paths
            .filter(|path| !matches!(path, Ok(path) if path.is_dir()))
            .collect();
    }
    let text = source.to_string_lossy();
    if !text.contains(['*', '?', '[']) {
        return Err(IndexError::NoSuchFolder {
            path: source.to_owned(),
        });
    }
    let matches = glob::glob(&text).map_err(|error| IndexError::Pattern {
        pattern: text.to_string(),
        reason: error.msg.to_owned(),
    })?;
    let mut paths = Vec::new();
    for path in matches {
        let path = path.map_err(|error| {
            let path = error.path().to_owned();
            IndexError::Read {
                path,
                source: error.into(),
            }
        })?;
        if !path.is_dir() {
            paths.push(path);
        }
    }
    Ok(paths)
}
