//! Bits of a stream, lowest first.

use super::InflateError;

/// Reads bits from bytes.
pub(super) struct Bits<'a> {
    /// Bytes that are not counted in `count`.
    pub(super) input: &'a [u8],
    /// The next bits, lowest first. Those above `count` are zero or those of `input`.
    pub(super) buffer: u64,
    /// How many bits of `buffer` count; at most 63.
    pub(super) count: u32,
    all: &'a [u8],
}

impl<'a> Bits<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self {
            input,
            buffer: 0,
            count: 0,
            all: input,
        }
    }

    /// Goes on from where other bits were left, in `input`: the last [`Bits::left`] bytes of
    /// theirs, and what follows.
    pub(super) fn resume(input: &'a [u8], (buffer, count): (u64, u32)) -> Self {
        Self {
            input,
            buffer,
            count,
            all: input,
        }
    }

    /// Bits of a byte that was begun, and their number.
    pub(super) fn begun(&self) -> (u64, u32) {
        let count = self.count & 7;
        (self.buffer & ((1 << count) - 1), count)
    }

    /// Bytes that are not taken yet.
    pub(super) fn left(&self) -> usize {
        self.input.len() + (self.count >> 3) as usize
    }

    /// Sees to at least 56 bits, or to all there are.
    #[inline]
    pub(super) fn refill(&mut self) {
        if let Some(word) = self.input.first_chunk() {
            self.buffer |= u64::from_le_bytes(*word) << self.count;
            self.input = &self.input[((63 - self.count) >> 3) as usize..];
            self.count |= 56;
            return;
        }
        while self.count < 56
            && let Some((&byte, rest)) = self.input.split_first()
        {
            self.buffer |= u64::from(byte) << self.count;
            self.input = rest;
            self.count += 8;
        }
    }

    /// Drops `count` bits, at most 63.
    #[inline]
    pub(super) fn drop(&mut self, count: u32) -> Result<(), InflateError> {
        self.count = self.count.checked_sub(count).ok_or(InflateError::CutOff)?;
        self.buffer >>= count;
        Ok(())
    }

    /// The next `count` bits, at most 16.
    pub(super) fn take(&mut self, count: u32) -> Result<usize, InflateError> {
        if self.count < count {
            self.refill();
        }
        let value = self.buffer & ((1 << count) - 1);
        self.drop(count)?;
        Ok(value as usize)
    }

    /// Drops what is left of a byte that was begun, and gives the bytes from there on.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        let start = self.all.len() - self.left();
        (self.buffer, self.count) = (0, 0);
        self.input = &self.all[start..];
        self.input
    }
}
