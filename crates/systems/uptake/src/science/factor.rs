//! Numbers from elsewhere: value, range, source, and whether anyone checked it.

use nutag_stats::draws::Draws;

/// How a number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Read in the source that is named.
    Source,
    /// Computed from numbers that are named.
    Computed,
    /// From memory of the literature: check it before it is cited.
    Unverified,
    /// Given by the user in the pipeline file.
    Given,
}

impl Mark {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Computed => "computed",
            Self::Unverified => "unverified",
            Self::Given => "pipeline file",
        }
    }
}

/// A number from elsewhere. With a range it is uncertain: triangular between its ends with the value as
/// its peak.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// The value that tables are made with.
    pub value: f64,
    /// Least and largest, where it is uncertain.
    pub range: Option<[f64; 2]>,
    /// Where it is from.
    pub source: String,
    /// How it is known.
    pub mark: Mark,
}

impl Factor {
    /// A number that is certain, or whose uncertainty is not counted.
    #[must_use]
    pub fn fixed(value: f64, source: &str, mark: Mark) -> Self {
        Self {
            value,
            range: None,
            source: source.to_owned(),
            mark,
        }
    }

    /// A number with a range.
    #[must_use]
    pub fn ranged([low, value, high]: [f64; 3], source: &str, mark: Mark) -> Self {
        Self {
            value,
            range: Some([low, high]),
            source: source.to_owned(),
            mark,
        }
    }

    /// A draw from its triangular distribution; the value where it has no range. One uniform number is
    /// used in any case, so that a range more or less moves no other draw.
    pub fn draw(&self, draws: &mut Draws) -> f64 {
        let u = draws.uniform();
        match self.range {
            Some([low, high]) if low < high => triangular(u, low, self.value, high),
            _ => self.value,
        }
    }
}

/// The triangular quantile: `u` in (0, 1), `low <= peak <= high`, `low < high`.
fn triangular(u: f64, low: f64, peak: f64, high: f64) -> f64 {
    let (span, rise) = (high - low, peak - low);
    if u * span < rise {
        low + (u * span * rise).sqrt()
    } else {
        high - ((1.0 - u) * span * (high - peak)).sqrt()
    }
}

/// The defaults: what the literature has, each with its mark.
pub mod defaults {
    use super::{Factor, Mark};

    /// Species with their sheep units: a sheep is one.
    pub const SHEEP_UNITS: [(&str, [f64; 3]); 5] = [
        ("camel", [5.0, 5.0, 5.7]),
        ("horse", [6.0, 7.0, 7.0]),
        ("cattle", [6.0, 6.0, 6.0]),
        ("sheep", [1.0, 1.0, 1.0]),
        ("goat", [0.7, 0.9, 0.9]),
    ];

    /// Carbon in a unit of dry matter of herbs.
    #[must_use]
    pub fn carbon_per_dry_matter() -> Factor {
        Factor::ranged(
            [0.45, 0.45, 0.47],
            "0.45 is common; 0.47 in the IPCC guidelines",
            Mark::Unverified,
        )
    }

    /// Share of NPP above ground: 1/(1 + 2.6) by the fine-root to leaf ratio of MOD17 (grass), from
    /// 0.22 to 0.42 by a root turnover of 0.5 to 0.2 a year of 7.04 times the biomass above ground.
    #[must_use]
    pub fn above_ground_share() -> Factor {
        Factor::ranged(
            [0.22, 0.28, 0.42],
            "1/(1 + froot:leaf 2.6) of MOD17's grass; range from root turnover 0.2 to 0.5 a year",
            Mark::Computed,
        )
    }

    /// Biomass below ground for each unit above, a ratio of stocks.
    #[must_use]
    pub fn below_to_above() -> Factor {
        Factor::ranged(
            [5.32, 7.04, 11.5],
            "Ma 2008: meadow steppe 7.04, desert steppe 5.32; another transect 11.5",
            Mark::Source,
        )
    }

    /// Dry matter that a sheep unit eats, kg a day.
    #[must_use]
    pub fn intake_kg_per_day() -> Factor {
        Factor::ranged([1.4, 1.6, 1.8], "1.4 to 1.8 kg a day", Mark::Unverified)
    }

