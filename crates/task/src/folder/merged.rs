//! Sums of some tasks of a plan, as workers make them on the way: only names
//! and checksums travel, never tallies.
//!
//! ```text
//! "NUTAGSUM"  version  id of the plan  tasks  length of the body  body (LZ4)  SHA-256 of all before
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use nutag_files::{Sight, own_folder, sha256_bytes};
use nutag_problem::{Error, Problem};

use super::merge::read;
use super::write::write;
use super::{MERGED, PlanFolder};
use crate::account::Account;
use crate::codec::{Damage, Reader, Writer};
use crate::partial::{Partial, seal, unseal};
use crate::total::Total;

const MAGIC: &[u8; 8] = b"NUTAGSUM";
const VERSION: u32 = 1;
const ENDING: &str = "sum";

/// The sum of some tasks of a plan, on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// Its name, which follows from the tasks in it.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Length of its file.
    pub bytes: u64,
    /// The tasks in it, in order of their names.
    pub tasks: Vec<String>,
    /// Their sum.
    pub sum: Partial,
}

impl PlanFolder {
    /// Where a sum is, or would be.
    #[must_use]
    pub fn merged_path(&self, name: &str) -> PathBuf {
        self.folder.join(MERGED).join(format!("{name}.{ENDING}"))
    }

    /// Adds up the partials of some tasks and keeps the sum.
    ///
    /// # Errors
    /// A task that is none of the plan's or is given twice, a partial that is
    /// missing, damaged or of another plan, a disk that is full.
    pub fn merge_tasks(&self, ids: &[String]) -> Result<Merged, Error> {
        let job = self.job()?;
        let store = self.store();
        let tiles = self.tiles()?;
        let mut total = Total::new(&job);
        let mut tasks = BTreeSet::new();
        for id in ids {
            let task = self.find(id)?;
            let path = store.path_of(&task.id, &task.digest);
            let refused = |what: String| {
                Problem::new(format!("the task {id} cannot be merged: {what}"))
                    .at(path.display())
                    .advice("`nutag task DIR ID` makes it again")
                    .failed()
            };
            let (key, partial) = read(&path).map_err(|refusal| refused(refusal.what))?;
            if key.digest() != task.digest {
                return Err(refused("foreign: it was made for another plan".to_owned()));
            }
            self.check_partial(&tiles, task, &key, &partial, &path)
                .map_err(|refusal| refused(refusal.what))?;
            if !tasks.insert(id.clone()) {
                return Err(twice(id));
            }
            total.add(&partial)?;
        }
        self.keep(tasks, total)
    }

    /// Adds up sums and keeps the new one.
    ///
    /// # Errors
    /// A sum that is missing, damaged or of another plan, a task that is in
    /// two of them, a disk that is full.
    pub fn merge_merged(&self, names: &[String]) -> Result<Merged, Error> {
        let mut total = Total::new(&self.job()?);
        let mut tasks = BTreeSet::new();
        for name in names {
            let merged = self.merged(name)?;
            total.add(&merged.sum)?;
            for id in merged.tasks {
                if !tasks.insert(id.clone()) {
                    return Err(twice(&id));
                }
            }
        }
        self.keep(tasks, total)
    }

    /// Reads a sum.
    ///
    /// # Errors
    /// One that is missing, damaged or of another plan.
    pub fn merged(&self, name: &str) -> Result<Merged, Error> {
        let path = self.merged_path(name);
        let refused = |what: String| {
            Problem::new(format!("a sum of tasks cannot be read: {what}"))
                .at(path.display())
                .advice("merge again; partials are still there")
                .failed()
        };
        let bytes = fs::read(&path).map_err(|error| refused(error.to_string()))?;
        let (tasks, sum) = self.sum_of(&bytes).map_err(|damage| refused(damage.0))?;
        let tiles = self.tiles()?;
        let mut account = Account::empty(self.job()?);
        for (i, id) in tasks.iter().enumerate() {
            if tasks[..i].contains(id) {
                return Err(refused(format!("it has the task {id} twice")));
            }
            let (tile, piece) = self.piece(&tiles, self.find(id)?)?;
            account.add(tile, &piece)?;
        }
        account
            .check(&sum)
            .map_err(|what| refused(format!("it is not what is planned: {what}")))?;
        Ok(Merged {
            name: name.to_owned(),
            sha256: sha256_bytes(&bytes),
            bytes: bytes.len() as u64,
            tasks,
            sum,
        })
    }

    /// Whether a sum is that of the whole plan: every task, every cell.
    ///
    /// # Errors
    /// The first task that is not in it, or another number of cells.
    pub fn check_whole(&self, merged: &Merged) -> Result<(), Error> {
        let has: BTreeSet<&String> = merged.tasks.iter().collect();
        let lacks = self.sheet.tasks.iter().find(|task| !has.contains(&task.id));
        if let Some(task) = lacks {
            return Err(Problem::new(format!("the sum lacks the task {}", task.id))
                .at(self.merged_path(&merged.name).display())
                .failed());
        }
        if merged.tasks.len() != self.sheet.tasks.len() || merged.sum.cells != self.sheet.cells {
            return Err(Problem::new(format!(
                "expected {} tasks with {} cells, the sum has {} with {}",
                self.sheet.tasks.len(),
                self.sheet.cells,
                merged.tasks.len(),
                merged.sum.cells
            ))
            .at(self.merged_path(&merged.name).display())
            .failed());
        }
        Ok(())
    }

    fn keep(&self, tasks: BTreeSet<String>, total: Total) -> Result<Merged, Error> {
        let sum = total.sum().clone();
        let mut list = Writer::default();
        tasks.iter().try_for_each(|id| list.text(id))?;
        let name = sha256_bytes(&list.0)[..16].to_owned();
        let mut file = Writer(MAGIC.to_vec());
        file.u32(VERSION);
        file.text(&self.id)?;
        file.len(tasks.len())?;
        file.0.extend(list.0);
        let mut body = Writer::default();
        sum.write(&mut body)?;
        file.pack(&body)?;
        let bytes = seal(file);
        let folder = self.folder.join(MERGED);
        own_folder(&folder, Sight::Private).map_err(|error| {
            Problem::new(format!("cannot be made: {error}"))
                .at(folder.display())
                .failed()
        })?;
        write(&self.merged_path(&name), &bytes)?;
        Ok(Merged {
            name,
            sha256: sha256_bytes(&bytes),
            bytes: bytes.len() as u64,
            tasks: tasks.into_iter().collect(),
            sum,
        })
    }

    fn sum_of(&self, bytes: &[u8]) -> Result<(Vec<String>, Partial), Damage> {
        let mut file = Reader(unseal(bytes)?);
        if file.take(MAGIC.len())? != MAGIC {
            return Err(Damage("it is not a sum of this program".to_owned()));
        }
        match file.u32()? {
            VERSION => {}
            other => return Err(Damage(format!("it is of version {other}"))),
        }
        if file.text()? != self.id {
            return Err(Damage("it is of another plan".to_owned()));
        }
        let tasks = (0..file.len(4)?)
            .map(|_| file.text())
            .collect::<Result<Vec<_>, Damage>>()?;
        let body = file.unpack()?;
        let mut body = Reader(&body);
        let sum = Partial::read(&mut body)?;
        body.end()?;
        Ok((tasks, sum))
    }
}

fn twice(id: &str) -> Error {
    Problem::new(format!("the task {id} would be counted twice"))
        .advice("name each task once")
        .asked()
}
