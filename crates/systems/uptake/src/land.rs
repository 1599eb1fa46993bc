//! Where the units of region and zone lie: blocks, borders, and shares of climate cells.

use std::collections::BTreeMap;

use crate::science::Unit;
use crate::science::uncertainty::Block;
use nutag_frame::{Frame, Run};
use nutag_grid::LonLat;
use nutag_grid::overlap::LonLatCells;
use nutag_problem::Error;

/// Blocks for correlated errors, degrees.
const BLOCK_DEGREES: f64 = 0.5;
/// A border drawn along sides of cells is longer than the border itself: by 4/pi on average over
/// directions.
const STAIRCASE: f64 = std::f64::consts::PI / 4.0;

/// A unit on the ground.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitLand {
    /// Its area in km2.
    pub area_km2: f64,
    /// Its pieces.
    pub blocks: Vec<Block>,
    /// Area in each climate cell, km2, by index of the cell.
    pub climate_km2: Vec<(usize, f64)>,
}

/// All units on the ground.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Land {
    /// The units that have cells of interest.
    pub units: BTreeMap<Unit, UnitLand>,
    /// Length of the border between two zones of a region, km; the first unit is the lower.
    pub borders_km: BTreeMap<(Unit, Unit), f64>,
}

/// Sums in cm2 on the way.
#[derive(Default)]
struct Gathering {
    area_cm2: u128,
    blocks_cm2: BTreeMap<(i32, i32), u128>,
    climate_cm2: BTreeMap<usize, u128>,
}

impl Land {
    /// Goes through the cells of interest. A cell counts for the block and the climate cell that hold its
    /// centre.
    ///
    /// # Errors
    /// Returns an error if keys cannot be read.
    pub fn of(frame: &Frame<'_>, map: usize, climate: Option<&LonLatCells>) -> Result<Self, Error> {
        let outside = frame.zones.get(map).map_or(0, |zones| zones.names.len());
        let mut gathered: BTreeMap<Unit, Gathering> = BTreeMap::new();
        let mut borders_km: BTreeMap<(Unit, Unit), f64> = BTreeMap::new();
        let mut above: Vec<(Run, Unit)> = Vec::new();
        let mut last = None;
        frame.places.each_row(|row| {
            // Borders are counted within a tile.
            if last.is_none_or(|(tile, before)| tile != row.tile || before + 1 != row.row) {
                above.clear();
            }
            last = Some((row.tile, row.row));
            #[expect(clippy::cast_precision_loss, reason = "a length for an uncertainty")]
            let side_km = (row.cell_area_cm2 as f64 / 1e10).sqrt();
            let unit = |run: &Run| Unit {
                region: run.region,
                zone: run.zones[map].unwrap_or(outside),
            };
            let here: Vec<(Run, Unit)> = row.runs.iter().map(|run| (*run, unit(run))).collect();
            for (run, unit) in &here {
                let into = gathered.entry(*unit).or_default();
                let lon = |column: u32| row.grid.longitude_degrees(row.row, column as usize);
                add_run(into, *run, row.lat_degrees, row.cell_area_cm2, lon, climate);
            }
            add_borders(&here, &above, side_km, &mut borders_km);
            above = here;
            Ok(())
        })?;
        Ok(Self {
            units: gathered
                .into_iter()
                .map(|(unit, g)| (unit, g.finish()))
                .collect(),
            borders_km,
        })
    }
}

