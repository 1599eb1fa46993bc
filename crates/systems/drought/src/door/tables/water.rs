//! Indices and water by year and by month.

use nutag_frame::Place;
use nutag_report::{Column, Digits, Table, Value};

use super::super::compute::{Drought, PlaceSeries, mean_of_year, of_year};
use super::super::plan::DroughtPlan;
use super::{Filled, basis, fill, number, region_column, region_name, table, zone_name};

struct YearRow<'a> {
    place: Place,
    year: i32,
    at: usize,
    series: &'a PlaceSeries,
}

fn year_rows<'a>(plan: &DroughtPlan, drought: &'a Drought) -> Vec<YearRow<'a>> {
    let [first, last] = plan.section.record.map(i32::from);
    let mut rows = Vec::new();
    for (place, series) in &drought.places {
        for (at, year) in (first..=last).enumerate() {
            rows.push(YearRow {
                place: *place,
                year,
                at,
                series,
            });
        }
    }
    rows
}

/// One row a place and year.
pub(in super::super) fn by_year(plan: &DroughtPlan, drought: &Drought) -> Table {
    type Row<'r> = YearRow<'r>;
    let sum = |name: &str, label: &str, description: &str, pick: fn(&PlaceSeries) -> &[f64]| {
        fill(
            Column::new(name, label, "mm", Digits::Decimals(1), description),
            move |row: &Row<'_>| of_year(pick(row.series), row.at).into(),
        )
    };
    let mut columns: Vec<Filled<'_, Row<'_>>> = vec![
        fill(region_column(), |row: &Row<'_>| {
            region_name(plan, row.place).into()
        }),
        fill(
            Column::key(
                "zone",
                "Zone",
                Digits::Text,
                "Zone; Total is the whole region.",
            ),
            |row: &Row<'_>| zone_name(plan, row.place).into(),
        ),
        fill(
            Column::key("year", "Year", Digits::Plain, "Calendar year."),
            |row: &Row<'_>| Value::Int(i64::from(row.year)),
        ),
        fill(
            Column::new(
                "area_km2",
                "Area",
                "km2",
                Digits::Whole,
                "Area of the cells of interest; WGS84.",
            ),
            |row: &Row<'_>| whole(row.series.km2),
        ),
        fill(
            Column::new(
                "climate_coverage_percent",
                "Coverage",
                "%",
                Digits::Decimals(1),
                "Share of the area in climate cells (or regions with a station) that have values.",
            ),
            |row: &Row<'_>| number(100.0 * row.series.coverage),
        ),
        fill(
            Column::new(
                "months_known",
                "Months",
                "",
                Digits::Plain,
                "Months of the year with an index over the first window.",
            ),
            |row: &Row<'_>| Value::Int(i64::from(mean_of_year(&row.series.spei[0], row.at).1)),
        ),
        sum(
            "precipitation_mm",
            "Precipitation",
            "Precipitation of the year.",
            |s| &s.rain_mm,
        ),
        sum(
            "pet_mm",
            "PET",
            "Demand by Thornthwaite; missing unless all months are known.",
            |s| &s.pet_mm,
        ),
        sum("aet_mm", "AET", "Evapotranspiration of the bucket.", |s| {
            &s.aet_mm
        }),
        sum(
            "deficit_mm",
            "Deficit",
            "Climatic water deficit, PET - AET.",
            |s| &s.deficit_mm,
        ),
        sum(
            "runoff_mm",
            "Runoff",
            "Water that leaves the bucket.",
            |s| &s.runoff_mm,
        ),
        fill(
            Column::new(
                "aridity",
                "P/PET",
                "",
                Digits::Decimals(3),
                "Precipitation over demand of the year (UNEP 1992).",
            ),
            |row: &Row<'_>| {
                let year = |values| of_year(values, row.at);
                year(&row.series.rain_mm)
                    .zip(year(&row.series.pet_mm))
                    .and_then(|(p, pet)| crate::water::aridity_index(p, pet))
                    .into()
            },
        ),
        fill(
            Column::new(
                "scpdsi_mean",
                "scPDSI",
                "",
                Digits::Decimals(2),
                "Mean self-calibrating PDSI of the year's months.",
            ),
            |row: &Row<'_>| mean_of_year(&row.series.pdsi, row.at).0.into(),
        ),
    ];
    for (k, months) in drought.months.iter().enumerate() {
        columns.push(fill(
            Column::new(
                &format!("spi_{months}_mean"),
                &format!("SPI-{months}"),
                "",
                Digits::Decimals(2),
                &format!("Mean SPI over {months} months of the year's months."),
            ),
            move |row: &Row<'_>| mean_of_year(&row.series.spi[k], row.at).0.into(),
        ));
        columns.push(fill(
            Column::new(
                &format!("spei_{months}_mean"),
                &format!("SPEI-{months}"),
                "",
                Digits::Decimals(2),
                &format!("Mean SPEI over {months} months of the year's months."),
            ),
            move |row: &Row<'_>| mean_of_year(&row.series.spei[k], row.at).0.into(),
        ));
        columns.push(fill(
            Column::new(
                &format!("spei_{months}_drought_months"),
                &format!("Drought, SPEI-{months}"),
                "months",
                Digits::Decimals(1),
                &format!(
                    "Months at or below {} by SPEI-{months}, mean over the area that has an index.",
                    plan.section.drought_at
                ),
            ),
            move |row: &Row<'_>| {
                let (mean, known) = mean_of_year(&row.series.dry[k], row.at);
                mean.map(|share| share * f64::from(known)).into()
            },
        ));
    }
    let mut table = table(
        "drought_by_year",
        "Water, drought and deficit by year",
        columns,
        &year_rows(plan, drought),
    );
    table.notes = basis(plan);
    table
}

