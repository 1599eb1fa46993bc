//! The P-model in its standard form: leaves balance the costs of water and of carboxylation
//! (Prentice et al. 2014; Wang et al. 2017; Stocker et al. 2020), so one efficiency serves all
//! vegetation, and CO2 and air pressure count.

use super::water::viscosity_pa_s;

/// Molar gas constant, J mol-1 K-1, as the reference code rounds it.
const GAS: f64 = 8.3145;
/// The reference temperature of 25 degrees Celsius in K.
const TK_25: f64 = 298.15;
/// Standard pressure, Pa.
const STANDARD_PA: f64 = 101_325.0;
/// Mole fraction of oxygen.
const OXYGEN: f64 = 0.209_476;
/// Mass of a mole of carbon, g.
const G_PER_MOL: f64 = 12.0107;
/// Seconds of a day times grams in a microgram: ug s-1 into g d-1.
const DAYS_GRAMS: f64 = 0.0864;
/// Ratio of the unit costs of carboxylation and transpiration, C3 (Stocker et al. 2020); a ninth
/// of it for C4.
const COST_RATIO: f64 = 146.0;
/// Cost of electron transport, c* of Wang et al. 2017.
const JMAX_COST: f64 = 0.41;

/// The way of photosynthesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pathway {
    /// Most grasses of cold steppe.
    C3,
    /// Warm-season grasses and many chenopods; no effect of CO2.
    C4,
}

/// How many photons fix a molecule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QuantumYield {
    /// The same at any temperature: not for cold countries (0.28 gC m-2 d-1 at -25 degrees).
    Fixed(f64),
    /// `phi_ref` times the temperature curve of Bernacchi et al. 2003 (C3) or Cai & Prentice
    /// 2020 (C4); zero below -13.3 degrees Celsius for C3.
    Temperature(f64),
}

impl QuantumYield {
    /// Setup BRC of Stocker et al. 2020, without soil moisture.
    pub const BRC: Self = Self::Temperature(0.081_785);
    /// Setup FULL of Stocker et al. 2020, to be used with the soil moisture penalty.
    pub const FULL: Self = Self::Temperature(0.087_182);
    /// Setup ORG of Stocker et al. 2020.
    pub const ORG: Self = Self::Fixed(0.049_977);

    /// Moles of CO2 for a mole of photons at this temperature.
    #[must_use]
    pub fn at(self, temperature_c: f64, pathway: Pathway) -> f64 {
        let t = temperature_c;
        match (self, pathway) {
            (Self::Fixed(phi), _) => phi,
            (Self::Temperature(phi), Pathway::C3) => {
                phi * (0.352 + 0.022 * t - 0.000_34 * t * t).max(0.0)
            }
            (Self::Temperature(phi), Pathway::C4) => {
                phi * (-0.064 + 0.03 * t - 0.000_464 * t * t).max(0.0)
            }
        }
    }
}

/// What limits the rate of electron transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JmaxLimit {
    /// Wang et al. 2017, the standard.
    Wang2017,
    /// None: potential rates, for comparisons.
    Unlimited,
}

/// The air around leaves: means of daylight hours over a week or a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Air {
    /// Temperature by day, degrees Celsius.
    pub temperature_c: f64,
    /// Vapour pressure deficit by day, Pa; not negative.
    pub vpd_pa: f64,
    /// Pressure, Pa.
    pub pressure_pa: f64,
    /// Mole fraction of CO2, ppm.
    pub co2_ppm: f64,
}

/// What leaves do in such air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf {
    /// Photorespiratory compensation point, Pa.
    pub gamma_star_pa: f64,
    /// Michaelis-Menten coefficient of carboxylation, Pa.
    pub km_pa: f64,
    /// Viscosity of water relative to that at 25 degrees Celsius and standard pressure.
    pub relative_viscosity: f64,
    /// Ratio of CO2 inside the leaf to that of the air.
    pub chi: f64,
    /// Partial pressure of CO2 inside the leaf, Pa.
    pub ci_pa: f64,
    /// Limitation of the light-limited rate by CO2, m.
    pub m: f64,
    /// Limitation by electron transport; 0 where its cost cannot be borne (m <= 0.41).
    pub f_v: f64,
    /// Light-use efficiency, gC per mole of absorbed photons.
    pub lue_gc_mol: f64,
    /// Intrinsic water-use efficiency, umol mol-1.
    pub iwue_umol_mol: f64,
}

impl Leaf {
    /// GPP in gC m-2 d-1 for each unit of FPAR, from the 24-hour mean of the photon flux density.
    #[must_use]
    pub fn gpp_per_fpar(&self, ppfd_umol_m2_s: f64) -> f64 {
        self.lue_gc_mol * ppfd_umol_m2_s * DAYS_GRAMS
    }
}

