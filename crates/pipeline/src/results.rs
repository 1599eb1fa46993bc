//! A study into the tables and the report.

use nutag_carbon::published::{Tolerance, as_published, compare, printed};
use nutag_carbon::{
    Study, TREND_PERIODS, Trends, ZoneChange, coverage, series, transitions, trends, zone_change,
};
use nutag_problem::{Error, OrProblem, Problem, Watch};
use nutag_report::{Block, ReportPage, Section, Table};
use nutag_system::{Given, Yearly};

use crate::audit::{comparison_table, published_table};
use crate::cells::CellMosaic;
use crate::config::Mode;
use crate::figures;
use crate::manifest::Input;
use crate::maps::{Maps, maps_section};
use crate::plan::{NppPlan, Plan};
use crate::story;
use crate::study::{trend_options, yearly};
use crate::tables;

/// Everything that a run writes, but the manifest.
pub struct Results {
    /// The main table.
    pub headline: Table,
    /// All tables, the main one first.
    pub tables: Vec<Table>,
    /// Charts and maps: where each lies in the result folder, and its bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
    /// The report.
    pub page: ReportPage,
}

/// What of a result is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Tables, pictures and the report.
    Everything,
    /// The tables; no system draws anything.
    Tables,
}

/// Makes the tables and the report of a study.
///
/// # Errors
/// Figures that do not add up, which is a fault of this program.
pub fn results(
    plan: &NppPlan<'_>,
    study: &Study<'_>,
    inputs: &[Input],
    cells: Option<&CellMosaic<'_>>,
    maps: &Maps,
    wanted: Wanted,
    watch: &Watch<'_>,
) -> Result<Results, Error> {
    let coverage = coverage(study);
    coverage.check().map_err(|error| {
        Problem::new(error.to_string())
            .advice("this is a fault of the program; please report it with the pipeline file")
            .failed()
    })?;
    let mut all = Vec::new();
    let mut charts = Vec::new();
    let label = plan.config.about.note.clone().unwrap_or_default();
    let trends = trends_of(plan, study)?;
    let mut change = None;
    let (answer, mut sections) = match plan.config.mode {
        Mode::Corrected => {
            let change = change.insert(zone_change(study, plan.config.output.decomposition.into()));
            let moved = transitions(study);
            all.push(tables::zone_change_table(study, change));
            all.push(tables::transitions_table(study, &moved));
            charts.push(figures::effects(study, change, &label));
            charts.push(figures::zone_flows(study, &moved, &label));
            let mut sections = corrected(study, change, &all);
            for (section, chart) in sections.iter_mut().zip(&charts) {
                section.blocks.insert(1, Block::Figure(chart.svg.clone()));
            }
            (story::answer(study, change, trends.as_ref()), sections)
        }
        Mode::AsPublished => {
            all.extend(published_form(study)?);
            as_published_sections(&all)
        }
    };
    if let Some(trends) = &trends {
        all.push(tables::trends_table(study, trends, plan.counted.npp.mask));
        let times_years = trend_options(plan).times_years;
        let chart = figures::zone_series(study, trends, &times_years, &label);
        let mut section = tables::trends_section(study, trends);
        section.blocks.insert(1, Block::Figure(chart.svg.clone()));
        sections.push(section);
        charts.push(chart);
    }
    sections.extend(cells.map(CellMosaic::section));
    let mut pictures: Vec<(String, Vec<u8>)> = charts
        .iter()
        .map(|chart| {
            (
                format!("figures/{}.svg", chart.name),
                chart.svg.clone().into_bytes(),
            )
        })
        .collect();
    sections.extend(maps_section(maps));
    pictures.extend(maps.images.iter().map(|image| {
        let name = format!("maps/{}.png", image.name);
        (name, image.png.clone())
    }));
    let made = of_systems(plan, yearly(plan, study)?, wanted, watch)?;
    all.extend(made.tables);
    sections.extend(made.sections);
    pictures.extend(made.pictures);
    let answer = made
        .answers
        .iter()
        .fold(answer, |answer, more| format!("{answer} {more}"));
    all.push(tables::series_table(study, &series(study)));
    let coverage = tables::coverage_table(study, &coverage);
    all.push(coverage);
    let page = ReportPage {
        title: plan.config.about.name.clone(),
        question: plan.config.about.question.clone(),
        answer,
        sections: story::in_order(
            sections
                .into_iter()
                .chain(story::common_sections(
                    plan,
                    study,
                    inputs,
                    change.as_ref(),
                    made.method,
                ))
                .collect(),
        ),
        notes: sources(plan),
    };
    Ok(Results {
        headline: all[0].clone(),
        tables: all,
        pictures,
        page,
    })
}

