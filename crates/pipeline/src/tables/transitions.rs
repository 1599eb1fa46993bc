//! `zone_transitions`: from the zones of one epoch to those of the other.

use nutag_carbon::{Direction, Figure, Movement, Study, Transition, Transitions, Why};
use nutag_frame::co2_from_carbon;
use nutag_report::{Column, Digits, Table, Value};

use crate::results::thousands;

use super::naming::{Naming, co2_unit, unit_shown, with_unit};

/// The table of transitions, a row for each pair of zones.
#[must_use]
pub fn transitions_table(study: &Study<'_>, transitions: &Transitions) -> Table {
    let (names, quantity) = (study.names(), study.quantity());
    let mut table = Table::new(
        "zone_transitions",
        &format!(
            "From the zones of {} to those of {}",
            names.from.label, names.to.label
        ),
        columns(study),
    );
    for pair in &transitions.pairs {
        let mut values: Vec<Value> = vec![
            pair.from.as_str().into(),
            pair.to.as_str().into(),
            word(pair.direction).into(),
            Value::count(pair.cells),
            pair.area_km2.into(),
            pair.valid_area_km2.into(),
            pair.density.into(),
            pair.total.into(),
        ];
        if quantity.carbon {
            values.push(co2_from_carbon(pair.total).into());
        }
        values.push(pair.lambda.into());
        values.push(reason(pair));
        table.rows.push(values);
    }
    table.notes = notes(&transitions.movement);
    table
}

fn columns(study: &Study<'_>) -> Vec<Column> {
    let (names, quantity, naming) = (study.names(), study.quantity(), Naming::of(study));
    let total = format!("{}_total", naming.quantity);
    let description = format!(
        "Mean over valid area x valid area, of an average {}.",
        naming.period
    );
    let digits = |carbon, other| if quantity.carbon { carbon } else { other };
    let total_column = |unit: &str, description: &str| {
        Column::new(
            &with_unit(&total, unit),
            &format!("{} total", quantity.name),
            unit_shown(unit),
            digits(Digits::Decimals(3), Digits::Significant(5)),
            description,
        )
    };
    let density = format!("{}_{}", naming.quantity, naming.density);
    let mut columns = vec![
        Column::key(
            "zone_from",
            &names.from.label,
            Digits::Text,
            "Zone in the first epoch.",
        ),
        Column::key(
            "zone_to",
            &names.to.label,
            Digits::Text,
            "Zone in the second epoch.",
        ),
        Column::new(
            "direction",
            "Direction",
            "",
            Digits::Text,
            "stable; upgrade: to more permafrost; downgrade: to less; outside: into or out of the zones; other: \
             the two epochs do not have the same zones.",
        ),
        Column::new("cells", "Cells", "", Digits::Whole, "Number of cells.").detail(),
        Column::new("area_km2", "Area", "km2", Digits::Decimals(0), "True area."),
        Column::new(
            "valid_area_km2",
            "Valid area",
            "km2",
            Digits::Decimals(0),
            "Area of cells with a value that counts, mean over all periods.",
        ),
        Column::new(
            &with_unit(&density, &quantity.density_unit),
            &format!("{} {}", quantity.name, naming.density),
            unit_shown(&quantity.density_unit),
            digits(Digits::Decimals(1), Digits::Significant(4)),
            "Area-weighted mean over valid area and all periods; missing if no cell is valid.",
        ),
        total_column(&quantity.total_unit, &description),
    ];
    if quantity.carbon {
        let description = format!("{description} As CO2: carbon x 44/12.");
        columns.push(total_column(&co2_unit(&quantity.total_unit), &description).detail());
    }
    columns.push(Column::new(
        "lambda",
        "Lambda",
        "",
        Digits::Decimals(2),
        "(n - g_from) / (g_to - g_from), n the mean of these cells, g the means of cells that stayed in their \
         zone. Near 0: the cells behave like the zone they left; near 1: like the one they joined.",
    ));
    let why = "Why there is no lambda; missing where there is one.";
    columns.push(
        Column::new(
            "lambda_missing_because",
            "No lambda because",
            "",
            Digits::Text,
            why,
        )
        .detail(),
    );
    columns
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Stable => "stable",
        Direction::Upgrade => "upgrade",
        Direction::Downgrade => "downgrade",
        Direction::Outside => "outside",
        Direction::Unordered => "other",
    }
}

fn reason(pair: &Transition) -> Value {
    match pair.lambda {
        Ok(_) => Value::Missing,
        Err(why) => why.to_string().into(),
    }
}

fn notes(movement: &Movement) -> Vec<String> {
    let area = |figure: Figure| figure.map(|area| format!("{} km2", thousands(area)));
    let noise = match movement.label_noise {
        Ok(noise) => Ok(format!("{:.1} %", 100.0 * noise)),
        Err(why) => Err(why),
    };
    let say =
        |figure: Result<String, Why>| figure.unwrap_or_else(|why| format!("not known ({why})"));
    vec![
        format!(
            "Unchanged: {} km2; to less permafrost: {}; to more: {}.",
            thousands(movement.stable_area_km2),
            say(area(movement.downgrade_area_km2)),
            say(area(movement.upgrade_area_km2)),
        ),
        format!(
            "Label noise is at least {}: area that moved to more permafrost over area that moved to less. \
             Permafrost that came back within decades is more likely an error of the maps.",
            say(noise)
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::fixture::World;
    use nutag_carbon::transitions;

    #[test]
    fn every_pair_has_a_row() {
        let world = World::npp();
        let table = transitions_table(&world.study(), &transitions(&world.study()));
        table.check().unwrap();
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "zone_from",
                "zone_to",
                "direction",
                "cells",
                "area_km2",
                "valid_area_km2",
                "npp_density_gC_m2",
                "npp_total_MtC",
                "npp_total_MtCO2",
                "lambda",
                "lambda_missing_because",
            ]
        );
        assert_eq!(table.rows.len(), 4);
        let moved = table
            .rows
            .iter()
            .find(|row| row[..2] == ["Cold".into(), "Warm".into()])
            .unwrap();
        assert_eq!(
            moved[2..8],
            [
                "downgrade".into(),
                Value::Int(1),
                1.0.into(),
                1.0.into(),
                200.0.into(),
                200e-6.into()
            ]
        );
        assert_eq!(moved[9], Value::Missing);
        assert_eq!(moved[10], Why::NoStableDestination.to_string().into());
        assert!(
            table.notes[0].contains("to less permafrost: 1 km2"),
            "{:?}",
            table.notes
        );
    }

    #[test]
    fn what_is_no_carbon_has_no_co2() {
        let world = World::ndvi();
        let table = transitions_table(&world.study(), &transitions(&world.study()));
        table.check().unwrap();
        assert!(
            table
                .columns
                .iter()
                .any(|column| column.name == "ndvi_mean")
        );
        assert!(
            !table
                .columns
                .iter()
                .any(|column| column.name.contains("CO2"))
        );
    }
}
