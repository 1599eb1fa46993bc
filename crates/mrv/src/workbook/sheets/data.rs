//! The rows of the run, the reference they give, and where each number is from.

use rust_xlsxwriter::XlsxError;

use super::pen::{Book, Cell, Pen, end, formula, words};
use super::style::{Ink, Shown};
use super::{Content, regions_sum, run_total};
use crate::workbook::project::Reference;

/// The rows of the table, as they are in the run.
pub(super) fn source_rows(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let source = content.source;
    let widths = [10, 10, 26, 30, 30, 8, 18, 20];
    let mut pen = Pen::begin(book, "Source rows", "Rows of the run that count", &widths)?;
    pen.text(&format!(
        "Copied from {} of the run, column {}; line 1 of the file is its head. All else in this workbook follows from here, from the MRV file and from the default values.",
        source.file, source.column
    ))?;
    pen.skip();
    let value = format!("{}, {}", source.column, source.unit);
    let labels = [
        "Line in the file",
        "Point No.",
        "Region",
        "Zone, first epoch",
        "Zone, second epoch",
        "Year",
        "Valid area, km2",
        &value,
    ];
    pen.head(&labels, false)?;
    pen.freeze()?;
    let first = pen.next_row();
    for row in &source.rows {
        let point = content.point(&row.region);
        pen.row(&[
            Cell::Number(row.line as f64, Ink::Plain, Shown::Whole),
            Cell::Number(point as f64, Ink::Plain, Shown::Whole),
            words(&row.region),
            words(&row.zone_from),
            words(&row.zone_to),
            Cell::Number(row.year.into(), Ink::Plain, Shown::Whole),
            match row.valid_area_km2 {
                Some(area) => Cell::Number(area, Ink::Run, Shown::Tenths),
                None => words("not in the table"),
            },
            Cell::Number(row.value, Ink::Run, Shown::Tenths),
        ])?;
    }
    let last = pen.next_row() - 1;
    pen.finish()?;
    for (name, column) in [
        ("source_point", 'B'),
        ("source_year", 'F'),
        ("source_area", 'G'),
        ("source_value", 'H'),
    ] {
        let range = format!("='Source rows'!${column}${first}:${column}${last}");
        book.names.push((name.to_owned(), range));
    }
    Ok(())
}

/// The reference years and the reference that they give.
pub(super) fn reference(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let figures = content.figures;
    let widths = [34, 56, 18, 12, 26, 18, 14];
    let mut pen = Pen::begin(book, "Reference", "Reference removals", &widths)?;
    pen.text(
        "What the land would have removed without the project. For removals the conservative side is a HIGH reference: the higher it is, the less the project can be credited with.",
    )?;
    pen.skip();
    let Some(period) = &figures.reference_period else {
        pen.head(&["Figure", "How", "Value", "Units", "Parameter"], true)?;
        if let Reference::Fixed { source, .. } = &content.project.reference {
            pen.strong_row(&[
                words("Reference removals"),
                words(format!("fixed beforehand: {source}")),
                Cell::Named(
                    figures.reference,
                    Ink::Input,
                    Shown::Tenths,
                    "reference_removals".to_owned(),
                ),
                words("tCO2/yr"),
                words("reference_removals"),
            ])?;
        }
        return pen.finish();
    };
    let unit = content.source.unit;
    pen.heading("Removals of each point in the reference years")?;
    pen.head(
        &["Point and year", "How", "Value", "Units", "Parameter"],
        true,
    )?;
    for year in &period.years {
        for (index, region) in (1_usize..).zip(&content.project.project.regions) {
            let name = format!("ref_{year}_{index}");
            pen.row(&[
                words(format!("{region}, {year}")),
                words("sum of its rows"),
                formula(
                    run_total(index, *year),
                    content.source.total(region, *year),
                    Shown::Tenths,
                    &name,
                ),
                words(format!("{unit}/yr")),
                words(&name),
            ])?;
        }
    }
    pen.skip();
    pen.heading("The reference")?;
    pen.head(&["Figure", "How", "Value", "Units", "Parameter"], true)?;
    let first = pen.next_row();
    for (year, removals) in period.years.iter().zip(&period.yearly) {
        let name = format!("reference_{year}");
        pen.row(&[
            words(format!("Removals in {year}")),
            words("sum of the points, as CO2"),
            formula(
                regions_sum("ref", *year, content),
                *removals,
                Shown::Tenths,
                &name,
            ),
            words("tCO2/yr"),
            words(&name),
        ])?;
    }
    let range = format!("C{first}:C{}", pen.next_row() - 1);
    pen.row(&[
        words("Mean"),
        words(format!("of {} years", period.years.len())),
        formula(
            format!("=AVERAGE({range})"),
            period.mean,
            Shown::Tenths,
            "reference_mean",
        ),
        words("tCO2/yr"),
        words("reference_mean"),
    ])?;
    if let (Some(sd), Some(se)) = (period.sd, period.se) {
        pen.row(&[
            words("Standard deviation"),
            words("between years, n - 1"),
            formula(
                format!("=STDEV({range})"),
                sd,
                Shown::Tenths,
                "reference_sd",
            ),
            words("tCO2/yr"),
            words("reference_sd"),
        ])?;
        pen.row(&[
            words("Standard error of the mean"),
            words("standard deviation over the root of the number of years; years are taken as independent"),
            formula(format!("=reference_sd/SQRT(COUNT({range}))"), se, Shown::Tenths, "reference_se"),
            words("tCO2/yr"),
            words("reference_se"),
        ])?;
    }
    match &content.project.reference {
        Reference::UpperBound { confidence, .. } => {
            pen.row(&[
                words("Confidence"),
                words("of the two-sided interval whose upper end is the reference"),
                Cell::Named(
                    *confidence,
                    Ink::Input,
                    Shown::Factor,
                    "reference_confidence".to_owned(),
                ),
                words("1"),
                words("reference_confidence"),
            ])?;
            pen.row(&[
                words("Quantile of Student's t"),
                words("with the number of years less one as degrees of freedom"),
                formula(
                    format!("=TINV(1-reference_confidence,COUNT({range})-1)"),
                    figures.reference_t.unwrap_or_default(),
                    Shown::Factor,
                    "reference_t",
                ),
                words("1"),
                words("reference_t"),
            ])?;
            pen.strong_row(&[
                words("Reference removals RE_p"),
                words("mean plus t times its standard error: HIGH, the conservative side"),
                formula(
                    "=reference_mean+reference_t*reference_se",
                    figures.reference,
                    Shown::Tenths,
                    "reference_removals",
                ),
                words("tCO2/yr"),
                words("reference_removals"),
            ])?;
        }
        Reference::HighestYear { .. } | Reference::Fixed { .. } => {
            pen.strong_row(&[
                words("Reference removals RE_p"),
                words("the highest of the reference years: HIGH, the conservative side"),
                formula(
                    format!("=MAX({range})"),
                    figures.reference,
                    Shown::Tenths,
                    "reference_removals",
                ),
                words("tCO2/yr"),
                words("reference_removals"),
            ])?;
        }
    }
    pen.finish()
}

