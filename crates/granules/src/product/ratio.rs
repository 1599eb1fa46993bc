//! Exact fractions of decimal numbers.

use serde::{Deserialize, Serialize};

/// An exact fraction in lowest terms; the denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ratio {
    /// Carries the sign.
    pub numerator: i64,
    /// Above zero.
    pub denominator: i64,
}

impl Ratio {
    /// Zero.
    pub const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };
    /// One.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// The fraction of the shortest decimal that reads back as `number`: 0.0001 is 1/10000, although the
    /// double is not. `None` for numbers that are not finite or need more than 18 digits either way.
    #[must_use]
    pub fn from_decimal(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        // `Display` of f64 is the shortest decimal that reads back, never with an exponent.
        let text = number.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let denominator = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let numerator: i64 = format!("{whole}{fraction}").parse().ok()?;
        Some(
            Self {
                numerator,
                denominator,
            }
            .lowest(),
        )
    }

    /// One over it; `None` for zero.
    #[must_use]
    pub fn reciprocal(self) -> Option<Self> {
        (self.numerator != 0).then(|| Self {
            numerator: self.denominator * self.numerator.signum(),
            denominator: self.numerator.abs(),
        })
    }

    fn lowest(self) -> Self {
        let (mut a, mut b) = (
            self.numerator.unsigned_abs(),
            self.denominator.unsigned_abs(),
        );
        while b != 0 {
            (a, b) = (b, a % b);
        }
        match i64::try_from(a) {
            Ok(divisor) if divisor > 1 => Self {
                numerator: self.numerator / divisor,
                denominator: self.denominator / divisor,
            },
            _ => self,
        }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> Option<Ratio> {
        Some(Ratio {
            numerator,
            denominator,
        })
    }

    #[test]
    fn decimals_become_the_fraction_they_are_written_as() {
        assert_eq!(Ratio::from_decimal(0.0001), ratio(1, 10_000));
        assert_eq!(Ratio::from_decimal(0.02), ratio(1, 50));
        assert_eq!(Ratio::from_decimal(25.0), ratio(25, 1));
        assert_eq!(Ratio::from_decimal(-65.0), ratio(-65, 1));
        assert_eq!(Ratio::from_decimal(-0.49), ratio(-49, 100));
        assert_eq!(Ratio::from_decimal(0.0), Some(Ratio::ZERO));
        assert_eq!(Ratio::from_decimal(-0.0), Some(Ratio::ZERO));
        assert_eq!(
            Ratio::from_decimal(10_000.0).and_then(Ratio::reciprocal),
            ratio(1, 10_000)
        );
    }

    #[test]
    fn what_no_such_fraction_fits_is_refused() {
        for number in [f64::NAN, f64::INFINITY, 1e300, 1e-300, 1.0 / 3.0 * 1e-10] {
            assert_eq!(Ratio::from_decimal(number), None, "{number}");
        }
        assert_eq!(Ratio::ZERO.reciprocal(), None);
    }
}
