//! Times SPEI-3 of 480 months a cell on one thread, and a world grid of 0.5 degrees and 120 years
//! (67,420 land cells) in tasks, with the memory it took.
//!
//! `drought [THREADS]`; cells are made as they are read, so their making is timed apart.
#![allow(missing_docs, clippy::print_stdout)]

use std::time::Instant;

use nutag_drought::grid::{CellSource, Tasks, every_cell};
use nutag_drought::standard::{
    CellIndex, Fit, Kernel, KernelShape, LEAST_REFERENCE_YEARS, Recipe, Reference, Standardiser,
    Water, Workspace,
};
use nutag_drought::{DroughtError, MonthAxis, YearMonth};

const CELLS: usize = 2000;
const REPETITIONS: usize = 7;
const WORLD_CELLS: usize = 67_420;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let threads: usize = std::env::args().nth(1).map_or(Ok(2), |t| t.parse())?;
    for fit in [Fit::LogLogistic, Fit::Gamma, Fit::PearsonThree] {
        one_thread(fit)?;
    }
    world(threads)
}

fn standardiser(fit: Fit, first: i32, years: usize) -> Result<Standardiser, DroughtError> {
    let axis = MonthAxis::new(YearMonth::new(first, 1)?, years * 12);
    let water = if fit == Fit::LogLogistic {
        Water::Balance
    } else {
        Water::default()
    };
    let recipe = Recipe {
        water,
        kernel: Kernel::new(KernelShape::Rectangular, 3, 0)?,
        fit,
        reference: Reference {
            first: axis.first(),
            last: axis.last(),
        },
        least_reference_years: LEAST_REFERENCE_YEARS,
    };
    Standardiser::new(recipe, axis)
}

fn one_thread(fit: Fit) -> Result<(), DroughtError> {
    let standardiser = standardiser(fit, 1981, 40)?;
    let months = standardiser.axis().len();
    let made = Made {
        cells: CELLS,
        months,
        least: if fit == Fit::LogLogistic { -1e9 } else { 0.0 },
    };
    let mut water = vec![0.0; CELLS * months];
    made.read(0, &mut water)?;
    let (mut work, mut out) = (Workspace::default(), CellIndex::default());
    let mut times = Vec::new();
    let mut sum = 0.0;
    for _ in 0..REPETITIONS {
        let start = cpu_s();
        for cell in water.chunks_exact(months) {
            standardiser.cell_into(cell, &mut work, &mut out)?;
            sum += out.z[months / 2];
        }
        times.push((cpu_s() - start) * 1e3 / CELLS as f64);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{}: {months} months, {CELLS} cells, one thread: best {:.4} ms of processor a cell, median {:.4} (sum {sum:.3})",
        fit.words(),
        times[0],
        times[REPETITIONS / 2]
    );
    Ok(())
}

fn world(threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    let standardiser = standardiser(Fit::LogLogistic, 1901, 120)?;
    let months = standardiser.axis().len();
    let made = Made {
        cells: WORLD_CELLS,
        months,
        least: -1e9,
    };
    let tasks = Tasks {
        cells: 256,
        at_once: 2 * threads,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let mut row = vec![0.0; months];
    let start = Instant::now();
    for cell in 0..WORLD_CELLS / 16 {
        made.read(cell, &mut row)?;
    }
    let making = start.elapsed().as_secs_f64() * 16.0;
    let start = Instant::now();
    let mut known = 0;
    pool.install(|| {
        every_cell(&standardiser, &made, tasks, |_, index| {
            known += index.known();
            Ok(())
        })
    })?;
    println!(
        "world: {WORLD_CELLS} cells, {months} months, {threads} threads: {:.2} s with the making of the cells, \
         which takes {making:.2} s of one thread; {} MB at most ({} MB of tasks); {known} values",
        start.elapsed().as_secs_f64(),
        peak_mb(),
        tasks.bytes(months) / 1_000_000,
    );
    Ok(())
}

/// Seconds that this thread has been on a processor: on a busy machine the clock tells of others.
fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns = text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok());
    ns.unwrap_or(f64::NAN) / 1e9
}

/// The most memory this process has held.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(0, |kb| kb / 1000)
}

struct Made {
    cells: usize,
    months: usize,
    least: f64,
}

impl CellSource for Made {
    type Error = DroughtError;

    fn cells(&self) -> usize {
        self.cells
    }

    fn read(&self, first: usize, water_mm: &mut [f64]) -> Result<(), DroughtError> {
        for (offset, cell) in water_mm.chunks_exact_mut(self.months).enumerate() {
            // A cheap generator: its making must not hide what is timed.
            let mut state = (first + offset) as u64 * 0x9e37_79b9_7f4a_7c15 + 1;
            for (month, value) in cell.iter_mut().enumerate() {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let (a, b) = ((state >> 32) as u32, state as u32);
                let noise = (f64::from(a) + f64::from(b)) / f64::from(u32::MAX) - 1.0;
                let season = (month % 12) as f64 - 6.0;
                *value = (60.0 * noise - 8.0 * season.abs() + 20.0).max(self.least);
            }
        }
        Ok(())
    }
}
