//! Which of many tests still stand.
//!
//! Benjamini and Hochberg (1995) keeps the expected share of false discoveries below q. For
//! spatially correlated fields Wilks (2016) advises q = 2 alpha. [`field`] asks a different
//! question: are there more significant cells than chance would give, spatial correlation kept?

pub mod field;
mod histogram;

pub use histogram::SignificanceHistogram;

use crate::series::count;
use crate::{StatsError, error::open_unit};

/// The outcome of Benjamini-Hochberg over a family of tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FalseDiscoveryCut {
    /// The false discovery rate asked for.
    pub q: f64,
    /// Tests in the family.
    pub tests: u64,
    /// Tests rejected.
    pub rejected: u64,
    /// The largest p that is rejected; `None` if none is.
    pub p_cut: Option<f64>,
}

impl FalseDiscoveryCut {
    /// Whether a test of the family with this p is rejected. A p that is not a number is not.
    #[must_use]
    pub fn rejects(&self, p: f64) -> bool {
        self.p_cut.is_some_and(|cut| p <= cut)
    }
}

/// Benjamini-Hochberg over a list of p: reject the k smallest, `k = max{i: p_(i) <= i q / m}`.
///
/// # Errors
/// A p outside [0, 1], or q outside (0, 1).
pub fn benjamini_hochberg(p_values: &[f64], q: f64) -> Result<FalseDiscoveryCut, StatsError> {
    let sorted = sorted(p_values)?;
    let classes = sorted.chunk_by(|a, b| a == b);
    cut(classes.map(|class| (class[0], class.len() as u64)), q)
}

/// Adjusted p (q-values) in the order given: the smallest q at which each test is rejected,
/// `min over j >= i of p_(j) m / j`, at most 1.
///
/// # Errors
/// A p outside [0, 1].
pub fn adjusted_p(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    let sorted = sorted(p_values)?;
    let m = count(sorted.len());
    let mut adjusted = vec![1.0; sorted.len()];
    let mut smallest: f64 = 1.0;
    for (i, p) in sorted.iter().enumerate().rev() {
        smallest = smallest.min(p * m / count(i + 1));
        adjusted[i] = smallest;
    }
    Ok(p_values
        .iter()
        .map(|p| adjusted[sorted.partition_point(|s| s < p)])
        .collect())
}

/// Benjamini-Hochberg over classes `(p, tests)` with p increasing. All tests of one p fall together,
/// so only the last rank of a class matters.
fn cut(
    classes: impl Iterator<Item = (f64, u64)> + Clone,
    q: f64,
) -> Result<FalseDiscoveryCut, StatsError> {
    open_unit("the false discovery rate", q)?;
    let tests: u64 = classes.clone().map(|(_, n)| n).sum();
    let mut result = FalseDiscoveryCut {
        q,
        tests,
        rejected: 0,
        p_cut: None,
    };
    let mut rank = 0;
    for (p, n) in classes {
        rank += n;
        if p <= crate::exact::ratio_u128_to_f64(rank.into(), tests.into()) * q {
            result.rejected = rank;
            result.p_cut = Some(p);
        }
    }
    Ok(result)
}

fn sorted(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(&found) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(StatsError::Domain {
            what: "a p of the family",
            expected: "from 0 to 1; leave out series that were not tested",
            found,
        });
    }
    let mut sorted = p_values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_1995() {
        // Benjamini and Hochberg (1995), section 3.2: fifteen p, four rejected at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0000,
        ];
        let cut = benjamini_hochberg(&p, 0.05).unwrap();
        assert_eq!((cut.rejected, cut.p_cut), (4, Some(0.0095)));
        assert!(cut.rejects(0.0095) && !cut.rejects(0.0201) && !cut.rejects(f64::NAN));
        let adjusted = adjusted_p(&p).unwrap();
        assert_eq!(adjusted.iter().filter(|a| **a <= 0.05).count(), 4);
        assert!((adjusted[0] - 0.0015).abs() < 1e-15);
    }

    #[test]
    fn none_and_all_and_nothing() {
        assert_eq!(benjamini_hochberg(&[0.9, 0.8], 0.1).unwrap().p_cut, None);
        assert_eq!(benjamini_hochberg(&[0.04, 0.05], 0.05).unwrap().rejected, 2);
        assert_eq!(benjamini_hochberg(&[], 0.05).unwrap().tests, 0);
        assert!(benjamini_hochberg(&[f64::NAN], 0.05).is_err());
        assert!(benjamini_hochberg(&[0.5], 1.0).is_err());
    }

    #[test]
    fn adjusted_p_keeps_the_order_given_and_ties() {
        let adjusted = adjusted_p(&[0.04, 0.01, 0.04]).unwrap();
        assert_eq!(adjusted, [0.04, 0.03, 0.04]);
    }
}
