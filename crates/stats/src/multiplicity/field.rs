//! Field significance: are more cells significant than chance gives?
//!
//! Years are permuted, the same way for all cells, so that the spatial correlation stays and only
//! the order in time is lost (Livezey and Chen 1983; Wilks 2006). The share of permutations with at
//! least as many significant cells as observed is the p of the whole field.

use crate::draws::Draws;
use crate::{StatsError, series::count};

/// Seeded joint permutations of the years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointPermutations {
    years: usize,
    orders: Vec<Vec<usize>>,
}

impl JointPermutations {
    /// `permutations` orders of `years` years; permutation k is stream k of `seed`.
    #[must_use]
    pub fn new(years: usize, permutations: usize, seed: u64) -> Self {
        Self {
            years,
            orders: (0..permutations)
                .map(|k| Draws::new(seed, k as u64).permutation(years))
                .collect(),
        }
    }

    /// Years in each order.
    #[must_use]
    pub fn years(&self) -> usize {
        self.years
    }

    /// The orders: entry i of an order is the year that stands in place i.
    #[must_use]
    pub fn orders(&self) -> &[Vec<usize>] {
        &self.orders
    }
}

/// Significant cells as observed and under each permutation. Blocks add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldCounts {
    /// Significant cells in the true order.
    pub observed: u64,
    /// Significant cells under each permutation.
    pub permuted: Vec<u64>,
}

impl FieldCounts {
    /// No cells yet.
    #[must_use]
    pub fn new(permutations: usize) -> Self {
        Self {
            observed: 0,
            permuted: vec![0; permutations],
        }
    }

    /// Adds the cells of another block.
    ///
    /// # Errors
    /// Another number of permutations.
    pub fn merge(&mut self, other: &Self) -> Result<(), StatsError> {
        if self.permuted.len() != other.permuted.len() {
            return Err(StatsError::Length {
                what: "permutations of a merged block",
                of: "permutations of the first block",
                expected: self.permuted.len(),
                found: other.permuted.len(),
            });
        }
        self.observed += other.observed;
        for (sum, part) in self.permuted.iter_mut().zip(&other.permuted) {
            *sum += part;
        }
        Ok(())
    }

    /// The p of the field and the count that chance passes with probability `alpha`.
    ///
    /// # Errors
    /// No permutation, or `alpha` outside (0, 1).
    pub fn significance(&self, alpha: f64) -> Result<FieldSignificance, StatsError> {
        crate::error::open_unit("alpha", alpha)?;
        let permutations = self.permuted.len();
        if permutations == 0 {
            return Err(StatsError::TooFew {
                what: "field significance",
                needed: 1,
                found: 0,
            });
        }
        let reached = self
            .permuted
            .iter()
            .filter(|count| **count >= self.observed)
            .count();
        let mut sorted = self.permuted.clone();
        sorted.sort_unstable();
        // The smallest count that at least a share 1 - alpha of the permutations does not pass.
        let within = |k: usize| count(k) >= (1.0 - alpha) * count(permutations) * (1.0 - 1e-12);
        let rank = (1..=permutations)
            .find(|k| within(*k))
            .unwrap_or(permutations);
        Ok(FieldSignificance {
            observed: self.observed,
            permutations,
            p: (count(reached) + 1.0) / (count(permutations) + 1.0),
            alpha,
            critical: sorted[rank - 1],
        })
    }
}

/// The verdict on a whole field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldSignificance {
    /// Significant cells in the true order.
    pub observed: u64,
    /// Permutations drawn.
    pub permutations: usize,
    /// `(1 + permutations with at least as many) / (1 + permutations)`: the true order is one of
    /// the orders, so p is never 0 (Phipson and Smyth 2010).
    pub p: f64,
    /// The level of `critical`.
    pub alpha: f64,
    /// The `1 - alpha` quantile of the counts under permutation.
    pub critical: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_by_hand() {
        let counts = FieldCounts {
            observed: 17,
            permuted: (0..19).collect(),
        };
        let field = counts.significance(0.05).unwrap();
        // 17 and 18 reach it: (2 + 1) / 20. The 95th percentile of 0..=18 is the 19th value.
        assert_eq!((field.p, field.critical), (0.15, 18));
        assert_eq!(counts.significance(0.1).unwrap().critical, 17);
        assert!(FieldCounts::new(0).significance(0.05).is_err());
        assert!(FieldCounts::new(2).merge(&FieldCounts::new(3)).is_err());
    }

    #[test]
    fn permutations_are_seeded_and_whole() {
        let a = JointPermutations::new(12, 50, 9);
        assert_eq!(a, JointPermutations::new(12, 50, 9));
        assert_ne!(a, JointPermutations::new(12, 50, 10));
        for order in a.orders() {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..12).collect::<Vec<_>>());
        }
    }
}
