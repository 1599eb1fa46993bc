//! Density and viscosity of liquid water, for the P-model.

/// Coefficients of the Tumlirz equation (Fisher & Dial 1975, table 5), lowest power first:
/// lambda in bar cm3 g-1.
const LAMBDA: [f64; 5] = [
    1788.316,
    21.55053,
    -0.469_591_1,
    0.003_096_363,
    -7.341_182e-6,
];
/// Pressure term of the same, bar.
const PRESSURE: [f64; 5] = [
    5918.499,
    58.05267,
    -1.125_331_7,
    0.006_612_386_9,
    -1.466_162_5e-5,
];
/// Specific volume at infinite pressure of the same, cm3 g-1.
const VOLUME: [f64; 10] = [
    0.698_054_7,
    -0.000_743_562_6,
    3.704_258e-5,
    -6.315_724e-7,
    9.829_576e-9,
    -1.197_269e-10,
    1.005_461e-12,
    -5.437_898e-15,
    1.699_46e-17,
    -2.295_063e-20,
];

/// Reference temperature (K), density (kg m-3) and viscosity (Pa s) of Huber et al. 2009.
const REFERENCE: (f64, f64, f64) = (647.096, 322.0, 1e-6);
/// Viscosity of the dilute gas (Huber et al. 2009, table 2).
const DILUTE: [f64; 4] = [1.67752, 2.20462, 0.636_656_4, -0.241_605];
/// The finite-density part (Huber et al. 2009, table 3): rows are powers of density, columns of
/// temperature.
const DENSE: [[f64; 6]; 7] = [
    [0.520_094, 0.085_089_5, -1.08374, -0.289_555, 0.0, 0.0],
    [0.222_531, 0.999_115, 1.88797, 1.26613, 0.0, 0.120_573],
    [
        -0.281_378, -0.906_851, -0.772_479, -0.489_837, -0.25704, 0.0,
    ],
    [0.161_913, 0.257_399, 0.0, 0.0, 0.0, 0.0],
    [-0.032_537_2, 0.0, 0.0, 0.069_845_2, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.008_721_02, 0.0],
    [0.0, 0.0, 0.0, -0.004_356_73, 0.0, -0.000_593_264],
];

/// A polynomial, lowest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// Density of water in kg m-3, at a temperature of -30 degrees Celsius or more (supercooled
/// below 0) and a pressure in Pa.
#[must_use]
pub fn density_kg_m3(temperature_c: f64, pressure_pa: f64) -> f64 {
    let bar = 1e-5 * pressure_pa;
    let volume = polynomial(&VOLUME, temperature_c)
        + polynomial(&LAMBDA, temperature_c) / (polynomial(&PRESSURE, temperature_c) + bar);
    1e3 / volume
}

/// Viscosity of water in Pa s (Huber et al. 2009, with critical enhancement 1).
#[must_use]
pub fn viscosity_pa_s(temperature_c: f64, pressure_pa: f64) -> f64 {
    let (kelvin, density, viscosity) = REFERENCE;
    let t = (temperature_c + 273.15) / kelvin;
    let r = density_kg_m3(temperature_c, pressure_pa) / density;
    let dilute = 100.0 * t.sqrt()
        / (DILUTE[0] + DILUTE[1] / t + DILUTE[2] / (t * t) + DILUTE[3] / (t * t * t));
    let (mut exponent, mut t_power) = (0.0, 1.0);
    for column in 0..DENSE[0].len() {
        let (mut part, mut r_power) = (0.0, 1.0);
        for row in &DENSE {
            part += row[column] * r_power;
            r_power *= r - 1.0;
        }
        exponent += t_power * part;
        t_power *= 1.0 / t - 1.0;
    }
    dilute * libm::exp(r * exponent) * viscosity
}
