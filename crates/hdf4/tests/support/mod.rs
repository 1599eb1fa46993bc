//! What several test files share.
#![allow(
    dead_code,
    clippy::print_stderr,
    reason = "each test file uses a part of this"
)]

use std::path::PathBuf;

use hdf4::Element;
use md5::{Digest, Md5};

/// The folder of real granules, or `None` with a loud line where it is absent.
pub fn modis_folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/modis"
    ));
    if folder.join("expected.csv").is_file() {
        return Some(folder);
    }
    nutag_testkit::skipped(
        "shared",
        format!("no real granules in {}", folder.display()),
    );
    None
}

/// Numbers that can be written as little-endian bytes.
pub trait LittleEndian: Element {
    fn push(self, out: &mut Vec<u8>);
}

macro_rules! little_endian {
    ($($type:ty),+) => {$(
        impl LittleEndian for $type {
            fn push(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )+};
}

little_endian!(i8, u8, i16, u16, i32, u32, f32, f64);

/// md5 of the values as little-endian bytes.
pub fn md5_hex<T: LittleEndian>(values: &[T]) -> String {
    let mut bytes = Vec::with_capacity(size_of_val(values));
    for &value in values {
        value.push(&mut bytes);
    }
    let digest = Md5::digest(&bytes);
    digest.iter().map(|b| format!("{b:02x}")).collect()
}
