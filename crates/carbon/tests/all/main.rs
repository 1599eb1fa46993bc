//! Tests of the results, from lists of cells and from published numbers.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

mod by_hand;
mod golden;
mod identity;
mod invariants;
mod published;
mod refused;
mod support;
mod trends;
