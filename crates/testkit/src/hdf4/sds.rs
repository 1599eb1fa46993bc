//! One array to be written, and how it shall lie in the file.

use super::numbers::{Numbers, Order};

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// A header that says "compressed, coder none".
    None,
    /// A zlib stream of this level (1 to 9).
    Deflate(u8),
    /// HDF4's run-length code.
    RunLength,
    /// A header with this coder's number before bytes that no reader here unpacks
    /// (2 NBIT, 3 skipping Huffman, 5 SZIP).
    Unreadable(u16),
}

impl Packing {
    /// Model and coder as they stand in a header.
    pub(super) fn header(self) -> Vec<u8> {
        let numbers: &[u16] = match self {
            Self::None => &[0, 0],
            Self::RunLength => &[0, 1],
            Self::Deflate(level) => &[0, 4, u16::from(level)],
            Self::Unreadable(coder) => &[0, coder],
        };
        numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
    }

    pub(super) fn pack(self, plain: &[u8]) -> Vec<u8> {
        match self {
            Self::None | Self::Unreadable(_) => plain.to_vec(),
            Self::RunLength => pack_runs(plain),
            Self::Deflate(level) => {
                let level =
                    libdeflater::CompressionLvl::new(i32::from(level)).expect("level 1..=9");
                let mut compressor = libdeflater::Compressor::new(level);
                let mut out = vec![0; compressor.zlib_compress_bound(plain.len())];
                let used = compressor
                    .zlib_compress(plain, &mut out)
                    .expect("room by the bound");
                out.truncate(used);
                out
            }
        }
    }
}

/// Runs of 3 to 130 equal bytes as `0x80 + n - 3` and the byte; 1 to 128 others as `n - 1` and
/// the bytes (`crle.c` of the library).
fn pack_runs(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut others: Vec<u8> = Vec::new();
    let flush = |others: &mut Vec<u8>, out: &mut Vec<u8>| {
        for part in others.chunks(128) {
            out.push(part.len() as u8 - 1);
            out.extend_from_slice(part);
        }
        others.clear();
    };
    let mut rest = plain;
    while let Some(&first) = rest.first() {
        let run = rest.iter().take(130).take_while(|&&b| b == first).count();
        if run >= 3 {
            flush(&mut others, &mut out);
            out.extend([0x80 + (run as u8 - 3), first]);
        } else {
            others.extend(&rest[..run]);
        }
        rest = &rest[run..];
    }
    flush(&mut others, &mut out);
    out
}

/// How linked blocks are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linking {
    /// Bytes of the first block, which may be larger than the others.
    pub first_block_bytes: usize,
    /// Bytes of every further block.
    pub block_bytes: usize,
    /// Blocks that one table lists.
    pub blocks_per_table: usize,
}

impl Default for Linking {
    /// What the library does when a piece outgrows its place: blocks of 4096, tables of 16.
    fn default() -> Self {
        Self {
            first_block_bytes: 6000,
            block_bytes: 4096,
            blocks_per_table: 16,
        }
    }
}

/// How an array lies in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Layout {
    /// Nothing is written; the numbers are dropped.
    Empty,
    /// One run of plain numbers.
    #[default]
    Contiguous,
    /// Plain numbers in linked blocks.
    Linked(Linking),
    /// One packed stream, in linked blocks if given.
    Packed(Packing, Option<Linking>),
    /// Chunks of this shape, each packed on its own (plain chunks for `None`); those at `missing`
    /// places of the grid of chunks are left out.
    Chunked {
        /// Numbers along each dimension.
        shape: Vec<usize>,
        /// How each chunk is packed; `None` for plain chunks.
        packing: Option<Packing>,
        /// Places of chunks that are not written.
        missing: Vec<Vec<usize>>,
        /// Whether the table of chunks lies in linked blocks, as in files of the library.
        linked_table: bool,
    },
}

/// An array to be written.
#[derive(Debug, Clone)]
pub struct Sds {
    pub(super) name: String,
    pub(super) dimensions: Vec<(String, usize)>,
    pub(super) unlimited: bool,
    pub(super) numbers: Numbers,
    pub(super) order: Order,
    pub(super) layout: Layout,
    pub(super) chunk_fill: Option<Numbers>,
    pub(super) attributes: Vec<(String, Numbers)>,
}

impl Sds {
    /// A contiguous big-endian array. Dimensions are called `fakeDim0`, ... per array.
    ///
    /// # Panics
    /// If `shape` does not hold as many numbers as there are.
    pub fn new(name: &str, shape: &[usize], numbers: impl Into<Numbers>) -> Self {
        let numbers = numbers.into();
        assert_eq!(
            shape.iter().product::<usize>(),
            numbers.len(),
            "shape of {name}"
        );
        let dimension = |(i, &n): (usize, &usize)| (format!("{name}_dim{i}"), n);
        Self {
            name: name.to_string(),
            dimensions: shape.iter().enumerate().map(dimension).collect(),
            unlimited: false,
            numbers,
            order: Order::Big,
            layout: Layout::Contiguous,
            chunk_fill: None,
            attributes: Vec::new(),
        }
    }

    /// Sets the layout.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets the byte order.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Names the dimensions, slowest first.
    #[must_use]
    pub fn dimension_names(mut self, names: &[&str]) -> Self {
        for (dimension, name) in self.dimensions.iter_mut().zip(names) {
            dimension.0 = (*name).to_string();
        }
        self
    }

    /// Lets the first dimension grow, as far as the directory says.
    #[must_use]
    pub fn unlimited(mut self) -> Self {
        self.unlimited = true;
        self
    }

    /// The number that chunk headers name as fill; the library's default is netCDF's.
    #[must_use]
    pub fn chunk_fill(mut self, fill: impl Into<Numbers>) -> Self {
        self.chunk_fill = Some(fill.into());
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<Numbers>) -> Self {
        self.attributes.push((name.to_string(), value.into()));
        self
    }
}
