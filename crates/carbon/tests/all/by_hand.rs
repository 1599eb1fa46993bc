//! A country of five cells, small enough to check every number by eye.
//!
//! Two regions, two periods; one km2 is 10^10 cm2 and raw values are tenths.
//!
//! | cell | region | from | to | km2 | gC m-2 |
//! |---|---|---|---|---|---|
//! | a | 1 | Seasonal | Seasonal | 2 | 100, 120 |
//! | b | 1 | Sporadic | Seasonal | 1 | 130, 150 |
//! | c | 1 | Sporadic | Sporadic | 3 | 200, 200 |
//! | d | 2 | Sporadic | Sporadic | 1 | 220, barren |
//! | e | 2 | Seasonal | outside | 1 | water, water |
//! | f | none | Insular | Insular | 9 | 300, 300 |

use nutag_carbon::{
    Direction, Method, OUTSIDE_REGIONS, OUTSIDE_ZONES, Quantity, TOTAL, VALID_REASON, Why,
    coverage, series, transitions, zone_change,
};
use nutag_zonal::NONE;

use crate::support::{Cell, World};

const KM2: u64 = 10_000_000_000;

fn cells() -> Vec<Cell> {
    let cell = |region, from, to, km2: u64, raw: [Result<i32, usize>; 2]| Cell {
        region,
        from,
        to,
        area_cm2: km2 * KM2,
        raw: raw.to_vec(),
    };
    vec![
        cell(0, 0, 0, 2, [Ok(1000), Ok(1200)]),
        cell(0, 1, 0, 1, [Ok(1300), Ok(1500)]),
        cell(0, 1, 1, 3, [Ok(2000), Ok(2000)]),
        cell(1, 1, 1, 1, [Ok(2200), Err(0)]),
        cell(1, 0, NONE, 1, [Err(1), Err(1)]),
        cell(NONE, 2, 2, 9, [Ok(3000), Ok(3000)]),
    ]
}

#[test]
fn change_by_zone() {
    let world = World::new(&cells());
    let table = zone_change(&world.study(), Method::Shapley);
    let names: Vec<_> = table.rows.iter().map(|row| row.zone.as_str()).collect();
    assert_eq!(
        names,
        [
            "Seasonal",
            "Sporadic",
            "Insular",
            "Continuous",
            OUTSIDE_ZONES
        ]
    );

    let seasonal = &table.rows[0];
    assert_eq!((seasonal.area_from_km2, seasonal.area_to_km2), (3.0, 3.0));
    assert_eq!(
        (seasonal.valid_area_from_km2, seasonal.valid_area_to_km2),
        (2.0, 3.0)
    );
    assert_eq!(
        (seasonal.valid_fraction_from, seasonal.valid_fraction_to),
        (Ok(2.0 / 3.0), Ok(1.0))
    );
    // (2 x 100 + 2 x 120) / 4 and (440 + 130 + 150) / 6.
    assert_eq!(
        (seasonal.density_from, seasonal.density_to),
        (Ok(110.0), Ok(120.0))
    );
    assert_eq!((seasonal.total_from, seasonal.total_to), (220e-6, 360e-6));
    assert_eq!(seasonal.total_change, 140e-6);
    // One km2 more of valid area at 110, at (110 + 120) / 2; 10 more over (2 + 3) / 2 km2.
    assert_eq!(seasonal.change_at_fixed_density, 110e-6);
    assert_eq!(seasonal.area_effect, Ok(115e-6));
    assert_eq!(seasonal.density_effect, Ok(25e-6));

    let sporadic = &table.rows[1];
    assert_eq!((sporadic.area_from_km2, sporadic.area_to_km2), (5.0, 4.0));
    assert_eq!(sporadic.area_change_percent_of_zone, Ok(-20.0));
    assert_eq!(sporadic.area_change_percent_of_country, Ok(-12.5));
    assert_eq!(
        (sporadic.valid_area_from_km2, sporadic.valid_area_to_km2),
        (4.5, 3.5)
    );

    let insular = &table.rows[2];
    assert_eq!(
        insular.area_from_km2, 0.0,
        "cells outside the regions are not the country's"
    );
    assert_eq!(insular.density_from, Err(Why::NoValidArea));
    assert_eq!(insular.area_change_percent_of_zone, Err(Why::NoArea));
    assert_eq!((insular.total_from, insular.area_effect), (0.0, Ok(0.0)));

    assert_eq!(
        (table.total.area_from_km2, table.total.area_to_km2),
        (8.0, 8.0)
    );
    // (440 + 280 + 1200 + 220) / 2 tC.
    assert_eq!(
        (table.total.total_from, table.total.total_to),
        (1070e-6, 1070e-6)
    );
    assert_eq!(table.cells_outside_in_one_epoch, 1);
    assert_eq!(
        table.identity_residual,
        Ok(0.0),
        "the cell that left had no value"
    );
}

