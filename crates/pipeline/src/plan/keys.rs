//! The keys of a tile: regions and both zone maps put on its grid.

use std::collections::BTreeMap;
use std::ops::Range;

use nutag_grid::Grid;
use nutag_problem::{Error, Problem};
use nutag_zonal::{KeySpace, KeyStrip, NONE};
use rayon::prelude::*;

use super::maps::{Codes, NamedMap};
use crate::config::Overlap;

/// The three maps of a study.
pub struct Maps {
    /// The regions: the area of interest.
    pub regions: NamedMap,
    /// Zones of the first epoch.
    pub from: NamedMap,
    /// Zones of the second epoch.
    pub to: NamedMap,
    /// How many of each there are.
    pub space: KeySpace,
}

/// What was met while keys were made.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Cells of the area of interest.
    pub cells: u64,
    /// Of them, cells outside the first zone map, and outside the second.
    pub outside_zones: [u64; 2],
    /// Cells in a zone but in no region, and their area, by key.
    pub outside_regions: BTreeMap<u32, (u64, u64)>,
    /// For the regions and both zone maps: pairs of polygons that claim the
    /// same cells.
    pub overlaps: [BTreeMap<(String, String), u64>; 3],
    /// For both zone maps: values without an answer in the area of interest,
    /// how many cells have it, and where the first is.
    unanswered: [BTreeMap<String, (u64, String)>; 2],
}

impl Findings {
    /// What was met when a plan was made, from its folder. The legends had an
    /// answer for every value then.
    pub(crate) fn of_cells(
        cells: u64,
        outside_zones: [u64; 2],
        outside_regions: impl Iterator<Item = (u32, u64, u64)>,
        overlaps: [Vec<(String, String, u64)>; 3],
    ) -> Self {
        Self {
            cells,
            outside_zones,
            outside_regions: outside_regions
                .map(|(key, cells, area_cm2)| (key, (cells, area_cm2)))
                .collect(),
            overlaps: overlaps.map(|pairs| {
                let pairs = pairs.into_iter();
                pairs.map(|(a, b, cells)| ((a, b), cells)).collect()
            }),
            unanswered: Default::default(),
        }
    }

    /// Adds what was met elsewhere, further south or east.
    pub fn add(&mut self, other: Self) {
        self.cells += other.cells;
        for (mine, theirs) in self.outside_zones.iter_mut().zip(other.outside_zones) {
            *mine += theirs;
        }
        for (key, (cells, area)) in other.outside_regions {
            let mine = self.outside_regions.entry(key).or_default();
            *mine = (mine.0 + cells, mine.1 + area);
        }
        for (mine, theirs) in self.overlaps.iter_mut().zip(other.overlaps) {
            for (pair, cells) in theirs {
                *mine.entry(pair).or_default() += cells;
            }
        }
        for (mine, theirs) in self.unanswered.iter_mut().zip(other.unanswered) {
            for (value, (cells, place)) in theirs {
                mine.entry(value).or_insert((0, place)).0 += cells;
            }
        }
    }

    /// Stops where the maps leave a question open.
    pub fn check(&self, maps: &Maps) -> Result<(), Error> {
        let named = [&maps.regions, &maps.from, &maps.to];
        for (map, overlaps) in named.into_iter().zip(&self.overlaps) {
            let (Some(((a, b), cells)), Overlap::Stop) = (overlaps.iter().next(), map.overlap())
            else {
                continue;
            };
            return Err(Problem::new(format!(
                "\"{a}\" and \"{b}\" overlap: both claim {cells} cells ({} such pairs in all)",
                overlaps.len()
            ))
            .at(map.path().display())
            .advice("mend the polygons, or say overlap = \"first\" to give such cells to the first in the file")
            .asked());
        }
        for (map, unanswered) in [&maps.from, &maps.to].into_iter().zip(&self.unanswered) {
            if unanswered.is_empty() {
                continue;
            }
            let list: Vec<String> = unanswered
                .iter()
                .take(12)
                .map(|(value, (cells, place))| {
                    format!("  {value}: {cells} cells, the first at {place}")
                })
                .collect();
            return Err(Problem::new(format!(
                "the legend has no answer for {} value(s) of this map inside the regions:\n{}",
                unanswered.len(),
                list.join("\n")
            ))
            .at(map.path().display())
            .advice("add a [[class]] with `zone = \"...\"` or `outside = true` to the legend")
            .asked());
        }
        for (map, outside) in [&maps.from, &maps.to].into_iter().zip(self.outside_zones) {
            if outside == self.cells {
                return Err(Problem::new("this zone map holds no cell of the regions")
                    .at(map.path().display())
                    .advice("do the two overlap? `nutag inspect` shows where a map lies")
                    .asked());
            }
        }
        Ok(())
    }
}

