//! CASA: net primary productivity directly from absorbed light, with temperature terms that are
//! acclimated to the site's own optimum (Potter et al. 1993; Field et al. 1995; Zhu et al. 2007).

/// Share of shortwave energy that is photosynthetically active, in CASA.
pub const PAR_SHARE: f64 = 0.5;

/// Which reading of the second temperature term is used; they differ in the cold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heat {
    /// Potter et al. 1993: 1.1814, no growth at or below -10 degrees Celsius.
    Potter,
    /// Zhu et al. 2007: half of the value at the optimum where it is more than 10 degrees warmer
    /// or 13 degrees colder than the optimum: a step that raises the term in the cold.
    Zhu,
    /// MiCASA: 1.1919, so that the term is 1 at the optimum; an optimum below 0 counts as 0.
    Micasa,
}

/// The bell of temperature around an optimum, without its constant.
fn bell(optimum_c: f64, temperature_c: f64) -> f64 {
    let cold = 1.0 + libm::exp(0.2 * (optimum_c - 10.0 - temperature_c));
    let warm = 1.0 + libm::exp(0.3 * (-optimum_c - 10.0 + temperature_c));
    1.0 / (cold * warm)
}

/// First term: biomes of cold or of very hot optimum are less efficient.
fn optimum_term(optimum_c: f64) -> f64 {
    0.8 + 0.02 * optimum_c - 0.0005 * optimum_c * optimum_c
}

impl Heat {
    /// The first temperature term.
    #[must_use]
    pub fn t1(self, optimum_c: f64, temperature_c: f64) -> f64 {
        match self {
            Self::Potter | Self::Zhu if temperature_c <= -10.0 => 0.0,
            Self::Micasa if temperature_c < -10.0 => 0.0,
            Self::Potter | Self::Zhu => optimum_term(optimum_c),
            Self::Micasa => optimum_term(optimum_c.max(0.0)),
        }
    }

    /// The second temperature term.
    #[must_use]
    pub fn t2(self, optimum_c: f64, temperature_c: f64) -> f64 {
        match self {
            Self::Potter => 1.1814 * bell(optimum_c, temperature_c),
            Self::Zhu => {
                let far = temperature_c > optimum_c + 10.0 || temperature_c < optimum_c - 13.0;
                if far {
                    0.5 * 1.1814 * bell(optimum_c, optimum_c)
                } else {
                    1.1814 * bell(optimum_c, temperature_c)
                }
            }
            Self::Micasa => 1.1919 * bell(optimum_c.max(0.0), temperature_c),
        }
    }

    /// Both terms together.
    #[must_use]
    pub fn scalar(self, optimum_c: f64, temperature_c: f64) -> f64 {
        let scalar = self.t1(optimum_c, temperature_c) * self.t2(optimum_c, temperature_c);
        // The constant of MiCASA is rounded up: near an optimum of 20 degrees the product passes 1.
        match self {
            Self::Micasa => scalar.min(1.0),
            Self::Potter | Self::Zhu => scalar,
        }
    }
}

/// The heat index of Thornthwaite: the sum over twelve monthly means of (T/5)^1.514 above 0.
#[must_use]
pub fn heat_index(monthly_c: &[f64; 12]) -> f64 {
    monthly_c
        .iter()
        .filter(|t| **t > 0.0)
        .map(|t| libm::pow(t / 5.0, 1.514))
        .sum()
}

/// Potential evapotranspiration of a month of 30 days of 12 hours, mm (Thornthwaite 1948).
#[must_use]
pub fn thornthwaite_mm(temperature_c: f64, heat_index: f64) -> f64 {
    if temperature_c <= 0.0 || heat_index <= 0.0 {
        return 0.0;
    }
    let i = heat_index;
    let exponent = (0.6751 * i * i * i - 77.1 * i * i + 17_920.0 * i + 492_390.0) * 1e-6;
    16.0 * libm::pow(10.0 * temperature_c / i, exponent)
}

/// Water of a month by the regional model of evapotranspiration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaporation {
    /// Net radiation in mm of water.
    pub radiation_mm: f64,
    /// Estimated evapotranspiration, mm.
    pub actual_mm: f64,
    /// Potential evapotranspiration: the mean of the estimated one and that of Thornthwaite, mm.
    pub potential_mm: f64,
}

/// Evapotranspiration of a month from its precipitation and Thornthwaite's demand
/// (Zhou & Zhang 1996; the coefficient 0.598 is unverified: one published code has 0.589).
/// All zero in a month without demand or without rain.
#[must_use]
pub fn evaporation(precipitation_mm: f64, thornthwaite_mm: f64) -> Evaporation {
    let (r, e0) = (precipitation_mm, thornthwaite_mm);
    if r <= 0.0 || e0 <= 0.0 {
        return Evaporation {
            radiation_mm: 0.0,
            actual_mm: 0.0,
            potential_mm: e0.max(0.0) / 2.0,
        };
    }
    let rn = (e0 * r).sqrt() * (0.369 + 0.598 * (e0 / r).sqrt());
    let actual = r * rn * (r * r + rn * rn + r * rn) / ((r + rn) * (r * r + rn * rn));
    Evaporation {
        radiation_mm: rn,
        actual_mm: actual,
        potential_mm: f64::midpoint(actual, e0),
    }
}

/// The water term of each month, 0.5 to 1: half and half of EET over PET. A month without demand
/// keeps the term of the month before it, the first ones have 0.5.
#[must_use]
pub fn water_terms(months: &[Evaporation]) -> Vec<f64> {
    let mut last = 0.5;
    months
        .iter()
        .map(|month| {
            if month.potential_mm > 0.0 {
                last = 0.5 + 0.5 * (month.actual_mm / month.potential_mm).min(1.0);
            }
            last
        })
        .collect()
}

/// NPP of a month, gC m-2, from its shortwave radiation (MJ m-2), FPAR, both scalars and the
/// greatest efficiency (gC per MJ of absorbed PAR).
#[must_use]
pub fn npp_gc_m2(
    shortwave_mj_m2: f64,
    fpar: f64,
    heat: f64,
    water: f64,
    efficiency_gc_mj: f64,
) -> f64 {
    shortwave_mj_m2 * PAR_SHARE * fpar * heat * water * efficiency_gc_mj
}
