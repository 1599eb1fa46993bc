//! MPS(input) and MRS(input): what is monitored, and what was fixed before.
//!
//! The columns are those of the JCM's sheets of 2013; the two at the right
//! end are this program's and compare.

use rust_xlsxwriter::XlsxError;

use super::pen::{Book, Cell, GAP, Pen, end, formula, input, words};
use super::style::{Ink, Shown};
use super::{Content, run_total};
use crate::workbook::project::MonitoringOption;

/// Words that the plan and the report share about what comes from the run.
struct FromRun {
    source: String,
    method: String,
    unit: String,
}

impl FromRun {
    fn of(content: &Content<'_>) -> Self {
        Self {
            source: format!("{}, column {}", content.source.file, content.source.column),
            method: format!(
                "{}; sum over valid cells of the point, the same cells every year, true area of each cell on WGS84",
                content.run.product()
            ),
            unit: format!("{}/yr", content.source.unit),
        }
    }
}

/// MPS(input).
pub(super) fn plan(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let widths = [12, 16, 30, 16, 9, 12, 28, 38, 12, 26, 16, 11];
    let mut pen = Pen::begin(book, "MPS(input)", "Monitoring Plan Sheet (input)", &widths)?;
    pen.heading("Table 1: Parameters to be monitored ex post")?;
    pen.head(
        &[
            "(a) Monitoring point No.",
            "(b) Parameters",
            "(c) Description of data",
            "(d) Estimated Values",
            "(e) Units",
            "(f) Monitoring option",
            "(g) Source of data",
            "(h) Measurement methods and procedures",
            "(i) Monitoring frequency",
            "(j) Other comments",
        ],
        true,
    )?;
    let from_run = FromRun::of(content);
    let level = content.project.level.name.word();
    let change = content.project.plan.expected_change_percent;
    for (index, region) in (1_usize..).zip(&content.project.project.regions) {
        let point = Cell::Number(index as f64, Ink::Plain, Shown::Whole);
        let (estimate, value, comment) = match &content.figures.reference_period {
            Some(period) => {
                let yearly = period
                    .years
                    .iter()
                    .map(|year| content.source.total(region, *year));
                let mean = yearly.sum::<f64>() / period.years.len() as f64;
                let terms: Vec<String> = period
                    .years
                    .iter()
                    .map(|year| format!("ref_{year}_{index}"))
                    .collect();
                (
                    format!(
                        "=AVERAGE({})*(1+expected_change_percent/100)",
                        terms.join(",")
                    ),
                    mean * (1.0 + change / 100.0),
                    "mean of the reference years with the expected change",
                )
            }
            None => (
                String::new(),
                0.0,
                "estimated for all points together: the reference is a fixed figure",
            ),
        };
        let estimated = if estimate.is_empty() {
            words("")
        } else {
            formula(estimate, value, Shown::Tenths, &format!("planned_{index}"))
        };
        pen.row(&[
            point,
            words(format!("{level}_{index},y")),
            words(format!("Yearly {level} of {region}")),
            estimated,
            words(&from_run.unit),
            words("A"),
            words(&from_run.source),
            words(&from_run.method),
            words("yearly"),
            words(comment),
        ])?;
    }
    ex_post_emissions(&mut pen, content, false)?;
    pen.skip();
    fixed_ex_ante(&mut pen, content, true)?;
    pen.skip();
    pen.heading("Table 3: Ex-ante estimation of CO2 removals above the reference")?;
    pen.head(
        &["Year", "Parameter", "Basis", "CO2 removals", "Units"],
        false,
    )?;
    pen.check_at(10)?;
    let years = &content.figures.project_period.years;
    for year in years {
        pen.row(&[
            Cell::Number((*year).into(), Ink::Plain, Shown::Whole),
            words("ER_p"),
            words("expected, before any deduction; see MPS(calc_process)"),
            end(
                "=planned_difference",
                content.figures.planned_difference,
                Shown::Tenths,
            ),
            words("tCO2/p"),
        ])?;
    }
    let n = years.len() as f64;
    pen.strong_row(&[
        words("Total"),
        words("ER_p"),
        words(format!("{} years", years.len())),
        end(
            format!("={}*planned_difference", years.len()),
            n * content.figures.planned_difference,
            Shown::Tenths,
        ),
        words("tCO2/p"),
    ])?;
    pen.finish()
}

