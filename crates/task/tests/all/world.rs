//! A small world to plan: three tiles, three years.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use nutag_files::sha256_file;
use nutag_granules::granule::{AcquisitionDate, GranuleFile, Period};
use nutag_granules::product::{Product, named};
use nutag_problem::{Error, Silent};
use nutag_task::{
    Barren, Counting, Cut, Done, FinishSheet, Inputs, Job, Keys, MaskRule, PlanFolder, PlanWriter,
    Reasons, Storage, Target, TilePlan, TrendSpec, tile_grid,
};
use nutag_testkit::hdf4::Mod17Granule;
use nutag_zonal::{KeySpace, KeyStrip};
use tempfile::TempDir;

pub const SIDE: usize = 48;
pub const YEARS: [u16; 3] = [2001, 2002, 2003];
pub const TILES: [(u8, u8); 3] = [(24, 4), (25, 4), (26, 4)];
pub const COUNTING: Counting = Counting {
    qc_max_percent: Some(100),
    mask: MaskRule::Common,
    barren: Barren::Exclude,
};
pub const SPACE: KeySpace = match KeySpace::new(2, 2, 2) {
    Ok(space) => space,
    Err(_) => panic!(),
};

/// Granules of three tiles and years, and what a plan of them is made of.
pub struct World {
    pub home: TempDir,
    pub product: Product,
    pub reasons: Reasons,
    pub periods: Vec<Period>,
    pub trends: Option<nutag_task::CellTrends>,
}

pub fn raw(h: u8, year: u16, cell: usize) -> i16 {
    let n = cell * 31 + usize::from(h) * 7 + usize::from(year) * 13;
    if n.is_multiple_of(97) {
        32_765
    } else {
        i16::try_from(n % 20_000).unwrap()
    }
}

impl World {
    pub fn new(trends: bool) -> Self {
        let home = TempDir::new().unwrap();
        for (h, v) in TILES {
            for year in YEARS {
                let npp = (0..SIDE * SIDE).map(|cell| raw(h, year, cell)).collect();
                Mod17Granule::new(h, v, year, SIDE)
                    .npp(npp)
                    .write(home.path())
                    .unwrap();
            }
        }
        let product = named("MOD17A3HGF.061").unwrap().with_cells_per_side(SIDE);
        let dates = YEARS.map(|year| AcquisitionDate::new(year, 1).unwrap());
        let spec = TrendSpec {
            years: YEARS.to_vec(),
            scale: [1000, 10_000],
            field: None,
        };
        Self {
            home,
            reasons: Reasons::new(COUNTING, &product).unwrap(),
            periods: dates.iter().map(|date| date.period(&product)).collect(),
            trends: trends.then(|| nutag_task::CellTrends::new(spec, &product).unwrap()),
            product,
        }
    }

    pub fn job(&self) -> Job<'_> {
        Job {
            product: &self.product,
            reasons: &self.reasons,
            target: Target::Native,
            space: SPACE,
            periods: &self.periods,
            trends: self.trends.as_ref(),
        }
    }

    pub fn folder(&self) -> PathBuf {
        self.home.path().join("plan")
    }

    pub fn granule(&self, h: u8, year: u16) -> PathBuf {
        self.home
            .path()
            .join(Mod17Granule::new(h, 4, year, SIDE).file_name())
    }

    pub fn tile(&self, (h, v): (u8, u8)) -> TilePlan {
        let tile = nutag_grid::TileId::new(h, v).unwrap();
        let native = tile_grid(tile, &self.product).unwrap();
        let mut strip = KeyStrip::starting_at(0);
        for row in 0..SIDE {
            let keys = (0..SIDE).map(|col| match (row + col) % 5 {
                0 => SPACE.nowhere(),
                part => SPACE.key(
                    u16::from(col > 20),
                    u16::from(part > 2),
                    u16::from(row > 30),
                ),
            });
            strip.push_row(keys, SPACE.nowhere());
        }
        let cut = Cut::of([Storage::Chunks { rows: 2, cols: 24 }], native.shape());
        TilePlan {
            tile,
            native,
            grid: native,
            windows: cut.windows(native.shape(), &strip),
            keys: Keys::of(strip),
            row_areas_cm2: nutag_task::row_areas_cm2(Target::Native, &native),
            granules: YEARS
                .map(|year| {
                    let path = self.granule(h, year);
                    let name = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
                    Some(GranuleFile { name, path })
                })
                .to_vec(),
            cut,
            stored_bytes: 1000,
            area_cm2: 0,
        }
    }

    pub fn plan(&self, overwrite: bool) -> Result<PlanFolder, Error> {
        let mut writer = PlanWriter::begin(&self.folder(), overwrite)?;
        for place in TILES {
            let mut tile = self.tile(place);
            writer.spill(&mut tile)?;
            let paths: Vec<PathBuf> = tile
                .granules
                .iter()
                .flatten()
                .map(|g| g.path.clone())
                .collect();
            let hashes = paths.into_iter().map(|path| {
                let hash = sha256_file(&path).unwrap();
                (path, hash)
            });
            writer.add(&self.job(), &mut tile, &Inputs::of(hashes))?;
        }
        let names = ["a".to_owned(), "b".to_owned()];
        let rest = FinishSheet {
            pipeline: "p.toml".to_owned(),
            from: self.home.path().to_owned(),
            regions: &names,
            zones: [&names, &names],
            epochs: ["then".to_owned(), "now".to_owned()],
            counting: COUNTING,
            outside_regions: vec![(SPACE.key(nutag_zonal::NONE, 0, 1), 5, 50)],
            merge: b"{}".to_vec(),
        };
        writer.finish(&self.job(), rest)
    }
}

pub fn ids(plan: &PlanFolder) -> Vec<String> {
    plan.sheet()
        .tasks
        .iter()
        .map(|task| task.id.clone())
        .collect()
}

pub fn run(plan: &PlanFolder, id: &str) -> Result<Done, Error> {
    plan.run(id, &Silent, &AtomicBool::new(false))
}

pub fn run_all(plan: &PlanFolder) {
    for id in ids(plan) {
        run(plan, &id).unwrap();
    }
}

pub fn tally(plan: &PlanFolder, id: &str) -> PathBuf {
    let task = plan.find(id).unwrap();
    plan.store().path_of(&task.id, &task.digest)
}
