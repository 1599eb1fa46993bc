//! The log-logistic distribution of three parameters, which is Hosking's generalised logistic.

use std::f64::consts::PI;

use super::moments::LMoments;
use super::tables::Tables;

/// `F = 1/(1 + e^-y)`, `y = -ln(1 - kappa (x - xi)/alpha) / kappa`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLogistic {
    /// Location, in the unit of the values.
    pub xi: f64,
    /// Scale, above 0, in the unit of the values.
    pub alpha: f64,
    /// Shape, -1 to 1: below 0 there is a lower bound, above 0 an upper one.
    pub kappa: f64,
}

/// Shapes this close to 0 are the plain logistic distribution.
const PLAIN: f64 = 1e-6;

impl LogLogistic {
    /// From L-moments (Hosking 1990; `pelglo` of his routines).
    #[must_use]
    pub fn of(moments: LMoments) -> Self {
        let kappa = -moments.t3;
        if kappa.abs() <= PLAIN {
            return Self {
                xi: moments.l1,
                alpha: moments.l2,
                kappa: 0.0,
            };
        }
        let g = kappa * PI / libm::sin(kappa * PI);
        let alpha = moments.l2 / g;
        Self {
            xi: moments.l1 - alpha * (1.0 - g) / kappa,
            alpha,
            kappa,
        }
    }

    /// The logistic deviate y of a value; infinite outside the support.
    #[must_use]
    pub fn deviate(&self, x: f64) -> f64 {
        let w = (x - self.xi) / self.alpha;
        if self.kappa == 0.0 {
            return w;
        }
        let inside = 1.0 - self.kappa * w;
        if inside <= 0.0 {
            return if self.kappa < 0.0 {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
        }
        -libm::log(inside) / self.kappa
    }

    /// The probability of a value at most `x`.
    #[must_use]
    pub fn probability(&self, x: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-self.deviate(x)))
    }

    /// The standard normal deviate of the probability of `x`.
    #[must_use]
    pub fn standard(&self, x: f64) -> f64 {
        Tables::get().normal_of_logistic(self.deviate(x))
    }

    /// The standard normal deviates of many values.
    pub(super) fn standard_all(&self, values: &[f64], deviates: &mut Vec<f64>) {
        let tables = Tables::get();
        deviates.clear();
        if self.kappa == 0.0 {
            deviates.extend(values.iter().map(|x| self.standard(*x)));
            return;
        }
        let (by_alpha, by_kappa) = (-self.kappa / self.alpha, -1.0 / self.kappa);
        deviates.extend(values.iter().map(|x| {
            let inside = 1.0 + (x - self.xi) * by_alpha;
            if (f64::MIN_POSITIVE..=f64::MAX).contains(&inside) {
                tables.ln(inside) * by_kappa
            } else {
                self.deviate(*x)
            }
        }));
        for y in deviates {
            *y = tables.normal_of_logistic(*y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_sample_has_the_mirrored_index() {
        let fit = LogLogistic::of(LMoments {
            l1: 3.0,
            l2: 2.0,
            t3: 0.2,
        });
        let mirror = LogLogistic::of(LMoments {
            l1: -3.0,
            l2: 2.0,
            t3: -0.2,
        });
        assert!((fit.standard(5.0) + mirror.standard(-5.0)).abs() < 1e-14);
        assert_eq!(fit.standard(-1e9), f64::NEG_INFINITY);
        assert_eq!(mirror.standard(1e9), f64::INFINITY);
    }
}
