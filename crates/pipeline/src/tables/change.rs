//! `permafrost_npp_change`: the table of the mission.
//!
//! Here are its rows, areas and means; its totals are in [`super::totals`].

use nutag_carbon::{Method, Study, ZoneChange, ZoneChangeRow};
use nutag_report::{Column, Digits, Table, Value};

use super::naming::{Naming, unit_shown, with_unit};
use super::totals::totals;

/// A column and what goes into it.
pub type Filled = (Column, Box<dyn Fn(&ZoneChangeRow) -> Value>);

/// The table of change by zone, with the country as its last row.
#[must_use]
pub fn zone_change_table(study: &Study<'_>, change: &ZoneChange) -> Table {
    let naming = Naming::of(study);
    let mut columns = areas(study, &naming);
    columns.extend(densities(study, &naming));
    columns.extend(totals(study, &naming, change.method));
    let (columns, fills): (Vec<_>, Vec<_>) = columns.into_iter().unzip();

    let zone = Column::key(
        "zone",
        "Zone",
        Digits::Text,
        "Permafrost zone; \"Total\" is the country.",
    );
    let residual = Column::new(
        "identity_residual",
        "Identity residual",
        "",
        Digits::Significant(3),
        "In the row of the country: |sum over the zones of the first epoch - sum over those of the \
         second| / sum. Relabelling cells cannot change what they hold, so it is 0 unless cells are in a \
         zone in one epoch only. Missing in other rows.",
    );
    let mut table = Table::new(
        &format!("permafrost_{}_change", naming.quantity),
        &format!(
            "{} by permafrost zone, {} and {}",
            study.quantity().name,
            study.names().from.label,
            study.names().to.label
        ),
        [vec![zone], columns, vec![residual.detail()]].concat(),
    );
    for row in change.rows.iter().chain([&change.total]) {
        let mut values = vec![row.zone.as_str().into()];
        values.extend(fills.iter().map(|fill| fill(row)));
        values.push(Value::Missing);
        table.rows.push(values);
    }
    if let Some(last) = table.rows.last_mut().and_then(|row| row.last_mut()) {
        *last = change.identity_residual.into();
    }
    table.notes = notes(study, change, &naming);
    table
}

/// A column with what goes into it.
pub fn filled(column: Column, fill: impl Fn(&ZoneChangeRow) -> Value + 'static) -> Filled {
    (column, Box::new(fill))
}

fn areas(study: &Study<'_>, naming: &Naming) -> Vec<Filled> {
    let (from, to) = (&naming.from, &naming.to);
    let (from_label, to_label) = (&study.names().from.label, &study.names().to.label);
    let column = |name: &str, label: &str, unit: &str, digits, description: &str| {
        Column::new(name, label, unit, digits, description)
    };
    let km2 = |name: String, label: String, description: &str| {
        column(&name, &label, "km2", Digits::Decimals(0), description)
    };
    let valid = "Area of cells with a value that counts, mean over all periods.";
    let fraction = "Valid area / area, over all periods; missing for a zone without area.";
    vec![
        filled(
            km2(
                format!("area_{from}_km2"),
                format!("Area {from_label}"),
                "True area of the zone in the first epoch.",
            ),
            |row| row.area_from_km2.into(),
        ),
        filled(
            km2(
                format!("area_{to}_km2"),
                format!("Area {to_label}"),
                "True area of the zone in the second epoch.",
            ),
            |row| row.area_to_km2.into(),
        ),
        filled(
            km2(
                "area_change_km2".to_owned(),
                "Area change".to_owned(),
                "Second epoch minus first.",
            ),
            |row| row.area_change_km2.into(),
        ),
        filled(
            column(
                "area_change_percent_of_country",
                "Area change, of the country",
                "%",
                Digits::Decimals(1),
                "Change of area in percent of the area of the country.",
            ),
            |row| row.area_change_percent_of_country.into(),
        ),
        filled(
            column(
                "area_change_percent_of_zone",
                "Area change, of the zone",
                "%",
                Digits::Decimals(1),
                "Change of area in percent of the zone's own area in the first epoch; missing if it had none.",
            )
            .detail(),
            |row| row.area_change_percent_of_zone.into(),
        ),
        filled(
            km2(
                format!("valid_area_{from}_km2"),
                format!("Valid area {from_label}"),
                valid,
            )
            .detail(),
            |row| row.valid_area_from_km2.into(),
        ),
        filled(
            km2(
                format!("valid_area_{to}_km2"),
                format!("Valid area {to_label}"),
                valid,
            )
            .detail(),
            |row| row.valid_area_to_km2.into(),
        ),
        filled(
            column(
                &format!("valid_fraction_{from}"),
                &format!("Valid fraction {from_label}"),
                "",
                Digits::Decimals(3),
                fraction,
            ),
            |row| row.valid_fraction_from.into(),
        ),
        filled(
            column(
                &format!("valid_fraction_{to}"),
                &format!("Valid fraction {to_label}"),
                "",
                Digits::Decimals(3),
                fraction,
            )
            .detail(),
            |row| row.valid_fraction_to.into(),
        ),
    ]
}

