//! A small writer of HDF4 and HDF-EOS2 files, to make granules of any layout for tests.
//!
//! It writes what the reference libraries write (libhdf4 and GDAL read its files), and can also
//! write what they would not: missing chunks, wrong types, odd block sizes. Layouts follow the
//! published HDF4 specification and `hblocks.c`, `hcomp.c` and `hchunks.c` of the library.

mod container;
mod granule;
mod inventory;
mod mod17;
mod numbers;
mod sds;
mod struct_metadata;
mod writer;

pub use granule::ModisGranule;
pub use inventory::Inventory;
pub use mod17::{Fault, Mod17Granule, Mod17Layout};
pub use numbers::{Numbers, Order};
pub use sds::{Layout, Linking, Packing, Sds};
pub use struct_metadata::{SinusoidalGrid, struct_metadata};
pub use writer::Hdf4Writer;
