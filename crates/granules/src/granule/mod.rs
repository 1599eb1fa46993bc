//! Which granules there are: names, dates, versions, and what is missing from a series.

mod date;
mod index;
mod name;

pub use date::{AcquisitionDate, Period};
pub use index::{GranuleFile, GranuleIndex, IndexError};
pub use name::{GranuleName, NameError};
