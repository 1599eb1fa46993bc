//! Files into layers: CO2 grids, rasters and vectors, read and never written.
//!
//! * [`vector`]: polygons with an attribute, from any OGR source.
//! * [`raster`]: any GDAL raster, on the cells of a [`nutag_grid::Grid`].
//! * [`co2`]: monthly grids of CO2 in the air, from GOSAT, CF netCDF or rasters.
//! * [`climate`]: monthly temperature and precipitation, from CF netCDF or station tables.
//! * [`gridded`]: grids of any quantity by month or day, from CF netCDF.
//! * [`csv_table`]: small tables that people write: livestock, stations, burned area.

pub mod climate;
pub mod co2;
pub mod csv_table;
mod damage;
mod gdal_log;
pub mod gridded;
mod month;
pub mod raster;
mod settings;
mod sources;
pub mod text;
pub mod vector;

pub use damage::is_guarded;
pub use gridded::CfError;
pub use month::Month;
pub use settings::{SettingsError, check_settings};
pub use sources::{SourcesError, files_of};

/// The version of the GDAL library at work, such as `3.6.2`.
#[must_use]
pub fn gdal_version() -> String {
    gdal::version::version_info("RELEASE_NAME")
}

/// Prepares the libraries below for a program that speaks for itself. Call it
/// before anything else of this crate: once a library is at work it is too late.
///
/// GDAL keeps its messages for our errors. HDF5 does not look again, when the
/// program ends, at a file that it could not write: it would crash there after
/// a full disk, and hide the exit code.
pub fn calm_libraries() {
    gdal_log::quiet();
    // Any call prepares the library.
    let _ = hdf5::library_version();
}
