//! The keys of a tile: in memory, or in a file that is read when it is asked for.
//!
//! ```text
//! "NUTAGKEY"  version  length of the body  body (LZ4)  SHA-256 of all before
//! body: first row, rows, then for each row the number of runs and each run
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use nutag_files::sha256_bytes;
use nutag_grid::TileId;
use nutag_problem::{Error, Problem};
use nutag_zonal::{KeyRun, KeyStrip};

use crate::codec::{Damage, Reader, TooLong, Writer};
use crate::partial::{seal, unseal};

const MAGIC: &[u8; 8] = b"NUTAGKEY";
const VERSION: u32 = 1;

/// The keys of a tile.
#[derive(Debug)]
pub struct Keys {
    cells: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Memory(Arc<KeyStrip>),
    /// A file, and the strip while somebody holds it: readers of one tile share it, and with the
    /// last of them it leaves the memory.
    File {
        file: PathBuf,
        sha256: String,
        held: Mutex<Weak<KeyStrip>>,
    },
}

impl Keys {
    /// Keys in memory.
    #[must_use]
    pub fn of(strip: KeyStrip) -> Self {
        Self {
            cells: strip.cells(),
            place: Place::Memory(Arc::new(strip)),
        }
    }

    /// Keys in a file of this SHA-256, with so many cells of interest.
    #[must_use]
    pub fn in_file(file: PathBuf, sha256: String, cells: u64) -> Self {
        Self {
            cells,
            place: Place::File {
                file,
                sha256,
                held: Mutex::default(),
            },
        }
    }

    /// Number of cells in the area of interest.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// The keys, read from their file unless somebody holds them already. Hold them as long as they
    /// are used: they are read again for the next who asks.
    ///
    /// # Errors
    /// Returns an error if their file cannot be read or is not what was written.
    pub fn get(&self) -> Result<Arc<KeyStrip>, Error> {
        match &self.place {
            Place::Memory(strip) => Ok(Arc::clone(strip)),
            Place::File { file, sha256, held } => {
                let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(strip) = held.upgrade() {
                    return Ok(strip);
                }
                let strip = Arc::new(self.read(file, sha256)?);
                *held = Arc::downgrade(&strip);
                Ok(strip)
            }
        }
    }

    fn read(&self, file: &Path, sha256: &str) -> Result<KeyStrip, Error> {
        let broken = |what: String| {
            Problem::new(what)
                .at(file.display())
                .advice("make the plan again with `nutag plan ... --overwrite`; finished tasks are kept")
                .failed()
        };
        let bytes = std::fs::read(file)
            .map_err(|error| broken(format!("the keys of a tile cannot be read: {error}")))?;
        if sha256_bytes(&bytes) != sha256 {
            return Err(broken(
                "the keys of a tile are damaged, or not those of this plan".to_owned(),
            ));
        }
        let strip = from_bytes(&bytes)
            .map_err(|damage| broken(format!("the keys of a tile are damaged: {damage}")))?;
        if strip.cells() != self.cells {
            return Err(broken(format!(
                "the keys of a tile have {} cells, the plan {}",
                strip.cells(),
                self.cells
            )));
        }
        Ok(strip)
    }
}

/// The keys of tiles whose rows are being read, band after band: they stay in memory from one band to
/// the next, and leave it when a band no longer asks for them.
#[derive(Debug, Default)]
pub struct HeldKeys(Mutex<BTreeMap<TileId, Arc<KeyStrip>>>);

impl HeldKeys {
    /// The keys of the tiles of a band, in their order. Those of all other tiles are let go.
    ///
    /// # Errors
    /// Returns an error as [`Keys::get`] does.
    pub fn of_band<'a>(
        &self,
        tiles: impl IntoIterator<Item = (TileId, &'a Keys)>,
    ) -> Result<Vec<Arc<KeyStrip>>, Error> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *held);
        let mut band = Vec::new();
        for (tile, keys) in tiles {
            let strip = match before.get(&tile) {
                Some(strip) => Arc::clone(strip),
                None => keys.get()?,
            };
            held.insert(tile, Arc::clone(&strip));
            band.push(strip);
        }
        Ok(band)
    }
}

