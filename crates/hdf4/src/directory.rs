//! The data descriptors: what the file holds and where.

use std::cell::Cell;

use crate::cursor::Cursor;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::METADATA_MAX_RATIO;
use crate::source::Source;

/// Tags of the reference library's `htags.h`.
pub(crate) mod tag {
    pub(crate) const NULL: u16 = 1;
    pub(crate) const LINKED: u16 = 20;
    pub(crate) const COMPRESSED: u16 = 40;
    pub(crate) const CHUNK: u16 = 61;
    pub(crate) const NUMBER_TYPE: u16 = 106;
    pub(crate) const DIMENSION_RECORD: u16 = 701;
    pub(crate) const SCIENTIFIC_DATA: u16 = 702;
    pub(crate) const LABELS: u16 = 704;
    pub(crate) const UNITS: u16 = 705;
    pub(crate) const FORMATS: u16 = 706;
    pub(crate) const COORDINATE_SYSTEM: u16 = 708;
    /// Of the library before 1990; floating-point numbers only.
    pub(crate) const OLD_NUMERIC_GROUP: u16 = 700;
    pub(crate) const NUMERIC_GROUP: u16 = 720;
    pub(crate) const VDATA_HEADER: u16 = 1962;
    pub(crate) const VDATA: u16 = 1963;
    pub(crate) const VGROUP: u16 = 1965;
}

const SPECIAL_BIT: u16 = 0x4000;
const USER_BIT: u16 = 0x8000;
const NO_DATA: u32 = u32::MAX;
const MAGIC: [u8; 4] = [0x0e, 0x03, 0x13, 0x01];
const DD_BYTES: u64 = 12;

/// One data descriptor: a piece of the file with a tag and a reference number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Without the "special" bit.
    pub(crate) tag: u16,
    pub(crate) reference: u16,
    /// Whether the piece is the header of a special element (linked, compressed, chunked).
    pub(crate) special: bool,
    offset: u32,
    length: u32,
}

impl Descriptor {
    /// Offset and length of the piece, or `None` if nothing was ever written to it.
    pub(crate) fn extent(&self) -> Option<(u64, u64)> {
        let written = self.offset != NO_DATA && self.length != NO_DATA;
        written.then(|| (u64::from(self.offset), u64::from(self.length)))
    }

    /// The same element as a plain piece of another file.
    pub(crate) fn in_another_file(&self, offset: u32, length: u32) -> Self {
        Self {
            special: false,
            offset,
            length,
            ..*self
        }
    }

    /// Adds tag, reference and offset of this piece to an error.
    pub(crate) fn locate(&self, error: Error) -> Error {
        error.in_element(
            self.tag,
            self.reference,
            self.extent().map(|(offset, _)| offset),
        )
    }
}

/// All data descriptors of a file.
#[derive(Debug)]
pub(crate) struct Directory {
    in_file_order: Vec<Descriptor>,
    /// Tag and reference as one number, and the position in `in_file_order`; sorted. Searched
    /// several times for each chunk, so it is kept dense.
    sorted: Vec<(u32, u32)>,
}

