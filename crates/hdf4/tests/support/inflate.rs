//! Inflates with this crate and with libdeflate, and compares.

use hdf4::inflate::{InflateError, Inflater};
use libdeflater::{DecompressionError, Decompressor};

/// Inflates the deflate stream at the beginning of `body` both ways to at most `room` bytes.
/// Returns whether it inflates.
///
/// # Panics
/// If the two disagree. This crate refuses what zlib refuses and libdeflate takes: codes that
/// are incomplete, and blocks without an end.
pub fn compare(body: &[u8], room: usize) -> bool {
    // A zlib header, and zeros in place of the checksum, which is compared last.
    let mut packed = vec![0x78, 0x01];
    packed.extend_from_slice(body);
    packed.extend_from_slice(&[0; 12]);
    let mut ours = vec![0xaa; room];
    let mut inflater = Inflater::new();
    let found = inflater.zlib(&packed, &mut ours);
    // Again with the tables that are there, and with pieces that are changed once they are done.
    let mut changed = vec![0xaa; room];
    let mut done = 0;
    let again = inflater.zlib_with(&packed, &mut changed, |piece| {
        done += piece.len();
        piece.iter_mut().for_each(|byte| *byte = !*byte);
    });
    assert_eq!(again, found);
    let mut theirs = vec![0x55; room];
    let expected = Decompressor::new().deflate_decompress(&packed[2..], &mut theirs);
    match (found, expected) {
        (Ok(_) | Err(InflateError::Checksum), Ok(length)) => {
            assert_eq!(ours[..length], theirs[..length]);
            changed[..done].iter_mut().for_each(|byte| *byte = !*byte);
            assert_eq!(changed[..length], theirs[..length]);
            if let Ok(found) = found {
                assert_eq!((found, done), (length, length));
            }
            true
        }
        (Err(InflateError::CodeLengths | InflateError::Code | InflateError::Distance), _) => false,
        (Err(InflateError::TooLong), Err(DecompressionError::InsufficientSpace)) => false,
        // Which of two faults is met first may differ.
        (Err(InflateError::TooLong), Err(DecompressionError::BadData)) => false,
        (Err(_), Err(DecompressionError::BadData)) => false,
        (Err(InflateError::CutOff), expected) => {
            // The zeros ended the stream for libdeflate, and no room for a checksum was left.
            let whole = &packed[2..packed.len() - 4];
            let shorter = Decompressor::new().deflate_decompress(whole, &mut theirs);
            assert!(
                shorter.is_err(),
                "cut off, but not for libdeflate: {expected:?}"
            );
            false
        }
        (found, expected) => panic!("this crate says {found:?}, libdeflate says {expected:?}"),
    }
}
