//! The trends of single cells in words.

use nutag_report::{Block, Section};

use crate::results::thousands;

use super::{CELL_FALSE_DISCOVERY_RATE, CellMosaic, CellSignificance};

impl CellMosaic<'_> {
    /// The section of the report on single cells.
    #[must_use]
    pub fn section(&self) -> Section {
        Section {
            id: "cells".to_owned(),
            heading: "Cell by cell".to_owned(),
            blocks: self
                .significance()
                .sentences()
                .into_iter()
                .map(Block::Paragraph)
                .collect(),
        }
    }
}

impl CellSignificance {
    fn sentences(&self) -> Vec<String> {
        let percent = 100.0 * CELL_FALSE_DISCOVERY_RATE;
        #[expect(clippy::cast_precision_loss, reason = "counts for people")]
        let count = |cells: u64| thousands(cells as f64);
        let (rejected, tests) = (count(self.cut.rejected), count(self.cut.tests));
        let mut sentences = vec![match self.cut.p_cut {
            Some(p) => format!(
                "{rejected} of {tests} tested cells have a trend by Mann-Kendall at a false discovery rate of {percent:.0} % over \
                 all cells, which is p up to {} for a single one. (Neighbouring cells are correlated; the rate \
                 is twice the level of a single test, after Wilks 2016, doi:10.1175/BAMS-D-15-00267.1.)",
                if p < 0.001 {
                    format!("{p:.1e}")
                } else {
                    format!("{p:.3}")
                }
            ),
            None => format!(
                "No cell of {tests} tested ones has a trend by Mann-Kendall that stands at a false discovery rate of \
                 {percent:.0} % over all cells. With so many cells and so few years that is what mostly happens, \
                 whether or not the area as a whole changes: the tests of whole zones and regions are the ones to read."
            ),
        }];
        if self.untested > 0 {
            sentences.push(format!(
                "{} cells have fewer than {} years with a value and are not tested: no order of so few could be significant.",
                count(self.untested), self.least_n
            ));
        }
        if let Some(field) = &self.field {
            sentences.push(format!(
                "Field significance: {} cells have p < {:.2} by themselves; with the years permuted {} times, the same \
                 way for all cells, {} were reached in one of {:.0} cases by chance. p of the whole field = {:.3}.",
                count(field.observed),
                field.alpha,
                field.permutations,
                count(field.critical),
                1.0 / field.alpha,
                field.p
            ));
        }
        sentences
    }
}
