//! Packed bytes of a long stream, read part by part.

use crate::error::{Error, Result};
use crate::extents::Extents;
use crate::inflate::Input;
use crate::source::Source;

/// Bytes that are in memory together: a part of a processor's second cache, which what is
/// inflated needs as well.
const PART_BYTES: usize = 128 << 10;

/// The bytes of an element from its beginning on.
pub(crate) struct Parts<'a> {
    extents: &'a Extents,
    source: &'a Source,
    what: &'static str,
    buffer: &'a mut Vec<u8>,
    /// Bytes of the element that have been read.
    position: u64,
    /// Bytes of `buffer` that are those of the element.
    length: usize,
    error: Option<Error>,
}

impl<'a> Parts<'a> {
    /// Nothing is read yet.
    ///
    /// # Errors
    /// If the element is longer than the file.
    pub(crate) fn new(
        extents: &'a Extents,
        source: &'a Source,
        what: &'static str,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Self> {
        extents.check_length(source, what)?;
        if buffer.len() < PART_BYTES {
            buffer.resize(PART_BYTES, 0);
        }
        Ok(Self {
            extents,
            source,
            what,
            buffer,
            position: 0,
            length: 0,
            error: None,
        })
    }

    /// Why bytes could not be read, if so.
    pub(crate) fn error(self) -> Option<Error> {
        self.error
    }
}

impl Input for Parts<'_> {
    fn more(&mut self, left: usize, _wanted: usize) -> (&[u8], usize) {
        self.buffer.copy_within(self.length - left..self.length, 0);
        let later = self.extents.length() - self.position;
        let count = later.min((PART_BYTES - left) as u64);
        let to = &mut self.buffer[left..left + count as usize];
        let (extents, source) = (self.extents, self.source);
        if let Err(error) = extents.read_into(source, self.what, self.position, to) {
            self.error = Some(error);
            return (&self.buffer[..left], 0);
        }
        self.position += count;
        self.length = left + count as usize;
        let later = usize::try_from(later - count).unwrap_or(usize::MAX);
        (&self.buffer[..self.length], later)
    }
}
