//! The rows of a run's table that a project's figures are made of.

use std::collections::{BTreeMap, BTreeSet};

use super::project::{Epoch, LevelName, Project};
use super::run_folder::RunFolder;
use nutag_problem::{Error, Problem};

/// The table and column of NPP, in every run.
const NPP: (&str, &str) = ("npp_by_region_zone_year", "npp_sum_tC");
/// Relative difference of valid areas that is rounding.
const AREA_TOLERANCE: f64 = 1e-9;

/// A row of the table, as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// Line of the csv file, the header being line 1.
    pub line: u64,
    /// Region.
    pub region: String,
    /// Zone of the first epoch; the only zone, where the table has one.
    pub zone_from: String,
    /// Zone of the second epoch; empty, where the table has one.
    pub zone_to: String,
    /// Year.
    pub year: u16,
    /// Valid area, if the table has it.
    pub valid_area_km2: Option<f64>,
    /// The value, in the unit of the column.
    pub value: f64,
}

/// The rows that count, and where they are from.
#[derive(Debug)]
pub struct Source {
    /// The file in the run folder.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The column of the values.
    pub column: String,
    /// Unit of the values: `tC` or `tCO2`.
    pub unit: &'static str,
    /// The rows of the project's land in its years, in the order of the file.
    pub rows: Vec<SourceRow>,
}

impl Source {
    /// Reads what the project needs from its run.
    ///
    /// # Errors
    /// A table that is not there or was changed, regions, zones or years that
    /// it does not have, values that are missing, and areas that differ
    /// between years.
    pub fn read(project: &Project, run: &RunFolder) -> Result<Self, Error> {
        let table = project.level.table.as_deref().unwrap_or(NPP.0);
        let column = project.level.column.as_deref().unwrap_or(NPP.1).to_owned();
        let file = format!("tables/{table}.csv");
        let (bytes, sha256) = run.read(&file)?;
        let place = run.folder().join(&file);
        let refuse = |what: String, advice: &str| {
            let message = Problem::new(what).at(place.display());
            message.advice(advice).asked()
        };
        let unit = if column.ends_with("_tC") {
            "tC"
        } else if column.ends_with("_tCO2") {
            "tCO2"
        } else {
            return Err(refuse(
                format!("[level] the column {column:?} is not a total of carbon"),
                "name a column that ends in _tC or _tCO2",
            ));
        };
        if column.contains("_p05_") || column.contains("_p95_") {
            return Err(refuse(
                format!(
                    "[level] {column:?} is an end of an interval, and those of regions do not add up"
                ),
                "name the column of a model; the interval is taken with standard_error = { from = \"run\" }",
            ));
        }
        let named = column.to_ascii_uppercase();
        if project.level.name != LevelName::Npp && !named.starts_with(project.level.name.word()) {
            return Err(refuse(
                format!(
                    "[level] the column {column:?} is not called {}, which is the level",
                    project.level.name.word()
                ),
                "name a column whose name begins with the level; what a figure is called decides what is claimed",
            ));
        }
        let rows = parse(&bytes, &column)
            .map_err(|what| refuse(what, "the MRV file names the table and column in [level]"))?;
        let rows = select(rows, project)?;
        let source = Self {
            file,
            sha256,
            column,
            unit,
            rows,
        };
        source.check_areas(project, run)?;
        Ok(source)
    }

    /// The rows of a region in a year.
    pub fn of(&self, region: &str, year: u16) -> impl Iterator<Item = &SourceRow> {
        self.rows
            .iter()
            .filter(move |row| row.region == region && row.year == year)
    }

    /// The sum of a region in a year, in the unit of the column, added in the
    /// order of the file.
    #[must_use]
    pub fn total(&self, region: &str, year: u16) -> f64 {
        self.of(region, year).map(|row| row.value).sum()
    }

    /// Valid area of a region in km2, if the table has it; the same every year.
    #[must_use]
    pub fn area_km2(&self, region: &str) -> Option<f64> {
        let year = self.rows.first()?.year;
        self.of(region, year).map(|row| row.valid_area_km2).sum()
    }

    /// Areas must not move: what a mask adds is no removal.
    fn check_areas(&self, project: &Project, run: &RunFolder) -> Result<(), Error> {
        for region in &project.project.regions {
            let mut areas: BTreeMap<u16, f64> = BTreeMap::new();
            for row in self.rows.iter().filter(|row| row.region == *region) {
                *areas.entry(row.year).or_default() += row.valid_area_km2.unwrap_or_default();
            }
            let (low, high) = areas
                .values()
                .fold((f64::MAX, 0.0_f64), |(low, high), &area| {
                    (low.min(area), high.max(area))
                });
            if high - low > AREA_TOLERANCE * high {
                return Err(Problem::new(format!(
                    "the valid area of {region:?} is {low} to {high} km2 between the years"
                ))
                .at(run.folder().join(&self.file).display())
                .advice("run the pipeline with mask = \"common\" over all years of the MRV file")
                .asked());
            }
        }
        Ok(())
    }
}

