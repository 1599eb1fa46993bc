//! The cells of interest of a block, packed for work that looks at all periods
//! of one cell: trends, for one.

use std::ops::Range;

use crate::kernel::{Block, PIECE, PeriodLayer, RunWork};
use crate::rules::{Mask, Rules, VALID, ZERO};

/// The cells of interest of a block, row by row and west to east.
///
/// Under [`Mask::Common`] a cell has values if it counts in every period,
/// under [`Mask::PerPeriod`] if it counts in one at least: what the tallies
/// count, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed {
    /// One entry a cell of interest: 0 if it has values, otherwise 1 + the
    /// reason of the first period that does not count.
    pub reasons: Vec<u8>,
    /// One row a period: bit patterns of the cells that have values, in the
    /// order of `reasons`. A cell that counts as zero is 0; one that does not
    /// count in the period may be anything.
    pub values: Vec<Vec<u16>>,
    /// One row a period: whether the value counts.
    pub valid: Vec<Vec<bool>>,
    /// Whether some value does not count; `valid` is all true otherwise.
    pub gaps: bool,
}

impl Packed {
    /// Number of cells that have values.
    #[must_use]
    pub fn cells_with_values(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }

    fn begin(&mut self, periods: usize) {
        self.reasons.clear();
        self.gaps = false;
        for rows in [self.values.len(), self.valid.len()] {
            debug_assert!(rows == 0 || rows == periods, "one buffer for one study");
        }
        self.values.resize_with(periods, Vec::new);
        self.valid.resize_with(periods, Vec::new);
        self.values.iter_mut().for_each(Vec::clear);
        self.valid.iter_mut().for_each(Vec::clear);
    }
}

/// Packs the cells of interest of a block; what was in `packed` is replaced.
///
/// # Panics
/// If the parts of the block do not fit each other: a fault of the caller,
/// never of an input file.
pub fn pack_block(block: &Block<'_>, rules: &Rules, packed: &mut Packed) {
    block.check(rules);
    packed.begin(block.layers.len());
    for row in 0..block.row_area_cm2.len() {
        let work = RunWork { block, rules, row };
        for (_, columns) in block.runs(row) {
            for start in columns.clone().step_by(PIECE) {
                work.pack_piece(start..(start + PIECE).min(columns.end), packed);
            }
        }
    }
}

impl RunWork<'_> {
    fn pack_piece(&self, columns: Range<usize>, packed: &mut Packed) {
        let offset = self.row * self.block.columns;
        let mut buffer = [u16::MAX; PIECE];
        let plain = &mut buffer[..columns.len()];
        let cells = offset + columns.start..offset + columns.end;
        for layer in self.block.layers {
            self.narrow(layer, columns.start, cells.clone(), plain);
        }
        let mut column = columns.start;
        for stretch in plain.chunk_by(|a, b| a == b) {
            let end = column + stretch.len();
            if stretch[0] == 0 {
                (column..end).for_each(|column| self.pack_cell(column, packed));
            } else {
                packed
                    .reasons
                    .resize(packed.reasons.len() + stretch.len(), 0);
                for (k, layer) in self.block.layers.iter().enumerate() {
                    if let PeriodLayer::Values { raw, .. } = layer {
                        packed.values[k].extend_from_slice(&raw[offset + column..offset + end]);
                    }
                    let known = packed.valid[k].len() + stretch.len();
                    packed.valid[k].resize(known, true);
                }
            }
            column = end;
        }
    }

    /// A cell whose value is not plainly valid in every period.
    fn pack_cell(&self, column: usize, packed: &mut Packed) {
        let cell = self.row * self.block.columns + column;
        let class = |layer| self.rules.class(layer, self.row, column, cell);
        let counts = |class| matches!(class, VALID | ZERO);
        let first_open = self.block.layers.iter().map(class).find(|c| !counts(*c));
        let some = self.block.layers.iter().any(|layer| counts(class(layer)));
        if let Some(reason) = first_open.filter(|_| self.rules.mask() == Mask::Common || !some) {
            packed.reasons.push(reason);
            return;
        }
        packed.reasons.push(0);
        packed.gaps |= first_open.is_some();
        for (k, layer) in self.block.layers.iter().enumerate() {
            let value = match (layer, class(layer)) {
                (PeriodLayer::Values { raw, .. }, VALID) => raw[cell],
                _ => 0,
            };
            packed.values[k].push(value);
            packed.valid[k].push(counts(class(layer)));
        }
    }
}
