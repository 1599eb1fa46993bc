//! The one-pass kernel: every cell of a block, with all its periods, once.
//!
//! Work goes run by run (cells of one key in one row), in pieces of [`PIECE`]
//! cells. For a piece, one branch-free sweep over the periods finds the cells
//! whose values all lie in the valid range; they are summed by a second sweep
//! under that mask. Both sweeps are plain loops over slices of equal length,
//! which the compiler turns into vector code. Only cells with a fill code
//! somewhere take the slow path, one by one, where each is counted under its
//! reason.

use std::ops::Range;

use crate::keys::KeyStrip;
use crate::tally::{Tally, TallySet};

/// Class of a raw value that counts.
pub const VALID: u8 = 0;
/// Class of a raw value that counts as zero (barren land, if so chosen).
pub const ZERO: u8 = u8::MAX;

/// Cells in a piece: sums of 16-bit values stay within 32 bits.
pub(crate) const PIECE: usize = 256;

/// Whether a cell must be valid in all periods to count in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// One mask for all periods: differences between periods are then of the
    /// same ground.
    Common,
    /// Each period has its own mask.
    PerPeriod,
}

/// What counts, and under which reason the rest is counted.
///
/// A **class** is [`VALID`], [`ZERO`], or 1 + the index of a reason.
#[derive(Debug, Clone)]
pub struct Rules {
    signed: bool,
    classes: Box<[u8]>,
    quality: Option<Box<[u8; 256]>>,
    mask: Mask,
    reasons: usize,
    missing: u8,
    masked_elsewhere: u8,
    /// The valid raw values as first bit pattern and how many follow it, if
    /// they are one unbroken range; the slow path serves otherwise.
    span: Option<(u16, u16)>,
}

impl Rules {
    /// Rules for 16-bit values.
    ///
    /// * `signed`: whether bit patterns are two's complement (int16) or not.
    /// * `classes`: the class of each of the 65,536 bit patterns.
    /// * `quality`: the class of each value of the quality layer, if one is
    ///   applied; [`VALID`] or a reason.
    /// * `reasons`: number of reasons.
    /// * `missing`, `masked_elsewhere`: indices of the reasons "no data in
    ///   the file" and "masked in another period".
    ///
    /// # Panics
    /// If a table has the wrong length or names a reason that does not exist:
    /// a fault of the caller, never of an input file.
    #[must_use]
    pub fn new(
        signed: bool,
        classes: Vec<u8>,
        quality: Option<[u8; 256]>,
        mask: Mask,
        reasons: usize,
        missing: usize,
        masked_elsewhere: usize,
    ) -> Self {
        assert_eq!(classes.len(), 1 << 16, "one class for each bit pattern");
        let known = |class: &u8| matches!(*class, VALID | ZERO) || usize::from(*class) <= reasons;
        assert!(classes.iter().all(known), "a class without a reason");
        assert!(
            quality.iter().flatten().all(|c| known(c) && *c != ZERO),
            "a class without reason"
        );
        assert!(reasons < 254 && missing < reasons && masked_elsewhere < reasons);
        let class_of = |reason: usize| u8::try_from(reason + 1).unwrap_or(ZERO - 1);
        Self {
            signed,
            span: span_of(signed, &classes),
            classes: classes.into_boxed_slice(),
            quality: quality.map(Box::new),
            mask,
            reasons,
            missing: class_of(missing),
            masked_elsewhere: class_of(masked_elsewhere),
        }
    }

    /// Number of reasons.
    #[must_use]
    pub fn reasons(&self) -> usize {
        self.reasons
    }

    /// The mask rule.
    #[must_use]
    pub fn mask(&self) -> Mask {
        self.mask
    }

    /// Whether a quality layer is applied.
    #[must_use]
    pub fn uses_quality(&self) -> bool {
        self.quality.is_some()
    }

    /// Whether bit patterns are two's complement.
    #[must_use]
    pub fn signed(&self) -> bool {
        self.signed
    }

    /// Everything that decides a count, as bytes: rules that differ in any
    /// answer differ in these.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![
            u8::from(self.signed),
            u8::from(self.mask == Mask::Common),
            self.missing,
            self.masked_elsewhere,
            u8::from(self.quality.is_some()),
        ];
        bytes.extend((self.reasons as u64).to_le_bytes());
        bytes.extend(&self.classes);
        bytes.extend(self.quality.iter().flat_map(|table| table.iter()));
        bytes
    }

    fn value(&self, raw: u16) -> i32 {
        if self.signed {
            i32::from(raw.cast_signed())
        } else {
            i32::from(raw)
        }
    }

    /// The class of one cell of one layer.
    #[must_use]
    pub fn class(&self, layer: &PeriodLayer<'_>, row: usize, column: usize, cell: usize) -> u8 {
        let PeriodLayer::Values {
            raw,
            quality,
            missing,
        } = layer
        else {
            return self.missing;
        };
        if missing.iter().any(|gap| gap.holds(row, column)) {
            return self.missing;
        }
        let class = self.classes[usize::from(raw[cell])];
        match (class, &self.quality, quality) {
            (VALID, Some(classes), Some(quality)) => classes[usize::from(quality[cell])],
            _ => class,
        }
    }
}

