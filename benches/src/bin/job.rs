//! The whole job on granules of full size: wall time, memory, and how much of it is inflating.
//!
//! 84 granules (7 tiles x 12 years, 2400 x 2400 cells) are made by the sample maker into
//! `target/bench-data` once. Each measurement is a process of its own, so that its peak memory is
//! its own; runs of the job and of bare inflating take turns, and medians are compared.
//!
//! `job` measures; `job --run THREADS`, `job --maps THREADS`, `job --again THREADS` and
//! `job --bare THREADS` are its children: the tables alone from nothing, with all maps from nothing,
//! with all maps where nothing changed, and bare inflating.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use hdf4::Hdf4File;
use libdeflater::Decompressor;
use nutag_pipeline::config::Config;
use nutag_pipeline::plan::Plan;
use nutag_pipeline::run::{RunOptions, run};
use nutag_problem::{Progress, Silent, Steps};

type Failure = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 5;
const CHUNK: (usize, usize) = (100, 1200);
const ALL_MAPS: &str = r#"["png", "cog", "netcdf"]"#;
const SDS: &str = "Npp_500m";

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => measure(),
        ["--run", threads] => run_once(threads.parse()?, "[]", false),
        ["--maps", threads] => run_once(threads.parse()?, ALL_MAPS, false),
        ["--again", threads] => run_once(threads.parse()?, ALL_MAPS, true),
        ["--bare", threads] => bare(threads.parse()?),
        _ => Err("usage: job [--run | --maps | --again | --bare THREADS]".into()),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn data() -> PathBuf {
    root().join("target/bench-data")
}

/// The pipeline file of the demo, on granules of full size.
fn config(maps: &str) -> Result<Config, Failure> {
    let text = std::fs::read_to_string(root().join("pipelines/demo.toml"))?;
    let text: String = text
        .lines()
        .filter(|line| !line.starts_with("cells_per_tile"))
        .map(|line| match line.split_once('=') {
            Some((key, _)) if key.trim() == "maps" => format!("maps = {maps}"),
            _ => line.to_owned(),
        })
        .map(|line| line.replace("../data-samples/MOD17A3HGF", "../target/bench-data") + "\n")
        .collect();
    // Beside the demo, so that its other paths hold.
    let path = root().join("pipelines/.bench.toml");
    std::fs::write(&path, text)?;
    let config = Config::load(&path);
    std::fs::remove_file(&path)?;
    Ok(config?)
}

/// Notes when each piece of work begins.
#[derive(Default)]
struct Clock(Mutex<Vec<(String, Instant)>>);

impl Clock {
    fn note(&self, what: &str) {
        let mut notes = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        notes.push((what.to_owned(), Instant::now()));
    }

    /// Seconds from the beginning of a piece of work to what came next.
    fn seconds(&self, what: &str) -> f64 {
        let notes = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let pairs = notes.windows(2).filter(|pair| pair[0].0 == what);
        pairs
            .map(|pair| (pair[1].1 - pair[0].1).as_secs_f64())
            .sum()
    }
}

impl Progress for Clock {
    fn begin(&self, what: &str, _: u64, _: Steps) {
        self.note(what);
    }
    fn advance(&self, _: u64) {}
    fn finish(&self) {
        self.note("");
    }
    fn warn(&self, _: &str) {}
}

fn run_once(threads: u16, maps: &str, again: bool) -> Result<(), Failure> {
    let clock = Clock::default();
    let config = config(maps)?;
    let out = root().join("target/bench-out");
    let work = root().join("target/.bench-out.work");
    if !again && work.exists() {
        // Finished pieces of the run before would be used again.
        std::fs::remove_dir_all(work)?;
    }
    let options = RunOptions {
        out,
        overwrite: true,
        threads: Some(threads),
    };
    let start = Instant::now();
    run(
        &options,
        || Plan::make(config, &clock),
        &clock,
        &AtomicBool::new(false),
    )?;
    report(&[
        ("wall", start.elapsed().as_secs_f64()),
        ("checking", clock.seconds("checking granules")),
        ("maps", clock.seconds("putting maps on the grid")),
        ("counting", clock.seconds("reading and counting")),
        ("hashing", clock.seconds("hashing inputs")),
        ("peak_mb", peak_memory_mb()?),
    ]);
    Ok(())
}

