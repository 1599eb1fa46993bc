//! The gamma distribution, for precipitation of months with rain.

use nutag_stats::quantile::incomplete_gamma;

use super::kernel::count;
use super::moments::LMoments;

/// As the published routine writes it. The approximation is good to 5e-5, so more digits are no truer,
/// and with these R's numbers come out to the last digits.
#[expect(
    clippy::approx_constant,
    reason = "the rounding of the published routine"
)]
const PI: f64 = 3.141_592_7;

/// Shape and scale; the lower bound is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaFit {
    /// Shape, above 0.
    pub shape: f64,
    /// Scale, in the unit of the values.
    pub scale: f64,
}

impl GammaFit {
    /// From L-moments by Hosking's approximation (`pelgam`; within 5e-5 of the shape). `None` unless
    /// `l1 > l2 > 0`.
    #[must_use]
    pub fn of(moments: LMoments) -> Option<Self> {
        let LMoments { l1, l2, .. } = moments;
        if !(l1 > l2 && l2 > 0.0) {
            return None;
        }
        let cv = l2 / l1;
        let shape = if cv < 0.5 {
            let t = PI * cv * cv;
            (1.0 - 0.3080 * t) / (t * (1.0 + t * (-0.05812 + 0.01765 * t)))
        } else {
            let t = 1.0 - cv;
            t * (0.7213 - 0.5947 * t) / (1.0 + t * (-2.1817 + 1.2113 * t))
        };
        Some(Self {
            shape,
            scale: l1 / shape,
        })
    }

    /// From the mean and the mean logarithm (Thom 1958), as climate-indices and xclim do. All values
    /// must be above 0; `None` if they do not differ.
    #[must_use]
    pub fn thom(positive: &[f64]) -> Option<Self> {
        let n = count(positive.len());
        let mean = positive.iter().sum::<f64>() / n;
        let logs = positive.iter().map(|x| libm::log(*x)).sum::<f64>() / n;
        let a = libm::log(mean) - logs;
        if !(a > 0.0 && a.is_finite()) {
            return None;
        }
        let shape = (1.0 + libm::sqrt(1.0 + 4.0 * a / 3.0)) / (4.0 * a);
        Some(Self {
            shape,
            scale: mean / shape,
        })
    }

    /// The probabilities of at most `x` and of more than `x`.
    #[must_use]
    pub fn tails(&self, x: f64) -> (f64, f64) {
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        incomplete_gamma(self.shape, x / self.scale)
    }
}
