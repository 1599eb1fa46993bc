//! The Pearson type III distribution: a gamma distribution with a bound of its own.

use nutag_stats::quantile::{incomplete_gamma, normal_cdf};

use super::moments::LMoments;

/// Mean, standard deviation and skewness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PearsonThree {
    /// Mean, in the unit of the values.
    pub mu: f64,
    /// Standard deviation, in the unit of the values.
    pub sigma: f64,
    /// Skewness.
    pub gamma: f64,
}

/// Constants as the published routine writes them: its approximation is good to 5e-5, so more digits
/// are no truer, and with these R's numbers come out to the last digits.
const ROOT_PI: f64 = 1.772_453_9;
const THREE_PI: f64 = 9.424_778_0;

/// Skews this small are the normal distribution.
const NORMAL: f64 = 1e-6;

impl PearsonThree {
    /// From L-moments by Hosking's approximation (`pelpe3`).
    #[must_use]
    pub fn of(moments: LMoments) -> Self {
        let LMoments { l1, l2, t3 } = moments;
        let skew = t3.abs();
        if skew <= NORMAL {
            return Self {
                mu: l1,
                sigma: l2 * ROOT_PI,
                gamma: 0.0,
            };
        }
        let alpha = if skew < 0.333_333_33 {
            let t = THREE_PI * skew * skew;
            (1.0 + 0.2906 * t) / (t * (1.0 + t * (0.1882 + 0.0442 * t)))
        } else {
            let t = 1.0 - skew;
            t * (0.36067 + t * (-0.59567 + 0.25361 * t))
                / (1.0 + t * (-2.78861 + t * (2.56096 - 0.77045 * t)))
        };
        let ratio = libm::exp(libm::lgamma(alpha) - libm::lgamma(alpha + 0.5));
        Self {
            mu: l1,
            sigma: ROOT_PI * l2 * libm::sqrt(alpha) * ratio,
            gamma: (2.0 / libm::sqrt(alpha)).copysign(t3),
        }
    }

    /// The probabilities of at most `x` and of more than `x`.
    #[must_use]
    pub fn tails(&self, x: f64) -> (f64, f64) {
        let z = (x - self.mu) / self.sigma;
        if self.gamma.abs() <= NORMAL {
            return (normal_cdf(z), normal_cdf(-z));
        }
        let alpha = 4.0 / (self.gamma * self.gamma);
        let from_bound = 2.0 / self.gamma * z + alpha;
        let (low, high) = if from_bound <= 0.0 {
            (0.0, 1.0)
        } else {
            incomplete_gamma(alpha, from_bound)
        };
        if self.gamma > 0.0 {
            (low, high)
        } else {
            (high, low)
        }
    }
}
