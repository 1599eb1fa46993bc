//! Sums that do not depend on the order of adding.
//!
//! Samples are the file's own integers with integer weights (cell areas). All sums stay integers
//! until the last step, where the result is rounded once, to the nearest float. So any split over
//! threads, blocks or machines gives the same bits.

mod ratio;

use num_bigint::{BigInt, BigUint};

pub use ratio::ratio_to_f64;
pub(crate) use ratio::ratio_u128_to_f64;

use crate::StatsError;
use ratio::{big_ratio_to_f64, sqrt_of_ratio_to_f64};

/// Turns a stored integer into a physical value: `value = raw * numerator / denominator`.
///
/// MOD17A3 NPP in gC m-2 is `Scale::new(1, 10)`: kgC m-2 with scale 0.0001.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    numerator: i64,
    denominator: u64,
}

impl Scale {
    /// Raw values as they are.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// The ratio `numerator / denominator`.
    ///
    /// # Errors
    /// A denominator of 0.
    pub fn new(numerator: i64, denominator: u64) -> Result<Self, StatsError> {
        if denominator == 0 {
            return Err(StatsError::Domain {
                what: "the denominator of a scale",
                expected: "at least 1",
                found: 0.0,
            });
        }
        Ok(Self {
            numerator,
            denominator,
        })
    }

    /// `raw` in physical units, rounded once.
    #[must_use]
    pub fn apply(self, raw: i128) -> f64 {
        self.ratio(&BigInt::from(raw), &BigUint::from(1_u8))
    }

    /// `numerator / denominator` in physical units, rounded once.
    fn ratio(self, numerator: &BigInt, denominator: &BigUint) -> f64 {
        big_ratio_to_f64(
            &(numerator * self.numerator),
            &(denominator * self.denominator),
        )
    }
}

/// Count, weight, sum and sum of squares of weighted integer samples.
///
/// Merging is addition, so it is associative and commutative to the bit. Every addition is checked;
/// at 16-bit values and weights up to 2^63 more than 2^32 samples fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// Samples.
    pub count: u64,
    /// Sum of weights, in the unit of the weights.
    pub weight: u128,
    /// Sum of raw values, unweighted.
    pub sum: i128,
    /// Sum of weight times raw value.
    pub weighted_sum: i128,
    /// Sum of weight times squared raw value.
    pub weighted_sum_of_squares: u128,
}

impl Moments {
    /// Adds one sample.
    ///
    /// # Errors
    /// A sum beyond 128 bits; nothing is added then.
    pub fn add(&mut self, raw: i64, weight: u64) -> Result<(), StatsError> {
        let square = u128::from(raw.unsigned_abs()) * u128::from(raw.unsigned_abs());
        self.add_equal_weight(1, i128::from(raw), square, weight)
    }

    /// Adds `count` samples that share one weight, given their sum and sum of squares.
    ///
    /// # Errors
    /// A sum beyond 128 bits; nothing is added then.
    pub fn add_equal_weight(
        &mut self,
        count: u64,
        sum: i128,
        sum_of_squares: u128,
        weight: u64,
    ) -> Result<(), StatsError> {
        const VALUES: StatsError = StatsError::Overflow {
            what: "weighted values",
        };
        self.merge(&Self {
            count,
            weight: u128::from(count) * u128::from(weight),
            sum,
            weighted_sum: sum.checked_mul(i128::from(weight)).ok_or(VALUES)?,
            weighted_sum_of_squares: sum_of_squares
                .checked_mul(u128::from(weight))
                .ok_or(VALUES)?,
        })
    }

