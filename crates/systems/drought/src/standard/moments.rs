//! Probability-weighted moments and L-moments of a sorted sample (Hosking and Wallis 1997).

use super::kernel::count;

/// The first three probability-weighted moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMoments {
    /// The mean.
    pub b0: f64,
    /// Weighted by the rank.
    pub b1: f64,
    /// Weighted by the rank twice.
    pub b2: f64,
}

/// Mean, spread and skew as L-moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LMoments {
    /// The mean, in the unit of the values.
    pub l1: f64,
    /// The scale, in the unit of the values.
    pub l2: f64,
    /// The skew, without a unit.
    pub t3: f64,
}

/// Unbiased moments of at least three values in rising order.
#[must_use]
pub fn unbiased(sorted: &[f64]) -> WeightedMoments {
    let n = count(sorted.len());
    let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
    let mut j = 0.0;
    for &x in sorted {
        s0 += x;
        let first = j * x;
        s1 += first;
        s2 += (j - 1.0) * first;
        j += 1.0;
    }
    WeightedMoments {
        b0: s0 / n,
        b1: s1 / (n * (n - 1.0)),
        b2: s2 / (n * (n - 1.0) * (n - 2.0)),
    }
}

/// Moments by the plotting position `(j - 0.35) / n`, of values in rising order.
#[must_use]
pub fn plotting_position(sorted: &[f64]) -> WeightedMoments {
    let n = count(sorted.len());
    let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
    let mut j = 1.0;
    for &x in sorted {
        let p = (j - 0.35) / n;
        s0 += x;
        s1 += p * x;
        s2 += p * p * x;
        j += 1.0;
    }
    WeightedMoments {
        b0: s0 / n,
        b1: s1 / n,
        b2: s2 / n,
    }
}

impl WeightedMoments {
    /// The L-moments; `None` if they are those of no distribution (`l2 <= 0` or `|t3| >= 1`).
    #[must_use]
    pub fn l_moments(self) -> Option<LMoments> {
        let l2 = 2.0 * self.b1 - self.b0;
        let l3 = 6.0 * self.b2 - 6.0 * self.b1 + self.b0;
        let t3 = l3 / l2;
        (l2 > 0.0 && t3.abs() < 1.0).then_some(LMoments {
            l1: self.b0,
            l2,
            t3,
        })
    }
}
