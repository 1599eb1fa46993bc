//! Tiny grids and granules for tests.
