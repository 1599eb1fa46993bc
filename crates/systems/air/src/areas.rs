//! Country, regions and zones, and what they share with the cells of the CO2 grid.

use std::collections::BTreeMap;

use crate::science::Share;
use nutag_formats::vector::{Duplicates, read_features};
use nutag_frame::{Frame, TOTAL};
use nutag_grid::LonLat;
use nutag_grid::overlap::{LonLatCells, SmallCells, Weights, polygon_weights};
use nutag_problem::{Error, OrProblem};

/// What an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AreaKind {
    /// All regions together.
    Country,
    /// A region.
    Region,
    /// A permafrost zone inside the regions.
    Zone,
}

impl AreaKind {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::Zone => "zone",
        }
    }
}

/// An area and what it shares with the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// What it is.
    pub kind: AreaKind,
    /// Its name.
    pub name: String,
    /// For zones, the epoch of the map.
    pub epoch: Option<String>,
    /// Its whole area in km2.
    pub area_km2: f64,
    /// Areas shared with cells, by cell.
    pub shares: Vec<Share>,
}

/// The country, the regions, and the zones of both epochs.
///
/// Regions that are polygons are cut by the edges of the cells. Zones, and regions that come as a raster, are
/// gathered from the cells of interest of the plan: those that the NPP tables count, by their centres.
pub(crate) fn areas(frame: &Frame<'_>, cells: &LonLatCells) -> Result<Vec<Area>, Error> {
    let mut gathered = Gathered::of(frame, cells)?;
    let regions = frame.region_map;
    let by_region: Vec<(String, Weights)> = match &regions.name {
        Some(attribute) => {
            let features = read_features(
                &regions.path,
                regions.layer.as_deref(),
                attribute,
                Duplicates::Refuse,
            )
            .or_asked()?;
            features
                .into_iter()
                .map(|f| (f.value, polygon_weights(cells, &f.geometry)))
                .collect()
        }
        None => {
            let weights = std::mem::take(&mut gathered.regions)
                .into_iter()
                .map(SmallCells::weights);
            frame.regions.iter().cloned().zip(weights).collect()
        }
    };
    let mut areas = vec![country(&by_region)];
    for (name, weights) in by_region {
        areas.push(area(AreaKind::Region, name, None, weights));
    }
    for (map, zones) in frame.zones.iter().zip(gathered.zones) {
        for (name, zone) in map.names.iter().zip(zones) {
            areas.push(area(
                AreaKind::Zone,
                name.clone(),
                Some(map.epoch.to_owned()),
                zone.weights(),
            ));
        }
    }
    // A zone of the legend that the map does not show has no air above it.
    areas.retain(|area| area.area_km2 > 0.0);
    Ok(areas)
}

fn area(kind: AreaKind, name: String, epoch: Option<String>, weights: Weights) -> Area {
    let share = |w: nutag_grid::overlap::CellWeight| Share {
        cell: w.cell,
        area_km2: w.area_km2,
    };
    Area {
        kind,
        name,
        epoch,
        area_km2: weights.area_km2,
        shares: weights.cells.into_iter().map(share).collect(),
    }
}

/// All regions together: they do not overlap.
fn country(regions: &[(String, Weights)]) -> Area {
    let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
    for weight in regions.iter().flat_map(|(_, weights)| &weights.cells) {
        *shares.entry(weight.cell).or_default() += weight.area_km2;
    }
    Area {
        kind: AreaKind::Country,
        name: TOTAL.to_owned(),
        epoch: None,
        area_km2: regions.iter().map(|(_, weights)| weights.area_km2).sum(),
        shares: shares
            .into_iter()
            .map(|(cell, area_km2)| Share { cell, area_km2 })
            .collect(),
    }
}

/// The cells of interest, gathered by the coarse cell that holds their centre.
struct Gathered<'a> {
    regions: Vec<SmallCells<'a>>,
    /// Of the first and of the second epoch.
    zones: [Vec<SmallCells<'a>>; 2],
}

impl<'a> Gathered<'a> {
    fn of(frame: &Frame<'_>, cells: &'a LonLatCells) -> Result<Self, Error> {
        let empty = |n: usize| vec![SmallCells::new(cells); n];
        let of_map = |map: usize| frame.zones.get(map).map_or(0, |zones| zones.names.len());
        let mut out = Self {
            regions: empty(frame.regions.len()),
            zones: [empty(of_map(0)), empty(of_map(1))],
        };
        frame.places.each_row(|row| {
            let (area_cm2, lat_degrees) = (row.cell_area_cm2, row.lat_degrees);
            for run in row.runs {
                for col in run.start..run.end {
                    let lon_degrees = row.grid.longitude_degrees(row.row, col as usize);
                    let centre = LonLat {
                        lon_degrees,
                        lat_degrees,
                    };
                    out.regions[run.region].add(centre, area_cm2);
                    for (zones, zone) in out.zones.iter_mut().zip(run.zones) {
                        if let Some(zone) = zone {
                            zones[zone].add(centre, area_cm2);
                        }
                    }
                }
            }
            Ok(())
        })?;
        Ok(out)
    }
}
