//! `[output] maps`: in which forms maps are written.

use serde::{Deserialize, Serialize};

/// A form of map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MapFormat {
    /// Pictures in an equal-area projection, also in the report.
    Png,
    /// A Cloud-Optimized GeoTIFF for each layer, on the grid of the granules.
    Cog,
    /// All layers in one netCDF file after CF-1.11, on the same grid.
    Netcdf,
}

impl MapFormat {
    /// Its name in a pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Cog => "cog",
            Self::Netcdf => "netcdf",
        }
    }
}

/// Every form.
#[must_use]
pub fn all_maps() -> Vec<MapFormat> {
    vec![MapFormat::Png, MapFormat::Cog, MapFormat::Netcdf]
}
