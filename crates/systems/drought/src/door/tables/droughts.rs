//! Droughts, and their trends.

use nutag_frame::Place;
use nutag_problem::Error;
use nutag_report::{Column, Digits, Table, Value};

use super::super::compute::{Drought, LEVEL};
use super::super::plan::DroughtPlan;
use super::{Filled, fill, number, region_column, region_name, table};

/// One row a drought.
pub(in super::super) fn events(plan: &DroughtPlan, drought: &Drought) -> Result<Table, Error> {
    let mut rows = Vec::new();
    for (place, series) in drought.whole_places() {
        for (k, months) in drought.months.iter().enumerate() {
            for event in drought.events(series, k, plan.section.drought_at)? {
                rows.push((*place, *months, event));
            }
        }
    }
    type Row = (Place, u8, crate::events::DroughtEvent);
    let columns: Vec<Filled<'_, Row>> = vec![
        fill(region_column(), |row: &Row| region_name(plan, row.0).into()),
        fill(
            Column::key(
                "index",
                "Index",
                Digits::Text,
                "SPEI with its window, mean over the area.",
            ),
            |row: &Row| format!("SPEI-{}", row.1).into(),
        ),
        fill(
            Column::key(
                "first",
                "First month",
                Digits::Text,
                "The first month below 0.",
            ),
            |row: &Row| row.2.first.to_string().into(),
        ),
        fill(
            Column::new(
                "last",
                "Last month",
                "",
                Digits::Text,
                "The last month below 0.",
            ),
            |row: &Row| row.2.last.to_string().into(),
        ),
        fill(
            Column::new("months", "Months", "", Digits::Plain, "How many."),
            |row: &Row| Value::count(row.2.months as u64),
        ),
        fill(
            Column::new(
                "severity",
                "Severity",
                "",
                Digits::Decimals(2),
                "The sum of minus the index over its months.",
            ),
            |row: &Row| number(row.2.severity),
        ),
        fill(
            Column::new(
                "deepest",
                "Deepest",
                "",
                Digits::Decimals(2),
                "The least index.",
            ),
            |row: &Row| number(row.2.deepest),
        ),
        fill(
            Column::new(
                "cut",
                "Cut",
                "",
                Digits::Text,
                "yes: the record begins, ends or has a gap beside it.",
            ),
            |row: &Row| if row.2.cut { "yes" } else { "no" }.into(),
        ),
    ];
    let mut table = table("drought_events", "Droughts", columns, &rows);
    table.notes = vec![format!(
        "A drought is a run of months below 0 that somewhere falls to {} or below (McKee, Doesken and Kleist 1993).",
        plan.section.drought_at
    )];
    Ok(table)
}

/// One row a region and window.
pub(in super::super) fn trends(plan: &DroughtPlan, drought: &Drought) -> Table {
    let month = plan.section.trend_month;
    let mut rows = Vec::new();
    for (place, series) in drought.whole_places() {
        for (k, months) in drought.months.iter().enumerate() {
            rows.push((*place, *months, drought.trend(series, k, month)));
        }
    }
    type Row = (Place, u8, Option<crate::events::DroughtTrend>);
    let of = |name: &str,
              label: &str,
              digits,
              description: &str,
              pick: fn(&crate::events::DroughtTrend) -> f64| {
        fill(
            Column::new(name, label, "", digits, description),
            move |row: &Row| {
                row.2
                    .as_ref()
                    .map_or(Value::Missing, |trend| number(pick(trend)))
            },
        )
    };
    let percent = 100.0 * LEVEL;
    let columns: Vec<Filled<'_, Row>> = vec![
        fill(region_column(), |row: &Row| region_name(plan, row.0).into()),
        fill(
            Column::key(
                "index",
                "Index",
                Digits::Text,
                "SPEI with its window, mean over the area.",
            ),
            move |row: &Row| format!("SPEI-{} of month {month}", row.1).into(),
        ),
        fill(
            Column::new("n", "Years", "", Digits::Plain, "Years with a value."),
            |row: &Row| {
                row.2
                    .as_ref()
                    .map_or(Value::Missing, |trend| Value::count(trend.plain.n as u64))
            },
        ),
        of(
            "slope_per_decade",
            "Slope",
            Digits::Decimals(3),
            "Theil-Sen slope, index in ten years.",
            |t| 10.0 * t.slope.slope,
        ),
        of(
            "slope_low_per_decade",
            "Low",
            Digits::Decimals(3),
            &format!(
                "Lower end of its {percent} % interval; missing where the years are too few to bound it."
            ),
            |t| 10.0 * t.slope.interval.low,
        ),
        of(
            "slope_high_per_decade",
            "High",
            Digits::Decimals(3),
            &format!("Upper end of its {percent} % interval."),
            |t| 10.0 * t.slope.interval.high,
        ),
        of(
            "p",
            "p",
            Digits::Significant(3),
            "Two-sided p of Mann-Kendall, years independent.",
            |t| t.plain.p,
        ),
        of(
            "p_autocorrelation",
            "p, autocorrelated",
            Digits::Significant(3),
            "The same with the variance of Hamed and Rao (1998).",
            |t| t.adjusted.and_then(|a| a.p).unwrap_or(f64::NAN),
        ),
    ];
    let mut table = table("drought_trends", "Trends of drought", columns, &rows);
    table.notes = vec![
        "One month a year is tested: windows that overlap are not independent. No correction for many tests is made here.".to_owned(),
    ];
    table
}
