//! Country, regions and zones, and what they share with the cells of the CO2 grid.

use std::collections::BTreeMap;

use nutag_carbon::TOTAL;
use nutag_carbon::air::Share;
use nutag_formats::vector::{Duplicates, read_features};
use nutag_grid::LonLat;
use nutag_grid::overlap::{LonLatCells, SmallCells, Weights, polygon_weights};
use nutag_problem::{Error, OrProblem};

use crate::config::Regions;
use crate::plan::Plan;

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
pub(super) fn areas(
    regions: &Regions,
    plan: &Plan,
    cells: &LonLatCells,
) -> Result<Vec<Area>, Error> {
    let mut gathered = Gathered::of(plan, cells)?;
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
            plan.regions.iter().cloned().zip(weights).collect()
        }
    };
    let mut areas = vec![country(&by_region)];
    for (name, weights) in by_region {
        areas.push(area(AreaKind::Region, name, None, weights));
    }
    let epochs = [&plan.config.zones.from.epoch, &plan.config.zones.to.epoch];
    for (epoch, zones) in epochs.into_iter().zip(gathered.zones) {
        for (name, zone) in plan.zones.iter().zip(zones) {
            let epoch = Some(epoch.trim().to_owned());
            areas.push(area(AreaKind::Zone, name.clone(), epoch, zone.weights()));
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
    fn of(plan: &Plan, cells: &'a LonLatCells) -> Result<Self, Error> {
        let empty = |n: usize| vec![SmallCells::new(cells); n];
        let zones = plan.zones.len();
        let mut out = Self {
            regions: empty(plan.regions.len()),
            zones: [empty(zones), empty(zones)],
        };
        for tile in &plan.tiles {
            let keys = tile.keys.get()?;
            for row in keys.rows() {
                let (area_cm2, lat_degrees) = (
                    tile.grid.row_cell_area_cm2(row),
                    tile.grid.row_latitude_degrees(row),
                );
                for run in keys.row(row) {
                    let parts = plan.space.parts(run.key);
                    // Zones count where regions are.
                    let Some(region) = parts.region else { continue };
                    for col in run.start..run.end {
                        let lon_degrees = tile.grid.longitude_degrees(row, col as usize);
                        let centre = LonLat {
                            lon_degrees,
                            lat_degrees,
                        };
                        out.regions[usize::from(region)].add(centre, area_cm2);
                        for (zones, zone) in
                            out.zones.iter_mut().zip([parts.zone_from, parts.zone_to])
                        {
                            if let Some(zone) = zone {
                                zones[usize::from(zone)].add(centre, area_cm2);
                            }
                        }
                    }
                }
            }
        }
        Ok(out)
    }
}
