//! Losses of adult animals over the December census before.

use std::collections::BTreeMap;

use crate::DroughtError;

/// The five kinds of livestock, with their sheep units (Mongolian sheep forage units).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Species {
    /// 5 sheep units.
    Camel,
    /// 7 sheep units.
    Horse,
    /// 6 sheep units.
    Cattle,
    /// 1 sheep unit.
    Sheep,
    /// 0.9 sheep units.
    Goat,
}

impl Species {
    /// All five.
    pub const ALL: [Self; 5] = [
        Self::Camel,
        Self::Horse,
        Self::Cattle,
        Self::Sheep,
        Self::Goat,
    ];

    /// Sheep forage units of one head.
    #[must_use]
    pub fn sheep_units(self) -> f64 {
        match self {
            Self::Camel => 5.0,
            Self::Horse => 7.0,
            Self::Cattle => 6.0,
            Self::Sheep => 1.0,
            Self::Goat => 0.9,
        }
    }
}

/// Heads of one place and year, by kind; a kind that is not known is not there.
pub type Herds = BTreeMap<Species, f64>;

/// The share of the stock of December of the year before that died in the year, 0 to 1. Losses of
/// newborn animals are in neither number.
///
/// # Errors
/// Returns an error if a number is negative or more died than there were: then the two tables are not
/// of the same animals, units or years.
pub fn mortality_rate(losses: f64, stock_before: f64) -> Result<f64, DroughtError> {
    if !(stock_before > 0.0 && stock_before.is_finite()) {
        return Err(DroughtError::Domain {
            what: "the stock of the December before",
            expected: "above 0",
            found: stock_before,
        });
    }
    let rate = losses / stock_before;
    if (0.0..=1.0).contains(&rate) {
        Ok(rate)
    } else {
        Err(DroughtError::Domain {
            what: "losses over the stock of the December before",
            expected: "between 0 and 1 (are both in the same unit, heads or thousands?)",
            found: rate,
        })
    }
}

/// The rate in sheep units: the sum of losses over the sum of stock, each kind with its units. It is no
/// mean of the rates of the kinds.
///
/// # Errors
/// Returns an error if a kind has losses without a stock, or the rate cannot be meant.
pub fn weighted_mortality(losses: &Herds, stock_before: &Herds) -> Result<f64, DroughtError> {
    let mut sums = [0.0, 0.0];
    for (species, stock) in stock_before {
        let Some(lost) = losses.get(species) else {
            return Err(DroughtError::Domain {
                what: "losses of a kind that has a stock",
                expected: "given, 0 if none died",
                found: f64::NAN,
            });
        };
        // Each kind for itself, so that one wrong table is not hidden by the others.
        mortality_rate(*lost, *stock)?;
        sums[0] += lost * species.sheep_units();
        sums[1] += stock * species.sheep_units();
    }
    if losses
        .keys()
        .any(|species| !stock_before.contains_key(species))
    {
        return Err(DroughtError::Domain {
            what: "the stock of a kind that has losses",
            expected: "given",
            found: f64::NAN,
        });
    }
    mortality_rate(sums[0], sums[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheep_units_weigh_the_sums() {
        let stock: Herds = [(Species::Horse, 100.0), (Species::Sheep, 1000.0)].into();
        let losses: Herds = [(Species::Horse, 10.0), (Species::Sheep, 300.0)].into();
        // (70 + 300) / (700 + 1000), not the mean of 10 and 30 %.
        let rate = weighted_mortality(&losses, &stock).unwrap();
        assert!((rate - 370.0 / 1700.0).abs() < 1e-15);
        assert!((mortality_rate(0.25, 2.0).unwrap() - 0.125).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_a_rate_is_refused() {
        assert!(mortality_rate(3.0, 2.0).is_err());
        assert!(mortality_rate(-1.0, 2.0).is_err());
        assert!(mortality_rate(1.0, 0.0).is_err());
        let stock: Herds = [(Species::Sheep, 1000.0)].into();
        let other: Herds = [(Species::Goat, 10.0)].into();
        assert!(weighted_mortality(&other, &stock).is_err());
        let both: Herds = [(Species::Goat, 10.0), (Species::Sheep, 1.0)].into();
        assert!(weighted_mortality(&both, &stock).is_err());
    }
}
