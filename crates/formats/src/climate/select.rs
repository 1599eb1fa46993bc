//! Which variable is meant.

use std::path::Path;

use netcdf::Variable;

use super::unit::Period;
use super::{ClimateError, Element};
use crate::cf::attribute::text;

/// Standard names (CF standard name table) and usual names: CRU TS, ERA5, climate models, `WorldClim`.
fn names(element: Element) -> (&'static [&'static str], &'static [&'static str]) {
    match element {
        Element::Temperature => (
            &["air_temperature", "surface_temperature"],
            &["tmp", "t2m", "tas", "tavg", "temperature"],
        ),
        Element::Precipitation => (
            &[
                "precipitation_amount",
                "lwe_thickness_of_precipitation_amount",
                "precipitation_flux",
                "lwe_precipitation_rate",
            ],
            &["pre", "tp", "pr", "prec", "precip", "precipitation"],
        ),
    }
}

/// The variable that was asked for, or the only one that can be meant: by a usual name, or by its
/// standard name.
pub(super) fn variable<'f>(
    file: &'f netcdf::File,
    path: &Path,
    element: Element,
    asked: Option<&str>,
) -> Result<Variable<'f>, ClimateError> {
    let present: Vec<String> = file.variables().map(|v| v.name()).collect();
    let refused = |found: String| ClimateError::Variable {
        path: path.to_owned(),
        element,
        found,
        present: if present.is_empty() {
            "no variables".to_owned()
        } else {
            present.join(", ")
        },
    };
    if let Some(asked) = asked {
        return file
            .variable(asked)
            .ok_or_else(|| refused(format!("no variable \"{asked}\"")));
    }
    let (standard_names, usual) = names(element);
    let by_name = |v: &Variable<'_>| usual.contains(&v.name().to_lowercase().as_str());
    let by_standard = |v: &Variable<'_>| {
        text(v, "standard_name").is_some_and(|name| standard_names.contains(&name.as_str()))
    };
    let tries: [&dyn Fn(&Variable<'_>) -> bool; 2] = [&by_name, &by_standard];
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
    Err(refused("none".to_owned()))
}

/// What a variable says about the time that its amounts are of.
pub(super) fn period(variable: &Variable<'_>) -> Period {
    let methods = text(variable, "cell_methods").unwrap_or_default();
    let name = text(variable, "standard_name").unwrap_or_default();
    let step = text(variable, "GRIB_stepType").unwrap_or_default();
    Period {
        amount_of_step: name.ends_with("_amount") || methods.contains("time: sum"),
        // ECMWF: avgad, avgas, avgua are means over days of accumulations of a day.
        mean_of_days: step.starts_with("avg"),
    }
}
