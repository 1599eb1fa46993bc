//! The one-pass kernel: every cell of a block, with all its periods, once.
//!
//! Work goes row by row, in pieces of at most [`PIECE`] neighbouring cells. For
//! a piece, one branch-free sweep over the periods finds the cells whose
//! values all lie in the valid range; a second sweep sums them under that
//! mask, run by run (neighbours of one key). Both sweeps are plain loops over
//! slices of equal length, which the compiler turns into vector code, once for
//! any processor and once for newer ones. Only cells with a fill code
//! somewhere take the slow path, one by one, where each is counted under its
//! reason. Sums of a row meet the area of its cells once, at its end.

use std::ops::Range;

use crate::keys::KeyStrip;
use crate::rules::{Mask, Rules, VALID, ZERO};
use crate::sums::BlockSums;
use crate::tally::TallySet;

/// Cells in a piece: sums of products of two bytes stay within 32 bits.
pub(crate) const PIECE: usize = 256;

/// A window of a layer that its file does not hold (a chunk never written).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Rows, counted from the first of the block.
    pub rows: Range<usize>,
    /// Columns, counted from the first of the block.
    pub columns: Range<usize>,
}

impl Gap {
    pub(crate) fn holds(&self, row: usize, column: usize) -> bool {
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
    let mut sums = BlockSums::new(block.layers.len(), rules.reasons);
    #[cfg(target_arch = "x86_64")]
    if let Some(newer) = fearless_simd::Level::new().as_avx2() {
        // The same loops, compiled for registers of 32 bytes.
        fearless_simd::Simd::vectorize(newer, || tally_rows(block, rules, &mut sums));
        sums.add_to(tallies);
        return;
    }
    tally_rows(block, rules, &mut sums);
    sums.add_to(tallies);
}

#[inline(always)]
fn tally_rows(block: &Block<'_>, rules: &Rules, sums: &mut BlockSums) {
    let mut piece = Piece::default();
    for (row, &area_cm2) in block.row_area_cm2.iter().enumerate() {
        let work = RunWork { block, rules, row };
        sums.begin_row(area_cm2);
        if rules.signed {
            work.tally_row::<true>(&mut piece, sums);
        } else {
            work.tally_row::<false>(&mut piece, sums);
        }
        sums.end_row();
    }
}

/// One row of a block.
pub(crate) struct RunWork<'a> {
    pub block: &'a Block<'a>,
    pub rules: &'a Rules,
    pub row: usize,
}

