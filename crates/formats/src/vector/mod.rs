//! Polygons with an attribute, from any vector file GDAL reads, in longitude and latitude.

mod antimeridian;
mod error;
mod geometry;
mod layers;
mod lonlat;
mod outline;
mod read;
mod shapefile;

pub(crate) use antimeridian::{TurnedRing, cut};
pub(crate) use lonlat::{ToLonLat, wgs84};

pub use error::VectorError;
pub use layers::{VectorLayer, list_layers};
pub use outline::{Outline, OutlineError, Select};
pub use read::{Duplicates, Feature, read_features};
