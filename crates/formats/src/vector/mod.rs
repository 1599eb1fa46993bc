//! Polygons with an attribute, from any vector file GDAL reads, in longitude and latitude.

mod antimeridian;
mod error;
mod lonlat;
mod outline;
mod read;

pub(crate) use lonlat::wgs84;

pub use error::VectorError;
pub use outline::{Outline, OutlineError, Select};
pub use read::{Duplicates, Feature, VectorLayer, list_layers, read_features};
