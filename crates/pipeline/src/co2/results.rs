//! Everything that `[co2]` adds to a run.

use nutag_carbon::Study;
use nutag_carbon::air::why_context;
use nutag_problem::{Error, Progress};
use nutag_report::{Block, Section, Table};

use super::charts::charts;
use super::maps::maps;
use super::series::{AreaSeries, area_series};
use super::tables::{beside_table, deseasonalised_table, fit_table, month_table};
use super::{AreaKind, Co2Plan};
use crate::config::Config;

/// A picture as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// File name.
    pub name: String,
    /// What it shows.
    pub caption: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Everything that `[co2]` adds to a run.
#[derive(Debug, Clone)]
pub struct Co2Results {
    /// `xco2_by_region_month`, `xco2_fit`, `xco2_deseasonalised` and, beside a study of carbon by the year,
    /// `xco2_beside_npp`.
    pub tables: Vec<Table>,
    /// The section of the report.
    pub section: Section,
    /// Charts as SVG, one per area, the country first.
    pub figures: Vec<Picture>,
    /// Maps as PNG.
    pub maps: Vec<Picture>,
}

/// Computes what a plan of CO2 asks for. `config` is the pipeline file, for its regions and its note; `study` gives the
/// NPP that stands beside.
///
/// # Errors
/// A file that cannot be read any more, or a map that cannot be drawn.
pub fn co2_results(
    plan: &Co2Plan,
    config: &Config,
    study: Option<&Study<'_>>,
    progress: &dyn Progress,
) -> Result<Co2Results, Error> {
    let series = area_series(plan, progress)?;
    let note = config.about.note.as_deref().unwrap_or_default();
    let mut tables = vec![
        month_table(plan, &series),
        fit_table(&series),
        deseasonalised_table(&series),
    ];
    tables.extend(study.and_then(|study| beside_table(study, &series)));
    Ok(Co2Results {
        section: section(plan, &series, &tables[1]),
        figures: charts(plan, &series, note),
        maps: maps(plan, &config.regions, note)?,
        tables,
    })
}

fn section(plan: &Co2Plan, series: &[AreaSeries<'_>], fit: &Table) -> Section {
    let mut blocks = vec![Block::Paragraph(why_context())];
    if let Some(country) = series
        .iter()
        .find(|series| series.area.kind == AreaKind::Country)
    {
        blocks.push(Block::Paragraph(country_text(country)));
    }
    blocks.push(Block::Table(fit.brief()));
    let mut notes = vec![format!(
        "Source: {}; {} months.",
        plan.product(),
        plan.set.months.len()
    )];
    notes.extend(plan.warnings.iter().cloned());
    blocks.push(Block::List(notes));
    Section {
        id: "air".to_owned(),
        heading: "The air above".to_owned(),
        blocks,
    }
}

fn country_text(country: &AreaSeries<'_>) -> String {
    let growth = match &country.fit {
        Ok(fit) => {
            let (low, high) = fit.growth_interval(0.95).unwrap_or((f64::NAN, f64::NAN));
            format!(
                "Over all regions XCO2 grew by {:.2} ppm a year (95 % interval {low:.2} to {high:.2}); its yearly cycle spans {:.1} ppm.",
                fit.growth_per_year, fit.amplitude
            )
        }
        Err(why) => format!("There is no fit over all regions: {why}."),
    };
    let months = country.rows.len();
    let sparse = country.rows.iter().filter(|row| row.mean.sparse).count();
    let half_seen = country
        .rows
        .iter()
        .filter(|row| row.mean.observed_fraction.is_some_and(|seen| seen < 0.5));
    format!(
        "{growth} Of {months} months, {sparse} have values over too little of the area and are left out of the fit; in {} \
         months soundings lie in cells that cover less than half of it.",
        half_seen.count()
    )
}
