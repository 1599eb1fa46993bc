//! Which measured half-hours can be used: runs of equal values, spikes, and what cannot be.

mod runs;
mod spikes;

pub use runs::without_long_runs;
pub use spikes::{Spiked, Spikes, spikes};
