//! A plan on disk: tasks run from it on any machine that sees the folder and
//! the granules under the same paths.
//!
//! ```text
//! plan.json              what all tasks share, and their list; written last
//! merge.json             what only the merge needs
//! tiles/h25v04.json      granules with their hashes, blocks
//! tiles/h25v04.keys      zone and region codes on the tile's grid
//! partials/              what finished tasks leave: ID-DIGEST.tally, ID-DIGEST.cells
//! merged/                sums of partials, made on the way by workers
//! ```
//! Every file but those of `partials/` and `merged/` is named in `plan.json`
//! with its SHA-256, so the SHA-256 of `plan.json` is the identity of the plan.

mod merge;
mod merged;
mod sheet;
mod write;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_files::{sha256_bytes, sha256_file};
use nutag_problem::{Crew, Error, OrProblem, Problem, Progress, on_threads, side_by_side};

pub use merge::Found;
pub use merged::Merged;
pub use sheet::{Granule, PlanSheet, TaskEntry, TileFile};
pub use write::{FinishSheet, PlanWriter};

use crate::NUMERIC_VERSION;
use crate::key::TaskKey;
use crate::partial::PARTIAL_VERSION;
use crate::reasons::Reasons;
use crate::store::{PartialStore, Verdict};
use crate::task::{Job, Task};
use crate::tile::TilePlan;
use crate::trends::CellTrends;
use crate::work::Work;

/// Version of the layout of the folder.
const FORMAT: u32 = 2;
const PLAN: &str = "plan.json";
const MERGE: &str = "merge.json";
const TILES: &str = "tiles";
const PARTIALS: &str = "partials";
const MERGED: &str = "merged";

/// A plan on disk, opened.
#[derive(Debug)]
pub struct PlanFolder {
    folder: PathBuf,
    id: String,
    sheet: PlanSheet,
    reasons: Reasons,
    trends: Option<CellTrends>,
}

/// A task that has been done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its name.
    pub id: String,
    /// SHA-256 of the file of its tallies.
    pub sha256: String,
    /// Length of that file.
    pub bytes: u64,
    /// Whether it was there already.
    pub kept: bool,
}

