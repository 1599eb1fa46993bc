//! Which dimension of a variable is which, which time it has, and at which level it is.

use std::path::Path;

use netcdf::{Extent, Variable};

use super::CfError;
use super::attribute::text;

/// What a dimension is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Time,
    Latitude,
    Longitude,
}

/// What a dimension of a variable is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Time,
    Rows,
    Columns,
    /// Of length one and no place: a level, a member of an ensemble.
    Single,
}

/// Names of the coordinate variables of a variable.
#[derive(Debug, Clone)]
pub(crate) struct Coordinates {
    time: String,
    latitude: String,
    longitude: String,
    slots: Vec<Slot>,
}

impl Coordinates {
    /// The dimensions must be (time, latitude, longitude), or (latitude, longitude) with a scalar time;
    /// others may stand among them if their length is one.
    ///
    /// `profile_advice` is what to do about a dimension more.
    pub(crate) fn new(
        file: &netcdf::File,
        path: &Path,
        variable: &Variable<'_>,
        profile_advice: &'static str,
    ) -> Result<Self, CfError> {
        let names: Vec<String> = variable
            .dimensions()
            .iter()
            .map(netcdf::Dimension::name)
            .collect();
        let dimensions = |advice| CfError::Dimensions {
            path: path.to_owned(),
            variable: variable.name(),
            found: names.join(", "),
            advice,
        };
        let mut slots = Vec::with_capacity(names.len());
        let (mut time, mut latitude, mut longitude) = (None, None, None);
        let (mut unknown, mut single) = (Vec::new(), Vec::new());
        for dimension in variable.dimensions() {
            let name = dimension.name();
            let coordinate = file.variable(&name).filter(|v| v.dimensions().len() == 1);
            let (slot, place) = match coordinate
                .as_ref()
                .map(|v| role(path, v))
                .transpose()?
                .flatten()
            {
                Some(Role::Time) => (Slot::Time, &mut time),
                Some(Role::Latitude) => (Slot::Rows, &mut latitude),
                Some(Role::Longitude) => (Slot::Columns, &mut longitude),
                None if dimension.len() == 1 => {
                    slots.push(Slot::Single);
                    single.push(name);
                    continue;
                }
                None => {
                    unknown.push(name);
                    continue;
                }
            };
            if place.replace(name).is_some() {
                return Err(dimensions(
                    "Two of them are the same axis; correct their units",
                ));
            }
            slots.push(slot);
        }
        if !unknown.is_empty() {
            if names.len() > 3 {
                return Err(dimensions(profile_advice));
            }
            if two_dimensional(file) {
                return Err(dimensions(
                    "Latitude and longitude are two-dimensional: the grid is curvilinear or projected. Regrid it to \
                     longitude and latitude first (cdo remapcon)",
                ));
            }
            return Err(CfError::NotCf {
                path: path.to_owned(),
                lacking: format!(
                    "no coordinate variable with units (degrees_north, degrees_east, days since ...) for the dimension {}",
                    names
                        .iter()
                        .filter(|name| unknown.contains(name) || single.contains(name))
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            });
        }
        let order: Vec<Slot> = slots
            .iter()
            .copied()
            .filter(|slot| *slot != Slot::Single)
            .collect();
        let (Some(latitude), Some(longitude), true) = (
            latitude,
            longitude,
            matches!(
                order.as_slice(),
                [Slot::Time, Slot::Rows, Slot::Columns] | [Slot::Rows, Slot::Columns]
            ),
        ) else {
            return Err(dimensions(
                "Bring them into this order: ncpdq -a time,lat,lon IN.nc OUT.nc",
            ));
        };
        let time = match time {
            Some(dimension) => time_along(file, path, variable, &dimension)?,
            None => scalar_time(file, path, variable)?,
        };
        Ok(Self {
            time,
            latitude,
            longitude,
            slots,
        })
    }

    pub(crate) fn variable<'f>(
        &self,
        file: &'f netcdf::File,
        path: &Path,
        role: Role,
    ) -> Result<Variable<'f>, CfError> {
        let name = match role {
            Role::Time => &self.time,
            Role::Latitude => &self.latitude,
            Role::Longitude => &self.longitude,
        };
        file.variable(name).ok_or_else(|| CfError::NotCf {
            path: path.to_owned(),
            lacking: format!("no coordinate variable {name}"),
        })
    }

    /// The part of the variable that is one step of time.
    pub(crate) fn part(&self, step: usize) -> Vec<Extent> {
        let extent = |slot: &Slot| match slot {
            Slot::Time => Extent::Index(step),
            Slot::Single => Extent::Index(0),
            Slot::Rows | Slot::Columns => Extent::Slice {
                start: 0,
                stride: 1,
            },
        };
        self.slots.iter().map(extent).collect()
    }
}

