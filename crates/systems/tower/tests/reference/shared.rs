//! Columns of the reference files, by their names.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::datetime;
use nutag_tower::axis::{Axis, Step};
use nutag_tower::sun::Place;

/// The columns of a csv file; blank, `NA` and -9999 are NaN, and so is text.
pub struct Columns(BTreeMap<String, Vec<f64>>);

impl Columns {
    pub fn get(&self, name: &str) -> &[f64] {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("no column {name} among {:?}", self.0.keys()))
    }

    pub fn rows(&self) -> usize {
        self.0.values().next().map_or(0, Vec::len)
    }
}

/// The folder of the reference values, or `None` with a loud word.
fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folder = root.join("../shared");
    if folder.join("golden/flux").is_dir() {
        Some(folder)
    } else {
        nutag_testkit::skipped(
            "shared",
            format!(
                "{} has no golden/flux; nothing was compared with the reference programs",
                folder.display()
            ),
        );
        None
    }
}

/// A file below `../shared`, unpacked; `None` without that folder.
pub fn text(path: &str) -> Option<String> {
    let bytes = std::fs::read(folder()?.join(path)).unwrap();
    if !path.ends_with(".gz") {
        return Some(String::from_utf8(bytes).unwrap());
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    Some(text)
}

/// The columns of a file below `../shared`.
pub fn columns(path: &str) -> Option<Columns> {
    let text = text(path)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns = vec![Vec::new(); names.len()];
    for record in reader.records() {
        for (column, field) in columns.iter_mut().zip(record.unwrap().iter()) {
            let value = field.parse().unwrap_or(f64::NAN);
            column.push(if value == -9999.0 { f64::NAN } else { value });
        }
    }
    Some(Columns(names.into_iter().zip(columns).collect()))
}

/// A year that `REddyProc` was run on.
pub struct Case {
    pub name: &'static str,
    pub input: &'static str,
    pub year: i16,
    pub place: Place,
}

pub const CASES: [Case; 3] = [
    Case {
        name: "DE-Tha_1998",
        input: "DE-Tha_1998",
        year: 1998,
        place: Place {
            latitude_degrees: 51.0,
            longitude_degrees: 13.6,
            utc_offset_hours: 1.0,
        },
    },
    Case {
        name: "synthetic_2013",
        input: "synthetic_2013",
        year: 2013,
        place: NALAIKH,
    },
    Case {
        name: "synthetic_clean_2013",
        input: "synthetic_clean_2013",
        year: 2013,
        place: NALAIKH,
    },
];

/// Where the synthetic tower stands.
const NALAIKH: Place = Place {
    latitude_degrees: 47.77,
    longitude_degrees: 107.25,
    utc_offset_hours: 8.0,
};

impl Case {
    pub fn input(&self) -> Option<Columns> {
        columns(&format!("data/flux/{}_prepared.csv.gz", self.input))
    }

    pub fn golden(&self, file: &str) -> Option<Columns> {
        columns(&format!("golden/flux/{}/{file}", self.name))
    }

    pub fn axis(&self, rows: usize) -> Axis {
        Axis::new(datetime(self.year, 1, 1, 0, 0, 0, 0), Step::HalfHour, rows)
    }
}

/// How far two columns are apart: rows where one is missing and the other is not, and the greatest
/// distance relative to the reference, or to `least` where that is nearer 0.
fn apart(found: &[f64], expected: &[f64], least: f64) -> (usize, f64) {
    assert_eq!(found.len(), expected.len());
    let mut missing = 0;
    let mut greatest: f64 = 0.0;
    for (f, e) in found.iter().zip(expected) {
        if f.is_nan() != e.is_nan() {
            missing += 1;
        } else if !f.is_nan() {
            greatest = greatest.max((f - e).abs() / e.abs().max(least));
        }
    }
    (missing, greatest)
}

/// Says and asserts that two columns agree; values near 0 are held to what 0.01 is held to, because
/// they are differences of larger ones and printed with seven digits.
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_close_above(what, found, expected, tolerance, 0.01);
}

/// The same with another value that is near 0.
pub fn assert_close_above(what: &str, found: &[f64], expected: &[f64], tolerance: f64, least: f64) {
    let (missing, greatest) = apart(found, expected, least);
    println!(
        "{what}: {} rows, {missing} missing on one side, greatest distance {greatest:.2e}",
        found.len()
    );
    if missing > 0 || greatest > tolerance {
        let at = found
            .iter()
            .zip(expected)
            .position(|(f, e)| {
                f.is_nan() != e.is_nan() || (f - e).abs() > tolerance * e.abs().max(least)
            })
            .unwrap();
        panic!(
            "{what}: first at row {at}: found {}, expected {}",
            found[at], expected[at]
        );
    }
}