impl RunWork<'_> {
    #[inline(always)]
    fn tally_row<const SIGNED: bool>(&self, piece: &mut Piece, sums: &mut BlockSums) {
        piece.begin(0);
        piece.end = 0;
        for (key, columns) in self.block.runs(self.row) {
            let slot = sums.slot(key, columns.len());
            for start in columns.clone().step_by(PIECE) {
                let end = (start + PIECE).min(columns.end);
                if start != piece.end || end - piece.start > PIECE {
                    self.tally_piece::<SIGNED>(piece, sums);
                    piece.begin(start);
                }
                piece.end = end;
                piece.parts.push((slot, end));
            }
        }
        self.tally_piece::<SIGNED>(piece, sums);
    }

    #[inline(always)]
    fn tally_piece<const SIGNED: bool>(&self, piece: &Piece, sums: &mut BlockSums) {
        let offset = self.row * self.block.columns;
        let cells = offset + piece.start..offset + piece.end;
        let mut buffer = [u16::MAX; PIECE];
        let common = &mut buffer[..cells.len()];
        for layer in self.block.layers {
            self.narrow(layer, piece.start, cells.clone(), common);
        }
        let plain = !common.contains(&0);
        // Runs of few cells are not worth a loop each.
        let fine = 4 * piece.parts.len() > cells.len();
        let mut slots = [0_u32; PIECE];
        if fine {
            for (slot, part) in piece.parts() {
                slots[part].fill(u32::try_from(slot).unwrap_or(u32::MAX));
            }
        }
        let mut own = [0_u16; PIECE];
        for (k, layer) in self.block.layers.iter().enumerate() {
            let PeriodLayer::Values { raw, .. } = layer else {
                continue;
            };
            let mask: &[u16] = if self.rules.mask == Mask::Common || plain {
                common
            } else {
                let own = &mut own[..cells.len()];
                own.fill(u16::MAX);
                self.narrow(layer, piece.start, cells.clone(), own);
                own
            };
            let raw = &raw[cells.clone()];
            let by_slot = sums.period(k);
            if fine {
                for ((raw, mask), slot) in raw.iter().zip(mask).zip(&slots) {
                    by_slot[*slot as usize].add_cell::<SIGNED>(*raw, *mask);
                }
                continue;
            }
            for (slot, part) in piece.parts() {
                by_slot[slot].add::<SIGNED>(&raw[part.clone()], &mask[part], plain);
            }
        }
        if plain {
            return;
        }
        if let (Some(masked), true) = (&self.rules.masked, self.without_gaps()) {
            self.mask_stretches(piece, common, masked, sums);
            return;
        }
        for (slot, part) in piece.parts() {
            for i in part.filter(|i| common[*i] == 0) {
                self.slow_cell(piece.start + i, cells.start + i, slot, sums);
            }
        }
    }

    /// Whether no layer has a gap in this row.
    fn without_gaps(&self) -> bool {
        self.block.layers.iter().all(|layer| match layer {
            PeriodLayer::Missing => true,
            PeriodLayer::Values { missing, .. } => {
                !missing.iter().any(|gap| gap.rows.contains(&self.row))
            }
        })
    }

    /// Counts the cells outside the mask by the class of their raw value.
    /// Fill codes lie together, so neighbours of one value are counted at once.
    #[inline(always)]
    fn mask_stretches(&self, piece: &Piece, common: &[u16], masked: &[u8], sums: &mut BlockSums) {
        let per_period = self.rules.mask == Mask::PerPeriod;
        let offset = self.row * self.block.columns + piece.start;
        let mut holes = [0_u16; PIECE];
        for (slot, part) in piece.parts() {
            let mut count = 0;
            for i in part {
                // No branch: where the holes are is hard to foresee.
                holes[count] = u16::try_from(i).unwrap_or(0);
                count += usize::from(common[i] == 0);
            }
            let Some((&first, rest)) = holes[..count].split_first() else {
                continue;
            };
            for (k, layer) in self.block.layers.iter().enumerate() {
                let PeriodLayer::Values { raw, .. } = layer else {
                    sums.mask(slot, k, self.rules.missing, count);
                    continue;
                };
                let raw = &raw[offset..];
                let mut add = |bits: u16, cells: usize| {
                    let class = masked[usize::from(bits)];
                    // Valid in its own period, and counted there.
                    if !(per_period && self.rules.classes[usize::from(bits)] == VALID) {
                        sums.mask(slot, k, class, cells);
                    }
                };
                let (mut last, mut cells) = (raw[usize::from(first)], 1);
                for &i in rest {
                    let bits = raw[usize::from(i)];
                    if bits != last {
                        add(last, cells);
                        (last, cells) = (bits, 0);
                    }
                    cells += 1;
                }
                add(last, cells);
            }
        }
    }

    /// Clears the mask where a layer's value is not plainly valid.
    #[inline(always)]
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
    fn slow_cell(&self, column: usize, cell: usize, slot: usize, sums: &mut BlockSums) {
        let counts = |class| matches!(class, VALID | ZERO);
        let common = self.rules.mask == Mask::Common;
        let mut classes = std::mem::take(&mut sums.classes);
        classes.clear();
        let layers = self.block.layers.iter();
        classes.extend(layers.map(|layer| self.rules.class(layer, self.row, column, cell)));
        let everywhere = classes.iter().all(|class| counts(*class));
        for (k, (layer, &class)) in self.block.layers.iter().zip(&classes).enumerate() {
            if !counts(class) || (common && !everywhere) {
                let class = if counts(class) {
                    self.rules.masked_elsewhere
                } else {
                    class
                };
                sums.mask(slot, k, class, 1);
            } else if class == ZERO {
                sums.zero(slot, k);
            } else if common || self.rules.span.is_none() {
                // Under a mask of its own the period's sweep has it already.
                let PeriodLayer::Values { raw, .. } = layer else {
                    continue;
                };
                sums.period(k)[slot].add_one(self.rules.value(raw[cell]));
            }
        }
        sums.classes = classes;
    }
}

/// Neighbouring cells of a row, and which of them go to which slot.
#[derive(Default)]
struct Piece {
    start: usize,
    end: usize,
    /// Slot, and one past the last column.
    parts: Vec<(usize, usize)>,
}

impl Piece {
    fn begin(&mut self, start: usize) {
        self.start = start;
        self.parts.clear();
    }

    /// Slot and cells, counted from the first of the piece.
    fn parts(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let mut from = 0;
        self.parts.iter().map(move |&(slot, end)| {
            let part = from..end - self.start;
            from = part.end;
            (slot, part)
        })
    }
}
