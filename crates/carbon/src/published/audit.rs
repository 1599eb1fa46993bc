//! What is wrong with the published table, each discrepancy with its size.
//!
//! Nothing is fixed silently: the table stays as printed, and what differs is
//! said beside it.

use nutag_frame::co2_from_carbon;

use super::compare::{Comparison, Tolerance, compare};
use super::discrepancy::{Discrepancy, Finding, Mark, Topic};
use super::figures::{
    ImpliedDensity, implied_densities, printed_change, weighted_mean, weighted_sum,
};
use super::table::{PublishedRow, PublishedTable, as_published, printed, whole};

/// Area of Mongolia in km2 as given officially.
const OFFICIAL_AREA_KM2: i64 = 1_564_116;

/// Cells whose centre lies inside Mongolia, by grid: counted on the border of
/// Natural Earth 1:10m (public domain).
const COUNTS: [(&str, i64); 4] = [
    ("0.01 degree of latitude and longitude", 1_846_075),
    ("926.625 m, MODIS sinusoidal", 1_822_259),
    ("30 arc-seconds", 2_658_322),
    ("1 km, equal-area", 1_564_655),
];

/// Geodesic area (WGS84) of the 0.01-degree cells counted above, in km2.
const AREA_OF_COUNTED_CELLS_KM2: i64 = 1_564_698;

/// The audit of the published table.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The table as printed.
    pub printed: PublishedTable,
    /// The table by its own formulas, from the printed areas and densities.
    pub by_formula: PublishedTable,
    /// Both, figure by figure.
    pub comparisons: Vec<Comparison>,
    /// The density that each printed row implies.
    pub implied_densities: Vec<ImpliedDensity>,
    /// What is wrong.
    pub discrepancies: Vec<Discrepancy>,
}

/// Audits the published table.
#[must_use]
#[expect(
    clippy::missing_panics_doc,
    reason = "the table is part of the program, and tested"
)]
pub fn audit() -> Audit {
    let printed = printed();
    let by_formula = by_formula(&printed).expect("the embedded table has usable figures");
    Audit {
        comparisons: compare(&printed, &by_formula, &Tolerance::FORMULAS),
        implied_densities: implied_densities(&printed),
        discrepancies: vec![
            factor_of_ten(&printed),
            area_is_cell_count(&printed),
            unweighted_mean(&printed),
            percent_of_country(&printed),
            identity(&printed),
            due_to(),
        ],
        printed,
        by_formula,
    }
}

fn by_formula(printed: &PublishedTable) -> Result<PublishedTable, super::PublishedError> {
    let column = |pick: fn(&PublishedRow) -> i64| printed.zones.iter().map(pick);
    let cells = |pick| column(pick).map(i64::unsigned_abs).collect::<Vec<_>>();
    let zones: Vec<_> = printed.zones.iter().map(|row| row.zone.clone()).collect();
    let densities: Vec<_> = column(|row| row.density).map(whole).collect();
    let mut table = as_published(
        &zones,
        &cells(|r| r.area_from),
        &cells(|r| r.area_to),
        &densities,
    )?;
    table.total.zone.clone_from(&printed.total.zone);
    Ok(table)
}

fn finding(
    label: impl Into<String>,
    value: f64,
    unit: &'static str,
    decimals: u8,
    mark: Mark,
) -> Finding {
    Finding {
        label: label.into(),
        value,
        unit,
        decimals,
        mark,
    }
}

/// `sum dA g`, in MtC.
fn area_term_mtc(table: &PublishedTable) -> f64 {
    weighted_sum(table, |[from, to]| to - from) / 1e6
}

fn factor_of_ten(table: &PublishedTable) -> Discrepancy {
    use Mark::{Computed, Printed};
    let change = printed_change(table);
    let mut findings: Vec<_> = table
        .zones
        .iter()
        .map(|row| {
            let mtc = whole(row.area_change) * whole(row.density) / 1e6;
            finding(
                format!("change of area x density, {}", row.zone),
                mtc,
                "MtC",
                4,
                Computed,
            )
        })
        .collect();
    findings.extend([
        finding(
            "change of area x density, all zones",
            area_term_mtc(table),
            "MtC",
            4,
            Computed,
        ),
        finding("printed total", change, "\"million t\"", 3, Printed),
        finding(
            "change of area x density / 10^7, not rounded",
            area_term_mtc(table) / 10.0,
            "10^7 t",
            5,
            Computed,
        ),
        finding(
            "printed total as if in MtC, as CO2",
            co2_from_carbon(change),
            "MtCO2",
            2,
            Computed,
        ),
        finding(
            "printed total x 10, as carbon",
            change * 10.0,
            "MtC",
            2,
            Computed,
        ),
        finding(
            "printed total x 10, as CO2",
            co2_from_carbon(change * 10.0),
            "MtCO2",
            1,
            Computed,
        ),
    ]);
    Discrepancy {
        topic: Topic::FactorOfTen,
        statement: "The column headed \"million t\" counts units of ten million tonnes: with densities in \
                    t per km2, change of area x density is ten times what is printed. The densities are \
                    normal for MODIS over Mongolia, so the totals are what is wrong. A scale of 0.1 applied \
                    twice would explain it; that is an inference.",
        findings,
    }
}

