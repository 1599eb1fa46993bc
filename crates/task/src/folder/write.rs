//! A plan into a folder, tile by tile, so that a large one needs no memory.

use std::fs;
use std::path::{Path, PathBuf};

use nutag_files::{Sight, check_own_folder, own_folder, sha256_bytes, write_whole};
use nutag_problem::{Error, OrProblem, Problem};
use serde::Serialize;

use super::sheet::{PlanSheet, TaskEntry, TileEntry, TileFile};
use super::{FORMAT, MERGE, MERGED, PARTIALS, PLAN, PlanFolder, TILES};
use crate::NUMERIC_VERSION;
use crate::blocks::Cut;
use crate::key::{Inputs, TaskKey};
use crate::keys::{self, Keys};
use crate::partial::PARTIAL_VERSION;
use crate::task::Job;
use crate::tile::TilePlan;

/// A plan folder in the making. It becomes one when [`PlanWriter::finish`]
/// has written `plan.json`, the last of its files.
#[derive(Debug)]
pub struct PlanWriter {
    folder: PathBuf,
    tiles: Vec<TileEntry>,
    tasks: Vec<TaskEntry>,
    cells: u64,
}

/// What a plan has beside its tiles.
#[derive(Debug)]
pub struct FinishSheet<'a> {
    /// The pipeline file, as it was named.
    pub pipeline: String,
    /// The folder that relative paths count from.
    pub from: PathBuf,
    /// Names of the regions.
    pub regions: &'a [String],
    /// Names of the zones of both epochs.
    pub zones: [&'a [String]; 2],
    /// The two epochs.
    pub epochs: [String; 2],
    /// Which cells count.
    pub counting: crate::Counting,
    /// Cells in a zone but in no region, with their area in cm2, by key.
    pub outside_regions: Vec<(u32, u64, u64)>,
    /// What the merge needs to know beside.
    pub merge: Vec<u8>,
}

impl PlanWriter {
    /// Begins a plan folder.
    ///
    /// # Errors
    /// A folder that exists and is not to be overwritten, or holds something
    /// else than a plan; one that cannot be made.
    pub fn begin(folder: &Path, overwrite: bool) -> Result<Self, Error> {
        let asked = |what: String, advice: &str| {
            Problem::new(what)
                .at(folder.display())
                .advice(advice)
                .asked()
        };
        let refused = |error: std::io::Error| {
            asked(
                format!("the plan folder cannot be made: {error}"),
                "choose a place where you may write, with --out",
            )
        };
        let there = check_own_folder(folder, Sight::Usual).map_err(refused)?;
        match fs::read_dir(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(refused(error)),
            Ok(mut entries) => {
                // Without the list it is one that was never finished.
                let finished = folder.join(PLAN).is_file();
                let is_plan = finished || folder.join(TILES).is_dir();
                if finished && !overwrite {
                    return Err(asked(
                        "the plan folder exists".to_owned(),
                        "name another with --out, or plan again with --overwrite: finished tasks that still fit are kept",
                    ));
                }
                if !is_plan && entries.next().is_some() {
                    return Err(asked(
                        "exists and is not a plan folder, so it is not touched".to_owned(),
                        "name another folder with --out",
                    ));
                }
            }
        }
        if !there {
            own_folder(folder, Sight::Private).map_err(refused)?;
        }
        for place in [&folder.join(TILES), &folder.join(PARTIALS)] {
            own_folder(place, Sight::Private).map_err(refused)?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            tiles: Vec::new(),
            tasks: Vec::new(),
            cells: 0,
        })
    }

    /// Puts the keys of a tile into their file before the tile is added, so
    /// that they need no memory meanwhile.
    ///
    /// # Errors
    /// A disk that is full.
    pub fn spill(&self, tile: &mut TilePlan) -> Result<(), Error> {
        self.spilled(tile).map(|_| ())
    }

    /// Spills the keys of a tile, and says the SHA-256 of their file.
    fn spilled(&self, tile: &mut TilePlan) -> Result<String, Error> {
        let path = self.keys_path(&tile.tile.to_string());
        let strip = keys::to_bytes(&*tile.keys.get()?)?;
        write(&path, &strip)?;
        let sha256 = sha256_bytes(&strip);
        tile.keys = Keys::in_file(path, sha256.clone(), tile.keys.cells());
        Ok(sha256)
    }

    fn keys_path(&self, tile: &str) -> PathBuf {
        self.folder.join(TILES).join(format!("{tile}.keys"))
    }

    /// Writes a tile and lists its tasks. Its keys leave the memory: they are
    /// read back from their file if they are asked for.
    ///
    /// # Errors
    /// A disk that is full, a granule that went meanwhile.
    pub fn add(
        &mut self,
        job: &Job<'_>,
        tile: &mut TilePlan,
        inputs: &Inputs,
    ) -> Result<(), Error> {
        let index = self.tiles.len();
        for task in tile.tasks(index) {
            let key = TaskKey::of(job, tile, &task, inputs)?;
            let cells = tile.cells_of(&task, job.target)?;
            self.cells += cells;
            self.tasks.push(TaskEntry {
                id: task.label,
                tile: index,
                digest: key.digest().to_owned(),
                cells,
                bytes: task.stored_bytes,
                whole: matches!(tile.cut, Cut::Whole(_)),
            });
        }
        let tiles = self.folder.join(TILES);
        let keys_sha256 = self.spilled(tile)?;
        let file = TileFile::of(tile, inputs, keys_sha256)?;
        let sha256 = write_json(&tiles.join(format!("{}.json", file.tile)), &file)?;
        self.tiles.push(TileEntry {
            tile: file.tile,
            sha256,
        });
        Ok(())
    }

    /// Writes the list, and removes partials of other plans.
    ///
    /// # Errors
    /// A disk that is full.
    pub fn finish(self, job: &Job<'_>, rest: FinishSheet<'_>) -> Result<PlanFolder, Error> {
        write(&self.folder.join(MERGE), &rest.merge)?;
        let sheet = PlanSheet {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            numeric_version: NUMERIC_VERSION,
            partial_version: PARTIAL_VERSION,
            pipeline: rest.pipeline,
            from: rest.from,
            target: job.target,
            product: job.product.clone(),
            counting: rest.counting,
            trends: job.trends.map(|trends| trends.spec().clone()),
            periods: job.periods.to_vec(),
            regions: rest.regions.to_vec(),
            zones_from: rest.zones[0].to_vec(),
            zones_to: rest.zones[1].to_vec(),
            epochs: rest.epochs,
            cells: self.cells,
            outside_regions: rest.outside_regions,
            tiles: self.tiles,
            tasks: self.tasks,
            merge_sha256: sha256_bytes(&rest.merge),
        };
        write_json(&self.folder.join(PLAN), &sheet)?;
        // Sums of an earlier plan are of no use.
        let _ = fs::remove_dir_all(self.folder.join(MERGED));
        let folder = PlanFolder::open(&self.folder)?;
        folder.remove_foreign();
        Ok(folder)
    }
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_whole(path, bytes).or_failed()
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_vec(value)
        .map_err(|error| Problem::new(format!("a plan cannot be written: {error}")).failed())?;
    write(path, &text)?;
    Ok(sha256_bytes(&text))
}
