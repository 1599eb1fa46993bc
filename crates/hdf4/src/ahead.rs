//! Reads further than asked, so that many small elements that follow each other take few reads.

use crate::error::Result;
use crate::source::Source;

/// Bytes to read at least: a page, as small as reading goes.
const LEAST_BYTES: usize = 4 << 10;
/// Bytes to read at most, if no more are wanted: a part of a processor's second cache.
pub(crate) const MOST_BYTES: usize = 256 << 10;

/// Bytes of one file, from one place on.
///
/// How far it reads doubles while the places go forward, and starts again where they jump, so
/// that single chunks here and there cost little more than themselves.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    file_id: Option<u64>,
    offset: u64,
    /// Bytes of `buffer` that are those of the file.
    length: usize,
    buffer: Vec<u8>,
    further: usize,
}

impl Ahead {
    /// The `length` bytes from `offset` on.
    ///
    /// # Errors
    /// If they are not inside the file or cannot be read.
    pub(crate) fn read<'a>(
        &'a mut self,
        source: &'a Source,
        what: &'static str,
        offset: u64,
        length: usize,
    ) -> Result<&'a [u8]> {
        source.check(what, offset, length as u64)?;
        if let Some(bytes) = source.borrow(offset, length) {
            return Ok(bytes);
        }
        let end = self.offset + self.length as u64;
        let known = self.file_id == Some(source.id()) && offset >= self.offset;
        if !known || offset + length as u64 > end {
            let near = known && offset <= end + MOST_BYTES as u64;
            let kept = if known {
                usize::try_from(end.saturating_sub(offset)).unwrap_or(0)
            } else {
                0
            };
            self.further = if near {
                (2 * self.further).min(MOST_BYTES)
            } else {
                LEAST_BYTES
            };
            let left = usize::try_from(source.length() - offset).unwrap_or(usize::MAX);
            let wanted = self.further.max(length).min(left);
            if self.buffer.len() < wanted {
                self.buffer.resize(wanted, 0);
            }
            self.buffer.copy_within(self.length - kept..self.length, 0);
            // Nothing, should the reading fail.
            (self.file_id, self.length) = (None, 0);
            let mut read = |until: usize| {
                let rest = &mut self.buffer[kept..until];
                source.read_into(what, offset + kept as u64, rest)
            };
            // What nobody asked for may be beyond reach.
            let filled = match read(wanted) {
                Err(_) if wanted > length => read(length).map(|()| length),
                result => result.map(|()| wanted),
            }?;
            (self.file_id, self.offset, self.length) = (Some(source.id()), offset, filled);
        }
        // It is there: `offset` and `length` lie inside.
        let start = usize::try_from(offset - self.offset).unwrap_or(usize::MAX);
        let bytes = self.buffer.get(start..start.saturating_add(length));
        Ok(bytes.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_order_of_places_gives_the_bytes_of_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let files: Vec<(Vec<u8>, Source)> = (1..=2_u32)
            .map(|k| {
                let length = 700_000;
                let bytes: Vec<u8> = (0..length)
                    .map(|n: u32| (n.wrapping_mul(2_654_435_761).wrapping_mul(k) >> 23) as u8)
                    .collect();
                let path = folder.path().join(format!("{k}"));
                std::fs::write(&path, &bytes).expect("written");
                (bytes, Source::open(&path).expect("opened"))
            })
            .collect();
        let mut ahead = Ahead::default();
        let mut state = 1_u32;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let (mut file, mut at) = (0, 0);
        for _ in 0..5000 {
            match random(20) {
                0 => at = random(700_000),
                1 => file = 1 - file,
                2 => at += random(1000),
                _ => {}
            }
            let below = if random(8) == 0 { 300_000 } else { 3000 };
            let length = random(below);
            let (bytes, source) = &files[file];
            let found = ahead.read(source, "the test", at as u64, length);
            let Some(expected) = bytes.get(at..at + length) else {
                assert!(found.is_err(), "{at} and {length} more");
                at = random(700_000);
                continue;
            };
            assert!(found.expect("inside") == expected, "{at}, {length}");
            at += length;
        }
    }
}
