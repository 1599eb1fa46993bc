//! Boxes inside arrays: which chunks they touch, and which runs of numbers they share.
//!
//! Everything here works on arrays of fixed size, so that reading allocates nothing.

use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_RANK;

/// One index or length per dimension.
pub(crate) type Index = [usize; MAX_RANK];

/// Copies a slice of at most [`MAX_RANK`] lengths.
pub(crate) fn index(values: &[usize]) -> Index {
    let mut out = [0; MAX_RANK];
    for (to, &from) in out.iter_mut().zip(values) {
        *to = from;
    }
    out
}

/// A box of values inside an SDS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) rank: usize,
    pub(crate) start: Index,
    pub(crate) count: Index,
}

impl Window {
    /// A window of an array of `shape`, or an error that says how it does not fit.
    pub(crate) fn new(
        what: &'static str,
        shape: &[usize],
        start: &[usize],
        count: &[usize],
    ) -> Result<Self> {
        let rank = shape.len();
        let fits = start.len() == rank
            && count.len() == rank
            && rank <= MAX_RANK
            && shape
                .iter()
                .zip(start.iter().zip(count))
                .all(|(&n, (&s, &c))| s.checked_add(c).is_some_and(|end| end <= n));
        if !fits {
            return Err(Error::new(ErrorKind::OutOfBounds {
                what,
                start: start.to_vec(),
                count: count.to_vec(),
                shape: shape.to_vec(),
            }));
        }
        Ok(Self {
            rank,
            start: index(start),
            count: index(count),
        })
    }

    /// Number of values. It fits: the window lies in an array whose values can be counted.
    pub(crate) fn cells(&self) -> usize {
        self.count[..self.rank].iter().product()
    }

    /// Places of the first and the last chunk of `chunk_shape` that the window touches, or `None`
    /// for an empty window.
    pub(crate) fn chunk_range(&self, chunk_shape: &[usize]) -> Option<(Index, Index)> {
        if self.cells() == 0 {
            return None;
        }
        let (mut first, mut last) = ([0; MAX_RANK], [0; MAX_RANK]);
        for d in 0..self.rank {
            first[d] = self.start[d] / chunk_shape[d];
            last[d] = (self.start[d] + self.count[d] - 1) / chunk_shape[d];
        }
        Some((first, last))
    }

    /// Calls `visit` for each chunk of `chunk_shape` that the window touches, row-major, with
    /// the chunk's place in the grid of chunks and the part of the window that lies in it.
    pub(crate) fn for_each_chunk(
        &self,
        chunk_shape: &[usize],
        mut visit: impl FnMut(&Index, &Window) -> Result<()>,
    ) -> Result<()> {
        let Some((first, last)) = self.chunk_range(chunk_shape) else {
            return Ok(());
        };
        let rank = self.rank;
        let mut place = first;
        loop {
            let mut part = *self;
            for d in 0..rank {
                let low = self.start[d].max(place[d] * chunk_shape[d]);
                // Chunks may reach beyond what can be counted; the window cannot.
                let high = (self.start[d] + self.count[d])
                    .min((place[d] + 1).saturating_mul(chunk_shape[d]));
                part.start[d] = low;
                part.count[d] = high - low;
            }
            visit(&place, &part)?;
            let Some(d) = (0..rank).rev().find(|&d| place[d] < last[d]) else {
                return Ok(());
            };
            place[d] += 1;
            place[d + 1..rank].copy_from_slice(&first[d + 1..rank]);
        }
    }
}

/// A box as it lies in two arrays: `from_start` in one of `from_shape`, `to_start` in the other.
pub(crate) struct Transfer {
    pub(crate) rank: usize,
    pub(crate) count: Index,
    pub(crate) from_shape: Index,
    pub(crate) from_start: Index,
    pub(crate) to_shape: Index,
    pub(crate) to_start: Index,
}

impl Transfer {
    /// Folds trailing dimensions that the box fills in both arrays: how many dimensions remain
    /// outside a run, and the run's length.
    fn fold(&self) -> (usize, usize) {
        let mut outer = self.rank.saturating_sub(1);
        let mut run = if self.rank == 0 { 1 } else { self.count[outer] };
        let full =
            |d: usize| self.count[d] == self.from_shape[d] && self.count[d] == self.to_shape[d];
        while outer > 0 && full(outer) {
            outer -= 1;
            run *= self.count[outer];
        }
        (outer, run)
    }

    fn offset(&self, shape: &Index, at: &Index) -> usize {
        (0..self.rank).fold(0, |all, d| all * shape[d] + at[d])
    }

    /// Calls `visit(from, to, length)` for each run of values that is contiguous in both arrays.
    /// Neighbouring rows that are contiguous in both come as one run.
    #[inline(always)]
    pub(crate) fn for_each_run(
        &self,
        mut visit: impl FnMut(usize, usize, usize) -> Result<()>,
    ) -> Result<()> {
        let (outer, run) = self.fold();
        if run == 0 || self.count[..outer].contains(&0) {
            return Ok(());
        }
        let mut step: Index = [0; MAX_RANK];
        let (mut from, mut to) = (self.from_start, self.to_start);
        loop {
            visit(
                self.offset(&self.from_shape, &from),
                self.offset(&self.to_shape, &to),
                run,
            )?;
            let Some(changed) = (0..outer).rev().find(|&d| step[d] + 1 < self.count[d]) else {
                return Ok(());
            };
            step[changed] += 1;
            step[changed + 1..outer].fill(0);
            for d in changed..outer {
                from[d] = self.from_start[d] + step[d];
                to[d] = self.to_start[d] + step[d];
            }
        }
    }

    /// The whole box as one run, if it is contiguous in both arrays: from, to, length.
    pub(crate) fn single_run(&self) -> Option<(usize, usize, usize)> {
        let (outer, run) = self.fold();
        let single = self.count[..outer].iter().all(|&n| n == 1);
        single.then(|| {
            let from = self.offset(&self.from_shape, &self.from_start);
            (from, self.offset(&self.to_shape, &self.to_start), run)
        })
    }
}
