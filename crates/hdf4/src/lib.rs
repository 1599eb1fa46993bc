//! HDF4 and HDF-EOS2 bytes into arrays, in safe Rust.
//!
//! [`Hdf4File`] is the way in: open a file, list its [`Dataset`]s, read from them. The rest of
//! this page is the README.
//!
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod ahead;
mod attribute;
mod catalog;
mod chunk_table;
mod chunks;
mod cursor;
mod dataset;
mod decode;
mod directory;
pub mod eos;
mod error;
mod extents;
mod file;
pub mod inflate;
pub mod limits;
mod near;
mod number;
pub mod odl;
mod older;
mod parts;
mod read;
mod source;
mod special;
mod vset;
mod window;

pub use attribute::{Attribute, AttributeValue};
pub use chunks::{ChunkState, WindowCost};
pub use dataset::{Dataset, Dimension, Layout};
pub use decode::Scratch;
pub use error::{Error, ErrorKind, Result};
pub use file::Hdf4File;
pub use number::{ByteOrder, Element, NumberType};
pub use read::ReadReport;
pub use special::Coder;
