//! The end of a plan on disk: exactly its tasks, each once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use super::{PARTIALS, PlanFolder, TaskEntry};
use crate::account::Account;
use crate::key::TaskKey;
use crate::partial::{Partial, TrendCounts};
use crate::store::TALLIES;
use crate::strip;
use crate::tile::TilePlan;
use crate::total::Total;
use nutag_problem::{Error, Problem};
use nutag_zonal::TallySet;

/// Lines of a refusal that are printed.
const MOST_LINES: usize = 20;

/// What the merge of a plan found.
#[derive(Debug)]
pub struct Found {
    /// The tallies of the whole area.
    pub tallies: TallySet,
    /// The counts of the trends of all cells, where they are asked for.
    pub trends: Option<TrendCounts>,
    /// What each task was made from, in the order of the plan.
    pub keys: Vec<TaskKey>,
}

impl PlanFolder {
    /// Adds up the partials of the plan. Each is read once, on all threads;
    /// no more than one a thread is in memory.
    ///
    /// # Errors
    /// A partial that is missing, there twice, damaged, of another plan, or
    /// with other cells than planned: all of them, by the name of the task.
    pub fn merge(&self) -> Result<Found, Error> {
        let job = self.job()?;
        let planned: BTreeMap<&str, usize> = (0..)
            .zip(&self.sheet.tasks)
            .map(|(i, task)| (task.digest.as_str(), i))
            .collect();
        let tiles = self.tiles()?;
        let total = Mutex::new(Total::new(&job));
        let files = self.partial_files()?;
        let read: Vec<Result<(usize, TaskKey, &Path), Refusal>> = files
            .par_iter()
            .map(|path| {
                let (key, partial) = read(path)?;
                let Some(index) = planned.get(key.digest()).copied() else {
                    return Err(self.foreign(path, &key));
                };
                let task = &self.sheet.tasks[index];
                self.check_partial(&tiles, task, &key, &partial, path)?;
                total
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .add(&partial)
                    .map_err(|error| Refusal::new(&task.id, error.to_string()))?;
                Ok((index, key, path.as_path()))
            })
            .collect();
        let mut refusals = Vec::new();
        let mut found: BTreeMap<usize, (TaskKey, &Path)> = BTreeMap::new();
        for one in read {
            match one {
                Err(refusal) => refusals.push(refusal),
                Ok((index, key, path)) => {
                    if let Some((_, first)) = found.get(&index) {
                        refusals.push(Refusal::new(
                            &self.sheet.tasks[index].id,
                            format!("there twice, as {} and {}", name(first), name(path)),
                        ));
                    } else {
                        found.insert(index, (key, path));
                    }
                }
            }
        }
        // A task whose partial was refused is not missing too.
        for (index, task) in self.sheet.tasks.iter().enumerate() {
            if !found.contains_key(&index) && !refusals.iter().any(|refusal| refusal.id == task.id)
            {
                refusals.push(Refusal::new(
                    &task.id,
                    "missing: it has left no partial".to_owned(),
                ));
            }
        }
        if !refusals.is_empty() {
            return Err(self.refuse(refusals));
        }
        let total = total
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let outside = self.sheet.outside_regions.iter();
        let outside = outside.map(|(key, cells, area_cm2)| (*key, (*cells, *area_cm2)));
        let (tallies, trends) = total.close(&job, self.sheet.cells, outside)?;
        Ok(Found {
            tallies,
            trends,
            keys: found.into_values().map(|(key, _)| key).collect(),
        })
    }

    /// The files of tallies, in order of their names.
    fn partial_files(&self) -> Result<Vec<PathBuf>, Error> {
        let folder = self.folder.join(PARTIALS);
        let failed = |error: std::io::Error| {
            Problem::new(format!("the folder of partials cannot be read: {error}"))
                .at(folder.display())
                .failed()
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|ending| ending == TALLIES) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// A partial of this plan, and its cells, must be what was planned.
    pub(super) fn check_partial(
        &self,
        tiles: &[TilePlan],
        task: &TaskEntry,
        key: &TaskKey,
        partial: &Partial,
        path: &Path,
    ) -> Result<(), Refusal> {
        let refused = |what: String| Err(Refusal::new(&task.id, what));
        let (tile, piece) = self
            .piece(tiles, task)
            .map_err(|error| Refusal::new(&task.id, error.to_string()))?;
        let account = self.job().and_then(|job| Account::of(job, tile, &piece));
        let account = account.map_err(|error| Refusal::new(&task.id, error.to_string()))?;
        if let Err(what) = account.check(partial) {
            return refused(format!("{} is not what is planned: {what}", name(path)));
        }
        if self.trends.is_none() {
            return Ok(());
        }
        let cells = self.store().cells_path_of(&task.id, &task.digest);
        let checked = std::fs::read(&cells)
            .map_err(|error| error.to_string())
            .and_then(|bytes| {
                strip::check(&bytes, key.digest(), &tile.windows[piece.windows], partial)
                    .map_err(|damage| damage.0)
            });
        match checked {
            Ok(()) => Ok(()),
            Err(what) => refused(format!("damaged: {}, {what}", name(&cells))),
        }
    }

    fn foreign(&self, path: &Path, key: &TaskKey) -> Refusal {
        let id = id_of(path);
        let earlier = self.sheet.tasks.iter().any(|task| task.id == id);
        let of = match key.part("cells") {
            Some(cells) if !earlier => format!(" (it is of {cells})"),
            _ => String::new(),
        };
        Refusal::new(
            &id,
            format!("foreign: {} was made for another plan{of}", name(path)),
        )
    }

    fn refuse(&self, mut refusals: Vec<Refusal>) -> Error {
        refusals.sort();
        let mut lines: Vec<String> = refusals
            .iter()
            .take(MOST_LINES)
            .map(|refusal| format!("  {}: {}", refusal.id, refusal.what))
            .collect();
        if refusals.len() > MOST_LINES {
            lines.push(format!("  and {} more", refusals.len() - MOST_LINES));
        }
        Problem::new(format!(
            "expected exactly the {} planned tasks, each once; found {} that cannot be merged:\n{}",
            self.sheet.tasks.len(),
            refusals.len(),
            lines.join("\n")
        ))
        .at(self.folder.join(PARTIALS).display())
        .advice(
            "`nutag task DIR ID` makes a missing or damaged one again; remove copies and files of other plans",
        )
        .failed()
    }
}

/// Why a partial is not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Refusal {
    /// The task, as far as it is known.
    pub id: String,
    /// What is wrong.
    pub what: String,
}

impl Refusal {
    pub fn new(id: &str, what: String) -> Self {
        Self {
            id: id.to_owned(),
            what,
        }
    }
}

/// Reads a partial.
pub(super) fn read(path: &Path) -> Result<(TaskKey, Partial), Refusal> {
    std::fs::read(path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| Partial::from_bytes(&bytes).map_err(|damage| damage.0))
        .map_err(|what| Refusal::new(&id_of(path), format!("damaged: {}, {what}", name(path))))
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The task that a file's name speaks of; for a file of another name, its name.
fn id_of(path: &Path) -> String {
    let name = name(path);
    let stem = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem);
    let id = stem.rsplit_once('-').map_or(stem, |(id, _)| id);
    id.to_owned()
}
