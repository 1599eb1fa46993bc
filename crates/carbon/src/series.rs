//! Region x zone x zone x period: the tidy table that others are made of.

use std::borrow::Cow;

use nutag_stats::exact::Moments;
use nutag_zonal::Tally;

use crate::quantity::Quantity;
use crate::study::{OUTSIDE_ZONES, Period, Study};
use crate::sums::{area_km2, density, sum};
use crate::why::{Figure, Why};

/// One region, one pair of zones, one period.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRow<'a> {
    /// Region.
    pub region: &'a str,
    /// Zone of the first epoch.
    pub zone_from: &'a str,
    /// Zone of the second epoch.
    pub zone_to: &'a str,
    /// Period.
    pub period: &'a Period,
    /// Cells; `valid_cells` and `masked_cells` add up to it.
    pub cells: u64,
    /// Cells with a value that counts.
    pub valid_cells: u64,
    /// Area in km2.
    pub area_km2: f64,
    /// Area of valid cells in km2.
    pub valid_area_km2: f64,
    /// Density x area over valid cells, in the quantity's sum unit (tC).
    pub sum: f64,
    /// Area-weighted mean density over valid cells.
    pub mean: Figure,
    /// Area-weighted population standard deviation of the density of valid
    /// cells: their spread in space, not the uncertainty of the mean.
    pub sd: Figure,
    /// Of the valid cells, those that count as a value of zero by the rules.
    pub zero_cells: u64,
    /// Cells that do not count, by reason, in the order of the names.
    pub masked_cells: Cow<'a, [u64]>,
}

/// One row for each key inside a region and each period, in order of region,
/// zone from, zone to, period. Keys without a cell have no row, but a region without any cell has one
/// for each period, in no zone and with 0 cells: what was asked for is answered.
#[must_use]
pub fn series<'a>(study: &Study<'a>) -> Vec<SeriesRow<'a>> {
    let mut rows = Vec::new();
    let regions = &study.names().regions;
    let mut next = 0;
    for (parts, tallies) in study.keys() {
        let Some(region) = parts.region.map(usize::from) else {
            continue;
        };
        for missed in regions.iter().take(region).skip(next) {
            rows.extend(without_cells(study, missed));
        }
        next = next.max(region + 1);
        for (period, tally) in study.names().periods.iter().zip(tallies) {
            let valid_area_cm2 = i128::from(tally.valid_area_cm2);
            rows.push(SeriesRow {
                region: study.region(parts),
                zone_from: study.zone_from(parts),
                zone_to: study.zone_to(parts),
                period,
                cells: tally.cells,
                valid_cells: tally.valid_cells,
                area_km2: area_km2(i128::from(tally.area_cm2)),
                valid_area_km2: area_km2(valid_area_cm2),
                sum: sum(tally.sum_raw_cm2, study.quantity()),
                mean: density(tally.sum_raw_cm2, valid_area_cm2, study.quantity()),
                sd: standard_deviation(tally, study.quantity()),
                zero_cells: tally.zero_cells,
                masked_cells: Cow::Borrowed(&tally.masked_cells),
            });
        }
    }
    for missed in regions.iter().skip(next) {
        rows.extend(without_cells(study, missed));
    }
    rows
}

/// The rows of a region that holds no cell.
fn without_cells<'a>(study: &Study<'a>, region: &'a str) -> impl Iterator<Item = SeriesRow<'a>> {
    let names = study.names();
    let quantity = study.quantity();
    names.periods.iter().map(move |period| SeriesRow {
        region,
        zone_from: OUTSIDE_ZONES,
        zone_to: OUTSIDE_ZONES,
        period,
        cells: 0,
        valid_cells: 0,
        area_km2: 0.0,
        valid_area_km2: 0.0,
        sum: 0.0,
        mean: density(0, 0, quantity),
        sd: Err(Why::NoValidArea),
        zero_cells: 0,
        masked_cells: Cow::Owned(vec![0; names.reasons.len()]),
    })
}

/// The spread of a tally, from exact sums, rounded once.
fn standard_deviation(tally: &Tally, quantity: &Quantity) -> Figure {
    let moments = Moments {
        count: tally.valid_cells,
        weight: u128::from(tally.valid_area_cm2),
        sum: i128::from(tally.sum_raw),
        weighted_sum: tally.sum_raw_cm2,
        // A sum of squares is not negative.
        weighted_sum_of_squares: tally.sum_raw_squared_cm2.unsigned_abs(),
    };
    moments
        .population_sd(quantity.scale.exact())
        .ok_or(Why::NoValidArea)
}
