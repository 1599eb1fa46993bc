//! The tables of a block of coded symbols.
//!
//! Decoding one symbol after the other is a chain of look-ups, each of which needs the length of
//! the code before. So the lengths of two codes together have a table of their own
//! ([`Tables::step`]), of one byte per entry, so that it is long enough for most pairs and small
//! enough for the nearest cache. Which symbols they are is looked up beside the chain.

use super::InflateError;
use super::bits::Bits;
use super::canonical::{Canonical, in_stream};

/// Bits that [`Tables::step`] looks at, for blocks of some size.
const STEP_BITS: u32 = 14;
/// Bits that [`Tables::symbol`] looks at.
const SYMBOL_BITS: u32 = 11;
/// Bits that [`Tables::distance`] looks at: as many as [`Step::follows`] has.
const DISTANCE_BITS: u32 = 8;

/// Numbers of literal and length symbols, and of distances, that a block may have codes for.
const MAX_LITERALS: usize = 286;
const MAX_DISTANCES: usize = 30;

/// Blocks that are worth fewer bytes than this have no table of steps.
const SMALL_BLOCK: usize = 1024;

/// Symbols for the lengths of matches start here; 256 ends a block.
const LENGTHS: u16 = 257;
const END: u16 = 256;

/// Lengths of matches without their extra bits (RFC 1951, section 3.2.5).
const LENGTH_BASE: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
const LENGTH_EXTRA_BITS: [u8; 29] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];

/// Symbols from here on have matches of more than [`SHORT_MATCH`] bytes.
const LONG_MATCHES: u16 = 263;
/// What fits into one store.
pub(super) const SHORT_MATCH: usize = 8;

/// The order of the lengths of the codes of the lengths of the codes (section 3.2.7).
const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// What the next bits are together: one or two literals, a short match, or a literal and a short
/// match; of a match, the part before its distance.
///
/// Bits 0 to 3 say how long the codes are; bit 6 that it is something else; bit 7 that the
/// distance of a match follows.
#[derive(Clone, Copy)]
pub(super) struct Step(u8);

impl Step {
    const OTHER: u8 = 1 << 6;
    const MATCH: u8 = 1 << 7;

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

    /// As many ones as [`Tables::distance`] looks at bits, if a distance follows, or none.
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
    const NONE: Self = Self(0);
    /// Not in the table.
    const ABSENT: Self = Self(Self::OTHER | 1 << 8);
    const END: u32 = 2 << 8;

