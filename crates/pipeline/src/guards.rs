//! What a run will need of the machine, looked at before it begins: room on the disk, open files,
//! memory.

use std::path::Path;

use nutag_problem::{Error, Problem};
use nutag_task::Cut;
use rustix::fs::statvfs;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::plan::Plan;

/// What a run will need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Bytes on the disk of the result, for finished pieces and for the result itself. A result
    /// of a real country compresses to about half of it.
    pub disk_bytes: u64,
    /// Files open at the same time.
    pub open_files: u64,
    /// Bytes of memory for the values of granules and for what each cell gives; tables, pictures
    /// and libraries take about 100 MB more.
    pub memory_bytes: u64,
}

/// Bytes of a cell of interest in a finished piece, where maps are asked for.
const PIECE_BYTES: u64 = 15;
/// Bytes of a cell of a tile in the rasters of the result, compressed: ten layers as GeoTIFF with
/// overviews, and again as netCDF.
const RASTER_BYTES: u64 = 20;
/// Tables, pictures, report.
const REST_BYTES: u64 = 32 << 20;
/// Files that are open whatever the job: maps and their overviews in the making, libraries with their
/// databases, the terminal.
const REST_FILES: u64 = 64;

impl Needs {
    /// Of a plan on a number of threads. Neither tiles nor windows are in the number of files: each
    /// thread has one task in hand, with a granule of each period, and what it writes.
    #[must_use]
    pub fn of(plan: &Plan, threads: usize) -> Self {
        let threads = threads.max(1) as u64;
        let counted = plan.counted.as_ref();
        let periods = counted.map_or(0, |counted| counted.periods.len() as u64);
        let tile_cells = |tile: &crate::plan::TilePlan| {
            let shape = tile.native.shape();
            (shape.rows * shape.cols) as u64
        };
        let maps = plan.config.wants_maps();
        let rasters: u64 = plan.tiles.iter().map(tile_cells).sum();
        let disk = if maps {
            plan.findings.cells * PIECE_BYTES + rasters * RASTER_BYTES
        } else {
            0
        };
        // A value, its quality, and the values once more as the kernel of trends packs them.
        let of_cell = periods
            * (2 + u64::from(
                counted.is_some_and(|counted| counted.reasons.rules().uses_quality()),
            ) + 4);
        let block = |tile: &crate::plan::TilePlan| match tile.cut {
            Cut::Whole(_) => tile_cells(tile),
            Cut::Blocks(block) => threads * (block.rows * block.cols) as u64,
        };
        let largest = plan.tiles.iter().map(block).max().unwrap_or(0);
        Self {
            disk_bytes: disk + REST_BYTES,
            open_files: open_files(threads, periods),
            memory_bytes: largest * of_cell,
        }
    }

    /// Looks whether the machine has it. The number of files that may be open is raised as far as
    /// the system allows.
    ///
    /// # Errors
    /// Too little room on the disk that holds `place`, or too few files allowed.
    pub fn check(&self, place: &Path) -> Result<(), Error> {
        // Where the system does not tell, the run finds out.
        if let Ok(disk) = statvfs(place) {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            // Tables and pictures may turn out small; pieces and rasters will not.
            if free < self.disk_bytes.saturating_sub(REST_BYTES) {
                return Err(Problem::new(format!(
                    "the disk has {} left, and the run may need {}",
                    megabytes(free),
                    megabytes(self.disk_bytes)
                ))
                .at(place.display())
                .advice("make room, choose another place with --out, or leave out maps with `maps = []` in [output]")
                .failed());
            }
        }
        let limit = getrlimit(Resource::Nofile);
        if limit
            .current
            .is_some_and(|current| current < self.open_files)
        {
            let wanted = match limit.maximum {
                Some(maximum) => self.open_files.min(maximum),
                None => self.open_files,
            };
            let raised = Rlimit {
                current: Some(wanted),
                maximum: limit.maximum,
            };
            if wanted < self.open_files || setrlimit(Resource::Nofile, raised).is_err() {
                return Err(Problem::new(format!(
                    "the run may open {} files at once, and {} are allowed",
                    self.open_files,
                    limit.maximum.or(limit.current).unwrap_or(0)
                ))
                .advice("use fewer threads with --threads, or allow more with `ulimit -n` or LimitNOFILE= in the unit")
                .failed());
            }
        }
        tracing::debug!(
            disk_bytes = self.disk_bytes,
            open_files = self.open_files,
            memory_bytes = self.memory_bytes,
            "the machine has what the run needs"
        );
        Ok(())
    }
}

fn open_files(threads: u64, periods: u64) -> u64 {
    threads * (periods + 1) + REST_FILES
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_does_not_have_is_told_before() {
        let place = tempfile::tempdir().unwrap();
        let enough = Needs {
            disk_bytes: 1,
            open_files: 8,
            memory_bytes: 0,
        };
        enough.check(place.path()).unwrap();
        let disk = Needs {
            disk_bytes: u64::MAX / 2,
            ..enough
        };
        let words = disk.check(place.path()).unwrap_err().to_string();
        assert!(
            words.contains("MB left") && words.contains("make room"),
            "{words}"
        );
        let files = Needs {
            open_files: u64::MAX / 2,
            ..enough
        };
        if getrlimit(Resource::Nofile).maximum.is_some() {
            let words = files.check(place.path()).unwrap_err().to_string();
            assert!(
                words.contains("files at once") && words.contains("ulimit"),
                "{words}"
            );
        }
    }
}
