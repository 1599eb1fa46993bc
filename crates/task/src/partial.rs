//! What a finished task leaves behind: its tallies, in one file that knows
//! what it was made from and whether it is whole.
//!
//! ```text
//! "NUTAGTLY"  version  ingredients  length of the body  body (LZ4)  SHA-256 of all before
//! ```

use nutag_files::sha256_bytes;
use nutag_stats::multiplicity::SignificanceHistogram;
use nutag_stats::multiplicity::field::FieldCounts;
use nutag_zonal::{Tally, TallySet};

use crate::codec::{Damage, Reader, TooLong, Writer};
use crate::key::TaskKey;

const MAGIC: &[u8; 8] = b"NUTAGTLY";
/// Grows when the meaning of the bytes changes; older partials are then redone.
pub const PARTIAL_VERSION: u32 = 1;
/// Hexadecimal digits of a checksum.
pub const CHECKSUM: usize = 64;

/// The counts of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partial {
    /// Cells of interest that were visited.
    pub cells: u64,
    /// Their tallies.
    pub tallies: TallySet,
    /// Counts of their trends, where trends of cells are asked for.
    pub trends: Option<TrendCounts>,
}

/// What is counted of the trends of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendCounts {
    /// Cells by n, |S| and ties.
    pub histogram: SignificanceHistogram,
    /// Significant cells under permuted years, where that is asked for.
    pub field: Option<FieldCounts>,
}

impl TrendCounts {
    /// Adds the counts of other cells.
    pub fn merge(&mut self, other: &Self) -> Result<(), nutag_stats::StatsError> {
        self.histogram.merge(&other.histogram)?;
        match (&mut self.field, &other.field) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            _ => Ok(()),
        }
    }
}

impl Partial {
    /// The file of a task.
    ///
    /// # Errors
    /// Returns an error if a length in it needs more than 32 bits.
    pub fn to_bytes(&self, key: &TaskKey) -> Result<Vec<u8>, TooLong> {
        let mut body = Writer::default();
        self.write(&mut body)?;
        let mut file = Writer(MAGIC.to_vec());
        file.u32(PARTIAL_VERSION);
        key.write(&mut file)?;
        file.pack(&body)?;
        Ok(seal(file))
    }

    /// Reads the file of a task.
    ///
    /// # Errors
    /// Whatever shows that it is not what was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<(TaskKey, Self), Damage> {
        let (key, mut rest) = open(bytes)?;
        let body = rest.unpack()?;
        let mut body = Reader(&body);
        let partial = Self::read(&mut body)?;
        body.end()?;
        Ok((key, partial))
    }

    pub(crate) fn write(&self, body: &mut Writer) -> Result<(), TooLong> {
        body.u64(self.cells);
        write_tallies(&self.tallies, body)?;
        write_trends(self.trends.as_ref(), body)
    }

    pub(crate) fn read(body: &mut Reader<'_>) -> Result<Self, Damage> {
        Ok(Self {
            cells: body.u64()?,
            tallies: read_tallies(body)?,
            trends: read_trends(body)?,
        })
    }
}

/// What a file was made from, whether or not its counts are of use.
///
/// # Errors
/// A file that is not whole.
pub fn ingredients(bytes: &[u8]) -> Result<TaskKey, Damage> {
    open(bytes).map(|(key, _)| key)
}

fn open(bytes: &[u8]) -> Result<(TaskKey, Reader<'_>), Damage> {
    let mut file = Reader(unseal(bytes)?);
    if file.take(MAGIC.len())? != MAGIC {
        return Err(Damage("it is not a partial of this program".to_owned()));
    }
    match file.u32()? {
        PARTIAL_VERSION => {}
        other => return Err(Damage(format!("it is of version {other}"))),
    }
    Ok((TaskKey::read(&mut file)?, file))
}

/// Adds the checksum.
pub fn seal(mut file: Writer) -> Vec<u8> {
    let checksum = sha256_bytes(&file.0);
    file.0.extend(checksum.as_bytes());
    file.0
}

/// Takes the checksum off, if it is right.
pub fn unseal(bytes: &[u8]) -> Result<&[u8], Damage> {
    let (content, checksum) = bytes
        .len()
        .checked_sub(CHECKSUM)
        .map(|at| bytes.split_at(at))
        .ok_or_else(|| Damage("it ends too soon".to_owned()))?;
    if sha256_bytes(content).as_bytes() != checksum {
        return Err(Damage("its checksum does not fit".to_owned()));
    }
    Ok(content)
}

fn write_tallies(tallies: &TallySet, out: &mut Writer) -> Result<(), TooLong> {
    out.len(tallies.periods())?;
    out.len(tallies.reasons())?;
    out.len(tallies.iter().count())?;
    for (key, periods) in tallies.iter() {
        out.u32(key);
        for tally in periods {
            for count in [
                tally.cells,
                tally.area_cm2,
                tally.valid_cells,
                tally.valid_area_cm2,
                tally.zero_cells,
            ] {
                out.u64(count);
            }
            out.i64(tally.sum_raw);
            out.i128(tally.sum_raw_cm2);
            out.i128(tally.sum_raw_squared_cm2);
            let masked = tally.masked_cells.iter().chain(&tally.masked_area_cm2);
            masked.for_each(|count| out.u64(*count));
        }
    }
    Ok(())
}

