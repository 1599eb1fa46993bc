//! The cells of a finished task: the trend of each, in one file that rasters
//! are made from.
//!
//! ```text
//! "NUTAGCEL"  version  digest of the task's key
//! number of segments, and for each: window, cells, cells with values, place of each column
//! columns (LZ4)
//! SHA-256 of all before
//! ```
//! A segment is the part of the task within one window, cell by cell as in
//! [`nutag_zonal::Packed`].

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use nutag_grid::Window;

use crate::codec::{Damage, Reader, TooLong, Writer};
use crate::partial::{PARTIAL_VERSION, Partial, seal, unseal};

const MAGIC: &[u8; 8] = b"NUTAGCEL";
const COLUMNS: usize = 7;
/// Bytes of the entry of a segment in the table.
const ENTRY: usize = 6 * 4 + COLUMNS * 12;

/// The cells of interest of one window, row by row and west to east. All
/// columns but `reasons` have one entry for each cell that has values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Segment {
    /// 0 for a cell that has values, otherwise 1 + its reason.
    pub reasons: Vec<u8>,
    /// Periods with a value.
    pub n: Vec<u16>,
    /// Mann-Kendall S.
    pub s: Vec<i32>,
    /// Tie term of S.
    pub tie_term: Vec<u32>,
    /// Mean, in the density unit.
    pub mean: Vec<f32>,
    /// OLS slope, in the density unit per year.
    pub ols_slope: Vec<f32>,
    /// Theil-Sen slope, in the density unit per year.
    pub sen_slope: Vec<f32>,
}

/// A column of the cells of a task. All but the first have an entry only for
/// cells that have values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// 0 for a cell that has values, otherwise 1 + its reason; one byte each.
    Reasons,
    /// Periods with a value; two bytes each.
    N,
    /// Mann-Kendall S; four bytes each, as all that follow.
    S,
    /// Tie term of S.
    TieTerm,
    /// Mean, in the density unit.
    Mean,
    /// OLS slope, in the density unit per year.
    OlsSlope,
    /// Theil-Sen slope, in the density unit per year.
    SenSlope,
}

/// A window with its cells.
pub type PlacedSegment = (Window, Segment);

/// The file of a task's cells.
///
/// # Errors
/// Returns an error if a length in it needs more than 32 bits.
pub fn to_bytes(digest: &str, segments: &[PlacedSegment]) -> Result<Vec<u8>, TooLong> {
    let mut file = Writer(MAGIC.to_vec());
    file.u32(PARTIAL_VERSION);
    file.text(digest)?;
    file.len(segments.len())?;
    let mut place = file.0.len() + segments.len() * ENTRY;
    let mut data = Vec::new();
    for (window, segment) in segments {
        for number in [window.row0, window.col0, window.rows, window.cols] {
            file.len(number)?;
        }
        file.len(segment.reasons.len())?;
        file.len(segment.n.len())?;
        for column in segment.columns() {
            let packed = lz4_flex::block::compress(&column);
            file.u64(place as u64);
            file.len(packed.len())?;
            place += packed.len();
            data.extend(packed);
        }
    }
    file.0.extend(data);
    Ok(seal(file))
}

impl Segment {
    fn columns(&self) -> [Vec<u8>; COLUMNS] {
        fn bytes<T: Copy, const N: usize>(column: &[T], of: fn(T) -> [u8; N]) -> Vec<u8> {
            column.iter().flat_map(|value| of(*value)).collect()
        }
        [
            self.reasons.clone(),
            bytes(&self.n, u16::to_le_bytes),
            bytes(&self.s, i32::to_le_bytes),
            bytes(&self.tie_term, u32::to_le_bytes),
            bytes(&self.mean, f32::to_le_bytes),
            bytes(&self.ols_slope, f32::to_le_bytes),
            bytes(&self.sen_slope, f32::to_le_bytes),
        ]
    }
}

