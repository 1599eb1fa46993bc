//! Tables of the air above.

use nutag_formats::co2::Month;
use nutag_frame::{Place, co2_from_carbon};
use nutag_report::{Column, Digits, Table, Value};
use nutag_system::Given;

use crate::science::{VENTILATION_DAYS, column_signal_ppm};
use crate::series::AreaSeries;
use crate::{Area, AreaKind, Co2Plan};

/// Level of all intervals.
const LEVEL: f64 = 0.95;

fn area_columns() -> Vec<Column> {
    vec![
        Column::key(
            "area_kind",
            "Kind",
            Digits::Text,
            "country, region or zone.",
        ),
        Column::key(
            "epoch",
            "Epoch",
            Digits::Text,
            "For zones, the epoch of the zone map; missing otherwise.",
        ),
        Column::key("area", "Area", Digits::Text, "Name of the area."),
    ]
}

fn area_values(area: &Area) -> Vec<Value> {
    let epoch = area.epoch.as_deref().map_or(Value::Missing, Value::from);
    vec![area.kind.word().into(), epoch, area.name.as_str().into()]
}

fn month_columns() -> Vec<Column> {
    vec![
        Column::key("year", "Year", Digits::Plain, "Calendar year."),
        Column::key("month", "Month", Digits::Plain, "Calendar month, 1 to 12."),
    ]
}

fn size(n: usize) -> Value {
    Value::count(n as u64)
}

fn ppm(name: &str, label: &str, description: &str) -> Column {
    Column::new(name, label, "ppm", Digits::Decimals(2), description)
}

/// `xco2_by_region_month`.
pub(crate) fn month_table(plan: &Co2Plan, all: &[AreaSeries<'_>]) -> Table {
    let share = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Decimals(3), description)
    };
    let count = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Whole, description).detail()
    };
    let mut columns = area_columns();
    columns.extend(month_columns());
    columns.extend([
        ppm("xco2_ppm", "XCO2", "Area-weighted mean over cells with a value, interpolated where the product is; missing without any."),
        ppm("observed_xco2_ppm", "XCO2 observed", "Area-weighted mean of the means of soundings, over cells with soundings; missing without any, or where the product does not tell."),
        ppm("standard_error_ppm", "Standard error", "Area-weighted mean of the cells' standard errors: an upper bound, as if errors of all cells went together. Missing where the product gives none."),
        share("valid_fraction", "Valid share", "Share of the area in cells with a value."),
        share("observed_fraction", "Observed share", "Share of the area in cells with soundings; missing where the product does not tell."),
        Column::new("sparse", "Sparse", "", Digits::Text, &format!("yes where valid_fraction is under {}: flagged, and left out of the fit.", plan.section.least_valid_fraction)),
        count("cells", "Cells", "Cells the area touches."),
        count("valid_cells", "Valid cells", "Of these, cells with a value."),
        count("observed_cells", "Observed cells", "Of these, cells with soundings."),
        count("soundings", "Soundings", "Soundings in the cells the area touches."),
    ]);
    let mut table = Table::new(
        "xco2_by_region_month",
        "CO2 in the air column by area and month",
        columns,
    );
    for series in all {
        let mut without = plan.set.missing.iter().peekable();
        for row in &series.rows {
            while let Some(month) = without.next_if(|month| **month < row.month) {
                table.rows.push(month_without_grid(series, *month));
            }
            let mean = &row.mean;
            let mut values = area_values(series.area);
            values.extend([
                Value::Int(i64::from(row.month.year)),
                Value::Int(i64::from(row.month.month)),
                mean.xco2_ppm.into(),
                mean.observed_ppm.into(),
                mean.standard_error_ppm.into(),
                mean.valid_fraction.into(),
                mean.observed_fraction.into(),
                if mean.sparse { "yes" } else { "no" }.into(),
                size(mean.cells),
                size(mean.valid_cells),
                mean.observed_cells.map_or(Value::Missing, size),
                mean.soundings.map_or(Value::Missing, Value::count),
            ]);
            table.rows.push(values);
        }
        let rest = without.map(|month| month_without_grid(series, *month));
        table.rows.extend(rest);
    }
    table.notes.push(format!("Source: {}.", plan.product()));
    if !plan.set.missing.is_empty() {
        let missing: Vec<String> = plan.set.missing.iter().map(ToString::to_string).collect();
        table.notes.push(format!(
            "Months without a grid have rows without a value: {}.",
            missing.join(", ")
        ));
    }
    table
}

