//! Reading numbers: whole SDS, windows, chunks.

use crate::chunks::{check_buffer, stored_fill};
use crate::dataset::{Dataset, Layout};
use crate::decode::Scratch;
use crate::directory::Descriptor;
use crate::error::{Error, ErrorKind, Result};
use crate::file::Hdf4File;
use crate::limits::{DEFLATE_MAX_RATIO, MAX_RANK, SPARSE_ALLOWANCE_BYTES};
use crate::number::{Bits, ByteOrder, Element};
use crate::source::Source;
use crate::window::{Transfer, Window, index};

/// What a read met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// Chunks that were touched (1 for an SDS without chunks).
    pub chunks: u64,
    /// How many of them were never written to the file. Their cells hold a fill value, which
    /// may look like data: in a `u16` SDS the usual one is 32769.
    pub missing_chunks: u64,
    /// Cells of the output that lie in those.
    pub missing_cells: u64,
}

impl Hdf4File {
    /// Reads a whole SDS into `out`, row-major.
    ///
    /// # Errors
    /// If `T` is not the stored type, `out` has not [`Dataset::cells`] values, or the file is
    /// damaged.
    pub fn read_into<T: Element>(
        &self,
        ds: &Dataset,
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Result<ReadReport> {
        let start = [0; MAX_RANK];
        let start = start.get(..ds.shape.len()).unwrap_or_default();
        self.read_window_into(ds, start, &ds.shape, out, scratch)
    }

    /// Reads `count` values along each dimension from `start` on into `out`, row-major.
    ///
    /// Cells that were never written get the fill value of the file's header and are counted
    /// in the report.
    ///
    /// # Errors
    /// As [`Hdf4File::read_into`]; also if the window does not lie inside the SDS.
    pub fn read_window_into<T: Element>(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Result<ReadReport> {
        self.window(ds, start, count, None, out, scratch)
            .map_err(|e| self.locate(e, ds))
    }

    /// As [`Hdf4File::read_window_into`], but cells that were never written get `fill`.
    ///
    /// # Errors
    /// As [`Hdf4File::read_window_into`].
    pub fn read_window_with_fill_into<T: Element>(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
        fill: T,
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Result<ReadReport> {
        self.window(ds, start, count, Some(fill), out, scratch)
            .map_err(|e| self.locate(e, ds))
    }

    /// Reads a whole SDS.
    ///
    /// # Errors
    /// As [`Hdf4File::read_into`]; also if any cell was never written
    /// ([`ErrorKind::Missing`]), or the SDS is larger than a file of this size can hold.
    pub fn read<T: Element>(&self, ds: &Dataset) -> Result<Vec<T>> {
        self.read_window(ds, &vec![0; ds.shape.len()], &ds.shape)
    }

    /// Reads a window of an SDS.
    ///
    /// # Errors
    /// As [`Hdf4File::read`] and [`Hdf4File::read_window_into`].
    pub fn read_window<T: Element>(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
    ) -> Result<Vec<T>> {
        self.allocate_and_read(ds, start, count)
            .map_err(|e| self.locate(e, ds))
    }

    fn allocate_and_read<T: Element>(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
    ) -> Result<Vec<T>> {
        let window = self.check::<T>(ds, start, count)?;
        let cells = window.cells();
        let bytes = cells as u64 * size_of::<T>() as u64;
        let justified = self.source.length().saturating_mul(DEFLATE_MAX_RATIO);
        let limit = justified.max(SPARSE_ALLOWANCE_BYTES);
        if bytes > limit {
            let advice = "a file of this size cannot hold them; read windows into a buffer";
            let what = "the values";
            return Err(Error::new(ErrorKind::TooLarge {
                what,
                bytes,
                limit,
                advice,
            }));
        }
        let mut out = vec![T::default(); cells];
        let report = self.window(ds, start, count, None, &mut out, &mut Scratch::new())?;
        if report.missing_cells > 0 {
            return Err(Error::new(ErrorKind::Missing {
                cells: cells as u64,
                missing_cells: report.missing_cells,
                missing_chunks: report.missing_chunks,
            }));
        }
        Ok(out)
    }

    /// Checks file, type and window before anything is read.
    pub(crate) fn check<T: Element>(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
    ) -> Result<Window> {
        self.owns(ds)?;
        if !T::stores(ds.number_type) {
            let kind = ErrorKind::WrongType {
                asked: T::NAME,
                stored: ds.number_type,
            };
            return Err(Error::new(kind));
        }
        if let ByteOrder::Other(class) = ds.byte_order {
            let what = format!("the number format of class {class}");
            return Err(Error::unsupported(
                what,
                "IEEE numbers, big- and little-endian",
            ));
        }
        Window::new("the window", &ds.shape, start, count)
    }

    pub(crate) fn window<T: Element>(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
        fill: Option<T>,
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Result<ReadReport> {
        let window = self.check::<T>(ds, start, count)?;
        check_buffer(window.cells(), out.len())?;
        let fill = fill.unwrap_or_else(|| stored_fill(ds));
        let mut report = ReadReport::default();
        if out.is_empty() {
            return Ok(report);
        }
        match (&ds.layout, &ds.data) {
            (Layout::Empty, _) | (_, None) => {
                out.fill(fill);
                report = ReadReport {
                    chunks: 1,
                    missing_chunks: 1,
                    missing_cells: out.len() as u64,
                };
            }
            (Layout::Contiguous | Layout::LinkedBlocks, Some(dd)) => {
                report.chunks = 1;
                let bits = T::as_bits_mut(out);
                self.plain_window(&self.source, ds, dd, &window, bits, scratch)?;
            }
            (Layout::External { .. }, Some(dd)) => {
                report.chunks = 1;
                let (source, dd) = self.outside(ds, dd)?;
                let bits = T::as_bits_mut(out);
                self.plain_window(&source, ds, &dd, &window, bits, scratch)?;
            }
            (Layout::Compressed { .. }, Some(dd)) => {
                report.chunks = 1;
                let shape = index(&ds.shape);
                let transfer = Transfer {
                    rank: window.rank,
                    count: window.count,
                    from_shape: shape,
                    from_start: window.start,
                    to_shape: window.count,
                    to_start: [0; MAX_RANK],
                };
                let key = (ds.file_id, ds.index, 0);
                let bits = T::as_bits_mut(out);
                self.unpack_into(ds, dd, key, ds.cells(), &transfer, bits, scratch)?;
            }
            (Layout::Chunked { chunk_shape, .. }, Some(_)) => {
                self.chunked_window(ds, chunk_shape, &window, fill, out, scratch, &mut report)?;
            }
        }
        Ok(report)
    }

    /// Plain numbers: each run of the window is read where it lies.
    fn plain_window<B: Bits>(
        &self,
        source: &Source,
        ds: &Dataset,
        dd: &Descriptor,
        window: &Window,
        out: &mut [B],
        scratch: &mut Scratch,
    ) -> Result<()> {
        const PIECE_BYTES: usize = 256 << 10;
        let what = "the values";
        let size = size_of::<B>();
        let unpacker = &mut scratch.unpacker;
        unpacker.extents.locate(source, &self.directory, dd, None)?;
        let transfer = Transfer {
            rank: window.rank,
            count: window.count,
            from_shape: index(&ds.shape),
            from_start: window.start,
            to_shape: window.count,
            to_start: [0; MAX_RANK],
        };
        transfer
            .for_each_run(|from, to, length| {
                let mut position = from as u64 * size as u64;
                for piece in out[to..to + length].chunks_mut(PIECE_BYTES / size) {
                    let bytes = B::as_bytes_mut(piece);
                    unpacker.extents.read_into(source, what, position, bytes)?;
                    B::settle(bytes, ds.byte_order);
                    position += bytes.len() as u64;
                }
                Ok(())
            })
            .map_err(|e| dd.locate(e))
    }

    #[expect(clippy::too_many_arguments)]
    fn chunked_window<T: Element>(
        &self,
        ds: &Dataset,
        chunk_shape: &[usize],
        window: &Window,
        fill: T,
        out: &mut [T],
        scratch: &mut Scratch,
        report: &mut ReadReport,
    ) -> Result<()> {
        let table = self.table(ds)?;
        let shape = index(chunk_shape);
        let cells: u64 = chunk_shape.iter().map(|&n| n as u64).product();
        window.for_each_chunk(chunk_shape, |place, part| {
            let mut transfer = Transfer {
                rank: window.rank,
                count: part.count,
                from_shape: shape,
                from_start: [0; MAX_RANK],
                to_shape: window.count,
                to_start: [0; MAX_RANK],
            };
            for d in 0..window.rank {
                transfer.from_start[d] = part.start[d] - place[d] * chunk_shape[d];
                transfer.to_start[d] = part.start[d] - window.start[d];
            }
            report.chunks += 1;
            let at = ds.place_in_grid(chunk_shape, &place[..window.rank]);
            if let Some(dd) = self.chunk_descriptor(table, at)? {
                let key = (ds.file_id, ds.index, at);
                let bits = T::as_bits_mut(out);
                return self.unpack_into(ds, dd, key, cells, &transfer, bits, scratch);
            }
            report.missing_chunks += 1;
            report.missing_cells += part.cells() as u64;
            transfer.for_each_run(|_, to, length| {
                out[to..to + length].fill(fill);
                Ok(())
            })
        })
    }

    /// Unpacks one element of `cells` numbers and copies a box of it to `out`; straight there
    /// where the whole element is wanted and lies in one run.
    #[expect(clippy::too_many_arguments)]
    pub(crate) fn unpack_into<B: Bits>(
        &self,
        ds: &Dataset,
        dd: &Descriptor,
        key: (u64, usize, u64),
        cells: u64,
        transfer: &Transfer,
        out: &mut [B],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let size = size_of::<B>();
        if scratch.holds != Some(key) {
            let Scratch {
                unpacker,
                decoded,
                holds,
            } = scratch;
            let wanted = cells * size as u64;
            let opened = unpacker.open(&self.source, &self.directory, dd)?;
            if opened.length < wanted {
                let found = format!("{} bytes", opened.length);
                let error = Error::damaged("packed values", format!("{wanted} bytes"), found);
                return Err(dd.locate(error));
            }
            opened
                .check_ratio(self.source.length())
                .map_err(|e| dd.locate(e))?;
            let length = usize::try_from(opened.length).unwrap_or(usize::MAX);
            let whole = transfer
                .single_run()
                .filter(|&(_, _, run)| run == length / size);
            if let (Some((_, to, run)), true) = (whole, opened.length == wanted) {
                let bytes = B::as_bytes_mut(&mut out[to..to + run]);
                let done = unpacker.unpack(
                    &self.source,
                    &opened,
                    bytes,
                    #[inline(always)]
                    |piece| B::settle(piece, ds.byte_order),
                );
                return done.map_err(|e| dd.locate(e));
            }
            *holds = None;
            decoded.resize(length, 0);
            unpacker
                .unpack(&self.source, &opened, decoded, |_| ())
                .map_err(|e| dd.locate(e))?;
            *holds = Some(key);
        }
        let stored = &scratch.decoded;
        scratch.unpacker.processor.run(
            #[inline(always)]
            || {
                transfer.for_each_run(
                    #[inline(always)]
                    |from, to, length| {
                        let stored = &stored[from * size..(from + length) * size];
                        B::decode(stored, ds.byte_order, &mut out[to..to + length]);
                        Ok(())
                    },
                )
            },
        )
    }
}
