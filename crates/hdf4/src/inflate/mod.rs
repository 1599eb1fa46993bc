//! Inflating zlib streams (RFC 1950, RFC 1951) whose length after inflating is known.
//!
//! General inflaters are made for text: long literals apart from few long matches. Numbers of a
//! field look otherwise: a low byte that is nearly noise beside a high byte of few values, and
//! matches of three bytes, so that a literal and a match follow each other at random and a
//! processor guesses wrongly at every second symbol. Here one look into a table tells how long
//! the next **two** symbols are, and literals and short matches take the same path, without a
//! branch between them. What is rare in such data (long codes, long matches, matches that overlap
//! themselves) takes a slower path.
//!
//! It is as strict as zlib: what zlib refuses (codes that are incomplete, no end of the block, a
//! wrong checksum) is an error here.

mod adler;
mod bits;
mod block;
mod canonical;
mod copy;
mod entries;
mod input;
pub(crate) mod processor;
mod tables;

use std::fmt;

use adler::adler32;
use bits::Bits;
pub use input::Input;
use processor::Processor;
use tables::Tables;

/// Why a stream does not inflate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InflateError {
    /// The input ends inside the stream.
    #[error("the stream is cut off")]
    CutOff,
    /// The first two bytes are not those of a zlib stream of 32 KiB at most without a dictionary.
    #[error("no zlib header")]
    Header,
    /// A block of the reserved kind.
    #[error("a block of unknown kind")]
    BlockKind,
    /// The length of a stored block and its complement do not agree.
    #[error("a stored block with two lengths")]
    StoredLength,
    /// The lengths of a block's codes make no code.
    #[error("a table of codes that is no code")]
    CodeLengths,
    /// Bits that stand for no symbol.
    #[error("bits that stand for nothing")]
    Code,
    /// A match that begins before the first byte, or at a distance that does not exist.
    #[error("a copy from before the beginning")]
    Distance,
    /// There are more bytes than the output has room for.
    #[error("more bytes than expected")]
    TooLong,
    /// The bytes are not those that were packed.
    #[error("a wrong checksum")]
    Checksum,
}

/// No match begins farther back than this.
const REACH: usize = 32 << 10;

/// Bytes that are more than the head of any block takes, or what is read symbol by symbol near the
/// end of the output.
const HEAD: usize = 8 << 10;

/// More bytes than a stored block has.
const STORED: usize = 66 << 10;

/// Inflates streams one after the other; holds the tables, about 30 kB. One per thread.
pub struct Inflater {
    tables: Box<Tables>,
    processor: Processor,
}

impl Inflater {
    /// An inflater for any number of streams.
    pub fn new() -> Self {
        Self {
            tables: Box::new(Tables::new()),
            processor: Processor::detect(),
        }
    }

    /// Inflates the zlib stream at the beginning of `packed` to the beginning of `out`, and
    /// returns how many bytes it holds. Bytes of `packed` after the stream mean nothing; those of
    /// `out` after the returned length, and all of `out` after an error, are unspecified.
    ///
    /// # Errors
    /// If `packed` does not begin with a whole and undamaged stream, or `out` is too short.
    pub fn zlib(&mut self, packed: &[u8], out: &mut [u8]) -> Result<usize, InflateError> {
        self.zlib_with(packed, out, |_| ())
    }

    /// As [`Inflater::zlib`], and hands over one piece of `out` after the other, in order, as soon
    /// as nothing that follows is copied from it, while it is in the nearest caches. What
    /// `settle` makes of its piece stays in `out`. All pieces but the last have a multiple of
    /// eight bytes. After an error they need not be all.
    ///
    /// # Errors
    /// As [`Inflater::zlib`].
    pub fn zlib_with(
        &mut self,
        packed: &[u8],
        out: &mut [u8],
        settle: impl FnMut(&mut [u8]),
    ) -> Result<usize, InflateError> {
        self.zlib_from(&mut &*packed, out, settle)
    }

    /// As [`Inflater::zlib_with`], with a stream that comes part by part.
    ///
    /// # Errors
    /// As [`Inflater::zlib`].
    pub fn zlib_from(
        &mut self,
        input: &mut impl Input,
        out: &mut [u8],
        mut settle: impl FnMut(&mut [u8]),
    ) -> Result<usize, InflateError> {
        let (packed, mut later) = input.more(0, HEAD);
        let &[method, flags, ref body @ ..] = packed else {
            return Err(InflateError::CutOff);
        };
        let check = u16::from_be_bytes([method, flags]);
        if method & 15 != 8 || method >> 4 > 7 || flags & 32 != 0 || !check.is_multiple_of(31) {
            return Err(InflateError::Header);
        }
        let mut bits = Bits::new(body);
        // Without a function: what it returned would have to live as long as what it was given.
        macro_rules! see_to {
            ($wanted:expr) => {
                if later > 0 && bits.left() < $wanted {
                    let (left, begun) = (bits.left(), bits.begun());
                    let (bytes, rest) = input.more(left, $wanted);
                    (bits, later) = (Bits::resume(bytes, begun), rest);
                }
            };
        }
        let (mut at, mut sum, mut settled) = (0, 1, 0);
        loop {
            let start = at;
            let last = bits.take(1)? == 1;
            let kind = bits.take(2)?;
            // How much the block can be worth: large tables do not pay for small ones. A rough
            // measure, as few bytes of input may stand for many of output.
            let most = (out.len() - at).min((bits.left() + later).saturating_mul(4));
            match kind {
                0 => see_to!(STORED),
                1 => self.tables.fixed(most)?,
                2 => self.tables.dynamic(&mut bits, most)?,
                _ => return Err(InflateError::BlockKind),
            }
            if kind == 0 {
                at = block::stored(&mut bits, out, at)?;
            } else {
                let mut ended;
                loop {
                    (at, ended) = block::most(&mut bits, out, at, &self.tables, self.processor)?;
                    if ended || later == 0 || bits.left() >= HEAD {
                        break;
                    }
                    see_to!(HEAD);
                }
                if !ended {
                    at = block::careful(&mut bits, out, at, &self.tables)?;
                }
            }
            // For the next block, or the checksum.
            see_to!(HEAD);
            // Block by block, while the bytes are near.
            let block = out.get(start..at).unwrap_or_default();
            sum = self.processor.run(
                #[inline(always)]
                || adler32(sum, block),
            );
            if last {
                break;
            }
            let until = at.saturating_sub(REACH) & !7;
            if until > settled {
                let piece = out.get_mut(settled..until).unwrap_or_default();
                self.processor.run(
                    #[inline(always)]
                    || settle(piece),
                );
                settled = until;
            }
        }
        let stored = bits.rest().first_chunk().ok_or(InflateError::CutOff)?;
        if u32::from_be_bytes(*stored) != sum {
            return Err(InflateError::Checksum);
        }
        let piece = out.get_mut(settled..at).unwrap_or_default();
        self.processor.run(
            #[inline(always)]
            || settle(piece),
        );
        Ok(at)
    }
}

impl Default for Inflater {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater").finish_non_exhaustive()
    }
}