/// The valid bit patterns as one range in the order of their values.
fn span_of(signed: bool, classes: &[u8]) -> Option<(u16, u16)> {
    let pattern = |i: u16| if signed { i ^ 0x8000 } else { i };
    let valid = |i: &u16| classes[usize::from(pattern(*i))] == VALID;
    let first = (0..=u16::MAX).find(valid)?;
    let last = (0..=u16::MAX).rev().find(valid)?;
    (first..=last)
        .all(|i| valid(&i))
        .then(|| (pattern(first), last - first))
}

/// A window of a layer that its file does not hold (a chunk never written).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Rows, counted from the first of the block.
    pub rows: Range<usize>,
    /// Columns, counted from the first of the block.
    pub columns: Range<usize>,
}

impl Gap {
    fn holds(&self, row: usize, column: usize) -> bool {
        self.rows.contains(&row) && self.columns.contains(&column)
    }
}

/// The layer of one period over a block.
#[derive(Debug, Clone, Copy)]
pub enum PeriodLayer<'a> {
    /// There is no granule.
    Missing,
    /// Raw bit patterns and, where a quality rule applies, quality values:
    /// rows x columns of the block, row by row.
    Values {
        /// Bit patterns of the 16-bit values.
        raw: &'a [u16],
        /// Quality values.
        quality: Option<&'a [u8]>,
        /// Windows without data.
        missing: &'a [Gap],
    },
}

/// A window of a grid with all its periods.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// First row in the grid.
    pub first_row: usize,
    /// First column in the grid.
    pub first_column: usize,
    /// Number of columns.
    pub columns: usize,
    /// True area of a cell in each row of the block.
    pub row_area_cm2: &'a [u64],
    /// One layer a period.
    pub layers: &'a [PeriodLayer<'a>],
    /// Keys; must hold the block's rows.
    pub keys: &'a KeyStrip,
}

impl Block<'_> {
    /// The runs of one row within the block: key, and columns counted from
    /// the first of the block.
    pub(crate) fn runs(&self, row: usize) -> impl Iterator<Item = (u32, Range<usize>)> {
        let (first, last) = (self.first_column, self.first_column + self.columns);
        self.keys
            .row(self.first_row + row)
            .iter()
            .filter_map(move |run| {
                let start = (run.start as usize).max(first);
                let end = (run.end as usize).min(last);
                (start < end).then(|| (run.key, start - first..end - first))
            })
    }

    /// Refuses parts that do not fit each other.
    pub(crate) fn check(&self, rules: &Rules) {
        let cells = self.columns * self.row_area_cm2.len();
        for layer in self.layers {
            let PeriodLayer::Values { raw, quality, .. } = layer else {
                continue;
            };
            assert_eq!(raw.len(), cells, "a layer that does not fill its block");
            let quality_cells = quality.map_or(cells, <[u8]>::len);
            assert_eq!(quality_cells, cells, "quality that does not fit");
            assert!(
                !rules.uses_quality() || quality.is_some(),
                "quality is asked for"
            );
        }
    }
}

/// Adds every cell of a block to the tallies of its key.
///
/// # Panics
/// If the parts of the block do not fit each other or the tallies: a fault of
/// the caller, never of an input file.
pub fn tally_block(block: &Block<'_>, rules: &Rules, tallies: &mut TallySet) {
    assert_eq!(
        (tallies.periods(), tallies.reasons()),
        (block.layers.len(), rules.reasons)
    );
    block.check(rules);
    let mut sums = vec![Sums::default(); block.layers.len()];
    for (row, &area_cm2) in block.row_area_cm2.iter().enumerate() {
        let work = RunWork {
            block,
            rules,
            row,
            area_cm2,
        };
        for (key, columns) in block.runs(row) {
            work.run(columns, &mut sums, tallies.entry(key));
        }
    }
}

/// Sums of one run in one period, before they meet the cell area.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    cells: u64,
    sum: i64,
    squares: u64,
}

/// One row of a block.
pub(crate) struct RunWork<'a> {
    pub block: &'a Block<'a>,
    pub rules: &'a Rules,
    pub row: usize,
    pub area_cm2: u64,
}

