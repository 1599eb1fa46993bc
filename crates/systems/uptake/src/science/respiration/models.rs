//! The models.

/// Climate of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearClimate {
    /// Mean air temperature of the months, degC.
    pub temperature_celsius: [f64; 12],
    /// Precipitation of the months, mm.
    pub precipitation_mm: [f64; 12],
    /// Precipitation of the December before, mm; that of the year's own December where it is not known.
    pub december_before_mm: f64,
    /// Days of the months.
    pub days: [u8; 12],
}

/// Months with frozen soil: exponential models let CO2 out at -20 degC that soil does not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrozenCut {
    /// Months with a mean air temperature below this count as frozen, degC.
    pub below_celsius: f64,
    /// Share of the modelled respiration that such a month keeps, 0 to 1.
    pub keep: f64,
}

/// A model with its parameters moved: Rh is multiplied by `scale`, and the coefficient of temperature by
/// `sensitivity`. Ones are the model as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Perturbation {
    /// Factor on Rh.
    pub scale: f64,
    /// Factor on the coefficient of temperature.
    pub sensitivity: f64,
}

impl Perturbation {
    /// The model as it is.
    pub const NONE: Self = Self {
        scale: 1.0,
        sensitivity: 1.0,
    };
}

/// A curve in temperature, one at 10 degC.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Curve {
    /// `q10^((T - 10)/10)`.
    Q10 {
        /// Factor for ten degrees.
        q10: f64,
    },
    /// `exp(308.56 (1/56.02 - 1/(T + 46.02)))`, Lloyd and Taylor 1994, as in the code of LPJ.
    LloydTaylor,
}

/// A model of heterotrophic respiration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RhModel {
    /// Raich et al. 2002 for soil respiration, Bond-Lamberty et al. 2004 for its heterotrophic part.
    Raich2002,
    /// Hashimoto et al. 2015 for soil respiration, Bond-Lamberty et al. 2004 for its heterotrophic part.
    Hashimoto2015,
    /// Pei et al. 2009.
    Pei2009,
    /// A rate at 10 degC and a curve.
    Rate {
        /// The curve.
        curve: Curve,
        /// Rh at 10 degC where water does not limit, gC m-2 a day.
        r10_gc_per_m2_day: f64,
        /// Precipitation of a month at which Rh is half of that, mm; none where water plays no part.
        half_saturation_mm: Option<f64>,
    },
}

