//! Tagged pieces and the directory that lists them.

use super::sds::{Linking, Packing};

pub(super) const LINKED: u16 = 20;
pub(super) const COMPRESSED: u16 = 40;
pub(super) const VDATA_HEADER: u16 = 1962;
pub(super) const VDATA: u16 = 1963;
pub(super) const VGROUP: u16 = 1965;
const SPECIAL: u16 = 0x4000;
const NULL: u16 = 1;

/// A file under construction.
#[derive(Default)]
pub(super) struct Container {
    pieces: Vec<Piece>,
    last_reference: u16,
    last_block: u16,
}

struct Piece {
    tag: u16,
    reference: u16,
    bytes: Option<Vec<u8>>,
}

impl Container {
    /// A reference number that no other piece has (linked blocks have their own).
    pub(super) fn reference(&mut self) -> u16 {
        self.last_reference = self
            .last_reference
            .checked_add(1)
            .expect("under 65536 pieces");
        self.last_reference
    }

    fn block(&mut self) -> u16 {
        self.last_block = self
            .last_block
            .checked_add(1)
            .expect("under 65536 linked blocks");
        self.last_block
    }

    pub(super) fn add(&mut self, tag: u16, reference: u16, bytes: Vec<u8>) {
        self.pieces.push(Piece {
            tag,
            reference,
            bytes: Some(bytes),
        });
    }

    pub(super) fn add_special(&mut self, tag: u16, reference: u16, header: Vec<u8>) {
        self.add(tag | SPECIAL, reference, header);
    }

    /// A piece that is listed but was never written.
    pub(super) fn add_empty(&mut self, tag: u16, reference: u16) {
        self.pieces.push(Piece {
            tag,
            reference,
            bytes: None,
        });
    }

    /// A piece whose bytes lie in linked blocks.
    pub(super) fn add_linked(&mut self, tag: u16, reference: u16, bytes: &[u8], linking: &Linking) {
        let (first, rest) = bytes.split_at(linking.first_block_bytes.min(bytes.len()));
        let mut blocks = vec![first];
        blocks.extend(rest.chunks(linking.block_bytes));
        let mut references = Vec::new();
        for (i, block) in blocks.iter().enumerate() {
            let mut block = block.to_vec();
            if i > 0 {
                block.resize(linking.block_bytes, 0xee); // room that is not used yet
            }
            let number = self.block();
            self.add(LINKED, number, block);
            references.push(number);
        }
        let tables: Vec<&[u16]> = references.chunks(linking.blocks_per_table).collect();
        let numbers: Vec<u16> = tables.iter().map(|_| self.block()).collect();
        for (i, table) in tables.iter().enumerate() {
            let mut bytes = numbers
                .get(i + 1)
                .copied()
                .unwrap_or(0)
                .to_be_bytes()
                .to_vec();
            for slot in 0..linking.blocks_per_table {
                bytes.extend(table.get(slot).copied().unwrap_or(0).to_be_bytes());
            }
            self.add(LINKED, numbers[i], bytes);
        }
        let mut header = 1_u16.to_be_bytes().to_vec();
        header.extend(length(bytes.len()));
        header.extend(length(linking.block_bytes));
        header.extend(length(linking.blocks_per_table));
        header.extend(numbers[0].to_be_bytes());
        self.add_special(tag, reference, header);
    }

    /// A packed piece; its packed bytes lie in linked blocks if `linking` says so.
    pub(super) fn add_packed(
        &mut self,
        tag: u16,
        reference: u16,
        plain: &[u8],
        packing: Packing,
        linking: Option<&Linking>,
    ) {
        let payload = self.reference();
        let packed = packing.pack(plain);
        match linking {
            Some(linking) => self.add_linked(COMPRESSED, payload, &packed, linking),
            None => self.add(COMPRESSED, payload, packed),
        }
        let mut header = [3_u16, 0]
            .iter()
            .flat_map(|n| n.to_be_bytes())
            .collect::<Vec<u8>>();
        header.extend(length(plain.len()));
        header.extend(payload.to_be_bytes());
        header.extend(packing.header());
        self.add_special(tag, reference, header);
    }

