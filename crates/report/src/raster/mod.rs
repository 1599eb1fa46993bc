//! Rasters: one layer a Cloud-Optimized GeoTIFF, or all layers one netCDF.
//!
//! Both are filled by strips of rows from the north, so that memory does not
//! grow with the mosaic. Both lie on the grid that is given, cell by cell:
//! nothing is resampled but the overviews. The same cells give the same bytes.

mod cf;
mod cog;
mod error;
mod layer;

pub use cf::{NetCdfAbout, NetCdfWriter};
pub use cog::CogWriter;
pub use error::RasterError;
pub use layer::{Layer, LayerKind, NO_CLASS, NO_INTEGER, Strip};

/// Rows of a strip that both writers take best: their files are cut so.
pub const STRIP_ROWS: usize = 128;
