//! Single chunks: reading them, and what they cost.

use crate::chunk_table::ChunkTable;
use crate::dataset::{Dataset, Layout};
use crate::decode::{Scratch, Unpacker};
use crate::directory::{Budget, Descriptor, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::extents::Extents;
use crate::file::Hdf4File;
use crate::limits::MAX_RANK;
use crate::number::Element;
use crate::special::Coder;
use crate::vset::Reader;
use crate::window::{Transfer, Window, index};

/// Whether a chunk is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkState {
    /// It was read.
    Stored,
    /// It was never written; the output holds the fill value of the file's header.
    Missing,
}

/// What reading a window takes, known without reading the numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WindowCost {
    /// Natural chunks the window touches.
    pub chunks: u64,
    /// How many of them were never written.
    pub missing_chunks: u64,
    /// Bytes of the file that hold the others.
    pub stored_bytes: u64,
}

impl Hdf4File {
    /// Reads the natural chunk at place `chunk` of the grid of chunks, in its full shape
    /// ([`Dataset::natural_chunk_shape`]), row-major. Cells beyond the SDS's shape mean nothing.
    ///
    /// # Errors
    /// As [`Hdf4File::read_into`]; also if `chunk` lies outside [`Dataset::chunk_grid`].
    pub fn read_chunk_into<T: Element>(
        &self,
        ds: &Dataset,
        chunk: &[usize],
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Result<ChunkState> {
        self.chunk(ds, chunk, out, scratch)
            .map_err(|e| self.locate(e, ds))
    }

    /// Reads the bytes of one natural chunk as they lie in the file, packed, into `out` (which is
    /// resized). Says how they are packed, or `None` if the chunk was never written.
    ///
    /// This is for fetching apart from decoding, and for measuring; bands of unpacked numbers
    /// come as they are stored, in the SDS's byte order.
    ///
    /// # Errors
    /// If `chunk` lies outside [`Dataset::chunk_grid`] or the file is damaged.
    pub fn read_stored_into(
        &self,
        ds: &Dataset,
        chunk: &[usize],
        out: &mut Vec<u8>,
    ) -> Result<Option<Coder>> {
        self.stored(ds, chunk, out).map_err(|e| self.locate(e, ds))
    }

    /// Bytes of the file that hold the SDS's numbers, packed as they are.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn stored_bytes(&self, ds: &Dataset) -> Result<u64> {
        let start = [0; MAX_RANK];
        let start = start.get(..ds.shape.len()).unwrap_or_default();
        Ok(self.window_cost(ds, start, &ds.shape)?.stored_bytes)
    }

    /// Bytes of the file that hold one natural chunk, or `None` if it was never written.
    ///
    /// # Errors
    /// If `chunk` lies outside [`Dataset::chunk_grid`] or the file is damaged.
    pub fn chunk_stored_bytes(&self, ds: &Dataset, chunk: &[usize]) -> Result<Option<u64>> {
        let shape = ds.natural_chunk_shape();
        let window = self
            .chunk_window(ds, chunk, &shape)
            .map_err(|e| self.locate(e, ds))?;
        let rank = window.rank;
        let cost = self.window_cost(ds, &window.start[..rank], &window.count[..rank])?;
        Ok((cost.missing_chunks == 0).then_some(cost.stored_bytes))
    }

    /// What reading a window takes. Reads chunk tables and headers, no numbers.
    ///
    /// # Errors
    /// If the window does not lie inside the SDS or the file is damaged.
    pub fn window_cost(
        &self,
        ds: &Dataset,
        start: &[usize],
        count: &[usize],
    ) -> Result<WindowCost> {
        self.cost(ds, start, count).map_err(|e| self.locate(e, ds))
    }

