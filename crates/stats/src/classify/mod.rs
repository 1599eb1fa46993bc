//! Does a score tell events from the rest, and is that more than chance?
//!
//! * [`auc`]: the probability that an event scores above a non-event, with its errors and exact p;
//! * [`logistic`]: the probability of an event, by maximum likelihood or Firth's penalty;
//! * [`brier`]: how far probabilities are from what came, beside the base rate.

mod auc;
mod brier;
mod logistic;

pub use auc::{Auc, auc, auc_interval_by_group, exact_two_sided_p};
pub use brier::{Brier, brier};
pub use logistic::{Logistic, Penalty, logistic};
