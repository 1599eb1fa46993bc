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
    reject(&mut columns, found);
    Ok(columns)
}

/// A number, NaN where it stands for a missing value, `None` where it is none.
fn number(text: &str) -> Option<f64> {
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
