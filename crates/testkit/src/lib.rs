//! Tiny grids and granules for tests.

pub mod hdf4;
