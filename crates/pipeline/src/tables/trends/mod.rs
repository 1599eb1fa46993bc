//! `npp_trends`: how fast the mean of each place changes, and whether that is
//! more than chance.

mod columns;
mod notes;
mod words;

use nutag_carbon::{Family, Study, TOTAL, TrendRow, Trends};
use nutag_report::{Block, Column, Digits, Section, Table, Value};

use super::naming::Naming;
use crate::config::MaskRule;

/// The table of trends: the country, zones of both epochs, regions, zones of
/// the first epoch in each region.
#[must_use]
pub fn trends_table(study: &Study<'_>, trends: &Trends<'_>, mask: MaskRule) -> Table {
    let mut table = rows_table(study, &trends.rows);
    table.notes = notes::notes(study, trends, mask);
    table
}

/// The section of the report: the answer, then the country and the zones.
#[must_use]
pub fn trends_section(study: &Study<'_>, trends: &Trends<'_>) -> Section {
    let headline = [Family::Country, Family::Zones];
    let rows = trends
        .rows
        .iter()
        .filter(|row| headline.contains(&row.family));
    let short = rows_table(study, rows).brief();
    Section {
        id: "trend".to_owned(),
        heading: "Is it changing".to_owned(),
        blocks: vec![
            Block::Paragraph(words::answer(study, trends)),
            Block::Table(short),
            Block::Paragraph(words::further(study, trends)),
        ],
    }
}

/// What the country does, as the end of a sentence about it.
#[must_use]
pub fn country_finding(study: &Study<'_>, trends: &Trends<'_>) -> Option<String> {
    words::country(study, trends)
}

fn rows_table<'r>(study: &Study<'_>, rows: impl IntoIterator<Item = &'r TrendRow<'r>>) -> Table {
    let naming = Naming::of(study);
    let mut rows = rows.into_iter().peekable();
    let hamed_rao = rows
        .peek()
        .is_some_and(|row| row.trend.hamed_rao_p.is_some());
    let (columns, fills): (Vec<_>, Vec<_>) = columns::columns(study, &naming, hamed_rao)
        .into_iter()
        .unzip();
    let mut table = Table::new(
        &format!("{}_trends", naming.quantity),
        &format!("Trends of mean {}", study.quantity().name),
        [keys(), columns].concat(),
    );
    for row in rows {
        let mut values = vec![
            row.family.name().into(),
            row.region.unwrap_or(TOTAL).into(),
            row.zone.unwrap_or(TOTAL).into(),
            row.zone_epoch.map_or(Value::Missing, Value::from),
        ];
        values.extend(fills.iter().map(|fill| fill(row)));
        table.rows.push(values);
    }
    table
}

fn keys() -> Vec<Column> {
    vec![
        Column::key(
            "family",
            "Family",
            Digits::Text,
            "The tests that this one is adjusted with: country, zones (of both epochs), regions, or \
             regions by zone.",
        )
        .detail(),
        Column::key(
            "region",
            "Region",
            Digits::Text,
            "Region; \"Total\" is all regions.",
        )
        .detail(),
        Column::key(
            "zone",
            "Zone",
            Digits::Text,
            "Permafrost zone; \"Total\" is all cells of the regions, in a zone or not.",
        ),
        Column::key(
            "zone_epoch",
            "Zone map",
            Digits::Text,
            "The epoch whose map puts cells into the zone, for all periods alike; missing where zone is \
             \"Total\".",
        ),
    ]
}

#[cfg(test)]
mod tests;