fn area_is_cell_count(table: &PublishedTable) -> Discrepancy {
    use Mark::{Computed, Inference, Printed, Source};
    let country = whole(table.total.area_from);
    let mut findings = vec![
        finding("printed area of the country", country, "km2", 0, Printed),
        finding(
            "official area of the country",
            whole(OFFICIAL_AREA_KM2),
            "km2",
            0,
            Source,
        ),
        finding(
            "printed / official",
            country / whole(OFFICIAL_AREA_KM2),
            "ratio",
            4,
            Computed,
        ),
    ];
    for (grid, count) in COUNTS {
        let off = 100.0 * (country / whole(count) - 1.0);
        findings.push(finding(
            format!("cells of {grid}"),
            whole(count),
            "cells",
            0,
            Computed,
        ));
        findings.push(finding(
            format!("printed area over cells of {grid}"),
            off,
            "%",
            3,
            Computed,
        ));
    }
    let factor = whole(AREA_OF_COUNTED_CELLS_KM2) / whole(COUNTS[0].1);
    let corrected = printed_change(table) * 10.0 * factor;
    findings.extend([
        finding(
            "mean true area of a 0.01-degree cell in Mongolia",
            factor,
            "km2",
            5,
            Computed,
        ),
        finding(
            "printed total x 10, first-order corrected for area",
            corrected,
            "MtC",
            2,
            Inference,
        ),
        finding(
            "the same as CO2",
            co2_from_carbon(corrected),
            "MtCO2",
            1,
            Inference,
        ),
    ]);
    Discrepancy {
        topic: Topic::AreaIsCellCount,
        statement: "The printed country is larger than Mongolia. Its area agrees with the number of cells of \
                    0.01 degree inside the border, each taken as one square kilometre; no other grid comes \
                    near. Such cells shrink towards the pole, so northern zones are overcounted more than \
                    southern ones, and one factor does not mend it: areas must be made again from the maps.",
        findings,
    }
}

fn unweighted_mean(table: &PublishedTable) -> Discrepancy {
    use Mark::{Computed, Printed};
    let implied = implied_densities(table);
    let implied_mean = implied.iter().map(|i| i.density).sum::<f64>() / implied.len() as f64;
    let mean = |label, weight: fn([f64; 2]) -> f64| {
        finding(label, weighted_mean(table, weight), "t/km2", 2, Computed)
    };
    Discrepancy {
        topic: Topic::UnweightedMean,
        statement: "The density of the country is the simple mean of four zone means, whatever their size. \
                    Weighted by area it is lower, because the largest zones have the lowest densities.",
        findings: vec![
            finding("printed", whole(table.total.density), "t/km2", 0, Printed),
            mean("simple mean of the printed densities", |_| 1.0),
            finding(
                "simple mean of the implied densities",
                implied_mean,
                "t/km2",
                2,
                Computed,
            ),
            mean("weighted by the areas of the 1980s", |[from, _]| from),
            mean("weighted by the areas of the 2000s", |[_, to]| to),
            mean("weighted by the mean of both areas", |[from, to]| {
                f64::midpoint(from, to)
            }),
            mean(
                "weighted by the size of the change of area",
                |[from, to]| (to - from).abs(),
            ),
        ],
    }
}

fn percent_of_country(table: &PublishedTable) -> Discrepancy {
    let country = whole(table.total.area_from);
    let findings = table.zones.iter().flat_map(|row| {
        let change = 100.0 * whole(row.area_change);
        let own = change / whole(row.area_from);
        [
            finding(
                format!("of the country, {}", row.zone),
                change / country,
                "%",
                2,
                Mark::Computed,
            ),
            finding(
                format!("of the zone in the 1980s, {}", row.zone),
                own,
                "%",
                2,
                Mark::Computed,
            ),
        ]
    });
    Discrepancy {
        topic: Topic::PercentOfCountry,
        statement: "\"Percentage of area change\" is percent of the whole country. Of its own area in the \
                    1980s a zone has changed several times more.",
        findings: findings.collect(),
    }
}

fn identity(table: &PublishedTable) -> Discrepancy {
    use Mark::Computed;
    let total = |label, epoch: usize| {
        finding(
            label,
            weighted_sum(table, |areas| areas[epoch]) / 1e6,
            "MtC",
            3,
            Computed,
        )
    };
    let area = area_term_mtc(table);
    Discrepancy {
        topic: Topic::Identity,
        statement: "Zones are labels: with one NPP raster the national total is the same whatever map of zones \
                    is laid on it. The table holds densities fixed, so it reports only the area effect; the \
                    densities of the new zones change as cells join and leave them, and that density effect \
                    cancels the area effect exactly. The printed loss is what would happen if each cell took the \
                    mean NPP of its new zone. It is not an observed loss.",
        findings: vec![
            total("national total by the zones of the 1980s", 0),
            total(
                "national total by the zones of the 2000s, densities held fixed",
                1,
            ),
            finding(
                "area effect: what the table reports, in true millions",
                area,
                "MtC",
                4,
                Computed,
            ),
            finding(
                "density effect that the identity requires",
                -area,
                "MtC",
                4,
                Mark::Inference,
            ),
            finding(
                "change of the national total by relabelling",
                0.0,
                "MtC",
                4,
                Mark::Inference,
            ),
        ],
    }
}

fn due_to() -> Discrepancy {
    Discrepancy {
        topic: Topic::DueTo,
        statement: "Permafrost lies in the wetter forest-steppe of the north, so NPP differs between zones with \
                    latitude and rain as well. The table shows what goes with permafrost, not what it causes: \
                    write \"associated with\".",
        findings: Vec::new(),
    }
}
