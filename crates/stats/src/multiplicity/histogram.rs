//! Benjamini-Hochberg over millions of cells without a sort.
//!
//! The p of a cell depends only on its n, |S| and tie term, so a family of any size is a short list
//! of classes with counts. Histograms of blocks add up to the histogram of the country.

use std::collections::BTreeMap;

use super::{FalseDiscoveryCut, cut};
use crate::StatsError;
use crate::mann_kendall::two_sided_p;

/// Counts of cells by (n, |S|, tie term).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignificanceHistogram {
    min_n: usize,
    /// Cells without ties: by n, then |S|.
    untied: Vec<Vec<u64>>,
    tied: BTreeMap<(usize, u64, u64), u64>,
    untested: u64,
}

impl SignificanceHistogram {
    /// An empty histogram. Cells with fewer than `min_n` values (at least 2) are not tested.
    #[must_use]
    pub fn new(min_n: usize) -> Self {
        Self {
            min_n: min_n.max(2),
            untied: Vec::new(),
            tied: BTreeMap::new(),
            untested: 0,
        }
    }

    /// Counts one cell.
    pub fn add(&mut self, n: usize, s: i64, tie_term: u64) {
        if n < self.min_n {
            self.untested += 1;
        } else if tie_term == 0 {
            self.add_untied(n, s.unsigned_abs(), 1);
        } else {
            *self
                .tied
                .entry((n, s.unsigned_abs(), tie_term))
                .or_default() += 1;
        }
    }

    fn add_untied(&mut self, n: usize, abs_s: u64, cells: u64) {
        if self.untied.len() <= n {
            self.untied.resize(n + 1, Vec::new());
        }
        let row = &mut self.untied[n];
        let at = usize::try_from(abs_s).unwrap_or(usize::MAX);
        if row.len() <= at {
            row.resize(at + 1, 0);
        }
        row[at] += cells;
    }

    /// Adds the cells of another block. The blocks must share `min_n`.
    ///
    /// # Errors
    /// Another `min_n`.
    pub fn merge(&mut self, other: &Self) -> Result<(), StatsError> {
        if self.min_n != other.min_n {
            return Err(StatsError::Length {
                what: "values needed for a test in a merged block",
                of: "the first block",
                expected: self.min_n,
                found: other.min_n,
            });
        }
        for (n, row) in other.untied.iter().enumerate() {
            for (abs_s, &cells) in row.iter().enumerate() {
                if cells > 0 {
                    self.add_untied(n, abs_s as u64, cells);
                }
            }
        }
        for (class, cells) in &other.tied {
            *self.tied.entry(*class).or_default() += cells;
        }
        self.untested += other.untested;
        Ok(())
    }

    /// Cells with fewer values are not tested.
    #[must_use]
    pub fn min_n(&self) -> usize {
        self.min_n
    }

    /// The counts as `(n, |S|, tie term, cells)`, in that order, none of them 0 cells.
    pub fn counts(&self) -> impl Iterator<Item = (usize, u64, u64, u64)> {
        let untied = self.untied.iter().enumerate().flat_map(|(n, row)| {
            let scores = row.iter().enumerate().filter(|(_, cells)| **cells > 0);
            scores.map(move |(abs_s, cells)| (n, abs_s as u64, 0, *cells))
        });
        let tied = self
            .tied
            .iter()
            .map(|((n, abs_s, tie_term), cells)| (*n, *abs_s, *tie_term, *cells));
        untied.chain(tied)
    }

    /// Adds counts such as [`SignificanceHistogram::counts`] gives, and cells that were not tested.
    ///
    /// # Errors
    /// A score that n values cannot have.
    pub fn add_counts(
        &mut self,
        counts: impl IntoIterator<Item = (usize, u64, u64, u64)>,
        untested: u64,
    ) -> Result<(), StatsError> {
        for (n, abs_s, tie_term, cells) in counts {
            if n < self.min_n || n > 1000 || abs_s > (n * (n - 1) / 2) as u64 {
                return Err(StatsError::Domain {
                    what: "a score in a histogram",
                    expected: "at most n(n-1)/2, of a tested n",
                    found: crate::series::count(usize::try_from(abs_s).unwrap_or(usize::MAX)),
                });
            }
            if tie_term == 0 {
                self.add_untied(n, abs_s, cells);
            } else {
                *self.tied.entry((n, abs_s, tie_term)).or_default() += cells;
            }
        }
        self.untested += untested;
        Ok(())
    }

