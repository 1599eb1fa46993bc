//! Headers of special elements: linked blocks, compressed, chunked.
//!
//! Layouts: `hblocks.c`, `hcomp.c` and `hchunks.c` of the reference library.

use crate::cursor::{Cursor, text};
use crate::directory::{Descriptor, tag};
use crate::error::{Error, Result};
use crate::limits::{MAX_RANK, MAX_SPECIAL_HEADER};
use crate::source::Source;

/// How a stored piece was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coder {
    /// Not packed.
    None,
    /// HDF4's run-length code.
    RunLength,
    /// N-bit packing: listed, not read.
    NBit,
    /// Skipping Huffman: listed, not read.
    SkippingHuffman,
    /// A zlib stream.
    Deflate {
        /// The level it was packed with, as the writer noted it.
        level: u16,
    },
    /// SZIP: listed, not read.
    Szip,
    /// A code that is in no public version of the format.
    Other(u16),
}

impl Coder {
    /// The coder's usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::RunLength => "RLE",
            Self::NBit => "NBIT",
            Self::SkippingHuffman => "skipping Huffman",
            Self::Deflate { .. } => "deflate",
            Self::Szip => "SZIP",
            Self::Other(_) => "an unknown coder",
        }
    }

    /// Whether this crate reads it.
    pub fn is_supported(self) -> bool {
        matches!(self, Self::None | Self::RunLength | Self::Deflate { .. })
    }

    /// Reads the coder and its parameters, where they are there.
    fn parse(cursor: &mut Cursor<'_>) -> Result<Self> {
        Ok(match cursor.u16()? {
            0 => Self::None,
            1 => Self::RunLength,
            2 => Self::NBit,
            3 => Self::SkippingHuffman,
            4 => Self::Deflate {
                level: cursor.u16()?,
            },
            5 => Self::Szip,
            other => Self::Other(other),
        })
    }
}

/// Header of an element that lies in linked blocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linked {
    /// Bytes of the whole element.
    pub(crate) length: u64,
    /// Bytes of each block but the first.
    pub(crate) block_length: u32,
    pub(crate) blocks_per_table: u32,
    pub(crate) first_table: u16,
}

/// Header of a compressed element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compressed {
    /// Bytes after decoding.
    pub(crate) length: u64,
    /// Reference of the packed bytes (tag 40).
    pub(crate) payload: u16,
    pub(crate) coder: Coder,
}

/// Header of a chunked element.
#[derive(Debug, Clone)]
pub(crate) struct Chunked {
    pub(crate) chunk_shape: Vec<u32>,
    /// Bytes of one number.
    pub(crate) number_bytes: u32,
    /// Reference of the table that lists the chunks.
    pub(crate) table: u16,
    /// What a chunk that was never written holds, one number as stored.
    pub(crate) fill: Vec<u8>,
    pub(crate) coder: Coder,
}

/// Header of an element whose bytes lie in another file.
#[derive(Debug, Clone)]
pub(crate) struct External {
    /// Bytes of the element.
    pub(crate) length: u32,
    /// Where they begin in the other file.
    pub(crate) offset: u32,
    /// Name of the other file, as it was written.
    pub(crate) file: String,
}

/// A special element's header.
#[derive(Debug, Clone)]
pub(crate) enum Special {
    External(External),
    Linked(Linked),
    Compressed(Compressed),
    Chunked(Chunked),
}

/// Reads the header of the special element `dd`.
pub(crate) fn read(source: &Source, dd: &Descriptor) -> Result<Special> {
    read_header(source, dd).map_err(|e| dd.locate(e))
}

/// Bytes that the headers of linked and of compressed elements fit into.
pub(crate) const SHORT_HEADER_BYTES: u64 = 32;

/// The header of a compressed element, or `None` if that of another.
pub(crate) fn read_compressed(head: &[u8]) -> Result<Option<Compressed>> {
    let mut cursor = Cursor::new("the header of a special element", head);
    match cursor.u16()? {
        3 => compressed(&mut cursor).map(Some),
        _ => Ok(None),
    }
}

