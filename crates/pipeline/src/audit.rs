//! The published table, what its own formulas give, and what is wrong with it.

use nutag_carbon::published::{Audit, Column as Figure, PublishedTable, audit as audit_printed};
use nutag_report::{Column, Digits, Table, Value};

/// The audit as tables and statements.
#[derive(Debug, Clone)]
pub struct AuditReport {
    /// The table as printed, the table by its own formulas, and the two
    /// figure by figure.
    pub tables: Vec<Table>,
    /// Each discrepancy: its numbers as a table, the statement as its note.
    pub discrepancies: Vec<Table>,
}

/// Audits the published table.
#[must_use]
pub fn audit() -> AuditReport {
    let audit = audit_printed();
    AuditReport {
        tables: vec![
            published_table(
                "published_table",
                "The published table, as printed: \"Reduction of NPP due to Permafrost Degradation\"",
                &audit.printed,
            ),
            published_table(
                "published_table_by_formula",
                "The same by its own formulas, from the printed areas and densities",
                &audit.by_formula,
            ),
            comparison(&audit),
        ],
        discrepancies: audit
            .discrepancies
            .iter()
            .map(|d| {
                // A discrepancy in words alone has no figures, and no empty table for them.
                let columns = if d.findings.is_empty() {
                    Vec::new()
                } else {
                    vec![
                        Column::key("what", "What", Digits::Text, "What the number is."),
                        Column::new(
                            "value",
                            "Value",
                            "",
                            Digits::Text,
                            "The number, at the digits worth showing.",
                        ),
                        Column::new("unit", "Unit", "", Digits::Text, "Its unit."),
                        Column::new(
                            "origin",
                            "Origin",
                            "",
                            Digits::Text,
                            "Printed, computed, source or inference.",
                        ),
                    ]
                };
                let mut table =
                    Table::new(&d.topic.id().replace('-', "_"), d.topic.heading(), columns);
                table.rows = d
                    .findings
                    .iter()
                    .map(|f| {
                        let value = format!("{:.*}", usize::from(f.decimals), f.value);
                        vec![
                            f.label.as_str().into(),
                            value.into(),
                            f.unit.into(),
                            f.mark.word().into(),
                        ]
                    })
                    .collect();
                table.notes.push(d.statement.to_owned());
                table
            })
            .collect(),
    }
}

/// A table of the published form.
#[must_use]
pub fn published_table(name: &str, title: &str, table: &PublishedTable) -> Table {
    let mut columns = vec![Column::key(
        "zone",
        "Zone",
        Digits::Text,
        "The permafrost zone.",
    )];
    let names = [
        ("area_1980s_cells", "0.01-degree cells, printed as km2"),
        ("area_2000s_cells", "0.01-degree cells, printed as km2"),
        ("change_cells", "Their difference, printed as km2"),
        (
            "change_percent_of_country",
            "The difference in percent of the country",
        ),
        (
            "npp_t_per_km2",
            "Mean NPP in t of carbon per km2 (= gC m-2)",
        ),
        (
            "change_total_npp_printed_million_t",
            "Printed as million t; in truth units of ten million t",
        ),
    ];
    for (figure, (name, description)) in Figure::ALL.into_iter().zip(names) {
        let (label, unit) = split_unit(figure.heading());
        let digits = match figure.decimals() {
            0 => Digits::Whole,
            decimals => Digits::Decimals(decimals),
        };
        columns.push(Column::new(name, label, unit, digits, description));
    }
    let mut out = Table::new(name, title, columns);
    for row in table.zones.iter().chain([&table.total]) {
        let mut values: Vec<Value> = vec![row.zone.as_str().into()];
        values.extend(Figure::ALL.map(|figure| match figure.decimals() {
            0 => Value::Int(figure.units(row)),
            _ => Value::Float(figure.value(row)),
        }));
        out.rows.push(values);
    }
    out
}

/// "Area 1980s (km2)" into "Area 1980s" and "km2".
fn split_unit(heading: &str) -> (&str, &str) {
    match heading.rsplit_once(" (") {
        Some((label, unit)) => (label, unit.trim_end_matches(')')),
        None => (heading, ""),
    }
}

fn comparison(audit: &Audit) -> Table {
    comparison_table(
        "published_comparison",
        "Printed and computed, figure by figure",
        &audit.comparisons,
    )
}

/// Figures beside those expected.
#[must_use]
pub fn comparison_table(
    name: &str,
    title: &str,
    comparisons: &[nutag_carbon::published::Comparison],
) -> Table {
    let number = |name, label, description| {
        Column::new(name, label, "", Digits::Significant(9), description)
    };
    let mut table = Table::new(
        name,
        title,
        vec![
            Column::key("zone", "Zone", Digits::Text, "The permafrost zone."),
            Column::key(
                "figure",
                "Figure",
                Digits::Text,
                "The column of the published table.",
            ),
            number(
                "printed",
                "Printed",
                "As printed, in the unit of the column.",
            ),
            number(
                "computed",
                "Computed",
                "As computed, in the unit of the column.",
            ),
            number("difference", "Difference", "Computed minus printed."),
            number("tolerance", "Tolerance", "How far it may be."),
            Column::new(
                "within",
                "Within",
                "",
                Digits::Text,
                "Whether it is within the tolerance.",
            ),
        ],
    );
    table.rows = comparisons
        .iter()
        .map(|c| {
            vec![
                c.zone.as_str().into(),
                c.column.heading().into(),
                c.expected.into(),
                c.found.into(),
                c.difference.into(),
                c.tolerance.into(),
                if c.within { "yes" } else { "no" }.into(),
            ]
        })
        .collect();
    table
}
