//! What the tables hold: how long the next codes are, symbols and distances.

use super::InflateError;

/// Bits that `Tables::distance` looks at: as many as [`Step::follows`] has.
pub(super) const DISTANCE_BITS: u32 = 8;

/// Numbers of literal and length symbols, and of distances, that a block may have codes for.
pub(super) const MAX_LITERALS: usize = 286;
pub(super) const MAX_DISTANCES: usize = 30;

/// Symbols for the lengths of matches start here; 256 ends a block.
pub(super) const LENGTHS: u16 = 257;
pub(super) const END: u16 = 256;

/// Lengths of matches without their extra bits (RFC 1951, section 3.2.5).
const LENGTH_BASE: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
const LENGTH_EXTRA_BITS: [u8; 29] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];

/// Symbols from here on have matches of more than [`SHORT_MATCH`] bytes.
pub(super) const LONG_MATCHES: u16 = 263;
/// What fits into one store.
pub(super) const SHORT_MATCH: usize = 8;

/// What the next bits are together: one or two literals, a short match, or a literal and a short
/// match; of a match, the part before its distance.
///
/// Bits 0 to 3 say how long the codes are; bit 6 that it is something else; bit 7 that the
/// distance of a match follows.
#[derive(Clone, Copy)]
pub(super) struct Step(pub(super) u8);

impl Step {
    pub(super) const OTHER: u8 = 1 << 6;
    pub(super) const MATCH: u8 = 1 << 7;

    #[inline(always)]
    pub(super) fn is_other(self) -> bool {
        self.0 & Self::OTHER != 0
    }

    /// Length of the codes in bits, and more above bit 5, which a shift of 64 bits ignores.
    #[inline(always)]
    pub(super) fn shift(self) -> u32 {
        u32::from(self.0)
    }

    /// Length of the codes in bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        u32::from(self.0 & 15)
    }

    /// As many ones as `Tables::distance` looks at bits, if a distance follows, or none.
    #[inline(always)]
    pub(super) fn follows(self) -> u32 {
        i32::from(self.0.cast_signed()).cast_unsigned() >> (32 - DISTANCE_BITS)
    }
}

/// A symbol. Bits 0 to 5: the length of its code and of its extra bits; 6 and 7: its kind.
#[derive(Clone, Copy)]
pub(super) struct Symbol(u32);

impl Symbol {
    /// Bits 8 to 15 hold the literal.
    const LITERAL: u32 = 1 << 6;
    /// A match has its length in bits 16 to 24; a longer one the length of its code in 8 to 11.
    const LONG: u32 = 2 << 6;
    const OTHER: u32 = 3 << 6;
    pub(super) const NONE: Self = Self(0);
    /// Not in the table.
    pub(super) const ABSENT: Self = Self(Self::OTHER | 1 << 8);
    const END: u32 = 2 << 8;

    pub(super) fn new(symbol: u16, n: u32) -> Result<Self, InflateError> {
        if symbol < END {
            return Ok(Self(n | Self::LITERAL | u32::from(symbol) << 8));
        }
        if symbol == END {
            return Ok(Self(n | Self::OTHER | Self::END));
        }
        let which = usize::from(symbol - LENGTHS);
        let (Some(&base), Some(&extra)) = (LENGTH_BASE.get(which), LENGTH_EXTRA_BITS.get(which))
        else {
            return Err(InflateError::Code);
        };
        let base = u32::from(base) << 16;
        if symbol < LONG_MATCHES {
            return Ok(Self(n | base));
        }
        Ok(Self((n + u32::from(extra)) | Self::LONG | n << 8 | base))
    }

    /// Bits of the code and its extra bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 & 63
    }

    #[inline(always)]
    pub(super) fn is_literal(self) -> bool {
        self.0 & Self::OTHER == Self::LITERAL
    }

    #[inline(always)]
    pub(super) fn is_absent(self) -> bool {
        self.0 == Self::ABSENT.0
    }

    #[inline(always)]
    pub(super) fn is_end(self) -> bool {
        self.0 & (Self::OTHER | 0xf00) == Self::OTHER | Self::END
    }

    #[inline(always)]
    pub(super) fn literal(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// How many literals this symbol and `second` are, if neither is [`Kind::Other`].
    #[inline(always)]
    pub(super) fn literals(self, second: Self) -> usize {
        (((self.0 & Self::LITERAL) + (second.0 & Self::LITERAL)) >> 6) as usize
    }

    /// Length of the short match among this symbol and `second`; 0 if there is none.
    #[inline(always)]
    pub(super) fn short_length(self, second: Self) -> usize {
        ((self.0 | second.0) >> 16) as usize
    }

    /// This symbol if `there`, or nothing; without a branch.
    #[inline(always)]
    pub(super) fn only_if(self, there: bool) -> Self {
        Self(std::hint::select_unpredictable(there, self.0, Self::NONE.0))
    }

    /// Length of a match of any length; `bits` begin with the symbol.
    #[inline(always)]
    pub(super) fn length(self, bits: u64) -> usize {
        let base = (self.0 >> 16) as usize;
        if self.0 & Self::OTHER == Self::LONG {
            base + extra(bits, self.bits(), self.0 >> 8 & 15)
        } else {
            base
        }
    }
}

/// A distance. Bits 0 to 5: the length of its code and of its extra bits; 8 to 11: of its code;
/// from 16 on: the distance without the extra bits. 0 if there is none in the table.
#[derive(Clone, Copy)]
pub(super) struct Distance(u32);

impl Distance {
    pub(super) const NONE: Self = Self(0);

    /// Section 3.2.5: the extra bits grow by one with every second symbol.
    pub(super) fn new(symbol: u16, n: u32) -> Result<Self, InflateError> {
        let symbol = u32::from(symbol);
        if symbol >= MAX_DISTANCES as u32 {
            return Err(InflateError::Distance);
        }
        let extra = (symbol / 2).saturating_sub(1);
        let base = if symbol < 2 {
            symbol + 1
        } else {
            ((2 + symbol % 2) << extra) + 1
        };
        Ok(Self(base << 16 | n << 8 | (n + extra)))
    }

    #[inline(always)]
    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Bits of the code and its extra bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 & 63
    }

    /// In bytes; `bits` begin with the code.
    #[inline(always)]
    pub(super) fn bytes(self, bits: u64) -> usize {
        (self.0 >> 16) as usize + extra(bits, self.bits(), self.0 >> 8 & 15)
    }
}

/// The bits between those of the code and `end`.
#[inline(always)]
fn extra(bits: u64, end: u32, code: u32) -> usize {
    ((bits & !(u64::MAX << end)) >> code) as usize
}
