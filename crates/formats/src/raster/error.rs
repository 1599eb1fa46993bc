//! What can be wrong with a raster.

use std::path::PathBuf;

use nutag_grid::GridError;

/// Why a raster was refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RasterError {
    /// GDAL knows no way to read it.
    #[error("{path}: expected a raster that GDAL {gdal} reads (GeoTIFF, ...): {reason}", gdal = gdal::version::version_info("RELEASE_NAME"))]
    Open {
        /// The file.
        path: PathBuf,
        /// What GDAL says.
        reason: String,
    },
    /// No such band.
    #[error("{path}: expected a band {band}, found {bands} bands (counted from 1)")]
    Band {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        band: usize,
        /// How many there are.
        bands: usize,
    },
    /// A raster without a coordinate reference system.
    #[error(
        "{path}: expected a coordinate reference system, found none. If you know it, add it: \
         gdal_edit.py -a_srs EPSG:4326 {path}"
    )]
    NoCrs {
        /// The file.
        path: PathBuf,
    },
    /// A raster whose cells have no place, or an impossible one.
    #[error(
        "{path}: expected an affine transform from cells to coordinates, found {found}. \
         If you know the corners, add them: gdal_translate -a_ullr WEST NORTH EAST SOUTH {path} placed.tif"
    )]
    NoTransform {
        /// The file.
        path: PathBuf,
        /// What there is instead.
        found: String,
    },
    /// Numbers that are no codes and no values.
    #[error("{path}, band {band}: expected integers or real numbers, found {found}")]
    Type {
        /// The file.
        path: PathBuf,
        /// The band.
        band: usize,
        /// The type.
        found: String,
    },
    /// No way from longitude and latitude to the raster's coordinates.
    #[error(
        "{path}: longitude and latitude cannot be brought to the raster's reference system {crs}: {reason}"
    )]
    Transform {
        /// The file.
        path: PathBuf,
        /// Name of the reference system.
        crs: String,
        /// What PROJ says.
        reason: String,
    },
    /// Reading a window failed.
    #[error("{path}, band {band}: {what} could not be read: {reason}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The band.
        band: usize,
        /// The window.
        what: String,
        /// What GDAL says.
        reason: String,
    },
    /// A code too large for a code.
    #[error("{path}, band {band}: expected codes up to {limit}, found {found}", limit = i64::MAX)]
    Code {
        /// The file.
        path: PathBuf,
        /// The band.
        band: usize,
        /// The code.
        found: u64,
    },
    /// Rows outside the grid.
    #[error(transparent)]
    Grid(#[from] GridError),
}
