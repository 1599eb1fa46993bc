//! Drought, water deficit, snow and dzud: what the climate does to a pasture and its herds.
//!
//! | module | question |
//! |---|---|
//! | [`pet`] | how much water does the air ask for? |
//! | [`standard`] | how unusual is the water of the last months (SPI, SPEI)? |
//!
//! A missing value is not a number, and every value that cannot be computed says why. Nothing here
//! opens a file or calls the platform's mathematics library.

mod error;
mod months;
pub mod pet;
pub mod standard;

pub use error::DroughtError;
pub use months::{MonthAxis, YearMonth};
