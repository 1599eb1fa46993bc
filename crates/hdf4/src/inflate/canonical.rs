//! Canonical Huffman codes, as deflate has them (RFC 1951, section 3.2.2).

use super::InflateError;

/// The longest code of deflate in bits.
pub(super) const LONGEST: u32 = 15;

/// A code of at most `N` symbols: how many have codes of each length, and which.
pub(super) struct Canonical<const N: usize> {
    counts: [u16; LONGEST as usize + 1],
    /// Symbols with a code, by length and number: the order of their codes.
    sorted: [u16; N],
}

impl<const N: usize> Canonical<N> {
    pub(super) fn new() -> Self {
        Self {
            counts: [0; LONGEST as usize + 1],
            sorted: [0; N],
        }
    }

    /// Takes over the symbols that have codes, in order, and how long their codes are.
    ///
    /// As in zlib the code must be complete; with `single`, it may also be one code of one bit or
    /// none at all, which a block without matches has for distances.
    ///
    /// # Errors
    /// If there is no such code.
    pub(super) fn set(&mut self, codes: &[(u16, u8)], single: bool) -> Result<(), InflateError> {
        let mut counts = [0_u16; LONGEST as usize + 1];
        for &(_, n) in codes {
            *counts
                .get_mut(usize::from(n))
                .ok_or(InflateError::CodeLengths)? += 1;
        }
        let (mut left, mut longest, mut next) = (1_i32, 0, 0_u16);
        let mut places = [0_u16; LONGEST as usize + 1];
        for (n, (&count, place)) in counts.iter().zip(&mut places).enumerate().skip(1) {
            *place = next;
            next += count;
            left = 2 * left - i32::from(count);
            if left < 0 {
                return Err(InflateError::CodeLengths);
            }
            if count > 0 {
                longest = n;
            }
        }
        if left > 0 && !(single && longest <= 1) {
            return Err(InflateError::CodeLengths);
        }
        for &(symbol, n) in codes {
            let place = &mut places[usize::from(n)];
            *self
                .sorted
                .get_mut(usize::from(*place))
                .ok_or(InflateError::CodeLengths)? = symbol;
            *place += 1;
        }
        self.counts = counts;
        Ok(())
    }

    /// The symbol at the beginning of `bits` and the length of its code, bit by bit.
    ///
    /// # Errors
    /// If the bits are no code.
    pub(super) fn symbol(&self, bits: u64) -> Result<(u16, u32), InflateError> {
        let (mut code, mut first, mut place) = (0, 0, 0);
        for (n, &count) in (1..).zip(&self.counts[1..]) {
            let count = usize::from(count);
            code = code << 1 | (bits >> (n - 1) & 1) as usize;
            first <<= 1;
            if code < first + count {
                let symbol = self.sorted.get(place + code - first);
                return symbol.map(|&s| (s, n)).ok_or(InflateError::Code);
            }
            place += count;
            first += count;
        }
        Err(InflateError::Code)
    }

    /// Calls `each` with every length up to `longest`, the symbols that have codes of it, their
    /// place among all, and the first of their codes (the others follow it one by one).
    #[inline(always)]
    pub(super) fn by_length(&self, longest: u32, mut each: impl FnMut(u32, &[u16], usize, u32)) {
        let (mut code, mut place) = (0, 0);
        for (n, &count) in (1..=longest).zip(&self.counts[1..]) {
            let end = place + usize::from(count);
            each(
                n,
                self.sorted.get(place..end).unwrap_or_default(),
                place,
                code,
            );
            place = end;
            code = (code + u32::from(count)) << 1;
        }
    }
}

/// A code of `n` bits as it comes in the stream: the first bit lowest.
#[inline(always)]
pub(super) fn in_stream(code: u32, n: u32) -> usize {
    (code.reverse_bits() >> (32 - n)) as usize
}