/// Air pressure at an elevation in metres, Pa, in the standard atmosphere of the reference code
/// (Allen 1973 with 298.15 K).
#[must_use]
pub fn pressure_at_pa(elevation_m: f64) -> f64 {
    let exponent = 9.806_65 * 0.028_963 / (GAS * 0.0065);
    STANDARD_PA * libm::pow(1.0 - 0.0065 * elevation_m / TK_25, exponent)
}

/// Arrhenius factor relative to 25 degrees Celsius, activation energy in J mol-1.
fn arrhenius(activation_j_mol: f64, temperature_k: f64) -> f64 {
    libm::exp(activation_j_mol * (temperature_k - TK_25) / (TK_25 * GAS * temperature_k))
}

/// Viscosity at 25 degrees Celsius and standard pressure, Pa s.
fn standard_viscosity_pa_s() -> f64 {
    viscosity_pa_s(25.0, STANDARD_PA)
}

/// Photorespiratory compensation point in Pa (Bernacchi et al. 2001).
#[must_use]
pub fn gamma_star_pa(temperature_c: f64, pressure_pa: f64) -> f64 {
    4.332 * (pressure_pa / STANDARD_PA) * arrhenius(37_830.0, temperature_c + 273.15)
}

/// Michaelis-Menten coefficient of carboxylation in Pa, oxygen counted (Bernacchi et al. 2001).
#[must_use]
pub fn michaelis_menten_pa(temperature_c: f64, pressure_pa: f64) -> f64 {
    let kelvin = temperature_c + 273.15;
    let carbon = 39.97 * arrhenius(79_430.0, kelvin);
    let oxygen = 27_480.0 * arrhenius(36_380.0, kelvin);
    carbon * (1.0 + OXYGEN * pressure_pa / oxygen)
}

/// The least temperature at which leaves are modelled: below it the yield is zero with
/// [`QuantumYield::Temperature`], and the formulas of liquid water leave their range.
pub const COLDEST_C: f64 = -25.0;

/// Optimal leaves in this air. `None` below [`COLDEST_C`], where nothing is taken up.
#[must_use]
pub fn leaf(
    air: &Air,
    pathway: Pathway,
    quantum_yield: QuantumYield,
    limit: JmaxLimit,
) -> Option<Leaf> {
    if air.temperature_c < COLDEST_C {
        return None;
    }
    let ca = 1e-6 * air.co2_ppm * air.pressure_pa;
    let gamma = gamma_star_pa(air.temperature_c, air.pressure_pa);
    let km = michaelis_menten_pa(air.temperature_c, air.pressure_pa);
    let viscosity = viscosity_pa_s(air.temperature_c, air.pressure_pa) / standard_viscosity_pa_s();
    // C4 plants concentrate CO2: a lower cost ratio, and no limit by CO2.
    let beta = match pathway {
        Pathway::C3 => COST_RATIO,
        Pathway::C4 => COST_RATIO / 9.0,
    };
    let xi = (beta * (km + gamma) / (1.6 * viscosity)).sqrt();
    let dry = air.vpd_pa.max(0.0).sqrt();
    let chi = gamma / ca + (1.0 - gamma / ca) * xi / (xi + dry);
    let ci = chi * ca;
    let m = match pathway {
        Pathway::C3 => (ci - gamma) / (ci + 2.0 * gamma),
        Pathway::C4 => 1.0,
    };
    let f_v = match limit {
        JmaxLimit::Unlimited => 1.0,
        JmaxLimit::Wang2017 if m > JMAX_COST => (1.0 - libm::pow(JMAX_COST / m, 2.0 / 3.0)).sqrt(),
        JmaxLimit::Wang2017 => 0.0,
    };
    Some(Leaf {
        gamma_star_pa: gamma,
        km_pa: km,
        relative_viscosity: viscosity,
        chi,
        ci_pa: ci,
        m,
        f_v,
        lue_gc_mol: quantum_yield.at(air.temperature_c, pathway) * m * f_v * G_PER_MOL,
        iwue_umol_mol: 0.625 * (ca - ci) / (1e-6 * air.pressure_pa),
    })
}

/// How much more light leaves use at one CO2 than at another in the same air: the factor for
/// models that know no CO2 (C3). `None` where the reference takes up nothing.
#[must_use]
pub fn co2_effect(air: &Air, co2_reference_ppm: f64) -> Option<f64> {
    let leaf_at = |co2_ppm| {
        let air = Air { co2_ppm, ..*air };
        leaf(&air, Pathway::C3, QuantumYield::BRC, JmaxLimit::Wang2017)
    };
    let reference = leaf_at(co2_reference_ppm)?.lue_gc_mol;
    (reference > 0.0).then(|| leaf_at(air.co2_ppm).map(|leaf| leaf.lue_gc_mol / reference))?
}
