//! Vgroups and Vdata, as far as SDS names, dimensions, attributes and chunk tables need them.

use crate::cursor::Cursor;
use crate::directory::{Budget, Descriptor, Directory, tag};
use crate::error::{Error, Result};
use crate::extents::Extents;
use crate::source::Source;

/// The two places metadata is read from, and what it may cost.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source,
    pub(crate) directory: &'a Directory,
    pub(crate) budget: &'a Budget,
}

impl Reader<'_> {
    /// All bytes of the metadata element `dd`.
    pub(crate) fn element(&self, what: &'static str, dd: &Descriptor) -> Result<Vec<u8>> {
        self.first_bytes(what, dd, u64::MAX)
    }

    /// At most `wanted` bytes of the metadata element `dd`, from its start.
    pub(crate) fn first_bytes(
        &self,
        what: &'static str,
        dd: &Descriptor,
        wanted: u64,
    ) -> Result<Vec<u8>> {
        let mut extents = Extents::default();
        let (_, header) = dd.extent().unwrap_or((0, 0));
        self.budget.spend(header)?;
        extents.locate(self.source, self.directory, dd, Some(self.budget))?;
        let length = extents.length().min(wanted);
        self.budget.spend(length).map_err(|e| dd.locate(e))?;
        // The budget is a small multiple of the file's length, so this fits in memory.
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        extents
            .read_into(self.source, what, 0, &mut bytes)
            .map_err(|e| dd.locate(e))?;
        Ok(bytes)
    }
}

/// A Vgroup: a named list of elements.
#[derive(Debug)]
pub(crate) struct Vgroup {
    pub(crate) reference: u16,
    pub(crate) name: String,
    pub(crate) class: String,
    /// Tags and references, in order.
    pub(crate) members: Vec<(u16, u16)>,
}

impl Vgroup {
    pub(crate) fn read(reader: &Reader<'_>, dd: &Descriptor) -> Result<Self> {
        let what = "a Vgroup";
        let bytes = reader.element(what, dd)?;
        Self::parse(what, dd.reference, &bytes).map_err(|e| dd.locate(e))
    }

    fn parse(what: &'static str, reference: u16, bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(what, bytes);
        let count = usize::from(cursor.u16()?);
        let tags = cursor.take(2 * count)?;
        let references = cursor.take(2 * count)?;
        let be = |pair: &[u8; 2]| u16::from_be_bytes(*pair);
        let (tags, references) = (tags.as_chunks().0, references.as_chunks().0);
        let members = tags.iter().map(be).zip(references.iter().map(be)).collect();
        Ok(Self {
            reference,
            members,
            name: cursor.text()?,
            class: cursor.text()?,
        })
    }
}

/// One field of a Vdata record.
#[derive(Debug)]
pub(crate) struct Field {
    /// HDF4 number type, with its flag bits.
    pub(crate) number_type: u16,
    /// Numbers of this field in one record.
    pub(crate) order: usize,
    /// Bytes of this field in one record.
    pub(crate) bytes: usize,
    /// Where the field starts in a record.
    pub(crate) offset: usize,
}

/// The header of a Vdata: a table of records.
#[derive(Debug)]
pub(crate) struct VdataHeader {
    pub(crate) reference: u16,
    pub(crate) records: usize,
    pub(crate) record_bytes: usize,
    /// Whether whole records follow each other (else whole fields do).
    pub(crate) by_record: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) name: String,
    pub(crate) class: String,
}

impl VdataHeader {
    pub(crate) fn read(reader: &Reader<'_>, dd: &Descriptor) -> Result<Self> {
        let what = "a Vdata header";
        let bytes = reader.element(what, dd)?;
        Self::parse(what, dd.reference, &bytes).map_err(|e| dd.locate(e))
    }

    fn parse(what: &'static str, reference: u16, bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(what, bytes);
        let interlace = cursor.u16()?;
        let records = cursor.length("number of records")? as usize;
        let record_bytes = usize::from(cursor.u16()?);
        let count = usize::from(cursor.u16()?);
        let mut columns = [const { Vec::new() }; 4];
        for column in &mut columns {
            for _ in 0..count {
                column.push(cursor.u16()?);
            }
        }
        let [types, sizes, offsets, orders] = columns;
        let mut fields = Vec::with_capacity(count);
        for i in 0..count {
            cursor.text()?; // its name; the place is enough for what is read here
            let field = Field {
                number_type: types[i],
                order: usize::from(orders[i]),
                bytes: usize::from(sizes[i]),
                offset: usize::from(offsets[i]),
            };
            if field.offset + field.bytes > record_bytes {
                let expected = format!("fields inside records of {record_bytes} bytes");
                let found = format!("one at {} + {}", field.offset, field.bytes);
                return Err(Error::damaged(what, expected, found));
            }
            fields.push(field);
        }
        Ok(Self {
            reference,
            records,
            record_bytes,
            by_record: interlace == 0,
            fields,
            name: cursor.text()?,
            class: cursor.text()?,
        })
    }

    /// The records' bytes, exactly `records * record_bytes` of them.
    pub(crate) fn read_records(&self, reader: &Reader<'_>) -> Result<Vec<u8>> {
        let what = "a Vdata";
        let length = self.records as u64 * self.record_bytes as u64;
        if length == 0 {
            return Ok(Vec::new());
        }
        let dd = reader.directory.expect(what, tag::VDATA, self.reference)?;
        let bytes = reader.first_bytes(what, dd, length)?;
        if (bytes.len() as u64) < length {
            let expected = format!("{length} bytes of records");
            return Err(dd.locate(Error::damaged(what, expected, bytes.len())));
        }
        Ok(bytes)
    }
}
