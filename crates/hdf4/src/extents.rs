//! The pieces of the file that hold one element's bytes, in order.

use crate::cursor::Cursor;
use crate::directory::{Budget, Descriptor, Directory, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::source::Source;
use crate::special::{self, Special};

/// One run of bytes of an element.
#[derive(Debug, Clone, Copy)]
struct Extent {
    /// Position in the element.
    position: u64,
    /// Position in the file; `None` for a block that was never written and reads as zeros.
    offset: Option<u64>,
    length: u64,
}

/// Where an element's bytes lie: one piece, or the blocks of a linked element.
#[derive(Debug, Default)]
pub(crate) struct Extents {
    pieces: Vec<Extent>,
    length: u64,
}

impl Extents {
    /// Length of the element in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// How many of those bytes are in the file (the rest are blocks that were never written).
    pub(crate) fn stored_length(&self) -> u64 {
        self.pieces
            .iter()
            .filter(|e| e.offset.is_some())
            .map(|e| e.length)
            .sum()
    }

    /// Offset of the element, if it is one piece of the file.
    pub(crate) fn contiguous(&self) -> Option<u64> {
        match self.pieces.as_slice() {
            [only] => only.offset,
            _ => None,
        }
    }

    /// Finds the pieces of `dd`, which must be plain or in linked blocks. Tables of blocks are
    /// paid from `budget`, if there is one.
    pub(crate) fn locate(
        &mut self,
        source: &Source,
        directory: &Directory,
        dd: &Descriptor,
        budget: Option<&Budget>,
    ) -> Result<()> {
        self.pieces.clear();
        self.length = 0;
        let what = "an element";
        let Some((offset, length)) = dd.extent() else {
            return Err(dd.locate(Error::damaged(what, "data", "none")));
        };
        source
            .check(what, offset, length)
            .map_err(|e| dd.locate(e))?;
        if !dd.special {
            self.push(Some(offset), length, length);
            return Ok(());
        }
        match special::read(source, dd)? {
            Special::Linked(linked) => self
                .follow(source, directory, &linked, budget)
                .map_err(|e| dd.locate(e)),
            Special::External(_) => {
                Err(dd.locate(Error::unsupported("this element in another file", PLAIN)))
            }
            Special::Compressed(_) => {
                Err(dd.locate(Error::unsupported("compression inside this element", PLAIN)))
            }
            Special::Chunked(_) => {
                Err(dd.locate(Error::unsupported("chunks inside this element", PLAIN)))
            }
        }
    }

    /// Follows the tables of a linked element (`hblocks.c` of the reference library).
    ///
    /// A table entry takes two bytes of the file, so an element cannot have more blocks than
    /// half the file's length; that bounds tables that point to themselves.
    fn follow(
        &mut self,
        source: &Source,
        directory: &Directory,
        linked: &special::Linked,
        budget: Option<&Budget>,
    ) -> Result<()> {
        let what = "a table of linked blocks";
        let mut entries_left = source.length() / 2;
        let mut next = linked.first_table;
        let total = linked.length;
        let mut bytes = Vec::new();
        let mut first = true;
        while self.length < total {
            if next == 0 {
                let expected = format!("blocks for {total} bytes");
                let found = format!("blocks for {} bytes", self.length);
                return Err(Error::damaged(what, expected, found));
            }
            let dd = directory.expect(what, tag::LINKED, next)?;
            let length = 2 + 2 * u64::from(linked.blocks_per_table);
            entries_left = entries_left
                .checked_sub(1 + u64::from(linked.blocks_per_table))
                .ok_or_else(|| dd.locate(Error::damaged(what, "an end", "a loop")))?;
            let (offset, stored) = dd.extent().unwrap_or((0, 0));
            if stored < length {
                let expected = format!("{length} bytes");
                return Err(dd.locate(Error::damaged(what, expected, format!("{stored} bytes"))));
            }
            source
                .check(what, offset, length)
                .map_err(|e| dd.locate(e))?;
            if let Some(budget) = budget {
                budget.spend(length).map_err(|e| dd.locate(e))?;
            }
            bytes.resize(length as usize, 0);
            source.read_into(what, offset, &mut bytes)?;
            let mut cursor = Cursor::new(what, &bytes);
            next = cursor.u16()?;
            for _ in 0..linked.blocks_per_table {
                let reference = cursor.u16()?;
                if self.length < total {
                    self.add_block(source, directory, linked, reference, first)?;
                }
                first = false;
            }
        }
        Ok(())
    }

    fn add_block(
        &mut self,
        source: &Source,
        directory: &Directory,
        linked: &special::Linked,
        reference: u16,
        first: bool,
    ) -> Result<()> {
        let what = "a linked block";
        let wanted = linked.length - self.length;
        let full = u64::from(linked.block_length);
        if reference == 0 {
            if full == 0 {
                return Err(Error::damaged(what, "a block length above 0", 0));
            }
            self.push(None, full.min(wanted), linked.length);
            return Ok(());
        }
        let dd = directory.expect(what, tag::LINKED, reference)?;
        let Some((offset, stored)) = dd.extent() else {
            return Err(dd.locate(Error::damaged(what, "data", "none")));
        };
        // The first block is the element as it was before it grew, of any length.
        let length = if first {
            stored.min(wanted)
        } else {
            full.min(wanted)
        };
        if stored < length || dd.special {
            let expected = format!("{length} plain bytes");
            return Err(dd.locate(Error::damaged(what, expected, format!("{stored} bytes"))));
        }
        source
            .check(what, offset, length)
            .map_err(|e| dd.locate(e))?;
        self.push(Some(offset), length, linked.length);
        Ok(())
    }

    fn push(&mut self, offset: Option<u64>, length: u64, total: u64) {
        let position = self.length;
        self.length = (self.length + length).min(total);
        if let Some(last) = self.pieces.last_mut() {
            let follows = match (last.offset, offset) {
                (Some(a), Some(b)) => a + last.length == b,
                (None, None) => true,
                _ => false,
            };
            if follows {
                last.length += length;
                return;
            }
        }
        self.pieces.push(Extent {
            position,
            offset,
            length,
        });
    }

    /// Fills `out` with the element's bytes from `position` on.
    pub(crate) fn read_into(
        &self,
        source: &Source,
        what: &'static str,
        position: u64,
        out: &mut [u8],
    ) -> Result<()> {
        let end = position.saturating_add(out.len() as u64);
        if end > self.length {
            let expected = format!("at least {end} bytes");
            return Err(Error::damaged(
                what,
                expected,
                format!("{} bytes", self.length),
            ));
        }
        let mut at = self
            .pieces
            .partition_point(|e| e.position + e.length <= position);
        let mut rest = out;
        let mut position = position;
        while let (false, Some(piece)) = (rest.is_empty(), self.pieces.get(at)) {
            let inside = position - piece.position;
            let length = (piece.length - inside).min(rest.len() as u64) as usize;
            let (now, later) = rest.split_at_mut(length);
            match piece.offset {
                Some(offset) => source.read_into(what, offset + inside, now)?,
                None => now.fill(0),
            }
            rest = later;
            position += length as u64;
            at += 1;
        }
        Ok(())
    }

    /// Reads the whole element into `out`, which is resized to it.
    ///
    /// The element may not be longer than the file: a table that lists a block twice ends here.
    pub(crate) fn read_all(
        &self,
        source: &Source,
        what: &'static str,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.check_length(source, what)?;
        out.resize(self.length as usize, 0);
        self.read_into(source, what, 0, out)
    }

    /// Errs if the element is longer than the file.
    pub(crate) fn check_length(&self, source: &Source, what: &'static str) -> Result<()> {
        if self.length > source.length() {
            return Err(Error::new(ErrorKind::TooLarge {
                what,
                bytes: self.length,
                limit: source.length(),
                advice: "an element cannot be longer than its file, so it is damaged",
            }));
        }
        Ok(())
    }
}

const PLAIN: &str = "plain bytes and linked blocks";
