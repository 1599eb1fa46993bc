//! CO2 grids: what the sample files hold, and what is refused with which words.

mod bad;
mod cf;
mod gosat;
mod raster;
mod shared;
