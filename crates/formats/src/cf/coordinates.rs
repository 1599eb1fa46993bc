//! Which dimension of a variable is which.

use std::path::Path;

use netcdf::Variable;

use super::CfError;
use super::attribute::text;

/// What a dimension is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Time,
    Latitude,
    Longitude,
}

/// Names of the coordinate variables of a variable.
pub(crate) struct Coordinates {
    time: String,
    latitude: String,
    longitude: String,
    /// Whether time is a dimension of the variable, and not one instant for the whole file.
    pub(crate) has_time: bool,
}

impl Coordinates {
    /// The dimensions must be (time, latitude, longitude), or (latitude, longitude) with a scalar time.
    ///
    /// `profile_advice` is what to do about a fourth dimension.
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
        let dimensions = |advice| CfError::Dimensions {
            path: path.to_owned(),
            variable: variable.name(),
            found: names.join(", "),
            advice,
        };
        if !unknown.is_empty() {
            if names.len() > 3 {
                return Err(dimensions(profile_advice));
            }
            return Err(CfError::NotCf {
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
                    .ok_or_else(|| CfError::NotCf {
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
