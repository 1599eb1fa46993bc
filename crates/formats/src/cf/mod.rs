//! What every reader of CF netCDF shares: axes, months, packing, attributes.

pub(crate) mod attribute;
pub(crate) mod axes;
pub(crate) mod coordinates;
mod error;
pub(crate) mod time;

use std::path::Path;

use netcdf::Variable;

pub use error::CfError;

use attribute::{number, numbers, text};
use axes::{Axes, Axis};
use coordinates::{Coordinates, Role};

/// What netCDF writes where nothing was written (`NC_FILL_FLOAT`).
const DEFAULT_FILL: f64 = 9.969_209_968_386_869e36;

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

/// One map of a variable, unpacked, in the order of the file; `None` for fill and for what lies
/// outside its valid range. `time` is the position on the time axis, where there is one.
pub(crate) fn map_values(
    path: &Path,
    variable: &Variable<'_>,
    time: Option<usize>,
) -> Result<Vec<Option<f64>>, CfError> {
    let raw: Result<Vec<f64>, netcdf::Error> = match time {
        Some(time) => variable.get_values((time, .., ..)),
        None => variable.get_values(..),
    };
    let raw = raw.map_err(|error| CfError::Open {
        path: path.to_owned(),
        reason: format!("{} cannot be read: {error}", variable.name()),
    })?;
    let nothing: Vec<f64> = ["_FillValue", "missing_value"]
        .iter()
        .filter_map(|name| number(variable, name))
        .chain([DEFAULT_FILL])
        .collect();
    let range = numbers(variable, "valid_range");
    let least = number(variable, "valid_min").or_else(|| range.first().copied());
    let largest = number(variable, "valid_max").or_else(|| range.get(1).copied());
    let scale = number(variable, "scale_factor").unwrap_or(1.0);
    let offset = number(variable, "add_offset").unwrap_or(0.0);
    Ok(raw
        .into_iter()
        .map(|raw| {
            let known = !raw.is_nan()
                && !nothing.contains(&raw)
                && least.is_none_or(|least| raw >= least)
                && largest.is_none_or(|largest| raw <= largest);
            known.then_some(raw * scale + offset)
        })
        .collect())
}

/// An axis from its coordinate variable: by its bounds where it names them, by its middles otherwise.
fn axis(file: &netcdf::File, path: &Path, coordinate: &Variable<'_>) -> Result<Axis, CfError> {
    let read = |variable: &Variable<'_>| -> Result<Vec<f64>, CfError> {
        variable.get_values(..).map_err(|error| CfError::Open {
            path: path.to_owned(),
            reason: format!("{} cannot be read: {error}", variable.name()),
        })
    };
    let middles = read(coordinate)?;
    let Some(bounds) = text(coordinate, "bounds").and_then(|name| file.variable(&name)) else {
        return Ok(Axis::Middles(middles));
    };
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
        return Err(CfError::Contradiction {
            path: path.to_owned(),
            first: format!(
                "{} has the middles of {} cells",
                coordinate.name(),
                middles.len()
            ),
            second: format!("its bounds {} do not hold them", bounds.name()),
            advice: "Was one of the two turned over? Correct the file, or remove the attribute `bounds`",
        });
    }
    Ok(Axis::Bounds(pairs))
}
