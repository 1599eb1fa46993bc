//! Relabelling cells cannot change what they hold.

use nutag_carbon::{Method, zone_change};

use crate::support::{Cell, Numbers, World};

/// Ten thousand cells of 1 km2 with NPP `max(5, Normal(150, 60))`, four zones
/// by their NPP, and a quarter of the cells moved one zone down.
fn demonstration() -> Vec<Cell> {
    let mut numbers = Numbers(2014);
    let mut raw: Vec<i32> = (0..10_000)
        .map(|_| (numbers.normal(150.0, 60.0).max(5.0) * 10.0).round() as i32)
        .collect();
    raw.sort_unstable();
    (0_u16..)
        .zip(raw)
        .map(|(rank, raw)| {
            // Nothing lies below the first zone: a third of the others is a
            // quarter of all.
            let from = rank / 2_500;
            let moved = from > 0 && numbers.below(3) == 0;
            Cell {
                region: 0,
                from,
                to: from - u16::from(moved),
                area_cm2: 10_000_000_000,
                raw: vec![Ok(raw)],
            }
        })
        .collect()
}

/// Cells and mean NPP of each zone, by plain arithmetic.
fn zones(cells: &[Cell], zone_of: fn(&Cell) -> u16) -> [(f64, f64); 4] {
    [0, 1, 2, 3].map(|zone| {
        let mine = || cells.iter().filter(|cell| zone_of(cell) == zone);
        let count = mine().count() as f64;
        let sum: f64 = mine()
            .map(|cell| f64::from(cell.raw[0].unwrap()) / 10.0)
            .sum();
        (count, sum / count)
    })
}

#[test]
fn the_published_method_finds_a_loss_where_nothing_changed() {
    let cells = demonstration();
    let world = World::new(&cells);
    let table = zone_change(&world.study(), Method::Shapley);
    let total = &table.total;
    assert_eq!(table.identity_residual, Ok(0.0));
    assert_eq!(total.total_change, 0.0);

    let pairs = zones(&cells, |cell| cell.from)
        .into_iter()
        .zip(zones(&cells, |cell| cell.to));
    let (mut published, mut shapley) = (0.0, 0.0);
    for ((a0, g0), (a1, g1)) in pairs {
        published += (a1 - a0) * g0;
        shapley += (a1 - a0) * (g0 + g1) / 2.0;
    }
    let (area, density) = (total.area_effect.unwrap(), total.density_effect.unwrap());
    assert!((total.change_at_fixed_density * 1e6 / published - 1.0).abs() < 1e-12);
    assert!((area * 1e6 / shapley - 1.0).abs() < 1e-12);
    assert!(
        (area + density).abs() <= 1e-12 * area.abs(),
        "{area} {density}"
    );
    // The same construction with other random numbers gave -139,972 t for the
    // published method and -129,746 t for the area effect.
    assert!((-160_000.0..-100_000.0).contains(&published), "{published}");
    assert!(
        (-160_000.0..-100_000.0).contains(&shapley) && shapley > published,
        "{shapley}"
    );
}

#[test]
fn only_cells_that_leave_the_zones_leave_a_residual() {
    let mut cells = demonstration();
    let world = World::new(&cells);
    let before = zone_change(&world.study(), Method::Shapley);
    assert_eq!(before.cells_outside_in_one_epoch, 0);
    assert_eq!(before.rows.len(), 4, "no row for cells outside the zones");

    cells[9_999].to = nutag_zonal::NONE;
    let world = World::new(&cells);
    let after = zone_change(&world.study(), Method::Shapley);
    let lost = f64::from(cells[9_999].raw[0].unwrap());
    let all: f64 = cells
        .iter()
        .map(|cell| f64::from(cell.raw[0].unwrap()))
        .sum();
    assert!((after.identity_residual.unwrap() - lost / all).abs() < 1e-15);
    assert_eq!(after.cells_outside_in_one_epoch, 1);
    assert_eq!(after.rows[4].zone, nutag_carbon::OUTSIDE_ZONES);
    assert_eq!(
        after.total.total_change, 0.0,
        "the country holds what it held"
    );
}
