//! What the header of a file says: its kind, its columns, and where the time stands.

use std::collections::BTreeMap;
use std::path::Path;

use super::How;
use super::error::ReadError;
use super::kinds::{Kind, Quantity};
use super::stamps::Stamp;
use super::text::Sheet;
use super::units::conversion;

use Quantity as Q;

/// Where the time of a row stands.
#[derive(Debug, Clone)]
pub(super) enum TimeColumns {
    StartEnd(usize, usize),
    Joined(Vec<usize>),
    YearDayHour(usize, usize, usize),
}

/// What was found of a file in its header.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub kind: Kind,
    pub time: TimeColumns,
    /// What a stamp stands for, where the kind says so.
    pub stamp: Option<Stamp>,
    /// Position of each quantity, with the factor and the summand to its unit here.
    pub positions: BTreeMap<Quantity, (usize, f64, f64)>,
    pub origins: BTreeMap<Quantity, String>,
    pub ustar_filtered: bool,
    pub strict_quality: bool,
    pub notes: Vec<String>,
}

/// Tells the kind of a file and finds its columns.
pub(super) fn find(path: &Path, sheet: &Sheet, how: &How) -> Result<Found, ReadError> {
    let kind = kind(path, sheet, how)?;
    named_for_what_it_is(path, kind)?;
    let (time, stamp) = time_columns(path, sheet, kind, how)?;
    let mut found = Found {
        kind,
        time,
        stamp,
        positions: BTreeMap::new(),
        origins: BTreeMap::new(),
        ustar_filtered: kind.filled_by_class(),
        strict_quality: how.strict_quality,
        notes: Vec::new(),
    };
    for (quantity, names, unit) in kind.candidates() {
        if let Some(position) = names.iter().find_map(|name| positioned(sheet, name)) {
            found.add(path, sheet, how, *quantity, position, unit)?;
            let quality = quantity.quality().filter(|_| kind.filled_by_class());
            if let Some(quality) = quality {
                let name = format!("{}_QC", sheet.names[position]);
                match sheet.position(&name) {
                    Some(position) => found.add(path, sheet, how, quality, position, "class")?,
                    None if *quantity == Q::Nee => {
                        return Err(ReadError::of(
                            path,
                            format!(
                                "expected a column {name} beside {}, which holds filled values too; without it measured half-hours cannot be told from filled ones",
                                sheet.names[position]
                            ),
                        ));
                    }
                    None => found.notes.push(format!(
                        "{} has no column {name}: filled values cannot be told from measured ones",
                        sheet.names[position]
                    )),
                }
            }
        }
    }
    for (quantity, name) in &how.columns {
        let Some(position) = sheet.position(name) else {
            return Err(ReadError::of(
                path,
                format!(
                    "expected a column \"{name}\" for {}, found {}",
                    quantity.key(),
                    listed(&sheet.names)
                ),
            ));
        };
        if *quantity == Q::Nee {
            // The map says what NEE is: no storage is to be added.
            found.positions.remove(&Q::Co2Flux);
        }
        let unit = if kind == Kind::Mapped {
            ""
        } else {
            quantity.unit()
        };
        found.add(path, sheet, how, *quantity, position, unit)?;
    }
    if !found.positions.contains_key(&Q::Nee) && !found.positions.contains_key(&Q::Co2Flux) {
        return Err(ReadError::of(
            path,
            format!(
                "expected a flux of CO2 in a file of the kind \"{}\", found {}; name its column under columns",
                kind.name(),
                listed(&sheet.names)
            ),
        ));
    }
    Ok(found)
}

impl Found {
    fn add(
        &mut self,
        path: &Path,
        sheet: &Sheet,
        how: &How,
        quantity: Quantity,
        position: usize,
        of_kind: &str,
    ) -> Result<(), ReadError> {
        let name = &sheet.names[position];
        let of_file = sheet
            .units
            .as_ref()
            .map(|units| units[position].as_str())
            .filter(|unit| !matches!(*unit, "" | "-" | "--" | "#" | "[#]"));
        let unit = how
            .units
            .get(&quantity)
            .map(String::as_str)
            .or(of_file)
            .unwrap_or(of_kind);
        if unit.is_empty() && quantity.unit() != "class" {
            return Err(ReadError::of(
                path,
                format!(
                    "nothing says the unit of the column \"{name}\" ({}); write units.{} = \"{}\" or what it is",
                    quantity.key(),
                    quantity.key(),
                    quantity.unit()
                ),
            ));
        }
        let Some((factor, summand)) = conversion(unit, quantity.unit()) else {
            return Err(ReadError::of(
                path,
                format!(
                    "expected a unit of {} for the column \"{name}\" like \"{}\", found \"{unit}\"",
                    quantity.key(),
                    quantity.unit()
                ),
            ));
        };
        self.positions.insert(quantity, (position, factor, summand));
        self.origins.insert(quantity, format!("{name} [{unit}]"));
        Ok(())
    }
}

