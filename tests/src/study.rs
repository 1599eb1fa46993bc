//! A small study in a folder of its own: two tiles, three years, two regions,
//! two zone maps. Everything in it is right until a test spoils it.

use std::fs;
use std::path::{Path, PathBuf};

use nutag_testkit::hdf4::Mod17Granule;
use serde_json::Value;
use tempfile::TempDir;

use crate::zones::{ascii_grid, polygons, wgs84_wkt};
use crate::{Outcome, command, finish};

/// Where `Cargo.toml` of the workspace is.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the tests lie in the workspace").to_owned()
}

/// Puts `data-samples` and `pipelines` into a folder: the granules as links,
/// the rest as copies that may be changed.
///
/// # Panics
/// If a file cannot be read or written.
pub fn copy_samples(into: &Path) {
    for name in ["data-samples", "pipelines"] {
        copy_folder(&workspace_root().join(name), &into.join(name));
    }
}

/// [`copy_samples`], with a demo whose only map is the netCDF: the pictures take
/// most of the time.
///
/// # Panics
/// If a file cannot be read or written, or the demo asks for other maps.
pub fn copy_samples_without_pictures(into: &Path) {
    copy_samples(into);
    let path = into.join("pipelines/demo.toml");
    let demo = fs::read_to_string(&path).expect("the demo");
    let all = r#"["png", "cog", "netcdf"]"#;
    assert_eq!(demo.matches(all).count(), 1, "{demo}");
    fs::write(&path, demo.replace(all, r#"["netcdf"]"#)).expect("the demo");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the samples are there") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else if path.extension().is_some_and(|ending| ending == "hdf") {
            std::os::unix::fs::symlink(&path, &target).expect("a link");
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// Cells along the side of a tile: a twelfth of a degree, so that parallels at
/// whole and half degrees run between rows of cells.
const CELLS: usize = 120;

const PIPELINE: &str = r#"[about]
name     = "small"
question = "What does the program do with this?"
note     = "Synthetic data for tests."

[npp]
granules       = "granules"
product        = "MOD17A3HGF.061"
cells_per_tile = 120
years          = [2001, 2003]
qc_max_percent = 100
mask           = "common"
barren         = "exclude"

[zones]
from = { path = "from.asc", legend = "from.toml", epoch = "1980s" }
to   = { path = "to.geojson", attribute = "ZONE", legend = "to.toml", epoch = "2000s" }

[regions]
path = "regions.geojson"
name = "name"

[output]
tables = ["csv", "md", "xlsx"]
maps = []
"#;

const LEGEND_FROM: &str = r#"name = "codes"
zones = ["Seasonal", "Sporadic", "Continuous"]
[[class]]
code = 1
zone = "Seasonal"
[[class]]
code = 2
zone = "Sporadic"
[[class]]
code = 3
zone = "Continuous"
"#;

const LEGEND_TO: &str = r#"name = "words"
zones = ["Seasonal", "Sporadic", "Continuous"]
[[class]]
value = "seasonally frozen"
zone = "Seasonal"
[[class]]
value = "sporadic"
zone = "Sporadic"
[[class]]
value = "continuous"
zone = "Continuous"
"#;

/// The world of the study in degrees; its tiles are h24v04 and h25v04.
pub struct RightStudy;

impl RightStudy {
    /// The tiles.
    pub const TILES: [(u8, u8); 2] = [(24, 4), (25, 4)];
    /// The years.
    pub const YEARS: [u16; 3] = [2001, 2002, 2003];
    /// What the first zone map covers.
    pub const MAPPED: [f64; 4] = [90.0, 40.0, 120.0, 50.0];
    /// The regions.
    pub const REGIONS: [(&str, [f64; 4]); 2] = [
        ("West", [98.0, 44.0, 104.0, 46.0]),
        ("East", [104.0, 44.0, 110.0, 46.0]),
    ];
    /// The zones of the second epoch.
    pub const ZONES_TO: [(&str, [f64; 4]); 3] = [
        ("seasonally frozen", [90.0, 40.0, 120.0, 45.0]),
        ("sporadic", [90.0, 45.0, 120.0, 45.5]),
        ("continuous", [90.0, 45.5, 120.0, 50.0]),
    ];

    /// The code of the first zone map at a latitude.
    #[must_use]
    pub fn code_from(latitude: f64) -> i32 {
        if latitude < 44.5 {
            1
        } else if latitude < 45.0 {
            2
        } else {
            3
        }
    }

    /// A granule: values that differ from cell to cell and year to year, and
    /// barren land in every tenth column.
    #[must_use]
    pub fn granule(h: u8, v: u8, year: u16) -> Mod17Granule {
        Self::granule_of(h, v, year, CELLS)
    }

    /// The same with another number of cells.
    ///
    /// # Panics
    /// Never: the numbers fit.
    #[must_use]
    pub fn granule_of(h: u8, v: u8, year: u16, cells: usize) -> Mod17Granule {
        const BARREN: i16 = 32_765;
        let value = |cell: usize| {
            let (row, column) = (cell / cells, cell % cells);
            if column % 10 == 9 {
                return BARREN;
            }
            let n = 1000 + row * 11 + column * 3 + usize::from(year - 2000) * 50 + usize::from(h);
            i16::try_from(n).expect("below the fill codes")
        };
        Mod17Granule::new(h, v, year, cells)
            .npp((0..cells * cells).map(value).collect())
            .qc((0..cells * cells)
                .map(|cell| if cell % 7 == 0 { 60 } else { 5 })
                .collect())
    }
}

/// A study in a folder of its own, gone when it is dropped.
pub struct Study {
    folder: TempDir,
}

impl Default for Study {
    fn default() -> Self {
        Self::new()
    }
}

impl Study {
    /// A study in which everything is right.
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn new() -> Self {
        let study = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        fs::create_dir(study.path("granules")).expect("a folder");
        study.write("study.toml", PIPELINE);
        study.write("from.toml", LEGEND_FROM);
        study.write("to.toml", LEGEND_TO);
        study.write(
            "from.asc",
            &ascii_grid(RightStudy::MAPPED, RightStudy::code_from),
        );
        study.write("from.prj", wgs84_wkt());
        study.write_json("to.geojson", &polygons("ZONE", &RightStudy::ZONES_TO));
        study.write_json("regions.geojson", &polygons("name", &RightStudy::REGIONS));
        for year in RightStudy::YEARS {
            for (h, v) in RightStudy::TILES {
                study.granule(&RightStudy::granule(h, v, year));
            }
        }
        study
    }

    /// A path in the folder of the study.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where results go.
    #[must_use]
    pub fn out(&self) -> PathBuf {
        self.path("results/out")
    }

    /// The path of a granule of the study.
    #[must_use]
    pub fn granule_path(&self, h: u8, v: u8, year: u16) -> PathBuf {
        self.path("granules")
            .join(RightStudy::granule(h, v, year).file_name())
    }

    /// Writes a file.
    ///
    /// # Panics
    /// If it cannot.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file of the study is written");
    }

    /// Writes a GeoJSON file.
    pub fn write_json(&self, name: &str, value: &Value) {
        self.write(name, &value.to_string());
    }

    /// Writes a granule under its own name, over the one that was there.
    ///
    /// # Panics
    /// If it cannot.
    pub fn granule(&self, granule: &Mod17Granule) {
        granule
            .write(self.path("granules"))
            .expect("a granule is written");
    }

    /// Removes a file.
    ///
    /// # Panics
    /// If it is not there.
    pub fn remove(&self, path: &Path) {
        fs::remove_file(path).expect("the file was there");
    }

    /// Replaces a text that occurs once in a file.
    ///
    /// # Panics
    /// If it occurs not at all, or more than once.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).expect("a file of the study");
        assert_eq!(text.matches(from).count(), 1, "{from:?} in\n{text}");
        self.write(name, &text.replace(from, to));
    }

    /// The arguments of `nutag run` with the result in [`Study::out`].
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().expect("a path in text").to_owned();
        vec![
            "run".to_owned(),
            text(self.path("study.toml")),
            "--out".to_owned(),
            text(self.out()),
        ]
    }

    /// Runs the study.
    #[must_use]
    pub fn run(&self) -> Outcome {
        self.run_with(&[])
    }

    /// Runs the study with more arguments.
    #[must_use]
    pub fn run_with(&self, more: &[&str]) -> Outcome {
        let arguments = self.arguments();
        let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        all.extend(more);
        finish(command(&all))
    }

    /// Runs the study, which must fail with this code, say these words, and
    /// leave nothing behind.
    #[track_caller]
    pub fn refused(&self, code: i32, words: &[&str]) -> Outcome {
        let outcome = self.run();
        outcome.expect(code, words);
        self.nothing_left();
        outcome
    }

    /// Runs the study, which must succeed and say these words.
    #[track_caller]
    pub fn accepted(&self, words: &[&str]) -> Outcome {
        let outcome = self.run();
        outcome.expect(0, words);
        assert_eq!(self.results(), ["out"], "{outcome}");
        assert!(self.out().join("manifest.json").is_file(), "{outcome}");
        outcome
    }

    /// Asserts that there is no result, and no part of one.
    ///
    /// # Panics
    /// If there is.
    #[track_caller]
    pub fn nothing_left(&self) {
        assert!(
            self.results().is_empty(),
            "left behind: {:?}",
            self.results()
        );
    }

    /// What lies where results go, sorted, without the work folder of the
    /// result, in which finished tasks wait for the next run.
    ///
    /// # Panics
    /// If a folder cannot be read, or an unfinished result is in the work folder.
    #[must_use]
    #[track_caller]
    pub fn results(&self) -> Vec<String> {
        let mut found = names(&self.path("results"));
        found.retain(|name| name != WORK);
        let work = names(&self.path("results").join(WORK));
        let unfinished = work
            .iter()
            .find(|name| !["hashes.json", "lock", "partials"].contains(&name.as_str()));
        assert_eq!(unfinished, None, "left in the work folder");
        found
    }

    /// Where a run of the study keeps its unfinished result.
    #[must_use]
    pub fn unfinished(&self) -> PathBuf {
        self.path("results").join(WORK).join("result")
    }

    /// Where a run of the study keeps finished tasks.
    #[must_use]
    pub fn partials(&self) -> PathBuf {
        self.path("results").join(WORK).join("partials")
    }

    /// A table of the result as bytes.
    ///
    /// # Panics
    /// If it is not there.
    #[must_use]
    pub fn table(&self, name: &str) -> Vec<u8> {
        fs::read(self.out().join("tables").join(name)).expect("the table is there")
    }

    /// The tables of the result in which every number of the study appears.
    #[must_use]
    pub fn tables(&self) -> [Vec<u8>; 3] {
        [
            "npp_by_region_zone_year.csv",
            "zone_transitions.csv",
            "permafrost_npp_change.csv",
        ]
        .map(|name| self.table(name))
    }

    /// The same tables of a study in which everything is right.
    #[must_use]
    pub fn right_tables() -> [Vec<u8>; 3] {
        let study = Self::new();
        study.accepted(&[]);
        study.tables()
    }
}

/// The work folder of the result.
const WORK: &str = ".out.work";

/// The names in a folder, sorted; none if it is not there.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.expect("an entry").file_name();
        name.to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}
