//! From NPP to uptake: levels by hand, draws against closed forms, correlated errors against fields.

mod draws;
mod fields;
mod levels;
mod world;
