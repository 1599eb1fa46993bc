//! Small readings from HDF5 files.

use std::path::Path;

use hdf5::types::{FixedAscii, FloatSize, IntSize, TypeDescriptor, VarLenAscii, VarLenUnicode};
use hdf5::{Container, Dataset, File};

use super::{Co2Error, Layout};
use crate::gridded::stored::Stored;

pub(super) fn open(path: &Path) -> Result<File, Co2Error> {
    hdf5::silence_errors(true);
    File::open(path).map_err(|error| Co2Error::Open {
        path: path.to_owned(),
        reason: format!("the HDF5 file cannot be opened: {error}"),
    })
}

/// Whether an HDF5 file is GOSAT level 3, netCDF, or neither.
pub(super) fn layout(path: &Path) -> Result<Layout, Co2Error> {
    let file = open(path)?;
    let has = |name: &str| {
        // `link_exists` fails where a group on the way does not.
        let mut at = String::new();
        name.split('/').all(|part| {
            if !at.is_empty() {
                at.push('/');
            }
            at.push_str(part);
            file.link_exists(&at)
        })
    };
    let not = |found: &str, advice| Co2Error::NotRecognised {
        path: path.to_owned(),
        found: found.to_owned(),
        advice,
    };
    if has("Data/mixingRatio") {
        if has("scanAttribute") {
            return Err(not(
                "GOSAT level 2 (single soundings)",
                "Use the level 3 product (SWIRL3CO2), or bin the soundings to months first",
            ));
        }
        if !has("Data/mixingRatio/XCO2") && has("Data/mixingRatio/XCH4") {
            return Err(not(
                "GOSAT level 3 of methane (XCH4)",
                "Use the CO2 product (SWIRL3CO2)",
            ));
        }
        return Ok(Layout::Gosat);
    }
    Ok(Layout::NetCdf)
}

/// A data set that must be there.
pub(super) fn dataset(file: &File, path: &Path, name: &str) -> Result<Dataset, Co2Error> {
    optional(file, name).ok_or_else(|| Co2Error::Missing {
        path: path.to_owned(),
        what: format!("the data set {name}"),
    })
}

/// A data set that may be there.
pub(super) fn optional(file: &File, name: &str) -> Option<Dataset> {
    file.dataset(name).ok()
}

/// All numbers of a data set or attribute, whatever its shape.
pub(super) fn numbers<T: hdf5::H5Type>(
    container: &Container,
    path: &Path,
    name: &str,
) -> Result<Vec<T>, Co2Error> {
    container
        .as_reader()
        .read_raw()
        .map_err(|error| Co2Error::Open {
            path: path.to_owned(),
            reason: format!("{name} cannot be read: {error}"),
        })
}

/// All numbers of a data set in the type in which they are stored.
pub(super) fn stored(dataset: &Dataset, path: &Path, name: &str) -> Result<Stored, Co2Error> {
    let kind = dataset
        .dtype()
        .and_then(|dtype| dtype.to_descriptor())
        .map_err(|error| Co2Error::Open {
            path: path.to_owned(),
            reason: format!("{name} cannot be read: {error}"),
        })?;
    Ok(match kind {
        TypeDescriptor::Integer(IntSize::U1) => Stored::I8(numbers(dataset, path, name)?),
        TypeDescriptor::Integer(IntSize::U2) => Stored::I16(numbers(dataset, path, name)?),
        TypeDescriptor::Integer(IntSize::U4) => Stored::I32(numbers(dataset, path, name)?),
        TypeDescriptor::Integer(IntSize::U8) => Stored::I64(numbers(dataset, path, name)?),
        TypeDescriptor::Unsigned(IntSize::U1) => Stored::U8(numbers(dataset, path, name)?),
        TypeDescriptor::Unsigned(IntSize::U2) => Stored::U16(numbers(dataset, path, name)?),
        TypeDescriptor::Unsigned(IntSize::U4) => Stored::U32(numbers(dataset, path, name)?),
        TypeDescriptor::Unsigned(IntSize::U8) => Stored::U64(numbers(dataset, path, name)?),
        TypeDescriptor::Float(FloatSize::U4) => Stored::F32(numbers(dataset, path, name)?),
        TypeDescriptor::Float(FloatSize::U8) => Stored::F64(numbers(dataset, path, name)?),
        other => {
            return Err(Co2Error::Open {
                path: path.to_owned(),
                reason: format!("{name} holds {other}, which is not a number"),
            });
        }
    })
}

/// All numbers of an attribute, if there is one: the archive writes arrays of one.
pub(super) fn attribute_numbers(dataset: &Dataset, name: &str) -> Option<Vec<f64>> {
    dataset.attr(name).ok()?.read_raw().ok()
}

/// A text, fixed or variable in length, scalar or the first of several. Longer texts than 1023 bytes
/// are cut.
pub(super) fn text(container: &Container) -> Option<String> {
    let text = match container.dtype().ok()?.to_descriptor().ok()? {
        TypeDescriptor::VarLenUnicode => container
            .read_raw::<VarLenUnicode>()
            .ok()?
            .first()?
            .to_string(),
        TypeDescriptor::VarLenAscii => container
            .read_raw::<VarLenAscii>()
            .ok()?
            .first()?
            .to_string(),
        _ => container
            .read_raw::<FixedAscii<1024>>()
            .ok()?
            .first()?
            .to_string(),
    };
    Some(text.trim().to_owned())
}

/// A text attribute.
pub(super) fn attribute_text(dataset: &Dataset, name: &str) -> Option<String> {
    text(&*dataset.attr(name).ok()?)
}
