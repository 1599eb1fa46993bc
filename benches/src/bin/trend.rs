//! Times the trends of cells: OLS, Theil-Sen and exact Mann-Kendall, on one thread and on two.
//!
//! `trend DATA RESULTS [CELLS]` makes CELLS cells of twelve years, writes them to DATA (i16, year by
//! year) and S, OLS and Theil-Sen slopes to RESULTS (i32, f64, f64), so that
//! `benches/python/trend_numba.py` can time itself on the same cells and compare every slope.
#![allow(missing_docs, clippy::print_stdout)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use nutag_stats::cells::{CellKernel, CellTrends};
use nutag_stats::draws::Draws;
use nutag_stats::multiplicity::field::{FieldCounts, JointPermutations};

const YEARS: usize = 12;
/// Cells a block: a block's values and results stay in the second-level cache.
const BLOCK: usize = 4096;
const REPETITIONS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, results, rest @ ..] = arguments.as_slice() else {
        return Err("usage: trend DATA RESULTS [CELLS]".into());
    };
    let cells: usize = rest.first().map_or(Ok(2_880_000), |c| c.parse())?;
    let rows = make(cells);
    let times: Vec<i32> = (2001..2013).collect();
    let kernel = CellKernel::new(&times)?;

    let mut all_valid = vec![vec![true; cells]; YEARS];
    let mut trends = CellTrends::new(cells);
    println!("cells {cells}, years {YEARS}, block {BLOCK}, best and median of {REPETITIONS}");
    for threads in [1, 2] {
        time("all valid", cells, threads, || {
            run(&kernel, &rows, None, &mut trends, threads);
        });
    }
    let mut out = BufWriter::new(File::create(data)?);
    for row in &rows {
        for value in row {
            out.write_all(&value.to_le_bytes())?;
        }
    }
    out.flush()?;
    let mut out = BufWriter::new(File::create(results)?);
    for s in &trends.s {
        out.write_all(&s.to_le_bytes())?;
    }
    for slope in trends.ols_slope.iter().chain(&trends.sen_slope) {
        out.write_all(&slope.to_le_bytes())?;
    }
    out.flush()?;

    // One value in twenty missing: nearly every group of cells has a gap.
    let mut draws = Draws::new(1, 1);
    for flag in all_valid.iter_mut().flatten() {
        *flag = draws.below(20) > 0;
    }
    for threads in [1, 2] {
        time("1 in 20 missing", cells, threads, || {
            run(&kernel, &rows, Some(&all_valid), &mut trends, threads);
        });
    }

    let permutations = JointPermutations::new(YEARS, 99, 1);
    let some = cells.min(100_000);
    let block: Vec<&[i16]> = rows.iter().map(|row| &row[..some]).collect();
    time("99 permutations", some, 1, || {
        let mut counts = FieldCounts::new(99);
        kernel
            .count_permuted(&block, None, &permutations, 0.05, &mut counts)
            .expect("the rows were made to fit");
    });
    Ok(())
}

/// Cells like NPP in 0.1 gC m-2: a level, noise, a slope; one in fifty constant.
fn make(cells: usize) -> Vec<Vec<i16>> {
    let mut draws = Draws::new(2012, 0);
    let mut rows = vec![Vec::new(); YEARS];
    for _ in 0..cells {
        let level = 300 + i64::try_from(draws.below(5000)).unwrap_or(0);
        let constant = draws.below(50) == 0;
        let slope = i64::try_from(draws.below(60)).unwrap_or(0) - 30;
        for (year, row) in rows.iter_mut().enumerate() {
            let noise: i64 = (0..4)
                .map(|_| i64::try_from(draws.below(300)).unwrap_or(0) - 150)
                .sum();
            let change = if constant {
                0
            } else {
                noise + slope * i64::try_from(year).unwrap_or(0)
            };
            row.push(i16::try_from(level + change).unwrap_or(i16::MAX));
        }
    }
    rows
}

fn time(what: &str, cells: usize, threads: usize, mut work: impl FnMut()) {
    let cpu = cpu_seconds();
    let mut seconds: Vec<f64> = (0..REPETITIONS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let per_cell = |s: f64| s / cells as f64 * 1e6;
    print!(
        "nutag  {what:<16} threads {threads}: {:.4} us/cell best, {:.4} median",
        per_cell(seconds[0]),
        per_cell(seconds[REPETITIONS / 2])
    );
    match (cpu, cpu_seconds()) {
        (Some(before), Some(after)) => println!(
            ", {:.4} of processor time",
            per_cell((after - before) / REPETITIONS as f64)
        ),
        _ => println!(),
    }
}

/// Processor time of all threads so far, in hundredths of a second, where Linux tells it. On a busy
/// machine it says more than the clock on the wall.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Fields 14 and 15; the second, the name in brackets, may hold spaces.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().ok()? + fields[12].parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Blocks of cells in turn, split over threads in contiguous parts.
fn run(
    kernel: &CellKernel,
    rows: &[Vec<i16>],
    valid: Option<&[Vec<bool>]>,
    trends: &mut CellTrends,
    threads: usize,
) {
    let cells = rows[0].len();
    let part = cells.div_ceil(threads).next_multiple_of(BLOCK);
    std::thread::scope(|scope| {
        let mut rest = trends.as_mut();
        for thread in 0..threads {
            let start = (thread * part).min(cells);
            let end = (start + part).min(cells);
            let (mine, others) = rest.split_at(end - start);
            rest = others;
            scope.spawn(move || {
                let mut mine = mine;
                for from in (start..end).step_by(BLOCK) {
                    let to = (from + BLOCK).min(end);
                    let values: Vec<&[i16]> = rows.iter().map(|r| &r[from..to]).collect();
                    let valid: Option<Vec<&[bool]>> =
                        valid.map(|v| v.iter().map(|r| &r[from..to]).collect());
                    let (mut block, next) = mine.split_at(to - from);
                    mine = next;
                    kernel
                        .run(&values, valid.as_deref(), &mut block)
                        .expect("the rows were made to fit");
                }
            });
        }
    });
}