/// The row of a month that was asked for and has no grid: no cell of the area has a value.
fn month_without_grid(series: &AreaSeries<'_>, month: Month) -> Vec<Value> {
    let mut values = area_values(series.area);
    values.extend([
        Value::Int(i64::from(month.year)),
        Value::Int(i64::from(month.month)),
        Value::Missing,
        Value::Missing,
        Value::Missing,
        0.0.into(),
        Value::Missing,
        "yes".into(),
        size(series.area.shares.len()),
        size(0),
        Value::Missing,
        Value::Missing,
    ]);
    values
}

/// `xco2_fit`.
pub(crate) fn fit_table(all: &[AreaSeries<'_>]) -> Table {
    let rate = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "ppm/yr", Digits::Decimals(2), description)
    };
    let number = |name: &str, label: &str, decimals, description: &str| {
        Column::new(name, label, "", Digits::Decimals(decimals), description).detail()
    };
    let mut columns = area_columns();
    columns.extend([
        Column::new("months", "Months", "", Digits::Whole, "Months in the fit: with a value, and not sparse.").detail(),
        rate("growth_ppm_per_year", "Growth", "Growth rate: slope of level + growth + two harmonics by least squares."),
        rate("growth_low_ppm_per_year", "Growth, low", "Lower end of the 95 % interval, allowing for the memory of the noise."),
        rate("growth_high_ppm_per_year", "Growth, high", "Upper end of the 95 % interval."),
        rate("growth_se_ppm_per_year", "Standard error", "Standard error of the growth, allowing for the memory.").detail(),
        rate("growth_se_independent_ppm_per_year", "Standard error, independent", "The same as if months were independent: too small where they are not.").detail(),
        ppm("amplitude_ppm", "Amplitude", "Highest minus lowest month of the fitted cycle."),
        ppm("amplitude_low_ppm", "Amplitude, low", "Lower end of the 95 % interval, the two months taken as known.").detail(),
        ppm("amplitude_high_ppm", "Amplitude, high", "Upper end of the 95 % interval.").detail(),
        Column::new("month_of_maximum", "Maximum", "", Digits::Plain, "Calendar month in which the cycle is highest."),
        Column::new("month_of_minimum", "Minimum", "", Digits::Plain, "Calendar month in which the cycle is lowest."),
        number("memory", "Memory", 2, "Correlation of the noise of neighbouring months, its bias removed; 0 where it is negative."),
        number("degrees_of_freedom", "Degrees of freedom", 1, "Effective degrees of freedom of the intervals."),
        ppm("residual_sd_ppm", "Noise", "Standard deviation of the noise.").detail(),
        Column::new("no_fit_because", "No fit because", "", Digits::Text, "Why there is no fit; missing where there is one.").detail(),
    ]);
    let mut table = Table::new(
        "xco2_fit",
        "Growth and yearly cycle of CO2 in the air column",
        columns,
    );
    for series in all {
        let mut values = area_values(series.area);
        match &series.fit {
            Ok(fit) => {
                // The level is a constant inside (0, 1).
                let (low, high) = fit.growth_interval(LEVEL).unwrap_or((f64::NAN, f64::NAN));
                let (least, most) = fit
                    .amplitude_interval(LEVEL)
                    .unwrap_or((f64::NAN, f64::NAN));
                values.extend([
                    size(fit.n),
                    fit.growth_per_year.into(),
                    low.into(),
                    high.into(),
                    fit.growth_se.into(),
                    fit.growth_se_independent.into(),
                    fit.amplitude.into(),
                    least.into(),
                    most.into(),
                    Value::Int(i64::from(fit.month_of_maximum)),
                    Value::Int(i64::from(fit.month_of_minimum)),
                    fit.memory.into(),
                    fit.df.into(),
                    fit.residual_sd.into(),
                    Value::Missing,
                ]);
            }
            Err(why) => {
                let usable = series
                    .rows
                    .iter()
                    .filter(|row| row.mean.xco2_ppm.is_some() && !row.mean.sparse);
                values.push(size(usable.count()));
                values.extend(std::iter::repeat_n(Value::Missing, 13));
                values.push(why.to_string().into());
            }
        }
        table.rows.push(values);
    }
    table
}

