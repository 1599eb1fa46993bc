//! HDF4 and HDF-EOS2 bytes into arrays, in safe Rust.
