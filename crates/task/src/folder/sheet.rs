//! What a plan on disk says: JSON, so that people and other programs can read it.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use nutag_granules::granule::{GranuleFile, Period};
use nutag_granules::product::Product;
use nutag_grid::{Shape, TileId, Window};
use nutag_problem::{Error, Problem};
use nutag_zonal::KeySpace;
use serde::{Deserialize, Serialize};

use crate::blocks::Cut;
use crate::key::Inputs;
use crate::keys::Keys;
use crate::reasons::Counting;
use crate::tile::{Target, TilePlan, grid_of, row_areas_cm2, tile_grid};
use crate::trends::TrendSpec;

/// `plan.json`: what all tasks share, and their list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanSheet {
    /// Version of this layout.
    pub format: u32,
    /// Version of the program that planned.
    pub program: String,
    /// Version of the rules that move numbers.
    pub numeric_version: u32,
    /// Version of the partials.
    pub partial_version: u32,
    /// The pipeline file, as it was named.
    pub pipeline: String,
    /// The folder that relative paths count from: where the plan was made.
    pub from: PathBuf,
    /// On which grid cells are counted.
    pub target: Target,
    /// The layer that is read.
    pub product: Product,
    /// Which of its cells count.
    pub counting: Counting,
    /// What is asked of the trends of cells, if anything.
    pub trends: Option<TrendSpec>,
    /// The periods, in order of time.
    pub periods: Vec<Period>,
    /// Names of the regions, in the order of keys.
    pub regions: Vec<String>,
    /// Names of the zones of the first epoch, in the order of keys.
    pub zones_from: Vec<String>,
    /// Names of the zones of the second epoch.
    pub zones_to: Vec<String>,
    /// The two epochs.
    pub epochs: [String; 2],
    /// Cells of the area of interest: what all tasks together must visit.
    pub cells: u64,
    /// Cells in a zone but in no region, with their area in cm2, by key.
    pub outside_regions: Vec<(u32, u64, u64)>,
    /// The tiles, in the order of the plan.
    pub tiles: Vec<TileEntry>,
    /// The tasks.
    pub tasks: Vec<TaskEntry>,
    /// SHA-256 of `merge.json`, which only the merge reads.
    pub merge_sha256: String,
}

/// A tile in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileEntry {
    /// Such as `h25v04`; `tiles/h25v04.json` and `tiles/h25v04.keys` are its files.
    pub tile: String,
    /// SHA-256 of `tiles/h25v04.json`.
    pub sha256: String,
}

/// A task in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEntry {
    /// Its name, such as `h25v04-r00000`.
    pub id: String,
    /// Index of its tile.
    pub tile: usize,
    /// SHA-256 of what it is made from. Its partial carries it.
    pub digest: String,
    /// Cells of interest that it must visit.
    pub cells: u64,
    /// Bytes that it reads from granules.
    pub bytes: u64,
    /// Whether the layers of its tile can only be read whole: it then needs
    /// memory for all cells of the tile in all periods.
    pub whole: bool,
}

impl PlanSheet {
    /// Sizes of the lists that keys are made of.
    ///
    /// # Errors
    /// Lists that are longer than a key can say.
    pub fn space(&self) -> Result<KeySpace, Error> {
        let len = |names: &[String]| {
            u16::try_from(names.len())
                .map_err(|_| Problem::new("a list of names is too long").failed())
        };
        KeySpace::new(
            len(&self.regions)?,
            len(&self.zones_from)?,
            len(&self.zones_to)?,
        )
        .map_err(|error| Problem::new(error.to_string()).failed())
    }
}

/// `tiles/h25v04.json`: what the tasks of a tile need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileFile {
    /// Such as `h25v04`.
    pub tile: String,
    /// Whether its layers are read whole.
    pub whole: bool,
    /// Rows and columns of a block.
    pub block: [usize; 2],
    /// The blocks: first row, first column, rows, columns.
    pub windows: Vec<[usize; 4]>,
    /// Bytes that are read from its granules.
    pub stored_bytes: u64,
    /// Area of its cells of interest.
    pub area_cm2: u64,
    /// Cells of interest.
    pub cells: u64,
    /// SHA-256 of the file of its keys.
    pub keys_sha256: String,
    /// The area that a cell of each row counts as, in cm2: the same on every machine, whatever its
    /// mathematics.
    pub row_areas_cm2: Vec<u64>,
    /// The granule of each period, `null` where it is missing.
    pub granules: Vec<Option<Granule>>,
}

