//! Columns of a file in the units used here, with what their quality rejects left out.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::ReadError;
use super::header::Found;
use super::kinds::Quantity;
use super::text::Sheet;

use Quantity as Q;

/// Numbers that stand for a missing value.
const MISSING: [f64; 5] = [-9999.0, -99_999.0, -6999.0, -999.0, -9999.9];
/// Text that stands for a missing value.
const MISSING_TEXT: [&str; 7] = ["", "-", "--", "NA", "NaN", "nan", "NULL"];

/// The columns of a file in the units used here, with what their quality rejects left out.
pub(super) fn columns(
    path: &Path,
    sheet: &Sheet,
    found: &Found,
) -> Result<BTreeMap<Quantity, Vec<f64>>, ReadError> {
    let mut columns = BTreeMap::new();
    for (&quantity, &(position, factor, summand)) in &found.positions {
        let mut column = Vec::with_capacity(sheet.records.len());
        for (record, &line) in sheet.records.iter().zip(&sheet.lines) {
            let text = record.get(position).unwrap_or_default();
            let value = number(text).ok_or_else(|| {
                ReadError::at(
                    path,
                    line,
                    format!(
                        "expected a number in the column \"{}\", found \"{text}\"",
                        sheet.names[position]
                    ),
                )
            })?;
            column.push(value * factor + summand);
        }
        columns.insert(quantity, column);
    }
    add_storage(&mut columns);
    classes_and_not_fractions(path, sheet, found, &columns)?;
    reject(&mut columns, found);
    Ok(columns)
}

/// A number, NaN where it stands for a missing value, `None` where it is none.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if MISSING_TEXT.contains(&text) {
        return Some(f64::NAN);
    }
    let value: f64 = text.parse().ok()?;
    Some(if MISSING.contains(&value) || !value.is_finite() {
        f64::NAN
    } else {
        value
    })
}

/// NEE is the turbulent flux and the storage where that is known; an NEE of the file is preferred.
fn add_storage(columns: &mut BTreeMap<Quantity, Vec<f64>>) {
    let Some(flux) = columns.remove(&Q::Co2Flux) else {
        return;
    };
    let storage = columns.remove(&Q::Co2Storage);
    if columns
        .get(&Q::Nee)
        .is_some_and(|nee| nee.iter().any(|v| !v.is_nan()))
    {
        return;
    }
    let nee = flux
        .iter()
        .enumerate()
        .map(|(row, flux)| {
            let stored = storage.as_ref().map_or(f64::NAN, |s| s[row]);
            if stored.is_nan() {
                *flux
            } else {
                flux + stored
            }
        })
        .collect();
    columns.insert(Q::Nee, nee);
}

/// A quality must be a class: 0 to 3 in files of filled values, else 0 to 2. A fraction of days, or a
/// scheme of nine classes, has another meaning and often another direction.
fn classes_and_not_fractions(
    path: &Path,
    sheet: &Sheet,
    found: &Found,
    columns: &BTreeMap<Quantity, Vec<f64>>,
) -> Result<(), ReadError> {
    let most = if found.kind.filled_by_class() {
        3.0
    } else {
        2.0
    };
    for (quantity, column) in columns.iter().filter(|(q, _)| q.unit() == "class") {
        let odd = |v: &&f64| !v.is_nan() && (v.fract() != 0.0 || !(0.0..=most).contains(*v));
        if let Some(value) = column.iter().find(odd) {
            let (position, ..) = found.positions[quantity];
            return Err(ReadError::of(
                path,
                format!(
                    "expected classes 0 to {most} in the column \"{}\" ({}), found {value}; fractions of days and schemes of nine classes mean something else. Bring them to classes first, or leave the column out",
                    sheet.names[position],
                    quantity.key()
                ),
            ));
        }
    }
    Ok(())
}

/// Leaves out what the quality rejects: in files of filled values all that was not measured, else
/// class 2 and above. A quality that is missing is unknown and not good.
fn reject(columns: &mut BTreeMap<Quantity, Vec<f64>>, found: &Found) {
    let most = if found.kind.filled_by_class() || found.strict_quality {
        0.0
    } else {
        1.0
    };
    for (quantity, ..) in Quantity::ALL {
        let Some(quality) = quantity.quality().and_then(|q| columns.get(&q)).cloned() else {
            continue;
        };
        if let Some(column) = columns.get_mut(&quantity) {
            for (value, quality) in column.iter_mut().zip(quality) {
                if quality.is_nan() || quality > most {
                    *value = f64::NAN;
                }
            }
        }
    }
    columns.retain(|quantity, _| quantity.unit() != "class");
}
