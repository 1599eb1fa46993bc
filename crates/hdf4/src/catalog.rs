//! From the directory to the list of SDS and attributes.
//!
//! The reference library writes one Vgroup of class `CDF0.0` per file. Its members are a Vgroup
//! of class `Var0.0` for each SDS, and the file's attributes. A `Var0.0` group holds the SDS's
//! dimensions (Vgroups of class `Dim0.0` or `UDim0.0`), its attributes, and a numeric data group
//! that leads to shape, number type and data. Files older than that have numeric data groups only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::attribute::{Attribute, AttributeValue};
use crate::cursor::{Cursor, text};
use crate::dataset::{Dataset, Dimension, Layout};
use crate::directory::{Descriptor, tag};
use crate::error::{Error, Result};
use crate::limits::MAX_RANK;
use crate::number::{ByteOrder, NumberType};
use crate::older::Older;
use crate::special::{self, Special};
use crate::vset::{Reader, VdataHeader, Vgroup};

/// What a file holds.
pub(crate) struct Catalog {
    pub(crate) datasets: Vec<Dataset>,
    pub(crate) attributes: Vec<Attribute>,
}

/// The Vgroup of one SDS, taken apart.
#[derive(Default)]
struct Variable {
    name: String,
    /// Tag and reference.
    numeric_group: Option<(u16, u16)>,
    data: Option<u16>,
    /// What stands for both in the oldest files with Vgroups.
    older: Older,
    /// From a file without Vgroups, whose texts are elements of their own.
    old: bool,
    dimensions: Vec<(String, bool)>,
    attributes: Vec<Attribute>,
}

