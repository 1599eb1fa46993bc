//! Is it changing: the trend of each area-weighted mean, one test a series.
//!
//! A series is the area-weighted mean density of a place over the periods. It
//! is tested once, as a whole: p of single cells are never averaged.

mod place;
mod statistics;

use std::ops::RangeInclusive;

use nutag_stats::StatsError;
use nutag_stats::multiplicity::adjusted_p;

use crate::study::Study;
use crate::sums::{area_km2, density};
use crate::why::{Figure, Why};
use place::{PeriodSums, Place};
pub use statistics::{EpochMeans, Interval, Trend};

/// The least number of periods with a value that a trend is computed from.
pub const TREND_PERIODS: usize = 4;
/// Level of every confidence interval of a trend.
pub const CONFIDENCE_LEVEL: f64 = 0.95;
/// Two-sided level at which the detectable slope is tested.
pub const SIGNIFICANCE_LEVEL: f64 = 0.05;
/// Probability with which the detectable slope is found.
pub const POWER: f64 = 0.8;
/// The largest adjusted p (Benjamini and Hochberg 1995) that is called a trend.
pub const FALSE_DISCOVERY_RATE: f64 = 0.05;

/// What is asked of the trends.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendOptions {
    /// The time of each period, in years: the year of an annual product, the
    /// decimal year in which a composite begins. Gaps stay gaps.
    pub times_years: Vec<f64>,
    /// Two ranges of times to compare. `None`: the first half of the periods
    /// against the second; of an odd number, the middle one is in neither.
    pub epochs: Option<[RangeInclusive<f64>; 2]>,
    /// Whether the p of Hamed and Rao (1998) is computed too.
    pub hamed_rao: bool,
}

/// Series that are tested together: one family of Benjamini and Hochberg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// The whole country: a family of one.
    Country,
    /// The zones of both epochs.
    Zones,
    /// The regions.
    Regions,
    /// Each zone of the first epoch in each region.
    RegionsByZone,
}

impl Family {
    /// All families, in the order of the rows.
    pub const ALL: [Self; 4] = [
        Self::Country,
        Self::Zones,
        Self::Regions,
        Self::RegionsByZone,
    ];

    /// The name used in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Zones => "zones",
            Self::Regions => "regions",
            Self::RegionsByZone => "regions by zone",
        }
    }
}

/// What a series is found to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It rises, by a test that stands in its family.
    Up,
    /// It falls, by a test that stands in its family.
    Down,
    /// It may do either.
    NotSignificant,
    /// There was nothing to test.
    NotTested(Why),
}

impl std::fmt::Display for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Up => f.write_str("up"),
            Self::Down => f.write_str("down"),
            Self::NotSignificant => f.write_str("not significant"),
            Self::NotTested(why) => write!(f, "not tested: {why}"),
        }
    }
}

/// One series and its trend.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendRow<'a> {
    /// The family that it is tested in.
    pub family: Family,
    /// The region; `None` for all of them.
    pub region: Option<&'a str>,
    /// The zone; `None` for all cells of the regions, in a zone or not.
    pub zone: Option<&'a str>,
    /// The label of the epoch whose map puts cells into the zone.
    pub zone_epoch: Option<&'a str>,
    /// Area with valid values, mean over all periods, in km2.
    pub valid_area_km2: f64,
    /// Area-weighted mean density of each period, in the quantity's density unit.
    pub series: Vec<Figure>,
    /// Its trend.
    pub trend: Trend,
    /// The p of Mann-Kendall, adjusted within the family: the smallest false
    /// discovery rate at which the test stands.
    pub adjusted_p: Figure,
    /// What that means at [`FALSE_DISCOVERY_RATE`].
    pub class: Class,
}

/// How many tests a family has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilySummary {
    /// Which.
    pub family: Family,
    /// Its rows.
    pub rows: usize,
    /// Those that were tested; the others do not count as tests.
    pub tested: usize,
    /// Those that rise or fall.
    pub significant: usize,
}

