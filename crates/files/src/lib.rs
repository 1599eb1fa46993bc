//! Files: found by a pattern, told apart by their content, written whole or not at all.

mod find;
mod hash;
mod whole;

pub use find::find;
pub use hash::{sha256_bytes, sha256_file};
pub use whole::{WriteFailed, move_whole, write_whole};
