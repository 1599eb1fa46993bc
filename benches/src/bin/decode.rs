//! How fast granules are decoded: this project's reader, libhdf4 and bare libdeflate side by side.
//!
//! `cargo run --release -p nutag-benches --bin decode`
//!
//! Eight full-size granules (2400 x 2400 `int16`) in each of two layouts, written by libhdf4 where
//! it is installed: deflated chunks of 100 x 1200, and one deflate stream. The field is synthetic and as compressible
//! as NPP (MOD17A3HGF.061 h14v02 stores its three layers in 10.3 MB of 28.8): smooth, with noise,
//! water and barren ground. All files are in the page cache. The
//! three readers take turns in each round, and the medians of the rounds are compared, so that
//! another load on the machine meets all of them.
//!
//! "libhdf4 x2" is two processes, because the library is not safe in two threads of one. "bare"
//! inflates the same streams from memory into one buffer, and does nothing else.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(
    clippy::disallowed_methods,
    reason = "a made-up field: its last bits do not matter"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use hdf4::{Hdf4File, Scratch};
use libdeflater::Decompressor;
use nutag_testkit::hdf4::{Hdf4Writer, Layout, Linking, Packing, Sds};

const CELLS: usize = 2400;
const GRANULES: u64 = 8;
const ROUNDS: usize = 9;
const SDS: &str = "Npp_500m";
/// How often a real granule is read in a round.
const COPIES: usize = 4;
/// Real granules of other products.
const REAL: [(&str, &str, &str); 2] = [
    (
        "real MOD13A2 (1200 x 1200, chunks of 1 x 1200, level 5)",
        "1 km 16 days NDVI",
        "MOD13A2.A2025001.h18v09.061.2025022080611.hdf",
    ),
    (
        "real MOD09GA (2400 x 2400, chunks of 32 x 2400, level 8)",
        "sur_refl_b01_1",
        "MOD09GA.A2008296.h14v17.006.2015181011753.hdf",
    ),
];
const LEVEL: u8 = 5;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One layout's files, and the deflate streams in them.
struct Granules {
    name: &'static str,
    sds: &'static str,
    paths: Vec<PathBuf>,
    /// Packed bytes, and the number they inflate to.
    streams: Vec<(Vec<u8>, usize)>,
}

fn main() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("nutag-bench-decode-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = run(&folder);
    std::fs::remove_dir_all(&folder)?;
    result
}

fn run(folder: &Path) -> Result<(), Failure> {
    let threads = std::thread::available_parallelism()?;
    println!("{GRANULES} granules of {CELLS} x {CELLS} int16, {ROUNDS} rounds, {threads} cores");
    let reference = compile(folder);
    if let Err(reason) = &reference {
        println!("SKIPPED: libhdf4 is not measured, its program does not compile: {reason}");
    }
    let reference = reference.ok();
    let program = reference.as_deref();
    let mut all = vec![
        write(folder, "chunks of 100 x 1200", Some([100, 1200]), program)?,
        write(folder, "one deflate stream", None, program)?,
    ];
    let shared = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/modis"
    ));
    for (name, sds, file) in REAL {
        let path = shared.join(file);
        if path.is_file() {
            let paths = vec![path; COPIES];
            all.push(Granules {
                name,
                sds,
                paths,
                streams: Vec::new(),
            });
        } else {
            println!("SKIPPED: {file} is not here");
        }
    }
    for granules in &mut all {
        measure(granules, program)?;
    }
    Ok(())
}

/// Smooth growth and noise with water (32766) and barren ground (32765), in 0.0001 kg C/m2.
fn field(seed: u64) -> Vec<i16> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f64 / f64::from(1 << 24)
    };
    let phase = random() * 6.0;
    let mut out = Vec::with_capacity(CELLS * CELLS);
    for row in 0..CELLS {
        for col in 0..CELLS {
            let (y, x) = (row as f64 / 310.0 + phase, col as f64 / 270.0 - phase);
            let growth = (y.sin() + (x * 1.3 + y).cos() + (3.1 * x).sin() * 0.4) / 2.4;
            let patch = (x * 21.0).sin() * (y * 17.0).cos();
            out.push(if patch > 0.8 {
                32766
            } else if growth < 0.12 {
                32765
            } else {
                let texture = (x * 55.0).sin() * (y * 61.0).sin() * 60.0;
                (2600.0 + 2300.0 * growth + texture + (random() - 0.5) * 160.0) as i16
            });
        }
    }
    out
}

