//! Files: found by a pattern, told apart by their content, written whole or not at all.

mod find;
mod hash;
mod own;
mod whole;

pub use find::find;
pub use hash::{sha256_bytes, sha256_file};
pub use own::{Sight, check_own_folder, check_plain_file, own_file, own_folder};
pub use whole::{WriteFailed, move_whole, write_whole};
