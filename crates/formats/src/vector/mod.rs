//! Polygons with an attribute, from any vector file GDAL reads, in longitude and latitude.

mod antimeridian;
mod contents;
mod error;
mod geometry;
mod layers;
mod lonlat;
mod outline;
mod read;
mod shapefile;

pub(crate) use antimeridian::{TurnedRing, cut};
pub(crate) use lonlat::{ToLonLat, wgs84};

pub use contents::{AttributeContents, LayerContents, read_contents};
pub use error::VectorError;
pub use outline::{Outline, OutlineError, Select};
pub use read::{Duplicates, Feature, read_features};