/// Writes the granules of one layout, with the reference library where it is installed.
fn write(
    folder: &Path,
    name: &'static str,
    chunk: Option<[usize; 2]>,
    reference: Option<&Path>,
) -> Result<Granules, Failure> {
    let mut granules = Granules {
        name,
        sds: SDS,
        paths: Vec::new(),
        streams: Vec::new(),
    };
    for seed in 1..=GRANULES {
        let path = folder.join(format!(
            "{}{seed}.hdf",
            if chunk.is_some() { 'c' } else { 'w' }
        ));
        let values = field(seed);
        if let Some(program) = reference {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_ne_bytes()).collect();
            let mut command = Command::new(program);
            command.args(["--write", SDS]).arg(&path);
            command.args([CELLS, CELLS, usize::from(LEVEL)].map(|n| n.to_string()));
            command.args(chunk.iter().flatten().map(ToString::to_string));
            let mut child = command.stdin(Stdio::piped()).spawn()?;
            child
                .stdin
                .take()
                .ok_or("no standard input")?
                .write_all(&bytes)?;
            let status = child.wait()?;
            if !status.success() {
                return Err(format!("libhdf4's program ended with {status}").into());
            }
        } else {
            let packing = Packing::Deflate(LEVEL);
            let layout = match chunk {
                Some(shape) => Layout::Chunked {
                    shape: shape.to_vec(),
                    packing: Some(packing),
                    missing: Vec::new(),
                    linked_table: true,
                },
                None => Layout::Packed(packing, Some(Linking::default())),
            };
            let sds = Sds::new(SDS, &[CELLS, CELLS], values).layout(layout);
            Hdf4Writer::new().sds(sds).write(&path)?;
        }
        granules.paths.push(path);
    }
    Ok(granules)
}

/// Seconds that work took: on the clock, and on the processors (where the system tells).
#[derive(Clone, Copy)]
struct Took {
    wall: f64,
    processor: f64,
}

/// Seconds this thread has spent on a processor; not a number where the system does not tell.
fn thread_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.map_or(f64::NAN, |n| n / 1e9)
}

/// Runs `work` for each of `count` items on `threads` threads, each of which has done one before
/// so that its memory is in place.
fn timed<S>(
    threads: usize,
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<(), Failure> + Sync,
) -> Result<Took, Failure> {
    let next = AtomicUsize::new(0);
    let ready = Barrier::new(threads);
    let (wall, processor) = std::thread::scope(|scope| {
        let worker = || -> Result<(f64, f64), Failure> {
            let mut state = state();
            let warm = work(&mut state, 0);
            ready.wait();
            warm?;
            let (start, before) = (Instant::now(), thread_seconds());
            loop {
                let item = next.fetch_add(1, Ordering::Relaxed);
                if item >= count {
                    let processor = thread_seconds() - before;
                    return Ok((start.elapsed().as_secs_f64(), processor));
                }
                work(&mut state, item)?;
            }
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let mut all = (0.0_f64, 0.0);
        for handle in handles {
            let (wall, processor) = handle.join().map_err(|_| "a worker panicked")??;
            all = (all.0.max(wall), all.1 + processor);
        }
        Ok::<_, Failure>(all)
    })?;
    Ok(Took { wall, processor })
}

fn ours(granules: &Granules, threads: usize) -> Result<Took, Failure> {
    let state = || (Scratch::new(), Vec::new());
    timed(
        threads,
        granules.paths.len(),
        state,
        |(scratch, out), item| {
            let file = Hdf4File::open(&granules.paths[item])?;
            let ds = file.dataset(granules.sds)?;
            out.resize(usize::try_from(ds.cells())?, 0_i16);
            file.read_into(ds, out, scratch)?;
            std::hint::black_box(&out[..]);
            Ok(())
        },
    )
}

fn bare(granules: &Granules, threads: usize) -> Result<Took, Failure> {
    let longest = granules.streams.iter().map(|s| s.1).max().unwrap_or(0);
    let state = || (Decompressor::new(), vec![0_u8; longest]);
    timed(
        threads,
        granules.streams.len(),
        state,
        |(inflater, out), item| {
            let (packed, length) = &granules.streams[item];
            inflater.zlib_decompress(packed, &mut out[..*length])?;
            std::hint::black_box(&out[..]);
            Ok(())
        },
    )
}

/// What `processes` processes took that share the files, without their start; and the sum of all
/// values.
fn libhdf4(granules: &Granules, program: &Path, processes: usize) -> Result<(Took, i64), Failure> {
    let children: Vec<_> = (0..processes)
        .map(|p| {
            let own = granules.paths.iter().skip(p).step_by(processes);
            Command::new(program)
                .arg(granules.sds)
                .args(own)
                .stdout(Stdio::piped())
                .spawn()
        })
        .collect::<Result<_, _>>()?;
    let (mut took, mut sum) = (
        Took {
            wall: 0.0,
            processor: 0.0,
        },
        0,
    );
    for child in children {
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("libhdf4's program ended with {}", output.status).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let [wall, processor, values] = text.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(format!("libhdf4's program printed {text}").into());
        };
        took.wall = took.wall.max(wall.parse()?);
        took.processor += processor.parse::<f64>()?;
        sum += values.parse::<i64>()?;
    }
    Ok((took, sum))
}

