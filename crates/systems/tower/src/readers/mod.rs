//! Files of flux towers into columns on an even time axis.
//!
//! The kind of a file is told from its header and never from its name; which column is which
//! quantity from the kind, or from a map of headers; the unit of each column from the file where it
//! names one, from the kind, or from the map. What is missing is told by number: -9999, -9999.00 and
//! -9.999E+03 are the same. Rows are put on an even axis by their time stamps; a gap in the stamps
//! becomes rows without values.

mod columns;
mod error;
mod header;
mod kinds;
mod plausible;
mod published;
mod stamps;
mod text;
mod units;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use error::ReadError;
pub use kinds::{Kind, Quantity};
pub use plausible::{check_clock, check_plausible};
pub use published::{Published, published};
pub use stamps::Stamp;

use crate::axis::{Axis, Step};
use header::Found;
use plausible::vpd_hpa;
use text::Sheet;

/// How files are to be read, beyond what they say themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct How {
    /// What the one time stamp of a row stands for; not needed where a file has start and end.
    pub stamp: Option<Stamp>,
    /// Column names by quantity, before those of the kind.
    pub columns: BTreeMap<Quantity, String>,
    /// Units by quantity, before those of the file and the kind.
    pub units: BTreeMap<Quantity, String>,
    /// Columns that the time is read from, where the kind does not say: one with date and time, or
    /// several that are joined.
    pub time: Vec<String>,
    /// Whether only the best quality class of fluxes is kept, and not the second too.
    pub strict_quality: bool,
}

/// What files of one tower hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Kind of the files.
    pub kind: Kind,
    /// Time axis.
    pub axis: Axis,
    /// Columns by quantity in the units of [`Quantity::unit`]; NaN is missing.
    pub columns: BTreeMap<Quantity, Vec<f64>>,
    /// The column of the file that each quantity was read from, with its unit there.
    pub origins: BTreeMap<Quantity, String>,
    /// Whether NEE was already freed of half-hours of low u* by those who made the file.
    pub ustar_filtered: bool,
    /// What a reader of the result should know.
    pub notes: Vec<String>,
}

impl Record {
    /// A column, or one of missing values.
    #[must_use]
    pub fn column(&self, quantity: Quantity) -> Vec<f64> {
        self.columns
            .get(&quantity)
            .cloned()
            .unwrap_or_else(|| vec![f64::NAN; self.axis.rows()])
    }

    /// Fills the vapour pressure deficit from humidity where the file has none.
    fn vpd_from_humidity(&mut self) {
        let [humidity, temperature] =
            [Quantity::Humidity, Quantity::Temperature].map(|q| self.columns.get(&q).cloned());
        let (Some(humidity), Some(temperature)) = (humidity, temperature) else {
            return;
        };
        if self.has(Quantity::Vpd) {
            return;
        }
        let vpd = humidity
            .iter()
            .zip(&temperature)
            .map(|(&h, &t)| vpd_hpa(h, t))
            .collect();
        self.columns.insert(Quantity::Vpd, vpd);
        let origin = "from humidity and temperature [hPa]".to_owned();
        self.origins.insert(Quantity::Vpd, origin);
        self.notes.push(
            "the vapour pressure deficit was computed from humidity and temperature".to_owned(),
        );
    }

    /// Whether the quantity has any value.
    #[must_use]
    pub fn has(&self, quantity: Quantity) -> bool {
        self.columns
            .get(&quantity)
            .is_some_and(|column| column.iter().any(|v| !v.is_nan()))
    }
}

/// Reads the files of one tower, in any order.
///
/// # Errors
/// Returns an error if a file cannot be read or is of no known kind, if a column or a unit that is
/// needed cannot be told, if time stamps do not fit an even axis of half-hours or hours, or if
/// values cannot be in the unit that they are said to be in.
pub fn read(files: &[PathBuf], how: &How) -> Result<Record, ReadError> {
    let mut parts = Vec::new();
    for path in files {
        let bytes = std::fs::read(path).map_err(|source| ReadError::Io {
            path: path.clone(),
            source,
        })?;
        parts.push(read_part(path, &bytes, how)?);
    }
    let Some(first) = parts.first() else {
        return Err(ReadError::NoFile);
    };
    let kind = first.found.kind;
    if let Some(other) = parts.iter().find(|part| part.found.kind != kind) {
        return Err(ReadError::MixedKinds {
            path: other.path.clone(),
            expected: kind.name(),
            found: other.found.kind.name(),
        });
    }
    let (axis, places, mut notes) = stamps::axis(&parts)?;
    let mut columns: BTreeMap<Quantity, Vec<f64>> = BTreeMap::new();
    let mut origins = BTreeMap::new();
    for (part, places) in parts.iter().zip(&places) {
        for (quantity, column) in &part.columns {
            let whole = columns
                .entry(*quantity)
                .or_insert_with(|| vec![f64::NAN; axis.rows()]);
            for (&place, &value) in places.iter().zip(column) {
                whole[place] = value;
            }
        }
        for (quantity, origin) in &part.found.origins {
            origins.entry(*quantity).or_insert_with(|| origin.clone());
        }
    }
    for part in &parts {
        for note in &part.found.notes {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
    }
    let mut record = Record {
        kind,
        axis,
        columns,
        origins,
        ustar_filtered: first.found.ustar_filtered,
        notes,
    };
    for part in &parts {
        named_for_its_step(&part.path, record.axis.step())?;
    }
    check_plausible(&record, &first.path)?;
    record.vpd_from_humidity();
    Ok(record)
}

/// `_HH_` and `_HR_` in the name of an archive's file promise half-hours and hours.
fn named_for_its_step(path: &Path, step: Step) -> Result<(), ReadError> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().to_uppercase())
        .unwrap_or_default();
    let promised = match (name.contains("_HH_"), name.contains("_HR_")) {
        (true, false) => Step::HalfHour,
        (false, true) => Step::Hour,
        _ => return Ok(()),
    };
    if promised == step {
        return Ok(());
    }
    Err(ReadError::of(
        path,
        format!(
            "expected rows of {} minutes by its name, found {} minutes from row to row",
            promised.minutes(),
            step.minutes()
        ),
    ))
}

/// One file: its stamps in minutes from 1970 to the start of each row, and its columns.
struct Part {
    path: PathBuf,
    starts: Vec<i64>,
    found: Found,
    columns: BTreeMap<Quantity, Vec<f64>>,
}

fn read_part(path: &Path, bytes: &[u8], how: &How) -> Result<Part, ReadError> {
    let sheet = Sheet::new(path, bytes)?;
    let found = header::find(path, &sheet, how)?;
    let starts = stamps::starts(path, &sheet, &found, how)?;
    let columns = columns::columns(path, &sheet, &found)?;
    Ok(Part {
        path: path.to_path_buf(),
        starts,
        found,
        columns,
    })
}
