//! From arrays, attributes and grids to the bytes of a file.

use std::collections::BTreeMap;

use super::container::{Container, VDATA_HEADER, VGROUP, length};
use super::numbers::{Numbers, Order};
use super::sds::{Layout, Linking, Sds};

const CHUNK: u16 = 61;
const NUMBER_TYPE: u16 = 106;
const DIMENSION_RECORD: u16 = 701;
const SCIENTIFIC_DATA: u16 = 702;
const NUMERIC_GROUP: u16 = 720;

/// Collects what a file shall hold.
#[derive(Debug, Clone)]
pub struct Hdf4Writer {
    attributes: Vec<(String, Numbers)>,
    arrays: Vec<Sds>,
    /// Name and arrays of each HDF-EOS grid.
    grids: Vec<(String, Vec<String>)>,
    descriptors_per_block: usize,
}

impl Default for Hdf4Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Hdf4Writer {
    /// An empty file, with 16 descriptors in each block of the directory as the library writes.
    pub fn new() -> Self {
        Self {
            attributes: Vec::new(),
            arrays: Vec::new(),
            grids: Vec::new(),
            descriptors_per_block: 16,
        }
    }

    /// Adds an attribute of the file.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<Numbers>) -> Self {
        self.attributes.push((name.to_string(), value.into()));
        self
    }

    /// Adds an array.
    #[must_use]
    pub fn sds(mut self, sds: Sds) -> Self {
        self.arrays.push(sds);
        self
    }

    /// Adds the Vgroups of an HDF-EOS grid with these arrays as its fields. `StructMetadata.0`
    /// is an attribute like any other: see [`super::struct_metadata`].
    #[must_use]
    pub fn grid(mut self, name: &str, arrays: &[&str]) -> Self {
        let arrays = arrays.iter().map(ToString::to_string).collect();
        self.grids.push((name.to_string(), arrays));
        self
    }

    /// Sets how many descriptors each block of the directory has.
    #[must_use]
    pub fn descriptors_per_block(mut self, count: usize) -> Self {
        self.descriptors_per_block = count.max(1);
        self
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut container = Container::default();
        let mut members = Vec::new();
        let mut dimensions = BTreeMap::new();
        let mut groups = BTreeMap::new();
        let mut variables = Vec::new();
        for sds in &self.arrays {
            let (variable, group) = add_array(&mut container, sds, &mut dimensions, &mut members);
            variables.push((VGROUP, variable));
            groups.insert(sds.name.as_str(), group);
        }
        for (name, arrays) in &self.grids {
            let fields: Vec<(u16, u16)> = arrays
                .iter()
                .filter_map(|array| groups.get(array.as_str()))
                .map(|&group| (NUMERIC_GROUP, group))
                .collect();
            let fields = container.add_vgroup("Data Fields", "GRID Vgroup", &fields);
            let attributes = container.add_vgroup("Grid Attributes", "GRID Vgroup", &[]);
            container.add_vgroup(name, "GRID", &[(VGROUP, fields), (VGROUP, attributes)]);
        }
        members.extend(variables);
        for (name, value) in &self.attributes {
            members.push(add_attribute(&mut container, name, value, Order::Big));
        }
        container.add_vgroup("granule", "CDF0.0", &members);
        container.finish(self.descriptors_per_block)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn write(&self, path: impl AsRef<std::path::Path>) -> std::io::Result<()> {
        std::fs::write(path, self.to_bytes())
    }
}

