//! Which variable is meant, and which of its dimensions is which.

use std::path::Path;

use netcdf::Variable;

use super::attribute::text;
use crate::co2::Co2Error;

/// Standard names of the column mean of CO2 or of CO2 in air (CF standard name table).
const STANDARD_NAMES: [&str; 4] = [
    "dry_atmosphere_mole_fraction_of_carbon_dioxide",
    "atmosphere_mole_fraction_of_carbon_dioxide",
    "mole_fraction_of_carbon_dioxide_in_air",
    "mass_fraction_of_carbon_dioxide_in_air",
];

/// What a dimension is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Time,
    Latitude,
    Longitude,
}

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
    let conventions = super::attribute::global_text(file, "Conventions");
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

/// Names of the coordinate variables of a variable.
pub(super) struct Coordinates {
    time: String,
    latitude: String,
    longitude: String,
    /// Whether time is a dimension of the variable, and not one instant for the whole file.
    pub(super) has_time: bool,
}

impl Coordinates {
    /// The dimensions must be (time, latitude, longitude), or (latitude, longitude) with a scalar time.
    pub(super) fn new(
        file: &netcdf::File,
        path: &Path,
        variable: &Variable<'_>,
    ) -> Result<Self, Co2Error> {
        let names: Vec<String> = variable
            .dimensions()
            .iter()
            .map(netcdf::Dimension::name)
            .collect();
        let roles: Vec<Option<Role>> = names
            .iter()
            .map(|name| file.variable(name).and_then(|v| role(&v)))
            .collect();
        let unknown: Vec<&str> = names
            .iter()
            .zip(&roles)
            .filter(|(_, role)| role.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        let dimensions = |advice| Co2Error::Dimensions {
            path: path.to_owned(),
            variable: variable.name(),
            found: names.join(", "),
            advice,
        };
        if !unknown.is_empty() {
            if names.len() > 3 {
                return Err(dimensions(
                    "A profile must be averaged over the column, weighted by pressure, first",
                ));
            }
            return Err(Co2Error::NotCf {
                path: path.to_owned(),
                lacking: format!(
                    "no coordinate variable with units (degrees_north, degrees_east, days since ...) for the dimension {}",
                    unknown.join(", ")
                ),
            });
        }
        let roles: Vec<Role> = roles.into_iter().flatten().collect();
        let (has_time, time) = match roles.as_slice() {
            [Role::Time, Role::Latitude, Role::Longitude] => (true, names[0].clone()),
            [Role::Latitude, Role::Longitude] => {
                let time = file
                    .variables()
                    .find(|v| role(v) == Some(Role::Time) && v.len() == 1)
                    .ok_or_else(|| Co2Error::NotCf {
                        path: path.to_owned(),
                        lacking: "no time coordinate, so the month is not known".to_owned(),
                    })?;
                (false, time.name())
            }
            _ => {
                return Err(dimensions(
                    "Bring them into this order: ncpdq -a time,lat,lon IN.nc OUT.nc",
                ));
            }
        };
        let end = names.len();
        Ok(Self {
            time,
            latitude: names[end - 2].clone(),
            longitude: names[end - 1].clone(),
            has_time,
        })
    }

    pub(super) fn variable<'f>(
        &self,
        file: &'f netcdf::File,
        path: &Path,
        role: Role,
    ) -> Result<Variable<'f>, Co2Error> {
        let name = match role {
            Role::Time => &self.time,
            Role::Latitude => &self.latitude,
            Role::Longitude => &self.longitude,
        };
        file.variable(name).ok_or_else(|| Co2Error::NotCf {
            path: path.to_owned(),
            lacking: format!("no coordinate variable {name}"),
        })
    }
}

/// CF conventions 1.11, sections 4.1, 4.2 and 4.4.
fn role(variable: &Variable<'_>) -> Option<Role> {
    let units = text(variable, "units").unwrap_or_default().to_lowercase();
    let name = text(variable, "standard_name").unwrap_or_default();
    if name == "time" || units.contains(" since ") {
        return Some(Role::Time);
    }
    let east = [
        "degrees_east",
        "degree_east",
        "degree_e",
        "degrees_e",
        "degreee",
        "degreese",
    ];
    let north = [
        "degrees_north",
        "degree_north",
        "degree_n",
        "degrees_n",
        "degreen",
        "degreesn",
    ];
    if name == "latitude" || north.contains(&units.as_str()) {
        Some(Role::Latitude)
    } else if name == "longitude" || east.contains(&units.as_str()) {
        Some(Role::Longitude)
    } else {
        None
    }
}