/// Adds the cells of a run, piece by piece: neighbours mostly share block and climate cell.
fn add_run(
    into: &mut Gathering,
    run: Run,
    lat_degrees: f64,
    area_cm2: u64,
    lon: impl Fn(u32) -> f64,
    climate: Option<&LonLatCells>,
) {
    let mut place: Option<((i32, i32), Option<usize>)> = None;
    let mut cells = 0_u64;
    let mut flush = |place: Option<((i32, i32), Option<usize>)>, cells: u64| {
        let Some((block, climate)) = place else {
            return;
        };
        let area = u128::from(area_cm2) * u128::from(cells);
        into.area_cm2 += area;
        *into.blocks_cm2.entry(block).or_default() += area;
        if let Some(cell) = climate {
            *into.climate_cm2.entry(cell).or_default() += area;
        }
    };
    for column in run.start..run.end {
        let lon_degrees = lon(column);
        let now = (
            (
                (lon_degrees / BLOCK_DEGREES).floor() as i32,
                (lat_degrees / BLOCK_DEGREES).floor() as i32,
            ),
            climate.and_then(|cells| {
                let centre = LonLat {
                    lon_degrees,
                    lat_degrees,
                };
                let (row, col) = cells.cell_at(centre)?;
                Some(row * cells.cols() + col)
            }),
        );
        if place != Some(now) {
            flush(place, cells);
            (place, cells) = (Some(now), 0);
        }
        cells += 1;
    }
    flush(place, cells);
}

/// Sides between cells of two zones of one region: in the row, and towards the row above.
fn add_borders(
    here: &[(Run, Unit)],
    above: &[(Run, Unit)],
    side_km: f64,
    borders_km: &mut BTreeMap<(Unit, Unit), f64>,
) {
    let mut add = |a: Unit, b: Unit, sides: u32| {
        if a.region == b.region && a.zone != b.zone {
            *borders_km.entry((a.min(b), a.max(b))).or_default() +=
                f64::from(sides) * side_km * STAIRCASE;
        }
    };
    for pair in here.windows(2) {
        if pair[0].0.end == pair[1].0.start {
            add(pair[0].1, pair[1].1, 1);
        }
    }
    let mut first = 0;
    for (run, unit) in here {
        while first < above.len() && above[first].0.end <= run.start {
            first += 1;
        }
        for (other, other_unit) in &above[first..] {
            if other.start >= run.end {
                break;
            }
            let shared = run.end.min(other.end) - run.start.max(other.start);
            add(*unit, *other_unit, shared);
        }
    }
}

impl Gathering {
    fn finish(self) -> UnitLand {
        #[expect(clippy::cast_precision_loss, reason = "an area")]
        let km2 = |cm2: u128| cm2 as f64 / 1e10;
        UnitLand {
            area_km2: km2(self.area_cm2),
            blocks: self
                .blocks_cm2
                .into_iter()
                .map(|((x, y), cm2)| {
                    let edge = |i: i32| f64::from(i) * BLOCK_DEGREES;
                    Block {
                        edges_degrees: [edge(x), edge(y), edge(x + 1), edge(y + 1)],
                        area_km2: km2(cm2),
                    }
                })
                .collect(),
            climate_km2: self
                .climate_cm2
                .into_iter()
                .map(|(cell, cm2)| (cell, km2(cm2)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(zone: usize) -> Unit {
        Unit { region: 0, zone }
    }

    fn run(start: u32, end: u32, zone: usize) -> (Run, Unit) {
        (
            Run {
                start,
                end,
                region: 0,
                zones: [None, None],
            },
            unit(zone),
        )
    }

    #[test]
    fn borders_are_counted_by_sides_of_cells() {
        let mut borders = BTreeMap::new();
        // a a a b b
        // a b b b .
        let above = [run(0, 3, 0), run(3, 5, 1)];
        let here = [run(0, 1, 0), run(1, 4, 1)];
        add_borders(&above, &[], 2.0, &mut borders);
        add_borders(&here, &above, 2.0, &mut borders);
        // One side in each row, two between the rows.
        assert_eq!(borders.len(), 1);
        assert!((borders[&(unit(0), unit(1))] - 4.0 * 2.0 * STAIRCASE).abs() < 1e-12);
    }

    #[test]
    fn a_gap_is_no_border() {
        let mut borders = BTreeMap::new();
        add_borders(&[run(0, 2, 0), run(3, 5, 1)], &[], 1.0, &mut borders);
        assert!(borders.is_empty());
    }
}
