//! Sums of the country, of regions, and of zones in regions, by period: for whoever goes on from them.

use std::collections::BTreeMap;

use crate::study::Study;
use crate::sums::{area_km2, sum};

/// Whose zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneEpoch {
    /// Those of the first epoch.
    From,
    /// Those of the second.
    To,
}

/// Index of a region and of a zone; `None` stands for all. The zone after the last is that of cells
/// outside the zone map.
pub type RegionAndZone = (Option<usize>, Option<usize>);

/// A place period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceSums {
    /// Density x area over valid cells in the study's sum unit (tC).
    pub sums: Vec<f64>,
    /// Area of valid cells in km2.
    pub area_km2: Vec<f64>,
}

/// Gathers the sums of a study by region and zone of an epoch, by region, and of the country. Integers are
/// added, and rounded once. A place without a valid cell in any period is left out.
#[must_use]
pub fn place_sums(study: &Study<'_>, epoch: ZoneEpoch) -> BTreeMap<RegionAndZone, PlaceSums> {
    let names = study.names();
    let zones = match epoch {
        ZoneEpoch::From => &names.from.zones,
        ZoneEpoch::To => &names.to.zones,
    };
    let mut exact: BTreeMap<RegionAndZone, Vec<(i128, i128)>> = BTreeMap::new();
    for (parts, tallies) in study.keys() {
        let Some(region) = parts.region.map(usize::from) else {
            continue;
        };
        let zone = match epoch {
            ZoneEpoch::From => parts.zone_from,
            ZoneEpoch::To => parts.zone_to,
        };
        let zone = zone.map_or(zones.len(), usize::from);
        for place in [
            (None, None),
            (Some(region), None),
            (Some(region), Some(zone)),
        ] {
            let periods = exact
                .entry(place)
                .or_insert_with(|| vec![(0, 0); tallies.len()]);
            for (period, tally) in periods.iter_mut().zip(tallies) {
                period.0 += tally.sum_raw_cm2;
                period.1 += i128::from(tally.valid_area_cm2);
            }
        }
    }
    exact.retain(|_, periods| periods.iter().any(|(_, area)| *area > 0));
    let rounded = |periods: Vec<(i128, i128)>| PlaceSums {
        sums: periods
            .iter()
            .map(|(raw, _)| sum(*raw, study.quantity()))
            .collect(),
        area_km2: periods.iter().map(|(_, area)| area_km2(*area)).collect(),
    };
    exact
        .into_iter()
        .map(|(place, periods)| (place, rounded(periods)))
        .collect()
}