    /// Adds the samples of another.
    ///
    /// # Errors
    /// A sum beyond its integer; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), StatsError> {
        *self = self.merged(other).ok_or(StatsError::Overflow {
            what: "merged samples",
        })?;
        Ok(())
    }

    fn merged(&self, other: &Self) -> Option<Self> {
        Some(Self {
            count: self.count.checked_add(other.count)?,
            weight: self.weight.checked_add(other.weight)?,
            sum: self.sum.checked_add(other.sum)?,
            weighted_sum: self.weighted_sum.checked_add(other.weighted_sum)?,
            weighted_sum_of_squares: self
                .weighted_sum_of_squares
                .checked_add(other.weighted_sum_of_squares)?,
        })
    }

    /// Weighted mean in physical units; `None` without weight.
    #[must_use]
    pub fn mean(&self, scale: Scale) -> Option<f64> {
        (self.weight > 0).then(|| {
            scale.ratio(
                &BigInt::from(self.weighted_sum),
                &BigUint::from(self.weight),
            )
        })
    }

    /// Mean of the samples without their weights, in physical units; `None` without samples.
    #[must_use]
    pub fn unweighted_mean(&self, scale: Scale) -> Option<f64> {
        (self.count > 0).then(|| scale.ratio(&BigInt::from(self.sum), &BigUint::from(self.count)))
    }

    /// Weighted sum in physical units times the unit of the weights.
    #[must_use]
    pub fn total(&self, scale: Scale) -> f64 {
        scale.apply(self.weighted_sum)
    }

    /// Weighted standard deviation of the samples about their weighted mean, in physical units:
    /// the spread of the population that the samples are, `sqrt(sum w (x - mean)^2 / sum w)`.
    /// `None` without weight.
    #[must_use]
    pub fn population_sd(&self, scale: Scale) -> Option<f64> {
        if self.weight == 0 {
            return None;
        }
        let weight = BigUint::from(self.weight);
        let sum = BigUint::from(self.weighted_sum.unsigned_abs());
        // W sum(w x^2) - (sum w x)^2 is not negative (Cauchy and Schwarz).
        let spread = &weight * BigUint::from(self.weighted_sum_of_squares) - &sum * &sum;
        let numerator = BigUint::from(scale.numerator.unsigned_abs());
        let denominator = weight * BigUint::from(scale.denominator);
        Some(sqrt_of_ratio_to_f64(
            &(spread * &numerator * &numerator),
            &(&denominator * &denominator),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TENTH: Scale = Scale {
        numerator: 1,
        denominator: 10,
    };

    #[test]
    fn three_cells_by_hand() {
        let mut m = Moments::default();
        for (raw, weight) in [(10, 1), (20, 1), (-40, 2)] {
            m.add(raw, weight).unwrap();
        }
        assert_eq!((m.count, m.weight, m.sum), (3, 4, -10));
        assert_eq!(m.weighted_sum, -50);
        assert_eq!(m.mean(TENTH), Some(-1.25));
        assert_eq!(m.unweighted_mean(Scale::ONE), Some(-10.0 / 3.0));
        assert_eq!(m.total(TENTH), -5.0);
        // Mean of squares 925, less 12.5 squared.
        assert_eq!(m.population_sd(TENTH), Some(768.75_f64.sqrt() / 10.0));
    }

    #[test]
    fn nothing_has_no_mean() {
        let m = Moments::default();
        assert_eq!((m.mean(TENTH), m.population_sd(TENTH)), (None, None));
        assert_eq!(m.total(TENTH), 0.0);
        assert!(Scale::new(1, 0).is_err());
    }

    #[test]
    fn a_sum_too_large_is_refused_whole() {
        let mut m = Moments::default();
        m.add(1, 1).unwrap();
        let before = m;
        assert_eq!(
            m.add_equal_weight(1, i128::MAX, 0, 2),
            Err(StatsError::Overflow {
                what: "weighted values"
            })
        );
        assert_eq!(m, before);
    }

    proptest! {
        #[test]
        fn order_and_split_do_not_matter(
            mut samples in prop::collection::vec((-32_768_i64..32_768, 0_u64..1 << 40), 1..60),
            cut in 0_usize..60,
        ) {
            let add = |samples: &[(i64, u64)]| {
                let mut m = Moments::default();
                for (raw, weight) in samples {
                    m.add(*raw, *weight).unwrap();
                }
                m
            };
            let whole = add(&samples);
            samples.reverse();
            let cut = cut.min(samples.len());
            let mut parts = add(&samples[cut..]);
            parts.merge(&add(&samples[..cut])).unwrap();
            prop_assert_eq!(whole, parts);
            let weight: u128 = samples.iter().map(|s| u128::from(s.1)).sum();
            if weight > 0 {
                // Plain floats come close; the exact figure is theirs without the rounding.
                let w = |s: &(i64, u64)| s.1 as f64;
                let total: f64 = samples.iter().map(w).sum();
                let mean = samples.iter().map(|s| s.0 as f64 * w(s)).sum::<f64>() / total;
                let square = samples.iter().map(|s| (s.0 as f64 - mean).powi(2) * w(s)).sum::<f64>();
                prop_assert!((whole.mean(Scale::ONE).unwrap() - mean).abs() < 1e-9);
                let sd = whole.population_sd(Scale::ONE).unwrap();
                prop_assert!((sd - (square / total).sqrt()).abs() < 1e-6);
            }
        }
    }
}
