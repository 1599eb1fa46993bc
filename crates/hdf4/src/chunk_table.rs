//! Which chunks of an SDS are in the file.

use crate::directory::tag;
use crate::error::{Error, Result};
use crate::vset::{Reader, VdataHeader};

/// References of the stored chunks, by their place in the grid of chunks.
#[derive(Debug)]
pub(crate) struct ChunkTable {
    /// Row-major place in the grid, and reference (tag 61); sorted by place.
    chunks: Vec<(u64, u16)>,
}

impl ChunkTable {
    /// Reads the table: a Vdata whose records are the chunk's place, its tag and reference.
    ///
    /// `shape` and `chunk_shape` are those of the SDS. The places count chunks, not numbers.
    pub(crate) fn read(
        reader: &Reader<'_>,
        reference: u16,
        shape: &[usize],
        chunk_shape: &[usize],
    ) -> Result<Self> {
        let what = "a chunk table";
        let dd = reader
            .directory
            .expect(what, tag::VDATA_HEADER, reference)?;
        let header = VdataHeader::read(reader, dd)?;
        Self::parse(reader, &header, shape, chunk_shape).map_err(|e| dd.locate(e))
    }

    fn parse(
        reader: &Reader<'_>,
        header: &VdataHeader,
        shape: &[usize],
        chunk_shape: &[usize],
    ) -> Result<Self> {
        let what = "a chunk table";
        let place_bytes = 4 * shape.len();
        let [place, chunk_tag, chunk_reference] = header.fields.as_slice() else {
            let found = format!("{} fields", header.fields.len());
            return Err(Error::damaged(
                what,
                "3 fields (place, tag, reference)",
                found,
            ));
        };
        if !header.by_record
            || (place.bytes, chunk_tag.bytes, chunk_reference.bytes) != (place_bytes, 2, 2)
        {
            let expected = format!("records with fields of {place_bytes}, 2 and 2 bytes");
            let found = format!(
                "fields of {}, {} and {} bytes",
                place.bytes, chunk_tag.bytes, chunk_reference.bytes
            );
            return Err(Error::damaged(what, expected, found));
        }
        let bytes = header.read_records(reader)?;
        let mut chunks = Vec::with_capacity(header.records);
        // A field lies inside its record: `VdataHeader::read` checked it.
        let be16 = |record: &[u8], at: usize| u16::from_be_bytes([record[at], record[at + 1]]);
        for record in bytes.chunks_exact(header.record_bytes.max(1)) {
            if be16(record, chunk_tag.offset) != tag::CHUNK {
                let found = format!("tag {}", be16(record, chunk_tag.offset));
                return Err(Error::damaged(
                    what,
                    format!("chunks with tag {}", tag::CHUNK),
                    found,
                ));
            }
            let (coordinates, _) = record[place.offset..place.offset + place.bytes].as_chunks();
            let mut index = 0_u64;
            for ((coordinate, &n), &c) in coordinates.iter().zip(shape).zip(chunk_shape) {
                let coordinate = u64::from(u32::from_be_bytes(*coordinate));
                let along = n.div_ceil(c) as u64;
                if coordinate >= along {
                    let expected = format!("places below {along} along this dimension");
                    return Err(Error::damaged(what, expected, coordinate));
                }
                // No overflow: the catalogue checked that all cells can be counted.
                index = index * along + coordinate;
            }
            chunks.push((index, be16(record, chunk_reference.offset)));
        }
        chunks.sort_unstable();
        if let Some(pair) = chunks.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let found = format!("chunk {} twice", pair[0].0);
            return Err(Error::damaged(what, "each chunk once", found));
        }
        Ok(Self { chunks })
    }

    /// The reference of the chunk at this row-major place, or `None` if it was never written.
    pub(crate) fn reference(&self, index: u64) -> Option<u16> {
        let at = self.chunks.partition_point(|&(i, _)| i < index);
        let &(found, reference) = self.chunks.get(at)?;
        (found == index).then_some(reference)
    }

    /// Row-major places and references of all stored chunks, by place.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (u64, u16)> {
        self.chunks.iter().copied()
    }

    /// Number of stored chunks.
    pub(crate) fn len(&self) -> usize {
        self.chunks.len()
    }
}