fn kind(path: &Path, sheet: &Sheet, how: &How) -> Result<Kind, ReadError> {
    let has = |name: &str| sheet.position(name).is_some();
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    let fluxnet = [
        "NEE_VUT_REF",
        "NEE_CUT_REF",
        "TA_F",
        "TA_F_MDS",
        "LE_F_MDS",
        "SW_IN_F",
    ];
    let start_end = has("TIMESTAMP_START") && has("TIMESTAMP_END");
    Ok(if sheet.three_row_header {
        Kind::EddyProFull
    } else if start_end && any(&["FILENAME_HF", "TA_EP"]) {
        Kind::EddyProFluxnet
    } else if start_end && has("NEE_vUT") {
        Kind::JapanFlux
    } else if start_end && any(&fluxnet) && sheet.comments.is_empty() {
        if sheet.records[0]
            .get(0)
            .is_some_and(|stamp| stamp.len() == 8)
        {
            return Err(ReadError::of(
                path,
                "expected half-hours or hours, found weeks; name the HH or HR file of the archive",
            ));
        }
        Kind::Fluxnet
    } else if has("TIMESTAMP") && any(&fluxnet) {
        return Err(ReadError::of(
            path,
            "expected half-hours or hours (TIMESTAMP_START and TIMESTAMP_END), found days, months or years (TIMESTAMP); name the HH or HR file of the archive",
        ));
    } else if start_end
        && (positioned(sheet, "FC").is_some() || positioned(sheet, "NEE_PI").is_some())
    {
        Kind::AmeriFlux
    } else if has("Year") && has("DoY") && has("Hour") {
        Kind::YearDayHour
    } else if !how.columns.is_empty() {
        Kind::Mapped
    } else {
        return Err(ReadError::of(
            path,
            format!(
                "expected the header of FLUXNET, JapanFlux2024, AmeriFlux BASE, EddyPro, or Year, DoY and Hour; found {}; name the columns under columns, time and units",
                listed(&sheet.names)
            ),
        ));
    })
}

/// A FLUXNET name promises FLUXNET columns.
fn named_for_what_it_is(path: &Path, kind: Kind) -> Result<(), ReadError> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().to_uppercase())
        .unwrap_or_default();
    let promised = if name.contains("JAPANFLUX") {
        Kind::JapanFlux
    } else if name.starts_with("FLX_") || name.contains("_FLUXNET_FLUXMET_") {
        Kind::Fluxnet
    } else {
        return Ok(());
    };
    if promised == kind || (promised == Kind::JapanFlux && kind == Kind::Fluxnet) {
        return Ok(());
    }
    Err(ReadError::of(
        path,
        format!(
            "is named like a file of {}, but its header is that of \"{}\"; one of the two is wrong, so nothing is read from it",
            promised.name(),
            kind.name()
        ),
    ))
}

fn time_columns(
    path: &Path,
    sheet: &Sheet,
    kind: Kind,
    how: &How,
) -> Result<(TimeColumns, Option<Stamp>), ReadError> {
    let needed = |name: &str| {
        sheet.position(name).ok_or_else(|| {
            ReadError::of(
                path,
                format!(
                    "expected a column \"{name}\" with the time, found {}",
                    listed(&sheet.names)
                ),
            )
        })
    };
    Ok(match kind {
        Kind::EddyProFull => (
            TimeColumns::Joined(vec![needed("date")?, needed("time")?]),
            Some(Stamp::End),
        ),
        Kind::YearDayHour => (
            TimeColumns::YearDayHour(needed("Year")?, needed("DoY")?, needed("Hour")?),
            Some(how.stamp.unwrap_or(Stamp::End)),
        ),
        Kind::Mapped => {
            if how.time.is_empty() {
                return Err(ReadError::of(
                    path,
                    "nothing says which column holds the time; write time = [\"...\"]",
                ));
            }
            let columns = how
                .time
                .iter()
                .map(|name| needed(name))
                .collect::<Result<_, _>>()?;
            (TimeColumns::Joined(columns), None)
        }
        _ => (
            TimeColumns::StartEnd(needed("TIMESTAMP_START")?, needed("TIMESTAMP_END")?),
            Some(Stamp::Start),
        ),
    })
}

/// The position of a name, or else of the name with a position of the sensor: `_1_1_1` first.
fn positioned(sheet: &Sheet, name: &str) -> Option<usize> {
    let sensor = |column: &str| {
        column
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|rest| {
                rest.split('_')
                    .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
            })
    };
    sheet.position(name).or_else(|| {
        (0..sheet.names.len())
            .filter(|&i| sensor(&sheet.names[i]))
            .min_by(|&a, &b| sheet.names[a].cmp(&sheet.names[b]))
    })
}

fn listed(names: &[String]) -> String {
    const MOST: usize = 12;
    let shown = names
        .iter()
        .take(MOST)
        .map(|n| format!("\"{n}\""))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MOST {
        format!("{shown} and {} more", names.len() - MOST)
    } else {
        shown
    }
}
