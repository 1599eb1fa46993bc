//! The world on paper: what planning, partials and the merge cost for 300 tiles, 24 years and 6
//! layers, without any data.
//!
//! Each layer is a plan of its own, as each is a pipeline file of its own. Granules are empty files
//! with the names of real ones (a plan looks at their length and time); their hashes are made up,
//! and so are the tallies of tasks. Keys are those of 250 regions and 5 x 5 zones on tiles of
//! 2400 x 2400 cells, with a new border about every 50 cells.
//!
//! `scale` measures; `scale --plan TILES`, `scale --partials TILES` and `scale --merge TILES` are its
//! children, so that the peak memory of each is its own. Plans lie under `target/bench-scale`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use nutag_granules::granule::{AcquisitionDate, GranuleFile, Period};
use nutag_granules::product::{Product, named};
use nutag_grid::{Shape, TileId};
use nutag_task::{
    Barren, Counting, Cut, FinishSheet, Inputs, Job, Keys, MaskRule, Partial, PlanFolder,
    PlanWriter, Reasons, Storage, Target, Task, TaskKey, TilePlan, tile_grid,
};
use nutag_zonal::{KeyRun, KeySpace, KeyStrip, TallySet};

type Failure = Box<dyn Error + Send + Sync>;

const LAYERS: usize = 6;
const TILES: usize = 300;
const YEARS: std::ops::RangeInclusive<u16> = 2001..=2024;
const CHUNK: Storage = Storage::Chunks {
    rows: 100,
    cols: 1200,
};
const SPACE: KeySpace = match KeySpace::new(250, 5, 5) {
    Ok(space) => space,
    Err(_) => panic!(),
};
const COUNTING: Counting = Counting {
    qc_max_percent: Some(100),
    mask: MaskRule::Common,
    barren: Barren::Exclude,
};

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => measure(),
        ["--plan", tiles] => child(tiles.parse()?, plan),
        ["--partials", tiles] => child(tiles.parse()?, partials),
        ["--merge", tiles] => child(tiles.parse()?, merge),
        _ => Err("usage: scale [--plan | --partials | --merge TILES]".into()),
    }
}

fn folder(layer: usize) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../target/bench-scale/layer-{layer}"))
}

/// Runs the children for a tenth, a third and the whole of the world.
#[allow(clippy::print_stdout)]
fn measure() -> Result<(), Failure> {
    println!(
        "{} years, {LAYERS} layers, 2400 x 2400 cells a tile",
        YEARS.count()
    );
    println!("| tiles | step | seconds | peak memory, MB | what |\n|--:|---|--:|--:|---|");
    for tiles in [TILES / 10, TILES / 3, TILES] {
        for step in ["plan", "partials", "merge"] {
            let out = Command::new(std::env::current_exe()?)
                .args([format!("--{step}"), tiles.to_string()])
                .output()?;
            if !out.status.success() {
                return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
            }
            print!("| {tiles} | {step} | {}", String::from_utf8(out.stdout)?);
        }
    }
    fs::remove_dir_all(folder(0).join(".."))?;
    Ok(())
}

#[allow(clippy::print_stdout)]
fn child(tiles: usize, step: fn(usize) -> Result<String, Failure>) -> Result<(), Failure> {
    let begun = Instant::now();
    let said = step(tiles)?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{seconds:.2} | {} | {said} |", peak_memory_mb()?);
    Ok(())
}

fn peak_memory_mb() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line
        .and_then(|line| line.split_whitespace().next())
        .ok_or("no VmHWM")?;
    Ok(kilobytes.parse::<u64>()? / 1024)
}

struct World {
    product: Product,
    reasons: Reasons,
    periods: Vec<Period>,
    dates: Vec<AcquisitionDate>,
}

impl World {
    fn new() -> Result<Self, Failure> {
        let product = named("MOD17A3HGF.061").ok_or("no such product")?;
        let dates: Vec<AcquisitionDate> = YEARS
            .filter_map(|year| AcquisitionDate::new(year, 1))
            .collect();
        Ok(Self {
            reasons: Reasons::new(COUNTING, &product)?,
            periods: dates.iter().map(|date| date.period(&product)).collect(),
            dates,
            product,
        })
    }

