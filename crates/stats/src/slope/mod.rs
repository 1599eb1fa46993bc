//! How fast a series changes: least squares, Theil-Sen, and the memory that misleads both.

mod autocorrelation;
mod ols;
mod theil_sen;

pub(crate) use autocorrelation::{autocorrelation, ranks};
pub use autocorrelation::{lag1, lag1_of_residuals};
pub use ols::{Ols, ols};
pub(crate) use theil_sen::sen_slope;
pub use theil_sen::{InterceptForm, IntervalMethod, SlopeInterval, TheilSen, theil_sen};