/// MRS(input).
pub(super) fn report(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let widths = [12, 12, 14, 30, 16, 9, 12, 28, 38, 12, 26, 16, 11];
    let mut pen = Pen::begin(
        book,
        "MRS(input)",
        "Monitoring Report Sheet (input)",
        &widths,
    )?;
    pen.heading("Table 1: Parameters monitored ex post")?;
    pen.head(
        &[
            "(a) Monitoring period",
            "(b) Monitoring point No.",
            "(c) Parameters",
            "(d) Description of data",
            "(e) Monitored Values",
            "(f) Units",
            "(g) Monitoring option",
            "(h) Source of data",
            "(i) Measurement methods and procedures",
            "(j) Monitoring frequency",
            "(k) Other comments",
        ],
        true,
    )?;
    let from_run = FromRun::of(content);
    let level = content.project.level.name.word();
    let years = &content.figures.project_period.years;
    for year in years {
        for (index, region) in (1_usize..).zip(&content.project.project.regions) {
            pen.row(&[
                Cell::Number((*year).into(), Ink::Plain, Shown::Whole),
                Cell::Number(index as f64, Ink::Plain, Shown::Whole),
                words(format!("{level}_{index},{year}")),
                words(format!("{level} of {region} in {year}")),
                formula(
                    run_total(index, *year),
                    content.source.total(region, *year),
                    Shown::Tenths,
                    &format!("monitored_{year}_{index}"),
                ),
                words(&from_run.unit),
                words("A"),
                words(&from_run.source),
                words(&from_run.method),
                words("yearly"),
                words("lines of the file: sheet Trace"),
            ])?;
        }
    }
    for (index, region) in (1_usize..).zip(&content.project.project.regions) {
        let Some(area) = content.source.area_km2(region) else {
            continue;
        };
        pen.row(&[
            words(content.monitoring_years()),
            Cell::Number(index as f64, Ink::Plain, Shown::Whole),
            words(format!("A_{index}")),
            words(format!("Valid area of {region}; the same every year")),
            formula(
                format!(
                    "=SUMIFS(source_area,source_point,{index},source_year,{})",
                    years[0]
                ),
                content.first_area(region).unwrap_or(area),
                Shown::Tenths,
                &format!("area_{index}"),
            ),
            words("km2"),
            words("A"),
            words(format!("{}, column valid_area_km2", content.source.file)),
            words(&from_run.method),
            words("each run"),
            words("not used in a formula: shown so that densities can be checked"),
        ])?;
    }
    ex_post_emissions(&mut pen, content, true)?;
    pen.skip();
    fixed_ex_ante(&mut pen, content, false)?;
    pen.skip();
    pen.heading("Table 3: Ex-post calculation of CO2 removals above the reference")?;
    pen.head(
        &[
            "Monitoring period",
            GAP,
            "Parameter",
            "Basis",
            "CO2 removals",
            "Units",
        ],
        false,
    )?;
    pen.check_at(11)?;
    for year in &content.figures.monitored {
        pen.row(&[
            Cell::Number(year.year.into(), Ink::Plain, Shown::Whole),
            Cell::Gap,
            words(format!("ER_{}", year.year)),
            words("as it counts, before any deduction"),
            end(
                format!("=carried_{}", year.year),
                year.carried,
                Shown::Tenths,
            ),
            words("tCO2/p"),
        ])?;
    }
    pen.strong_row(&[
        words(content.monitoring_years()),
        Cell::Gap,
        words("ER_p"),
        words("after deduction and buffer, rounded down; calculated, not creditable"),
        end(
            "=calculated_tCO2",
            content.figures.calculated_tco2,
            Shown::Tonnes,
        ),
        words("tCO2/p"),
    ])?;
    pen.finish()
}

