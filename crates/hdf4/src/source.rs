//! Where the bytes come from: positional reads, so that many threads can share one file.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// The bytes of a file, on disk or in memory.
#[derive(Debug)]
pub(crate) struct Source {
    store: Store,
    length: u64,
    id: u64,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(0);

fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

#[derive(Debug)]
enum Store {
    Disk(Disk),
    Memory(Vec<u8>),
}

impl Source {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let what = "cannot open the file";
        // Asked before it is opened: opening a pipe waits for somebody to write to it.
        let metadata = std::fs::metadata(path).map_err(|e| Error::io(what, e))?;
        if !metadata.is_file() {
            let found = if metadata.is_dir() {
                "a folder"
            } else {
                "a pipe or device"
            };
            return Err(Error::new(ErrorKind::NotHdf4 {
                found: found.to_string(),
            }));
        }
        let file = File::open(path).map_err(|e| Error::io(what, e))?;
        let metadata = file.metadata().map_err(|e| Error::io(what, e))?;
        Ok(Self {
            length: metadata.len(),
            id: next_id(),
            store: Store::Disk(Disk::new(file)),
        })
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self {
            length: bytes.len() as u64,
            id: next_id(),
            store: Store::Memory(bytes),
        }
    }

    /// A number that no other has had in this process.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Length in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Errs unless `length` bytes from `offset` on lie inside the file.
    pub(crate) fn check(&self, what: &'static str, offset: u64, length: u64) -> Result<()> {
        let end = offset.saturating_add(length);
        if end > self.length {
            let kind = ErrorKind::PastEnd {
                what,
                start: offset,
                end,
                file_length: self.length,
            };
            return Err(Error::new(kind).at(offset));
        }
        Ok(())
    }

    /// Fills `out` from `offset` on.
    pub(crate) fn read_into(&self, what: &'static str, offset: u64, out: &mut [u8]) -> Result<()> {
        self.check(what, offset, out.len() as u64)?;
        match &self.store {
            Store::Disk(disk) => disk
                .read_exact_at(out, offset)
                .map_err(|e| Error::io(what, e).at(offset)),
            Store::Memory(_) => {
                if let Some(bytes) = self.borrow(offset, out.len()) {
                    out.copy_from_slice(bytes);
                }
                Ok(())
            }
        }
    }

    /// The bytes themselves, where they are in memory and inside the file.
    pub(crate) fn borrow(&self, offset: u64, length: usize) -> Option<&[u8]> {
        let Store::Memory(bytes) = &self.store else {
            return None;
        };
        let start = usize::try_from(offset).ok()?;
        bytes.get(start..start.checked_add(length)?)
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct Disk(File);

#[cfg(unix)]
impl Disk {
    fn new(file: File) -> Self {
        Self(file)
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> std::io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, out, offset)
    }
}

/// Elsewhere a seek and a read have to go together, so threads take turns for the read itself
/// (never for the decoding).
#[cfg(not(unix))]
#[derive(Debug)]
struct Disk(std::sync::Mutex<File>);

#[cfg(not(unix))]
impl Disk {
    fn new(file: File) -> Self {
        Self(std::sync::Mutex::new(file))
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> std::io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(out)
    }
}
