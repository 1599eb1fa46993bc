//! Which variable is meant, and which belong to it.

use std::path::Path;

use netcdf::Variable;

use crate::cf::attribute::{global_text, text};
use crate::co2::Co2Error;

/// Standard names of the column mean of CO2 or of CO2 in air (CF standard name table).
const STANDARD_NAMES: [&str; 4] = [
    "dry_atmosphere_mole_fraction_of_carbon_dioxide",
    "atmosphere_mole_fraction_of_carbon_dioxide",
    "mole_fraction_of_carbon_dioxide_in_air",
    "mass_fraction_of_carbon_dioxide_in_air",
];

/// The variable that was asked for, or the only one that can be meant: by its standard name, or by the
/// name `xco2` or `co2` in any case.
pub(super) fn variable<'f>(
    file: &'f netcdf::File,
    path: &Path,
    asked: Option<&str>,
) -> Result<Variable<'f>, Co2Error> {
    let names: Vec<String> = file.variables().map(|v| v.name()).collect();
    let refused = |found: String| Co2Error::Variable {
        path: path.to_owned(),
        found,
        present: if names.is_empty() {
            "no variables".to_owned()
        } else {
            names.join(", ")
        },
    };
    if let Some(asked) = asked {
        return file
            .variable(asked)
            .ok_or_else(|| refused(format!("no variable {asked:?}")));
    }
    let standard = |v: &Variable<'_>| {
        text(v, "standard_name").is_some_and(|name| STANDARD_NAMES.contains(&name.as_str()))
    };
    let named = |v: &Variable<'_>| ["xco2", "co2"].contains(&v.name().to_lowercase().as_str());
    let tries: [&dyn Fn(&Variable<'_>) -> bool; 2] = [&standard, &named];
    for fits in tries {
        let mut found: Vec<Variable<'f>> = file.variables().filter(|v| fits(v)).collect();
        match found.len() {
            0 => {}
            1 => return Ok(found.remove(0)),
            _ => {
                let names: Vec<String> = found.iter().map(Variable::name).collect();
                return Err(refused(names.join(", ")));
            }
        }
    }
    let conventions = global_text(file, "Conventions");
    if conventions.is_none() && file.variables().all(|v| text(&v, "units").is_none()) {
        return Err(Co2Error::NotCf {
            path: path.to_owned(),
            lacking: "no `Conventions`, no variable with `units` or `standard_name`".to_owned(),
        });
    }
    Err(refused("none".to_owned()))
}

/// A variable that belongs to the main one: named in `ancillary_variables` or anywhere with the standard
/// name and a modifier, or by the main name and a usual ending.
pub(super) fn ancillary<'f>(
    file: &'f netcdf::File,
    main: &Variable<'_>,
    modifier: &str,
    endings: &[&str],
) -> Option<Variable<'f>> {
    let same_shape = |v: &Variable<'_>| {
        let lengths = |v: &Variable<'_>| {
            v.dimensions()
                .iter()
                .map(netcdf::Dimension::len)
                .collect::<Vec<_>>()
        };
        lengths(v) == lengths(main)
    };
    let by_modifier = || {
        let base = text(main, "standard_name")?;
        let wanted = format!("{base} {modifier}");
        file.variables()
            .find(|v| text(v, "standard_name").as_deref() == Some(wanted.as_str()) && same_shape(v))
    };
    let by_name = || {
        let names = endings
            .iter()
            .map(|ending| format!("{}{ending}", main.name()));
        names
            .filter_map(|name| file.variable(&name))
            .find(|v| same_shape(v))
    };
    by_modifier().or_else(by_name)
}