impl RhModel {
    /// Its name in tables and columns: letters, digits and underscores.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Raich2002 => "raich_2002",
            Self::Hashimoto2015 => "hashimoto_2015",
            Self::Pei2009 => "pei_2009",
            Self::Rate { curve, .. } => match curve {
                Curve::Q10 { .. } => "q10",
                Curve::LloydTaylor => "lloyd_taylor",
            },
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Raich2002 => "Raich 2002 + Bond-Lamberty 2004",
            Self::Hashimoto2015 => "Hashimoto 2015 + Bond-Lamberty 2004",
            Self::Pei2009 => "Pei 2009",
            Self::Rate { curve, .. } => match curve {
                Curve::Q10 { .. } => "Q10",
                Curve::LloydTaylor => "Lloyd-Taylor 1994",
            },
        }
    }

    /// The formula, and what a reader must know of it.
    #[must_use]
    pub fn formula(&self) -> String {
        const BOND_LAMBERTY: &str = "ln Rh = 1.22 + 0.73 ln Rs, gC m-2 a year (fitted to forests)";
        match self {
            Self::Raich2002 => format!(
                "Rs = 1.250 exp(0.05452 T) P/(4.259 + P) gC m-2 a day, P in cm a month, T held within -13.3 to 33.5 degC; {BOND_LAMBERTY}"
            ),
            Self::Hashimoto2015 => format!(
                "Rs = 1.68 exp(0.0528 T - 0.000628 T2) Pm/(1.20 + Pm) gC m-2 a day, Pm = 0.98 P + 0.02 P of the month before, cm; {BOND_LAMBERTY}"
            ),
            Self::Pei2009 => {
                "Rh = 0.22 (exp(0.0912 T) + ln(0.3145 P + 1)) x 30 x 0.465 gC m-2 a month, P in mm"
                    .to_owned()
            }
            Self::Rate {
                curve,
                r10_gc_per_m2_day,
                half_saturation_mm,
            } => {
                let curve = match curve {
                    Curve::Q10 { q10 } => format!("{q10}^((T - 10)/10)"),
                    Curve::LloydTaylor => "exp(308.56 (1/56.02 - 1/(T + 46.02)))".to_owned(),
                };
                let water = half_saturation_mm
                    .map_or_else(String::new, |k| format!(" P/({k} + P), P in mm a month"));
                format!("Rh = {r10_gc_per_m2_day} {curve}{water}, gC m-2 a day")
            }
        }
    }

    /// How it is known: no formula here was checked against its paper; the rate at 10 degC is the user's.
    #[must_use]
    pub fn mark(&self) -> &'static str {
        match self {
            Self::Raich2002 | Self::Hashimoto2015 => "unverified",
            Self::Pei2009 => "unverified, source not confirmed",
            Self::Rate { .. } => "curve: source; rate: pipeline file",
        }
    }

    /// Rh of a year in gC m-2, not negative.
    #[must_use]
    pub fn annual_gc_per_m2(
        &self,
        climate: &YearClimate,
        cut: Option<FrozenCut>,
        moved: Perturbation,
    ) -> f64 {
        let mut sum = 0.0;
        for month in 0..12 {
            let t = climate.temperature_celsius[month];
            let keep = match cut {
                Some(cut) if t < cut.below_celsius => cut.keep,
                _ => 1.0,
            };
            if keep > 0.0 {
                sum += keep * self.month(climate, month, t, moved.sensitivity);
            }
        }
        let annual = match self {
            Self::Raich2002 | Self::Hashimoto2015 => bond_lamberty_gc_per_m2(sum),
            Self::Pei2009 | Self::Rate { .. } => sum,
        };
        moved.scale.max(0.0) * annual
    }

    /// What a month adds: soil respiration or Rh, gC m-2.
    fn month(&self, climate: &YearClimate, month: usize, t: f64, sensitivity: f64) -> f64 {
        let mm = climate.precipitation_mm[month];
        let days = f64::from(climate.days[month]);
        match self {
            Self::Raich2002 => {
                let t = t.clamp(-13.3, 33.5);
                let cm = mm / 10.0;
                days * 1.250 * libm::exp(sensitivity * 0.054_52 * t) * cm / (4.259 + cm)
            }
            Self::Hashimoto2015 => {
                let before = match month {
                    0 => climate.december_before_mm,
                    _ => climate.precipitation_mm[month - 1],
                };
                let cm = (0.98 * mm + 0.02 * before) / 10.0;
                let power = sensitivity * 0.0528 * t - 0.000_628 * t * t;
                days * 1.68 * libm::exp(power) * cm / (1.20 + cm)
            }
            Self::Pei2009 => {
                let rate = libm::exp(sensitivity * 0.0912 * t) + libm::log(0.3145 * mm + 1.0);
                0.22 * rate * 30.0 * 0.465
            }
            Self::Rate {
                curve,
                r10_gc_per_m2_day,
                half_saturation_mm,
            } => {
                let power = match curve {
                    Curve::Q10 { q10 } => libm::log(*q10) * (t - 10.0) / 10.0,
                    Curve::LloydTaylor if t > -46.0 => 308.56 * (1.0 / 56.02 - 1.0 / (t + 46.02)),
                    Curve::LloydTaylor => return 0.0,
                };
                let water = half_saturation_mm.map_or(1.0, |half| mm / (half + mm));
                days * r10_gc_per_m2_day * libm::exp(sensitivity * power) * water
            }
        }
    }
}