/// Makes the tables and the report of a run that counts no granules.
///
/// # Errors
/// Returns an error if a system cannot compute, or has no table.
pub fn results_of_systems(
    plan: &Plan,
    inputs: &[Input],
    wanted: Wanted,
    watch: &Watch<'_>,
) -> Result<Results, Error> {
    let made = of_systems(plan, Vec::new(), wanted, watch)?;
    let headline = made.tables.first().cloned().ok_or_else(|| {
        Problem::new("no system made a table")
            .advice("this is a fault of the program; please report it with the pipeline file")
            .failed()
    })?;
    let mut sections = made.sections;
    sections.extend(story::closing_sections(
        plan,
        inputs,
        vec![Block::Terms(made.method)],
    ));
    let page = ReportPage {
        title: plan.config.about.name.clone(),
        question: plan.config.about.question.clone(),
        answer: made.answers.join(" "),
        sections: story::in_order(sections),
        notes: sources(plan),
    };
    Ok(Results {
        headline,
        tables: made.tables,
        pictures: made.pictures,
        page,
    })
}

/// Where the data are from, a line each.
fn sources(plan: &Plan) -> Vec<String> {
    let sources = plan.config.about.sources.iter();
    sources.map(|source| format!("Source: {source}")).collect()
}

/// What systems add to a result.
#[derive(Default)]
struct OfSystems {
    tables: Vec<Table>,
    sections: Vec<Section>,
    pictures: Vec<(String, Vec<u8>)>,
    answers: Vec<String>,
    method: Vec<(String, String)>,
}

/// Lets every system compute, each with the numbers of those before it.
fn of_systems(
    plan: &Plan,
    mut earlier: Vec<Yearly>,
    wanted: Wanted,
    watch: &Watch<'_>,
) -> Result<OfSystems, Error> {
    let mut made = OfSystems::default();
    for system in &plan.systems {
        let more = plan.with_frame(&[], |frame| -> Result<Vec<Yearly>, Error> {
            let given = Given {
                frame,
                earlier: &earlier,
            };
            let computed = system.planned.compute(&given, watch)?;
            made.tables.extend_from_slice(computed.tables());
            if wanted == Wanted::Everything {
                let pages = computed.pages(watch)?;
                made.answers.extend(pages.answer);
                made.sections.extend(pages.sections);
                made.method.extend(pages.method);
                let pictures = pages.pictures.into_iter();
                made.pictures
                    .extend(pictures.map(|picture| (picture.path, picture.bytes)));
            }
            Ok(computed.yearly().to_vec())
        })?;
        earlier.extend(more);
    }
    Ok(made)
}

/// The trends, in the mode and with the periods that allow them.
fn trends_of<'a>(plan: &NppPlan<'_>, study: &Study<'a>) -> Result<Option<Trends<'a>>, Error> {
    if plan.config.mode != Mode::Corrected || study.names().periods.len() < TREND_PERIODS {
        return Ok(None);
    }
    let trends = trends(study, &trend_options(plan));
    trends.map(Some).or_failed()
}