#[test]
fn laspeyres_has_an_interaction() {
    let world = World::new(&cells());
    let table = zone_change(&world.study(), Method::Laspeyres);
    let seasonal = &table.rows[0];
    assert_eq!(seasonal.area_effect, Ok(110e-6));
    assert_eq!(seasonal.density_effect, Ok(20e-6));
    assert_eq!(seasonal.interaction_effect, Ok(10e-6));
}

#[test]
fn transitions_and_lambda() {
    let world = World::new(&cells());
    let table = transitions(&world.study());
    assert_eq!(
        table.pairs.len(),
        4 * 5,
        "outside is a destination, but no origin"
    );
    let pair = |from: &str, to: &str| {
        table
            .pairs
            .iter()
            .find(|p| p.from == from && p.to == to)
            .unwrap()
    };

    let thawed = pair("Sporadic", "Seasonal");
    assert_eq!(
        (thawed.cells, thawed.area_km2, thawed.valid_area_km2),
        (1, 1.0, 1.0)
    );
    assert_eq!(
        (thawed.direction, thawed.density),
        (Direction::Downgrade, Ok(140.0))
    );
    // Stable: Sporadic (1200 + 220) / 7 = 202.857..., Seasonal 110.
    let g = 1420.0 / 7.0;
    assert!((thawed.lambda.unwrap() - (140.0 - g) / (110.0 - g)).abs() < 1e-15);

    assert_eq!(pair("Seasonal", "Seasonal").lambda, Err(Why::Unchanged));
    assert_eq!(pair("Seasonal", OUTSIDE_ZONES).lambda, Err(Why::Outside));
    assert_eq!(pair("Seasonal", "Sporadic").lambda, Err(Why::NoValidArea));
    assert_eq!(table.movement.stable_area_km2, 6.0);
    assert_eq!(table.movement.downgrade_area_km2, Ok(1.0));
    assert_eq!(table.movement.label_noise, Ok(0.0));
}

#[test]
fn undefined_lambdas_say_why() {
    let mut cells = cells();
    cells[0].raw = vec![Err(1), Err(1)];
    let world = World::new(&cells);
    let thawed = |world: &World| {
        let table = transitions(&world.study());
        table
            .pairs
            .iter()
            .find(|p| p.from == "Sporadic" && p.to == "Seasonal")
            .unwrap()
            .lambda
    };
    assert_eq!(thawed(&world), Err(Why::NoStableDestination));
    cells[0].raw = vec![Ok(2000), Ok(2000)];
    cells[3].raw = vec![Ok(2000), Ok(2000)];
    assert_eq!(thawed(&World::new(&cells)), Err(Why::EqualDensities));
    cells[2].raw = vec![Err(1), Err(1)];
    cells[3].raw = vec![Err(1), Err(1)];
    assert_eq!(thawed(&World::new(&cells)), Err(Why::NoStableSource));
}