/// Every number from the run, with the table, lines and run it is from.
pub(super) fn trace(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let (source, run, project) = (content.source, content.run, content.project);
    let widths = [24, 34, 20, 40, 20, 52, 18, 14];
    let mut pen = Pen::begin(book, "Trace", "Where each number is from", &widths)?;
    pen.heading("The run and the files")?;
    pen.head(&["What", "Name", "", "SHA-256", ""], false)?;
    for (what, name, sha256) in [
        (
            "manifest of the run",
            format!("{} ({})", run.name(), run.program()),
            run.manifest_sha256.as_str(),
        ),
        ("table", source.file.clone(), source.sha256.as_str()),
        ("MRV file", content.file_name(), content.file_sha256),
    ] {
        pen.row(&[
            words(what),
            Cell::Wide(name, Ink::Plain),
            Cell::Gap,
            Cell::Wide(sha256.to_owned(), Ink::Plain),
        ])?;
    }
    pen.row(&[
        words("question of the run"),
        words(run.question()),
        words(""),
        words(""),
    ])?;
    for source in run.sources.iter() {
        pen.row(&[
            words("source of the data"),
            words(source),
            words(""),
            words(""),
        ])?;
    }
    pen.skip();
    pen.heading("Numbers from the run")?;
    pen.head(
        &[
            "Parameter",
            "What it is",
            "Value",
            "File in the run",
            "Column",
            "Lines of the file",
        ],
        true,
    )?;
    let mut years: Vec<(&str, u16)> = Vec::new();
    if let Some(period) = &content.figures.reference_period {
        years.extend(period.years.iter().map(|year| ("ref", *year)));
    }
    years.extend(
        content
            .figures
            .project_period
            .years
            .iter()
            .map(|year| ("monitored", *year)),
    );
    for (prefix, year) in years {
        for (index, region) in (1_usize..).zip(&project.project.regions) {
            let name = format!("{prefix}_{year}_{index}");
            let lines: Vec<String> = source
                .of(region, year)
                .map(|row| row.line.to_string())
                .collect();
            pen.row(&[
                words(&name),
                words(format!("{} of {region}, {year}", project.level.name.word())),
                end(
                    format!("={name}"),
                    source.total(region, year),
                    Shown::Tenths,
                ),
                words(&source.file),
                words(format!("{} ({})", source.column, source.unit)),
                words(lines.join(", ")),
            ])?;
        }
    }
    pen.skip();
    pen.heading("Numbers from the MRV file and default values")?;
    pen.text("Yellow and orange cells, each with its source beside it: sheets MPS(input), MRS(input), Uncertainty and Defaults.")?;
    pen.finish()?;
    inputs(book, content)
}

/// Every file that the run read.
fn inputs(book: &mut Book, content: &Content<'_>) -> Result<(), XlsxError> {
    let mut pen = Pen::begin(book, "Inputs", "Files that the run read", &[18, 96, 70])?;
    pen.text("As the manifest of the run names them. A file is known by the SHA-256 of its content, whatever its name.")?;
    pen.skip();
    pen.head(&["Role", "File", "SHA-256"], false)?;
    pen.freeze()?;
    for file in content.run.inputs() {
        pen.row(&[words(&file.role), words(&file.path), words(&file.sha256)])?;
    }
    pen.finish()
}
