//! SDS of the first files with Vgroups, which have no numeric data group.
//!
//! Their numbers are the records of a Vdata of class `Data0.0`, which also says their type; where nothing was
//! written there is only a number type. Each dimension has a Vdata that says how long it is: of class
//! `DimVal0.0`, with a record for each place, or `DimVal0.1`, with the length as a number.

use crate::catalog::{product, read_number_type};
use crate::directory::{Descriptor, tag};
use crate::error::{Error, Result};
use crate::limits::MAX_RANK;
use crate::number::{ByteOrder, NumberType};
use crate::vset::{Reader, VdataHeader};

/// Class and flag bits of a number type in a Vdata: the code is what is left.
const CODE: u16 = 0xff;
const LITTLE_ENDIAN: u16 = 0x4000;

/// What an SDS is described by in such files.
#[derive(Debug, Default)]
pub(crate) struct Older {
    /// Reference of the number type.
    pub(crate) number_type: Option<u16>,
    /// Members of the Vgroup of each dimension: tags and references.
    pub(crate) dimensions: Vec<Vec<(u16, u16)>>,
    values: Option<VdataHeader>,
}

impl Older {
    /// Looks at a Vdata of the SDS that is no attribute.
    pub(crate) fn see(&mut self, reader: &Reader<'_>, reference: u16) -> Result<()> {
        let dd = reader
            .directory
            .expect("a Vdata", tag::VDATA_HEADER, reference)?;
        let header = VdataHeader::read(reader, dd)?;
        if header.class == "Data0.0" {
            self.values = Some(header);
        }
        Ok(())
    }

    /// Shape, number type and order. The first dimension, where it is `unlimited`, has as many rows as there
    /// are values for; a last row that was begun and not finished is left out.
    pub(crate) fn describe(
        &self,
        reader: &Reader<'_>,
        unlimited: bool,
    ) -> Result<(Vec<usize>, NumberType, ByteOrder)> {
        let what = "an SDS";
        let (number_type, byte_order) = match (&self.values, self.number_type) {
            (Some(values), _) => {
                let [field] = &values.fields[..] else {
                    let found = format!("{} fields", values.fields.len());
                    return Err(Error::damaged("the values of an SDS", "one field", found));
                };
                let code = u8::try_from(field.number_type & CODE).unwrap_or(0);
                let order = if field.number_type & LITTLE_ENDIAN == 0 {
                    ByteOrder::Big
                } else {
                    ByteOrder::Little
                };
                (NumberType::from_code(code), order)
            }
            (None, Some(reference)) => read_number_type(reader, reference)?,
            (None, None) => {
                let expected = "a numeric data group (tag 720), or values or a number type";
                return Err(Error::damaged(what, expected, "none"));
            }
        };
        if self.dimensions.is_empty() || self.dimensions.len() > MAX_RANK {
            let expected = format!("1 to {MAX_RANK} dimensions");
            return Err(Error::damaged(what, expected, self.dimensions.len()));
        }
        let mut shape = Vec::with_capacity(self.dimensions.len());
        for members in &self.dimensions {
            shape.push(length(reader, members)?);
        }
        let records = self.values.as_ref().map_or(0, |values| values.records);
        if unlimited {
            let row: usize = shape[1..].iter().fold(1, |all, &n| all.saturating_mul(n));
            shape[0] = records.checked_div(row).unwrap_or(0);
        }
        let cells = product(&shape).filter(|cells| *cells <= (isize::MAX / 8) as u64);
        let all: usize = shape.iter().fold(1, |all, &n| all.saturating_mul(n));
        let has_values = self.values.is_none() || unlimited || all == records;
        if cells.is_some() && has_values {
            Ok((shape, number_type, byte_order))
        } else {
            let expected = format!("{shape:?} values");
            Err(Error::damaged(what, expected, records))
        }
    }

    /// Where the values are.
    pub(crate) fn data<'a>(&self, reader: &Reader<'a>) -> Option<&'a Descriptor> {
        let values = self.values.as_ref()?;
        reader.directory.find(tag::VDATA, values.reference)
    }
}

/// How long a dimension is.
fn length(reader: &Reader<'_>, members: &[(u16, u16)]) -> Result<usize> {
    let what = "a dimension";
    for &(_, reference) in members.iter().filter(|(tag, _)| *tag == tag::VDATA_HEADER) {
        let dd = reader
            .directory
            .expect(what, tag::VDATA_HEADER, reference)?;
        let header = VdataHeader::read(reader, dd)?;
        match header.class.as_str() {
            "DimVal0.0" => return Ok(header.records),
            "DimVal0.1" => {
                let bytes = header.read_records(reader)?;
                let Some(first) = bytes.first_chunk::<4>() else {
                    return Err(dd.locate(Error::damaged(what, "its length", "nothing")));
                };
                return Ok(u32::from_be_bytes(*first) as usize);
            }
            _ => {}
        }
    }
    Err(Error::damaged(what, "a Vdata with its length", "none"))
}