    /// Share of the eaten carbon that returns as dung.
    #[must_use]
    pub fn dung_return() -> Factor {
        Factor::ranged(
            [0.30, 0.375, 0.45],
            "30 to 45 % of the intake",
            Mark::Unverified,
        )
    }

    /// Share of the eaten carbon that leaves as methane.
    #[must_use]
    pub fn methane_share() -> Factor {
        Factor::ranged(
            [0.03, 0.045, 0.06],
            "3 to 6 % of the intake",
            Mark::Unverified,
        )
    }

    /// Mass of CO2 with the warming of a mass of methane over 100 years.
    #[must_use]
    pub fn methane_gwp() -> Factor {
        Factor::fixed(
            28.0,
            "IPCC AR5, 100 years, without feedbacks",
            Mark::Unverified,
        )
    }

    /// CO2 of a kg of burned dry matter of grass or savanna, g.
    #[must_use]
    pub fn fire_gco2_per_kg() -> Factor {
        Factor::ranged(
            [1613.0, 1646.5, 1680.0],
            "1613 to 1680 g per kg, grass and savanna",
            Mark::Unverified,
        )
    }

    /// Share of the fuel that burns.
    #[must_use]
    pub fn fire_completeness() -> Factor {
        Factor::fixed(0.77, "grass", Mark::Unverified)
    }

    /// Sheep units of a species; `None` for one that is not known.
    #[must_use]
    pub fn sheep_units(species: &str) -> Option<Factor> {
        let (_, range) = SHEEP_UNITS.iter().find(|(name, _)| *name == species)?;
        let source = "usual Mongolian sheep units; sets differ";
        Some(if range[0] < range[2] {
            Factor::ranged(*range, source, Mark::Unverified)
        } else {
            Factor::fixed(range[1], source, Mark::Unverified)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triangular_draws_have_their_mean_and_spread() {
        let (low, peak, high) = (1.4, 1.5, 1.8);
        let factor = Factor::ranged([low, peak, high], "", Mark::Given);
        let mut draws = Draws::new(3, 0);
        let n = 200_000_u32;
        let values: Vec<f64> = (0..n).map(|_| factor.draw(&mut draws)).collect();
        assert!(values.iter().all(|v| (low..=high).contains(v)));
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let expected = (low + peak + high) / 3.0;
        let variance =
            (low * low + peak * peak + high * high - low * peak - low * high - peak * high) / 18.0;
        assert!((mean - expected).abs() < 4.0 * (variance / f64::from(n)).sqrt());
        let found = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!((found / variance - 1.0).abs() < 0.02, "{found} {variance}");
    }

    #[test]
    fn a_peak_at_an_end_and_no_range_are_fine() {
        let mut draws = Draws::new(4, 0);
        let at_the_low_end = Factor::ranged([0.45, 0.45, 0.47], "", Mark::Given);
        let at_the_high_end = Factor::ranged([0.7, 0.9, 0.9], "", Mark::Given);
        for _ in 0..1000 {
            assert!((0.45..=0.47).contains(&at_the_low_end.draw(&mut draws)));
            assert!((0.7..=0.9).contains(&at_the_high_end.draw(&mut draws)));
        }
        assert_eq!(Factor::fixed(6.0, "", Mark::Given).draw(&mut draws), 6.0);
        let before = Draws::new(9, 9);
        let (mut a, mut b) = (before.clone(), before);
        at_the_low_end.draw(&mut a);
        Factor::fixed(6.0, "", Mark::Given).draw(&mut b);
        assert_eq!(a.bits(), b.bits());
    }

    #[test]
    fn the_range_of_the_above_ground_share_is_computed_as_said() {
        // BNPP = 7.04 AGB x turnover, ANPP = AGB.
        let share = |turnover: f64| 1.0 / (1.0 + 7.04 * turnover);
        assert!((share(0.5) - 0.22).abs() < 0.005 && (share(0.2) - 0.42).abs() < 0.005);
        assert!((1.0_f64 / 3.6 - 0.28).abs() < 0.003);
    }
}
