//! Packed bytes into plain bytes.

use std::fmt;

use crate::ahead::{Ahead, MOST_BYTES};
use crate::directory::{Descriptor, Directory, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::extents::Extents;
use crate::inflate::processor::Processor;
use crate::inflate::{InflateError, Inflater};
use crate::limits::{DEFLATE_MAX_RATIO, RLE_MAX_RATIO};
use crate::parts::Parts;
use crate::source::Source;
use crate::special::{self, Coder};

/// Working memory for reading: the inflater and two buffers. One per thread; reading with the
/// same one again allocates nothing.
pub struct Scratch {
    pub(crate) unpacker: Unpacker,
    /// Plain bytes of the last chunk or compressed SDS, as stored.
    pub(crate) decoded: Vec<u8>,
    /// Which one that is: file, SDS, place in the grid of chunks.
    pub(crate) holds: Option<(u64, usize, u64)>,
}

impl Scratch {
    /// Empty working memory; it grows to one chunk, or to one SDS where that is packed whole.
    pub fn new() -> Self {
        let unpacker = Unpacker {
            inflater: Inflater::new(),
            processor: Processor::detect(),
            ahead: Ahead::default(),
            packed: Vec::new(),
            extents: Extents::default(),
        };
        Self {
            unpacker,
            decoded: Vec::new(),
            holds: None,
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch")
            .field("packed_bytes", &self.unpacker.packed.capacity())
            .field("decoded_bytes", &self.decoded.capacity())
            .finish()
    }
}

/// What unpacks the bytes of one element.
pub(crate) struct Unpacker {
    inflater: Inflater,
    pub(crate) processor: Processor,
    ahead: Ahead,
    packed: Vec<u8>,
    pub(crate) extents: Extents,
}

/// An element whose header has been read.
pub(crate) struct Opened {
    pub(crate) coder: Coder,
    /// Bytes after unpacking, as the header says.
    pub(crate) length: u64,
    /// Bytes in the file.
    pub(crate) stored: u64,
}

impl Unpacker {
    /// Reads the headers of `dd` and finds its bytes (left in `self.extents`).
    pub(crate) fn open(
        &mut self,
        source: &Source,
        directory: &Directory,
        dd: &Descriptor,
    ) -> Result<Opened> {
        if dd.special
            && let Some((offset, length)) = dd.extent()
            && let what = "the header of a special element"
            && let Some(header) = source
                .check(what, offset, length)
                .and_then(|()| {
                    let length = length.min(special::SHORT_HEADER_BYTES) as usize;
                    special::read_compressed(self.ahead.read(source, what, offset, length)?)
                })
                .map_err(|e| dd.locate(e))?
        {
            let payload = directory
                .expect("a packed element", tag::COMPRESSED, header.payload)
                .map_err(|e| dd.locate(e))?;
            self.extents.locate(source, directory, payload, None)?;
            let (length, coder) = (header.length, header.coder);
            return Ok(Opened {
                coder,
                length,
                stored: self.extents.stored_length(),
            });
        }
        self.extents.locate(source, directory, dd, None)?;
        let length = self.extents.length();
        Ok(Opened {
            coder: Coder::None,
            length,
            stored: self.extents.stored_length(),
        })
    }

    /// Unpacks the opened element into `out`, which must be as long as it is after unpacking, and
    /// has `settle` turn the stored numbers into those of this machine, piece by piece.
    pub(crate) fn unpack(
        &mut self,
        source: &Source,
        opened: &Opened,
        out: &mut [u8],
        mut settle: impl FnMut(&mut [u8]),
    ) -> Result<()> {
        match opened.coder {
            Coder::None => {
                self.extents.read_into(source, "a chunk", 0, out)?;
                settle(out);
                Ok(())
            }
            Coder::Deflate { .. } => {
                let what = "a deflate stream";
                let (extents, ahead) = (&self.extents, &mut self.ahead);
                let result = if let Some(mut packed) = at_once(extents, source, what, ahead)? {
                    self.inflater.zlib_from(&mut packed, out, settle)
                } else {
                    let mut parts = Parts::new(extents, source, what, &mut self.packed)?;
                    let result = self.inflater.zlib_from(&mut parts, out, settle);
                    match parts.error() {
                        Some(error) => return Err(error),
                        None => result,
                    }
                };
                let found = match result {
                    Ok(length) if length == out.len() => return Ok(()),
                    Ok(length) => format!("{length} bytes"),
                    Err(InflateError::TooLong) => "more".to_string(),
                    Err(reason) => format!("bytes that do not inflate: {reason}"),
                };
                let expected = format!("{} bytes after inflating", out.len());
                Err(Error::damaged(what, expected, found))
            }
            Coder::RunLength => {
                let what = "a run-length code";
                let packed = packed(
                    &self.extents,
                    source,
                    what,
                    &mut self.ahead,
                    &mut self.packed,
                )?;
                expand_runs(packed, out)?;
                settle(out);
                Ok(())
            }
            other => Err(Error::unsupported(
                format!("the coder {}", other.name()),
                CODERS,
            )),
        }
    }
}

impl Opened {
    /// Errs if the stored bytes cannot hold what the header promises, before it is allocated.
    pub(crate) fn check_ratio(&self, file_length: u64) -> Result<()> {
        let ratio = match self.coder {
            Coder::None => 1,
            Coder::Deflate { .. } => DEFLATE_MAX_RATIO,
            Coder::RunLength => RLE_MAX_RATIO,
            other => {
                return Err(Error::unsupported(
                    format!("the coder {}", other.name()),
                    CODERS,
                ));
            }
        };
        let limit = self.stored.min(file_length).saturating_mul(ratio);
        if self.length > limit {
            return Err(Error::new(ErrorKind::TooLarge {
                what: "unpacking an element",
                bytes: self.length,
                limit,
                advice: "its packed bytes cannot hold that many, so the file is damaged",
            }));
        }
        Ok(())
    }
}

/// The packed bytes, all together.
fn packed<'a>(
    extents: &Extents,
    source: &'a Source,
    what: &'static str,
    ahead: &'a mut Ahead,
    buffer: &'a mut Vec<u8>,
) -> Result<&'a [u8]> {
    if let Some(bytes) = at_once(extents, source, what, ahead)? {
        return Ok(bytes);
    }
    extents.read_all(source, what, buffer)?;
    Ok(buffer)
}

