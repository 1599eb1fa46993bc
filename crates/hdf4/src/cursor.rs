//! Big-endian numbers and texts out of a byte slice, with bounds.

use crate::error::{Error, Result};

/// Walks over the bytes of one element.
pub(crate) struct Cursor<'a> {
    what: &'static str,
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self {
            what,
            bytes,
            position: 0,
        }
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let end = self.position.saturating_add(length);
        let Some(piece) = self.bytes.get(self.position..end) else {
            return Err(Error::damaged(
                self.what,
                format!("at least {end} bytes"),
                format!("{} bytes", self.bytes.len()),
            ));
        };
        self.position = end;
        Ok(piece)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// A signed 32-bit length or count, which must not be negative.
    pub(crate) fn length(&mut self, field: &str) -> Result<u32> {
        let raw = i32::from_be_bytes(self.array()?);
        u32::try_from(raw)
            .map_err(|_| Error::damaged(self.what, format!("{field} of at least 0"), raw))
    }

    /// A text with a 16-bit length before it.
    pub(crate) fn text(&mut self) -> Result<String> {
        let length = usize::from(self.u16()?);
        Ok(text(self.take(length)?))
    }
}

/// Text of a file: UTF-8 if it is, else one character per byte (Latin-1). Ends at trailing NULs.
pub(crate) fn text(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .rposition(|&b| b != 0)
        .map_or(0, |last| last + 1);
    let bytes = &bytes[..end];
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}