    pub(super) fn add_vgroup(&mut self, name: &str, class: &str, members: &[(u16, u16)]) -> u16 {
        let reference = self.reference();
        let count = u16::try_from(members.len()).expect("under 65536 members");
        let mut bytes = count.to_be_bytes().to_vec();
        bytes.extend(members.iter().flat_map(|(tag, _)| tag.to_be_bytes()));
        bytes.extend(
            members
                .iter()
                .flat_map(|(_, reference)| reference.to_be_bytes()),
        );
        bytes.extend(text(name));
        bytes.extend(text(class));
        // No extension, version 3, and the byte the library adds.
        bytes.extend([0, 0, 0, 0, 0, 3, 0, 0, 0]);
        self.add(VGROUP, reference, bytes);
        reference
    }

    /// A table of `records`, each of the given fields (name, type, numbers, bytes of them all).
    pub(super) fn add_vdata(
        &mut self,
        name: &str,
        class: &str,
        fields: &[(&str, u16, u16, u16)],
        records: u32,
        bytes: &[u8],
        linking: Option<&Linking>,
    ) -> u16 {
        let reference = self.reference();
        let record_bytes: u16 = fields.iter().map(|f| f.3).sum();
        let mut header = 0_u16.to_be_bytes().to_vec();
        header.extend(records.to_be_bytes());
        header.extend(record_bytes.to_be_bytes());
        header.extend((fields.len() as u16).to_be_bytes());
        header.extend(fields.iter().flat_map(|f| f.1.to_be_bytes()));
        header.extend(fields.iter().flat_map(|f| f.3.to_be_bytes()));
        let mut offset = 0_u16;
        for field in fields {
            header.extend(offset.to_be_bytes());
            offset += field.3;
        }
        header.extend(fields.iter().flat_map(|f| f.2.to_be_bytes()));
        header.extend(fields.iter().flat_map(|f| text(f.0)));
        header.extend(text(name));
        header.extend(text(class));
        header.extend([0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0]);
        match linking {
            Some(linking) => self.add_linked(VDATA, reference, bytes, linking),
            None if bytes.is_empty() => self.add_empty(VDATA, reference),
            None => self.add(VDATA, reference, bytes.to_vec()),
        }
        self.add(VDATA_HEADER, reference, header);
        reference
    }

    /// The whole file, with this many descriptors in each block of the directory.
    pub(super) fn finish(self, descriptors_per_block: usize) -> Vec<u8> {
        let blocks: Vec<&[Piece]> = self.pieces.chunks(descriptors_per_block).collect();
        let block_bytes = 6 + 12 * descriptors_per_block;
        let mut at = 4 + block_bytes * blocks.len();
        let mut out = vec![0x0e, 0x03, 0x13, 0x01];
        let mut data = Vec::new();
        for (i, block) in blocks.iter().enumerate() {
            let last = i + 1 == blocks.len();
            let next = if last { 0 } else { 4 + block_bytes * (i + 1) };
            out.extend((descriptors_per_block as u16).to_be_bytes());
            out.extend(length(next));
            for slot in 0..descriptors_per_block {
                let piece = block.get(slot);
                let (tag, reference) = piece.map_or((NULL, 0), |p| (p.tag, p.reference));
                out.extend(tag.to_be_bytes());
                out.extend(reference.to_be_bytes());
                match piece.and_then(|p| p.bytes.as_ref()) {
                    Some(bytes) => {
                        out.extend(length(at));
                        out.extend(length(bytes.len()));
                        at += bytes.len();
                        data.extend_from_slice(bytes);
                    }
                    None => out.extend([0xff; 8]),
                }
            }
        }
        out.extend(data);
        out
    }
}

/// A text with its length before it.
fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("names under 65536 bytes");
    [&length.to_be_bytes()[..], text.as_bytes()].concat()
}

/// A length or offset as 32 bits.
pub(super) fn length(length: usize) -> [u8; 4] {
    u32::try_from(length)
        .expect("test files under 4 GiB")
        .to_be_bytes()
}