/// The heterotrophic part of soil respiration, both in gC m-2 a year: `ln Rh = 1.22 + 0.73 ln Rs`
/// (Bond-Lamberty et al. 2004, fitted to forests). Zero for none.
fn bond_lamberty_gc_per_m2(rs: f64) -> f64 {
    if rs > 0.0 {
        libm::exp(1.22 + 0.73 * libm::log(rs))
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A year like Ulaanbaatar's: mean 0 degC, 249 mm.
    const YEAR: YearClimate = YearClimate {
        temperature_celsius: [
            -21.0, -16.0, -7.0, 2.0, 10.0, 16.0, 18.0, 16.0, 9.0, 1.0, -10.0, -18.0,
        ],
        precipitation_mm: [
            2.0, 2.0, 3.0, 8.0, 17.0, 48.0, 65.0, 60.0, 28.0, 8.0, 5.0, 3.0,
        ],
        december_before_mm: 3.0,
        days: [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
    };

    fn annual(model: RhModel) -> f64 {
        model.annual_gc_per_m2(&YEAR, None, Perturbation::NONE)
    }

    fn soil_respiration(model: RhModel) -> f64 {
        (0..12)
            .map(|m| model.month(&YEAR, m, YEAR.temperature_celsius[m], 1.0))
            .sum()
    }

    #[test]
    fn the_golden_year_gives_the_golden_values() {
        let [mean, sum] =
            [YEAR.temperature_celsius, YEAR.precipitation_mm].map(|a| a.iter().sum::<f64>());
        assert_eq!((mean, sum), (0.0, 249.0));
        let near = |found: f64, golden: f64, tolerance: f64| {
            assert!(
                (found - golden).abs() <= tolerance,
                "{found}, golden {golden}"
            );
        };
        near(soil_respiration(RhModel::Raich2002), 227.5, 0.05);
        near(soil_respiration(RhModel::Hashimoto2015), 428.8, 0.05);
        near(annual(RhModel::Raich2002), 178.0, 0.5);
        near(annual(RhModel::Hashimoto2015), 283.0, 0.5);
        near(annual(RhModel::Pei2009), 126.0, 0.5);
    }

    #[test]
    fn hashimoto_without_the_month_before_is_the_other_golden_value() {
        // P alone: 428.3. With a weight of 0.02 the month before moves little.
        let alone: f64 = (0..12)
            .map(|m| {
                let (t, cm) = (YEAR.temperature_celsius[m], YEAR.precipitation_mm[m] / 10.0);
                f64::from(YEAR.days[m]) * 1.68 * (0.0528 * t - 0.000_628 * t * t).exp() * cm
                    / (1.20 + cm)
            })
            .sum();
        assert!((alone - 428.3).abs() < 0.05, "{alone}");
        assert!((soil_respiration(RhModel::Hashimoto2015) - alone).abs() < 0.6);
    }

    fn rate(curve: Curve, half_saturation_mm: Option<f64>) -> RhModel {
        RhModel::Rate {
            curve,
            r10_gc_per_m2_day: 2.0,
            half_saturation_mm,
        }
    }

    #[test]
    fn rates_at_ten_degrees_are_what_was_given() {
        let mut ten = YEAR;
        ten.temperature_celsius = [10.0; 12];
        ten.precipitation_mm = [40.0; 12];
        for curve in [Curve::Q10 { q10: 2.0 }, Curve::LloydTaylor] {
            let found = rate(curve, None).annual_gc_per_m2(&ten, None, Perturbation::NONE);
            assert!((found - 730.0).abs() < 1e-9, "{curve:?} {found}");
            let half = rate(curve, Some(40.0)).annual_gc_per_m2(&ten, None, Perturbation::NONE);
            assert!((half - 365.0).abs() < 1e-9);
        }
        ten.temperature_celsius = [20.0; 12];
        let warm =
            rate(Curve::Q10 { q10: 2.0 }, None).annual_gc_per_m2(&ten, None, Perturbation::NONE);
        assert!((warm - 1460.0).abs() < 1e-9);
        ten.temperature_celsius = [-60.0; 12];
        assert_eq!(
            rate(Curve::LloydTaylor, None).annual_gc_per_m2(&ten, None, Perturbation::NONE),
            0.0
        );
    }

    #[test]
    fn frozen_months_keep_their_share() {
        let none = FrozenCut {
            below_celsius: -5.0,
            keep: 0.0,
        };
        for model in [
            RhModel::Raich2002,
            RhModel::Pei2009,
            rate(Curve::LloydTaylor, None),
        ] {
            let whole = annual(model);
            let cut = model.annual_gc_per_m2(&YEAR, Some(none), Perturbation::NONE);
            assert!(cut > 0.0 && cut < whole, "{model:?}: {cut} of {whole}");
            let kept = FrozenCut { keep: 1.0, ..none };
            assert_eq!(
                model.annual_gc_per_m2(&YEAR, Some(kept), Perturbation::NONE),
                whole
            );
        }
        let all = FrozenCut {
            below_celsius: 90.0,
            keep: 0.0,
        };
        assert_eq!(
            RhModel::Raich2002.annual_gc_per_m2(&YEAR, Some(all), Perturbation::NONE),
            0.0
        );
    }

    #[test]
    fn a_scale_scales_and_a_sensitivity_bends() {
        for model in [RhModel::Raich2002, RhModel::Hashimoto2015, RhModel::Pei2009] {
            let moved = |scale, sensitivity| {
                model.annual_gc_per_m2(&YEAR, None, Perturbation { scale, sensitivity })
            };
            assert!((moved(1.1, 1.0) / moved(1.0, 1.0) - 1.1).abs() < 1e-12);
            assert!(
                moved(1.0, 1.1) > moved(1.0, 1.0),
                "most respires above 0 degC"
            );
            assert_eq!(moved(-1.0, 1.0), 0.0);
        }
    }
}
