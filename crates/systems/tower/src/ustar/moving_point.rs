//! The moving point test in classes of like temperature.

use crate::summary::{correlation, mean, median};

/// What the test is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Classes of temperature in a season.
    pub temperature_classes: usize,
    /// Bins of u* in a class.
    pub ustar_bins: usize,
    /// A bin is on the plateau if its NEE is at least this part of the mean above it.
    pub plateau: f64,
    /// Fewest rows of a season.
    pub min_rows_season: usize,
    /// Fewest rows of a class.
    pub min_rows_class: usize,
    /// Fewest night rows of a year that is estimated by seasons.
    pub min_rows_year: usize,
    /// A class counts only if |correlation| of u* and temperature is below this.
    pub max_correlation: f64,
    /// A class whose first bin has a mean u* above this is skipped, in m s-1.
    pub max_first_bin_m_s: f64,
    /// The part of the classes that must give a threshold for the season to have one.
    pub min_class_share: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            temperature_classes: 7,
            ustar_bins: 20,
            plateau: 0.95,
            min_rows_season: 160,
            min_rows_class: 100,
            min_rows_year: 3000,
            max_correlation: 0.5,
            max_first_bin_m_s: 0.2,
            min_class_share: 0.2,
        }
    }
}

/// The threshold of each temperature class of a set of night rows, in m s-1; NaN where a class has
/// none. Empty if there are too few rows.
///
/// `rows` are positions in the three columns, none of which may be missing there. The order of
/// `rows` decides between equal temperatures and equal u*.
#[must_use]
pub fn threshold_of_classes(
    nee: &[f64],
    temperature_c: &[f64],
    ustar_m_s: &[f64],
    rows: &[usize],
    settings: &Settings,
) -> Vec<f64> {
    let classes = settings.temperature_classes;
    let n = rows.len();
    if n < settings.min_rows_season || n < classes * settings.min_rows_class {
        return Vec::new();
    }
    let mut by_temperature = rows.to_vec();
    by_temperature.sort_by(|a, b| temperature_c[*a].total_cmp(&temperature_c[*b]));
    class_bounds(&by_temperature, temperature_c, classes)
        .into_iter()
        .map(|(first, end)| {
            class_threshold(
                &by_temperature[first..end],
                nee,
                temperature_c,
                ustar_m_s,
                settings,
            )
        })
        .collect()
}

/// The season's threshold: the median of its classes, NaN if too few of them have one.
pub(super) fn of_season(classes: &[f64], settings: &Settings) -> f64 {
    let found = classes.iter().filter(|t| !t.is_nan()).count();
    if found == 0 || (found as f64) < settings.min_class_share * classes.len() as f64 {
        f64::NAN
    } else {
        median(classes)
    }
}

/// Classes of about equal size that never part equal temperatures.
fn class_bounds(sorted: &[usize], temperature_c: &[f64], classes: usize) -> Vec<(usize, usize)> {
    let n = sorted.len();
    let size = n / classes;
    let mut starts = vec![0];
    for class in 1..classes {
        let from = (class * size).max(1);
        let start = (from..n)
            .find(|&i| temperature_c[sorted[i]] - temperature_c[sorted[i - 1]] > 1e-8)
            .unwrap_or(n);
        starts.push(start);
    }
    starts.push(n);
    starts
        .windows(2)
        .map(|pair| (pair[0], pair[1].max(pair[0])))
        .collect()
}

fn class_threshold(
    rows: &[usize],
    nee: &[f64],
    temperature_c: &[f64],
    ustar_m_s: &[f64],
    settings: &Settings,
) -> f64 {
    let column = |of: &[f64]| -> Vec<f64> { rows.iter().map(|&row| of[row]).collect() };
    let related = correlation(&column(ustar_m_s), &column(temperature_c)).abs();
    // A correlation that cannot be computed is no evidence that there is none.
    if related.is_nan() || related >= settings.max_correlation {
        return f64::NAN;
    }
    let mut by_ustar = rows.to_vec();
    by_ustar.sort_by(|a, b| ustar_m_s[*a].total_cmp(&ustar_m_s[*b]));
    let bins = bin_bounds(&by_ustar, ustar_m_s, settings.ustar_bins);
    let of_bins = |of: &[f64]| -> Vec<f64> {
        bins.iter()
            .map(|&(first, end)| {
                mean(
                    &by_ustar[first..end]
                        .iter()
                        .map(|&row| of[row])
                        .collect::<Vec<_>>(),
                )
            })
            .collect()
    };
    let (bin_ustar, bin_nee) = (of_bins(ustar_m_s), of_bins(nee));
    match bin_ustar.first() {
        Some(&first) if first <= settings.max_first_bin_m_s => {}
        _ => return f64::NAN,
    }
    plateau(&bin_nee, settings.plateau).map_or(f64::NAN, |bin| bin_ustar[bin])
}

/// Bins of about equal size that never part equal u*; a short rest joins the last bin.
fn bin_bounds(sorted: &[usize], ustar_m_s: &[f64], bins: usize) -> Vec<(usize, usize)> {
    let n = sorted.len();
    let size = n / bins;
    if size == 0 {
        return Vec::new();
    }
    let mut bounds: Vec<(usize, usize)> = Vec::with_capacity(bins);
    let mut first = 0;
    while first < n {
        let end = (first + size..n)
            .find(|&i| ustar_m_s[sorted[i]] - ustar_m_s[sorted[i - 1]] > 1e-14)
            .unwrap_or(n);
        let short = ((n - first) as f64) < 0.9 * size as f64;
        match bounds.last_mut() {
            Some(last) if short => last.1 = n,
            _ => bounds.push((first, end)),
        }
        if bounds.len() == bins {
            if let Some(last) = bounds.last_mut() {
                last.1 = n;
            }
            break;
        }
        first = bounds.last().map_or(n, |last| last.1);
    }
    bounds
}

/// The first bin that is on the plateau together with the one after it (forward mode 2).
fn plateau(bin_nee: &[f64], share: f64) -> Option<usize> {
    let n = bin_nee.len();
    let above = |bin: usize| mean(&bin_nee[bin + 1..n.min(bin + 11)]);
    (0..n.saturating_sub(3))
        .find(|&u| bin_nee[u] >= share * above(u) && bin_nee[u + 1] >= share * above(u + 1))
}