/// Whether a file holds the cells of a task, whole: those of its windows, as many as its tallies have.
///
/// # Errors
/// What is wrong with it.
pub fn check(
    bytes: &[u8],
    digest: &str,
    windows: &[Window],
    partial: &Partial,
) -> Result<(), Damage> {
    let content = unseal(bytes)?;
    let table = Table::read(&mut Reader(content), content.len(), digest)?;
    if !table.entries.iter().map(|entry| &entry.window).eq(windows) {
        return Err(Damage("its windows are not those of the task".to_owned()));
    }
    let sum = |of: fn(&Entry) -> usize| {
        let parts = table.entries.iter().map(|entry| of(entry) as u64);
        parts.fold(0, u64::saturating_add)
    };
    if sum(|entry| entry.cells) != partial.cells {
        return Err(Damage("it has other cells than the tallies".to_owned()));
    }
    let with_trend = partial.trends.as_ref().map(|counts| {
        let tested = counts.histogram.counts().map(|(_, _, _, cells)| cells);
        tested.fold(counts.histogram.untested(), u64::saturating_add)
    });
    if with_trend.is_some_and(|cells| cells != sum(|entry| entry.cells_with_values)) {
        return Err(Damage("it has other trends than were counted".to_owned()));
    }
    Ok(())
}

/// Where the columns of a segment lie.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The window.
    pub window: Window,
    cells: usize,
    cells_with_values: usize,
    columns: [(u64, usize); COLUMNS],
}

/// The table of a file of cells.
#[derive(Debug)]
pub struct Table {
    /// Its segments, in order.
    pub entries: Vec<Entry>,
}

impl Table {
    /// Reads the table of a file.
    ///
    /// # Errors
    /// What the system says; a file that is not what was written.
    pub fn open(path: &Path, digest: &str) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let len = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut head = vec![0; len.min(1 << 16)];
        file.read_exact(&mut head)?;
        // Tables are short; a longer one is read on the second try.
        Self::read(&mut Reader(&head), len, digest).or_else(|_| {
            file.read_to_end(&mut head)?;
            Self::read(&mut Reader(&head), len, digest).map_err(invalid)
        })
    }

    fn read(file: &mut Reader<'_>, file_len: usize, digest: &str) -> Result<Self, Damage> {
        if file.take(MAGIC.len())? != MAGIC {
            return Err(Damage(
                "it is not a file of cells of this program".to_owned(),
            ));
        }
        match file.u32()? {
            PARTIAL_VERSION => {}
            other => return Err(Damage(format!("it is of version {other}"))),
        }
        if file.text()? != digest {
            return Err(Damage("it is of another task".to_owned()));
        }
        let segments = file.len(ENTRY)?;
        let entries = (0..segments).map(|_| Entry::read(file, file_len));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }
}

impl Entry {
    fn read(file: &mut Reader<'_>, file_len: usize) -> Result<Self, Damage> {
        let mut number = || file.u32().map(|number| number as usize);
        let window = Window {
            row0: number()?,
            col0: number()?,
            rows: number()?,
            cols: number()?,
        };
        let (cells, cells_with_values) = (number()?, number()?);
        let mut columns = [(0, 0); COLUMNS];
        for column in &mut columns {
            *column = (file.u64()?, file.u32()? as usize);
            if column.0.saturating_add(column.1 as u64) > file_len as u64 {
                return Err(Damage("a column lies behind its end".to_owned()));
            }
        }
        let most = window.rows.saturating_mul(window.cols);
        if cells_with_values > cells || cells > most {
            return Err(Damage(
                "a segment has more cells than its window".to_owned(),
            ));
        }
        Ok(Self {
            window,
            cells,
            cells_with_values,
            columns,
        })
    }

