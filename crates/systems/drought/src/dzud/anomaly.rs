//! Anomalies of a place against its own base years.

use nutag_stats::StatsError;

use crate::standard::count;

/// The mean and the spread of the base years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardised {
    /// Mean of the base years.
    pub mean: f64,
    /// Their standard deviation, with n - 1.
    pub sd: f64,
    /// Base years that are known.
    pub n: usize,
}

impl Standardised {
    /// From the values of the base years; missing ones are not numbers.
    ///
    /// # Errors
    /// Returns an error if fewer than three are known or they do not vary.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        let known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        if known.len() < 3 {
            return Err(StatsError::TooFew {
                what: "an anomaly",
                needed: 3,
                found: known.len(),
            });
        }
        let n = count(known.len());
        let mean = known.iter().sum::<f64>() / n;
        let squares: f64 = known.iter().map(|v| (v - mean) * (v - mean)).sum();
        let sd = libm::sqrt(squares / (n - 1.0));
        if sd > 0.0 {
            Ok(Self {
                mean,
                sd,
                n: known.len(),
            })
        } else {
            Err(StatsError::NoMaximum {
                what: "an anomaly",
                hint: "the base years do not vary",
            })
        }
    }

    /// The anomaly of a value, in standard deviations.
    #[must_use]
    pub fn z(&self, value: f64) -> f64 {
        (value - self.mean) / self.sd
    }
}
