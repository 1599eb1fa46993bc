//! Months without rain: which index has a zero, when zeros are common?

use nutag_stats::quantile::normal_quantile;

use super::kernel::count;

/// The place of a zero among the deviates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// `Phi^-1(p0 / 2)`, the centre of mass of the zeros (Stagge et al. 2015).
    CentreOfMass,
    /// `Phi^-1(p0)`: with six dry years in ten a dry month looks wet. For comparison only.
    Classic,
    /// `-phi(Phi^-1(p0)) / p0`, so that the index has mean 0 (Allen and Otero 2024).
    MeanZero,
}

/// How often a zero is, from `m` zeros in `n` values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZeroShare {
    /// `m / n`.
    Empirical,
    /// `m / (n + 1)` (Weibull).
    Weibull,
}

impl ZeroShare {
    pub(super) fn of(self, zeros: usize, all: usize) -> f64 {
        match self {
            Self::Empirical => count(zeros) / count(all),
            Self::Weibull => count(zeros) / count(all + 1),
        }
    }
}

impl Zeros {
    /// The deviate of a zero where the share of zeros is `p0`; infinite at 0: a zero is then outside
    /// what the reference has shown.
    #[must_use]
    pub fn deviate(self, p0: f64) -> f64 {
        match self {
            Self::CentreOfMass => normal_quantile(0.5 * p0),
            Self::Classic => normal_quantile(p0),
            Self::MeanZero => {
                if p0 == 0.0 {
                    return f64::NEG_INFINITY;
                }
                let z = normal_quantile(p0);
                let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
                if z.is_infinite() { 0.0 } else { -density / p0 }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_dry_years_in_ten() {
        let at = |zeros: Zeros, p0: f64| (zeros.deviate(p0) * 100.0).round() / 100.0;
        assert_eq!(at(Zeros::Classic, 0.6), 0.25);
        assert_eq!(at(Zeros::CentreOfMass, 0.6), -0.52);
        assert_eq!(at(Zeros::MeanZero, 0.6), -0.64);
        assert_eq!(at(Zeros::Classic, 0.9), 1.28);
        assert_eq!(at(Zeros::CentreOfMass, 0.9), -0.13);
        assert_eq!(at(Zeros::MeanZero, 0.9), -0.19);
        for zeros in [Zeros::Classic, Zeros::CentreOfMass, Zeros::MeanZero] {
            assert_eq!(zeros.deviate(0.0), f64::NEG_INFINITY);
        }
    }
}
