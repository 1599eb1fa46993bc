//! From a plan and its tallies to the study that tables are made of.

use nutag_carbon::{Epoch, Names, Period, Quantity, Scale};
use nutag_formats::product::{Product, Ratio};

use crate::error::{Error, Problem};
use crate::plan::Plan;

/// Units of density that are carbon, and how many gC m-2 one of them is.
const CARBON_UNITS: [(&str, i64); 3] = [("kgC m-2", 1000), ("gC m-2", 1), ("kg C m-2", 1000)];

/// The names behind the indices of a plan.
#[must_use]
pub fn names(plan: &Plan) -> Names {
    let epoch = |label: &str| Epoch { label: label.trim().to_owned(), zones: plan.zones.clone() };
    Names {
        regions: plan.regions.clone(),
        from: epoch(&plan.config.zones.from.epoch),
        to: epoch(&plan.config.zones.to.epoch),
        periods: plan
            .periods
            .iter()
            .map(|period| Period { label: period.label.clone(), year: i32::from(period.year) })
            .collect(),
        reasons: plan.reasons.names().to_vec(),
    }
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
    let Ratio { numerator, denominator } = product.scale;
    let carbon = CARBON_UNITS.iter().find(|(unit, _)| *unit == product.unit);
    let grams = carbon.map_or(1, |(_, grams)| *grams);
    let scale = i64::try_from(numerator)
        .ok()
        .and_then(|n| n.checked_mul(grams))
        .zip(i64::try_from(denominator).ok())
        .and_then(|(n, d)| Scale::new(n, d).ok());
    let scale = scale.ok_or_else(|| {
        Problem::new(format!("the scale {numerator}/{denominator} cannot be used exactly"))
            .at("[product] scale")
            .asked()
    })?;
    Ok(match carbon {
        Some(_) => Quantity::carbon(&product.quantity, scale),
        None => Quantity::other(&product.quantity, scale, &product.unit),
    })
}