/// A granule as it was when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granule {
    /// Where it is.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified_ns: u64,
    /// SHA-256 of its content.
    pub sha256: String,
}

impl Granule {
    /// A granule with a known hash, as it is now.
    ///
    /// # Errors
    /// What the system says.
    pub fn now(path: PathBuf, sha256: &str) -> std::io::Result<Self> {
        let metadata = std::fs::metadata(&path)?;
        let since = metadata.modified()?.duration_since(UNIX_EPOCH);
        let nanoseconds = since.map_or(0, |since| since.as_nanos());
        Ok(Self {
            path,
            bytes: metadata.len(),
            modified_ns: u64::try_from(nanoseconds).unwrap_or(u64::MAX),
            sha256: sha256.to_owned(),
        })
    }

    /// Whether it is what was planned: by length and time, and where those
    /// differ, as they do for a copy, by content.
    ///
    /// # Errors
    /// A granule that is gone or another.
    pub(crate) fn check(&self, from: &Path) -> Result<(), Error> {
        let path = from.join(&self.path);
        let refused = |what: String| {
            Problem::new(what)
                .at(path.display())
                .advice(
                    "bring the file back, or plan again with `nutag plan ... --overwrite`; \
                     finished tasks that it does not touch are kept",
                )
                .failed()
        };
        let gone = |error: std::io::Error| {
            refused(format!(
                "this granule was planned and cannot be read: {error}"
            ))
        };
        let now = Self::now(path.clone(), &self.sha256).map_err(gone)?;
        if (now.bytes, now.modified_ns) == (self.bytes, self.modified_ns) {
            return Ok(());
        }
        let found = nutag_files::sha256_file(&path).map_err(gone)?;
        if found == self.sha256 {
            return Ok(());
        }
        Err(refused(format!(
            "this granule changed after the plan was made: expected {} bytes with SHA-256 {}..., found {} bytes with {}...",
            self.bytes,
            short(&self.sha256),
            now.bytes,
            short(&found)
        )))
    }
}

/// The beginning of a hash, whatever a plan gives for one.
fn short(sha256: &str) -> String {
    sha256.chars().take(12).collect()
}

impl TileFile {
    /// Of a tile with the hashes of its granules.
    ///
    /// # Errors
    /// A granule that went meanwhile.
    pub(crate) fn of(tile: &TilePlan, inputs: &Inputs, keys_sha256: String) -> Result<Self, Error> {
        let granule = |file: &GranuleFile| {
            Granule::now(file.path.clone(), inputs.sha256(&file.path)?).map_err(|error| {
                Problem::new(format!("cannot be read any more: {error}"))
                    .at(file.path.display())
                    .failed()
            })
        };
        let (whole, block) = match tile.cut {
            Cut::Whole(block) => (true, block),
            Cut::Blocks(block) => (false, block),
        };
        Ok(Self {
            tile: tile.tile.to_string(),
            whole,
            block: [block.rows, block.cols],
            windows: tile
                .windows
                .iter()
                .map(|w| [w.row0, w.col0, w.rows, w.cols])
                .collect(),
            stored_bytes: tile.stored_bytes,
            area_cm2: tile.area_cm2,
            cells: tile.keys.cells(),
            keys_sha256,
            row_areas_cm2: tile.row_areas_cm2.clone(),
            granules: tile
                .granules
                .iter()
                .map(|file| file.as_ref().map(granule).transpose())
                .collect::<Result<_, _>>()?,
        })
    }