fn read_tallies(body: &mut Reader<'_>) -> Result<TallySet, Damage> {
    let (periods, reasons) = (body.u32()? as usize, body.u32()? as usize);
    let size = periods.saturating_mul(5 * 8 + 8 + 32 + reasons.saturating_mul(16));
    let keys = body.len(size.saturating_add(4))?;
    let mut tallies = TallySet::new(periods, reasons);
    for _ in 0..keys {
        let key = body.u32()?;
        for tally in tallies.entry(key) {
            *tally = Tally {
                cells: body.u64()?,
                area_cm2: body.u64()?,
                valid_cells: body.u64()?,
                valid_area_cm2: body.u64()?,
                zero_cells: body.u64()?,
                sum_raw: body.i64()?,
                sum_raw_cm2: body.i128()?,
                sum_raw_squared_cm2: body.i128()?,
                masked_cells: (0..reasons).map(|_| body.u64()).collect::<Result<_, _>>()?,
                masked_area_cm2: (0..reasons).map(|_| body.u64()).collect::<Result<_, _>>()?,
            };
        }
    }
    Ok(tallies)
}

fn write_trends(trends: Option<&TrendCounts>, out: &mut Writer) -> Result<(), TooLong> {
    out.u32(u32::from(trends.is_some()));
    let Some(TrendCounts { histogram, field }) = trends else {
        return Ok(());
    };
    out.len(histogram.min_n())?;
    out.u64(histogram.untested());
    out.len(histogram.counts().count())?;
    for (n, abs_s, tie_term, cells) in histogram.counts() {
        out.len(n)?;
        out.u64(abs_s);
        out.u64(tie_term);
        out.u64(cells);
    }
    out.u32(u32::from(field.is_some()));
    if let Some(field) = field {
        out.u64(field.observed);
        out.len(field.permuted.len())?;
        field.permuted.iter().for_each(|count| out.u64(*count));
    }
    Ok(())
}

fn read_trends(body: &mut Reader<'_>) -> Result<Option<TrendCounts>, Damage> {
    if body.u32()? == 0 {
        return Ok(None);
    }
    let mut histogram = SignificanceHistogram::new(body.u32()? as usize);
    let untested = body.u64()?;
    let counts = (0..body.len(28)?)
        .map(|_| Ok((body.u32()? as usize, body.u64()?, body.u64()?, body.u64()?)))
        .collect::<Result<Vec<_>, Damage>>()?;
    histogram
        .add_counts(counts, untested)
        .map_err(|error| Damage(error.to_string()))?;
    let field = if body.u32()? == 0 {
        None
    } else {
        Some(FieldCounts {
            observed: body.u64()?,
            permuted: (0..body.len(8)?)
                .map(|_| body.u64())
                .collect::<Result<_, _>>()?,
        })
    };
    Ok(Some(TrendCounts { histogram, field }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partial() -> Partial {
        let mut tallies = TallySet::new(2, 3);
        for (key, n) in [(7, 5), (900, 11)] {
            for tally in tallies.entry(key) {
                tally.cells = n;
                tally.area_cm2 = n * 10;
                tally.sum_raw = -3;
                tally.sum_raw_cm2 = i128::MIN / 3;
                tally.masked_cells[2] = n;
            }
        }
        let mut histogram = SignificanceHistogram::new(5);
        histogram.add(12, -30, 0);
        histogram.add(12, 4, 18);
        histogram.add(3, 1, 0);
        let field = Some(FieldCounts {
            observed: 2,
            permuted: vec![1, 0, 5],
        });
        Partial {
            cells: 16,
            tallies,
            trends: Some(TrendCounts { histogram, field }),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let key = TaskKey::of_parts([("rules".to_owned(), "ab".to_owned())]).unwrap();
        let plain = Partial {
            trends: None,
            ..partial()
        };
        for partial in [partial(), plain] {
            let bytes = partial.to_bytes(&key).unwrap();
            assert_eq!(Ok(&bytes), partial.to_bytes(&key).as_ref());
            assert_eq!(Partial::from_bytes(&bytes), Ok((key.clone(), partial)));
        }
    }

    #[test]
    fn every_flipped_byte_and_every_missing_end_is_noticed() {
        let key = TaskKey::of_parts([("rules".to_owned(), "ab".to_owned())]).unwrap();
        let bytes = partial().to_bytes(&key).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x40;
            assert!(Partial::from_bytes(&damaged).is_err(), "byte {at}");
            assert!(Partial::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn nonsense_under_a_right_checksum_is_an_error_and_no_crash() {
        let key = TaskKey::of_parts([("rules".to_owned(), "ab".to_owned())]).unwrap();
        let bytes = partial().to_bytes(&key).unwrap();
        let content = &bytes[..bytes.len() - CHECKSUM];
        for at in 0..content.len() {
            for value in [0x00, 0xFF] {
                let mut changed = content.to_vec();
                changed[at] = value;
                // What it says may differ; that it returns is the test.
                let _ = Partial::from_bytes(&seal(Writer(changed)));
            }
        }
    }
}
