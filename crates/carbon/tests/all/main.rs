//! Tests of the results, from lists of cells and from published numbers.

mod by_hand;
mod golden;
mod identity;
mod invariants;
mod published;
mod refused;
mod support;
mod trends;
