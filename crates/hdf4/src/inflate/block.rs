//! The blocks of a stream (RFC 1951, section 3.2).

use std::hint::select_unpredictable;

use super::InflateError;
use super::bits::Bits;
use super::copy::{self, SPILL};
use super::entries::SHORT_MATCH;
use super::processor::Processor;
use super::tables::Tables;

/// The longest match.
const LONGEST_MATCH: usize = 258;

/// What one turn of [`fast`] may write: a literal, a match and what is spilled after it.
const ROOM: usize = 1 + LONGEST_MATCH + SPILL;

/// Copies a stored block to `out`, from `at` on. Returns where it ends.
pub(super) fn stored(
    bits: &mut Bits<'_>,
    out: &mut [u8],
    at: usize,
) -> Result<usize, InflateError> {
    let &[a, b, c, d, ref rest @ ..] = bits.rest() else {
        return Err(InflateError::CutOff);
    };
    let (length, complement) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
    if length != !complement {
        return Err(InflateError::StoredLength);
    }
    let (bytes, rest) = rest
        .split_at_checked(usize::from(length))
        .ok_or(InflateError::CutOff)?;
    let end = at + bytes.len();
    let to = out.get_mut(at..end).ok_or(InflateError::TooLong)?;
    to.copy_from_slice(bytes);
    bits.input = rest;
    Ok(end)
}

/// Inflates coded symbols of a block to `out`, from `at` on, as far as neither input nor output
/// are near their ends. Says how far that is, and whether the block has ended.
pub(super) fn most(
    bits: &mut Bits<'_>,
    out: &mut [u8],
    at: usize,
    tables: &Tables,
    processor: Processor,
) -> Result<(usize, bool), InflateError> {
    if !tables.have_steps() {
        return Ok((at, false));
    }
    processor.run(
        #[inline(always)]
        || fast(bits, out, at, tables),
    )
}

#[inline(always)]
fn fast(
    bits: &mut Bits<'_>,
    out: &mut [u8],
    mut at: usize,
    tables: &Tables,
) -> Result<(usize, bool), InflateError> {
    let Some(limit) = out.len().checked_sub(ROOM) else {
        return Ok((at, false));
    };
    bits.refill();
    let (mut input, mut buffer, mut count) = (bits.input, bits.buffer, bits.count);
    let mut step = tables.step(buffer);
    let mut ended = false;
    // Each turn begins with 56 bits or more, of which it takes 50 at most: 11 for a literal and
    // 11 for a short match, or 20 for any match, and 28 for its distance.
    while at <= limit {
        let Some(word) = input.first_chunk() else {
            break;
        };
        let word = u64::from_le_bytes(*word);
        let mut symbol = tables.symbol(buffer);
        if step.is_other() {
            if symbol.is_absent() {
                symbol = tables.absent_symbol(buffer)?;
            }
        } else {
            // Without a branch, as nobody can guess what comes: a distance that does not follow
            // takes no bits, and a match that is none copies eight bytes from the beginning,
            // which are overwritten. The next step needs 14 bits, and 21 are left at least.
            let first = buffer >> (step.shift() & 63);
            let follows = step.follows();
            let distance = tables.distance(first, follows);
            let after = first >> distance.bits();
            let next = tables.step(after);
            let back = distance.bytes(first);
            let second = tables.symbol(buffer >> symbol.bits());
            let second = second.only_if(symbol.bits() != step.bits());
            let literals = symbol.literals(second);
            let length = symbol.short_length(second);
            // Not so where a match needs what this turn writes, or its distance is not in the
            // table.
            if back >= length + literals * (follows & 1) as usize {
                count -= step.bits() + distance.bits();
                let from = (at + literals).wrapping_sub(back);
                let from = select_unpredictable(follows != 0, from, 0);
                let eight = out.get(from..).and_then(<[u8]>::first_chunk::<SHORT_MATCH>);
                let eight = *eight.ok_or(InflateError::Distance)?;
                let eight = u64::from_le_bytes(eight);
                let to = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<ROOM>);
                let to = to.ok_or(InflateError::TooLong)?;
                to[..2].copy_from_slice(&[symbol.literal(), second.literal()]);
                to[literals..literals + SHORT_MATCH].copy_from_slice(&eight.to_le_bytes());
                at += literals + length;
                buffer = after | word << count;
                input = &input[((63 - count) >> 3 & 7) as usize..];
                count |= 56;
                step = next;
                continue;
            }
            if symbol.is_literal() {
                *out.get_mut(at).ok_or(InflateError::TooLong)? = symbol.literal();
                at += 1;
                buffer >>= symbol.bits();
                count -= symbol.bits();
                symbol = second;
            }
        }
        let after = buffer >> symbol.bits();
        count -= symbol.bits();
        if symbol.is_literal() {
            *out.get_mut(at).ok_or(InflateError::TooLong)? = symbol.literal();
            at += 1;
            buffer = after;
        } else if symbol.is_end() {
            (buffer, ended) = (after, true);
            break;
        } else {
            let length = symbol.length(buffer);
            let distance = tables.any_distance(after)?;
            count -= distance.bits();
            buffer = after >> distance.bits();
            let back = distance.bytes(after);
            copy::roomy(out, at, back, length).ok_or(InflateError::Distance)?;
            at += length;
        }
        buffer |= word << count;
        input = &input[((63 - count) >> 3 & 7) as usize..];
        count |= 56;
        step = tables.step(buffer);
    }
    (bits.input, bits.buffer, bits.count) = (input, buffer, count);
    Ok((at, ended))
}

/// The rest of a block, one symbol after the other: in small blocks, and near the end of input or
/// output. Returns where the block ends.
pub(super) fn careful(
    bits: &mut Bits<'_>,
    out: &mut [u8],
    mut at: usize,
    tables: &Tables,
) -> Result<usize, InflateError> {
    loop {
        bits.refill();
        let begin = bits.buffer;
        let mut symbol = tables.few_symbol(begin);
        if symbol.is_absent() {
            symbol = tables.absent_symbol(begin)?;
        }
        bits.drop(symbol.bits())?;
        if symbol.is_literal() {
            *out.get_mut(at).ok_or(InflateError::TooLong)? = symbol.literal();
            at += 1;
            continue;
        }
        if symbol.is_end() {
            return Ok(at);
        }
        let length = symbol.length(begin);
        let after = bits.buffer;
        let distance = tables.any_distance(after)?;
        bits.drop(distance.bits())?;
        let back = distance.bytes(after);
        if back > at {
            return Err(InflateError::Distance);
        }
        if length > out.len() - at {
            return Err(InflateError::TooLong);
        }
        if copy::roomy(out, at, back, length).is_none() {
            copy::exact(out, at, back, length).ok_or(InflateError::Distance)?;
        }
        at += length;
    }
}