fn read_header(source: &Source, dd: &Descriptor) -> Result<Special> {
    let what = "the header of a special element";
    let Some((offset, length)) = dd.extent() else {
        return Err(Error::damaged(what, "a header", "none"));
    };
    source.check(what, offset, length)?;
    // Chunked and external ones are read again in full.
    let mut head = [0; SHORT_HEADER_BYTES as usize];
    let head = &mut head[..length.min(SHORT_HEADER_BYTES) as usize];
    source.read_into(what, offset, head)?;
    let mut cursor = Cursor::new(what, head);
    let supported = "linked blocks, compressed and chunked elements";
    match cursor.u16()? {
        1 => linked(&mut cursor).map(Special::Linked),
        3 => compressed(&mut cursor).map(Special::Compressed),
        5 => {
            let mut all = vec![0; length.min(MAX_SPECIAL_HEADER) as usize];
            source.read_into(what, offset, &mut all)?;
            chunked(&all).map(Special::Chunked)
        }
        2 => {
            let mut all = vec![0; length.min(MAX_SPECIAL_HEADER) as usize];
            source.read_into(what, offset, &mut all)?;
            external(&all).map(Special::External)
        }
        4 => Err(Error::unsupported(
            "an element in variable linked blocks",
            supported,
        )),
        6 => Err(Error::unsupported("a buffered element", supported)),
        7 => Err(Error::unsupported("a compressed raster element", supported)),
        other => Err(Error::damaged(
            what,
            "a special code from 1 to 7",
            format!("the code {other}"),
        )),
    }
}

fn external(head: &[u8]) -> Result<External> {
    let mut cursor = Cursor::new("the header of an external element", head);
    cursor.u16()?;
    let length = cursor.length("element length")?;
    let offset = cursor.length("offset")?;
    let name = cursor.length("length of a file name")?;
    Ok(External {
        length,
        offset,
        file: text(cursor.take(name as usize)?),
    })
}

fn linked(cursor: &mut Cursor<'_>) -> Result<Linked> {
    let linked = Linked {
        length: u64::from(cursor.length("element length")?),
        block_length: cursor.length("block length")?,
        blocks_per_table: cursor.length("number of blocks per table")?,
        first_table: cursor.u16()?,
    };
    if linked.blocks_per_table == 0 && linked.length > 0 {
        return Err(Error::damaged(
            "a linked element",
            "at least 1 block per table",
            0,
        ));
    }
    Ok(linked)
}

fn compressed(cursor: &mut Cursor<'_>) -> Result<Compressed> {
    let what = "a compressed element";
    let version = cursor.u16()?;
    if version != 0 {
        return Err(Error::damaged(what, "header version 0", version));
    }
    let length = u64::from(cursor.length("length")?);
    let payload = cursor.u16()?;
    let model = cursor.u16()?;
    if model != 0 {
        return Err(Error::unsupported(
            format!("compression model {model}"),
            "model 0 (standard)",
        ));
    }
    Ok(Compressed {
        length,
        payload,
        coder: Coder::parse(cursor)?,
    })
}

fn chunked(header: &[u8]) -> Result<Chunked> {
    let what = "the header of a chunked element";
    let mut cursor = Cursor::new(what, header);
    cursor.u16()?;
    cursor.u32()?; // bytes of this header
    let version = cursor.u8()?;
    if version != 0 {
        return Err(Error::damaged(what, "header version 0", version));
    }
    let packed = cursor.u32()? & 0xff == 3;
    cursor.u32()?; // numbers in all; the dimensions below say it again
    cursor.u32()?; // numbers in a chunk, likewise
    let number_bytes = cursor.length("bytes per number")?;
    let table_tag = cursor.u16()?;
    if table_tag != tag::VDATA_HEADER {
        let expected = format!("a chunk table with tag {}", tag::VDATA_HEADER);
        return Err(Error::damaged(what, expected, format!("tag {table_tag}")));
    }
    let table = cursor.u16()?;
    cursor.u32()?; // tag and reference of a special header that is never used
    let rank = cursor.length("number of dimensions")? as usize;
    if rank == 0 || rank > MAX_RANK {
        return Err(Error::damaged(
            what,
            format!("1 to {MAX_RANK} dimensions"),
            rank,
        ));
    }
    let mut chunk_shape = Vec::with_capacity(rank);
    for _ in 0..rank {
        cursor.u32()?; // how the dimension is distributed: always regular
        cursor.length("dimension length")?; // the dimension record says it again
        let chunk = cursor.length("chunk length")?;
        if chunk == 0 {
            return Err(Error::damaged(what, "chunk lengths above 0", 0));
        }
        chunk_shape.push(chunk);
    }
    let fill_bytes = cursor.length("bytes of the fill value")?;
    if fill_bytes != number_bytes {
        let expected = format!("a fill value of {number_bytes} bytes");
        return Err(Error::damaged(
            what,
            expected,
            format!("{fill_bytes} bytes"),
        ));
    }
    let fill = cursor.take(fill_bytes as usize)?.to_vec();
    let coder = if packed {
        cursor.u16()?; // code 3, compressed
        cursor.u32()?; // bytes that follow
        cursor.u16()?; // model
        Coder::parse(&mut cursor)?
    } else {
        Coder::None
    };
    Ok(Chunked {
        chunk_shape,
        number_bytes,
        table,
        fill,
        coder,
    })
}
