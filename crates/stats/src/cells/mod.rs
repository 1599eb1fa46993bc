//! Trends of millions of cells: OLS, Theil-Sen and Mann-Kendall per cell, in exact integers.
//!
//! A block is `years x cells` of the file's own integers. Cells go through the arithmetic several
//! abreast, but each cell's result depends on its own values alone, so it is the same whichever
//! block or thread computed it, and equal to [`CellKernel::one_cell`], the plain scalar reference.
//!
//! Slopes are ratios of integers rounded once. How the median of the pairwise slopes is found
//! without a full sort is told in `lanes.rs` and `network.rs`.

// Lane loops run over several arrays at once; one index says so most plainly.
#![allow(clippy::needless_range_loop)]

mod group;
mod lanes;
mod network;
mod permuted;
mod scalar;
mod significance;

use crate::StatsError;
use lanes::Lanes;
use significance::SignificanceTable;

/// A stored integer that can be a cell's raw value.
pub trait Raw: Copy + Default + Into<i32> + private::Narrow {}

impl Raw for i16 {}
impl Raw for u16 {}
impl Raw for i32 {}

mod private {
    /// How a raw type goes through the lanes.
    pub trait Narrow {
        /// Whether differences of two values fit 17 bits, so that the lanes can take them.
        const NARROW: bool;
        /// What [`Narrow::ordered`] takes away.
        const SHIFT: i32;
        /// The value less `SHIFT`, as a signed 16-bit integer; 0 for wider types, which stay scalar.
        fn ordered(self) -> i16;
    }

    impl Narrow for i16 {
        const NARROW: bool = true;
        const SHIFT: i32 = 0;
        fn ordered(self) -> i16 {
            self
        }
    }

    impl Narrow for u16 {
        const NARROW: bool = true;
        const SHIFT: i32 = 32_768;
        fn ordered(self) -> i16 {
            (self ^ 0x8000).cast_signed()
        }
    }

    impl Narrow for i32 {
        const NARROW: bool = false;
        const SHIFT: i32 = 0;
        fn ordered(self) -> i16 {
            0
        }
    }
}

/// The trend of one cell. Slopes and mean are in raw units (per unit of time).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellTrend {
    /// Values that are not missing.
    pub n: u16,
    /// Mean; not a number if `n` is 0.
    pub mean: f64,
    /// OLS slope on the real years; not a number below two values.
    pub ols_slope: f64,
    /// Median of the pairwise slopes on the real years; not a number below two values.
    pub sen_slope: f64,
    /// Mann-Kendall S; 0 below two values.
    pub s: i32,
    /// `sum t(t-1)(2t+5)` over groups of `t` equal values; 0 without ties.
    pub tie_term: u32,
    /// Two-sided p of S as [`crate::mann_kendall::two_sided_p`] gives it: exact without ties and to
    /// n = 40. Not a number below two values.
    pub p: f64,
}

/// Where the trends of a block are written: one entry per cell in each slice, as in [`CellTrend`].
#[derive(Debug)]
pub struct CellTrendsMut<'a> {
    /// Values that are not missing.
    pub n: &'a mut [u16],
    /// Mean in raw units.
    pub mean: &'a mut [f64],
    /// OLS slope in raw units per unit of time.
    pub ols_slope: &'a mut [f64],
    /// Theil-Sen slope in raw units per unit of time.
    pub sen_slope: &'a mut [f64],
    /// Mann-Kendall S.
    pub s: &'a mut [i32],
    /// Tie term of S.
    pub tie_term: &'a mut [u32],
    /// Two-sided p.
    pub p: &'a mut [f64],
}

impl<'a> CellTrendsMut<'a> {
    /// The first `at` cells and the rest, to be written by different blocks or threads.
    ///
    /// # Panics
    /// If a slice is shorter than `at`.
    #[must_use]
    pub fn split_at(self, at: usize) -> (CellTrendsMut<'a>, CellTrendsMut<'a>) {
        let (n, n_rest) = self.n.split_at_mut(at);
        let (mean, mean_rest) = self.mean.split_at_mut(at);
        let (ols_slope, ols_slope_rest) = self.ols_slope.split_at_mut(at);
        let (sen_slope, sen_slope_rest) = self.sen_slope.split_at_mut(at);
        let (s, s_rest) = self.s.split_at_mut(at);
        let (tie_term, tie_term_rest) = self.tie_term.split_at_mut(at);
        let (p, p_rest) = self.p.split_at_mut(at);
        let first = CellTrendsMut {
            n,
            mean,
            ols_slope,
            sen_slope,
            s,
            tie_term,
            p,
        };
        let rest = CellTrendsMut {
            n: n_rest,
            mean: mean_rest,
            ols_slope: ols_slope_rest,
            sen_slope: sen_slope_rest,
            s: s_rest,
            tie_term: tie_term_rest,
            p: p_rest,
        };
        (first, rest)
    }
}

/// The trends of a block, owned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CellTrends {
    /// Values that are not missing.
    pub n: Vec<u16>,
    /// Mean in raw units.
    pub mean: Vec<f64>,
    /// OLS slope in raw units per unit of time.
    pub ols_slope: Vec<f64>,
    /// Theil-Sen slope in raw units per unit of time.
    pub sen_slope: Vec<f64>,
    /// Mann-Kendall S.
    pub s: Vec<i32>,
    /// Tie term of S.
    pub tie_term: Vec<u32>,
    /// Two-sided p.
    pub p: Vec<f64>,
}