/// Adds one array; gives the references of its Vgroup and of its numeric data group.
fn add_array<'a>(
    container: &mut Container,
    sds: &'a Sds,
    dimensions: &mut BTreeMap<(&'a str, usize), u16>,
    root: &mut Vec<(u16, u16)>,
) -> (u16, u16) {
    let mut members = Vec::new();
    for (i, (name, size)) in sds.dimensions.iter().enumerate() {
        let key = (name.as_str(), *size);
        let group = match dimensions.get(&key) {
            Some(&group) => group,
            None => {
                let unlimited = sds.unlimited && i == 0;
                let field = [("Values", 24, 1, 4)];
                let value = length(*size);
                let values = container.add_vdata(name, "DimVal0.1", &field, 1, &value, None);
                let class = if unlimited { "UDim0.0" } else { "Dim0.0" };
                let group = container.add_vgroup(name, class, &[(VDATA_HEADER, values)]);
                root.push((VGROUP, group));
                dimensions.insert(key, group);
                group
            }
        };
        members.push((VGROUP, group));
    }
    for (name, value) in &sds.attributes {
        members.push(add_attribute(container, name, value, sds.order));
    }

    let number_type = container.reference();
    let class = if sds.order == Order::Little { 4 } else { 1 };
    let bits = (sds.numbers.size_bytes() * 8) as u8;
    container.add(
        NUMBER_TYPE,
        number_type,
        vec![1, sds.numbers.code(), bits, class],
    );

    let record = container.reference();
    let mut bytes = (sds.dimensions.len() as u16).to_be_bytes().to_vec();
    bytes.extend(sds.dimensions.iter().flat_map(|(_, n)| length(*n)));
    for _ in 0..=sds.dimensions.len() {
        bytes.extend(pair(NUMBER_TYPE, number_type));
    }
    container.add(DIMENSION_RECORD, record, bytes);

    let mut parts = vec![
        (NUMBER_TYPE, number_type),
        (DIMENSION_RECORD, record),
        (721, record),
    ];
    if let Some(data) = add_numbers(container, sds) {
        parts.insert(0, (SCIENTIFIC_DATA, data));
        members.push((SCIENTIFIC_DATA, data));
    }
    let group = container.reference();
    let bytes = parts
        .iter()
        .flat_map(|&(tag, reference)| pair(tag, reference))
        .collect();
    container.add(NUMERIC_GROUP, group, bytes);
    members.extend([(NUMBER_TYPE, number_type), (DIMENSION_RECORD, record)]);
    members.push((NUMERIC_GROUP, group));
    (container.add_vgroup(&sds.name, "Var0.0", &members), group)
}

/// Adds the numbers in the layout that is asked for; gives their reference, if there are any.
fn add_numbers(container: &mut Container, sds: &Sds) -> Option<u16> {
    let bytes = sds.numbers.bytes(sds.order);
    let reference = container.reference();
    match &sds.layout {
        Layout::Empty => return None,
        Layout::Contiguous => container.add(SCIENTIFIC_DATA, reference, bytes),
        Layout::Linked(linking) => {
            container.add_linked(SCIENTIFIC_DATA, reference, &bytes, linking);
        }
        Layout::Packed(packing, linking) => {
            let linking = linking.as_ref();
            container.add_packed(SCIENTIFIC_DATA, reference, &bytes, *packing, linking);
        }
        Layout::Chunked { .. } => add_chunks(container, sds, &bytes, reference),
    }
    Some(reference)
}