/// Rows that are put on the grid together.
const ROWS_AT_ONCE: usize = 64;

/// Makes the keys of some rows of a grid, whose cells count as `row_areas_cm2`; `columns` narrows each row.
pub fn make_keys(
    maps: &Maps,
    grid: &Grid,
    row_areas_cm2: &[u64],
    rows: Range<usize>,
    columns: impl Fn(usize) -> Range<usize> + Sync,
) -> Result<(KeyStrip, Findings), Error> {
    let bands: Vec<Range<usize>> = rows
        .clone()
        .step_by(ROWS_AT_ONCE)
        .map(|start| start..(start + ROWS_AT_ONCE).min(rows.end))
        .collect();
    let parts: Vec<_> = bands
        .into_par_iter()
        .map(|band| make_band(maps, grid, row_areas_cm2, band, &columns))
        .collect::<Result<_, _>>()?;
    let mut strip = KeyStrip::starting_at(rows.start);
    let mut findings = Findings::default();
    for (part, found) in parts {
        strip.append(&part);
        findings.add(found);
    }
    Ok((strip, findings))
}

fn make_band(
    maps: &Maps,
    grid: &Grid,
    row_areas_cm2: &[u64],
    rows: Range<usize>,
    columns: &impl Fn(usize) -> Range<usize>,
) -> Result<(KeyStrip, Findings), Error> {
    let regions = maps.regions.codes(grid, rows.clone())?;
    let zones = [
        maps.from.codes(grid, rows.clone())?,
        maps.to.codes(grid, rows.clone())?,
    ];
    let mut strip = KeyStrip::starting_at(rows.start);
    let mut findings = Findings::default();
    let nowhere = maps.space.nowhere();
    let width = grid.shape().cols;
    for row in rows.clone() {
        let offset = (row - rows.start) * width;
        let wanted = columns(row);
        let area_cm2 = row_areas_cm2[row];
        let keys = (0..width).map(|column| {
            let cell = offset + column;
            if !wanted.contains(&column) {
                return nowhere;
            }
            let (from, to) = (zones[0].codes[cell], zones[1].codes[cell]);
            if regions.codes[cell] == NONE {
                if from != NONE || to != NONE {
                    let key = maps.space.key(NONE, from, to);
                    let (cells, area) = findings.outside_regions.entry(key).or_default();
                    *cells += 1;
                    *area += area_cm2;
                }
                return nowhere;
            }
            findings.cells += 1;
            findings.outside_zones[0] += u64::from(from == NONE);
            findings.outside_zones[1] += u64::from(to == NONE);
            maps.space.key(regions.codes[cell], from, to)
        });
        strip.push_row(keys, nowhere);
    }
    for (zones, unanswered) in zones.iter().zip(&mut findings.unanswered) {
        note_unanswered(grid, &rows, zones, &regions, unanswered);
    }
    let [from, to] = zones;
    findings.overlaps = [regions.overlaps, from.overlaps, to.overlaps];
    Ok((strip, findings))
}

fn note_unanswered(
    grid: &Grid,
    rows: &Range<usize>,
    zones: &Codes,
    regions: &Codes,
    unanswered: &mut BTreeMap<String, (u64, String)>,
) {
    let width = grid.shape().cols;
    for (cell, value) in &zones.unanswered {
        if regions.codes[*cell] == NONE {
            continue;
        }
        let place = || {
            let centre = grid.center(rows.start + cell / width, cell % width);
            format!("{:.3} E, {:.3} N", centre.lon_degrees, centre.lat_degrees)
        };
        let entry = unanswered
            .entry(value.clone())
            .or_insert_with(|| (0, place()));
        entry.0 += 1;
    }
}
