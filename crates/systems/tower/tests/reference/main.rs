//! Row by row against what the reference programs print (REddyProc, ONEFlux, bigleaf).
//!
//! The values lie beside the project, not in it; without them these tests say so and end.

#![allow(
    clippy::print_stdout,
    reason = "how near a comparison came is worth reading"
)]

mod chain;
mod day;
mod energy;
mod fill;
mod headers;
mod night;
mod quality;
mod shared;
mod ustar;
