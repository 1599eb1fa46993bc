//! Monthly temperature and precipitation, whatever file they come in.
//!
//! * [`ClimateSeries`]: one element from CF netCDF files, shaped as CRU TS (`tmp`, `pre`), ERA5
//!   monthly means (`t2m`, `tp`) or climate models (`tas`, `pr`): any number of months a file, any
//!   number of files;
//! * [`read_stations`]: both elements by region from a table.
//!
//! Temperatures become degC and precipitation mm in the month. A unit is converted where the file
//! says it and refused where it does not: monthly means of ERA5 have `tp` in "m" and mean metres a
//! day, which no reader can know from the unit alone.

mod element;
mod error;
mod series;
mod stations;

pub use element::Element;
pub use error::ClimateError;
pub use series::ClimateSeries;
pub use stations::{StationMonth, Stations, read_stations};

pub use crate::gridded::GriddedRequest as ClimateRequest;