/// Emissions and leakage; in the report they carry the names that formulas use.
fn ex_post_emissions(
    pen: &mut Pen<'_>,
    content: &Content<'_>,
    report: bool,
) -> Result<(), XlsxError> {
    let row =
        |label: &str, parameter: String, value: Cell, option: MonitoringOption, source: &str| {
            let mut cells = vec![
                words("all"),
                words(parameter),
                words(label),
                value,
                words("tCO2/yr"),
                input(option.letter()),
                input(source),
                words(match option {
                    MonitoringOption::A => "public data measured by others",
                    MonitoringOption::B => "amounts of transactions, from invoices and books",
                    MonitoringOption::C => "own measurement with calibrated instruments",
                }),
                words("yearly"),
                words("the same figure is taken for every year"),
            ];
            if report {
                cells.insert(0, words(content.monitoring_years()));
            }
            cells
        };
    let value = |tonnes: f64, name: String| {
        if report {
            Cell::Named(tonnes, Ink::Input, Shown::Tenths, name)
        } else {
            Cell::Number(tonnes, Ink::Input, Shown::Tenths)
        }
    };
    for (index, emission) in (1_usize..).zip(&content.project.emissions) {
        let cell = value(emission.tco2_per_year, format!("emission_{index}"));
        let parameter = format!("PE_{index},y");
        pen.row(&row(
            &emission.label,
            parameter,
            cell,
            emission.option,
            &emission.source,
        ))?;
    }
    let leakage = &content.project.leakage;
    let cell = value(leakage.tco2_per_year, "leakage".to_owned());
    let label = "Leakage: emissions moved elsewhere, such as with displaced livestock";
    pen.row(&row(
        label,
        "LE_y".to_owned(),
        cell,
        leakage.option,
        &leakage.source,
    ))
}

/// Table 2, in the plan with the cells that formulas use, in the report as references.
fn fixed_ex_ante(pen: &mut Pen<'_>, content: &Content<'_>, plan: bool) -> Result<(), XlsxError> {
    pen.heading("Table 2: Project-specific parameters fixed ex ante")?;
    let labels = [
        "(a) Parameters",
        "(b) Description of data",
        "(c) Estimated Values",
        "(d) Units",
        "(e) Source of data",
        "(f) Other comments",
    ];
    // Under the columns of table 1; the source takes two of them.
    let gaps = if plan { 1 } else { 2 };
    let place = |cells: [Cell; 6]| {
        let [parameter, description, value, units, source, comment] = cells;
        let source = match source {
            Cell::Words(text, ink) => Cell::Wide(text, ink),
            other => other,
        };
        let mut row = vec![Cell::Gap; gaps];
        row.extend([
            parameter,
            description,
            value,
            units,
            source,
            Cell::Gap,
            comment,
        ]);
        row
    };
    let [a, b, c, d, e, f] = labels;
    let mut heads = vec![GAP; gaps];
    heads.extend([a, b, c, d, GAP, GAP, f]);
    pen.head(&heads, false)?;
    pen.wide_head(if plan { 5 } else { 6 }, e)?;
    pen.check_at(if plan { 10 } else { 11 })?;
    let project = content.project;
    let own = |value: f64, shown: Shown, name: &str| {
        if plan {
            Cell::Named(value, Ink::Input, shown, name.to_owned())
        } else {
            end(format!("={name}"), value, shown)
        }
    };
    pen.row(&place([
        words("RE_p"),
        words("Reference removals; sheet Reference"),
        end(
            "=reference_removals",
            content.figures.reference,
            Shown::Tenths,
        ),
        words("tCO2/yr"),
        words("rows of the run, or the MRV file"),
        words("set high: the conservative side"),
    ]))?;
    pen.row(&place([
        words("expected change"),
        words("Expected change of removals against the reference years"),
        own(
            project.plan.expected_change_percent,
            Shown::Factor,
            "expected_change_percent",
        ),
        words("%"),
        input(&project.plan.source),
        words("moves the plan only, not the report"),
    ]))?;
    pen.row(&place([
        words("buffer"),
        words("Share kept back because carbon of pastures may be lost again"),
        own(project.buffer.percent, Shown::Factor, "buffer_percent"),
        words("%"),
        input(&project.buffer.source),
        words("after the deduction for uncertainty"),
    ]))?;
    pen.row(&place([
        words("policy"),
        words("Deduction for uncertainty; sheet Uncertainty"),
        input(&content.policy.id),
        words(""),
        words(&content.policy.source),
        words(content.policy.unverified.as_ref().map_or_else(
            || content.policy.title.clone(),
            |what| format!("UNVERIFIED: {what}"),
        )),
    ]))
}
