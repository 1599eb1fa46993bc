//! Whose mean a series is, and the exact sums that it is made of.

use std::collections::BTreeMap;

use nutag_zonal::{KeyParts, Tally};

use super::Family;
use crate::study::{Names, Study};

/// Whose mean a series is, by index. Their order is that of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Country,
    ZoneFrom(u16),
    ZoneTo(u16),
    Region(u16),
    /// A region, and a zone of the first epoch in it.
    RegionZone(u16, u16),
}

impl Place {
    pub fn family(self) -> Family {
        match self {
            Self::Country => Family::Country,
            Self::ZoneFrom(_) | Self::ZoneTo(_) => Family::Zones,
            Self::Region(_) => Family::Regions,
            Self::RegionZone(..) => Family::RegionsByZone,
        }
    }

    pub fn region(self) -> Option<usize> {
        match self {
            Self::Region(region) | Self::RegionZone(region, _) => Some(region.into()),
            _ => None,
        }
    }

    pub fn zone(self, names: &Names) -> Option<&str> {
        match self {
            Self::ZoneFrom(zone) | Self::RegionZone(_, zone) => {
                Some(&names.from.zones[usize::from(zone)])
            }
            Self::ZoneTo(zone) => Some(&names.to.zones[usize::from(zone)]),
            Self::Country | Self::Region(_) => None,
        }
    }

    pub fn epoch(self, names: &Names) -> Option<&str> {
        match self {
            Self::ZoneFrom(_) | Self::RegionZone(..) => Some(&names.from.label),
            Self::ZoneTo(_) => Some(&names.to.label),
            Self::Country | Self::Region(_) => None,
        }
    }

    /// The places that the cells of a key inside a region belong to.
    fn of(parts: KeyParts, region: u16) -> impl Iterator<Item = Self> {
        [
            Some(Self::Country),
            parts.zone_from.map(Self::ZoneFrom),
            parts.zone_to.map(Self::ZoneTo),
            Some(Self::Region(region)),
            parts.zone_from.map(|zone| Self::RegionZone(region, zone)),
        ]
        .into_iter()
        .flatten()
    }
}

/// What a mean of one period is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PeriodSums {
    pub valid_area_cm2: i128,
    pub raw_cm2: i128,
}

/// The sums of each place, one a period. Every zone and region has its place,
/// be it empty; a zone has one in a region only where it has cells.
pub(super) fn sums(study: &Study<'_>) -> BTreeMap<Place, Vec<PeriodSums>> {
    let names = study.names();
    let empty = vec![PeriodSums::default(); names.periods.len()];
    let indices = |list: &[String]| (0..).zip(list).map(|(i, _)| i).collect::<Vec<u16>>();
    let mut places = vec![Place::Country];
    places.extend(indices(&names.from.zones).into_iter().map(Place::ZoneFrom));
    places.extend(indices(&names.to.zones).into_iter().map(Place::ZoneTo));
    places.extend(indices(&names.regions).into_iter().map(Place::Region));
    let mut sums: BTreeMap<_, _> = places
        .into_iter()
        .map(|place| (place, empty.clone()))
        .collect();
    for (parts, tallies) in study.keys() {
        let Some(region) = parts.region else { continue };
        for place in Place::of(parts, region) {
            add(sums.entry(place).or_insert_with(|| empty.clone()), tallies);
        }
    }
    sums
}

fn add(sums: &mut [PeriodSums], tallies: &[Tally]) {
    for (sum, tally) in sums.iter_mut().zip(tallies) {
        sum.valid_area_cm2 += i128::from(tally.valid_area_cm2);
        sum.raw_cm2 += tally.sum_raw_cm2;
    }
}