    fn job(&self) -> Job<'_> {
        Job {
            product: &self.product,
            reasons: &self.reasons,
            target: Target::Native,
            space: SPACE,
            periods: &self.periods,
            trends: None,
        }
    }

    /// A tile with its empty granules.
    fn tile(&self, tile: TileId, layer: usize) -> Result<TilePlan, Failure> {
        let native = tile_grid(tile, &self.product)?;
        let shape = native.shape();
        let keys = keys(tile, shape);
        let cut = Cut::of([CHUNK], shape);
        let windows = cut.windows(shape, &keys);
        let granules = self.dates.iter().map(|date| {
            let name = format!(
                "MOD17A3HGF.A{:04}001.{tile}.061.2025001000000.hdf",
                date.year()
            );
            let path = folder(layer).with_extension("granules").join(&name);
            fs::write(&path, "")?;
            let name = name.parse()?;
            Ok::<_, Failure>(Some(GranuleFile { name, path }))
        });
        Ok(TilePlan {
            tile,
            native,
            grid: native,
            row_areas_cm2: nutag_task::row_areas_cm2(Target::Native, &native),
            granules: granules.collect::<Result<_, _>>()?,
            cut,
            windows,
            stored_bytes: 24 * 10_000_000,
            area_cm2: keys
                .rows()
                .map(|row| keys_of(&keys, row) * native.row_cell_area_cm2(row))
                .sum(),
            keys: Keys::of(keys),
        })
    }
}

/// Tiles of the middle latitudes, where the sinusoid is wide.
fn tiles(count: usize) -> impl Iterator<Item = TileId> {
    let wide = (3..=14_u8).flat_map(|v| (5..=31_u8).filter_map(move |h| TileId::new(h, v).ok()));
    wide.take(count)
}

fn keys_of(keys: &KeyStrip, row: usize) -> u64 {
    keys.row(row)
        .iter()
        .map(|run| u64::from(run.end - run.start))
        .sum()
}

/// A number that looks drawn and is the same in every process.
fn mixed(a: u64, b: u64, c: u64) -> u64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xC2B2_AE3D_27D4_EB4F) ^ c;
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

/// Twelve regions and all pairs of zones on a tile, in patches of some ten rows and fifty columns;
/// a tenth of the patches is sea.
fn keys(tile: TileId, shape: Shape) -> KeyStrip {
    let place = u64::from(tile.v()) * 36 + u64::from(tile.h());
    let mut strip = KeyStrip::starting_at(0);
    for row in 0..shape.rows {
        let band = (row / 10) as u64;
        let mut runs = Vec::new();
        let mut start = 0_u32;
        for patch in 0.. {
            if start as usize >= shape.cols {
                break;
            }
            let drawn = mixed(place, band, patch);
            let wide = 25 + u32::try_from(drawn % 50).unwrap_or(0);
            // Borders are not straight: they shift by a cell or two from row to row.
            let end = (start + wide + u32::try_from(row % 3).unwrap_or(0)).min(2400);
            if !(drawn >> 8).is_multiple_of(10) {
                let part = |shift: u64, of: u64| u16::try_from((drawn >> shift) % of).unwrap_or(0);
                let region = u16::try_from((place * 7) % 238).unwrap_or(0) + part(16, 12);
                let key = SPACE.key(region, part(24, 5), part(32, 5));
                runs.push(KeyRun { start, end, key });
            }
            start = end;
        }
        strip.push_runs(runs);
    }
    strip
}

fn made_up_hash(path: &Path) -> String {
    nutag_files::sha256_bytes(path.as_os_str().as_encoded_bytes())
}