fn corrected(study: &Study<'_>, change: &ZoneChange, all: &[Table]) -> Vec<Section> {
    let names = study.names();
    let (from, to) = (&names.from.label, &names.to.label);
    vec![
        Section {
            id: "zones".to_owned(),
            heading: format!("{} by permafrost zone", study.quantity().name),
            blocks: vec![
                Block::Table(all[0].brief()),
                Block::Paragraph(identity_text(change)),
            ],
        },
        Section {
            id: "transitions".to_owned(),
            heading: format!("From the {from} to the {to}"),
            blocks: vec![Block::Table(all[1].brief())],
        },
    ]
}

/// A whole number with its thousands set apart.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number <= -0.5 {
        format!("-{text}")
    } else {
        text
    }
}

/// A density for people; the unit "1" is not said.
pub(crate) fn with_unit(density: f64, unit: &str) -> String {
    let decimals = if density.abs() >= 10.0 { 1 } else { 3 };
    match unit {
        "1" => format!("{density:.decimals$}"),
        unit => format!("{density:.decimals$} {unit}"),
    }
}

fn identity_text(change: &ZoneChange) -> String {
    let residual = match change.identity_residual {
        Ok(0.0) => "0, exactly".to_owned(),
        Ok(residual) => format!("{residual:e}"),
        Err(why) => format!("not defined ({why})"),
    };
    format!(
        "Identity: relabelling cells cannot change the national total. Relative residual: {residual}; \
         cells that are in a zone in one epoch only: {}.",
        change.cells_outside_in_one_epoch
    )
}

/// The published table from rasters, and beside the printed one.
fn published_form(study: &Study<'_>) -> Result<Vec<Table>, Error> {
    let change = zone_change(study, nutag_carbon::Method::Laspeyres);
    let zones: Vec<String> = study.names().from.zones.clone();
    // Each cell counts as one square kilometre here, so areas are counts.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole numbers of cells"
    )]
    let cells = |area_km2: f64| area_km2.round() as u64;
    let row = |zone: &String| change.rows.iter().find(|row| row.zone == *zone);
    let column = |pick: fn(&nutag_carbon::ZoneChangeRow) -> f64| -> Vec<f64> {
        zones
            .iter()
            .map(|zone| row(zone).map_or(0.0, pick))
            .collect()
    };
    let densities = zones
        .iter()
        .map(|zone| {
            row(zone)
                .map_or(Ok(0.0), |row| row.density_from)
                .map_err(|why| {
                    Problem::new(format!("{zone}: no mean {} ({why})", study.quantity().name))
                        .advice("the published table needs a density for every zone")
                        .failed()
                })
        })
        .collect::<Result<Vec<f64>, Error>>()?;
    let counts = |areas: Vec<f64>| areas.into_iter().map(cells).collect::<Vec<u64>>();
    let table = as_published(
        &zones,
        &counts(column(|row| row.area_from_km2)),
        &counts(column(|row| row.area_to_km2)),
        &densities,
    )
    .or_failed()?;
    let mut made = published_table(
        "permafrost_npp_change",
        "As published: 0.01-degree cells as km2, simple means, the published divisor",
        &table,
    );
    made.notes.push(
        "This is the published way of computing, kept for comparison; `nutag audit` says what is wrong with it."
            .to_owned(),
    );
    let mut tables = vec![made];
    let known = printed();
    if known.zones.iter().map(|row| &row.zone).eq(zones.iter()) {
        let tolerance = Tolerance {
            area_percent: 0.5,
            percentage_points: 0.1,
            density: 1.0,
            ..Tolerance::FORMULAS
        };
        tables.push(comparison_table(
            "published_comparison",
            "Printed, and computed from these rasters",
            &compare(&known, &table, &tolerance),
        ));
    }
    Ok(tables)
}

fn as_published_sections(all: &[Table]) -> (String, Vec<Section>) {
    let answer =
        "This is the published table computed again in the published way, with its errors; \
                  it says nothing about the country."
            .to_owned();
    let section = Section {
        id: "as-published".to_owned(),
        heading: "As published".to_owned(),
        blocks: all
            .iter()
            .map(|table| Block::Table(table.clone()))
            .collect(),
    };
    (answer, vec![section])
}
