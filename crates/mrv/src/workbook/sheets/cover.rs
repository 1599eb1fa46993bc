//! The first sheet: what this is, what comes out, and whether the formulas agree.

use rust_xlsxwriter::XlsxError;

use super::Content;
use super::pen::{Book, Cell, Pen, TOLERANCE, end, input, words};
use super::style::{Ink, Shown};

pub(super) fn cover(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let checks = book.checks.clone();
    let (project, figures) = (content.project, content.figures);
    let title = format!("Monitoring workbook: {}", project.about.title);
    let mut pen = Pen::begin(book, "Cover", &title, &[44, 84, 18, 10, 18, 12])?;
    pen.one_page();
    pen.heading("The project")?;
    pen.head(&["What", "In words"], false)?;
    for (label, text) in [
        ("Activity", project.project.activity.clone()),
        (
            "Host and partner",
            format!("{}, {}", project.about.host, project.about.buyer),
        ),
        ("Participants", project.about.participants.join("; ")),
        ("Land", project.project.regions.join(", ")),
        (
            "Permafrost zones",
            if project.project.zones.is_empty() {
                "all".to_owned()
            } else {
                project.project.zones.join(", ")
            },
        ),
    ] {
        pen.row(&[words(label), input(text)])?;
    }
    let level = project.level.name;
    pen.row(&[
        words("What is counted"),
        words(format!("{}: {}", level.word(), level.meaning())),
    ])?;
    pen.row(&[
        words("Run"),
        words(format!(
            "{}, manifest {}",
            content.run.name(),
            content.run.manifest_sha256
        )),
    ])?;
    pen.skip();
    pen.heading("What comes out")?;
    pen.head(&["Figure", "Basis and side", "Value", "Units"], true)?;
    let rows = [
        (
            "Reference removals",
            "high: the conservative side",
            "=reference_removals",
            figures.reference,
            "tCO2/yr",
        ),
        (
            "Removals of the project's land, mean",
            "as monitored",
            "=project_mean",
            figures.project_period.mean,
            "tCO2/yr",
        ),
        (
            "Emissions and leakage",
            "taken off",
            "=project_emissions+leakage",
            figures.emissions + figures.leakage,
            "tCO2/yr",
        ),
        (
            "Removals above the reference, mean",
            "project less reference, emissions and leakage",
            "=mean_difference",
            figures.mean_difference,
            "tCO2/yr",
        ),
        (
            "Uncertainty",
            "half width of the interval in percent of the mean",
            "=uncertainty_percent",
            figures.deduction.uncertainty_percent,
            "%",
        ),
        (
            "Deduction for uncertainty",
            "by the policy; all of it where nothing may count",
            "=IF(may_count=\"yes\",deduction_percent,100)",
            if figures.counts {
                figures.deduction.percent
            } else {
                100.0
            },
            "%",
        ),
    ];
    for (label, basis, formula, value, units) in rows {
        pen.row(&[
            words(label),
            words(basis),
            end(formula, value, Shown::Tenths),
            words(units),
        ])?;
    }
    pen.strong_row(&[
        words(format!(
            "Calculated for {}, NOT CREDITABLE",
            content.monitoring_years()
        )),
        words(format!(
            "after the deduction ({}) and the buffer, rounded down",
            content.policy.id
        )),
        end("=calculated_tCO2", figures.calculated_tco2, Shown::Tonnes),
        words("tCO2/p"),
    ])?;
    pen.row(&[
        words("Eligibility"),
        Cell::Verdict("=eligibility".to_owned(), content.eligibility.clone(), None),
    ])?;
    pen.skip();
    pen.heading("Formulas against the program")?;
    pen.text(&format!(
        "Every number is computed twice: by the formulas of this workbook and by the program. A difference above {TOLERANCE} in the unit of its row is marked red. After a cell is changed by hand, the differences show what it moved."
    ))?;
    pen.head(&["Sheet", "Formulas compared", "Differ"], false)?;
    for check in &checks {
        pen.count_row(check)?;
    }
    pen.skip();
    pen.heading("Colours")?;
    for (ink, meaning) in Ink::LEGEND {
        pen.row(&[Cell::Wide(meaning.to_owned(), ink)])?;
    }
    pen.skip();
    pen.heading("Sheets")?;
    pen.head(&["Sheet", "What it holds"], false)?;
    for (sheet, what) in [
        (
            "MPS(input), MPS(calc_process)",
            "Monitoring Plan Sheet: what will be monitored and what is expected",
        ),
        ("MSS", "Monitoring Structure Sheet: who does what"),
        (
            "MRS(input), MRS(calc_process)",
            "Monitoring Report Sheet: what was monitored and what follows",
        ),
        (
            "Reference",
            "what the land would have removed without the project",
        ),
        (
            "Uncertainty",
            "how sure the difference is, and what is deducted for it",
        ),
        ("Eligibility", "criteria that all must hold"),
        ("Defaults", "default values and their sources"),
        (
            "Source rows, Trace, Inputs",
            "the rows of the run, and where each number is from",
        ),
    ] {
        pen.row(&[words(sheet), words(what)])?;
    }
    pen.skip();
    pen.text("The sheets follow the form of the Joint Crediting Mechanism as it was printed in 2013, for emission reductions; removals stand in place of reductions. Monitoring options: A public data measured by others, B amounts of transactions, C own measurement with instruments.")?;
    pen.finish()
}
