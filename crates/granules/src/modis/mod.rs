//! One granule: checked when it is opened, then read window by window, by any number of threads.

mod check;
mod error;
mod identity;
mod read;
mod reader;

pub use error::GranuleError;
pub use hdf4::Scratch;
pub use identity::{Identity, IdentityConflict};
pub use reader::{GranuleReader, LayerInfo, Storage};
