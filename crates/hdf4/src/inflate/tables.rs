//! The tables of a block of coded symbols.
//!
//! Decoding one symbol after the other is a chain of look-ups, each of which needs the length of
//! the code before. So the lengths of two codes together have a table of their own
//! ([`Tables::step`]), of one byte per entry, so that it is long enough for most pairs and small
//! enough for the nearest cache. Which symbols they are is looked up beside the chain.

use super::InflateError;
use super::bits::Bits;
use super::canonical::{Canonical, in_stream};
use super::entries::{
    DISTANCE_BITS, Distance, END, LENGTHS, LONG_MATCHES, MAX_DISTANCES, MAX_LITERALS, Step, Symbol,
};

/// Bits that [`Tables::step`] looks at, for blocks of some size.
const STEP_BITS: u32 = 14;
/// Bits that [`Tables::symbol`] looks at.
const SYMBOL_BITS: u32 = 11;
/// Bits that [`Tables::few_symbol`] looks at in small blocks.
const FEW_SYMBOL_BITS: u32 = 9;
/// Blocks that are worth fewer bytes than this have no table of steps.
const SMALL_BLOCK: usize = 1024;

/// The order of the lengths of the codes of the lengths of the codes (section 3.2.7).
const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// The tables.
pub(super) struct Tables {
    steps: [Step; 1 << STEP_BITS],
    /// Ones for the bits that `step` looks at.
    step_mask: usize,
    symbols: [Symbol; 1 << SYMBOL_BITS],
    /// Ones for the bits that `few_symbol` looks at.
    symbol_mask: usize,
    /// Whether these are the codes of a block without its own.
    fixed: bool,
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
            symbol_mask: 0,
            fixed: false,
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

    /// The next symbol, in any block.
    #[inline(always)]
    pub(super) fn few_symbol(&self, bits: u64) -> Symbol {
        self.symbols[bits as usize & self.symbol_mask & ((1 << SYMBOL_BITS) - 1)]
    }

    /// The next symbol, in a block with steps.
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
        let step_bits = step_bits(bytes);
        if self.fixed && self.step_mask == (1 << step_bits) - 1 {
            return Ok(());
        }
        let symbols: [_; 288] = std::array::from_fn(|symbol| {
            let n = match symbol {
                144..256 => 9,
                256..280 => 7,
                _ => 8,
            };
            (symbol as u16, n)
        });
        let distances: [_; 32] = std::array::from_fn(|symbol| (symbol as u16, 5));
        self.set(&symbols, &distances, step_bits)?;
        self.fixed = true;
        Ok(())
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
        let mut used = [(0, 0); 19];
        let mut count = 0;
        for (symbol, &n) in (0..).zip(&lengths) {
            if n > 0 {
                used[count] = (symbol, n);
                count += 1;
            }
        }
        let mut code = Canonical::<19>::new();
        code.set(&used[..count], false)?;
        let mut table = [(0_u8, 0_u8); 1 << 7];
        code.by_length(7, |n, symbols, _, first| {
            for (code, &symbol) in (first..).zip(symbols) {
                for slot in table.iter_mut().skip(in_stream(code, n)).step_by(1 << n) {
                    *slot = (symbol as u8, n as u8);
                }
            }
        });

        // Most symbols have no code in a small block: only those that have one are kept.
        let mut codes = [(0_u16, 0_u8); MAX_LITERALS + MAX_DISTANCES];
        let (mut at, mut used, mut used_literals) = (0, 0, 0);
        let (mut before, mut has_end) = (None, false);
        while at < literals + distances {
            bits.refill();
            let (symbol, n) = table[bits.buffer as usize & 127];
            bits.drop(u32::from(n))?;
            let (value, times) = match symbol {
                16 => {
                    let before = before.ok_or(InflateError::CodeLengths)?;
                    (before, 3 + bits.take(2)?)
                }
                17 => (0, 3 + bits.take(3)?),
                18 => (0, 11 + bits.take(7)?),
                length => (length, 1),
            };
            before = Some(value);
            if times > literals + distances - at {
                return Err(InflateError::CodeLengths);
            }
            if value > 0 {
                let codes = codes.get_mut(used..used + times);
                for (at, code) in (at..).zip(codes.ok_or(InflateError::CodeLengths)?) {
                    let is_literal = at < literals;
                    let symbol = if is_literal { at } else { at - literals };
                    *code = (symbol as u16, value);
                    used_literals += usize::from(is_literal);
                    has_end |= at == usize::from(END);
                }
                used += times;
            }
            at += times;
        }
        if !has_end {
            return Err(InflateError::CodeLengths);
        }
        let (literals, distances) = codes[..used].split_at(used_literals);
        self.set(literals, distances, step_bits(bytes))
    }

    fn set(
        &mut self,
        symbols: &[(u16, u8)],
        distances: &[(u16, u8)],
        step_bits: u32,
    ) -> Result<(), InflateError> {
        self.fixed = false;
        self.symbol_code.set(symbols, true)?;
        self.distance_code.set(distances, true)?;
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
        let symbol_bits = if step_bits > 0 {
            SYMBOL_BITS
        } else {
            FEW_SYMBOL_BITS
        };
        self.symbol_mask = (1 << symbol_bits) - 1;
        let all = &mut self.symbols;
        all[0] = Symbol::ABSENT;
        code.by_length(symbol_bits, |n, symbols, begin, first| {
            all.copy_within(..1 << (n - 1), 1 << (n - 1));
            let places = &mut places[begin..begin + symbols.len()];
            for ((code, &symbol), place) in (first..).zip(symbols).zip(places) {
                let at = in_stream(code, n);
                *place = at as u16;
                all[at & ((1 << SYMBOL_BITS) - 1)] =
                    Symbol::new(symbol, n).unwrap_or(Symbol::ABSENT);
            }
            if step_bits > 0 {
                let until = |limit| begin + symbols.partition_point(|&s| s < limit);
                spans[n as usize] = [
                    begin,
                    until(END),
                    until(LENGTHS),
                    until(LONG_MATCHES),
                    begin + symbols.len(),
                ];
            }
        });

        self.steps[0] = Step(Step::OTHER);
        let mut shifted = [0_u16; 288];
        for length in 1..=step_bits {
            let half = 1 << (length - 1);
            self.steps.copy_within(..half, half);
            let steps = &mut self.steps;
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
                    let shifted = &mut shifted[..second.len()];
                    for (shifted, &second) in shifted.iter_mut().zip(second) {
                        *shifted = second << n;
                    }
                    for &first in first {
                        put(steps, shifted, first, done);
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

/// Bits that [`Tables::step`] looks at in a block of about `bytes`; 0 for no steps.
fn step_bits(bytes: usize) -> u32 {
    match bytes {
        0..SMALL_BLOCK => 0,
        SMALL_BLOCK..4096 => SYMBOL_BITS,
        4096..16384 => 12,
        _ => STEP_BITS,
    }
}

/// Puts one step at all `places` with the bits of `high`.
#[inline(always)]
fn put(steps: &mut [Step; 1 << STEP_BITS], places: &[u16], high: u16, step: u8) {
    let mut put = |place: u16| {
        steps[usize::from(place | high) & ((1 << STEP_BITS) - 1)] = Step(step);
    };
    // Eight at a time, as a turn of the loop takes longer than a store.
    let (eights, rest) = places.as_chunks::<8>();
    for &[a, b, c, d, e, f, g, h] in eights {
        put(a);
        put(b);
        put(c);
        put(d);
        put(e);
        put(f);
        put(g);
        put(h);
    }
    for &place in rest {
        put(place);
    }
}
