//! Turbulent fluxes that carry all of the available energy, the Bowen ratio kept: ONEFlux
//! `energy_proc`, method 1. An estimate of what closure would give, never a replacement of what was
//! measured.

use crate::axis::Axis;

/// Rows of the window before and after a row, at half-hours.
const BEFORE: usize = 721;
const AFTER: usize = 719;
/// Fewest factors of a window.
const LEAST: usize = 5;

/// What the correction reads in W m-2; NaN is missing.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// Latent heat flux with its gaps filled.
    pub le: &'a [f64],
    /// Quality of each row of it: 0 measured, 1 good, and so on.
    pub le_quality: &'a [u8],
    /// Sensible heat flux with its gaps filled.
    pub h: &'a [f64],
    /// Its quality.
    pub h_quality: &'a [u8],
    /// Net radiation as measured.
    pub net_radiation: &'a [f64],
    /// Soil heat flux as measured.
    pub ground: &'a [f64],
}

/// The corrected fluxes of a row in W m-2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// Factors in the window.
    pub factors: usize,
    /// 25, 50 and 75 % of the factors times LE.
    pub le: [f64; 3],
    /// 25, 50 and 75 % of the factors times H.
    pub h: [f64; 3],
}

/// Corrects every row; `None` where fewer than five factors were near.
#[must_use]
pub fn corrected(columns: &Columns<'_>, axis: &Axis) -> Vec<Option<Corrected>> {
    let n = columns.le.len();
    let factors = plausible(&factors(columns));
    let counted: Vec<bool> = (0..n).map(|row| counts(axis, row)).collect();
    let scale = axis.step().per_day();
    let (before, after) = (BEFORE * scale / 48, AFTER * scale / 48);
    // Factors of the window, kept in order while it moves.
    let mut window: Vec<f64> = Vec::new();
    let member = |row: usize| (counted[row] && !factors[row].is_nan()).then_some(factors[row]);
    let (mut first, mut end) = (0, 0);
    (0..n)
        .map(|row| {
            while end < n.min(row + after + 1) {
                if let Some(factor) = member(end) {
                    let at = window.partition_point(|f| *f < factor);
                    window.insert(at, factor);
                }
                end += 1;
            }
            while first < row.saturating_sub(before) {
                if let Some(factor) = member(first) {
                    let at = window.partition_point(|f| *f < factor);
                    window.remove(at);
                }
                first += 1;
            }
            let (le, h) = (columns.le[row], columns.h[row]);
            (window.len() >= LEAST && !le.is_nan() && !h.is_nan()).then(|| Corrected {
                factors: window.len(),
                le: spread(&window, le),
                h: spread(&window, h),
            })
        })
        .collect()
}

/// Available energy over turbulent energy, where all four terms are good.
fn factors(columns: &Columns<'_>) -> Vec<f64> {
    (0..columns.le.len())
        .map(|row| {
            if columns.le_quality[row] > 1 || columns.h_quality[row] > 1 {
                return f64::NAN;
            }
            let turbulent = columns.h[row] + columns.le[row];
            let factor = (columns.net_radiation[row] - columns.ground[row]) / turbulent;
            if factor.is_finite() { factor } else { f64::NAN }
        })
        .collect()
}

/// Factors within one and a half interquartile ranges of the median of all.
fn plausible(factors: &[f64]) -> Vec<f64> {
    let sorted = crate::summary::sorted(factors);
    if sorted.is_empty() {
        return factors.to_vec();
    }
    let [low, middle, high] = [0.25, 0.5, 0.75].map(|p| percentile(&sorted, p));
    let reach = 1.5 * (high - low);
    let keep = (middle - reach)..=(middle + reach);
    factors
        .iter()
        .map(|f| if keep.contains(f) { *f } else { f64::NAN })
        .collect()
}

/// The reference's percentile: one of the values, never between two.
fn percentile(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len();
    let rank = (p * n as f64 + 0.5).round() as usize;
    sorted[rank.clamp(1, n) - 1]
}

/// Whether a row ends in an hour around noon or midnight, when storage in the canopy is least.
fn counts(axis: &Axis, row: usize) -> bool {
    matches!(axis.end(row).hour(), 22..=23 | 0..=2 | 10..=14)
}

/// 25, 50 and 75 % of the factors times a flux.
fn spread(sorted: &[f64], flux: f64) -> [f64; 3] {
    let mut products: Vec<f64> = sorted.iter().map(|f| f * flux).collect();
    if flux < 0.0 {
        products.reverse();
    }
    [0.25, 0.5, 0.75].map(|p| percentile(&products, p))
}
