//! At which level a variable is.

use netcdf::Variable;

use super::attribute::text;
use super::coordinates::named;

/// A level that a variable is at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Level {
    pub(crate) name: String,
    pub(crate) value: Option<f64>,
    pub(crate) units: String,
    /// Metres above the ground, as far as it says so.
    pub(crate) height_m: Option<f64>,
}

/// The levels of a variable: scalar coordinates that it names, its own dimensions of length one, vertical
/// scalars of the file that no other variable uses, and what GRIB says.
pub(crate) fn levels(file: &netcdf::File, variable: &Variable<'_>) -> Vec<Level> {
    let own: Vec<String> = variable
        .dimensions()
        .iter()
        .map(netcdf::Dimension::name)
        .chain(named(variable))
        .collect();
    let uses = |other: &Variable<'_>, name: &str| {
        named(other).iter().any(|n| n == name)
            || other.dimensions().iter().any(|d| d.name() == name)
    };
    let unused = |level: &Variable<'_>| {
        let name = level.name();
        level.len() == 1
            && !file
                .variables()
                .any(|v| v.name() != name && uses(&v, &name))
    };
    let mut found: Vec<Level> = file
        .variables()
        .filter(|v| v.name() != variable.name() && v.dimensions().len() <= 1)
        .filter(|v| own.contains(&v.name()) || unused(v))
        .filter_map(|v| level(&v))
        .collect();
    for dimension in variable.dimensions() {
        let name = dimension.name();
        if file.variable(&name).is_none() && is_vertical_name(&name) {
            found.push(Level {
                name,
                value: None,
                units: String::new(),
                height_m: None,
            });
        }
    }
    let grib = text(variable, "GRIB_typeOfLevel").unwrap_or_default();
    if !matches!(
        grib.as_str(),
        "" | "unknown" | "surface" | "heightAboveGround" | "meanSea"
    ) {
        found.push(Level {
            name: grib,
            value: None,
            units: String::new(),
            height_m: None,
        });
    }
    found
}

fn is_vertical_name(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "lev", "plev", "pressure", "height", "altitude", "depth", "isobaric", "sigma", "hybrid",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// The level that a coordinate variable is; `None` for what is not vertical (CF 4.3).
fn level(variable: &Variable<'_>) -> Option<Level> {
    let units = text(variable, "units").unwrap_or_default();
    let standard = text(variable, "standard_name")
        .unwrap_or_default()
        .to_lowercase();
    let pressure = matches!(
        units.to_lowercase().as_str(),
        "pa" | "hpa" | "kpa" | "mbar" | "mb" | "millibar" | "millibars" | "bar" | "dbar" | "atm"
    );
    let metres = matches!(
        units.to_lowercase().as_str(),
        "m" | "metre" | "metres" | "meter" | "meters"
    );
    let vertical = pressure
        || text(variable, "positive").is_some()
        || text(variable, "axis").as_deref() == Some("Z")
        || standard == "height"
        || standard == "altitude"
        || standard == "depth"
        || standard.starts_with("height_above")
        || standard == "air_pressure"
        || (standard.starts_with("atmosphere_") && standard.ends_with("_coordinate"))
        || standard == "model_level_number"
        || (standard.is_empty() && is_vertical_name(&variable.name()));
    if !vertical {
        return None;
    }
    let value = super::values(std::path::Path::new(""), variable, None)
        .ok()
        .and_then(|values| values.first().copied().flatten())
        .filter(|_| variable.len() == 1);
    let above_ground = metres
        && !matches!(standard.as_str(), "altitude" | "depth")
        && text(variable, "positive").as_deref() != Some("down");
    Some(Level {
        name: variable.name(),
        value,
        units,
        height_m: value.filter(|_| above_ground),
    })
}