/// The trends of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Trends<'a> {
    /// The country; zones of the first epoch, of the second; regions; then
    /// zones of the first epoch in each region, where there are cells.
    pub rows: Vec<TrendRow<'a>>,
    /// The families, in the order of the rows.
    pub families: Vec<FamilySummary>,
    /// The times of the two epochs that were compared.
    pub epochs: [RangeInclusive<f64>; 2],
}

/// The trend of the country, each zone, each region, and each zone in each
/// region. Cells outside the zones belong to the country and to their region.
///
/// Fewer than [`TREND_PERIODS`] periods give rows without a trend.
///
/// # Errors
/// Times that are not one a period, not finite or not increasing.
pub fn trends<'a>(study: &Study<'a>, options: &TrendOptions) -> Result<Trends<'a>, StatsError> {
    let epochs = options
        .epochs
        .clone()
        .unwrap_or_else(|| halves(&options.times_years));
    let mut rows = place::sums(study)
        .into_iter()
        .map(|(place, sums)| row(study, place, &sums, options, &epochs))
        .collect::<Result<Vec<_>, _>>()?;
    let families = Family::ALL
        .into_iter()
        .map(|family| judge(family, &mut rows))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Trends {
        rows,
        families,
        epochs,
    })
}

/// The times of the first and of the second half; empty if there is none.
fn halves(times: &[f64]) -> [RangeInclusive<f64>; 2] {
    let half = times.len() / 2;
    let range = |part: &[f64]| match part {
        [first, .., last] => *first..=*last,
        [only] => *only..=*only,
        [] => 1.0..=0.0,
    };
    [range(&times[..half]), range(&times[times.len() - half..])]
}

fn row<'a>(
    study: &Study<'a>,
    place: Place,
    sums: &[PeriodSums],
    options: &TrendOptions,
    epochs: &[RangeInclusive<f64>; 2],
) -> Result<TrendRow<'a>, StatsError> {
    let series: Vec<Figure> = sums
        .iter()
        .map(|period| density(period.raw_cm2, period.valid_area_cm2, study.quantity()))
        .collect();
    let trend = statistics::trend(&options.times_years, &series, epochs, options.hamed_rao)?;
    let valid_area_km2: f64 = sums.iter().map(|s| area_km2(s.valid_area_cm2)).sum();
    let names = study.names();
    Ok(TrendRow {
        family: place.family(),
        region: place.region().map(|i| names.regions[i].as_str()),
        zone: place.zone(names),
        zone_epoch: place.epoch(names),
        valid_area_km2: valid_area_km2 / statistics::count(sums.len()),
        series,
        adjusted_p: trend.p,
        class: trend
            .p
            .map_or_else(Class::NotTested, |_| Class::NotSignificant),
        trend,
    })
}

/// Adjusts the p of a family, and says what each of its tests means.
fn judge(family: Family, rows: &mut [TrendRow<'_>]) -> Result<FamilySummary, StatsError> {
    let mut summary = FamilySummary {
        family,
        rows: rows.iter().filter(|row| row.family == family).count(),
        tested: 0,
        significant: 0,
    };
    let mut tested: Vec<_> = rows
        .iter_mut()
        .filter(|row| row.family == family)
        .filter_map(|row| {
            row.trend
                .p
                .ok()
                .zip(row.trend.s.ok())
                .map(|(p, s)| (row, p, s))
        })
        .collect();
    let p_values: Vec<f64> = tested.iter().map(|(_, p, _)| *p).collect();
    summary.tested = tested.len();
    for ((row, _, s), adjusted) in tested.iter_mut().zip(adjusted_p(&p_values)?) {
        row.adjusted_p = Ok(adjusted);
        if adjusted <= FALSE_DISCOVERY_RATE {
            row.class = if *s > 0 { Class::Up } else { Class::Down };
            summary.significant += 1;
        }
    }
    Ok(summary)
}

#[cfg(test)]
mod tests;
