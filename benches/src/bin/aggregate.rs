//! Times the kernel that counts cells: one tile of full size, twelve years, one thread.
//!
//! `aggregate DATA KEYS RESULTS RUN` makes 2400 x 2400 cells of twelve years under a common mask,
//! one in twelve with a fill code, and keys in runs of RUN cells; it writes the values to DATA (i16,
//! year by year), the keys to KEYS (u16) and, for each key and year, cells that count, their sum and
//! their sum of squares to RESULTS (i64), so that `benches/python/aggregate_numba.py` can time itself
//! on the same cells and compare every sum.
#![allow(missing_docs, clippy::print_stdout)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use nutag_stats::draws::Draws;
use nutag_zonal::{
    Block, KeySpace, KeyStrip, Mask, PeriodLayer, Rules, TallySet, VALID, tally_block,
};

const SIDE: usize = 2400;
const YEARS: usize = 12;
/// Rows of a block, as of a chunk in MOD17 files.
const ROWS: usize = 100;
const REPETITIONS: usize = 7;
const FILL: i16 = 32_765;
/// As in the demo: 22 regions, four zones in each epoch.
const SPACE: KeySpace = match KeySpace::new(22, 4, 4) {
    Ok(space) => space,
    Err(_) => panic!(),
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, keys_file, results, run] = arguments.as_slice() else {
        return Err("usage: aggregate DATA KEYS RESULTS RUN".into());
    };
    let run: usize = run.parse()?;
    let rows = values();
    let keys = keys(run);
    let mut strip = KeyStrip::starting_at(0);
    for row in keys.chunks(SIDE) {
        strip.push_row(row.iter().map(|key| u32::from(*key)), SPACE.nowhere());
    }
    // One reason for fill codes, and the two that every study has.
    let class = |bits: u16| u8::from(!(0..=32_700).contains(&bits.cast_signed())) * (1 + VALID);
    let classes = (0..=u16::MAX).map(class).collect();
    let rules = Rules::new(true, classes, None, Mask::Common, 3, 1, 2);

    let mut tallies = TallySet::new(YEARS, 3);
    let mut seconds = Vec::new();
    for _ in 0..REPETITIONS {
        tallies = TallySet::new(YEARS, 3);
        let start = Instant::now();
        for first_row in (0..SIDE).step_by(ROWS) {
            let cells = first_row * SIDE..(first_row + ROWS) * SIDE;
            let layers: Vec<PeriodLayer<'_>> = rows
                .iter()
                .map(|row| PeriodLayer::Values {
                    raw: &row[cells.clone()],
                    quality: None,
                    missing: &[],
                })
                .collect();
            let block = Block {
                first_row,
                first_column: 0,
                columns: SIDE,
                row_area_cm2: &[1; ROWS],
                layers: &layers,
                keys: &strip,
            };
            tally_block(&block, &rules, &mut tallies);
        }
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let values = (SIDE * SIDE * YEARS) as f64;
    println!(
        "nutag  runs of {run:>4} cells: {:5.0} million values a second best, {:5.0} median",
        values / seconds[0] / 1e6,
        values / seconds[REPETITIONS / 2] / 1e6
    );

    let mut out = BufWriter::new(File::create(data)?);
    for bits in rows.iter().flatten() {
        out.write_all(&bits.to_le_bytes())?;
    }
    let mut out_keys = BufWriter::new(File::create(keys_file)?);
    for key in &keys {
        out_keys.write_all(&key.to_le_bytes())?;
    }
    let mut out_sums = BufWriter::new(File::create(results)?);
    let empty = vec![nutag_zonal::Tally::empty(3); YEARS];
    for key in 0..SPACE.len() {
        let found = tallies.iter().find(|(found, _)| *found == key);
        for tally in found.map_or(empty.as_slice(), |(_, tally)| tally) {
            // Every cell counts as one cm2, so the sums by area are plain sums.
            let squares = i64::try_from(tally.sum_raw_squared_cm2)?;
            for sum in [i64::try_from(tally.valid_cells)?, tally.sum_raw, squares] {
                out_sums.write_all(&sum.to_le_bytes())?;
            }
        }
    }
    for out in [&mut out, &mut out_keys, &mut out_sums] {
        out.flush()?;
    }
    Ok(())
}

/// Bit patterns of twelve years; a cell with a fill code has it in all of them.
fn values() -> Vec<Vec<u16>> {
    let mut draws = Draws::new(2012, 1);
    let mut rows = vec![vec![0; SIDE * SIDE]; YEARS];
    for cell in 0..SIDE * SIDE {
        // Fill codes lie together, as lakes and deserts do.
        let filled = cell / 50 % 12 == cell / SIDE % 12;
        for row in &mut rows {
            let value = i16::try_from(300 + draws.below(5000)).unwrap_or(0);
            row[cell] = if filled { FILL } else { value }.cast_unsigned();
        }
    }
    rows
}

fn keys(run: usize) -> Vec<u16> {
    let mut draws = Draws::new(2012, 2);
    let mut keys = Vec::with_capacity(SIDE * SIDE);
    while keys.len() < SIDE * SIDE {
        // A row crosses a few regions and zones, others further south.
        let band = (keys.len() / SIDE / 100) as u64;
        let key = (band * 20 + draws.below(6) * 7) % u64::from(SPACE.len() - 1);
        let key = u16::try_from(key).unwrap_or(0);
        let left = SIDE * SIDE - keys.len();
        keys.extend(std::iter::repeat_n(key, run.min(left)));
    }
    keys
}
