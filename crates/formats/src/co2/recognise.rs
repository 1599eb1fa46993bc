//! What a file is, by its first bytes and its groups.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::{Co2Error, h5};

/// The kinds of file that hold CO2 grids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// GOSAT TANSO-FTS SWIR level 3, HDF5.
    Gosat,
    /// netCDF, classic or on HDF5.
    NetCdf,
    /// Whatever GDAL reads.
    Raster,
}

/// The HDF5 signature may stand at 0, 512, 1024, ...
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Tells the kind of a file from what is in it.
///
/// # Errors
/// [`Co2Error::Open`], [`Co2Error::Archive`] for a tar, gzip or zip file, [`Co2Error::Truncated`] for an
/// HDF5 file shorter than its header says, [`Co2Error::NotRecognised`] for an HDF5 file of something
/// else (soundings, methane) and for HDF4.
pub fn recognise(path: &Path) -> Result<Layout, Co2Error> {
    let open = |error: std::io::Error| Co2Error::Open {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    if path.is_dir() {
        return Err(Co2Error::Open {
            path: path.to_owned(),
            reason: "expected a file, found a folder; point at the files in it".to_owned(),
        });
    }
    let mut file = File::open(path).map_err(open)?;
    let mut head = Vec::new();
    file.by_ref()
        .take(512)
        .read_to_end(&mut head)
        .map_err(open)?;
    let archive = |kind, how| Co2Error::Archive {
        path: path.to_owned(),
        kind,
        how,
    };
    if head.get(257..262) == Some(b"ustar") {
        return Err(archive("tar", "tar -xf"));
    }
    for (magic, kind, how) in [
        (b"\x1f\x8b".as_slice(), "gzip", "tar -xzf (or gunzip)"),
        (b"PK\x03\x04", "zip", "unzip"),
        (b"BZh", "bzip2", "tar -xjf (or bunzip2)"),
        (b"\xfd7zXZ", "xz", "tar -xJf (or unxz)"),
    ] {
        if head.starts_with(magic) {
            return Err(archive(kind, how));
        }
    }
    if head.starts_with(b"\x0e\x03\x13\x01") {
        return Err(Co2Error::NotRecognised {
            path: path.to_owned(),
            found: "an HDF4 file (a MODIS granule?)".to_owned(),
            advice: "NPP granules belong to [npp]",
        });
    }
    if head.starts_with(b"CDF") && head.get(3).is_some_and(|v| matches!(v, 1 | 2 | 5)) {
        return Ok(Layout::NetCdf);
    }
    if let Some(start) = hdf5_start(&mut file).map_err(open)? {
        check_length(path, &mut file, start)?;
        return h5::layout(path);
    }
    Ok(Layout::Raster)
}

/// Where the HDF5 superblock starts, if there is one.
fn hdf5_start(file: &mut File) -> std::io::Result<Option<u64>> {
    let length = file.metadata()?.len();
    let mut at = 0;
    while at + 8 <= length {
        let mut signature = [0; 8];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut signature)?;
        if signature == HDF5 {
            return Ok(Some(at));
        }
        // A user block of more than a megabyte is nobody's.
        if at >= 1 << 20 {
            break;
        }
        at = if at == 0 { 512 } else { at * 2 };
    }
    Ok(None)
}

/// Compares the end of file of the superblock (HDF5 format specification, II.A) with the real one.
fn check_length(path: &Path, file: &mut File, start: u64) -> Result<(), Co2Error> {
    let open = |error: std::io::Error| Co2Error::Open {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let found_bytes = file.metadata().map_err(open)?.len();
    let mut block = Vec::new();
    file.seek(SeekFrom::Start(start)).map_err(open)?;
    file.by_ref()
        .take(64)
        .read_to_end(&mut block)
        .map_err(open)?;
    // Version 0 and 1 say the size of offsets at 13, later ones at 9; the end of file follows the
    // base address and one more address.
    let version = block.get(8).copied().unwrap_or(u8::MAX);
    let (size_at, first_address) = match version {
        0 => (13, 24),
        1 => (13, 28),
        2 | 3 => (9, 12),
        // The library will say what it thinks of it.
        _ => return Ok(()),
    };
    let size = usize::from(block.get(size_at).copied().unwrap_or(0));
    let end = block
        .get(first_address + 2 * size..first_address + 3 * size)
        .filter(|bytes| bytes.len() == 8)
        .and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
        .map(u64::from_le_bytes);
    match end {
        Some(end) if end.saturating_add(start) > found_bytes => Err(Co2Error::Truncated {
            path: path.to_owned(),
            expected_bytes: end.saturating_add(start),
            found_bytes,
        }),
        None if block.len() < 48 => Err(Co2Error::Truncated {
            path: path.to_owned(),
            expected_bytes: start + 48,
            found_bytes,
        }),
        _ => Ok(()),
    }
}