impl CellTrends {
    /// Room for `cells` cells.
    #[must_use]
    pub fn new(cells: usize) -> Self {
        Self {
            n: vec![0; cells],
            mean: vec![f64::NAN; cells],
            ols_slope: vec![f64::NAN; cells],
            sen_slope: vec![f64::NAN; cells],
            s: vec![0; cells],
            tie_term: vec![0; cells],
            p: vec![f64::NAN; cells],
        }
    }

    /// The slices to write into.
    pub fn as_mut(&mut self) -> CellTrendsMut<'_> {
        CellTrendsMut {
            n: &mut self.n,
            mean: &mut self.mean,
            ols_slope: &mut self.ols_slope,
            sen_slope: &mut self.sen_slope,
            s: &mut self.s,
            tie_term: &mut self.tie_term,
            p: &mut self.p,
        }
    }

    /// One cell's trend.
    #[must_use]
    pub fn get(&self, cell: usize) -> Option<CellTrend> {
        (cell < self.n.len()).then(|| CellTrend {
            n: self.n[cell],
            mean: self.mean[cell],
            ols_slope: self.ols_slope[cell],
            sen_slope: self.sen_slope[cell],
            s: self.s[cell],
            tie_term: self.tie_term[cell],
            p: self.p[cell],
        })
    }
}

/// Computes trends of blocks of cells that share their times. Shared between threads by reference.
#[derive(Debug)]
pub struct CellKernel {
    times: Vec<i32>,
    significance: SignificanceTable,
    /// The fast way, for up to 32 times within a span of 31.
    lanes: Option<Lanes>,
}

impl CellKernel {
    /// A kernel for blocks whose rows stand at `times`: years, or any other whole unit of time.
    ///
    /// # Errors
    /// No time, more than 1000, or times that do not increase strictly.
    pub fn new(times: &[i32]) -> Result<Self, StatsError> {
        if times.is_empty() || times.len() > 1000 {
            return Err(StatsError::Domain {
                what: "the number of times of a block of cells",
                expected: "from 1 to 1000",
                found: crate::series::count(times.len()),
            });
        }
        for (index, pair) in times.windows(2).enumerate() {
            if pair[1] <= pair[0] {
                return Err(StatsError::TimeOrder {
                    index: index + 1,
                    before: pair[0].into(),
                    found: pair[1].into(),
                });
            }
        }
        Ok(Self {
            times: times.to_vec(),
            significance: SignificanceTable::new(times.len()),
            lanes: Lanes::new(times),
        })
    }

    /// The times of the rows.
    #[must_use]
    pub fn times(&self) -> &[i32] {
        &self.times
    }

    /// Computes the trend of each cell of a block.
    ///
    /// `values[k][c]` is the raw value of cell c at time k; `valid[k][c]` says whether it counts, and
    /// `None` that all do. Values that do not count may be anything.
    ///
    /// # Errors
    /// A row or an output of another length than the first row, or another number of rows than times.
    pub fn run<T: Raw>(
        &self,
        values: &[&[T]],
        valid: Option<&[&[bool]]>,
        out: &mut CellTrendsMut<'_>,
    ) -> Result<(), StatsError> {
        let cells = self.check_rows(values, valid)?;
        for (what, found) in [
            ("the output n", out.n.len()),
            ("the output mean", out.mean.len()),
            ("the output OLS slope", out.ols_slope.len()),
            ("the output Theil-Sen slope", out.sen_slope.len()),
            ("the output S", out.s.len()),
            ("the output tie term", out.tie_term.len()),
            ("the output p", out.p.len()),
        ] {
            length(what, "cells", cells, found)?;
        }
        match &self.lanes {
            Some(lanes) if T::NARROW => lanes.run(&self.significance, values, valid, out),
            _ => {
                for cell in 0..cells {
                    let trend = self.one_cell(values, valid, cell);
                    out.n[cell] = trend.n;
                    out.mean[cell] = trend.mean;
                    out.ols_slope[cell] = trend.ols_slope;
                    out.sen_slope[cell] = trend.sen_slope;
                    out.s[cell] = trend.s;
                    out.tie_term[cell] = trend.tie_term;
                    out.p[cell] = trend.p;
                }
            }
        }
        Ok(())
    }

    /// Refuses rows that do not fit the times or each other; returns the number of cells.
    fn check_rows<T>(
        &self,
        values: &[&[T]],
        valid: Option<&[&[bool]]>,
    ) -> Result<usize, StatsError> {
        length("rows of values", "times", self.times.len(), values.len())?;
        let cells = values[0].len();
        for row in values {
            length("a row of values", "cells", cells, row.len())?;
        }
        if let Some(valid) = valid {
            length("rows of validity", "times", self.times.len(), valid.len())?;
            for row in valid {
                length("a row of validity", "cells", cells, row.len())?;
            }
        }
        Ok(cells)
    }
}

fn length(
    what: &'static str,
    of: &'static str,
    expected: usize,
    found: usize,
) -> Result<(), StatsError> {
    if expected == found {
        Ok(())
    } else {
        Err(StatsError::Length {
            what,
            of,
            expected,
            found,
        })
    }
}
