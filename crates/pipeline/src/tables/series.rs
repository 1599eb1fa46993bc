//! `npp_by_region_zone_year`: the tidy table.

use nutag_carbon::{SeriesRow, Study};
use nutag_report::{Column, Digits, Table, Value};

use nutag_report::words::{distinct, slug};

use super::naming::{Naming, period_columns, period_values, unit_shown, with_unit};

/// The tidy table: one row for each region, pair of zones and period.
#[must_use]
pub fn series_table(study: &Study<'_>, rows: &[SeriesRow<'_>]) -> Table {
    let naming = Naming::of(study);
    let mut table = Table::new(
        &format!("{}_by_region_zone_year", naming.quantity),
        &format!(
            "{} by region, zone and {}",
            study.quantity().name,
            naming.period
        ),
        columns(study, &naming),
    );
    for row in rows {
        let mut values: Vec<Value> =
            vec![row.region.into(), row.zone_from.into(), row.zone_to.into()];
        values.extend(period_values(study.names(), row.period));
        values.extend([
            Value::count(row.cells),
            Value::count(row.valid_cells),
            row.area_km2.into(),
            row.valid_area_km2.into(),
            row.sum.into(),
            row.mean.into(),
            row.sd.into(),
            Value::count(row.zero_cells),
        ]);
        values.extend(row.masked_cells.iter().map(|&cells| Value::count(cells)));
        table.rows.push(values);
    }
    table.notes.push(
        "In every row, cells = valid_cells + all masked cells. Combinations without a cell have no row.".to_owned(),
    );
    table
}

fn columns(study: &Study<'_>, naming: &Naming) -> Vec<Column> {
    let (names, quantity) = (study.names(), study.quantity());
    let named = |part: &str, unit: &str| with_unit(&format!("{}_{part}", naming.quantity), unit);
    let (sum_unit, density_unit) = (&quantity.sum_unit, &quantity.density_unit);
    let digits = if quantity.carbon {
        Digits::Decimals(1)
    } else {
        Digits::Significant(4)
    };
    let mut columns = vec![
        Column::key("region", "Region", Digits::Text, "Region."),
        Column::key(
            "zone_from",
            &format!("Zone {}", names.from.label),
            Digits::Text,
            "Zone in the first epoch.",
        ),
        Column::key(
            "zone_to",
            &format!("Zone {}", names.to.label),
            Digits::Text,
            "Zone in the second epoch.",
        ),
    ];
    columns.extend(period_columns(names));
    columns.extend([
        Column::new("cells", "Cells", "", Digits::Whole, "Number of cells."),
        Column::new("valid_cells", "Valid cells", "", Digits::Whole, "Cells with a value that counts."),
        Column::new("area_km2", "Area", "km2", Digits::Decimals(1), "True area of the cells."),
        Column::new("valid_area_km2", "Valid area", "km2", Digits::Decimals(1), "True area of the valid cells."),
        Column::new(
            &named("sum", sum_unit),
            &format!("{} sum", quantity.name),
            unit_shown(sum_unit),
            if quantity.carbon { Digits::Decimals(0) } else { Digits::Significant(5) },
            "Sum over valid cells of value x area.",
        ),
        Column::new(
            &named("mean", density_unit),
            &format!("{} mean", quantity.name),
            unit_shown(density_unit),
            digits,
            "Area-weighted mean over valid cells; missing if there are none.",
        ),
        Column::new(
            &named("sd", density_unit),
            &format!("{} sd", quantity.name),
            unit_shown(density_unit),
            digits,
            "Area-weighted population standard deviation over valid cells: spread in space, not uncertainty of \
             the mean; missing if there are none.",
        ),
        Column::new(
            "zero_cells",
            "Zero cells",
            "",
            Digits::Whole,
            "Of the valid cells, those without a value that the pipeline counts as zero, such as barren land.",
        ),
    ]);
    let masked = distinct(names.reasons.iter().map(|reason| slug(reason)));
    for (reason, masked) in names.reasons.iter().zip(masked) {
        columns.push(Column::new(
            &format!("masked_{masked}_cells"),
            &format!("Masked: {reason}"),
            "",
            Digits::Whole,
            &format!("Cells that do not count: {reason}."),
        ));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::fixture::World;
    use nutag_carbon::series;

    fn table(world: &World) -> Table {
        let study = world.study();
        let table = series_table(&study, &series(&study));
        table.check().unwrap();
        table
    }

    fn names(table: &Table) -> Vec<&str> {
        table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect()
    }

    #[test]
    fn the_tidy_columns() {
        let table = table(&World::npp());
        assert_eq!(table.name, "npp_by_region_zone_year");
        assert_eq!(
            names(&table),
            [
                "region",
                "zone_from",
                "zone_to",
                "year",
                "cells",
                "valid_cells",
                "area_km2",
                "valid_area_km2",
                "npp_sum_tC",
                "npp_mean_gC_m2",
                "npp_sd_gC_m2",
                "zero_cells",
                "masked_barren_cells",
                "masked_outside_valid_range_cells",
            ]
        );
        let stable = table
            .rows
            .iter()
            .find(|row| row[2] == "Cold".into())
            .unwrap();
        assert_eq!(
            stable[..10],
            [
                "Архангай".into(),
                "Cold".into(),
                "Cold".into(),
                Value::Int(2001),
                Value::Int(2),
                Value::Int(1),
                2.0.into(),
                1.0.into(),
                100.0.into(),
                100.0.into(),
            ]
        );
        assert_eq!(stable[12], Value::Int(1));
    }

    #[test]
    fn composites_have_their_date() {
        let mut world = World::ndvi();
        for (day, period) in world.names.periods.iter_mut().enumerate() {
            period.label = format!("{}-01-{:02}", period.year, day + 1);
        }
        let table = table(&world);
        assert_eq!(table.name, "ndvi_by_region_zone_year");
        assert_eq!(names(&table)[3..5], ["year", "period"]);
        assert_eq!(table.rows[0][4], "2001-01-01".into());
        assert!(names(&table).contains(&"ndvi_sum_km2") && names(&table).contains(&"ndvi_mean"));
    }

    #[test]
    fn reasons_that_make_the_same_name_stay_apart() {
        let mut world = World::npp();
        world.names.reasons[1] = "barren!".to_owned();
        let table = table(&world);
        assert!(names(&table).contains(&"masked_barren_2_cells"));
    }
}
