//! Our numbers against those of programs that nobody here wrote: R's SPEI and scPDSI,
//! climate-indices, xclim, statsmodels. The files lie beside the project (`../shared`) and do not
//! belong to it; without them these tests skip, and say so.
#![allow(missing_docs, clippy::print_stderr)]

mod bucket;
mod dzud;
mod edges;
mod index;
mod palmer;
mod pet;
mod shared;