impl PlanFolder {
    /// Opens a plan folder.
    ///
    /// # Errors
    /// A folder that is none, or was made by another version of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let asked = |what: String, advice: &str| {
            Problem::new(what)
                .at(folder.display())
                .advice(advice)
                .asked()
        };
        let path = folder.join(PLAN);
        let bytes = std::fs::read(&path).map_err(|error| {
            asked(
                format!("expected a plan folder; its {PLAN} cannot be read: {error}"),
                "make one with `nutag plan PIPELINE.toml --out DIR`",
            )
        })?;
        let again = "plan again with this program: `nutag plan ... --overwrite`";
        /// What is read before anything else is believed.
        #[derive(serde::Deserialize)]
        struct Head {
            format: u32,
        }
        let head: Result<Head, _> = serde_json::from_slice(&bytes);
        let sheet: PlanSheet = match head {
            Ok(Head { format: FORMAT }) => serde_json::from_slice(&bytes),
            Ok(Head { format }) => {
                return Err(asked(
                    format!("expected a plan of layout {FORMAT}, found {format}"),
                    again,
                ));
            }
            Err(error) => Err(error),
        }
        .map_err(|error| asked(format!("{PLAN} is damaged: {error}"), again))?;
        if (sheet.numeric_version, sheet.partial_version) != (NUMERIC_VERSION, PARTIAL_VERSION) {
            return Err(asked(
                format!(
                    "the plan was made by version {} (numbers {}, partials {}); this program has numbers {NUMERIC_VERSION}, partials {PARTIAL_VERSION}",
                    sheet.program, sheet.numeric_version, sheet.partial_version
                ),
                again,
            ));
        }
        let reasons = Reasons::new(sheet.counting, &sheet.product)?;
        let trends = sheet
            .trends
            .clone()
            .map(|spec| CellTrends::new(spec, &sheet.product))
            .transpose()?;
        let keys = sheet.space()?.len();
        if let Some((key, ..)) = sheet.outside_regions.iter().find(|(key, ..)| *key >= keys) {
            return Err(asked(
                format!("{PLAN} is damaged: it has cells of key {key}, and {keys} keys"),
                again,
            ));
        }
        if sheet
            .trends
            .as_ref()
            .is_some_and(|t| t.years.len() != sheet.periods.len())
        {
            return Err(asked(
                format!("{PLAN} is damaged: a trend of other periods than the plan has"),
                again,
            ));
        }
        Ok(Self {
            folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()),
            id: sha256_bytes(&bytes),
            sheet,
            reasons,
            trends,
        })
    }

    /// SHA-256 of `plan.json`, which names all else.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// What it says.
    #[must_use]
    pub fn sheet(&self) -> &PlanSheet {
        &self.sheet
    }

    /// What counts, and why the rest does not.
    #[must_use]
    pub fn reasons(&self) -> &Reasons {
        &self.reasons
    }

    /// The finished tasks.
    #[must_use]
    pub fn store(&self) -> PartialStore {
        PartialStore::existing(&self.folder.join(PARTIALS))
    }

    /// What its tasks share.
    ///
    /// # Errors
    /// Lists that are longer than a key can say.
    pub fn job(&self) -> Result<Job<'_>, Error> {
        Ok(Job {
            product: &self.sheet.product,
            reasons: &self.reasons,
            target: self.sheet.target,
            space: self.sheet.space()?,
            periods: &self.sheet.periods,
            trends: self.trends.as_ref(),
        })
    }

    /// The names of tasks that have left no partial yet.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let store = self.store();
        let done = |task: &&TaskEntry| {
            store.path_of(&task.id, &task.digest).is_file()
                && (self.trends.is_none() || store.cells_path_of(&task.id, &task.digest).is_file())
        };
        let tasks = self.sheet.tasks.iter().filter(|task| !done(task));
        tasks.map(|task| task.id.as_str()).collect()
    }

    /// Part `part` of `parts` equal shares of the tasks, counted from 1, as
    /// array jobs want them.
    ///
    /// # Errors
    /// A part that is none of them.
    pub fn share(&self, part: usize, parts: usize) -> Result<Vec<&str>, Error> {
        if part == 0 || part > parts {
            return Err(Problem::new(format!(
                "there is no part {part} of {parts}; parts count from 1"
            ))
            .at("--part")
            .asked());
        }
        let tasks = self.sheet.tasks.iter().skip(part - 1).step_by(parts);
        Ok(tasks.map(|task| task.id.as_str()).collect())
    }

    /// What the merge needs to know beside.
    ///
    /// # Errors
    /// A file that is gone or another.
    pub fn merge_sheet(&self) -> Result<Vec<u8>, Error> {
        self.planned_file(&self.folder.join(MERGE), &self.sheet.merge_sha256)
    }

    /// All tiles, with the paths of granules as they were named. Their keys
    /// are read when they are asked for.
    ///
    /// # Errors
    /// A file of the plan that is gone or another.
    pub fn tiles(&self) -> Result<Vec<TilePlan>, Error> {
        (0..self.sheet.tiles.len())
            .map(|index| Ok(self.tile(index, Path::new(""))?.0))
            .collect()
    }

    fn tile(&self, index: usize, from: &Path) -> Result<(TilePlan, TileFile), Error> {
        let entry = self.sheet.tiles.get(index).ok_or_else(|| {
            Problem::new(format!("{PLAN} lists no tile {index}"))
                .at(self.folder.display())
                .failed()
        })?;
        let tiles = self.folder.join(TILES);
        let path = tiles.join(format!("{}.json", entry.tile));
        let bytes = self.planned_file(&path, &entry.sha256)?;
        let file: TileFile = serde_json::from_slice(&bytes)
            .or_problem()
            .map_err(|problem| problem.at(path.display()).failed())?;
        if file.granules.len() != self.sheet.periods.len() {
            return Err(Problem::new(format!(
                "the tile {} has granules of {} periods, the plan has {}",
                file.tile,
                file.granules.len(),
                self.sheet.periods.len()
            ))
            .at(path.display())
            .failed());
        }
        let keys = tiles.join(format!("{}.keys", entry.tile));
        let plan = file.plan(self.sheet.target, &self.sheet.product, keys, from)?;
        Ok((plan, file))
    }

    /// A task of the list with its tile.
    fn piece<'a>(
        &self,
        tiles: &'a [TilePlan],
        entry: &TaskEntry,
    ) -> Result<(&'a TilePlan, Task), Error> {
        let tile = tiles.get(entry.tile).ok_or_else(|| {
            Problem::new(format!("{PLAN} lists no tile {}", entry.tile))
                .at(self.folder.display())
                .failed()
        })?;
        Ok((tile, self.task_of(tile, entry)?))
    }

    fn task_of(&self, tile: &TilePlan, entry: &TaskEntry) -> Result<Task, Error> {
        let mut tasks = tile.tasks(entry.tile).into_iter();
        tasks.find(|task| task.label == entry.id).ok_or_else(|| {
            Problem::new(format!(
                "the tile {} has no task \"{}\"",
                tile.tile, entry.id
            ))
            .at(self.folder.display())
            .failed()
        })
    }

    /// Reads a file that `plan.json` names.
    fn planned_file(&self, path: &Path, sha256: &str) -> Result<Vec<u8>, Error> {
        let broken = |what: String| {
            Problem::new(what)
                .at(path.display())
                .advice("is the plan just being made again? If not, `nutag plan ... --overwrite`; finished tasks are kept")
                .failed()
        };
        let bytes = std::fs::read(path)
            .map_err(|error| broken(format!("a file of the plan cannot be read: {error}")))?;
        if sha256_bytes(&bytes) != sha256 {
            return Err(broken(format!(
                "this file is not the one that {PLAN} names"
            )));
        }
        Ok(bytes)
    }

    /// The place of a task in the list.
    ///
    /// # Errors
    /// A name that is none of the plan's.
    pub fn find(&self, id: &str) -> Result<&TaskEntry, Error> {
        self.sheet
            .tasks
            .iter()
            .find(|task| task.id == id)
            .ok_or_else(|| {
                let tasks = &self.sheet.tasks;
                let names = match (tasks.first(), tasks.last()) {
                    (Some(first), Some(last)) => {
                        format!("it has {} tasks, {} to {}", tasks.len(), first.id, last.id)
                    }
                    _ => "it has none".to_owned(),
                };
                Problem::new(format!("the plan has no task \"{id}\"; {names}"))
                    .at(self.folder.display())
                    .advice("`nutag task DIR --list` prints those that are to be done")
                    .asked()
            })
    }

    /// Does a task, unless it is done, and leaves its partial in the folder.
    /// It uses the threads that it is called on.
    ///
    /// # Errors
    /// A name that is none of the plan's, a granule that is not what was
    /// planned or is damaged, a disk that is full, a stop.
    pub fn run(&self, id: &str, progress: &dyn Progress, stop: &AtomicBool) -> Result<Done, Error> {
        self.run_on(Crew::here(), id, progress, stop)
    }

    fn run_on(
        &self,
        crew: Crew<'_>,
        id: &str,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<Done, Error> {
        let of_task = |error: Error| error.in_task(id);
        let entry = self.find(id)?;
        let from = &self.sheet.from;
        let (tile, file) = self.tile(entry.tile, from).map_err(of_task)?;
        let task = self.task_of(&tile, entry)?;
        let job = self.job()?;
        let key = TaskKey::of(&job, &tile, &task, &file.inputs(from)).map_err(of_task)?;
        if key.digest() != entry.digest {
            let other = Problem::new("what the task would be made from is not what was planned")
                .at(self.folder.display())
                .advice("plan again with `nutag plan ... --overwrite`; finished tasks are kept");
            return Err(of_task(other.failed()));
        }
        let store = PartialStore::open(&self.folder.join(PARTIALS)).map_err(of_task)?;
        let (_, verdict) = store
            .load(&job, &tile, &task, &key, job.trends.is_some())
            .map_err(of_task)?;
        let kept = verdict == Verdict::Kept;
        if kept {
            progress.advance(task.stored_bytes);
        } else {
            let work = Work::new(job, progress, stop);
            self.make(&work, crew, &tile, &task, &key, &file)
                .map_err(of_task)?;
        }
        let path = store.tallies_path(&task, &key);
        let lost = |error: std::io::Error| {
            of_task(
                Problem::new(format!("its partial cannot be read back: {error}"))
                    .at(path.display())
                    .failed(),
            )
        };
        Ok(Done {
            id: id.to_owned(),
            sha256: sha256_file(&path).map_err(lost)?,
            bytes: std::fs::metadata(&path).map_err(lost)?.len(),
            kept,
        })
    }

    /// Does tasks on some threads, each as [`PlanFolder::run`] does it. One
    /// that fails harms no other. Tasks whose layers are read whole run one
    /// after another, so that memory does not grow with the number of threads.
    ///
    /// # Errors
    /// Threads that cannot be started. What became of each task is in the
    /// list, in the order of `ids`.
    pub fn run_all(
        &self,
        ids: &[String],
        threads: Option<u16>,
        progress: &dyn Progress,
        stop: &AtomicBool,
        tell: &(dyn Fn(&Result<Done, Error>) + Sync),
    ) -> Result<Vec<Result<Done, Error>>, Error> {
        let whole = |id: &str| self.find(id).is_ok_and(|task| task.whole);
        let run = |id: &String, crew: Crew<'_>| {
            let done = self.run_on(crew, id, progress, stop);
            tell(&done);
            done
        };
        on_threads(threads, || {
            let (alone, beside): (Vec<usize>, Vec<usize>) =
                (0..ids.len()).partition(|i| whole(&ids[*i]));
            let mut done: Vec<(usize, Result<Done, Error>)> =
                side_by_side(&beside, |i, crew| Ok::<_, Error>((*i, run(&ids[*i], crew))))?;
            let here = alone.into_iter().map(|i| (i, run(&ids[i], Crew::here())));
            done.extend(here);
            done.sort_by_key(|(i, _)| *i);
            Ok(done.into_iter().map(|(_, done)| done).collect())
        })?
    }

    fn make(
        &self,
        work: &Work<'_>,
        crew: Crew<'_>,
        tile: &TilePlan,
        task: &Task,
        key: &TaskKey,
        file: &TileFile,
    ) -> Result<(), Error> {
        let check = || {
            let mut granules = file.granules.iter().flatten();
            granules.try_for_each(|granule| granule.check(&self.sheet.from))
        };
        check()?;
        let done = work.run(tile, task, crew)?;
        // What changed while it was read must not become a partial.
        check()?;
        self.store()
            .save(task, key, &done.partial, done.cells.as_deref())
    }

    /// Removes partials of tasks that the plan does not have.
    fn remove_foreign(&self) {
        let tasks = self.sheet.tasks.iter();
        self.store()
            .keep_only(tasks.map(|task| (task.id.as_str(), task.digest.as_str())));
    }
}
