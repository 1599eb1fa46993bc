//! What was tallied, and in which units it is reported.

use nutag_stats::exact;

/// Square centimetres in a square kilometre.
pub const SQUARE_CENTIMETRES_PER_KM2: i128 = 10_000_000_000;

/// Raw counts into densities: `density = raw x numerator / denominator`.
///
/// A ratio of integers, because 0.0001 is not a binary number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    numerator: i64,
    denominator: i64,
    exact: exact::Scale,
}

/// Why a scale cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Zero, negative or far too large.
    #[error(
        "scale {numerator}/{denominator}: expected two whole numbers from 1 to 1000000000000; \
         give the scale of the product as a ratio, such as 1/10000"
    )]
    Scale {
        /// The numerator given.
        numerator: i64,
        /// The denominator given.
        denominator: i64,
    },
}

impl Scale {
    /// The largest numerator or denominator: keeps every exact product of a
    /// run within 128 bits.
    const LARGEST: i64 = 1_000_000_000_000;

    /// A scale from its ratio.
    ///
    /// # Errors
    /// [`QuantityError::Scale`] unless both are from 1 to 10^12.
    pub fn new(numerator: i64, denominator: i64) -> Result<Self, QuantityError> {
        let fits = 1..=Self::LARGEST;
        let exact = exact::Scale::new(numerator, denominator.unsigned_abs());
        match exact {
            Ok(exact) if fits.contains(&numerator) && fits.contains(&denominator) => Ok(Self {
                numerator,
                denominator,
                exact,
            }),
            _ => Err(QuantityError::Scale {
                numerator,
                denominator,
            }),
        }
    }

    /// Numerator and denominator.
    #[must_use]
    pub fn parts(self) -> [i64; 2] {
        [self.numerator, self.denominator]
    }

    pub(crate) fn exact(self) -> exact::Scale {
        self.exact
    }

    /// The numerator.
    #[must_use]
    pub fn numerator(self) -> i128 {
        i128::from(self.numerator)
    }

    /// The denominator.
    #[must_use]
    pub fn denominator(self) -> i128 {
        i128::from(self.denominator)
    }
}

/// What was tallied.
///
/// A density times an area in km2 is a **sum**, in `sum_unit`; a sum divided
/// by `sums_per_total` is a **total**, in `total_unit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// Name, such as "NPP" or "NDVI".
    pub name: String,
    /// Raw counts into `density_unit`.
    pub scale: Scale,
    /// Unit of a density: "gC m-2", which is the same as tC km-2.
    pub density_unit: String,
    /// Unit of density x km2: "tC".
    pub sum_unit: String,
    /// Unit of a total in the tables: "MtC".
    pub total_unit: String,
    /// How many sum units make a total unit: 1,000,000 tC are one MtC.
    pub sums_per_total: u32,
    /// Whether it is carbon, so that it can also be given as CO2.
    pub carbon: bool,
}

impl Quantity {
    /// A carbon flux whose densities are in gC m-2.
    ///
    /// 1 gC m-2 = 1 tC km-2, so a density times km2 is in tC.
    #[must_use]
    pub fn carbon(name: &str, scale: Scale) -> Self {
        Self {
            name: name.to_owned(),
            scale,
            density_unit: "gC m-2".to_owned(),
            sum_unit: "tC".to_owned(),
            total_unit: "MtC".to_owned(),
            sums_per_total: 1_000_000,
            carbon: true,
        }
    }

    /// Any other quantity. Its total is density x km2; for a quantity without
    /// unit (give "1", or nothing) that is km2.
    #[must_use]
    pub fn other(name: &str, scale: Scale, density_unit: &str) -> Self {
        let per_area = match density_unit {
            "" | "1" => "km2".to_owned(),
            unit => format!("{unit} km2"),
        };
        Self {
            name: name.to_owned(),
            scale,
            density_unit: match density_unit {
                "" => "1".to_owned(),
                unit => unit.to_owned(),
            },
            sum_unit: per_area.clone(),
            total_unit: per_area,
            sums_per_total: 1,
            carbon: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_a_ratio_of_positive_numbers() {
        assert!(Scale::new(1, 10).is_ok());
        for (n, d) in [(0, 1), (1, 0), (-1, 10), (1, i64::MAX)] {
            assert!(Scale::new(n, d).is_err(), "{n}/{d}");
        }
    }

    #[test]
    fn totals_of_other_quantities_name_the_area() {
        let scale = Scale::new(1, 10_000).unwrap();
        assert_eq!(Quantity::other("NDVI", scale, "").total_unit, "km2");
        assert_eq!(Quantity::other("LST", scale, "K").total_unit, "K km2");
        assert_eq!(Quantity::carbon("NPP", scale).sum_unit, "tC");
    }
}
