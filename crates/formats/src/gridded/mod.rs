//! Grids of a quantity by month or by day, from CF netCDF.
//!
//! * [`quantity`]: what a grid can be of, as data: names, units, limits;
//! * [`GriddedSeries`]: steps of one quantity from any number of files.
//!
//! Every reader of CF netCDF shares what is below: which variable is meant and what contradicts it, axes,
//! times, and the one place where stored numbers become values.

pub(crate) mod attribute;
pub(crate) mod axes;
mod calendar;
pub(crate) mod coordinates;
pub mod describe;
mod epoch;
mod error;
mod file;
mod level;
pub(crate) mod packing;
pub mod quantity;
pub(crate) mod select;
mod series;
pub(crate) mod stored;
pub(crate) mod time;
pub(crate) mod traits;
mod whole;

use std::path::Path;

use netcdf::{Extent, Variable};

pub use error::{CfError, GriddedError, GriddedMagnitude};
pub use file::{GriddedFile, GriddedRequest};
pub use quantity::{Quantity, QuantityUnit};
pub use series::{Cadence, GriddedSeries, Step};

use attribute::text;
use axes::{Axes, Axis};
use coordinates::{Coordinates, Role};
use packing::Packing;
use stored::Stored;

pub(crate) fn open(path: &Path) -> Result<netcdf::File, CfError> {
    // The HDF5 library under it would print its own messages.
    hdf5::silence_errors(true);
    netcdf::open(path).map_err(|error| CfError::Open {
        path: path.to_owned(),
        reason: format!("the netCDF file cannot be opened: {error}"),
    })
}

/// The `netcdf` crate panics where a damaged file makes the library fail in the middle of a listing;
/// damage is an error here.
pub(crate) fn guarded<T, E: From<CfError>>(
    path: &Path,
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    crate::damage::guarded(read).unwrap_or_else(|| {
        Err(E::from(CfError::Open {
            path: path.to_owned(),
            reason: "the netCDF file is damaged: its lists of variables and attributes cannot be read. Download it \
                     again"
                .to_owned(),
        }))
    })
}

/// The cells of a variable, and how the file's order becomes theirs.
pub(crate) fn axes(
    file: &netcdf::File,
    path: &Path,
    coordinates: &Coordinates,
) -> Result<Axes, CfError> {
    let axis = |role| -> Result<Axis, CfError> {
        let coordinate = coordinates.variable(file, path, role)?;
        axis(file, path, &coordinate)
    };
    let axes = Axes::new(axis(Role::Longitude)?, axis(Role::Latitude)?);
    axes.map_err(|source| CfError::Cells {
        path: path.to_owned(),
        source,
    })
}

/// One step of a variable, decoded, in the order of the file; `None` for what is missing.
pub(crate) fn map_values(
    path: &Path,
    variable: &Variable<'_>,
    coordinates: &Coordinates,
    step: usize,
) -> Result<Vec<Option<f64>>, CfError> {
    values(path, variable, Some(&coordinates.part(step)))
}

/// Part of a variable, or all of it (`None`), decoded.
pub(crate) fn values(
    path: &Path,
    variable: &Variable<'_>,
    part: Option<&[Extent]>,
) -> Result<Vec<Option<f64>>, CfError> {
    let packing = Packing::of(path, variable)?;
    packing.decode(path, Stored::read(path, variable, part)?)
}

/// An axis from its coordinate variable: by its bounds where it names them, by its middles otherwise.
fn axis(file: &netcdf::File, path: &Path, coordinate: &Variable<'_>) -> Result<Axis, CfError> {
    let contradiction = |second: String, advice| CfError::Contradiction {
        path: path.to_owned(),
        first: format!(
            "{} has the middles of {} cells",
            coordinate.name(),
            coordinate.len()
        ),
        second,
        advice,
    };
    let read = |variable: &Variable<'_>| -> Result<Vec<f64>, CfError> {
        let values: Option<Vec<f64>> = values(path, variable, None)?.into_iter().collect();
        values.ok_or_else(|| {
            contradiction(
                format!("{} has missing values", variable.name()),
                "Correct the axis; a coordinate has no missing values",
            )
        })
    };
    let middles = read(coordinate)?;
    let Some(name) = text(coordinate, "bounds") else {
        return Ok(Axis::Middles(middles));
    };
    let advice =
        "Was one of the two turned over? Correct the file, or remove the attribute `bounds`";
    let bounds = file.variable(&name).ok_or_else(|| {
        contradiction(
            format!("there is no variable {name}, which it names its bounds"),
            advice,
        )
    })?;
    let units = |variable: &Variable<'_>| text(variable, "units").map(|units| units.to_lowercase());
    if units(&bounds).is_some_and(|found| Some(found) != units(coordinate)) {
        return Err(contradiction(
            format!("its bounds {name} have other units"),
            advice,
        ));
    }
    let edges = read(&bounds)?;
    let pairs: Vec<[f64; 2]> = edges
        .chunks_exact(2)
        .map(|pair| [pair[0], pair[1]])
        .collect();
    let holds = |(pair, middle): (&[f64; 2], &f64)| {
        let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        (low..=high).contains(middle)
    };
    if edges.len() != 2 * middles.len() || !pairs.iter().zip(&middles).all(holds) {
        return Err(contradiction(
            format!("its bounds {name} do not hold them"),
            advice,
        ));
    }
    Ok(Axis::Bounds(pairs))
}