#[expect(clippy::cast_possible_truncation, reason = "an area in whole km2")]
fn whole(km2: f64) -> Value {
    Value::Int(libm::round(km2) as i64)
}

struct MonthRow<'a> {
    place: Place,
    at: usize,
    series: &'a PlaceSeries,
}

/// One row a region and month.
pub(in super::super) fn by_month(plan: &DroughtPlan, drought: &Drought) -> Table {
    type Row<'r> = MonthRow<'r>;
    let axis = drought.axis;
    let mut columns: Vec<Filled<'_, Row<'_>>> = vec![
        fill(region_column(), |row: &Row<'_>| {
            region_name(plan, row.place).into()
        }),
        fill(
            Column::key("year", "Year", Digits::Plain, "Calendar year."),
            move |row: &Row<'_>| Value::Int(i64::from(axis.at(row.at).year)),
        ),
        fill(
            Column::key("month", "Month", Digits::Plain, "1 to 12."),
            move |row: &Row<'_>| Value::Int(i64::from(axis.at(row.at).month)),
        ),
        fill(
            Column::new(
                "scpdsi",
                "scPDSI",
                "",
                Digits::Decimals(2),
                "Self-calibrating PDSI, mean over the area.",
            ),
            |row: &Row<'_>| number(row.series.pdsi[row.at]),
        ),
    ];
    for (k, months) in drought.months.iter().enumerate() {
        columns.push(fill(
            Column::new(
                &format!("spi_{months}"),
                &format!("SPI-{months}"),
                "",
                Digits::Decimals(2),
                "Mean over the area; missing where no site has a finite value.",
            ),
            move |row: &Row<'_>| number(row.series.spi[k][row.at]),
        ));
        columns.push(fill(
            Column::new(
                &format!("spei_{months}"),
                &format!("SPEI-{months}"),
                "",
                Digits::Decimals(2),
                "Mean over the area; missing where no site has a finite value.",
            ),
            move |row: &Row<'_>| number(row.series.spei[k][row.at]),
        ));
        columns.push(fill(
            Column::new(
                &format!("spei_{months}_drought_area_percent"),
                &format!("In drought, SPEI-{months}"),
                "%",
                Digits::Decimals(1),
                &format!(
                    "Share of the area with an index at or below {}.",
                    plan.section.drought_at
                ),
            ),
            move |row: &Row<'_>| number(100.0 * row.series.dry[k][row.at]),
        ));
    }
    let rows: Vec<Row<'_>> = drought
        .whole_places()
        .flat_map(|(place, series)| {
            (0..axis.len()).map(|at| MonthRow {
                place: *place,
                at,
                series,
            })
        })
        .collect();
    let mut table = table(
        "drought_by_month",
        "Drought indices by month",
        columns,
        &rows,
    );
    table.notes = basis(plan);
    table
}
