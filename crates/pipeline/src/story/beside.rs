//! The published table beside the corrected one.

use nutag_carbon::published::{Column as Figure, PublishedRow, printed};
use nutag_carbon::{Study, ZoneChange, ZoneChangeRow};
use nutag_report::{Block, Column, Digits, Section, Table, Value};

/// The published figures beside those computed here, where the legend has the
/// published zones and the quantity is carbon.
#[must_use]
pub fn beside_section(study: &Study<'_>, change: &ZoneChange) -> Option<Section> {
    let known = printed();
    let zones = &study.names().from.zones;
    if !study.quantity().carbon || !known.zones.iter().map(|row| &row.zone).eq(zones) {
        return None;
    }
    let mut table = Table::new(
        "published_beside_corrected",
        "The published table, and the same figures from these inputs",
        columns(),
    );
    let of_zone = |zone: &str| change.rows.iter().find(|row| row.zone == zone);
    let zones = known.zones.iter().map(|row| (row, of_zone(&row.zone)));
    for (published, here) in zones.chain([(&known.total, Some(&change.total))]) {
        table.rows.push(row(published, here));
    }
    Some(Section {
        id: "published".to_owned(),
        heading: "Beside the published table".to_owned(),
        blocks: vec![
            Block::Paragraph(
                "\"Reduction of NPP due to Permafrost Degradation\" is the table this question began \
                 with. Its areas are counts of 0.01-degree cells taken as 1 km2, its mean of the country \
                 is the plain mean of four zones, and its last column, headed million t, counts units of \
                 ten million t. It holds the densities fixed, so it states the area effect alone, which \
                 the density effect cancels; and the zones differ in more than permafrost, so \"due to\" \
                 cannot be said. Zone maps, years and inputs are others here, so the figures need not \
                 agree. nutag audit goes through every cell of it."
                    .to_owned(),
            ),
            Block::Table(table),
        ],
    })
}

fn columns() -> Vec<Column> {
    let whole =
        |name, label, unit, description| Column::new(name, label, unit, Digits::Whole, description);
    let number = |name, label, unit, decimals, description| {
        Column::new(name, label, unit, Digits::Decimals(decimals), description)
    };
    vec![
        Column::key("zone", "Zone", Digits::Text, "The permafrost zone."),
        whole(
            "area_change_published",
            "Area change, published",
            "cells as km2",
            "Printed change of area: cells of 0.01 degree.",
        ),
        number(
            "area_change_km2",
            "Area change, here",
            "km2",
            0,
            "Change of true area.",
        ),
        number(
            "area_change_percent_published",
            "of the country, published",
            "%",
            1,
            "Printed change in percent of the country.",
        ),
        number(
            "area_change_percent",
            "of the country, here",
            "%",
            1,
            "Change of true area in percent of the country.",
        ),
        whole(
            "density_published",
            "NPP density, published",
            "t km-2",
            "Printed mean; tC km-2 is the same as gC m-2.",
        ),
        number(
            "density_gc_m2",
            "NPP density, here",
            "gC m-2",
            1,
            "Area-weighted mean in the zone of the first epoch.",
        ),
        number(
            "total_change_published",
            "NPP change, published",
            "\"million t\"",
            3,
            "As printed; ten times as much in million t of carbon.",
        ),
        number(
            "total_change_published_mtc",
            "the same in its true unit",
            "MtC",
            2,
            "Ten times the printed figure.",
        ),
        number(
            "change_at_fixed_density_mtc",
            "NPP change at fixed density, here",
            "MtC",
            2,
            "The published method with true areas and the right unit; no observed change.",
        ),
    ]
}

fn row(published: &PublishedRow, here: Option<&ZoneChangeRow>) -> Vec<Value> {
    let of_here = |pick: fn(&ZoneChangeRow) -> Option<f64>| Value::from(here.and_then(pick));
    let printed_total = Figure::TotalChange.value(published);
    vec![
        published.zone.as_str().into(),
        published.area_change.into(),
        of_here(|row| Some(row.area_change_km2)),
        Figure::AreaChangePercent.value(published).into(),
        of_here(|row| row.area_change_percent_of_country.ok()),
        published.density.into(),
        of_here(|row| row.density_from.ok()),
        printed_total.into(),
        (10.0 * printed_total).into(),
        of_here(|row| Some(row.change_at_fixed_density)),
    ]
}