/// The packed bytes if they are one piece: in place where the file is in memory, and with those of
/// the chunks that follow where they are few.
fn at_once<'a>(
    extents: &Extents,
    source: &'a Source,
    what: &'static str,
    ahead: &'a mut Ahead,
) -> Result<Option<&'a [u8]>> {
    let (Some(offset), Ok(length)) = (extents.contiguous(), usize::try_from(extents.length()))
    else {
        return Ok(None);
    };
    if let Some(bytes) = source.borrow(offset, length) {
        return Ok(Some(bytes));
    }
    if length > MOST_BYTES {
        return Ok(None);
    }
    ahead.read(source, what, offset, length).map(Some)
}

/// HDF4's run-length code (`crle.c` of the reference library): a byte `c` above 127 stands for
/// `c - 128 + 3` copies of the byte after it, any other for the `c + 1` bytes after it.
fn expand_runs(packed: &[u8], out: &mut [u8]) -> Result<()> {
    let what = "a run-length code";
    let total = out.len();
    let mut rest = out;
    let mut input = packed;
    while !rest.is_empty() {
        let short = |left: usize| {
            let found = format!("the end of the code after {} bytes", total - left);
            Error::damaged(what, format!("{total} bytes"), found)
        };
        let left = rest.len();
        let (&control, after) = input.split_first().ok_or_else(|| short(left))?;
        let count = usize::from(control & 0x7f);
        if control & 0x80 != 0 {
            let (&value, after) = after.split_first().ok_or_else(|| short(left))?;
            let (now, later) = rest.split_at_mut((count + 3).min(left));
            now.fill(value);
            (rest, input) = (later, after);
        } else {
            let length = (count + 1).min(left);
            let bytes = after.get(..length).ok_or_else(|| short(left))?;
            let (now, later) = rest.split_at_mut(length);
            now.copy_from_slice(bytes);
            (rest, input) = (later, &after[length..]);
        }
    }
    Ok(())
}

const CODERS: &str = "deflate, RLE and unpacked data";
