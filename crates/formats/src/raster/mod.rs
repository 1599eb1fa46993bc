//! Rasters of any kind and reference system, on the cells of a grid by the cell-centre rule: the
//! value of a cell is that of the raster cell which holds its centre.

mod contents;
mod describe;
mod error;
mod footprint;
mod no_data;
mod place;
mod read;

pub(crate) use footprint::footprint;
pub(crate) use no_data::NoData;

pub use contents::{BandContents, RasterContents};
pub use describe::{BandFacts, RasterFacts};
pub use error::RasterError;
pub use footprint::bounds_degrees;
pub use read::{Cells, CodeRaster};
