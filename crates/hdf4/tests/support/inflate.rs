//! Inflates with this crate and with libdeflate, and compares.

use hdf4::inflate::{InflateError, Inflater, Input};
use libdeflater::{DecompressionError, Decompressor};

/// A stream that comes in parts as short as they may be; what lies around a part is wrong.
pub struct Parts<'a> {
    packed: &'a [u8],
    given: usize,
    part: Vec<u8>,
}

impl<'a> Parts<'a> {
    pub fn new(packed: &'a [u8]) -> Self {
        Self {
            packed,
            given: 0,
            part: Vec::new(),
        }
    }
}

impl Input for Parts<'_> {
    fn more(&mut self, left: usize, wanted: usize) -> (&[u8], usize) {
        assert!(left < wanted && (self.given == 0 || self.given < self.packed.len()));
        let from = self.given - left;
        self.given = (from + wanted).min(self.packed.len());
        self.part = self.packed[from..self.given].to_vec();
        (&self.part, self.packed.len() - self.given)
    }
}

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
    // And once more, with input that comes in parts that are as short as may be.
    let mut parted = vec![0xaa; room];
    let mut parts = Parts::new(&packed);
    let again = inflater.zlib_from(&mut parts, &mut parted, |_| ());
    assert_eq!(again, found);
    if let Ok(length) = found {
        assert_eq!(parted[..length], ours[..length]);
    }
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
