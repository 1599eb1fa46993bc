//! How the months of a window are weighted.

use crate::DroughtError;

/// The shape of the weights over the window, the current month first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KernelShape {
    /// Every month the same.
    Rectangular,
    /// Falling in a line.
    Triangular,
    /// Falling as a quarter of a circle: `k^2 + 1 - i^2`.
    Circular,
    /// Falling as a bell, from 0 to 3 standard deviations.
    Gaussian,
}

/// The weights of a window; they sum to 1, the current month first.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernel {
    weights: Vec<f64>,
}

impl Kernel {
    /// Weights over `months`, shifted by `shift` months into the past (R SPEI's `kern`).
    ///
    /// # Errors
    /// Returns an error if there is no month, if `shift` is not below `months`, or for a bell over one
    /// month.
    pub fn new(shape: KernelShape, months: usize, shift: usize) -> Result<Self, DroughtError> {
        if months == 0 || months > 1200 {
            return Err(DroughtError::Domain {
                what: "the window of an index",
                expected: "between 1 and 1200 months",
                found: count(months),
            });
        }
        if shift >= months {
            return Err(DroughtError::Domain {
                what: "the shift of a kernel",
                expected: "below its months",
                found: count(shift),
            });
        }
        if shape == KernelShape::Gaussian && months == 1 {
            return Err(DroughtError::Domain {
                what: "the window of a gaussian kernel",
                expected: "at least 2 months",
                found: 1.0,
            });
        }
        let k = count(months);
        let raw: Vec<f64> = (1..=months)
            .map(|lag| {
                let i = count(lag);
                match shape {
                    KernelShape::Rectangular => 1.0,
                    KernelShape::Triangular => k + 1.0 - i,
                    KernelShape::Circular => k * k + 1.0 - i * i,
                    KernelShape::Gaussian => {
                        let s = -3.0 * (i - 1.0) / (k - 1.0);
                        libm::exp(-0.5 * s * s)
                    }
                }
            })
            .collect();
        let shifted: Vec<f64> = raw[1..=shift]
            .iter()
            .rev()
            .chain(&raw[..months - shift])
            .copied()
            .collect();
        let sum: f64 = shifted.iter().sum();
        Ok(Self {
            weights: shifted.iter().map(|w| w / sum).collect(),
        })
    }

    /// The weights, the current month first.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// How many months the window has.
    #[must_use]
    pub fn months(&self) -> usize {
        self.weights.len()
    }

    /// The weighted sum over the window that ends at each value, times the months of the window, so
    /// that a rectangular kernel gives the plain sum. Missing where the window is not full or a value
    /// in it is missing.
    pub(super) fn accumulate(&self, values: &[f64], sums: &mut Vec<f64>) {
        let months = self.weights.len();
        sums.clear();
        sums.resize(values.len().min(months - 1), f64::NAN);
        let plain = self.weights.iter().all(|w| *w == self.weights[0]);
        if plain {
            sums.extend(
                values
                    .windows(months)
                    .map(|window| window.iter().rev().fold(0.0, |sum, value| sum + value)),
            );
        } else {
            let k = count(months);
            sums.extend(values.windows(months).map(|window| {
                window
                    .iter()
                    .rev()
                    .zip(&self.weights)
                    .fold(0.0, |sum, (value, weight)| sum + value * (weight * k))
            }));
        }
    }
}

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "counts of months are small")]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}
