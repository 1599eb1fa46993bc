//! From a plan and its tallies to the study that tables are made of.

use std::collections::BTreeMap;

use nutag_carbon::{
    Epoch, Names, Period, Quantity, Scale, Study, TrendOptions, ZoneEpoch, place_sums,
};
use nutag_frame::{Announced, Place};
use nutag_granules::product::{Product, Ratio};
use nutag_problem::{Error, Problem};
use nutag_system::Yearly;

use crate::config::{Config, Zones};
use crate::plan::NppPlan;

/// Units of density that are carbon, and how many gC m-2 one of them is.
const CARBON_UNITS: [(&str, i64); 3] = [("kgC m-2", 1000), ("gC m-2", 1), ("kg C m-2", 1000)];

/// The names behind the indices of a plan.
#[must_use]
pub fn names(plan: &NppPlan<'_>) -> Names {
    names_of(
        &plan.counted.zone_maps,
        &plan.regions,
        &plan.zones,
        &plan.counted.periods,
        plan.counted.reasons.names(),
    )
}

/// The same before there is a plan.
pub(crate) fn names_of(
    zone_maps: &Zones,
    regions: &[String],
    zones: &[String],
    periods: &[nutag_granules::granule::Period],
    reasons: &[String],
) -> Names {
    let epoch = |label: &str| Epoch {
        label: label.trim().to_owned(),
        zones: zones.to_vec(),
    };
    Names {
        regions: regions.to_vec(),
        from: epoch(&zone_maps.from.epoch),
        to: epoch(&zone_maps.to.epoch),
        periods: periods
            .iter()
            .map(|period| Period {
                label: period.label.clone(),
                year: i32::from(period.year),
            })
            .collect(),
        reasons: reasons.to_vec(),
    }
}

/// What is asked of the trends: at the real times of the periods, each at its
/// first day. A year is at its number.
#[must_use]
pub fn trend_options(plan: &NppPlan<'_>) -> TrendOptions {
    trend_options_of(&plan.config, &plan.counted.periods)
}

/// The same before there is a plan.
pub(crate) fn trend_options_of(
    config: &Config,
    periods: &[nutag_granules::granule::Period],
) -> TrendOptions {
    let trend = config.trend.clone().unwrap_or_default();
    // From the first day of the first year to the last day of the last.
    let epoch = |[first, last]: [u16; 2]| f64::from(first)..=f64::from(last + 1).next_down();
    TrendOptions {
        times_years: periods
            .iter()
            .map(|period| time_years(period.year, period.day_of_year))
            .collect(),
        epochs: trend.epochs.map(|epochs| epochs.map(epoch)),
        hamed_rao: trend.hamed_rao,
    }
}

fn time_years(year: u16, day_of_year: u16) -> f64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = if leap { 366.0 } else { 365.0 };
    f64::from(year) + (f64::from(day_of_year) - 1.0) / days
}

/// What is tallied: carbon in gC m-2 where the unit of the product says so,
/// otherwise the product's own quantity and unit.
///
/// # Errors
/// A product whose values do not start at zero: its sums have no meaning.
pub fn quantity(product: &Product) -> Result<Quantity, Error> {
    if product.offset.numerator != 0 {
        return Err(Problem::new(format!(
            "{} has an offset of {}/{}: a sum over cells of such values means nothing",
            product.id(),
            product.offset.numerator,
            product.offset.denominator
        ))
        .at("[product] offset")
        .advice("choose a layer that is zero where there is nothing")
        .asked());
    }
    let Ratio {
        numerator,
        denominator,
    } = product.scale;
    let carbon = CARBON_UNITS.iter().find(|(unit, _)| *unit == product.unit);
    let grams = carbon.map_or(1, |(_, grams)| *grams);
    let scale = numerator
        .checked_mul(grams)
        .and_then(|numerator| Scale::new(numerator, denominator).ok());
    let scale = scale.ok_or_else(|| {
        Problem::new(format!(
            "the scale {numerator}/{denominator} cannot be used exactly"
        ))
        .at("[product] scale")
        .asked()
    })?;
    Ok(match carbon {
        Some(_) => Quantity::carbon(&product.quantity, scale),
        None => Quantity::other(&product.quantity, scale, &product.unit),
    })
}

/// What the sums of a plan will be to systems that go on from them.
///
/// # Errors
/// Returns an error if values of the product cannot be summed.
pub fn announced(plan: &NppPlan<'_>) -> Result<Announced, Error> {
    let quantity = quantity(&plan.counted.product)?;
    Ok(Announced {
        name: if quantity.carbon { "npp" } else { "product" },
        unit: quantity.sum_unit,
        years: years(plan),
    })
}

/// The sums of a study for systems that go on from them: by the zones of each map.
///
/// # Errors
/// Returns an error if values of the product cannot be summed.
pub fn yearly(plan: &NppPlan<'_>, study: &Study<'_>) -> Result<Vec<Yearly>, Error> {
    let Announced { name, unit, years } = announced(plan)?;
    let of_map = |(map, epoch)| {
        let mut numbers = Yearly {
            name,
            unit: unit.clone(),
            map: Some(map),
            years: years.clone(),
            by_place: BTreeMap::new(),
            area_km2: BTreeMap::new(),
        };
        for ((region, zone), of_place) in place_sums(study, epoch) {
            let place = Place { region, zone };
            let values = of_place.sums.iter().zip(&of_place.area_km2);
            let values = values.map(|(sum, area)| (*area > 0.0).then_some(*sum));
            numbers.by_place.insert(place, values.collect());
            numbers.area_km2.insert(place, of_place.area_km2);
        }
        numbers
    };
    let maps = [ZoneEpoch::From, ZoneEpoch::To].into_iter().enumerate();
    Ok(maps.map(of_map).collect())
}

/// The years of a plan; none where its periods are not calendar years.
fn years(plan: &NppPlan<'_>) -> Vec<u16> {
    let annual = |period: &nutag_granules::granule::Period| period.label == period.year.to_string();
    if plan.counted.periods.iter().all(annual) {
        plan.counted
            .periods
            .iter()
            .map(|period| period.year)
            .collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_at_its_number_and_a_composite_at_its_first_day() {
        assert_eq!(time_years(2001, 1), 2001.0);
        assert_eq!(time_years(2001, 366 - 73), 2001.8);
        assert_eq!(time_years(2000, 184), 2000.5);
        assert!(time_years(1900, 365) < 1901.0);
    }
}
