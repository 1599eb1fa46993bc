//! The table of what the uncertainty is made of.

use crate::science::Level;
use crate::science::uncertainty::{
    Approach1Refused, Component, DrawSummary, approach_1_product, approach_1_sum, variance_shares,
};
use nutag_frame::co2_from_carbon;
use nutag_report::{Column, Digits, Table, Value};

use crate::columns::{tonnes, value};
use crate::compute::{SliceKind, Uptake};
use crate::draws::Decomposed;
use crate::tables::{level_word, place_columns, place_values, text};

/// `uncertainty`: what each component does alone, and all together.
pub(crate) fn uncertainty_table(uptake: &Uptake) -> Option<Table> {
    if uptake.decomposed.is_empty() {
        return None;
    }
    let mut columns = place_columns();
    columns.extend([
        Column::key("period", "Period", Digits::Text, "Mean of all years, or the change asked for."),
        Column::key("level", "Level", Digits::Text, "NPP, above-ground NPP, Rh, NEP or NBP."),
        Column::key("component", "Component", Digits::Text, "One component alone, the others at their values; or all."),
        tonnes("mean_tCO2", "Mean", "tCO2", "Mean of the draws."),
        tonnes("median_tCO2", "Median", "tCO2", "Median of the draws."),
        tonnes("sd_tCO2", "Standard deviation", "tCO2", "Standard deviation of the draws."),
        tonnes("p05_tCO2", "5 %", "tCO2", "5 % of the draws are below."),
        tonnes("p95_tCO2", "95 %", "tCO2", "95 % of the draws are below."),
        Column::new("p_positive", "Above zero", "", Digits::Decimals(2), "Share of the draws above zero."),
        Column::new("variance_share", "Share", "", Digits::Decimals(2), "Variance of this component alone as a share of the sum over components, one at a time; for all, the variance of all together over that sum: above 1 they add to each other, below 1 they cancel. Missing where nothing varies."),
        Column::new("approach_1_percent", "IPCC approach 1", "%", Digits::Decimals(1), "Half of the 95 % interval by error propagation, where it is allowed; in rows of all components.").detail(),
        text("approach_1_note", "Approach 1", "Why approach 1 is not allowed.").detail(),
    ]);
    let mut table = Table::new("uncertainty", "What the uncertainty is made of", columns);
    for part in &uptake.decomposed {
        let variances: Vec<f64> = part.alone.iter().map(|(_, s)| s.sd * s.sd).collect();
        let shares = variance_shares(&variances);
        let sum: f64 = variances.iter().sum();
        let approach = approach_1(uptake, part);
        let all_share = (sum > 0.0).then(|| part.all.sd * part.all.sd / sum);
        let rows = part
            .alone
            .iter()
            .zip(shares)
            .map(|((component, summary), share)| {
                (
                    component.name(),
                    *summary,
                    (sum > 0.0).then_some(share),
                    None,
                )
            })
            .chain([("all", part.all, all_share, Some(&approach))]);
        for (component, summary, share, approach) in rows {
            let mut values = place_values(uptake, uptake.places[part.place]);
            let co2 = |tc: f64| value(Some(co2_from_carbon(tc)));
            values.extend([
                uptake.slices[part.slice].slice.label.as_str().into(),
                level_word(part.level).into(),
                component.into(),
                co2(summary.mean),
                co2(summary.median),
                co2(summary.sd),
                co2(summary.p05),
                co2(summary.p95),
                value(Some(summary.positive)),
                value(share),
                value(approach.and_then(|a| a.as_ref().ok().copied())),
                approach
                    .and_then(|a| a.as_ref().err())
                    .map_or(Value::Missing, |e| e.to_string().into()),
            ]);
            table.rows.push(values);
        }
    }
    table.notes.push("Shares are one at a time: each component varies alone while the others stay at their values.".to_owned());
    table
        .notes
        .push("Round totals to two significant digits when citing them.".to_owned());
    Some(table)
}

/// Error propagation for a level: NPP as a product of its bias and its error, NEP as a sum.
fn approach_1(uptake: &Uptake, part: &Decomposed) -> Result<f64, Approach1Refused> {
    let half_width = |summary: &DrawSummary| 196.0 * summary.sd / summary.mean.abs();
    match part.level {
        Level::Npp if uptake.slices[part.slice].kind == SliceKind::Mean => {
            let factors: Vec<f64> = part
                .alone
                .iter()
                .filter(|(component, _)| {
                    matches!(
                        component,
                        Component::ProductBias | Component::Spatial | Component::ZoneBoundary
                    )
                })
                .map(|(_, summary)| half_width(summary))
                .collect();
            approach_1_product(&factors)
        }
        // A difference of years shares the bias of the product.
        Level::Npp => Err(Approach1Refused::Correlated),
        Level::Nep => {
            let drawn = &uptake.slices[part.slice].drawn[part.place];
            let term = |level, sign: f64| drawn.get(&level).map(|s| (sign * s.mean, half_width(s)));
            let terms: Vec<(f64, f64)> = [term(Level::Npp, 1.0), term(Level::Rh, -1.0)]
                .into_iter()
                .flatten()
                .collect();
            approach_1_sum(&terms)
        }
        // Conversion factors are not normal, and losses share them.
        _ => Err(Approach1Refused::Correlated),
    }
}