/// Reads the catalogue of a file.
pub(crate) fn read(reader: &Reader<'_>, file_id: u64) -> Result<Catalog> {
    let mut groups = BTreeMap::new();
    let mut roots = Vec::new();
    for dd in reader.directory.with_tag(tag::VGROUP) {
        if dd.extent().is_none() {
            continue; // reserved and never written
        }
        let group = Vgroup::read(reader, dd)?;
        if group.class == "CDF0.0" && !groups.contains_key(&group.reference) {
            roots.push(group.reference);
        }
        groups.entry(group.reference).or_insert(group);
    }

    let mut catalog = Catalog {
        datasets: Vec::new(),
        attributes: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    for (tag, reference) in roots
        .iter()
        .filter_map(|r| groups.get(r))
        .flat_map(|g| &g.members)
    {
        match *tag {
            tag::VGROUP => {
                let Some(group) = groups.get(reference).filter(|g| g.class == "Var0.0") else {
                    continue; // a dimension
                };
                if seen.insert(*reference) {
                    let variable = read_variable(reader, group, &groups)
                        .map_err(|e| e.in_dataset(&group.name))?;
                    add(reader, &mut catalog, variable, file_id)?;
                }
            }
            tag::VDATA_HEADER => {
                catalog
                    .attributes
                    .extend(read_attribute(reader, *reference)?);
            }
            _ => {}
        }
    }
    if roots.is_empty() {
        // Where both kinds are, the older group is a second entrance to the same numbers.
        let kind = match reader.directory.with_tag(tag::NUMERIC_GROUP).next() {
            Some(_) => tag::NUMERIC_GROUP,
            None => tag::OLD_NUMERIC_GROUP,
        };
        for dd in reader.directory.with_tag(kind) {
            let variable = Variable {
                name: format!("Data-Set-{}", dd.reference),
                numeric_group: Some((dd.tag, dd.reference)),
                old: true,
                ..Variable::default()
            };
            add(reader, &mut catalog, variable, file_id)?;
        }
    }
    Ok(catalog)
}

fn add(reader: &Reader<'_>, catalog: &mut Catalog, variable: Variable, file_id: u64) -> Result<()> {
    let name = variable.name.clone();
    let index = catalog.datasets.len();
    let dataset = describe(reader, variable, file_id, index).map_err(|e| e.in_dataset(&name))?;
    catalog.datasets.push(dataset);
    Ok(())
}

fn read_variable(
    reader: &Reader<'_>,
    group: &Vgroup,
    groups: &BTreeMap<u16, Vgroup>,
) -> Result<Variable> {
    let mut variable = Variable {
        name: group.name.clone(),
        ..Variable::default()
    };
    for &(tag, reference) in &group.members {
        match tag {
            tag::NUMERIC_GROUP => variable.numeric_group = Some((tag, reference)),
            tag::SCIENTIFIC_DATA => variable.data = Some(reference),
            tag::NUMBER_TYPE => variable.older.number_type = Some(reference),
            tag::VDATA_HEADER => match read_attribute(reader, reference)? {
                Some(attribute) => variable.attributes.push(attribute),
                None => variable.older.see(reader, reference)?,
            },
            tag::VGROUP => {
                reader.budget.spend(0)?;
                let dimension = groups.get(&reference);
                let class = dimension.map_or("", |g| g.class.as_str());
                if let (Some(dimension), "Dim0.0" | "UDim0.0") = (dimension, class) {
                    variable
                        .dimensions
                        .push((dimension.name.clone(), class == "UDim0.0"));
                    variable.older.dimensions.push(dimension.members.clone());
                }
            }
            _ => {}
        }
    }
    Ok(variable)
}

/// The attribute with this reference, or `None` if the Vdata is something else.
fn read_attribute(reader: &Reader<'_>, reference: u16) -> Result<Option<Attribute>> {
    let dd = reader
        .directory
        .expect("an attribute", tag::VDATA_HEADER, reference)?;
    let header = VdataHeader::read(reader, dd)?;
    if header.class != "Attr0.0" {
        return Ok(None);
    }
    Attribute::read(reader, &header)
        .map(Some)
        .map_err(|e| dd.locate(e))
}

/// Follows the numeric data group to shape, number type and data.
fn describe(
    reader: &Reader<'_>,
    variable: Variable,
    file_id: u64,
    index: usize,
) -> Result<Dataset> {
    let what = "an SDS";
    let (mut data, mut record) = (variable.data, None);
    let mut attributes = variable.attributes;
    let (shape, number_type, byte_order);
    if let Some((tag, reference)) = variable.numeric_group {
        let group = reader
            .directory
            .expect("a numeric data group", tag, reference)?;
        let bytes = reader.element("a numeric data group", group)?;
        for member in bytes.as_chunks::<4>().0 {
            let reference = u16::from_be_bytes([member[2], member[3]]);
            match u16::from_be_bytes([member[0], member[1]]) {
                tag::SCIENTIFIC_DATA => data = Some(reference),
                tag::DIMENSION_RECORD => record = Some(reference),
                tag if variable.old => attributes.extend(read_old_text(reader, tag, reference)?),
                _ => {}
            }
        }
        let Some(record) = record else {
            let error = Error::damaged(what, "a dimension record (tag 701)", "none");
            return Err(group.locate(error));
        };
        (shape, number_type, byte_order) = read_record(reader, record)?;
    } else {
        let unlimited = variable.dimensions.first().is_some_and(|(_, grows)| *grows);
        (shape, number_type, byte_order) = variable.older.describe(reader, unlimited)?;
    }

    let mut names = variable.dimensions;
    if names.is_empty() {
        names = vec![(String::new(), false); shape.len()];
    }
    if names.len() != shape.len() {
        let expected = format!(
            "{} dimensions, as many as the SDS has names for",
            names.len()
        );
        return Err(Error::damaged(what, expected, shape.len()));
    }
    let dimensions = names
        .into_iter()
        .zip(&shape)
        .map(|((name, unlimited), &length)| Dimension {
            name,
            length,
            unlimited,
        })
        .collect();

    let data = match data {
        Some(reference) => reader.directory.find(tag::SCIENTIFIC_DATA, reference),
        None => variable.older.data(reader),
    };
    let data = data.copied();
    let data = data.filter(|dd| dd.extent().is_some());
    let mut dataset = Dataset {
        file_id,
        index,
        name: variable.name,
        number_type,
        byte_order,
        shape,
        dimensions,
        attributes,
        layout: Layout::Empty,
        data,
        fill: Vec::new(),
        table_reference: 0,
        table: OnceLock::new(),
    };
    dataset.fill = default_fill(&dataset);
    if let Some(dd) = &data {
        read_layout(reader, &mut dataset, dd).map_err(|e| dd.locate(e))?;
    }
    Ok(dataset)
}

fn read_layout(reader: &Reader<'_>, dataset: &mut Dataset, dd: &Descriptor) -> Result<()> {
    if !dd.special {
        dataset.layout = Layout::Contiguous;
        dataset.grow_to(dd.extent().map_or(0, |(_, length)| length));
        return Ok(());
    }
    reader.budget.spend(0)?;
    match special::read(reader.source, dd)? {
        Special::Linked(header) => {
            dataset.layout = Layout::LinkedBlocks;
            dataset.grow_to(header.length);
        }
        Special::External(header) => {
            dataset.grow_to(u64::from(header.length));
            dataset.layout = Layout::External {
                file: header.file,
                offset_bytes: header.offset,
                length_bytes: header.length,
            };
        }
        Special::Compressed(header) => {
            dataset.layout = Layout::Compressed {
                coder: header.coder,
            };
        }
        Special::Chunked(header) => {
            let what = "a chunked SDS";
            let rank = dataset.shape.len();
            if header.chunk_shape.len() != rank {
                let found = header.chunk_shape.len();
                return Err(Error::damaged(
                    what,
                    format!("chunks of {rank} dimensions"),
                    found,
                ));
            }
            let size = dataset.number_type.size_bytes();
            if size > 0 && header.number_bytes as usize != size {
                let expected = format!("numbers of {size} bytes");
                let found = format!("{} bytes", header.number_bytes);
                return Err(Error::damaged(what, expected, found));
            }
            let chunk_shape: Vec<usize> = header.chunk_shape.iter().map(|&n| n as usize).collect();
            let bytes = product(&chunk_shape).and_then(|n| n.checked_mul(size as u64));
            if bytes.is_none_or(|n| n > i32::MAX as u64) {
                let expected = "chunks below 2^31 bytes";
                return Err(Error::damaged(
                    what,
                    expected,
                    format!("chunks of {chunk_shape:?}"),
                ));
            }
            dataset.fill = header.fill;
            dataset.table_reference = header.table;
            dataset.layout = Layout::Chunked {
                chunk_shape,
                coder: header.coder,
            };
        }
    }
    Ok(())
}

impl Dataset {
    /// The rows of an SDS that may still grow are those its data has room for: the dimension
    /// record keeps the number from when it was first written.
    fn grow_to(&mut self, data_bytes: u64) {
        let size = self.number_type.size_bytes();
        let ([rows, rest @ ..], [first, ..]) = (&mut self.shape[..], &mut self.dimensions[..])
        else {
            return;
        };
        if !first.unlimited {
            return;
        }
        let row_bytes = rest.iter().map(|&n| n as u64).product::<u64>() * size as u64;
        if let Some(count) = data_bytes.checked_div(row_bytes) {
            *rows = usize::try_from(count).unwrap_or(usize::MAX);
            first.length = *rows;
        }
    }
}

/// Reads a dimension record and the number type it points to.
fn read_record(reader: &Reader<'_>, reference: u16) -> Result<(Vec<usize>, NumberType, ByteOrder)> {
    let what = "a dimension record";
    let dd = reader
        .directory
        .expect(what, tag::DIMENSION_RECORD, reference)?;
    let bytes = reader.element(what, dd)?;
    let (shape, number_type) = parse_record(what, &bytes).map_err(|e| dd.locate(e))?;
    let (number_type, byte_order) = read_number_type(reader, number_type)?;
    Ok((shape, number_type, byte_order))
}

pub(crate) fn read_number_type(
    reader: &Reader<'_>,
    reference: u16,
) -> Result<(NumberType, ByteOrder)> {
    let what = "a number type";
    let dd = reader.directory.expect(what, tag::NUMBER_TYPE, reference)?;
    let bytes = reader.element(what, dd)?;
    let mut cursor = Cursor::new(what, &bytes);
    let [_version, code, _bits, class] = *cursor.take(4).map_err(|e| dd.locate(e))? else {
        return Err(dd.locate(Error::damaged(what, "4 bytes", bytes.len())));
    };
    let number_type = NumberType::from_code(code);
    Ok((number_type, ByteOrder::from_class(class, number_type)))
}

fn parse_record(what: &'static str, bytes: &[u8]) -> Result<(Vec<usize>, u16)> {
    let mut cursor = Cursor::new(what, bytes);
    let rank = usize::from(cursor.u16()?);
    if rank > MAX_RANK {
        return Err(Error::damaged(
            what,
            format!("at most {MAX_RANK} dimensions"),
            rank,
        ));
    }
    let mut shape = Vec::with_capacity(rank);
    for _ in 0..rank {
        shape.push(cursor.length("dimension length")? as usize);
    }
    // Positions in the array are counted in 63 bits, and a number has at most 8 bytes. A length
    // of 0 counts as 1, so that no product of some of the lengths overflows either.
    if product(&shape).is_none_or(|cells| cells > (isize::MAX / 8) as u64) {
        return Err(Error::damaged(
            what,
            "fewer than 2^60 values",
            format!("{shape:?}"),
        ));
    }
    let tag = cursor.u16()?;
    if tag != tag::NUMBER_TYPE {
        let expected = format!("a number type with tag {}", tag::NUMBER_TYPE);
        return Err(Error::damaged(what, expected, format!("tag {tag}")));
    }
    Ok((shape, cursor.u16()?))
}

/// A text of an old file as the attribute that the reference library makes of it. The first text
/// of the element is the SDS's own; those of its dimensions follow.
fn read_old_text(reader: &Reader<'_>, tag: u16, reference: u16) -> Result<Option<Attribute>> {
    let name = match tag {
        tag::LABELS => "long_name",
        tag::UNITS => "units",
        tag::FORMATS => "format",
        tag::COORDINATE_SYSTEM => "coordsys",
        _ => return Ok(None),
    };
    let Some(dd) = reader.directory.find(tag, reference) else {
        return Ok(None);
    };
    let bytes = reader.element("a text of an SDS", dd)?;
    let own = text(bytes.split(|&b| b == 0).next().unwrap_or_default());
    let attribute = || Attribute {
        name: name.to_string(),
        value: AttributeValue::Text(own.clone()),
    };
    Ok((!own.is_empty()).then(attribute))
}

/// Product of lengths, where it fits, with 1 for each 0.
pub(crate) fn product(lengths: &[usize]) -> Option<u64> {
    lengths
        .iter()
        .try_fold(1_u64, |all, &n| all.checked_mul(n.max(1) as u64))
}

/// What an SDS holds where nothing was written: its `_FillValue`, else netCDF's default
/// (`netcdf.h` of the reference library), as stored bytes.
fn default_fill(dataset: &Dataset) -> Vec<u8> {
    let own = dataset.attribute("_FillValue").map(|a| &a.value);
    let mut bytes = match (dataset.number_type, own) {
        (NumberType::I8, Some(AttributeValue::I8(v))) if v.len() == 1 => v[0].to_be_bytes().into(),
        (NumberType::U8, Some(AttributeValue::U8(v))) if v.len() == 1 => v.clone(),
        (NumberType::I16, Some(AttributeValue::I16(v))) if v.len() == 1 => {
            v[0].to_be_bytes().into()
        }
        (NumberType::U16, Some(AttributeValue::U16(v))) if v.len() == 1 => {
            v[0].to_be_bytes().into()
        }
        (NumberType::I32, Some(AttributeValue::I32(v))) if v.len() == 1 => {
            v[0].to_be_bytes().into()
        }
        (NumberType::U32, Some(AttributeValue::U32(v))) if v.len() == 1 => {
            v[0].to_be_bytes().into()
        }
        (NumberType::F32, Some(AttributeValue::F32(v))) if v.len() == 1 => {
            v[0].to_be_bytes().into()
        }
        (NumberType::F64, Some(AttributeValue::F64(v))) if v.len() == 1 => {
            v[0].to_be_bytes().into()
        }
        (NumberType::I8 | NumberType::U8, _) => vec![0x81],
        (NumberType::I16 | NumberType::U16, _) => 0x8001_u16.to_be_bytes().into(),
        (NumberType::I32 | NumberType::U32, _) => 0x8000_0001_u32.to_be_bytes().into(),
        (NumberType::F32, _) => 9.969_21e36_f32.to_be_bytes().into(),
        (NumberType::F64, _) => 9.969_209_968_386_869e36_f64.to_be_bytes().into(),
        (NumberType::Char | NumberType::UChar, _) => vec![0],
        (NumberType::Other(_), _) => Vec::new(),
    };
    if dataset.byte_order == ByteOrder::Little {
        bytes.reverse();
    }
    bytes
}
