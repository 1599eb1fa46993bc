//! Standardised indices: how unusual is the water of the last months for this time of the year?
//!
//! Water (precipitation for SPI, precipitation less demand for SPEI) is summed over a window
//! ([`Kernel`]), each calendar month of a reference period is given a distribution ([`Fit`]), and a
//! value becomes the standard normal deviate of its probability ([`Standardiser`]).
//!
//! Nothing is clipped: a value outside what the reference has shown keeps its number and is flagged
//! ([`Why`]); one that cannot be computed is missing, with the reason.

mod gamma;
mod index;
mod kernel;
mod likelihood;
mod logistic;
mod moments;
mod pearson;
mod recipe;
mod tables;
mod zeros;

pub use gamma::GammaFit;
pub use index::{CellIndex, Standardiser, Why, Workspace};
pub(crate) use kernel::count;
pub use kernel::{Kernel, KernelShape};
pub use likelihood::maximum_likelihood;
pub use logistic::LogLogistic;
pub use moments::{LMoments, WeightedMoments, plotting_position, unbiased};
pub use pearson::PearsonThree;
pub use recipe::{Fit, LEAST_REFERENCE_YEARS, Recipe, Reference, USUAL_REFERENCE_YEARS, Water};
pub use zeros::{ZeroShare, Zeros};
