//! The tables of `[drought]`.

mod droughts;
mod losses;
mod water;

use nutag_frame::{OUTSIDE_ZONES, Place, TOTAL};
use nutag_report::{Column, Digits, Table, Value};

use super::plan::DroughtPlan;

pub(super) use droughts::{events, trends};
pub(super) use losses::{dzud, validation};
pub(super) use water::{by_month, by_year};

/// A column with what fills it.
struct Filled<'a, R> {
    column: Column,
    value: Box<dyn Fn(&R) -> Value + 'a>,
}

fn fill<'a, R>(column: Column, value: impl Fn(&R) -> Value + 'a) -> Filled<'a, R> {
    Filled {
        column,
        value: Box::new(value),
    }
}

fn table<R>(name: &str, title: &str, columns: Vec<Filled<'_, R>>, rows: &[R]) -> Table {
    let (heads, fills): (Vec<Column>, Vec<_>) =
        columns.into_iter().map(|c| (c.column, c.value)).unzip();
    let mut table = Table::new(name, title, heads);
    table.rows = rows
        .iter()
        .map(|row| fills.iter().map(|value| value(row)).collect())
        .collect();
    table
}

/// A number, if it is finite.
fn number(value: f64) -> Value {
    if value.is_finite() {
        Value::Float(value)
    } else {
        Value::Missing
    }
}

fn region_name(plan: &DroughtPlan, place: Place) -> String {
    place
        .region
        .map_or_else(|| TOTAL.to_owned(), |region| plan.regions[region].clone())
}

fn zone_name(plan: &DroughtPlan, place: Place) -> String {
    place.zone.map_or_else(
        || TOTAL.to_owned(),
        |zone| {
            plan.zones
                .get(zone)
                .cloned()
                .unwrap_or_else(|| OUTSIDE_ZONES.to_owned())
        },
    )
}

fn region_column() -> Column {
    Column::key(
        "region",
        "Region",
        Digits::Text,
        "Region; Total is the country, and stands last.",
    )
}

/// What every table of indices must say.
fn basis(plan: &DroughtPlan) -> Vec<String> {
    let section = &plan.section;
    let [from, to] = section.reference;
    let mut notes = vec![
        format!(
            "Reference {from}-{to} ({} years of each calendar month). Means over areas take the sites of the climate with a finite index.",
            to - from + 1
        ),
        "A value that the reference has never shown is extrapolated; nothing is clipped."
            .to_owned(),
    ];
    notes.extend(plan.warnings.iter().cloned());
    notes
}
