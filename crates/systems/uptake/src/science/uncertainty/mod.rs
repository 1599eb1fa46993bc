//! How sure a number is.
//!
//! * [`approach_1_sum`], [`approach_1_product`]: the IPCC's error propagation, where it is allowed;
//! * [`Simulation`]: seeded draws of everything that is uncertain, each component with a switch;
//! * [`CorrelatedUnits`]: errors of neighbouring units that go together;
//! * [`DrawSummary`]: mean, median, 5 and 95 %, and how sure the sign is.
//!
//! A draw depends on the seed, its own number and nothing else, so any number of threads give the same
//! bits. A component that is switched off moves no other.

mod approach_1;
mod correlated;
mod simulate;
mod summary;

pub use approach_1::{Approach1Refused, approach_1_product, approach_1_sum};
pub use correlated::{Block, CorrelatedUnits, effective_sample_size, mean_correlation_along_line};
pub use simulate::{
    BorderShift, Component, ProductBias, RhSpread, Simulation, SpatialError, Switches,
    UncertaintySpec, variance_shares,
};
pub use summary::DrawSummary;
