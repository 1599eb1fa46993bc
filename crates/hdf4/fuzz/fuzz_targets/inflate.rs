//! Any bytes as a deflate stream, and deflated at any level: libdeflate must say the same.
#![no_main]

#[path = "../../tests/support/inflate.rs"]
mod inflate;

use hdf4::inflate::Inflater;
use libdeflater::{CompressionLvl, Compressor};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [choice, room, rest @ ..] = bytes else {
        return;
    };
    if choice % 4 > 0 {
        inflate::compare(rest, usize::from(*room) * 257);
        return;
    }
    let level = CompressionLvl::new(i32::from(choice / 4 % 13)).expect("0 to 12");
    let mut compressor = Compressor::new(level);
    // Long enough for the fast path, whatever came.
    let plain = rest.repeat(1 + usize::from(*room) / 16);
    let mut packed = vec![0; compressor.zlib_compress_bound(plain.len())];
    let length = compressor
        .zlib_compress(&plain, &mut packed)
        .expect("room enough");
    let mut out = vec![0; plain.len()];
    let found = Inflater::new().zlib(&packed[..length], &mut out);
    assert_eq!(found, Ok(plain.len()));
    assert!(out == plain);
});
