//! Golden files by name.

use std::collections::HashMap;
use std::path::PathBuf;

/// One row of a csv file by its column names.
pub struct Row(HashMap<String, String>);

impl Row {
    pub fn text(&self, column: &str) -> &str {
        self.0
            .get(column)
            .unwrap_or_else(|| panic!("no column {column}"))
    }

    /// A number; NaN where the cell is blank.
    pub fn number(&self, column: &str) -> f64 {
        let text = self.text(column);
        if text.is_empty() {
            return f64::NAN;
        }
        text.parse()
            .unwrap_or_else(|_| panic!("{column} holds {text}"))
    }

    pub fn byte(&self, column: &str) -> u8 {
        self.text(column).parse().unwrap()
    }
}

/// A folder of the files shared beside the repository.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let path = root.join(folder);
    if path.exists() {
        return Some(path);
    }
    nutag_testkit::skipped("shared", format!("{} is not there", path.display()));
    None
}

/// All rows of a golden file.
pub fn golden(name: &str) -> Option<Vec<Row>> {
    let path = shared("golden/lue")?.join(name);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let head = reader.headers().unwrap().clone();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let cells = head.iter().zip(record.iter());
        Row(cells.map(|(h, v)| (h.to_owned(), v.to_owned())).collect())
    });
    let rows: Vec<Row> = rows.collect();
    assert!(!rows.is_empty());
    Some(rows)
}

/// Fails unless both are within a relative tolerance.
#[track_caller]
pub fn close(ours: f64, theirs: f64, relative: f64, what: &str) {
    if ours == theirs {
        return;
    }
    let scale = theirs.abs().max(1e-12);
    assert!(
        (ours - theirs).abs() <= relative * scale,
        "{what}: {ours} instead of {theirs}"
    );
}