/// Names in the attribute `coordinates` of a variable.
pub(crate) fn named(variable: &Variable<'_>) -> Vec<String> {
    text(variable, "coordinates")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

/// What a variable says of itself as a time: `Some(true)` that it is the time of the data, `Some(false)`
/// that it is another time, such as that of a forecast's start; `None` where it only counts time.
fn is_time(variable: &Variable<'_>) -> Option<bool> {
    match text(variable, "standard_name") {
        Some(name) => Some(name == "time"),
        None if text(variable, "axis").as_deref() == Some("T") => Some(true),
        None => None,
    }
}

fn counts_time(variable: &Variable<'_>) -> bool {
    text(variable, "units").is_some_and(|units| units.to_lowercase().contains(" since "))
}

/// The time along a dimension: its coordinate variable, or the auxiliary one that says that it is the
/// time where the first says that it is another (a forecast's start).
fn time_along(
    file: &netcdf::File,
    path: &Path,
    variable: &Variable<'_>,
    dimension: &str,
) -> Result<String, CfError> {
    let own = file.variable(dimension);
    if own.as_ref().is_none_or(|own| is_time(own) != Some(false)) {
        return Ok(dimension.to_owned());
    }
    let along = |v: &Variable<'_>| {
        v.dimensions().len() == 1 && v.dimensions()[0].name() == dimension && counts_time(v)
    };
    let pool: Vec<Variable<'_>> = file
        .variables()
        .filter(|v| along(v) && is_time(v) == Some(true))
        .collect();
    one_time(
        path,
        variable,
        &pool,
        "its dimension counts another time (standard_name)",
    )
}

/// The one instant of a map without a dimension of time.
fn scalar_time(
    file: &netcdf::File,
    path: &Path,
    variable: &Variable<'_>,
) -> Result<String, CfError> {
    let listed = named(variable);
    let mut pool: Vec<Variable<'_>> = file
        .variables()
        .filter(|v| v.len() == 1 && counts_time(v) && is_time(v) != Some(false))
        .collect();
    for wanted in [
        &(|v: &Variable<'_>| listed.contains(&v.name())) as &dyn Fn(&Variable<'_>) -> bool,
        &|v: &Variable<'_>| is_time(v) == Some(true),
    ] {
        if pool.iter().any(wanted) {
            pool.retain(wanted);
        }
    }
    one_time(
        path,
        variable,
        &pool,
        "no time coordinate, so the month is not known",
    )
}

fn one_time(
    path: &Path,
    variable: &Variable<'_>,
    pool: &[Variable<'_>],
    none: &str,
) -> Result<String, CfError> {
    match pool {
        [time] => Ok(time.name()),
        [] => Err(CfError::NotCf {
            path: path.to_owned(),
            lacking: none.to_owned(),
        }),
        several => {
            let names: Vec<String> = several.iter().map(Variable::name).collect();
            Err(CfError::Contradiction {
                path: path.to_owned(),
                first: format!("{} has one time", variable.name()),
                second: format!("{} could all be it", names.join(", ")),
                advice: "Name it in the attribute `coordinates` of the variable, with standard_name \"time\"",
            })
        }
    }
}

/// Whether the file has a latitude in two dimensions.
fn two_dimensional(file: &netcdf::File) -> bool {
    file.variables().any(|v| {
        v.dimensions().len() == 2
            && (text(&v, "standard_name").as_deref() == Some("latitude")
                || text(&v, "units").is_some_and(|u| NORTH.contains(&u.to_lowercase().as_str())))
    })
}

const EAST: [&str; 6] = [
    "degrees_east",
    "degree_east",
    "degree_e",
    "degrees_e",
    "degreee",
    "degreese",
];
const NORTH: [&str; 6] = [
    "degrees_north",
    "degree_north",
    "degree_n",
    "degrees_n",
    "degreen",
    "degreesn",
];
/// Degrees of no direction: `standard_name` must say which.
const DEGREES: [&str; 4] = ["degrees", "degree", "deg", "arc_degree"];

/// CF conventions 1.11, sections 4.1, 4.2 and 4.4: by units, or by a standard name with units that fit.
fn role(path: &Path, variable: &Variable<'_>) -> Result<Option<Role>, CfError> {
    let units = text(variable, "units").unwrap_or_default().to_lowercase();
    let name = text(variable, "standard_name")
        .unwrap_or_default()
        .to_lowercase();
    if name == "time" || counts_time(variable) {
        return Ok(Some(Role::Time));
    }
    let by_units = if NORTH.contains(&units.as_str()) {
        Some(Role::Latitude)
    } else if EAST.contains(&units.as_str()) {
        Some(Role::Longitude)
    } else {
        None
    };
    let by_name = match name.as_str() {
        "latitude" => Some(Role::Latitude),
        "longitude" => Some(Role::Longitude),
        _ => None,
    };
    let contradiction = |second: String| CfError::Contradiction {
        path: path.to_owned(),
        first: format!("{} has standard_name \"{name}\"", variable.name()),
        second,
        advice: "Correct the units of the axis (ncatted), or regrid to longitude and latitude first (cdo remapcon)",
    };
    match (by_units, by_name) {
        (Some(units), Some(name)) if units != name => {
            Err(contradiction("its units are of the other axis".to_owned()))
        }
        (Some(_), None) if name.starts_with("grid_") || name.starts_with("projection_") => {
            Err(contradiction(format!("its units are \"{units}\"")))
        }
        (None, Some(_)) if !DEGREES.contains(&units.as_str()) => Err(contradiction(format!(
            "its units are {}, not degrees",
            if units.is_empty() {
                "not given".to_owned()
            } else {
                format!("\"{units}\"")
            }
        ))),
        (units, name) => Ok(units.or(name)),
    }
}
