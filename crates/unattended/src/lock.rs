//! One reassessment at a time.
//!
//! The system's lock on the file decides, and goes with the process that holds it, whatever ends
//! it. What stands in the file says who that is, for people, and decides where a file system has
//! no locks.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use nutag_problem::{Error, Problem};

const NAME: &str = "lock";

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    /// When the process started, in ticks since boot: process numbers come again.
    started_ticks: Option<u64>,
    host: String,
    boot_id: Option<String>,
    since: String,
    pipeline: String,
}

impl Holder {
    fn me(pipeline: &Path, now: Moment) -> Self {
        let pid = std::process::id();
        Self {
            pid,
            started_ticks: started_ticks(pid),
            host: host(),
            boot_id: boot_id(),
            since: now.text(),
            pipeline: pipeline.display().to_string(),
        }
    }

    /// Whether the process may still run: known only on its own machine.
    fn may_live(&self) -> bool {
        if self.host != host() {
            return true;
        }
        self.boot_id == boot_id() && started_ticks(self.pid) == self.started_ticks
    }

    fn words(&self) -> String {
        format!(
            "process {} on {} since {}, with {}",
            self.pid, self.host, self.since, self.pipeline
        )
    }
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
    /// Who held it before and died, in words.
    pub taken_from: Option<String>,
}

impl Lock {
    /// Takes the lock of a folder.
    ///
    /// # Errors
    /// If somebody else holds it, who is named; or the system refuses.
    pub fn take(folder: &Path, pipeline: &Path, now: Moment) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let refused = |error: io::Error| {
            Problem::new(format!("the lock cannot be taken: {error}"))
                .at(path.display())
                .advice("choose a folder of runs that you may write to, with --runs")
                .failed()
        };
        let mut file = nutag_files::own_file(&path).map_err(refused)?;
        let locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                let holder = read(&mut file);
                return Err(held(&path, holder.as_ref()));
            }
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => false,
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        };
        let before = read(&mut file);
        if let Some(before) = &before
            && before.may_live()
            && (!locked || before.host != host())
        {
            return Err(held(&path, Some(before)));
        }
        let me = serde_json::to_string(&Holder::me(pipeline, now)).unwrap_or_default();
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(me.as_bytes()))
            .and_then(|()| file.sync_all())
            .map_err(refused)?;
        Ok(Self {
            path,
            file,
            taken_from: before.map(|before| before.words()),
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An empty file: nobody died. The file stays, so that no two processes lock two files of
        // one name.
        if self.file.set_len(0).is_err() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn read(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(1 << 16).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn held(path: &Path, holder: Option<&Holder>) -> Error {
    let elsewhere = holder.is_some_and(|holder| holder.host != host());
    let who = holder.map_or_else(|| "another process".to_owned(), Holder::words);
    Problem::new(format!("a reassessment is going on: {who}"))
        .at(path.display())
        .advice(if elsewhere {
            "wait for it; if that machine is known to be down, remove the file"
        } else {
            "wait for it, or end that process; its lock goes with it"
        })
        .failed()
}

fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name.or_else(|| std::env::var("HOSTNAME").ok());
    name.map_or_else(|| "this machine".to_owned(), |name| name.trim().to_owned())
}

fn boot_id() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}

/// When a process started (`/proc/PID/stat`, field 22); `None` if there is no such process.
fn started_ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, field 2, may hold anything, but ends with the last bracket.
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn now() -> Moment {
        Clock::at("2026-11-22T00:00:00Z").unwrap().now()
    }

    #[test]
    fn a_second_holder_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path(), Path::new("a.toml"), now()).unwrap();
        assert_eq!(first.taken_from, None);
        let error = Lock::take(folder.path(), Path::new("b.toml"), now()).unwrap_err();
        let words = error.to_string();
        let me = format!("process {}", std::process::id());
        assert!(words.contains(&me) && words.contains("a.toml"), "{words}");
        drop(first);
        let again = Lock::take(folder.path(), Path::new("b.toml"), now()).unwrap();
        assert_eq!(again.taken_from, None, "who lets go leaves no trace");
    }

    #[test]
    fn the_lock_of_a_dead_process_is_taken_over_and_that_of_another_machine_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut dead = Holder::me(Path::new("old.toml"), now());
        dead.started_ticks = dead.started_ticks.map(|ticks| ticks + 1);
        let write = |holder: &Holder| {
            fs::write(
                folder.path().join(NAME),
                serde_json::to_string(holder).unwrap(),
            )
            .unwrap();
        };
        write(&dead);
        let lock = Lock::take(folder.path(), Path::new("new.toml"), now()).unwrap();
        assert!(lock.taken_from.as_deref().unwrap().contains("old.toml"));
        drop(lock);

        let mut before_boot = Holder::me(Path::new("old.toml"), now());
        before_boot.boot_id = Some("another".to_owned());
        write(&before_boot);
        drop(Lock::take(folder.path(), Path::new("new.toml"), now()).unwrap());

        let mut elsewhere = dead;
        elsewhere.host = "another-machine.invalid".to_owned();
        write(&elsewhere);
        let error = Lock::take(folder.path(), Path::new("new.toml"), now()).unwrap_err();
        assert!(error.to_string().contains("remove the file"), "{error}");

        fs::write(folder.path().join(NAME), "\u{0}half a holder").unwrap();
        drop(Lock::take(folder.path(), Path::new("new.toml"), now()).unwrap());
    }
}
