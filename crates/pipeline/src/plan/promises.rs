//! What a plan promises: whatever the end of a run would refuse without having learnt anything new is
//! refused before the first granule is opened.

use nutag_carbon::{Names, TREND_PERIODS, TrendOptions};
use nutag_granules::product::Product;
use nutag_problem::{Error, Problem};
use nutag_task::one_a_year;
use nutag_zonal::{KeySpace, KeyStrip};

use super::keys::Maps;
use crate::config::{Config, Mode, TableFormat};
use crate::maps::MOST_CLASSES;

/// Rows that a sheet of a workbook holds below its two lines of names.
const SHEET_ROWS: u64 = 1_048_576 - 2;

/// Refuses names, maps and trends that the end of the run could not make.
///
/// # Errors
/// Returns an error, "asked wrongly", for the first of them.
pub(super) fn check_asked(
    config: &Config,
    product: &Product,
    names: &Names,
    trends: &TrendOptions,
    maps: &Maps,
) -> Result<(), Error> {
    names.check().map_err(|error| {
        let place = if names.check_regions().is_err() {
            maps.regions.path()
        } else {
            maps.from.path()
        };
        Problem::new(error.to_string())
            .at(place.display())
            .advice("rename it there; if it is a row of sums left in the layer, take it out")
            .asked()
    })?;
    if config.wants_maps() && names.from.zones.len() > MOST_CLASSES {
        return Err(Problem::new(format!(
            "{} zones; at most {MOST_CLASSES} can be told apart on a map",
            names.from.zones.len()
        ))
        .at("[output] maps")
        .advice("write maps = [] to go without, or use a legend with fewer zones")
        .asked());
    }
    let Some(trend) = &config.trend else {
        return Ok(());
    };
    let wrong =
        |what: String, advice: &str| Err(Problem::new(what).at("[trend]").advice(advice).asked());
    if names.periods.len() < TREND_PERIODS {
        return wrong(
            format!(
                "{} period(s) of {} are too few for a trend: expected at least {TREND_PERIODS}",
                names.periods.len(),
                product.id()
            ),
            "ask for more of them in [npp], or leave the section out",
        );
    }
    for epoch in trends.epochs.iter().flatten() {
        let within = trends
            .times_years
            .iter()
            .filter(|time| epoch.contains(time));
        let within = within.count();
        if within < 2 {
            return wrong(
                format!(
                    "the epoch {} to {} holds {within} of the periods: expected at least 2",
                    epoch.start().floor(),
                    epoch.end().floor()
                ),
                "choose epochs within the years or dates of [npp]; the spread of one period is not known",
            );
        }
    }
    let years: Vec<u16> = names
        .periods
        .iter()
        .filter_map(|period| u16::try_from(period.year).ok())
        .collect();
    if trend.field_significance.is_some() && !(config.wants_cells() && one_a_year(&years)) {
        return wrong(
            "field_significance tests the trends of single cells, and this run has none".to_owned(),
            "trends of cells need maps in [output] and one period a year; or leave field_significance out",
        );
    }
    Ok(())
}

/// Which regions and zones have cells, counted while tiles are planned.
#[derive(Debug, Clone)]
pub(super) struct Met {
    space: KeySpace,
    regions: Vec<bool>,
    zones_from: Vec<bool>,
    keys: std::collections::BTreeSet<u32>,
}

impl Met {
    pub(super) fn new(space: KeySpace) -> Self {
        Self {
            space,
            regions: vec![false; usize::from(space.regions())],
            zones_from: vec![false; usize::from(space.zones_from())],
            keys: std::collections::BTreeSet::new(),
        }
    }

    pub(super) fn add(&mut self, keys: &KeyStrip) {
        for run in keys.runs() {
            if !self.keys.insert(run.key) {
                continue;
            }
            let parts = self.space.parts(run.key);
            if let Some(region) = parts.region {
                self.regions[usize::from(region)] = true;
                if let Some(zone) = parts.zone_from {
                    self.zones_from[usize::from(zone)] = true;
                }
            }
        }
    }

    /// Refuses tables that would come out of these cells and could not be written.
    ///
    /// # Errors
    /// Returns an error, "asked wrongly", for a zone without a cell where the published table needs a
    /// density of each, and for more rows than a workbook holds.
    pub(super) fn check(&self, config: &Config, names: &Names) -> Result<(), Error> {
        if config.mode == Mode::AsPublished {
            let empty = without(&self.zones_from, &names.from.zones);
            if !empty.is_empty() {
                return Err(Problem::new(format!(
                    "no cell of the regions is in the zone(s) {} of the {}",
                    quoted(&empty),
                    names.from.label
                ))
                .at("mode = \"as-published\"")
                .advice("the published table needs a density for every zone: use mode = \"corrected\", or a legend without the zone")
                .asked());
            }
        }
        let rows = (self.keys.len() as u64).saturating_mul(names.periods.len() as u64);
        if rows > SHEET_ROWS && config.output.tables.contains(&TableFormat::Xlsx) {
            return Err(Problem::new(format!(
                "the table of regions, zones and periods has {rows} rows, and a sheet of a workbook holds {SHEET_ROWS}"
            ))
            .at("[output] tables")
            .advice("leave \"xlsx\" out: csv and parquet hold any number")
            .asked());
        }
        Ok(())
    }

    /// What is to be said of regions without a cell.
    pub(super) fn warning(&self, names: &Names) -> Option<String> {
        let empty = without(&self.regions, &names.regions);
        (!empty.is_empty()).then(|| {
            format!(
                "{} of {} regions hold no centre of a cell and count as 0 cells: {}",
                empty.len(),
                names.regions.len(),
                quoted(&empty)
            )
        })
    }
}

/// The names that were not met.
fn without<'n>(met: &[bool], names: &'n [String]) -> Vec<&'n str> {
    let pairs = met.iter().zip(names);
    pairs
        .filter(|(met, _)| !**met)
        .map(|(_, name)| name.as_str())
        .collect()
}

/// The first of a list of names, and how many more there are.
fn quoted(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut words: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{name:?}"))
        .collect();
    if names.len() > SHOWN {
        words.push(format!("and {} more", names.len() - SHOWN));
    }
    words.join(", ")
}
