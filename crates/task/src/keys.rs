//! The keys of a tile: in memory, or in a file that is read when it is asked for.
//!
//! ```text
//! "NUTAGKEY"  version  length of the body  body (LZ4)  SHA-256 of all before
//! body: first row, rows, then for each row the number of runs and each run
//! ```

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::OnceLock;

use nutag_files::sha256_bytes;
use nutag_problem::{Error, Problem};
use nutag_zonal::{KeyRun, KeyStrip};

use crate::codec::{Damage, Reader, Writer};
use crate::partial::{seal, unseal};

const MAGIC: &[u8; 8] = b"NUTAGKEY";
const VERSION: u32 = 1;

/// The keys of a tile.
#[derive(Debug)]
pub struct Keys {
    strip: OnceLock<KeyStrip>,
    file: PathBuf,
    sha256: String,
    cells: u64,
}

impl Keys {
    /// Keys in memory.
    #[must_use]
    pub fn of(strip: KeyStrip) -> Self {
        Self {
            cells: strip.cells(),
            strip: OnceLock::from(strip),
            file: PathBuf::new(),
            sha256: String::new(),
        }
    }

    /// Keys in a file of this SHA-256, with so many cells of interest.
    #[must_use]
    pub fn in_file(file: PathBuf, sha256: String, cells: u64) -> Self {
        Self {
            strip: OnceLock::new(),
            file,
            sha256,
            cells,
        }
    }

    /// Number of cells in the area of interest.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// SHA-256 of their file; empty for keys that have none.
    pub(crate) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The keys; read from their file the first time.
    ///
    /// # Errors
    /// A file that cannot be read or is not what was written.
    pub fn get(&self) -> Result<&KeyStrip, Error> {
        if let Some(strip) = self.strip.get() {
            return Ok(strip);
        }
        let strip = self.read()?;
        Ok(self.strip.get_or_init(|| strip))
    }

    /// The keys for as long as the answer lives: what is read from a file is not kept.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or is not what was written.
    pub fn for_now(&self) -> Result<Cow<'_, KeyStrip>, Error> {
        match self.strip.get() {
            Some(strip) => Ok(Cow::Borrowed(strip)),
            None => self.read().map(Cow::Owned),
        }
    }

    fn read(&self) -> Result<KeyStrip, Error> {
        let broken = |what: String| {
            Problem::new(what)
                .at(self.file.display())
                .advice("make the plan again with `nutag plan ... --overwrite`; finished tasks are kept")
                .failed()
        };
        let bytes = std::fs::read(&self.file)
            .map_err(|error| broken(format!("the keys of a tile cannot be read: {error}")))?;
        if sha256_bytes(&bytes) != self.sha256 {
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

/// The file of a strip.
pub(crate) fn to_bytes(strip: &KeyStrip) -> Vec<u8> {
    let mut body = Writer::default();
    body.len(strip.rows().start);
    body.len(strip.rows().len());
    for row in strip.rows() {
        let runs = strip.row(row);
        body.len(runs.len());
        for run in runs {
            body.u32(run.start);
            body.u32(run.end);
            body.u32(run.key);
        }
    }
    let mut file = Writer(MAGIC.to_vec());
    file.u32(VERSION);
    file.len(body.0.len());
    file.0.extend(lz4_flex::block::compress(&body.0));
    seal(file)
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
        let bytes = to_bytes(&strip());
        std::fs::write(&path, &bytes).unwrap();
        let sha256 = sha256_bytes(&bytes);
        let in_file = |cells| Keys::in_file(path.clone(), sha256.clone(), cells);
        let keys = in_file(strip().cells());
        assert_eq!(keys.get().unwrap(), &strip());
        assert!(in_file(1).get().is_err());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(from_bytes(&damaged).is_err(), "byte {at}");
            assert!(from_bytes(&bytes[..at]).is_err(), "cut at {at}");
        }
        // Another strip, whole and with as many cells, is not that of the plan.
        let mut other = KeyStrip::starting_at(3);
        other.push_row([7; 8], 0);
        assert_eq!(other.cells(), strip().cells());
        std::fs::write(&path, to_bytes(&other)).unwrap();
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
