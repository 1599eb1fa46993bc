//! MPS(calc_process) and MRS(calc_process): from monitored values to tonnes.

use rust_xlsxwriter::XlsxError;

use super::pen::{Book, Pen, end, formula, words};
use super::style::Shown;
use super::{Content, regions_sum};
use crate::workbook::project::NegativeYears;

const HEADS: [&str; 5] = ["Label", "Type", "Value", "Units", "Parameter"];
const WIDTHS: [u16; 7] = [58, 52, 18, 10, 24, 18, 12];

/// MPS(calc_process).
pub(super) fn plan(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let figures = content.figures;
    let title = "Monitoring Plan Sheet (calculation process)";
    let mut pen = Pen::begin(book, "MPS(calc_process)", title, &WIDTHS)?;
    pen.heading("1. Calculations for removals above the reference")?;
    pen.head(&HEADS, true)?;
    pen.strong_row(&[
        words("Expected removals above the reference"),
        words("project less reference, emissions and leakage"),
        formula(
            "=planned_project-reference_removals-project_emissions-leakage",
            figures.planned_difference,
            Shown::Tenths,
            "planned_difference",
        ),
        words("tCO2/yr"),
        words("ER_p"),
    ])?;
    pen.text(if figures.planned_difference > 0.0 {
        "The expected change is larger than the width that the reference was raised by."
    } else {
        "NEGATIVE: the expected change is smaller than the width that the reference was raised by. The plan expects nothing to count; more reference years make the interval narrower."
    })?;
    pen.skip();
    defaults(&mut pen, content)?;
    pen.heading("3. Calculations of the reference removals")?;
    pen.head(&HEADS, true)?;
    reference(&mut pen, content)?;
    pen.skip();
    pen.heading("4. Calculations of the project removals")?;
    pen.head(&HEADS, true)?;
    let (formula_text, basis) = if figures.reference_period.is_some() {
        let points = content.project.project.regions.len();
        let terms: Vec<String> = (1..=points)
            .map(|index| format!("planned_{index}"))
            .collect();
        (
            format!("=({})*to_tCO2", terms.join("+")),
            "sum of the points of MPS(input), as CO2",
        )
    } else {
        (
            "=reference_removals*(1+expected_change_percent/100)".to_owned(),
            "the fixed reference with the expected change",
        )
    };
    pen.row(&[
        words("Expected removals of the project's land"),
        words(basis),
        formula(
            formula_text,
            figures.planned_project,
            Shown::Tenths,
            "planned_project",
        ),
        words("tCO2/yr"),
        words("PR_p"),
    ])?;
    emissions(&mut pen, content, false)?;
    pen.finish()
}

