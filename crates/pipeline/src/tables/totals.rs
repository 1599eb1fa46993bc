//! Totals of `permafrost_npp_change`, and what their change is made of.

use nutag_carbon::{Figure, Method, Study, ZoneChangeRow};
use nutag_frame::co2_from_carbon;
use nutag_report::{Column, Digits};

use super::change::{Filled, filled};
use super::naming::{Naming, co2_unit, unit_shown, with_unit};

/// A number of a row in total units.
type Total = fn(&ZoneChangeRow) -> Figure;

/// Totals in their own unit, then the same in CO2 if they are carbon.
pub fn totals(study: &Study<'_>, naming: &Naming, method: Method) -> Vec<Filled> {
    let quantity = study.quantity();
    let unit = &quantity.total_unit;
    let parts = total_parts(study, naming, method);
    let column = |part: &TotalPart, unit: &str| {
        Column::new(
            &with_unit(&format!("{}_{}", naming.quantity, part.name), unit),
            &format!("{} {}", quantity.name, part.label),
            unit_shown(unit),
            if quantity.carbon {
                Digits::Decimals(3)
            } else {
                Digits::Significant(5)
            },
            &part.description,
        )
    };
    let mut columns = Vec::new();
    for part in &parts {
        let own = column(part, unit);
        let pick = part.pick;
        let own = if part.detail { own.detail() } else { own };
        columns.push(filled(own, move |row| pick(row).into()));
    }
    if quantity.carbon {
        for part in &parts {
            let mut co2 = column(part, &co2_unit(unit)).detail();
            co2.description.push_str(" As CO2: carbon x 44/12.");
            let pick = part.pick;
            columns.push(filled(co2, move |row| {
                pick(row).map(co2_from_carbon).into()
            }));
        }
    }
    columns
}

struct TotalPart {
    name: String,
    label: String,
    description: String,
    detail: bool,
    pick: Total,
}

fn total_parts(study: &Study<'_>, naming: &Naming, method: Method) -> Vec<TotalPart> {
    let part = |name: &str, label: &str, detail, pick, description: &str| TotalPart {
        name: name.to_owned(),
        label: label.to_owned(),
        description: description.to_owned(),
        detail,
        pick,
    };
    let total = format!(
        "Total of an average {}: mean over valid area x valid area of the zone of this epoch.",
        naming.period
    );
    let (from_label, to_label) = (&study.names().from.label, &study.names().to.label);
    let mut parts = vec![
        part(
            &format!("total_{}", naming.from),
            &format!("total {from_label}"),
            true,
            |row| Ok(row.total_from),
            &total,
        ),
        part(
            &format!("total_{}", naming.to),
            &format!("total {to_label}"),
            true,
            |row| Ok(row.total_to),
            &total,
        ),
        part(
            "total_change",
            "total change",
            false,
            |row| Ok(row.total_change),
            "Total in the zone of the second epoch minus that of the first, same periods: what the zone has \
             gained or lost by being drawn elsewhere. No change in time.",
        ),
        part(
            "change_at_fixed_density",
            "change at fixed density",
            false,
            |row| Ok(row.change_at_fixed_density),
            "Change of valid area x mean of the first epoch: the published method with areas that match. What \
             would change if each cell took the mean of its new zone; not an observed change.",
        ),
        part(
            "area_effect",
            "area effect",
            false,
            |row| row.area_effect,
            "Part of the change of the total that goes with area; the country has the sum over zones.",
        ),
        part(
            "density_effect",
            "density effect",
            false,
            |row| row.density_effect,
            "Part of the change of the total that goes with density; the country has the sum over zones.",
        ),
    ];
    if method == Method::Laspeyres {
        parts.push(part(
            "interaction_effect",
            "interaction effect",
            false,
            |row| row.interaction_effect,
            "Part of the change of the total that goes with both; the country has the sum over zones.",
        ));
    }
    parts
}
