//! `coverage`: what was counted, and why the rest was not.

use nutag_carbon::{Coverage, CoverageRow, Study, VALID_REASON, coverage};
use nutag_report::{Column, Digits, Table, Value};

use nutag_report::words::{distinct, slug};

use super::naming::{period_columns, period_values};

/// The table of coverage: one row for each epoch, zone, period and reason.
#[must_use]
pub fn coverage_table(study: &Study<'_>, coverage: &Coverage<'_>) -> Table {
    let mut columns = group_columns();
    columns.extend(period_columns(study.names()));
    columns.extend([
        Column::key(
            "reason",
            "Reason",
            Digits::Text,
            "\"valid\", or why cells do not count.",
        ),
        Column::new("cells", "Cells", "", Digits::Whole, "Number of cells."),
        Column::new(
            "area_km2",
            "Area",
            "km2",
            Digits::Decimals(1),
            "True area of the cells.",
        ),
        Column::new(
            "percent_of_area",
            "Share of area",
            "%",
            Digits::Decimals(2),
            "Area in percent of the area of the zone; missing for a zone without area.",
        ),
    ]);
    let mut table = Table::new(
        "coverage",
        "What was counted, and why the rest was not",
        columns,
    );
    for row in &coverage.rows {
        let mut values: Vec<Value> = vec![row.epoch.into(), row.zone.into()];
        values.extend(period_values(study.names(), row.period));
        values.extend([
            row.reason.into(),
            Value::count(row.cells),
            row.area_km2.into(),
            row.percent_of_area.into(),
        ]);
        table.rows.push(values);
    }
    table.notes.push(
        "Zones and \"(outside zones)\" add up to \"Total\", the country; cells in a zone but in no region are \
         \"(outside regions)\" and in no other table."
            .to_owned(),
    );
    table
}

/// Coverage on a page: one row for each epoch and zone, with the share of each
/// reason over all periods. Reasons that no cell has are left out.
#[must_use]
pub fn coverage_brief(study: &Study<'_>) -> Table {
    let coverage = coverage(study);
    let shares = study.names().reasons.len() + 1;
    let periods = study.names().periods.len();
    // Rows of one epoch and zone follow each other: periods, then reasons.
    let groups: Vec<_> = coverage.rows.chunks(shares * periods).collect();
    let used: Vec<usize> = (0..shares)
        .filter(|&share| {
            share == 0
                || coverage
                    .rows
                    .iter()
                    .skip(share)
                    .step_by(shares)
                    .any(|row| row.cells > 0)
        })
        .collect();

    let reason = |share: usize| match share {
        0 => VALID_REASON,
        n => study.names().reasons[n - 1].as_str(),
    };
    let mut columns = group_columns();
    columns.push(Column::new(
        "area_km2",
        "Area",
        "km2",
        Digits::Decimals(0),
        "True area of the zone.",
    ));
    let slugs = distinct(used.iter().map(|&share| slug(reason(share))));
    for (&share, slug) in used.iter().zip(slugs) {
        columns.push(Column::new(
            &format!("{slug}_percent"),
            // Words apart, so that a heading can be broken into lines.
            &reason(share).replace('_', " "),
            "%",
            Digits::Decimals(1),
            "Area with this reason in percent of the area of the zone, over all periods.",
        ));
    }
    let mut table = Table::new(
        "coverage_brief",
        "Share of the area by reason, over all periods",
        columns,
    );
    for group in groups {
        let area: f64 = group.iter().map(|row| row.area_km2).sum();
        let mut values: Vec<Value> = vec![
            group[0].epoch.into(),
            group[0].zone.into(),
            (area / periods as f64).into(),
        ];
        values.extend(used.iter().map(|&share| {
            let mine: f64 = group
                .iter()
                .skip(share)
                .step_by(shares)
                .map(|row: &CoverageRow<'_>| row.area_km2)
                .sum();
            Value::from((area > 0.0).then(|| 100.0 * mine / area))
        }));
        table.rows.push(values);
    }
    table
}

fn group_columns() -> Vec<Column> {
    vec![
        Column::key(
            "epoch",
            "Epoch",
            Digits::Text,
            "Epoch whose zones these are.",
        ),
        Column::key(
            "zone",
            "Zone",
            Digits::Text,
            "Zone; \"Total\" is the country, \"(outside zones)\" its cells in no zone, \"(outside regions)\" cells \
             of the zone maps that are in no region.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::fixture::World;

    #[test]
    fn one_row_for_each_reason() {
        let world = World::npp();
        let study = world.study();
        let table = coverage_table(&study, &coverage(&study));
        table.check().unwrap();
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "epoch",
                "zone",
                "year",
                "reason",
                "cells",
                "area_km2",
                "percent_of_area"
            ]
        );
        // Two epochs, two zones and the total, two years, three reasons.
        assert_eq!(table.rows.len(), 2 * 3 * 2 * 3);
        let barren = [
            "1980s".into(),
            "Cold".into(),
            Value::Int(2001),
            "barren".into(),
        ];
        let row = table.rows.iter().find(|row| row[..4] == barren).unwrap();
        assert_eq!(row[4..], [Value::Int(1), 1.0.into(), (100.0 / 3.0).into()]);
    }

    #[test]
    fn the_short_form_has_only_reasons_that_happen() {
        let world = World::npp();
        let table = coverage_brief(&world.study());
        table.check().unwrap();
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "epoch",
                "zone",
                "area_km2",
                "valid_percent",
                "barren_percent"
            ]
        );
        assert_eq!(table.rows.len(), 2 * 3);
        let cold = table
            .rows
            .iter()
            .find(|row| row[..2] == ["1980s".into(), "Cold".into()])
            .unwrap();
        // Three cells of 1 km2 over two years: five valid, one barren.
        assert_eq!(
            cold[2..],
            [
                3.0.into(),
                (100.0 * 4.0 / 6.0).into(),
                (100.0 * 2.0 / 6.0).into()
            ]
        );
        let warm = table
            .rows
            .iter()
            .find(|row| row[..2] == ["1980s".into(), "Warm".into()])
            .unwrap();
        assert_eq!(warm[2..], [0.0.into(), Value::Missing, Value::Missing]);
    }
}
