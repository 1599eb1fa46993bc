//! Numbers about the published table that the audit rests on.

use super::table::{Column, PublishedTable, whole};

/// The density that a printed change of area and of total imply together.
#[derive(Debug, Clone, PartialEq)]
pub struct ImpliedDensity {
    /// Zone.
    pub zone: String,
    /// `M 10^7 / dA`, in t per km2.
    pub density: f64,
    /// The lowest and highest that round to the printed change of the total.
    pub range: [f64; 2],
    /// Whether it rounds to the printed density: then the row agrees with
    /// itself.
    pub rounds_to_printed: bool,
}

/// The density that each row implies.
#[must_use]
pub fn implied_densities(table: &PublishedTable) -> Vec<ImpliedDensity> {
    table
        .zones
        .iter()
        .map(|row| {
            let per_thousandth = 1e4 / whole(row.area_change);
            let thousandths = whole(row.total_change_thousandths);
            let density = thousandths * per_thousandth;
            let ends = [thousandths - 0.5, thousandths + 0.5].map(|m| m * per_thousandth);
            ImpliedDensity {
                zone: row.zone.clone(),
                density,
                range: [ends[0].min(ends[1]), ends[0].max(ends[1])],
                rounds_to_printed: density.round() == whole(row.density),
            }
        })
        .collect()
}

/// Sum over zones of `weight x printed density`.
pub(super) fn weighted_sum(table: &PublishedTable, weight: impl Fn([f64; 2]) -> f64) -> f64 {
    table
        .zones
        .iter()
        .map(|row| weight([whole(row.area_from), whole(row.area_to)]) * whole(row.density))
        .sum()
}

/// Mean of the printed densities under a weight made of both areas.
pub(super) fn weighted_mean(table: &PublishedTable, weight: impl Fn([f64; 2]) -> f64) -> f64 {
    let weights: f64 = table
        .zones
        .iter()
        .map(|row| weight([whole(row.area_from), whole(row.area_to)]))
        .sum();
    weighted_sum(table, &weight) / weights
}

/// The printed change of the total, in the printed unit.
pub(super) fn printed_change(table: &PublishedTable) -> f64 {
    Column::TotalChange.value(&table.total)
}