fn add_chunks(container: &mut Container, sds: &Sds, bytes: &[u8], reference: u16) {
    let Layout::Chunked {
        shape: chunk,
        packing,
        missing,
        linked_table,
    } = &sds.layout
    else {
        return;
    };
    let shape: Vec<usize> = sds.dimensions.iter().map(|(_, n)| *n).collect();
    let size = sds.numbers.size_bytes();
    assert_eq!(chunk.len(), shape.len(), "chunk shape of {}", sds.name);
    let fill = match &sds.chunk_fill {
        Some(fill) => fill.bytes(sds.order),
        None => default_fill(&sds.numbers, sds.order),
    };

    let grid: Vec<usize> = shape
        .iter()
        .zip(chunk)
        .map(|(n, c)| n.div_ceil(*c))
        .collect();
    let mut table = Vec::new();
    let mut written = 0;
    for number in 0..grid.iter().product() {
        let place = unravel(number, &grid);
        if missing.contains(&place) {
            continue;
        }
        let mut plain = Vec::new();
        for cell in 0..chunk.iter().product() {
            let inside = unravel(cell, chunk);
            let at: Vec<usize> = (0..shape.len())
                .map(|d| place[d] * chunk[d] + inside[d])
                .collect();
            if at.iter().zip(&shape).all(|(a, n)| a < n) {
                let flat = at.iter().zip(&shape).fold(0, |all, (a, n)| all * n + a) * size;
                plain.extend_from_slice(&bytes[flat..flat + size]);
            } else {
                plain.extend_from_slice(&fill); // a ghost cell
            }
        }
        let own = container.reference();
        match packing {
            Some(packing) => container.add_packed(CHUNK, own, &plain, *packing, None),
            None => container.add(CHUNK, own, plain),
        }
        table.extend(place.iter().flat_map(|&p| length(p)));
        table.extend(pair(CHUNK, own));
        written += 1;
    }

    let rank = shape.len() as u16;
    let fields = [
        ("origin", 24, rank, 4 * rank),
        ("chk_tag", 23, 1, 2),
        ("chk_ref", 23, 1, 2),
    ];
    let linking = Linking {
        first_block_bytes: 16,
        ..Linking::default()
    };
    let linking = linked_table
        .then_some(&linking)
        .filter(|_| !table.is_empty());
    let name = format!("_HDF_CHK_TBL_{reference}");
    let table = container.add_vdata(&name, "_HDF_CHK_TBL_0", &fields, written, &table, linking);

    let mut rest = vec![0];
    rest.extend(length(if packing.is_some() { 3 } else { 0 }));
    rest.extend(length(shape.iter().product()));
    rest.extend(length(chunk.iter().product()));
    rest.extend(length(size));
    rest.extend(pair(VDATA_HEADER, table));
    rest.extend(pair(1, 0));
    rest.extend(length(shape.len()));
    for (n, c) in shape.iter().zip(chunk) {
        rest.extend([length(1), length(*n), length(*c)].concat());
    }
    rest.extend(length(fill.len()));
    rest.extend(&fill);
    if let Some(packing) = packing {
        let header = packing.header();
        rest.extend(3_u16.to_be_bytes());
        rest.extend(length(header.len()));
        rest.extend(header);
    }
    // The stated length ends before the compression header, as the library has it.
    let stated = if let Some(packing) = packing {
        rest.len() - 6 - packing.header().len()
    } else {
        rest.len()
    };
    let mut header = 5_u16.to_be_bytes().to_vec();
    header.extend(length(stated));
    header.extend(rest);
    container.add_special(SCIENTIFIC_DATA, reference, header);
}

fn add_attribute(
    container: &mut Container,
    name: &str,
    value: &Numbers,
    order: Order,
) -> (u16, u16) {
    let bytes = value.bytes(order);
    let little = if order == Order::Little && value.size_bytes() > 1 {
        0x4000
    } else {
        0
    };
    let code = u16::from(value.code()) | little;
    let count = value.len();
    // As the library: a text is one record of many characters, numbers are a record each.
    let text = matches!(value, Numbers::Char(_) | Numbers::UChar(_));
    let (records, numbers) = if text { (1, count) } else { (count, 1) };
    let field_bytes = (numbers * value.size_bytes()) as u16;
    let field = [("VALUES", code, numbers as u16, field_bytes)];
    let records = u32::try_from(records).expect("short attributes");
    (
        VDATA_HEADER,
        container.add_vdata(name, "Attr0.0", &field, records, &bytes, None),
    )
}

/// netCDF's default fill values, which the library puts in chunk headers.
fn default_fill(numbers: &Numbers, order: Order) -> Vec<u8> {
    let fill = match numbers {
        Numbers::I8(_) | Numbers::U8(_) => Numbers::U8(vec![0x81]),
        Numbers::I16(_) | Numbers::U16(_) => Numbers::U16(vec![0x8001]),
        Numbers::I32(_) | Numbers::U32(_) => Numbers::U32(vec![0x8000_0001]),
        Numbers::F32(_) => Numbers::F32(vec![9.969_21e36]),
        Numbers::F64(_) => Numbers::F64(vec![9.969_209_968_386_869e36]),
        Numbers::Char(_) | Numbers::UChar(_) => Numbers::U8(vec![0]),
    };
    fill.bytes(order)
}

fn pair(tag: u16, reference: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (tag.to_be_bytes(), reference.to_be_bytes());
    [a, b, c, d]
}

/// Row-major place of the number `flat` in a box of this shape.
fn unravel(mut flat: usize, shape: &[usize]) -> Vec<usize> {
    let mut place = vec![0; shape.len()];
    for (at, n) in place.iter_mut().zip(shape).rev() {
        *at = flat % n;
        flat /= n;
    }
    place
}