impl Directory {
    /// Reads the linked blocks of descriptors.
    ///
    /// Blocks cannot overlap in a valid file, so all of them together are no longer than it;
    /// that bounds a chain that loops.
    pub(crate) fn read(source: &Source) -> Result<Self> {
        let mut start = [0; 4];
        let length = source.length().min(4);
        let head = usize::try_from(length).unwrap_or(0);
        source.read_into("the file's first bytes", 0, &mut start[..head])?;
        if start[..head] != MAGIC {
            let found = describe_start(&start[..head]);
            return Err(Error::new(ErrorKind::NotHdf4 { found }));
        }

        let mut in_file_order = Vec::new();
        let mut block_bytes = Vec::new();
        let mut total = 4_u64;
        let mut next = 4_u64;
        while next != 0 {
            let what = "a block of data descriptors";
            let mut head = [0; 6];
            source.read_into(what, next, &mut head)?;
            let mut cursor = Cursor::new(what, &head);
            let count = cursor.u16()?;
            let following = cursor.u32()?;
            let bytes = u64::from(count) * DD_BYTES;
            total += 6 + bytes;
            if total > source.length() {
                return Err(Error::damaged(
                    "the chain of data descriptor blocks",
                    format!(
                        "at most {} bytes of blocks, the file's length",
                        source.length()
                    ),
                    "a chain that is longer or loops",
                )
                .at(next));
            }
            source.check(what, next + 6, bytes)?;
            block_bytes.resize(usize::from(count) * 12, 0);
            source.read_into(what, next + 6, &mut block_bytes)?;
            let mut cursor = Cursor::new(what, &block_bytes);
            for _ in 0..count {
                let raw_tag = cursor.u16()?;
                let reference = cursor.u16()?;
                let offset = cursor.u32()?;
                let length = cursor.u32()?;
                let special = raw_tag & USER_BIT == 0 && raw_tag & SPECIAL_BIT != 0;
                let tag = if special {
                    raw_tag & !SPECIAL_BIT
                } else {
                    raw_tag
                };
                if tag != tag::NULL {
                    in_file_order.push(Descriptor {
                        tag,
                        reference,
                        special,
                        offset,
                        length,
                    });
                }
            }
            next = u64::from(following);
        }

        // 12 bytes each and offsets of 32 bits: at most 2^28 or so, unless the file is longer
        // than the format can address.
        let count = u32::try_from(in_file_order.len())
            .map_err(|_| Error::damaged("the directory", "at most 2^32 entries", "more"))?;
        let keys = in_file_order.iter().map(|dd| key(dd.tag, dd.reference));
        let mut sorted: Vec<(u32, u32)> = keys.zip(0..count).collect();
        // By position where keys are equal, so the first of them is the one that is found.
        sorted.sort_unstable_by_key(|&(key, at)| u64::from(key) << 32 | u64::from(at));
        Ok(Self {
            in_file_order,
            sorted,
        })
    }

    /// The element with this tag and reference number.
    pub(crate) fn find(&self, tag: u16, reference: u16) -> Option<&Descriptor> {
        let wanted = key(tag, reference);
        let at = self.sorted.partition_point(|&(key, _)| key < wanted);
        let &(found, position) = self.sorted.get(at)?;
        if found != wanted {
            return None;
        }
        self.in_file_order.get(position as usize)
    }

    /// The element with this tag and reference number, which another element points to.
    pub(crate) fn expect(
        &self,
        what: &'static str,
        tag: u16,
        reference: u16,
    ) -> Result<&Descriptor> {
        self.find(tag, reference).ok_or_else(|| {
            let expected = format!("a data descriptor with tag {tag}, ref {reference}");
            Error::damaged(what, expected, "none").in_element(tag, reference, None)
        })
    }

    /// All elements with this tag, in the order of the file's directory.
    pub(crate) fn with_tag(&self, tag: u16) -> impl Iterator<Item = &Descriptor> {
        self.in_file_order.iter().filter(move |dd| dd.tag == tag)
    }

    /// Number of descriptors in use.
    pub(crate) fn len(&self) -> usize {
        self.in_file_order.len()
    }
}

fn key(tag: u16, reference: u16) -> u32 {
    u32::from(tag) << 16 | u32::from(reference)
}

fn describe_start(start: &[u8]) -> String {
    match start {
        [] => "an empty file".to_string(),
        [0x89, b'H', b'D', b'F'] => "an HDF5 file, which is another format".to_string(),
        [b'C', b'D', b'F', _] => "a netCDF-3 file, which is another format".to_string(),
        [b'<', ..] => "text that looks like a web page: probably a failed download".to_string(),
        _ => {
            let hex: Vec<String> = start.iter().map(|b| format!("{b:02X}")).collect();
            format!("the bytes {}", hex.join(" "))
        }
    }
}

/// Counts the bytes that metadata costs, so that overlapping or looping tables end.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Cell<u64>,
    limit: u64,
}

impl Budget {
    pub(crate) fn new(file_length: u64) -> Self {
        let limit = file_length.saturating_mul(METADATA_MAX_RATIO);
        Self {
            left: Cell::new(limit),
            limit,
        }
    }

    /// Takes `bytes` and a small fixed cost from the budget.
    pub(crate) fn spend(&self, bytes: u64) -> Result<()> {
        let cost = bytes.saturating_add(8);
        let Some(left) = self.left.get().checked_sub(cost) else {
            let advice = "the file's tables overlap or loop, so it is damaged; fetch it again";
            return Err(Error::new(ErrorKind::TooLarge {
                what: "reading the file's metadata",
                bytes: self.limit.saturating_add(cost - self.left.get()),
                limit: self.limit,
                advice,
            }));
        };
        self.left.set(left);
        Ok(())
    }
}
