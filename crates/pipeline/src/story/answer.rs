//! The answer in two sentences, with its uncertainty.

use nutag_carbon::{Study, Trends, ZoneChange};
use nutag_frame::co2_from_carbon;

use crate::results::{thousands, with_unit};
use crate::tables;

/// How much there is and how it changes, and what the moved borders mean.
#[must_use]
pub fn answer(study: &Study<'_>, change: &ZoneChange, trends: Option<&Trends<'_>>) -> String {
    format!(
        "{} {}",
        amount(study, change, trends),
        borders(study, change)
    )
}

fn amount(study: &Study<'_>, change: &ZoneChange, trends: Option<&Trends<'_>>) -> String {
    let (quantity, total) = (study.quantity(), &change.total);
    let area = format!("{} km2", thousands(total.area_from_km2));
    let mean = match total.density_from {
        Err(why) => return format!("Over {area}, {} has no value ({why}).", quantity.name),
        Ok(density) => with_unit(density, &quantity.density_unit),
    };
    let share = 100.0 * total.valid_fraction_from.unwrap_or(0.0);
    let found = trends.and_then(|trends| tables::country_finding(study, trends));
    let found = found.map_or_else(
        || "; the periods are too few to say whether it changes".to_owned(),
        |finding| format!(" and {finding}"),
    );
    format!(
        "{} averages {mean} over the {share:.0} % of {area} that has values{found}.",
        quantity.name
    )
}

fn borders(study: &Study<'_>, change: &ZoneChange) -> String {
    let (names, quantity) = (study.names(), study.quantity());
    let (from, to) = (&names.from.label, &names.to.label);
    let rows = change.rows.iter();
    let largest = rows.max_by(|a, b| a.area_change_km2.abs().total_cmp(&b.area_change_km2.abs()));
    let Some(largest) = largest else {
        return String::new();
    };
    let moved = format!(
        "Between the {from} and the {to} \"{}\" changed most, by {} km2",
        largest.zone,
        thousands(largest.area_change_km2)
    );
    if !quantity.carbon {
        return format!(
            "{moved}; moving a zone border changes no cell, so over the country the effects of area \
             and density cancel."
        );
    }
    let total = change.total.change_at_fixed_density;
    let as_co2 = co2_from_carbon(total);
    format!(
        "{moved}: at the densities of the {from} the moved borders would go with {total:+.1} {} \
         ({as_co2:+.1} as CO2), but moving a border changes no cell, so over the country the effects \
         of area and density cancel; the zone maps state no error, and none is given for this.",
        quantity.total_unit
    )
}