    /// Cells with too few values to be tested.
    #[must_use]
    pub fn untested(&self) -> u64 {
        self.untested
    }

    /// The classes as `(p, cells)`, p increasing, each p once.
    #[must_use]
    pub fn classes(&self) -> Vec<(f64, u64)> {
        let untied = self.untied.iter().enumerate().flat_map(|(n, row)| {
            row.iter()
                .enumerate()
                .filter(|(_, cells)| **cells > 0)
                .map(move |(abs_s, cells)| ((n, abs_s as u64, 0), *cells))
        });
        let tied = self.tied.iter().map(|(class, cells)| (*class, *cells));
        let mut by_p: BTreeMap<u64, u64> = BTreeMap::new();
        for ((n, abs_s, tie_term), cells) in untied.chain(tied) {
            // The bits of floats from 0 to 1 sort as the floats do.
            let (p, _) = two_sided_p(n, abs_s, tie_term);
            *by_p.entry(p.to_bits()).or_default() += cells;
        }
        by_p.into_iter()
            .map(|(bits, cells)| (f64::from_bits(bits), cells))
            .collect()
    }

    /// Benjamini-Hochberg over all tested cells.
    ///
    /// # Errors
    /// q outside (0, 1).
    pub fn benjamini_hochberg(&self, q: f64) -> Result<FalseDiscoveryCut, StatsError> {
        cut(self.classes().into_iter(), q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use crate::multiplicity::benjamini_hochberg;

    #[test]
    fn the_histogram_and_the_sorted_list_agree() {
        let mut draws = Draws::new(3, 0);
        let mut whole = SignificanceHistogram::new(3);
        let mut parts = [whole.clone(), whole.clone()];
        let mut list = Vec::new();
        for k in 0..5000 {
            let n = 2 + usize::try_from(draws.below(11)).unwrap();
            let pairs = (n * (n - 1) / 2) as u64;
            let tie_term = 18 * draws.below(3) * u64::from(n > 6);
            // Far more large scores than chance gives, so that some are rejected.
            let abs_s = pairs - 2 * (draws.below(pairs / 2 + 1) * draws.below(2));
            let s = i64::try_from(abs_s).unwrap() * if k % 2 == 0 { 1 } else { -1 };
            whole.add(n, s, tie_term);
            parts[k % 2].add(n, s, tie_term);
            if n >= 3 {
                list.push(two_sided_p(n, abs_s, tie_term).0);
            }
        }
        let [mut first, second] = parts;
        first.merge(&second).unwrap();
        assert_eq!(first, whole);
        let by_list = benjamini_hochberg(&list, 0.1).unwrap();
        assert_eq!(whole.benjamini_hochberg(0.1).unwrap(), by_list);
        assert!(by_list.rejected > 100 && by_list.rejected < by_list.tests);
        assert_eq!(whole.untested() + by_list.tests, 5000);
        assert!(first.merge(&SignificanceHistogram::new(4)).is_err());

        let mut again = SignificanceHistogram::new(whole.min_n());
        again.add_counts(whole.counts(), whole.untested()).unwrap();
        assert_eq!(again, whole);
        assert!(again.add_counts([(3, 4, 0, 1)], 0).is_err());
        assert!(again.add_counts([(2, 1, 0, 1)], 0).is_err());
    }

    #[test]
    fn one_certain_cell_in_two_million_is_found() {
        // The smallest p at n = 12 is 4.2e-9, below .05 / 1.8e6.
        let mut histogram = SignificanceHistogram::new(3);
        histogram.add(12, 66, 0);
        histogram.add_untied(12, 0, 1_799_999);
        let cut = histogram.benjamini_hochberg(0.05).unwrap();
        assert_eq!((cut.rejected, cut.tests), (1, 1_800_000));
    }
}
