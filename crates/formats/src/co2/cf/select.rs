//! Which variable is meant, and which belong to it.

use std::path::Path;

use netcdf::Variable;

use crate::co2::unit::{LARGEST_PPM, LEAST_PPM};
use crate::co2::{Co2Error, Unit};
use crate::gridded::attribute::{global_text, text};
use crate::gridded::quantity::{Place, Quantity, Statistic};
use crate::gridded::select::{Found, find, present};

/// The column mean of CO2. What is "in air" (`mole_fraction_of_carbon_dioxide_in_air`) is that at a place,
/// such as the ground, and only meant where it is named. Units are those of [`Unit`].
static COLUMN: Quantity = Quantity {
    key: "CO2",
    about: "the column mean of CO2",
    standard_names: &[
        "dry_atmosphere_mole_fraction_of_carbon_dioxide",
        "atmosphere_mole_fraction_of_carbon_dioxide",
    ],
    usual_names: &["xco2"],
    units: &[],
    plausible: (LEAST_PPM, LARGEST_PPM),
    statistic: Statistic::Mean,
    place: Place::Column,
    foreign_words: &[
        "flux",
        "emission",
        "emissions",
        "uncertainty",
        "error",
        "errors",
        "deviation",
        "stddev",
        "variance",
        "spread",
        "priori",
        "prior",
        "number",
        "count",
        "kernel",
        "surface",
        "ground",
        "flag",
        "partial",
        "methane",
        "trend",
    ],
};

/// The variable that was asked for, or the only one that can be meant: by the standard name of a column mean,
/// or by the name `xco2` in any case.
pub(super) fn variable<'f>(
    file: &'f netcdf::File,
    path: &Path,
    asked: Option<&str>,
) -> Result<Variable<'f>, Co2Error> {
    let refused = |found: String| Co2Error::Variable {
        path: path.to_owned(),
        found,
        present: present(file),
    };
    match find(file, &COLUMN, asked) {
        Found::One(variable) => Ok(variable),
        Found::Never(name, why) => Err(refused(format!("{name} ({why})"))),
        Found::NotOne(found) => {
            let conventions = global_text(file, "Conventions");
            if conventions.is_none() && file.variables().all(|v| text(&v, "units").is_none()) {
                return Err(Co2Error::NotCf {
                    path: path.to_owned(),
                    lacking: "no `Conventions`, no variable with `units` or `standard_name`"
                        .to_owned(),
                });
            }
            Err(refused(found))
        }
    }
}

/// The unit of a standard error: its own, or that of what it is the error of, which it has where it says
/// none (CF appendix C).
pub(super) fn error_unit(
    path: &Path,
    variable: &Variable<'_>,
    main: Unit,
) -> Result<Unit, Co2Error> {
    let Some(units) = text(variable, "units") else {
        return Ok(main);
    };
    let standard_name = text(variable, "standard_name");
    let unit = Unit::parse(&units, standard_name.as_deref());
    // A bare 1 without a name is as the main variable has it.
    let bare = units.trim() == "1";
    unit.or_else(|| bare.then_some(main))
        .ok_or_else(|| Co2Error::Unit {
            path: path.to_owned(),
            dataset: variable.name(),
            found: format!("units {units:?} of the standard error"),
        })
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