#[test]
fn other_zones_in_the_second_epoch() {
    let mut world = World::new(&cells());
    world.names.to.zones.swap(0, 1);
    let table = transitions(&world.study());
    assert_eq!(table.movement.label_noise, Err(Why::DifferentZones));
    // Cell a now went from Seasonal to what is called Sporadic, and b stayed.
    let pair = table
        .pairs
        .iter()
        .find(|p| p.from == "Seasonal" && p.to == "Sporadic")
        .unwrap();
    assert_eq!((pair.direction, pair.area_km2), (Direction::Unordered, 2.0));
    assert_eq!(table.movement.stable_area_km2, 1.0);

    world.names.to.zones[3] = "New".to_owned();
    let change = zone_change(&world.study(), Method::Shapley);
    let names: Vec<_> = change.rows.iter().map(|row| row.zone.as_str()).collect();
    assert_eq!(
        names,
        [
            "Seasonal",
            "Sporadic",
            "Insular",
            "Continuous",
            "New",
            OUTSIDE_ZONES
        ]
    );
    assert_eq!(
        (change.rows[0].area_from_km2, change.rows[0].area_to_km2),
        (3.0, 4.0)
    );
}

#[test]
fn the_tidy_series() {
    let world = World::new(&cells());
    let study = world.study();
    let rows = series(&study);
    assert_eq!(rows.len(), 5 * 2, "cells outside the regions have no row");
    let d = rows
        .iter()
        .find(|r| r.region == "Region 2" && r.zone_from == "Sporadic")
        .unwrap();
    assert_eq!(
        (d.period.year, d.sum, d.mean, d.sd),
        (2001, 220.0, Ok(220.0), Ok(0.0))
    );
    let e = rows.last().unwrap();
    assert_eq!(
        (e.region, e.zone_from, e.period.year),
        ("Region 2", "Sporadic", 2002)
    );
    assert_eq!(
        (e.valid_cells, &*e.masked_cells, e.mean),
        (0, &[1, 0][..], Err(Why::NoValidArea))
    );
    let outside = rows.iter().find(|r| r.zone_to == OUTSIDE_ZONES).unwrap();
    assert_eq!(
        (&*outside.masked_cells, outside.area_km2),
        (&[0, 1][..], 1.0)
    );
}

#[test]
fn coverage_by_reason() {
    let world = World::new(&cells());
    let study = world.study();
    let table = coverage(&study);
    table.check().unwrap();
    let row = |epoch: &str, zone: &str, year: i32, reason: &str| {
        let is = |r: &&nutag_carbon::CoverageRow<'_>| {
            (r.epoch, r.zone, r.period.year, r.reason) == (epoch, zone, year, reason)
        };
        let row = table.rows.iter().find(is).unwrap();
        (row.cells, row.area_km2, row.percent_of_area)
    };
    assert_eq!(
        row("1980s", "Seasonal", 2001, "water"),
        (1, 1.0, Ok(100.0 / 3.0))
    );
    assert_eq!(row("2000s", "Seasonal", 2001, "water"), (0, 0.0, Ok(0.0)));
    assert_eq!(
        row("2000s", OUTSIDE_ZONES, 2001, "water"),
        (1, 1.0, Ok(100.0))
    );
    assert_eq!(row("2000s", "Sporadic", 2002, "barren"), (1, 1.0, Ok(25.0)));
    assert_eq!(row("1980s", TOTAL, 2002, VALID_REASON), (3, 6.0, Ok(75.0)));
    assert_eq!(
        row("1980s", OUTSIDE_REGIONS, 2001, VALID_REASON),
        (1, 9.0, Ok(100.0))
    );
    assert_eq!(
        row("1980s", "Continuous", 2001, "water"),
        (0, 0.0, Err(Why::NoArea))
    );
    assert!(
        !table
            .rows
            .iter()
            .any(|r| r.epoch == "1980s" && r.zone == OUTSIDE_ZONES)
    );
}

#[test]
fn a_quantity_that_is_no_carbon() {
    let mut world = World::new(&cells());
    world.quantity = Quantity::other("NDVI", nutag_carbon::Scale::new(1, 10_000).unwrap(), "");
    let table = zone_change(&world.study(), Method::Shapley);
    assert_eq!(table.rows[0].density_from, Ok(0.11));
    assert_eq!(table.rows[0].total_from, 0.22);
}