    fn cost(&self, ds: &Dataset, start: &[usize], count: &[usize]) -> Result<WindowCost> {
        self.owns(ds)?;
        let window = Window::new("the window", &ds.shape, start, count)?;
        let mut cost = WindowCost::default();
        let chunk_shape = ds.natural_chunk_shape();
        let Some((first, last)) = window.chunk_range(&chunk_shape) else {
            return Ok(cost);
        };
        // Counted, not visited: a damaged file may claim more chunks than can be.
        let rank = window.rank;
        cost.chunks = (0..rank).map(|d| (last[d] - first[d] + 1) as u64).product();
        let mut scratch = Scratch::new();
        let stored = |dd: &Descriptor, unpacker: &mut Unpacker| {
            Ok(unpacker.open(&self.source, &self.directory, dd)?.stored)
        };
        match (&ds.layout, &ds.data) {
            (Layout::Empty, _) | (_, None) => cost.missing_chunks = cost.chunks,
            (Layout::Contiguous | Layout::LinkedBlocks, Some(dd)) => {
                let mut extents = Extents::default();
                extents.locate(&self.source, &self.directory, dd, None)?;
                cost.stored_bytes = window.cells() as u64 * ds.number_type.size_bytes() as u64;
                cost.stored_bytes = cost.stored_bytes.min(extents.stored_length());
            }
            (Layout::External { length_bytes, .. }, Some(_)) => {
                cost.stored_bytes = window.cells() as u64 * ds.number_type.size_bytes() as u64;
                cost.stored_bytes = cost.stored_bytes.min(u64::from(*length_bytes));
            }
            (Layout::Compressed { .. }, Some(dd)) => {
                cost.stored_bytes = stored(dd, &mut scratch.unpacker)?;
            }
            (Layout::Chunked { .. }, Some(_)) => {
                cost.missing_chunks = cost.chunks;
                let grid = ds.chunk_grid();
                for (mut at, reference) in self.table(ds)?.chunks() {
                    let touched = (0..rank).rev().all(|d| {
                        let along = grid[d] as u64;
                        let place = at % along;
                        at /= along;
                        (first[d] as u64..=last[d] as u64).contains(&place)
                    });
                    if touched {
                        let dd = self.directory.expect("a chunk", tag::CHUNK, reference)?;
                        cost.stored_bytes += stored(dd, &mut scratch.unpacker)?;
                        cost.missing_chunks -= 1;
                    }
                }
            }
        }
        Ok(cost)
    }

    /// The part of the SDS that the natural chunk at `chunk` covers.
    fn chunk_window(&self, ds: &Dataset, chunk: &[usize], shape: &[usize]) -> Result<Window> {
        self.owns(ds)?;
        let grid = ds.chunk_grid();
        let ones = vec![1; chunk.len()];
        Window::new("the chunk", &grid, chunk, &ones)?;
        let start: Vec<usize> = chunk.iter().zip(shape).map(|(&at, &n)| at * n).collect();
        let count: Vec<usize> = start
            .iter()
            .zip(shape.iter().zip(&ds.shape))
            .map(|(&at, (&n, &all))| n.min(all - at))
            .collect();
        Window::new("the chunk", &ds.shape, &start, &count)
    }