/// MRS(calc_process).
pub(super) fn report(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let figures = content.figures;
    let title = "Monitoring Report Sheet (calculation process)";
    let mut pen = Pen::begin(book, "MRS(calc_process)", title, &WIDTHS)?;
    pen.heading("1. Calculations for removals above the reference")?;
    pen.head(&HEADS, true)?;
    let first = pen.next_row();
    for year in &figures.monitored {
        pen.row(&[
            words(format!("Removals above the reference in {}", year.year)),
            words("project less reference, emissions and leakage"),
            formula(
                format!(
                    "=project_{}-reference_removals-project_emissions-leakage",
                    year.year
                ),
                year.difference,
                Shown::Tenths,
                &format!("difference_{}", year.year),
            ),
            words("tCO2/yr"),
            words(format!("ER_{}", year.year)),
        ])?;
    }
    pen.row(&[
        words("Mean of the years"),
        words("what the uncertainty is relative to"),
        formula(
            format!("=AVERAGE(C{first}:C{})", pen.next_row() - 1),
            figures.mean_difference,
            Shown::Tenths,
            "mean_difference",
        ),
        words("tCO2/yr"),
        words("mean_difference"),
    ])?;
    let debit = content.project.monitoring.negative_years == NegativeYears::Debit;
    let first = pen.next_row();
    for year in &figures.monitored {
        let name = format!("difference_{}", year.year);
        pen.row(&[
            words(format!("As it counts, {}", year.year)),
            words(if debit {
                "a year below the reference is taken off the others: the conservative side"
            } else {
                "a year below the reference counts as zero: NOT the conservative side"
            }),
            formula(
                if debit {
                    format!("={name}")
                } else {
                    format!("=MAX(0,{name})")
                },
                year.carried,
                Shown::Tenths,
                &format!("carried_{}", year.year),
            ),
            words("tCO2/yr"),
            words(format!("ER_{}", year.year)),
        ])?;
    }
    pen.row(&[
        words(format!("Sum of {}", content.monitoring_years())),
        words("before any deduction"),
        formula(
            format!("=SUM(C{first}:C{})", pen.next_row() - 1),
            figures.sum,
            Shown::Tenths,
            "sum_carried",
        ),
        words("tCO2/p"),
        words("ER_p"),
    ])?;
    pen.row(&[
        words("After the deduction for uncertainty"),
        words("zero where nothing may count; a loss is carried whole (sheet Uncertainty)"),
        formula(
            "=IF(sum_carried<=0,sum_carried,IF(may_count=\"yes\",sum_carried*(1-deduction_percent/100),0))",
            figures.after_deduction,
            Shown::Tenths,
            "after_deduction",
        ),
        words("tCO2/p"),
        words("ER_p"),
    ])?;
    pen.row(&[
        words("After the buffer"),
        words("kept back because carbon of pastures may be lost again"),
        formula(
            "=IF(after_deduction>0,after_deduction*(1-buffer_percent/100),after_deduction)",
            figures.after_buffer,
            Shown::Tenths,
            "after_buffer",
        ),
        words("tCO2/p"),
        words("ER_p"),
    ])?;
    pen.strong_row(&[
        words("Calculated removals above the reference, NOT CREDITABLE"),
        words("rounded down to whole tonnes"),
        formula(
            "=INT(ROUND(after_buffer,6))",
            figures.calculated_tco2,
            Shown::Tonnes,
            "calculated_tCO2",
        ),
        words("tCO2/p"),
        words("ER_p"),
    ])?;
    pen.skip();
    defaults(&mut pen, content)?;
    pen.heading("3. Calculations of the reference removals")?;
    pen.head(&HEADS, true)?;
    reference(&mut pen, content)?;
    pen.skip();
    pen.heading("4. Calculations of the project removals")?;
    pen.head(&HEADS, true)?;
    for year in &figures.monitored {
        pen.row(&[
            words(format!("Removals of the project's land in {}", year.year)),
            words("sum of the points of MRS(input), as CO2"),
            formula(
                regions_sum("monitored", year.year, content),
                year.project,
                Shown::Tenths,
                &format!("project_{}", year.year),
            ),
            words("tCO2/yr"),
            words(format!("PR_{}", year.year)),
        ])?;
    }
    emissions(&mut pen, content, true)?;
    pen.finish()
}

fn defaults(pen: &mut Pen<'_>, content: &Content<'_>) -> Result<(), XlsxError> {
    pen.heading("2. Selected default values")?;
    pen.head(&HEADS, true)?;
    pen.row(&[
        words("From the unit of the table to CO2"),
        words(format!("{} to tCO2; sheet Defaults", content.source.unit)),
        end("=to_tCO2", content.figures.to_tco2, Shown::Factor),
        words(format!("tCO2/{}", content.source.unit)),
        words("to_tCO2"),
    ])?;
    pen.skip();
    Ok(())
}

fn reference(pen: &mut Pen<'_>, content: &Content<'_>) -> Result<(), XlsxError> {
    pen.row(&[
        words("Reference removals"),
        words("sheet Reference; set HIGH, the conservative side for removals"),
        end(
            "=reference_removals",
            content.figures.reference,
            Shown::Tenths,
        ),
        words("tCO2/yr"),
        words("RE_p"),
    ])
}

/// Emissions and leakage; the report's rows carry the names.
fn emissions(pen: &mut Pen<'_>, content: &Content<'_>, report: bool) -> Result<(), XlsxError> {
    let figures = content.figures;
    let number = content.project.emissions.len();
    let terms: Vec<String> = (1..=number)
        .map(|index| format!("emission_{index}"))
        .collect();
    let sum = if terms.is_empty() {
        "=0".to_owned()
    } else {
        format!("={}", terms.join("+"))
    };
    pen.row(&[
        words("Emissions of the project"),
        words("sum of MRS(input); taken off"),
        if report {
            formula(sum, figures.emissions, Shown::Tenths, "project_emissions")
        } else {
            end("=project_emissions", figures.emissions, Shown::Tenths)
        },
        words("tCO2/yr"),
        words("PE_p"),
    ])?;
    pen.row(&[
        words("Leakage"),
        words("MRS(input); taken off"),
        end("=leakage", figures.leakage, Shown::Tenths),
        words("tCO2/yr"),
        words("LE_p"),
    ])
}