impl RunWork<'_> {
    fn run(&self, columns: Range<usize>, sums: &mut [Sums], tallies: &mut [Tally]) {
        sums.fill(Sums::default());
        for piece in columns.clone().step_by(PIECE) {
            self.piece(piece, (piece + PIECE).min(columns.end), sums, tallies);
        }
        let cells = columns.len() as u64;
        let area = i128::from(self.area_cm2);
        for (sums, tally) in sums.iter().zip(tallies) {
            tally.cells += cells;
            tally.area_cm2 += cells * self.area_cm2;
            tally.valid_cells += sums.cells;
            tally.valid_area_cm2 += sums.cells * self.area_cm2;
            tally.sum_raw += sums.sum;
            tally.sum_raw_cm2 += i128::from(sums.sum) * area;
            tally.sum_raw_squared_cm2 += i128::from(sums.squares) * area;
        }
    }

    fn piece(&self, start: usize, end: usize, sums: &mut [Sums], tallies: &mut [Tally]) {
        let offset = self.row * self.block.columns;
        let cells = offset + start..offset + end;
        let mut buffer = [u16::MAX; PIECE];
        let common = &mut buffer[..end - start];
        for layer in self.block.layers {
            self.narrow(layer, start, cells.clone(), common);
        }
        let mut own = [0_u16; PIECE];
        for (layer, sums) in self.block.layers.iter().zip(sums.iter_mut()) {
            let PeriodLayer::Values { raw, .. } = layer else {
                continue;
            };
            let mask: &[u16] = if self.rules.mask == Mask::Common {
                common
            } else {
                let own = &mut own[..end - start];
                own.fill(u16::MAX);
                self.narrow(layer, start, cells.clone(), own);
                own
            };
            sums.add(&raw[cells.clone()], mask, self.rules.signed);
        }
        if common.contains(&0) {
            for (i, _) in common.iter().enumerate().filter(|(_, mask)| **mask == 0) {
                self.slow_cell(start + i, offset + start + i, sums, tallies);
            }
        }
    }

    /// Clears the mask where a layer's value is not plainly valid.
    pub(crate) fn narrow(
        &self,
        layer: &PeriodLayer<'_>,
        start: usize,
        cells: Range<usize>,
        mask: &mut [u16],
    ) {
        let (
            PeriodLayer::Values {
                raw,
                quality,
                missing,
            },
            Some((first, more)),
        ) = (layer, self.rules.span)
        else {
            mask.fill(0);
            return;
        };
        for (mask, raw) in mask.iter_mut().zip(&raw[cells.clone()]) {
            *mask &= 0_u16.wrapping_sub(u16::from(raw.wrapping_sub(first) <= more));
        }
        if let (Some(classes), Some(quality)) = (&self.rules.quality, quality) {
            for (mask, quality) in mask.iter_mut().zip(&quality[cells]) {
                *mask &= 0_u16.wrapping_sub(u16::from(classes[usize::from(*quality)] == VALID));
            }
        }
        for gap in missing.iter().filter(|gap| gap.rows.contains(&self.row)) {
            let end = start + mask.len();
            let (from, to) = (gap.columns.start.max(start), gap.columns.end.min(end));
            if from < to {
                mask[from - start..to - start].fill(0);
            }
        }
    }

    /// A cell whose value is not plainly valid in every period.
    fn slow_cell(&self, column: usize, cell: usize, sums: &mut [Sums], tallies: &mut [Tally]) {
        let class = |layer| self.rules.class(layer, self.row, column, cell);
        let counts = |class| matches!(class, VALID | ZERO);
        let common = self.rules.mask == Mask::Common;
        let everywhere = self.block.layers.iter().all(|layer| counts(class(layer)));
        for ((layer, sums), tally) in self.block.layers.iter().zip(sums).zip(tallies) {
            let class = class(layer);
            if !counts(class) || (common && !everywhere) {
                let class = if counts(class) {
                    self.rules.masked_elsewhere
                } else {
                    class
                };
                tally.masked_cells[usize::from(class - 1)] += 1;
                tally.masked_area_cm2[usize::from(class - 1)] += self.area_cm2;
            } else if class == ZERO {
                sums.cells += 1;
                tally.zero_cells += 1;
            } else if common || self.rules.span.is_none() {
                // Under a mask of its own the period's sweep has it already.
                let PeriodLayer::Values { raw, .. } = layer else {
                    continue;
                };
                sums.add_one(self.rules.value(raw[cell]));
            }
        }
    }
}

impl Sums {
    fn add(&mut self, raw: &[u16], mask: &[u16], signed: bool) {
        let (mut cells, mut sum, mut squares) = (0_u32, 0_i32, 0_u64);
        if signed {
            for (raw, mask) in raw.iter().zip(mask) {
                let value = i32::from((raw & mask).cast_signed());
                cells += u32::from(mask & 1);
                sum += value;
                squares += u64::from((value * value).cast_unsigned());
            }
        } else {
            for (raw, mask) in raw.iter().zip(mask) {
                let value = u32::from(raw & mask);
                cells += u32::from(mask & 1);
                sum += value.cast_signed();
                squares += u64::from(value * value);
            }
        }
        self.cells += u64::from(cells);
        self.sum += i64::from(sum);
        self.squares += squares;
    }

    fn add_one(&mut self, value: i32) {
        self.cells += 1;
        self.sum += i64::from(value);
        self.squares += u64::from(value.unsigned_abs()).pow(2);
    }
}