fn densities(study: &Study<'_>, naming: &Naming) -> Vec<Filled> {
    let quantity = study.quantity();
    let column = |epoch: &str, label: &str| {
        let name = format!("{}_{}_{epoch}", naming.quantity, naming.density);
        Column::new(
            &with_unit(&name, &quantity.density_unit),
            &format!("{} {} {label}", quantity.name, naming.density),
            unit_shown(&quantity.density_unit),
            if quantity.carbon {
                Digits::Decimals(1)
            } else {
                Digits::Significant(4)
            },
            &format!(
                "Area-weighted mean of {} over the valid area of the zone of this epoch and all periods; missing \
                 if no cell is valid.",
                quantity.name
            ),
        )
    };
    vec![
        filled(column(&naming.from, &study.names().from.label), |row| {
            row.density_from.into()
        }),
        filled(column(&naming.to, &study.names().to.label), |row| {
            row.density_to.into()
        }),
    ]
}

fn notes(study: &Study<'_>, change: &ZoneChange, naming: &Naming) -> Vec<String> {
    let names = study.names();
    let (first, last) = (names.periods.first(), names.periods.last());
    let mut notes = Vec::new();
    if let (Some(first), Some(last)) = (first, last) {
        let one = naming.period;
        notes.push(format!(
            "{} over {} {one}s, {} to {}, in the zones of both epochs; totals are those of an average {one}.",
            study.quantity().name,
            names.periods.len(),
            first.label,
            last.label,
        ));
    }
    notes.push(format!(
        "Effects: {}. A zone that appears or vanishes changes by its area alone.",
        match change.method {
            Method::Shapley => "Shapley (Marshall-Edgeworth), exactly additive",
            Method::Laspeyres => "Laspeyres at the first epoch, with interaction",
            Method::Lmdi => "logarithmic mean Divisia index (LMDI-I)",
        }
    ));
    let residual = change.identity_residual.map_or_else(
        |why| format!("cannot be given: {why}"),
        |residual| match residual {
            0.0 => "the residual is 0, exactly".to_owned(),
            residual => format!("the relative residual is {residual:e}"),
        },
    );
    notes.push(format!(
        "Identity: the zones of both epochs must hold the same total; {residual}; {} cells are in a zone in one \
         epoch only.",
        change.cells_outside_in_one_epoch
    ));
    if study.quantity().carbon {
        notes.push(format!(
            "{} is what plants take up in the area; it is not a net sink until respiration, grazing and fire are \
             taken off.",
            study.quantity().name
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::fixture::World;
    use nutag_carbon::zone_change;

    fn names(table: &Table) -> Vec<&str> {
        table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect()
    }

    fn value(table: &Table, row: &str, column: &str) -> Value {
        let x = table.columns.iter().position(|c| c.name == column).unwrap();
        let row = table
            .rows
            .iter()
            .find(|values| values[0] == row.into())
            .unwrap();
        row[x].clone()
    }

    #[test]
    fn columns_of_npp() {
        let world = World::npp();
        let table = zone_change_table(
            &world.study(),
            &zone_change(&world.study(), Method::Shapley),
        );
        table.check().unwrap();
        assert_eq!(table.name, "permafrost_npp_change");
        assert_eq!(
            names(&table),
            [
                "zone",
                "area_1980s_km2",
                "area_2000s_km2",
                "area_change_km2",
                "area_change_percent_of_country",
                "area_change_percent_of_zone",
                "valid_area_1980s_km2",
                "valid_area_2000s_km2",
                "valid_fraction_1980s",
                "valid_fraction_2000s",
                "npp_density_1980s_gC_m2",
                "npp_density_2000s_gC_m2",
                "npp_total_1980s_MtC",
                "npp_total_2000s_MtC",
                "npp_total_change_MtC",
                "npp_change_at_fixed_density_MtC",
                "npp_area_effect_MtC",
                "npp_density_effect_MtC",
                "npp_total_1980s_MtCO2",
                "npp_total_2000s_MtCO2",
                "npp_total_change_MtCO2",
                "npp_change_at_fixed_density_MtCO2",
                "npp_area_effect_MtCO2",
                "npp_density_effect_MtCO2",
                "identity_residual",
            ]
        );
        assert!(
            table
                .columns
                .iter()
                .all(|column| !column.description.is_empty())
        );
    }

    #[test]
    fn values_land_in_their_columns() {
        let world = World::npp();
        let table = zone_change_table(
            &world.study(),
            &zone_change(&world.study(), Method::Shapley),
        );
        // Cold: cells of 100, barren and 200 gC m-2, 1 km2 each; the third moves to Warm.
        assert_eq!(value(&table, "Cold", "area_1980s_km2"), 3.0.into());
        assert_eq!(
            value(&table, "Cold", "area_change_percent_of_zone"),
            (-100.0 / 3.0).into()
        );
        assert_eq!(
            value(&table, "Cold", "npp_density_1980s_gC_m2"),
            150.0.into()
        );
        assert_eq!(
            value(&table, "Cold", "npp_total_change_MtC"),
            (-200e-6).into()
        );
        assert_eq!(
            value(&table, "Cold", "npp_change_at_fixed_density_MtC"),
            (-150e-6).into()
        );
        let Value::Float(co2) = value(&table, "Cold", "npp_change_at_fixed_density_MtCO2") else {
            panic!()
        };
        assert!((co2 - -550e-6).abs() < 1e-18);
        assert_eq!(
            value(&table, "Warm", "npp_density_1980s_gC_m2"),
            Value::Missing
        );
        assert_eq!(value(&table, "Warm", "identity_residual"), Value::Missing);
        assert_eq!(value(&table, "Total", "identity_residual"), 0.0.into());
        assert_eq!(table.rows.last().unwrap()[0], "Total".into());
    }

    #[test]
    fn interaction_is_there_when_asked_for() {
        let world = World::npp();
        let table = zone_change_table(
            &world.study(),
            &zone_change(&world.study(), Method::Laspeyres),
        );
        assert!(names(&table).contains(&"npp_interaction_effect_MtC"));
        assert!(names(&table).contains(&"npp_interaction_effect_MtCO2"));
    }

    #[test]
    fn what_is_no_carbon_has_no_co2() {
        let world = World::ndvi();
        let table = zone_change_table(
            &world.study(),
            &zone_change(&world.study(), Method::Shapley),
        );
        table.check().unwrap();
        assert_eq!(table.name, "permafrost_ndvi_change");
        assert!(names(&table).contains(&"ndvi_mean_1980s"));
        assert!(names(&table).contains(&"ndvi_total_change_km2"));
        assert!(
            !names(&table)
                .iter()
                .any(|name| name.contains("CO2") || name.contains("MtC"))
        );
    }

    #[test]
    fn epochs_that_make_the_same_name_are_from_and_to() {
        let mut world = World::npp();
        world.names.to.label = "1980s*".to_owned();
        let table = zone_change_table(
            &world.study(),
            &zone_change(&world.study(), Method::Shapley),
        );
        table.check().unwrap();
        assert!(names(&table).contains(&"area_from_km2") && names(&table).contains(&"area_to_km2"));
    }
}
