//! From NPP to uptake: levels by hand, draws against closed forms, correlated errors against fields.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

mod draws;
mod fields;
mod levels;
mod world;
