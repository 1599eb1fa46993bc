//! Maps and charts from outside: projections beside PROJ, pictures beside kept ones, texts apart.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

mod charts;
mod errors;
mod goldens;
mod projections;
mod scenes;
