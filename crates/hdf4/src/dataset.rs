//! What is known about an SDS before any of its numbers is read.

use std::sync::OnceLock;

use crate::attribute::Attribute;
use crate::chunk_table::ChunkTable;
use crate::directory::Descriptor;
use crate::number::{ByteOrder, NumberType};
use crate::special::Coder;

/// One dimension of an SDS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Its name, for example `YDim:MOD_Grid_MOD17A3H`; empty if the file gives none.
    pub name: String,
    /// Its length.
    pub length: usize,
    /// Whether the writer may still append along it.
    pub unlimited: bool,
}

/// How the numbers of an SDS lie in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// No number was ever written.
    Empty,
    /// One run of plain numbers.
    Contiguous,
    /// Plain numbers in several blocks.
    LinkedBlocks,
    /// Plain numbers in another file, which lies beside this one.
    External {
        /// Its name.
        file: String,
        /// Where the numbers begin in it.
        offset_bytes: u32,
        /// Bytes of the numbers.
        length_bytes: u32,
    },
    /// All numbers in one packed stream.
    Compressed {
        /// How it is packed.
        coder: Coder,
    },
    /// Boxes of equal shape, each on its own; the last ones reach beyond the shape.
    Chunked {
        /// Numbers along each dimension of one chunk.
        chunk_shape: Vec<usize>,
        /// How the chunks are packed.
        coder: Coder,
    },
}

/// A scientific data set: an array of numbers with a name, dimensions and attributes.
#[derive(Debug)]
pub struct Dataset {
    pub(crate) file_id: u64,
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) number_type: NumberType,
    pub(crate) byte_order: ByteOrder,
    pub(crate) shape: Vec<usize>,
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) layout: Layout,
    /// The numbers, or the header that leads to them.
    pub(crate) data: Option<Descriptor>,
    /// One number as stored, for cells that were never written.
    pub(crate) fill: Vec<u8>,
    /// Reference of the chunk table, 0 if there is none.
    pub(crate) table_reference: u16,
    pub(crate) table: OnceLock<ChunkTable>,
}

/// A natural piece of unpacked numbers has about this many bytes.
const BAND_BYTES: usize = 1 << 20;

impl Dataset {
    /// The name, exactly as stored (it may contain spaces).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of the stored numbers.
    pub fn number_type(&self) -> NumberType {
        self.number_type
    }

    /// The byte order of the stored numbers. Reading swaps where needed.
    pub fn byte_order(&self) -> ByteOrder {
        self.byte_order
    }

    /// Length along each dimension, slowest first (row-major).
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The dimensions with their names, slowest first.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// All attributes, in the order of the file.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The first attribute with exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// How the numbers lie in the file.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Number of values.
    pub fn cells(&self) -> u64 {
        self.shape.iter().map(|&n| n as u64).product()
    }

    /// The box of values that costs least to read at once: what is unpacked together.
    ///
    /// The chunk of a chunked SDS; the whole of a compressed one; bands of whole rows of about
    /// 1 MiB where the numbers are not packed, where any other window is as cheap.
    pub fn natural_chunk_shape(&self) -> Vec<usize> {
        match &self.layout {
            Layout::Chunked { chunk_shape, .. } => chunk_shape.clone(),
            Layout::Compressed { .. } => self.shape.clone(),
            Layout::Empty | Layout::Contiguous | Layout::LinkedBlocks | Layout::External { .. } => {
                let mut shape = self.shape.clone();
                if let Some((rows, rest)) = shape.split_first_mut() {
                    let row_bytes = rest.iter().fold(self.number_type.size_bytes(), |all, &n| {
                        all.saturating_mul(n)
                    });
                    let band = BAND_BYTES / row_bytes.max(1);
                    *rows = (*rows).min(band.max(1));
                }
                shape
            }
        }
    }

    /// How many natural chunks lie along each dimension.
    pub fn chunk_grid(&self) -> Vec<usize> {
        let chunk = self.natural_chunk_shape();
        self.shape
            .iter()
            .zip(&chunk)
            .map(|(&n, &c)| n.div_ceil(c.max(1)))
            .collect()
    }
}