/// `xco2_deseasonalised`: the series without its cycle, and the line through it.
pub(crate) fn deseasonalised_table(all: &[AreaSeries<'_>]) -> Table {
    let mut columns = area_columns();
    columns.extend(month_columns());
    columns.extend([
        ppm("xco2_ppm", "XCO2", "The monthly mean."),
        ppm(
            "cycle_ppm",
            "Cycle",
            "The fitted cycle in this month; the twelve months sum to zero.",
        ),
        ppm(
            "deseasonalised_ppm",
            "Without the cycle",
            "xco2_ppm minus cycle_ppm.",
        ),
        ppm("line_ppm", "Line", "Level and growth of the fit."),
    ]);
    let mut table = Table::new(
        "xco2_deseasonalised",
        "CO2 in the air column without its yearly cycle",
        columns,
    );
    for series in all {
        let Ok(fit) = &series.fit else { continue };
        for row in &series.rows {
            let index = series.index(row.month);
            let mut values = area_values(series.area);
            values.extend([
                Value::Int(i64::from(row.month.year)),
                Value::Int(i64::from(row.month.month)),
                row.mean.xco2_ppm.into(),
                fit.cycle_at(index).into(),
                series.deseasonalised_ppm(row).into(),
                fit.line(index).into(),
            ]);
            table.rows.push(values);
        }
    }
    table
}

/// `xco2_beside_npp`: the uptake of a region and year by its NPP, and the column above it. `None` where the
/// run has no NPP as carbon by the year.
pub(crate) fn beside_table(given: &Given<'_>, all: &[AreaSeries<'_>]) -> Option<Table> {
    let npp = given.yearly("npp", None)?;
    if npp.unit != "tC" || npp.years.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "xco2_beside_npp",
        "NPP of a region and year, and the air above it",
        vec![
            Column::key("region", "Region", Digits::Text, "Region."),
            Column::key("year", "Year", Digits::Plain, "Calendar year."),
            Column::new(
                "npp_sum_tC",
                "NPP",
                "tC",
                Digits::Decimals(0),
                "NPP of the region's valid cells in the year: gross uptake by plants, before anything respires.",
            ),
            Column::new(
                "npp_sum_tCO2",
                "NPP as CO2",
                "tCO2",
                Digits::Decimals(0),
                "The same as mass of CO2. Not a sequestration: respiration returns most of it.",
            ),
            Column::new(
                "npp_density_tC_km2",
                "NPP density",
                "tC km-2",
                Digits::Decimals(1),
                "NPP per valid area; missing without any.",
            ),
            Column::new(
                "column_signal_ppm",
                "Signal",
                "ppm",
                Digits::Decimals(3),
                &format!(
                    "What a steady uptake of this density does to the column mean of air that stays {VENTILATION_DAYS} days."
                ),
            ),
            ppm(
                "xco2_deseasonalised_ppm",
                "XCO2 without cycle",
                "Mean of the year's months without the cycle, sparse months left out; missing without any.",
            ),
            Column::new(
                "xco2_months",
                "Months",
                "",
                Digits::Whole,
                "Months in that mean.",
            ),
        ],
    );
    for air in all
        .iter()
        .filter(|series| series.area.kind != AreaKind::Zone)
    {
        let regions = given.frame.regions;
        let place = match air.area.kind {
            AreaKind::Country => Some(Place::COUNTRY),
            _ => regions
                .iter()
                .position(|region| *region == air.area.name)
                .map(Place::region),
        };
        for (index, year) in npp.years.iter().enumerate() {
            let of_year = air
                .rows
                .iter()
                .filter(|row| row.month.year == i32::from(*year) && !row.mean.sparse);
            let months: Vec<f64> = of_year
                .filter_map(|row| air.deseasonalised_ppm(row))
                .collect();
            let sum_tc = place.and_then(|place| npp.by_place.get(&place)?[index]);
            let valid_km2 = place.and_then(|place| npp.area_km2.get(&place));
            let (sum_tc, valid_km2) = (
                sum_tc.unwrap_or(0.0),
                valid_km2.map_or(0.0, |km2| km2[index]),
            );
            let density = (valid_km2 > 0.0).then(|| sum_tc / valid_km2);
            #[expect(clippy::cast_precision_loss, reason = "at most twelve")]
            let mean =
                (!months.is_empty()).then(|| months.iter().sum::<f64>() / months.len() as f64);
            table.rows.push(vec![
                air.area.name.as_str().into(),
                Value::Int(i64::from(*year)),
                sum_tc.into(),
                co2_from_carbon(sum_tc).into(),
                density.into(),
                density
                    .map(|density| column_signal_ppm(-density, VENTILATION_DAYS))
                    .into(),
                mean.into(),
                size(months.len()),
            ]);
        }
    }
    table.notes.push(
        "Side by side, and not cause and effect: the growth of the column is that of the whole atmosphere.".to_owned(),
    );
    Some(table)
}
