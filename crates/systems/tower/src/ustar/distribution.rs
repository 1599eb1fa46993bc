//! How far the threshold may be off: the same estimate on records resampled within each season.

use nutag_stats::draws::Draws;
use rayon::prelude::*;

use crate::summary::quantiles;

use super::moving_point::Settings;
use super::seasons::Season;
use super::thresholds::{Night, Thresholds, is_night, of_rows, thresholds};

/// Least part of the resampled records that must give an estimate for a quantile to be named.
const LEAST_SHARE: f64 = 0.4;

/// Quantiles of a threshold in m s-1; NaN if too few resampled records gave one.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles {
    /// 5 %.
    pub p05_m_s: f64,
    /// 16 %.
    pub p16_m_s: f64,
    /// 50 %.
    pub p50_m_s: f64,
    /// 84 %.
    pub p84_m_s: f64,
    /// 95 %.
    pub p95_m_s: f64,
    /// All of them, in the order drawn, the estimate first; NaN where a record gave none.
    pub values_m_s: Vec<f64>,
    /// Records that gave an estimate.
    pub found: usize,
    /// Records tried.
    pub tried: usize,
}

/// The thresholds of a record and their distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The estimate from the record as it is.
    pub estimate: Thresholds,
    /// Years with their quantiles, in the order of time.
    pub years: Vec<(i16, Quantiles)>,
    /// Seasons with their quantiles, in the order of time.
    pub seasons: Vec<(i32, Quantiles)>,
    /// The record as a whole.
    pub record: Quantiles,
}

impl Distribution {
    /// The quantiles of a year; those of the record if the year has none.
    #[must_use]
    pub fn of_year(&self, year: i16) -> &Quantiles {
        self.years
            .iter()
            .find(|(y, _)| *y == year)
            .map_or(&self.record, |(_, quantiles)| quantiles)
    }

    /// Any quantile of a year in m s-1; NaN if too few resampled records gave an estimate.
    #[must_use]
    pub fn quantile_of_year(&self, year: i16, probability: f64) -> f64 {
        let of_year = self.of_year(year);
        if of_year.p50_m_s.is_nan() {
            return f64::NAN;
        }
        let [quantile] = quantiles(&of_year.values_m_s, [probability]);
        quantile
    }
}

/// The thresholds of a record and of `samples - 1` records drawn from it, with replacement, day and
/// night rows alike, within each season. The same seed gives the same bits on any number of threads.
#[must_use]
pub fn distribution(
    columns: &Night<'_>,
    seasons: &[Season],
    settings: &Settings,
    samples: usize,
    seed: u64,
) -> Distribution {
    let estimate = thresholds(columns, seasons, settings);
    let drawn: Vec<Thresholds> = (1..samples)
        .into_par_iter()
        .map(|sample| {
            let mut draws = Draws::new(seed, sample as u64);
            let rows: Vec<Vec<usize>> = seasons
                .iter()
                .map(|season| drawn_rows(columns, season, &mut draws))
                .collect();
            of_rows(columns, seasons, &rows, settings)
        })
        .collect();
    let all: Vec<&Thresholds> = std::iter::once(&estimate).chain(&drawn).collect();
    let quantiles_of = |of: &dyn Fn(&Thresholds) -> f64| {
        let values: Vec<f64> = all.iter().map(|t| of(t)).collect();
        of_values(&values)
    };
    let years = (0..estimate.years.len())
        .map(|i| {
            (
                estimate.years[i].year,
                quantiles_of(&|t| t.years[i].threshold_m_s),
            )
        })
        .collect();
    let of_seasons = (0..seasons.len())
        .map(|i| {
            (
                seasons[i].label,
                quantiles_of(&|t| t.seasons[i].threshold_m_s),
            )
        })
        .collect();
    let record = quantiles_of(&|t| t.record_m_s);
    Distribution {
        years,
        seasons: of_seasons,
        record,
        estimate,
    }
}

fn drawn_rows(columns: &Night<'_>, season: &Season, draws: &mut Draws) -> Vec<usize> {
    let rows = (season.end_row - season.first_row) as u64;
    (0..rows)
        .map(|_| season.first_row + usize::try_from(draws.below(rows)).unwrap_or(0))
        .filter(|&row| is_night(columns, row))
        .collect()
}

fn of_values(values: &[f64]) -> Quantiles {
    let found = values.iter().filter(|v| !v.is_nan()).count();
    let [p05_m_s, p16_m_s, p50_m_s, p84_m_s, p95_m_s] =
        if (found as f64) < LEAST_SHARE * values.len() as f64 {
            [f64::NAN; 5]
        } else {
            quantiles(values, [0.05, 0.16, 0.5, 0.84, 0.95])
        };
    Quantiles {
        p05_m_s,
        p16_m_s,
        p50_m_s,
        p84_m_s,
        p95_m_s,
        found,
        tried: values.len(),
        values_m_s: values.to_vec(),
    }
}