fn plan(count: usize) -> Result<String, Failure> {
    let world = World::new()?;
    let mut said = (0, 0, 0);
    for layer in 0..LAYERS {
        let granules = folder(layer).with_extension("granules");
        fs::create_dir_all(&granules)?;
        if folder(layer).exists() {
            fs::remove_dir_all(folder(layer))?;
        }
        let mut writer = PlanWriter::begin(&folder(layer), false)?;
        for id in tiles(count) {
            let mut tile = world.tile(id, layer)?;
            let paths: Vec<PathBuf> = tile
                .granules
                .iter()
                .flatten()
                .map(|g| g.path.clone())
                .collect();
            let inputs = Inputs::of(paths.into_iter().map(|path| {
                let hash = made_up_hash(&path);
                (path, hash)
            }));
            writer.add(&world.job(), &mut tile, &inputs)?;
        }
        let names = |n: u16| (0..n).map(|i| format!("name {i}")).collect::<Vec<_>>();
        let (regions, zones) = (names(SPACE.regions()), names(SPACE.zones_from()));
        let rest = FinishSheet {
            pipeline: "world.toml".to_owned(),
            from: std::env::current_dir()?,
            regions: &regions,
            zones: [&zones, &zones],
            epochs: ["1980s".to_owned(), "2000s".to_owned()],
            counting: COUNTING,
            outside_regions: Vec::new(),
            merge: b"{}".to_vec(),
        };
        let folder = writer.finish(&world.job(), rest)?;
        said.0 += folder.sheet().tasks.len();
        said.1 += folder.sheet().cells;
        said.2 += size_of(folder.path())?;
    }
    Ok(format!(
        "{} tasks, {:.1} G cells, {} tile-years of layers, {:.1} MB of plans",
        said.0,
        said.1 as f64 / 1e9,
        count * YEARS.count() * LAYERS,
        said.2 as f64 / 1e6
    ))
}

/// Bytes of all files below a folder.
fn size_of(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size_of(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}

fn partials(_: usize) -> Result<String, Failure> {
    let world = World::new()?;
    let (mut files, mut bytes, mut largest) = (0, 0, 0);
    for layer in 0..LAYERS {
        let folder = PlanFolder::open(&folder(layer))?;
        let store = nutag_task::PartialStore::open(&folder.path().join("partials"))?;
        for (index, mut tile) in folder.tiles()?.into_iter().enumerate() {
            let paths = tile.granules.iter().flatten().map(|g| g.path.clone());
            let inputs = Inputs::of(paths.map(|path| {
                let hash = made_up_hash(&path);
                (path, hash)
            }));
            tile.area_cm2 = 0;
            for task in tile.tasks(index) {
                let key = TaskKey::of(&world.job(), &tile, &task, &inputs)?;
                store.save(&task, &key, &partial(&world, &tile, &task)?, None)?;
                let len = fs::metadata(store.tallies_path(&task, &key))?.len();
                files += 1;
                bytes += len;
                largest = largest.max(len);
            }
        }
    }
    Ok(format!(
        "{files} partials, {:.1} MB, the largest {:.0} kB (writing is synced to the disk)",
        bytes as f64 / 1e6,
        largest as f64 / 1e3
    ))
}

/// Tallies as a task of real data would give them: every key of its rows in every year.
fn partial(world: &World, tile: &TilePlan, task: &Task) -> Result<Partial, Failure> {
    let keys = tile.keys.get()?;
    let reasons = world.reasons.names().len();
    let mut tallies = TallySet::new(world.periods.len(), reasons);
    let mut cells = 0;
    for row in task.rows.clone() {
        let area_cm2 = tile.native.row_cell_area_cm2(row);
        for run in keys.row(row) {
            let wide = u64::from(run.end - run.start);
            let masked = wide / 9;
            cells += wide;
            for (year, tally) in tallies.entry(run.key).iter_mut().enumerate() {
                let raw = 1000 + i64::try_from(mixed(u64::from(run.key), year as u64, 0) % 3000)?;
                let valid = i64::try_from(wide - masked)?;
                tally.cells += wide;
                tally.area_cm2 += wide * area_cm2;
                tally.valid_cells += wide - masked;
                tally.valid_area_cm2 += (wide - masked) * area_cm2;
                tally.sum_raw += raw * valid;
                tally.sum_raw_cm2 += i128::from(raw * valid) * i128::from(area_cm2);
                tally.sum_raw_squared_cm2 += i128::from(raw * raw * valid) * i128::from(area_cm2);
                tally.masked_cells[row % reasons] += masked;
                tally.masked_area_cm2[row % reasons] += masked * area_cm2;
            }
        }
    }
    Ok(Partial {
        cells,
        tallies,
        trends: None,
    })
}

fn merge(_: usize) -> Result<String, Failure> {
    let (mut keys, mut cells) = (0, 0);
    for layer in 0..LAYERS {
        let found = PlanFolder::open(&folder(layer))?.merge()?;
        keys = found.tallies.iter().count();
        cells += found
            .tallies
            .iter()
            .filter_map(|(_, periods)| periods.first())
            .map(|tally| tally.cells)
            .sum::<u64>();
    }
    Ok(format!(
        "{keys} keys of region and zones in each layer, {:.1} G cells closed",
        cells as f64 / 1e9
    ))
}