    fn chunk<T: Element>(
        &self,
        ds: &Dataset,
        chunk: &[usize],
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Result<ChunkState> {
        let shape = ds.natural_chunk_shape();
        let part = self.chunk_window(ds, chunk, &shape)?;
        let rank = part.rank;
        self.check::<T>(ds, &part.start[..rank], &part.count[..rank])?;
        let cells: usize = shape.iter().product();
        check_buffer(cells, out.len())?;
        let state = |missing: u64| match missing {
            0 => ChunkState::Stored,
            _ => ChunkState::Missing,
        };
        if let (Layout::Chunked { chunk_shape, .. }, Some(_)) = (&ds.layout, &ds.data) {
            let at = ds.place_in_grid(chunk_shape, chunk);
            let Some(dd) = self.chunk_descriptor(self.table(ds)?, at)? else {
                out.fill(stored_fill(ds));
                return Ok(ChunkState::Missing);
            };
            let all = index(&shape);
            let transfer = Transfer {
                rank,
                count: all,
                from_shape: all,
                from_start: [0; MAX_RANK],
                to_shape: all,
                to_start: [0; MAX_RANK],
            };
            let key = (ds.file_id, ds.index, at);
            let bits = T::as_bits_mut(out);
            self.unpack_into(ds, dd, key, cells as u64, &transfer, bits, scratch)?;
            return Ok(ChunkState::Stored);
        }
        // Bands of rows and whole SDS: what the last band lacks comes after what it has.
        let (inside, beyond) = out.split_at_mut(part.cells());
        beyond.fill(stored_fill(ds));
        let (start, count) = (&part.start[..rank], &part.count[..rank]);
        let report = self.window(ds, start, count, None, inside, scratch)?;
        Ok(state(report.missing_chunks))
    }

    fn stored(&self, ds: &Dataset, chunk: &[usize], out: &mut Vec<u8>) -> Result<Option<Coder>> {
        let shape = ds.natural_chunk_shape();
        let part = self.chunk_window(ds, chunk, &shape)?;
        let what = "the stored bytes of a chunk";
        let mut unpacker = Scratch::new().unpacker;
        let dd = match (&ds.layout, &ds.data) {
            (Layout::Empty, _) | (_, None) => return Ok(None),
            (Layout::Contiguous | Layout::LinkedBlocks | Layout::External { .. }, Some(dd)) => {
                let outside;
                let (source, dd) = if let Layout::External { .. } = &ds.layout {
                    outside = self.outside(ds, dd)?;
                    (&outside.0, &outside.1)
                } else {
                    (&self.source, dd)
                };
                // A band of whole rows is one run.
                let size = ds.number_type.size_bytes() as u64;
                let row: u64 = ds.shape.iter().skip(1).map(|&n| n as u64).product();
                let first = part.start.first().map_or(0, |&at| at as u64) * row;
                unpacker.extents.locate(source, &self.directory, dd, None)?;
                let bytes = part.cells() as u64 * size;
                source.check(what, 0, bytes).map_err(|e| dd.locate(e))?;
                out.resize(usize::try_from(bytes).unwrap_or(usize::MAX), 0);
                let extents = &unpacker.extents;
                extents
                    .read_into(source, what, first * size, out)
                    .map_err(|e| dd.locate(e))?;
                return Ok(Some(Coder::None));
            }
            (Layout::Compressed { .. }, Some(dd)) => dd,
            (Layout::Chunked { chunk_shape, .. }, Some(_)) => {
                let at = ds.place_in_grid(chunk_shape, chunk);
                match self.chunk_descriptor(self.table(ds)?, at)? {
                    Some(dd) => dd,
                    None => return Ok(None),
                }
            }
        };
        let opened = unpacker.open(&self.source, &self.directory, dd)?;
        unpacker
            .extents
            .read_all(&self.source, what, out)
            .map_err(|e| dd.locate(e))?;
        Ok(Some(opened.coder))
    }

    /// The chunk table of a chunked SDS, read at its first use.
    pub(crate) fn table<'a>(&self, ds: &'a Dataset) -> Result<&'a ChunkTable> {
        if let Some(table) = ds.table.get() {
            return Ok(table);
        }
        let Layout::Chunked { chunk_shape, .. } = &ds.layout else {
            return Err(Error::damaged("an SDS", "chunks", "none"));
        };
        let budget = Budget::new(self.source.length());
        let reader = Reader {
            source: &self.source,
            directory: &self.directory,
            budget: &budget,
        };
        let table = ChunkTable::read(&reader, ds.table_reference, &ds.shape, chunk_shape)?;
        self.keep_table_entries(table.len())?;
        Ok(ds.table.get_or_init(|| table))
    }

    /// The stored chunk at this place of the grid, if there is one.
    pub(crate) fn chunk_descriptor(
        &self,
        table: &ChunkTable,
        place: u64,
    ) -> Result<Option<&Descriptor>> {
        let Some(reference) = table.reference(place) else {
            return Ok(None);
        };
        self.directory
            .expect("a chunk", tag::CHUNK, reference)
            .map(Some)
    }
}

impl Dataset {
    /// Row-major place of a chunk in the grid of chunks.
    pub(crate) fn place_in_grid(&self, chunk_shape: &[usize], chunk: &[usize]) -> u64 {
        let along = self
            .shape
            .iter()
            .zip(chunk_shape)
            .map(|(&n, &c)| n.div_ceil(c) as u64);
        along
            .zip(chunk)
            .fold(0, |all, (along, &at)| all * along + at as u64)
    }
}

/// The fill value of the SDS's header as a number.
pub(crate) fn stored_fill<T: Element>(ds: &Dataset) -> T {
    let mut fill = [T::default()];
    T::decode(&ds.fill, ds.byte_order, &mut fill);
    fill[0]
}

pub(crate) fn check_buffer(expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::new(ErrorKind::WrongBuffer { expected, found }))
}
