//! The files beside the project.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A csv file, by column; a missing value is not a number.
pub struct Table {
    columns: BTreeMap<String, Vec<String>>,
    pub rows: usize,
}

impl Table {
    pub fn text(&self, name: &str) -> &[String] {
        self.columns
            .get(name)
            .unwrap_or_else(|| panic!("no column {name:?}"))
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.text(name)
            .iter()
            .map(|text| match text.as_str() {
                "" | "NA" | "NaN" => f64::NAN,
                "Inf" => f64::INFINITY,
                "-Inf" => f64::NEG_INFINITY,
                number => number.parse().unwrap(),
            })
            .collect()
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared")
        .join(name)
}

/// The text of a file of `../shared`; `None`, and a word about it, if it is not there.
pub fn text(name: &str) -> Option<String> {
    let path = path(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        nutag_testkit::skipped("shared", format!("{} is absent", path.display()));
    }
    text
}

pub fn table(name: &str) -> Option<Table> {
    Some(parse(name, &text(name)?))
}

fn parse(name: &str, text: &str) -> Table {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    let mut rows = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), names.len(), "{name}: {line}");
        for (column, field) in columns.iter_mut().zip(fields) {
            column.push(field.trim_matches('"').to_owned());
        }
        rows += 1;
    }
    let names = names.iter().map(|n| n.trim_matches('"').to_owned());
    Table {
        columns: names.zip(columns).collect(),
        rows,
    }
}

/// Holds each pair of numbers to `tolerance`; both missing, or both the same infinity, is agreement.
/// The number of pairs of finite numbers, and the greatest difference.
pub fn compare(what: &str, got: &[f64], expected: &[f64], tolerance: f64) -> (usize, f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let (mut pairs, mut worst) = (0, 0.0_f64);
    for (index, (g, e)) in got.iter().zip(expected).enumerate() {
        if e.is_nan() || e.is_infinite() || g.is_nan() || g.is_infinite() {
            assert!(
                (e.is_nan() && g.is_nan()) || g == e,
                "{what} {index}: got {g}, expected {e}"
            );
            continue;
        }
        pairs += 1;
        worst = worst.max((g - e).abs());
        assert!(
            (g - e).abs() <= tolerance,
            "{what} {index}: got {g:?}, expected {e:?}, off by {:e}",
            g - e
        );
    }
    (pairs, worst)
}

/// As [`table`], of a gzip file.
pub fn packed_table(name: &str) -> Option<Table> {
    let path = path(name);
    let Ok(packed) = std::fs::read(&path) else {
        nutag_testkit::skipped("shared", format!("{} is absent", path.display()));
        return None;
    };
    // The last four bytes of a gzip file are the length of what it holds.
    let (_, length) = packed.split_last_chunk::<4>().unwrap();
    let mut text = vec![0; u32::from_le_bytes(*length) as usize];
    libdeflater::Decompressor::new()
        .gzip_decompress(&packed, &mut text)
        .unwrap();
    Some(parse(name, &String::from_utf8(text).unwrap()))
}
