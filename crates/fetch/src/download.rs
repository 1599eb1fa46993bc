//! Many files side by side, and the record of what was brought.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nutag_problem::{Error, Problem, Steps, Watch};
use serde::{Deserialize, Serialize};

use crate::catalogue::Granule;
use crate::credentials::Credentials;
use crate::one::{bring, held};
use crate::web::{Web, shown};

/// The name of the record beside the granules.
pub const RECORD: &str = "fetched.json";

/// What to bring where.
#[derive(Debug, Clone, Copy)]
pub struct Downloads<'a> {
    /// The files.
    pub granules: &'a [Granule],
    /// An existing folder.
    pub folder: &'a Path,
    /// Files at once.
    pub jobs: usize,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was brought.
    Brought,
    /// It was here already, and is what the catalogue states.
    Here,
}

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetched {
    /// Where it came from, without a query.
    pub url: String,
    /// Its length.
    pub size_bytes: u64,
    /// Its SHA-256 as it lies here.
    pub sha256: String,
    /// Which checksum of the catalogue it was held to; none where none was stated.
    pub held_to: Option<String>,
}

/// What became of each file, by its index; the text is its SHA-256.
type Done = BTreeMap<usize, Result<(Outcome, String), Error>>;

/// Brings files into a folder. What one file fails of, the others do not: all that can be
/// brought is brought, and the first failure is told with the number of the others.
///
/// # Errors
/// Returns an error if a file could not be brought, one of its name is here that is not what the
/// catalogue states (it is left alone), the folder cannot be written, or the user stopped it.
pub fn download(
    web: &Web,
    downloads: &Downloads<'_>,
    credentials: &Credentials,
    watch: &Watch<'_>,
) -> Result<Vec<Outcome>, Error> {
    let granules = downloads.granules;
    let bytes: u64 = granules
        .iter()
        .filter_map(|granule| granule.size_bytes)
        .sum();
    watch.progress().begin("downloading", bytes, Steps::Bytes);
    let next = AtomicUsize::new(0);
    let done: Mutex<Done> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..downloads.jobs.clamp(1, granules.len().max(1)) {
            scope.spawn(|| {
                while let Some((i, granule)) = {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    granules.get(i).map(|granule| (i, granule))
                } {
                    let result = one(web, granule, downloads.folder, credentials, watch);
                    if let Ok(mut done) = done.lock() {
                        done.insert(i, result);
                    }
                }
            });
        }
    });
    watch.finish();
    let done = done.into_inner().unwrap_or_default();
    record(downloads, &done)?;
    outcomes(done)
}

fn one(
    web: &Web,
    granule: &Granule,
    folder: &Path,
    credentials: &Credentials,
    watch: &Watch<'_>,
) -> Result<(Outcome, String), Error> {
    watch.check()?;
    // The name comes from the network.
    if granule.name.starts_with('.') || granule.name.contains(['/', '\\', '\0']) {
        let problem = Problem::new("the catalogue names a file with signs that no granule has");
        return Err(problem.at(format!("{:?}", granule.name)).failed());
    }
    let whole = folder.join(&granule.name);
    if std::fs::symlink_metadata(&whole).is_err() {
        let sha256 = bring(web, granule, folder, credentials, watch)?;
        return Ok((Outcome::Brought, sha256));
    }
    match held(granule, &whole, watch)? {
        Ok(sha256) => Ok((Outcome::Here, sha256)),
        Err(what) => {
            let problem = Problem::new(format!(
                "{what}: the file here is not the one of the archive"
            ));
            let advice = "it was left alone; move it away to have it downloaded again";
            Err(problem.at(whole.display()).advice(advice).failed())
        }
    }
}

/// All outcomes, or the first failure in the order of the files.
fn outcomes(done: Done) -> Result<Vec<Outcome>, Error> {
    let all = done.len();
    let failed = done.values().filter(|result| result.is_err()).count();
    let mut outcomes = Vec::with_capacity(all);
    for result in done.into_values() {
        match result {
            Ok((outcome, _)) => outcomes.push(outcome),
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) if failed == 1 => return Err(error),
            Err(error) => {
                let what =
                    format!("{failed} of {all} files could not be brought; the first:\n{error}");
                return Err(Problem::new(what).failed());
            }
        }
    }
    Ok(outcomes)
}

/// Adds to the record beside the granules.
fn record(downloads: &Downloads<'_>, done: &Done) -> Result<(), Error> {
    let path = downloads.folder.join(RECORD);
    let fail = |what: String| Problem::new(what).at(path.display()).failed();
    let mut record: BTreeMap<String, Fetched> = match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map_err(|error| fail(format!("expected the record of earlier downloads: {error}")))?,
        Err(_) => BTreeMap::new(),
    };
    for (i, result) in done {
        let (Ok((_, sha256)), Some(granule)) = (result, downloads.granules.get(*i)) else {
            continue;
        };
        let size = std::fs::metadata(downloads.folder.join(&granule.name))
            .map_err(|error| fail(format!("{}: {error}", granule.name)))?;
        let held_to = granule.checksum.as_ref();
        let fetched = Fetched {
            url: shown(&granule.url),
            size_bytes: size.len(),
            sha256: sha256.clone(),
            held_to: held_to.map(|c| format!("{:?} {}", c.algorithm, c.digits)),
        };
        record.insert(granule.name.clone(), fetched);
    }
    if record.is_empty() {
        return Ok(());
    }
    let text = serde_json::to_string_pretty(&record).map_err(|error| fail(error.to_string()))?;
    nutag_files::write_whole(&path, text.as_bytes()).map_err(|error| fail(error.to_string()))
}