/// Inflates the chunks that the job needs, from memory, and does nothing with them.
fn bare(threads: usize) -> Result<(), Failure> {
    let plan = Plan::make(config("[]")?, &Silent)?;
    let mut streams = Vec::new();
    for tile in &plan.tiles {
        for granule in tile.granules.iter().flatten() {
            let file = Hdf4File::open(&granule.path)?;
            let dataset = file.dataset(SDS)?;
            for window in &tile.windows {
                let rows = window.row0 / CHUNK.0..(window.row0 + window.rows).div_ceil(CHUNK.0);
                let cols = window.col0 / CHUNK.1..(window.col0 + window.cols).div_ceil(CHUNK.1);
                for chunk in rows.flat_map(|row| cols.clone().map(move |col| [row, col])) {
                    let mut packed = Vec::new();
                    file.read_stored_into(dataset, &chunk, &mut packed)?;
                    streams.push(packed);
                }
            }
        }
    }
    let next = AtomicUsize::new(0);
    let worker = || -> Result<(), Failure> {
        let mut inflater = Decompressor::new();
        let mut out = vec![0_u8; CHUNK.0 * CHUNK.1 * 2];
        while let Some(packed) = streams.get(next.fetch_add(1, Ordering::Relaxed)) {
            inflater.zlib_decompress(packed, &mut out)?;
            std::hint::black_box(&out);
        }
        Ok(())
    };
    let start = Instant::now();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| "a worker panicked")?)
    })?;
    let wall = start.elapsed().as_secs_f64();
    let stored: usize = streams.iter().map(Vec::len).sum();
    #[expect(clippy::cast_precision_loss, reason = "megabytes for people")]
    report(&[
        ("wall", wall),
        ("stored_mb", stored as f64 / 1e6),
        (
            "decoded_mb",
            (streams.len() * CHUNK.0 * CHUNK.1 * 2) as f64 / 1e6,
        ),
    ]);
    Ok(())
}

fn peak_memory_mb() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1e3)
}

#[expect(clippy::print_stdout, reason = "a bench prints")]
fn report(figures: &[(&str, f64)]) {
    for (name, figure) in figures {
        println!("{name} {figure}");
    }
}

/// Runs a child and reads its figures.
fn child(mode: &str, threads: usize) -> Result<Vec<(String, f64)>, Failure> {
    let output = Command::new(std::env::current_exe()?)
        .args([mode, &threads.to_string()])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{mode} {threads} ended with {}", output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let pair = |line: &str| -> Result<(String, f64), Failure> {
        let (name, figure) = line.split_once(' ').ok_or("a line without a figure")?;
        Ok((name.to_owned(), figure.parse()?))
    };
    text.lines().map(pair).collect()
}

fn median(rounds: &[Vec<(String, f64)>], name: &str) -> f64 {
    let of = |figures: &Vec<(String, f64)>| {
        figures
            .iter()
            .find(|(found, _)| found == name)
            .map_or(f64::NAN, |(_, figure)| *figure)
    };
    let mut figures: Vec<f64> = rounds.iter().map(of).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a bench prints")]
fn measure() -> Result<(), Failure> {
    if !data().is_dir() {
        println!("making 84 granules of 2400 x 2400 cells in target/bench-data ...");
        let maker = root().join("data-samples/make/full_size.sh");
        let status = Command::new(maker).arg(data()).status()?;
        if !status.success() {
            return Err(format!("the sample maker ended with {status}").into());
        }
    }
    let processors = std::thread::available_parallelism()?.get();
    println!("{processors} processors, {ROUNDS} rounds, medians");
    for threads in [1, 2] {
        let (mut jobs, mut bares) = (Vec::new(), Vec::new());
        let (mut maps, mut agains) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            jobs.push(child("--run", threads)?);
            bares.push(child("--bare", threads)?);
            maps.push(child("--maps", threads)?);
            agains.push(child("--again", threads)?);
        }
        let job = |name| median(&jobs, name);
        let bare = |name| median(&bares, name);
        println!("\n{threads} thread(s)");
        println!("  tables from nothing  {:7.2} s", job("wall"));
        println!("    checking granules  {:7.2} s", job("checking"));
        println!("    maps on the grid   {:7.2} s", job("maps"));
        println!("    hashing inputs     {:7.2} s", job("hashing"));
        println!("    reading, counting  {:7.2} s", job("counting"));
        println!("  peak memory          {:7.0} MB", job("peak_mb"));
        println!("  with all maps        {:7.2} s", median(&maps, "wall"));
        println!("    hashing inputs     {:7.2} s", median(&maps, "hashing"));
        println!("    reading, counting  {:7.2} s", median(&maps, "counting"));
        println!("  peak memory          {:7.0} MB", median(&maps, "peak_mb"));
        println!("  nothing changed      {:7.2} s", median(&agains, "wall"));
        println!(
            "    hashing inputs     {:7.2} s",
            median(&agains, "hashing")
        );
        println!(
            "  decoded by chunks    {:7.0} MB from {:.0} MB",
            bare("decoded_mb"),
            bare("stored_mb")
        );
        println!(
            "  decode and count     {:7.0} MB/s",
            bare("decoded_mb") / job("counting")
        );
        println!(
            "  bare inflating       {:7.0} MB/s, {:.2} s",
            bare("decoded_mb") / bare("wall"),
            bare("wall")
        );
        println!(
            "  counting over bare   {:7.2}   (target <= 1.5)",
            job("counting") / bare("wall")
        );
    }
    Ok(())
}
