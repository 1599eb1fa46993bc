//! MODIS granules, in Rust alone: no GDAL, no C library.
//!
//! * [`product`]: what a granule's numbers mean.
//! * [`granule`]: which granules there are.
//! * [`modis`]: reading one granule, through the `hdf4` crate.

pub mod granule;
pub mod modis;
pub mod product;
