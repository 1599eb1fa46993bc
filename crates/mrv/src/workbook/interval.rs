//! How far the draws of a run go: the interval of the change between two periods.

use super::project::{Project, StandardError};
use super::run_folder::RunFolder;
use nutag_problem::{Error, Problem};

/// The table with the draws.
const FILE: &str = "tables/co2_uptake.csv";

/// 5 and 95 % of the draws of a region's change, in tCO2 a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// Region.
    pub region: String,
    /// Line of the csv file, the header being line 1.
    pub line: u64,
    /// Value that 5 % of the draws are below.
    pub p05_tco2: f64,
    /// Value that 95 % of the draws are below.
    pub p95_tco2: f64,
}

/// The intervals of a project's regions, where its standard error comes from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    /// The file in the run folder.
    pub file: &'static str,
    /// Its SHA-256.
    pub sha256: String,
    /// The row of the table, as `change 2001-2006 to 2007-2012`.
    pub row: String,
    /// One a region.
    pub regions: Vec<Interval>,
}

impl Intervals {
    /// Reads them, if the MRV file asks for them.
    ///
    /// # Errors
    /// A run without draws, or without the change between the two periods.
    pub fn read(project: &Project, run: &RunFolder) -> Result<Option<Self>, Error> {
        if project.uncertainty.standard_error != StandardError::Run {
            return Ok(None);
        }
        let refuse = |what: String, advice: &str| {
            let message = Problem::new(what).at(project.file.display());
            message.advice(advice).asked()
        };
        let Some(reference) = project.reference.years() else {
            return Err(refuse(
                "[uncertainty] from = \"run\" needs reference years: a fixed figure has no draws"
                    .to_owned(),
                "write from = \"years\" or from = \"given\"",
            ));
        };
        if !project.project.zones.is_empty() {
            return Err(refuse(
                "[uncertainty] from = \"run\" is of whole regions, and [project] names zones"
                    .to_owned(),
                "leave the zones out, or write from = \"years\"",
            ));
        }
        let period = |[first, last]: [u16; 2]| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        };
        let row = format!(
            "change {} to {}",
            period(reference),
            period(project.monitoring.years)
        );
        let (bytes, sha256) = run.read(FILE)?;
        let level = project.level.name.word().to_ascii_lowercase();
        let columns = [
            "region".to_owned(),
            "zone".to_owned(),
            "period".to_owned(),
            format!("{level}_p05_tCO2"),
            format!("{level}_p95_tCO2"),
        ];
        let advice = "the run needs [uptake.uncertainty], and [uptake] change between the two periods of the MRV file";
        let table =
            table(&bytes, &columns).map_err(|what| refuse(format!("{FILE}: {what}"), advice))?;
        let mut regions = Vec::new();
        for region in &project.project.regions {
            let found = table.iter().find(|(_, fields)| {
                fields[0] == *region && fields[1] == "Total" && fields[2] == row
            });
            let Some((line, fields)) = found else {
                return Err(refuse(
                    format!("{FILE}: the run has no row {row:?} of {region:?}"),
                    advice,
                ));
            };
            let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
            match (number(&fields[3]), number(&fields[4])) {
                (Some(p05_tco2), Some(p95_tco2)) if p05_tco2 <= p95_tco2 => {
                    regions.push(Interval {
                        region: region.clone(),
                        line: *line,
                        p05_tco2,
                        p95_tco2,
                    });
                }
                _ => {
                    return Err(refuse(
                        format!(
                            "the standard error is missing: {FILE}, line {line}, has no interval"
                        ),
                        advice,
                    ));
                }
            }
        }
        Ok(Some(Self {
            file: FILE,
            sha256,
            row,
            regions,
        }))
    }

    /// Standard error of the change of all regions together, in tCO2 a year:
    /// the half width of each interval over the normal quantile of 95 %. The
    /// errors of regions are added, as if they went together: the larger way.
    #[must_use]
    pub fn se_tco2(&self) -> f64 {
        let widths: f64 = self
            .regions
            .iter()
            .map(|region| region.p95_tco2 - region.p05_tco2)
            .sum();
        widths / (2.0 * nutag_stats::quantile::normal_quantile(0.95))
    }
}

/// The named columns of every line.
fn table(bytes: &[u8], columns: &[String]) -> Result<Vec<(u64, Vec<String>)>, String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut places = Vec::new();
    for column in columns {
        let place = header.iter().position(|name| name == column);
        places.push(place.ok_or_else(|| format!("expected a column {column:?}, found none"))?);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let fields = places
            .iter()
            .map(|place| record.get(*place).unwrap_or_default().to_owned());
        rows.push((line, fields.collect()));
    }
    Ok(rows)
}