fn measure(granules: &mut Granules, reference: Option<&Path>) -> Result<(), Failure> {
    let (mut decoded, mut stored, mut wanted) = (0, 0, 0);
    for path in &granules.paths {
        let file = Hdf4File::open(path)?;
        let ds = file.dataset(granules.sds)?;
        let values: Vec<i16> = file.read(ds)?;
        wanted += values.iter().map(|&v| i64::from(v)).sum::<i64>();
        decoded += size_of_val(&values[..]);
        let chunk_bytes = 2 * ds.natural_chunk_shape().iter().product::<usize>();
        let [rows, cols] = ds.chunk_grid()[..] else {
            return Err("not two dimensions".into());
        };
        for place in 0..rows * cols {
            let mut packed = Vec::new();
            file.read_stored_into(ds, &[place / cols, place % cols], &mut packed)?;
            stored += packed.len();
            granules.streams.push((packed, chunk_bytes));
        }
    }
    let granules = &*granules;
    println!(
        "\n{}: {:.2} MB stored per granule, ratio {:.2}",
        granules.name,
        stored as f64 / 1e6 / granules.paths.len() as f64,
        decoded as f64 / stored as f64
    );
    let names = [
        "libhdf4 x1",
        "libhdf4 x2",
        "bare x1",
        "bare x2",
        "hdf4 x1",
        "hdf4 x2",
    ];
    let mut seconds = [const { Vec::new() }; 6];
    for _ in 0..ROUNDS {
        for processes in [1, 2] {
            if let Some(program) = reference {
                let (time, sum) = libhdf4(granules, program, processes)?;
                if sum != wanted {
                    return Err(format!("libhdf4 reads a sum of {sum}, we read {wanted}").into());
                }
                seconds[processes - 1].push(time);
            }
            seconds[1 + processes].push(bare(granules, processes)?);
            seconds[3 + processes].push(ours(granules, processes)?);
        }
    }
    let mut medians = [None; 6];
    for ((name, times), medians) in names.iter().zip(&mut seconds).zip(&mut medians) {
        let rate = |seconds: f64| decoded as f64 / 1e6 / seconds;
        let mut median = |time: fn(&Took) -> f64| {
            times.sort_by(|a, b| time(a).total_cmp(&time(b)));
            times.get(times.len() / 2).map(time)
        };
        let (processor, wall) = (median(|t| t.processor), median(|t| t.wall));
        if let (Some(wall), Some(processor), [best, .., worst]) = (wall, processor, &times[..]) {
            println!(
                "  {name:<10}  median {:7.1} MB/s, best {:7.1}, worst {:7.1}; {:7.1} MB/s per processor",
                rate(wall),
                rate(best.wall),
                rate(worst.wall),
                rate(processor)
            );
            *medians = Some(Took { wall, processor });
        }
    }
    let [reference, processes, bare, bare_two, one, two] = medians;
    let ratio = |what: &str, a: Option<Took>, b: Option<Took>, target: &str| {
        if let (Some(a), Some(b)) = (a, b) {
            let (wall, processor) = (a.wall / b.wall, a.processor / b.processor);
            println!("  {what:<44} {wall:5.2} (processor time {processor:5.2})   target {target}");
        }
    };
    ratio("hdf4 over libhdf4, one thread", reference, one, ">= 3");
    ratio(
        "hdf4 over libhdf4, two against two processes",
        processes,
        two,
        "-",
    );
    ratio("hdf4, two threads over one", one, two, ">= 1.8");
    ratio("bare, two threads over one", bare, bare_two, "-");
    ratio("time of hdf4 over bare, one thread", one, bare, "<= 1.25");
    ratio(
        "time of hdf4 over bare, two threads",
        two,
        bare_two,
        "<= 1.25",
    );
    Ok(())
}

/// Compiles the program that reads with libhdf4.
fn compile(folder: &Path) -> Result<PathBuf, String> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/c/decode_libhdf4.c");
    let out = folder.join("decode_libhdf4");
    let mut reason = String::new();
    for libraries in [["-lmfhdfalt", "-ldfalt"], ["-lmfhdf", "-ldf"]] {
        let mut command = Command::new("cc");
        command
            .args(["-O2", source, "-I/usr/include/hdf", "-o"])
            .arg(&out);
        command.args(libraries).args(["-lz", "-ljpeg", "-lm"]);
        match command.output() {
            Ok(output) if output.status.success() => return Ok(out),
            Ok(output) => reason = String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => reason = error.to_string(),
        }
    }
    Err(reason.lines().next().unwrap_or_default().to_string())
}