    /// The tile, with its keys in a file; paths of granules count from `from`.
    ///
    /// # Errors
    /// A name that no tile or granule has.
    pub(crate) fn plan(
        &self,
        target: Target,
        product: &Product,
        keys: PathBuf,
        from: &Path,
    ) -> Result<TilePlan, Error> {
        let wrong = |what: String| Problem::new(what).failed();
        let tile: TileId = self.tile.parse().map_err(|e| wrong(format!("{e}")))?;
        let native = tile_grid(tile, product)?;
        let (grid, _) = grid_of(&native, target)?;
        if self.row_areas_cm2.len() != grid.shape().rows {
            return Err(wrong(format!(
                "the tile {tile} has {} rows, and the areas of {}",
                grid.shape().rows,
                self.row_areas_cm2.len()
            )));
        }
        self.check_areas(&row_areas_cm2(target, &grid))
            .map_err(wrong)?;
        self.check_windows(native.shape()).map_err(wrong)?;
        let [rows, cols] = self.block;
        let block = Shape { rows, cols };
        let granule = |granule: &Granule| {
            let name = granule.path.file_name().and_then(|name| name.to_str());
            let name = name.unwrap_or_default().parse();
            Ok(GranuleFile {
                name: name.map_err(|e| wrong(format!("{}: {e}", granule.path.display())))?,
                path: from.join(&granule.path),
            })
        };
        Ok(TilePlan {
            tile,
            native,
            grid,
            keys: Keys::in_file(keys, self.keys_sha256.clone(), self.cells),
            row_areas_cm2: self.row_areas_cm2.clone(),
            granules: self
                .granules
                .iter()
                .map(|file| file.as_ref().map(granule).transpose())
                .collect::<Result<_, Error>>()?,
            cut: if self.whole {
                Cut::Whole(block)
            } else {
                Cut::Blocks(block)
            },
            windows: self
                .windows
                .iter()
                .map(|[row0, col0, rows, cols]| Window {
                    row0: *row0,
                    col0: *col0,
                    rows: *rows,
                    cols: *cols,
                })
                .collect(),
            stored_bytes: self.stored_bytes,
            area_cm2: self.area_cm2,
        })
    }

    /// The areas of cells are those of the grid, to the last place of whatever mathematics made them.
    fn check_areas(&self, of_grid: &[u64]) -> Result<(), String> {
        let mut rows = self.row_areas_cm2.iter().zip(of_grid).enumerate();
        match rows.find(|(_, (said, is))| said.abs_diff(**is) > 1) {
            None => Ok(()),
            Some((row, (said, is))) => Err(format!(
                "the tile {}: a cell of row {row} has {is} cm2, and {said} in the plan",
                self.tile
            )),
        }
    }

    /// Blocks and windows are inside the tile, and none is empty.
    fn check_windows(&self, tile: Shape) -> Result<(), String> {
        let inside = |first: usize, count: usize, all: usize| {
            count > 0 && first.checked_add(count).is_some_and(|end| end <= all)
        };
        let [rows, cols] = self.block;
        if !inside(0, rows, tile.rows) || !inside(0, cols, tile.cols) {
            return Err(format!(
                "the tile {} of {} x {} cells has blocks of {rows} x {cols}",
                self.tile, tile.rows, tile.cols
            ));
        }
        let outside = self.windows.iter().find(|[row0, col0, rows, cols]| {
            !inside(*row0, *rows, tile.rows) || !inside(*col0, *cols, tile.cols)
        });
        match outside {
            None => Ok(()),
            Some(window) => Err(format!(
                "the tile {} of {} x {} cells has no window {window:?}",
                self.tile, tile.rows, tile.cols
            )),
        }
    }

    /// The hashes of its granules.
    pub(crate) fn inputs(&self, from: &Path) -> Inputs {
        let granules = self.granules.iter().flatten();
        Inputs::of(granules.map(|granule| (from.join(&granule.path), granule.sha256.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_granule_is_told_whatever_its_hash_is_made_of() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.hdf"), "x").unwrap();
        for sha256 in ["", "ab", "\u{436}\u{1f40e}\u{436}\u{1f40e}\u{436}\u{1f40e}"] {
            let granule = Granule {
                path: PathBuf::from("a.hdf"),
                bytes: 2,
                modified_ns: 0,
                sha256: sha256.to_owned(),
            };
            let said = granule.check(folder.path()).unwrap_err().to_string();
            assert!(said.contains("changed after the plan was made"), "{said}");
        }
    }
}