/// Reads the rows of single years. Rows that sum all years have no year.
fn parse(bytes: &[u8], column: &str) -> Result<Vec<SourceRow>, String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let find = |name: &str| header.iter().position(|found| found == name);
    let need = |name: &str| {
        find(name).ok_or_else(|| {
            let names: Vec<&str> = header.iter().collect();
            format!("expected a column {name:?}, found {}", names.join(", "))
        })
    };
    // Tables with rows of several years call the column `period`.
    let year = match find("year").or_else(|| find("period")) {
        Some(place) => place,
        None => need("year")?,
    };
    let (region, value) = (need("region")?, need(column)?);
    let zone_from = find("zone_from").or_else(|| find("zone"));
    let (zone_to, area) = (find("zone_to"), find("valid_area_km2"));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |place: usize| record.get(place).unwrap_or_default();
        let Ok(year) = text(year).parse() else {
            continue;
        };
        let number = |place: usize| match text(place) {
            // No valid cell, so no value and no area: nothing to add.
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => Err(format!("line {line}: expected a number, found {text:?}")),
            },
        };
        let valid_area_km2 = area.map(number).transpose()?.flatten();
        let value = match number(value)? {
            Some(value) => value,
            None if valid_area_km2 == Some(0.0) => 0.0,
            None => return Err(format!("line {line}: {column} is missing")),
        };
        let word = |place: Option<usize>| place.map_or("", text).to_owned();
        rows.push(SourceRow {
            line,
            region: text(region).to_owned(),
            zone_from: word(zone_from),
            zone_to: word(zone_to),
            year,
            valid_area_km2,
            value,
        });
    }
    if rows.is_empty() {
        return Err("expected rows of single years, found none".to_owned());
    }
    Ok(rows)
}

/// The rows of the land and years of a project; all of them must be there.
fn select(rows: Vec<SourceRow>, project: &Project) -> Result<Vec<SourceRow>, Error> {
    let land = &project.project;
    let place = project.file.display();
    let zone = |row: &SourceRow| {
        if row.zone_to.is_empty() || land.zone_epoch == Epoch::From {
            row.zone_from.clone()
        } else {
            row.zone_to.clone()
        }
    };
    let set =
        |of: &dyn Fn(&SourceRow) -> String| -> BTreeSet<String> { rows.iter().map(of).collect() };
    let regions = set(&|row| row.region.clone());
    let zones = set(&zone);
    for (name, wanted, present) in [
        ("region", &land.regions, &regions),
        ("zone", &land.zones, &zones),
    ] {
        if let Some(unknown) = wanted.iter().find(|name| !present.contains(*name)) {
            return Err(
                Problem::new(format!("[project] the run has no {name} {unknown:?}"))
                    .at(place)
                    .advice(near(unknown, present))
                    .asked(),
            );
        }
    }
    let years: BTreeSet<u16> = rows.iter().map(|row| row.year).collect();
    let (first, last) = (years.first().copied(), years.last().copied());
    let mut periods = vec![("[monitoring]", project.monitoring.years)];
    periods.extend(
        project
            .reference
            .years()
            .map(|years| ("[reference]", years)),
    );
    let mut wanted = BTreeSet::new();
    for (section, [from, to]) in periods {
        for year in from..=to {
            if !years.contains(&year) {
                return Err(Problem::new(format!(
                    "{section} years = [{from}, {to}]: the run has no {year}; it has {} to {}",
                    first.unwrap_or_default(),
                    last.unwrap_or_default()
                ))
                .at(place)
                .advice("choose years of the run, or run the pipeline over these years")
                .asked());
            }
            wanted.insert(year);
        }
    }
    // Where a table has one zone column, a "Total" row stands beside its parts.
    let has_totals = zones.contains("Total") && zones.len() > 1;
    let keeps = |row: &SourceRow| {
        let zone = zone(row);
        let zone_counts = if land.zones.is_empty() {
            !has_totals || zone == "Total"
        } else {
            land.zones.contains(&zone)
        };
        zone_counts && wanted.contains(&row.year) && land.regions.contains(&row.region)
    };
    let kept: Vec<SourceRow> = rows.iter().filter(|row| keeps(row)).cloned().collect();
    let mut seen = BTreeSet::new();
    for row in &kept {
        let key = (&row.region, &row.zone_from, &row.zone_to, row.year);
        if !seen.insert(key) {
            return Err(Problem::new(format!(
                "the run has {:?} in {} twice (line {})",
                row.region, row.year, row.line
            ))
            .at(place)
            .advice("name a table with one row for each region, zone and year")
            .asked());
        }
    }
    for region in &land.regions {
        for year in &wanted {
            if !kept
                .iter()
                .any(|row| row.region == *region && row.year == *year)
            {
                return Err(Problem::new(format!(
                    "the run has no row of {region:?} in {year} in the zones of the project"
                ))
                .at(place)
                .advice("take another zone or leave the region out")
                .asked());
            }
        }
    }
    Ok(kept)
}

fn near(unknown: &str, present: &BTreeSet<String>) -> String {
    let close = present
        .iter()
        .map(|name| (strsim::jaro_winkler(name, unknown), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let list: Vec<&str> = present.iter().map(String::as_str).collect();
    match close {
        Some((_, name)) => format!("did you mean {name:?}? The run has {}", list.join(", ")),
        None => format!("the run has {}", list.join(", ")),
    }
}
