//! Cells into tallies: legend, keys, and the one-pass kernel.
//!
//! A cell belongs to one region, one zone of the first epoch and one zone of
//! the second. The three together are its **key**. The kernel visits every
//! cell of a block once, with the values of all periods at hand, and adds it
//! to the tally of its key, period by period. What does not count is counted
//! by its reason, so that for every key and period
//!
//! ```text
//! cells = valid_cells + sum of masked_cells over the reasons
//! ```
//!
//! Everything is an integer: raw counts of the sensor product, and cell areas
//! as whole square centimetres. Integer addition does not care for order, so
//! tallies are the same to the bit for any number of threads, blocks or
//! machines.

mod kernel;
mod keys;
mod legend;
mod pack;
mod rules;
mod sums;
mod tally;

pub use kernel::{Block, Gap, PeriodLayer, tally_block};
pub use keys::{KeyParts, KeyRun, KeySpace, KeyStrip, NONE, TooManyKeys};
pub use legend::{Answer, Legend, LegendError, Source};
pub use pack::{Packed, pack_block};
pub use rules::{Mask, Rules, VALID, ZERO};
pub use tally::{Tally, TallyError, TallySet};
