//! The audit against figures computed elsewhere from the same printed table.

use nutag_carbon::published::{Audit, Column, Finding, Tolerance, Topic, audit, compare};

fn finding(audit: &Audit, topic: Topic, label: &str) -> Finding {
    let discrepancy = audit
        .discrepancies
        .iter()
        .find(|d| d.topic == topic)
        .unwrap();
    let found = discrepancy.findings.iter().find(|f| f.label == label);
    found
        .unwrap_or_else(|| panic!("{topic:?}: no \"{label}\""))
        .clone()
}

#[track_caller]
fn check(audit: &Audit, topic: Topic, label: &str, expected: f64, tolerance: f64) {
    let found = finding(audit, topic, label).value;
    assert!((found - expected).abs() <= tolerance, "{label}: {found}");
}

#[test]
fn the_printed_table_follows_its_formulas_within_rounding() {
    let audit = audit();
    for c in &audit.comparisons {
        assert!(c.within, "{c:?}");
        if c.column != Column::TotalChange {
            assert_eq!(c.difference, 0.0, "{c:?}");
        }
    }
    assert_eq!(audit.comparisons.len(), 5 * 6);
    let by_formula: Vec<_> = audit
        .by_formula
        .zones
        .iter()
        .map(|r| r.total_change_thousandths)
        .collect();
    assert_eq!(by_formula, [1715, 1816, -3090, -2034]);
    assert_eq!(
        audit.by_formula.total.total_change_thousandths, -1593,
        "the sum of rounded figures"
    );
}

#[test]
fn each_row_agrees_with_its_own_density() {
    let expected = [
        (115.488, [115.455, 115.522]),
        (125.958, [125.923, 125.992]),
        (166.104, [166.078, 166.131]),
        (189.624, [189.577, 189.671]),
    ];
    for (implied, (density, range)) in audit().implied_densities.iter().zip(expected) {
        assert!(implied.rounds_to_printed);
        assert!((implied.density - density).abs() < 6e-4, "{implied:?}");
        assert!((implied.range[0] - range[0]).abs() < 6e-4, "{implied:?}");
        assert!((implied.range[1] - range[1]).abs() < 6e-4, "{implied:?}");
    }
}

#[test]
fn a_factor_of_ten() {
    use Topic::FactorOfTen;
    let audit = audit();
    let zones = [17.1472, 18.1561, -30.9006, -20.3403];
    for (row, expected) in audit.printed.zones.iter().zip(zones) {
        let label = format!("change of area x density, {}", row.zone);
        check(&audit, FactorOfTen, &label, expected, 5e-5);
    }
    check(
        &audit,
        FactorOfTen,
        "change of area x density, all zones",
        -15.9375,
        5e-5,
    );
    check(
        &audit,
        FactorOfTen,
        "change of area x density / 10^7, not rounded",
        -1.59375,
        5e-6,
    );
    check(
        &audit,
        FactorOfTen,
        "printed total x 10, as carbon",
        -15.85,
        1e-12,
    );
    check(
        &audit,
        FactorOfTen,
        "printed total x 10, as CO2",
        -58.1,
        0.05,
    );
    check(
        &audit,
        FactorOfTen,
        "printed total as if in MtC, as CO2",
        -5.81,
        0.005,
    );
}

#[test]
fn areas_are_counts_of_cells() {
    use Topic::AreaIsCellCount;
    let audit = audit();
    check(&audit, AreaIsCellCount, "printed / official", 1.1816, 5e-5);
    let off = |grid: &str| format!("printed area over cells of {grid}");
    check(
        &audit,
        AreaIsCellCount,
        &off("0.01 degree of latitude and longitude"),
        0.116,
        5e-4,
    );
    check(
        &audit,
        AreaIsCellCount,
        &off("926.625 m, MODIS sinusoidal"),
        1.42,
        5e-3,
    );
    check(&audit, AreaIsCellCount, &off("30 arc-seconds"), -30.5, 0.05);
    check(
        &audit,
        AreaIsCellCount,
        &off("1 km, equal-area"),
        18.1,
        0.05,
    );
    check(
        &audit,
        AreaIsCellCount,
        "printed total x 10, first-order corrected for area",
        -13.43,
        5e-3,
    );
    check(&audit, AreaIsCellCount, "the same as CO2", -49.3, 0.05);
}

#[test]
fn means_percentages_and_the_identity() {
    let audit = audit();
    let mean = |label, expected| check(&audit, Topic::UnweightedMean, label, expected, 5e-3);
    mean("simple mean of the printed densities", 149.25);
    mean("simple mean of the implied densities", 149.29);
    mean("weighted by the areas of the 1980s", 147.54);
    mean("weighted by the areas of the 2000s", 138.92);
    mean("weighted by the mean of both areas", 143.23);
    mean("weighted by the size of the change of area", 147.58);

    let percent = [
        (8.0676, 26.06),
        (7.7965, 49.28),
        (-10.0718, -26.53),
        (-5.7923, -37.98),
    ];
    for (row, (country, own)) in audit.printed.zones.iter().zip(percent) {
        let label = format!("of the country, {}", row.zone);
        check(&audit, Topic::PercentOfCountry, &label, country, 5e-5);
        let label = format!("of the zone in the 1980s, {}", row.zone);
        check(&audit, Topic::PercentOfCountry, &label, own, 5e-3);
    }

    // 272,685,674 t by the golden decomposition, with the printed densities.
    check(
        &audit,
        Topic::Identity,
        "national total by the zones of the 1980s",
        272.685_674,
        1e-9,
    );
    let before = finding(
        &audit,
        Topic::Identity,
        "national total by the zones of the 1980s",
    )
    .value;
    let after = finding(
        &audit,
        Topic::Identity,
        "national total by the zones of the 2000s, densities held fixed",
    )
    .value;
    check(
        &audit,
        Topic::Identity,
        "area effect: what the table reports, in true millions",
        after - before,
        1e-9,
    );
    assert!(audit.discrepancies.iter().any(|d| d.topic == Topic::DueTo));
}

#[test]
fn tolerances_are_those_of_the_caller() {
    let audit = audit();
    let mut found = audit.printed.clone();
    found.zones[0].area_from += 2_000;
    found.total.total_change_thousandths += 9;
    let outside = |area_percent| {
        let tolerance = Tolerance {
            area_percent,
            ..Tolerance::FORMULAS
        };
        let all = compare(&audit.printed, &found, &tolerance);
        all.into_iter()
            .filter(|c| !c.within)
            .map(|c| (c.zone, c.column))
            .collect::<Vec<_>>()
    };
    assert_eq!(outside(0.5), []);
    assert_eq!(
        outside(0.1),
        [("Seasonal Frozen Zone".to_owned(), Column::AreaFrom)]
    );
    found.total.total_change_thousandths += 1;
    let all = compare(&audit.printed, &found, &Tolerance::FORMULAS);
    assert!(
        all.iter()
            .any(|c| !c.within && c.column == Column::TotalChange)
    );
}