    /// Reads one column as bytes.
    ///
    /// # Errors
    /// What the system says; a column that is not what was written.
    pub fn column(&self, file: &File, column: Column) -> io::Result<Vec<u8>> {
        let (place, len) = self.columns[column as usize];
        let mut packed = vec![0; len];
        read_at(file, &mut packed, place)?;
        let size = match column {
            Column::Reasons => self.cells,
            Column::N => self.cells_with_values * 2,
            _ => self.cells_with_values * 4,
        };
        let bytes = lz4_flex::block::decompress(&packed, size)
            .map_err(|error| invalid(Damage(format!("a column cannot be unpacked: {error}"))))?;
        if bytes.len() == size {
            Ok(bytes)
        } else {
            Err(invalid(Damage("a column has another length".to_owned())))
        }
    }
}

/// Reads without moving a cursor that other threads share.
#[cfg(unix)]
fn read_at(file: &File, out: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, place)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, out: &mut [u8], place: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(place))?;
    file.read_exact(out)
}

fn invalid(damage: Damage) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments() -> Vec<PlacedSegment> {
        let segment = Segment {
            reasons: vec![0, 3, 0],
            n: vec![12, 11],
            s: vec![-66, 5],
            tie_term: vec![0, 18],
            mean: vec![1.5, 150.25],
            ols_slope: vec![-0.5, 0.0],
            sen_slope: vec![-0.25, f32::NAN],
        };
        let window = |row0| Window {
            row0,
            col0: 4,
            rows: 2,
            cols: 2,
        };
        vec![(window(0), segment), (window(2), Segment::default())]
    }

    #[test]
    fn columns_are_read_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cells");
        std::fs::write(&path, to_bytes("d", &segments()).unwrap()).unwrap();
        let table = Table::open(&path, "d").unwrap();
        assert_eq!(table.entries.len(), 2);
        let file = File::open(&path).unwrap();
        let entry = &table.entries[0];
        assert_eq!(entry.column(&file, Column::Reasons).unwrap(), [0, 3, 0]);
        let s = entry.column(&file, Column::S).unwrap();
        assert_eq!(s[..4], (-66_i32).to_le_bytes());
        let mean = entry.column(&file, Column::Mean).unwrap();
        assert_eq!(mean[4..], 150.25_f32.to_le_bytes());
        let empty = table.entries[1].column(&file, Column::Mean).unwrap();
        assert!(empty.is_empty());
        assert!(Table::open(&path, "e").is_err());
    }

    /// Counts as the segments have them: 3 cells, of which 2 have a trend.
    fn counts() -> Partial {
        let mut histogram = nutag_stats::multiplicity::SignificanceHistogram::new(5);
        histogram.add(12, -66, 0);
        histogram.add(11, 5, 18);
        Partial {
            cells: 3,
            tallies: nutag_zonal::TallySet::new(1, 1),
            trends: Some(crate::TrendCounts {
                histogram,
                field: None,
            }),
        }
    }

    #[test]
    fn every_flipped_byte_and_every_missing_end_is_noticed() {
        let bytes = to_bytes("d", &segments()).unwrap();
        let windows: Vec<Window> = segments().iter().map(|(window, _)| *window).collect();
        let check = |bytes: &[u8]| check(bytes, "d", &windows, &counts());
        assert_eq!(check(&bytes), Ok(()));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(check(&damaged).is_err(), "byte {at}");
            assert!(check(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn cells_of_other_windows_or_counts_are_not_those_of_the_task() {
        let bytes = to_bytes("d", &segments()).unwrap();
        let windows: Vec<Window> = segments().iter().map(|(window, _)| *window).collect();
        assert!(check(&bytes, "d", &windows[..1], &counts()).is_err());
        let mut moved = windows.clone();
        moved[1].row0 += 2;
        assert!(check(&bytes, "d", &moved, &counts()).is_err());
        let mut more = counts();
        more.cells = 4;
        assert!(check(&bytes, "d", &windows, &more).is_err());
        let mut fewer = counts();
        if let Some(trends) = &mut fewer.trends {
            trends.histogram.add(2, 1, 0);
        }
        assert!(check(&bytes, "d", &windows, &fewer).is_err());
    }
}
