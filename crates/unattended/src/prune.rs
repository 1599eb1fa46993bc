//! Old run folders go by policy; what the ledger says of them stays.

use std::path::Path;

use crate::clock::Moment;
use crate::folder::MANIFEST;
use crate::ledger::{Ledger, State};
use nutag_problem::{Error, Problem};

/// Which run folders are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// The newest so many results; all if not given. The last good one is always kept.
    pub newest: Option<usize>,
    /// Results that are no older than so many days; all if not given.
    pub days: Option<u32>,
}

/// Removes what the policy does not keep; returns the names of the folders that went.
///
/// # Errors
/// A folder that cannot be removed, or a ledger that cannot be written.
pub fn prune(
    runs: &Path,
    pipeline: &Path,
    policy: Policy,
    ledger: &mut Ledger,
    now: Moment,
) -> Result<Vec<String>, Error> {
    let pipeline = pipeline.display().to_string();
    let good = |state| matches!(state, State::First | State::Changed);
    let kept: Vec<_> = ledger
        .runs()?
        .into_iter()
        .rev()
        .filter(|run| run.pipeline == pipeline && good(run.state) && run.pruned.is_none())
        .collect();
    let mut gone = Vec::new();
    // The first one is the last good run, which the next is compared with.
    for (place, run) in kept.iter().enumerate().skip(1) {
        let too_many = policy.newest.is_some_and(|newest| place >= newest.max(1));
        let age = Moment::parse(&run.started).map(|started| now.days_since(started));
        let too_old = policy
            .days
            .zip(age)
            .is_some_and(|(days, age)| age > i64::from(days));
        let Some(folder) = run.folder.as_deref().filter(|_| too_many || too_old) else {
            continue;
        };
        remove(runs, folder)?;
        ledger.pruned(run.id, now)?;
        gone.push(folder.to_owned());
    }
    Ok(gone)
}

/// Removes a dated folder, and nothing else: its name is a plain one, and a result is in it.
fn remove(runs: &Path, name: &str) -> Result<(), Error> {
    let folder = runs.join(name);
    let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    let manifest = folder.join("result").join(MANIFEST);
    if !folder.exists() {
        return Ok(());
    }
    if !plain || folder.is_symlink() || !manifest.is_file() {
        return Err(Problem::new(
            "the ledger names it as a run to be pruned, but it holds no result",
        )
        .at(folder.display())
        .advice("look into it and remove it by hand")
        .failed());
    }
    std::fs::remove_dir_all(&folder).map_err(|error| {
        Problem::new(format!("an old run cannot be removed: {error}"))
            .at(folder.display())
            .advice("check its rights")
            .failed()
    })
}
