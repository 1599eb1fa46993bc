//! NPP by region and zone and year, from the exact tallies.

use std::collections::BTreeMap;

use super::inputs::Unit;
use crate::study::{OUTSIDE_ZONES, Study};
use crate::sums::{area_km2, sum};

/// Whose zones the rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneEpoch {
    /// Those of the first epoch.
    From,
    /// Those of the second.
    To,
}

/// NPP of every pair of region and zone with a valid cell.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitSums {
    /// The pairs, in order of region and zone.
    pub units: Vec<Unit>,
    /// Names of the zones; the last is [`OUTSIDE_ZONES`], which a unit outside the zones has.
    pub zones: Vec<String>,
    /// Sum of NPP over valid cells in the study's sum unit (tC), by unit and year.
    pub npp_tc: Vec<Vec<f64>>,
    /// Area of valid cells in km2, by unit and year.
    pub area_km2: Vec<Vec<f64>>,
}

/// Gathers the sums of a study by region and zone of an epoch. Integers are added, and rounded once.
#[must_use]
pub fn unit_sums(study: &Study<'_>, epoch: ZoneEpoch) -> UnitSums {
    let names = study.names();
    let zones = match epoch {
        ZoneEpoch::From => &names.from.zones,
        ZoneEpoch::To => &names.to.zones,
    };
    let mut sums: BTreeMap<Unit, Vec<(i128, i128)>> = BTreeMap::new();
    for (parts, tallies) in study.keys() {
        let Some(region) = parts.region else { continue };
        let zone = match epoch {
            ZoneEpoch::From => parts.zone_from,
            ZoneEpoch::To => parts.zone_to,
        };
        let unit = Unit {
            region: usize::from(region),
            zone: zone.map_or(zones.len(), usize::from),
        };
        let years = sums
            .entry(unit)
            .or_insert_with(|| vec![(0, 0); tallies.len()]);
        for (year, tally) in years.iter_mut().zip(tallies) {
            year.0 += tally.sum_raw_cm2;
            year.1 += i128::from(tally.valid_area_cm2);
        }
    }
    // Without a valid cell in any year there is nothing to say of a unit.
    sums.retain(|_, years| years.iter().any(|(_, area)| *area > 0));
    let by = |of: &dyn Fn(&(i128, i128)) -> f64| -> Vec<Vec<f64>> {
        sums.values()
            .map(|years| years.iter().map(of).collect())
            .collect()
    };
    UnitSums {
        npp_tc: by(&|(raw, _)| sum(*raw, study.quantity())),
        area_km2: by(&|(_, area)| area_km2(*area)),
        units: sums.keys().copied().collect(),
        zones: zones
            .iter()
            .cloned()
            .chain([OUTSIDE_ZONES.to_owned()])
            .collect(),
    }
}
