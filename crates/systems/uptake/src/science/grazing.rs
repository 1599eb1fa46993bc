//! Livestock to carbon: sheep units, intake, what is lost to the land, and whether that can be.

use super::units::carbon_from_dry_matter;

/// Days of a year on which animals eat.
pub const DAYS: f64 = 365.0;

/// Sheep units of head by species, both in the same order.
#[must_use]
pub fn sheep_units(head: &[f64], units: &[f64]) -> f64 {
    head.iter()
        .zip(units)
        .map(|(head, units)| head * units)
        .sum()
}

/// What sheep units eat in a year, t of dry matter.
#[must_use]
pub fn intake_t_dry_matter(sheep_units: f64, intake_kg_per_day: f64) -> f64 {
    sheep_units * intake_kg_per_day * DAYS / 1000.0
}

/// Carbon eaten in a year, tC.
#[must_use]
pub fn intake_tc(sheep_units: f64, intake_kg_per_day: f64, carbon_per_dry_matter: f64) -> f64 {
    carbon_from_dry_matter(
        intake_t_dry_matter(sheep_units, intake_kg_per_day),
        carbon_per_dry_matter,
    )
}

/// Carbon that the land loses by grazing: what is eaten less what returns as dung. What animals breathe
/// out, give off as methane, or carry away is all in it.
#[must_use]
pub fn net_offtake_tc(intake_tc: f64, dung_return: f64) -> f64 {
    intake_tc * (1.0 - dung_return)
}

/// Enteric methane as CO2 of the same warming, tCO2e: carbon to methane by 16/12.
#[must_use]
pub fn methane_tco2e(intake_tc: f64, methane_share: f64, gwp: f64) -> f64 {
    intake_tc * methane_share * 16.0 / 12.0 * gwp
}

/// Where pressure, eaten carbon as a share of above-ground NPP, stops being plausible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// Above this, overgrazing or wrong inputs. 0.5 is half of what grows (0.3 to 0.7, unverified).
    pub high_above: f64,
    /// Above this, more is eaten than grows: an input is wrong.
    pub impossible_above: f64,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            high_above: 0.5,
            impossible_above: 1.0,
        }
    }
}

/// What the gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It can be.
    Plausible,
    /// Real overgrazing, or an input is off.
    VeryHigh,
    /// More is eaten than grows: an input is off, and nothing may rest on it.
    Impossible,
}

impl Verdict {
    /// The words in tables.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Plausible => "plausible",
            Self::VeryHigh => "very high: overgrazing, or an input is off",
            Self::Impossible => "impossible: more is eaten than grows",
        }
    }
}

impl Gate {
    /// The verdict on a pressure.
    #[must_use]
    pub fn verdict(self, pressure: f64) -> Verdict {
        if pressure > self.impossible_above {
            Verdict::Impossible
        } else if pressure > self.high_above {
            Verdict::VeryHigh
        } else {
            Verdict::Plausible
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_herds_of_1990_and_2022() {
        // Heads of 1990 in thousands: camel, horse, cattle, sheep, goat.
        let head = [537.5, 2262.0, 2848.7, 15_083.0, 5125.7];
        let with_goats_of = |goat| sheep_units(&head, &[5.0, 7.0, 6.0, 1.0, goat]) / 1000.0;
        assert!(
            (with_goats_of(0.9) - 55.3).abs() < 0.05,
            "{}",
            with_goats_of(0.9)
        );
        assert!((with_goats_of(0.7) - 54.28).abs() < 0.005);
        let mtc = |su: f64, kg| intake_tc(su, kg, 0.45) / 1e6;
        for (su, low, high) in [(118.7e6, 27.0, 35.0), (54.3e6, 12.0, 16.0)] {
            assert!((mtc(su, 1.4) - low).abs() < 0.6, "{}", mtc(su, 1.4));
            assert!((mtc(su, 1.8) - high).abs() < 0.6, "{}", mtc(su, 1.8));
        }
    }

    #[test]
    fn the_gate_speaks_and_clips_nothing() {
        let gate = Gate::default();
        assert_eq!(gate.verdict(0.3), Verdict::Plausible);
        // 2022: 27 to 35 of 47 to 56 MtC.
        for pressure in [27.0 / 53.0, 35.0 / 47.0] {
            assert_eq!(gate.verdict(pressure), Verdict::VeryHigh, "{pressure}");
        }
        assert_eq!(gate.verdict(1.2), Verdict::Impossible);
        assert_eq!(gate.verdict(f64::INFINITY), Verdict::Impossible);
    }

    #[test]
    fn what_is_eaten_goes_its_ways() {
        assert_eq!(intake_t_dry_matter(1000.0, 2.0), 730.0);
        assert!((net_offtake_tc(100.0, 0.375) - 62.5).abs() < 1e-12);
        // 3 tC of methane are 4 t of methane.
        assert!((methane_tco2e(100.0, 0.03, 28.0) - 112.0).abs() < 1e-9);
    }
}