/// The file of a strip.
pub(crate) fn to_bytes(strip: &KeyStrip) -> Result<Vec<u8>, TooLong> {
    let mut body = Writer::default();
    body.len(strip.rows().start)?;
    body.len(strip.rows().len())?;
    for row in strip.rows() {
        let runs = strip.row(row);
        body.len(runs.len())?;
        for run in runs {
            body.u32(run.start);
            body.u32(run.end);
            body.u32(run.key);
        }
    }
    let mut file = Writer(MAGIC.to_vec());
    file.u32(VERSION);
    file.pack(&body)?;
    Ok(seal(file))
}

fn from_bytes(bytes: &[u8]) -> Result<KeyStrip, Damage> {
    let mut file = Reader(unseal(bytes)?);
    if file.take(MAGIC.len())? != MAGIC {
        return Err(Damage(
            "it is not a file of keys of this program".to_owned(),
        ));
    }
    match file.u32()? {
        VERSION => {}
        other => return Err(Damage(format!("it is of version {other}"))),
    }
    let body = file.unpack()?;
    let mut body = Reader(&body);
    let mut strip = KeyStrip::starting_at(body.u32()? as usize);
    for _ in 0..body.len(4)? {
        let runs = (0..body.len(12)?)
            .map(|_| {
                Ok(KeyRun {
                    start: body.u32()?,
                    end: body.u32()?,
                    key: body.u32()?,
                })
            })
            .collect::<Result<Vec<_>, Damage>>()?;
        let ordered = runs.iter().all(|run| run.start < run.end)
            && runs.windows(2).all(|pair| pair[0].end <= pair[1].start);
        if !ordered {
            return Err(Damage("the runs of a row overlap".to_owned()));
        }
        strip.push_runs(runs);
    }
    body.end()?;
    Ok(strip)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip() -> KeyStrip {
        let mut strip = KeyStrip::starting_at(3);
        strip.push_row([0, 0, 5, 5, 9, 0], 0);
        strip.push_row([0; 6], 0);
        strip.push_row([1, 2, 1, 2, 0, 1], 0);
        strip
    }

    #[test]
    fn what_is_written_is_read_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h25v04.keys");
        let bytes = to_bytes(&strip()).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        let sha256 = sha256_bytes(&bytes);
        let in_file = |cells| Keys::in_file(path.clone(), sha256.clone(), cells);
        let keys = in_file(strip().cells());
        assert_eq!(*keys.get().unwrap(), strip());
        assert!(in_file(1).get().is_err());
        // They are shared while they are held, and leave the memory with the last who holds them.
        let (first, second) = (keys.get().unwrap(), keys.get().unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        let last = Arc::downgrade(&first);
        drop((first, second));
        assert_eq!(last.strong_count(), 0);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(from_bytes(&damaged).is_err(), "byte {at}");
            assert!(from_bytes(&bytes[..at]).is_err(), "cut at {at}");
        }
        let held = HeldKeys::default();
        let tile = |h| TileId::new(h, 4).unwrap();
        let band = held.of_band([(tile(25), &keys)]).unwrap();
        let last = Arc::downgrade(&band[0]);
        drop(band);
        assert_eq!(last.strong_count(), 1, "held for the next band");
        let other = in_file(strip().cells());
        assert_eq!(held.of_band([(tile(26), &other)]).unwrap().len(), 1);
        assert_eq!(last.strong_count(), 0, "no band asks for it any more");
        // Another strip, whole and with as many cells, is not that of the plan.
        let mut other = KeyStrip::starting_at(3);
        other.push_row([7; 8], 0);
        assert_eq!(other.cells(), strip().cells());
        std::fs::write(&path, to_bytes(&other).unwrap()).unwrap();
        let error = in_file(strip().cells()).get().unwrap_err();
        assert!(
            error.to_string().contains("not those of this plan"),
            "{error}"
        );
        std::fs::remove_file(&path).unwrap();
        let error = in_file(strip().cells()).get().unwrap_err();
        assert!(error.to_string().contains("--overwrite"), "{error}");
    }
}
