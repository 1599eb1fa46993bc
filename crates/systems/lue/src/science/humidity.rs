//! Water vapour in air, and radiation in its units.

/// Energy of a day at one watt, in megajoules.
const MJ_PER_WATT_DAY: f64 = 0.0864;

/// Photosynthetically active share of incident shortwave energy in MOD17 (Running & Zhao 2015).
const PAR_SHARE: f64 = 0.45;

/// Saturation vapour pressure over water in Pa, at `temperature_c` in degrees Celsius.
///
/// Murray 1967 with the coefficients that MOD17 uses: 610.7 exp(17.38 T / (239 + T)).
#[must_use]
pub fn saturation_vapour_pressure_pa(temperature_c: f64) -> f64 {
    610.7 * libm::exp(17.38 * temperature_c / (239.0 + temperature_c))
}

/// Vapour pressure in Pa of air of this specific humidity (kg of water in kg of moist air).
#[must_use]
pub fn vapour_pressure_pa(specific_humidity_kg_kg: f64, pressure_pa: f64) -> f64 {
    specific_humidity_kg_kg * pressure_pa / (0.622 + 0.379 * specific_humidity_kg_kg)
}

/// Vapour pressure deficit in Pa from specific humidity, as MOD17 forms it; supersaturated air
/// has none.
#[must_use]
pub fn vpd_of_specific_humidity_pa(
    specific_humidity_kg_kg: f64,
    pressure_pa: f64,
    temperature_c: f64,
) -> f64 {
    let deficit = saturation_vapour_pressure_pa(temperature_c)
        - vapour_pressure_pa(specific_humidity_kg_kg, pressure_pa);
    deficit.max(0.0)
}

/// Vapour pressure deficit in Pa from the dew point; supersaturated air has none.
#[must_use]
pub fn vpd_of_dew_point_pa(dew_point_c: f64, temperature_c: f64) -> f64 {
    let deficit =
        saturation_vapour_pressure_pa(temperature_c) - saturation_vapour_pressure_pa(dew_point_c);
    deficit.max(0.0)
}

/// Photosynthetically active radiation of a day in MJ m-2, from the 24-hour mean of incident
/// shortwave radiation in W m-2: 45 % of its energy (MOD17).
#[must_use]
pub fn par_mj_m2_d(shortwave_w_m2: f64) -> f64 {
    PAR_SHARE * shortwave_w_m2 * MJ_PER_WATT_DAY
}

/// Photon flux density in umol m-2 s-1 from incident shortwave radiation in W m-2: 2.04 umol of
/// photosynthetic photons per joule of shortwave (Meek et al. 1984, as the P-model uses it).
#[must_use]
pub fn ppfd_umol_m2_s(shortwave_w_m2: f64) -> f64 {
    2.04 * shortwave_w_m2
}