    fn new(symbol: u16, n: u32) -> Result<Self, InflateError> {
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
    const NONE: Self = Self(0);

    /// Section 3.2.5: the extra bits grow by one with every second symbol.
    fn new(symbol: u16, n: u32) -> Result<Self, InflateError> {
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

/// The tables.
pub(super) struct Tables {
    steps: [Step; 1 << STEP_BITS],
    /// Ones for the bits that `step` looks at.
    step_mask: usize,
    symbols: [Symbol; 1 << SYMBOL_BITS],
    distances: [Distance; 1 << DISTANCE_BITS],
    symbol_code: Canonical<288>,
    distance_code: Canonical<32>,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self {
            steps: [Step(Step::OTHER); 1 << STEP_BITS],
            step_mask: (1 << STEP_BITS) - 1,
            symbols: [Symbol::ABSENT; 1 << SYMBOL_BITS],
            distances: [Distance::NONE; 1 << DISTANCE_BITS],
            symbol_code: Canonical::new(),
            distance_code: Canonical::new(),
        }
    }

    /// Whether there are steps: a small block is read symbol by symbol.
    pub(super) fn have_steps(&self) -> bool {
        self.step_mask > 0
    }

    /// What the next bits are.
    #[inline(always)]
    pub(super) fn step(&self, bits: u64) -> Step {
        self.steps[bits as usize & self.step_mask & ((1 << STEP_BITS) - 1)]
    }

    /// The next symbol.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: u64) -> Symbol {
        self.symbols[bits as usize & ((1 << SYMBOL_BITS) - 1)]
    }

    /// The next distance; nothing if `follows` is 0 (see [`Step::follows`]).
    #[inline(always)]
    pub(super) fn distance(&self, bits: u64, follows: u32) -> Distance {
        let at = bits & u64::from(follows);
        self.distances[at as usize & ((1 << DISTANCE_BITS) - 1)]
    }

    /// The next symbol, where the table has none.
    #[cold]
    pub(super) fn absent_symbol(&self, bits: u64) -> Result<Symbol, InflateError> {
        let (symbol, n) = self.symbol_code.symbol(bits)?;
        Symbol::new(symbol, n)
    }

    /// The next distance, which must be there.
    #[inline(always)]
    pub(super) fn any_distance(&self, bits: u64) -> Result<Distance, InflateError> {
        let found = self.distance(bits, (1 << DISTANCE_BITS) - 1);
        if found.is_none() {
            return self.absent_distance(bits);
        }
        Ok(found)
    }

    #[cold]
    fn absent_distance(&self, bits: u64) -> Result<Distance, InflateError> {
        let (symbol, n) = self.distance_code.symbol(bits)?;
        Distance::new(symbol, n)
    }

    /// The codes of a block without its own (section 3.2.6), for a block of about `bytes`.
    pub(super) fn fixed(&mut self, bytes: usize) -> Result<(), InflateError> {
        let mut lengths = [8; 288];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        self.set(&lengths, &[5; 32], bytes)
    }

    /// Reads the codes of a block (section 3.2.7), for a block of about `bytes`.
    pub(super) fn dynamic(
        &mut self,
        bits: &mut Bits<'_>,
        bytes: usize,
    ) -> Result<(), InflateError> {
        let literals = bits.take(5)? + 257;
        let distances = bits.take(5)? + 1;
        let count = bits.take(4)? + 4;
        if literals > MAX_LITERALS || distances > MAX_DISTANCES {
            return Err(InflateError::CodeLengths);
        }
        let mut lengths = [0_u8; 19];
        for &place in &ORDER[..count] {
            lengths[place] = bits.take(3)? as u8;
        }
        let mut code = Canonical::<19>::new();
        code.set(&lengths, false)?;
        let mut table = [(0_u8, 0_u8); 1 << 7];
        code.by_length(7, |n, symbols, _, first| {
            for (code, &symbol) in (first..).zip(symbols) {
                for slot in table.iter_mut().skip(in_stream(code, n)).step_by(1 << n) {
                    *slot = (symbol as u8, n as u8);
                }
            }
        });

        let mut lengths = [0_u8; MAX_LITERALS + MAX_DISTANCES];
        let lengths = &mut lengths[..literals + distances];
        let mut at = 0;
        while at < lengths.len() {
            bits.refill();
            let (symbol, n) = table[bits.buffer as usize & 127];
            bits.drop(u32::from(n))?;
            let (value, times) = match symbol {
                16 => {
                    let before = at.checked_sub(1).ok_or(InflateError::CodeLengths)?;
                    (lengths[before], 3 + bits.take(2)?)
                }
                17 => (0, 3 + bits.take(3)?),
                18 => (0, 11 + bits.take(7)?),
                length => (length, 1),
            };
            let to = lengths.get_mut(at..at + times);
            to.ok_or(InflateError::CodeLengths)?.fill(value);
            at += times;
        }
        if lengths[usize::from(END)] == 0 {
            return Err(InflateError::CodeLengths);
        }
        let (literals, distances) = lengths.split_at(literals);
        self.set(literals, distances, bytes)
    }

    fn set(&mut self, symbols: &[u8], distances: &[u8], bytes: usize) -> Result<(), InflateError> {
        self.symbol_code.set(symbols, true)?;
        self.distance_code.set(distances, true)?;
        let step_bits = match bytes {
            0..SMALL_BLOCK => 0,
            SMALL_BLOCK..4096 => SYMBOL_BITS,
            4096..16384 => 12,
            _ => STEP_BITS,
        };
        self.step_mask = (1 << step_bits) - 1;
        self.fill_symbols_and_steps(step_bits);
        self.fill_distances();
        Ok(())
    }

    /// Fills the tables of symbols and steps.
    ///
    /// Both grow length by length: what is known of the bits below holds whatever the next bit
    /// is, so the table is doubled, and the codes of exactly this length are put in. So each pair
    /// of symbols is put once, at the length of both codes together.
    fn fill_symbols_and_steps(&mut self, step_bits: u32) {
        let code = &self.symbol_code;
        // Codes as they come in the stream, and per length where those of literals, of the end,
        // of short and of long matches begin.
        let mut places = [0_u16; 288];
        let mut spans = [[0_usize; 5]; SYMBOL_BITS as usize + 1];
        let all = &mut self.symbols;
        all[0] = Symbol::ABSENT;
        code.by_length(SYMBOL_BITS, |n, symbols, begin, first| {
            all.copy_within(..1 << (n - 1), 1 << (n - 1));
            let places = &mut places[begin..begin + symbols.len()];
            for ((code, &symbol), place) in (first..).zip(symbols).zip(places) {
                let at = in_stream(code, n);
                *place = at as u16;
                all[at & ((1 << SYMBOL_BITS) - 1)] =
                    Symbol::new(symbol, n).unwrap_or(Symbol::ABSENT);
            }
            let until = |limit| begin + symbols.partition_point(|&s| s < limit);
            spans[n as usize] = [
                begin,
                until(END),
                until(LENGTHS),
                until(LONG_MATCHES),
                begin + symbols.len(),
            ];
        });

        self.steps[0] = Step(Step::OTHER);
        for length in 1..=step_bits {
            let half = 1 << (length - 1);
            self.steps.copy_within(..half, half);
            let steps = &mut self.steps[..2 * half];
            let done = length as u8;
            if let Some(&[literals, end, short, long, last]) = spans.get(length as usize) {
                put(steps, &places[literals..end], 0, done);
                put(steps, &places[end..short], 0, Step::OTHER);
                put(steps, &places[short..long], 0, done | Step::MATCH);
                put(steps, &places[long..last], 0, Step::OTHER);
            }
            for n in 1..length.min(SYMBOL_BITS + 1) {
                let [begin, end, ..] = spans[n as usize];
                let first = &places[begin..end];
                let Some(&[begin, end, short, long, _]) = spans.get((length - n) as usize) else {
                    continue;
                };
                let second = &places[begin..end];
                if first.len() < second.len() {
                    for &first in first {
                        for &second in second {
                            steps[usize::from(second << n | first) & (2 * half - 1)] = Step(done);
                        }
                    }
                } else {
                    for &second in second {
                        put(steps, first, second << n, done);
                    }
                }
                for &second in &places[short..long] {
                    put(steps, first, second << n, done | Step::MATCH);
                }
            }
        }
    }

    fn fill_distances(&mut self) {
        let all = &mut self.distances;
        all[0] = Distance::NONE;
        self.distance_code
            .by_length(DISTANCE_BITS, |n, symbols, _, first| {
                all.copy_within(..1 << (n - 1), 1 << (n - 1));
                for (code, &symbol) in (first..).zip(symbols) {
                    let distance = Distance::new(symbol, n).unwrap_or(Distance::NONE);
                    all[in_stream(code, n) & ((1 << DISTANCE_BITS) - 1)] = distance;
                }
            });
        // Where no distance follows, this is looked up. A distance at this place is looked up
        // bit by bit: one code, all zeros, with extra bits that are all zeros.
        all[0] = Distance::NONE;
    }
}

#[inline(always)]
fn put(steps: &mut [Step], places: &[u16], high: u16, step: u8) {
    for &place in places {
        if let Some(slot) = steps.get_mut(usize::from(place | high)) {
            *slot = Step(step);
        }
    }
}
