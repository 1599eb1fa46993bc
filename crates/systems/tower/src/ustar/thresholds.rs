//! Thresholds of seasons, of years, and of the whole record.

use crate::summary::median;

use super::moving_point::{Settings, of_season, threshold_of_classes};
use super::seasons::Season;

/// Radiation below which a half-hour is night, in W m-2.
const NIGHT_BELOW_W_M2: f64 = 10.0;

/// The columns that the test reads; NaN is missing.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    /// NEE in umol CO2 m-2 s-1.
    pub nee: &'a [f64],
    /// Air temperature in degrees Celsius.
    pub temperature_c: &'a [f64],
    /// Friction velocity in m s-1.
    pub ustar_m_s: &'a [f64],
    /// Incoming shortwave radiation in W m-2.
    pub radiation_w_m2: &'a [f64],
}

/// Night rows at which nothing that the test reads is missing.
#[must_use]
pub fn night_rows(columns: &Night<'_>, first_row: usize, end_row: usize) -> Vec<usize> {
    (first_row..end_row)
        .filter(|&row| is_night(columns, row))
        .collect()
}

/// Whether a row counts for the test.
pub(super) fn is_night(columns: &Night<'_>, row: usize) -> bool {
    columns.radiation_w_m2[row] < NIGHT_BELOW_W_M2
        && columns.nee[row].is_finite()
        && columns.temperature_c[row].is_finite()
        && columns.ustar_m_s[row].is_finite()
}

/// The threshold of a season.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonThreshold {
    /// Label of the season.
    pub label: i32,
    /// Year that the season counts for.
    pub year: i16,
    /// Night rows.
    pub night_rows: usize,
    /// Threshold of each temperature class in m s-1, NaN where a class has none; empty if the
    /// season has too few rows.
    pub classes_m_s: Vec<f64>,
    /// The season's own estimate in m s-1; NaN if it has none.
    pub own_m_s: f64,
    /// The season's own estimate, or else that of its year, in m s-1.
    pub threshold_m_s: f64,
}

/// The threshold of a year: the greatest of its seasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearThreshold {
    /// The year.
    pub year: i16,
    /// Threshold in m s-1; that of the record if the year has none of its own.
    pub threshold_m_s: f64,
    /// Whether the year had too few night rows, or no season with an estimate, and was taken as
    /// one season.
    pub pooled: bool,
    /// Whether the year has an estimate of its own.
    pub own: bool,
}

/// Thresholds of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// Seasons in the order of time.
    pub seasons: Vec<SeasonThreshold>,
    /// Years in the order of time.
    pub years: Vec<YearThreshold>,
    /// Median of the years in m s-1; NaN if no year has an estimate.
    pub record_m_s: f64,
}

impl Thresholds {
    /// The threshold of a year in m s-1; NaN if there is none.
    #[must_use]
    pub fn of_year(&self, year: i16) -> f64 {
        self.years
            .iter()
            .find(|y| y.year == year)
            .map_or(f64::NAN, |y| y.threshold_m_s)
    }
}

/// The thresholds of a record whose seasons are `seasons`.
#[must_use]
pub fn thresholds(columns: &Night<'_>, seasons: &[Season], settings: &Settings) -> Thresholds {
    let rows: Vec<Vec<usize>> = seasons
        .iter()
        .map(|season| night_rows(columns, season.first_row, season.end_row))
        .collect();
    of_rows(columns, seasons, &rows, settings)
}

/// The same of given rows, one list a season: what a resampled record has.
pub(super) fn of_rows(
    columns: &Night<'_>,
    seasons: &[Season],
    rows: &[Vec<usize>],
    settings: &Settings,
) -> Thresholds {
    let estimate = |rows: &[usize]| {
        threshold_of_classes(
            columns.nee,
            columns.temperature_c,
            columns.ustar_m_s,
            rows,
            settings,
        )
    };
    let mut of_seasons: Vec<SeasonThreshold> = seasons
        .iter()
        .zip(rows)
        .map(|(season, rows)| {
            let classes_m_s = estimate(rows);
            let own_m_s = of_season(&classes_m_s, settings);
            SeasonThreshold {
                label: season.label,
                year: season.year,
                night_rows: rows.len(),
                classes_m_s,
                own_m_s,
                threshold_m_s: own_m_s,
            }
        })
        .collect();
    let mut years: Vec<i16> = seasons.iter().map(|season| season.year).collect();
    years.sort_unstable();
    years.dedup();
    let mut years: Vec<YearThreshold> = years
        .into_iter()
        .map(|year| {
            let own = of_seasons.iter().filter(|season| season.year == year);
            let n: usize = own.clone().map(|season| season.night_rows).sum();
            let greatest = own.map(|season| season.own_m_s).fold(f64::NAN, f64::max);
            let pooled = n < settings.min_rows_year || greatest.is_nan();
            let threshold_m_s = if pooled {
                let all: Vec<usize> = seasons
                    .iter()
                    .zip(rows)
                    .filter(|(season, _)| season.year == year)
                    .flat_map(|(_, rows)| rows.iter().copied())
                    .collect();
                of_season(&estimate(&all), settings)
            } else {
                greatest
            };
            YearThreshold {
                year,
                threshold_m_s,
                pooled,
                own: !threshold_m_s.is_nan(),
            }
        })
        .collect();
    let record_m_s = median(
        &years
            .iter()
            .map(|year| year.threshold_m_s)
            .collect::<Vec<_>>(),
    );
    for year in &mut years {
        if !year.own {
            year.threshold_m_s = record_m_s;
        }
    }
    for season in &mut of_seasons {
        if season.own_m_s.is_nan() {
            season.threshold_m_s = years
                .iter()
                .find(|year| year.year == season.year)
                .map_or(record_m_s, |year| year.threshold_m_s);
        }
    }
    Thresholds {
        seasons: of_seasons,
        years,
        record_m_s,
    }
}
