//! What must hold whatever the cells are.

use nutag_carbon::{Method, ZoneChangeRow, coverage, series, transitions, zone_change};
use nutag_zonal::NONE;
use proptest::prelude::*;

use crate::support::{World, close, random_cells};

/// Sizes against which a sum over rows may be off.
fn size(rows: &[ZoneChangeRow]) -> f64 {
    rows.iter()
        .map(|row| row.total_from.abs() + row.total_to.abs())
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn effects_add_up_to_the_change(seed: u64, n in 1_usize..400, periods in 1_usize..4) {
        let world = World::new(&random_cells(seed, n, periods));
        for method in [Method::Shapley, Method::Laspeyres, Method::Lmdi] {
            let table = zone_change(&world.study(), method);
            for row in table.rows.iter().chain([&table.total]) {
                let sum = row.area_effect.unwrap() + row.density_effect.unwrap() + row.interaction_effect.unwrap();
                prop_assert!(close(sum, row.total_change, size(&table.rows)), "{method:?} {row:?}");
            }
        }
    }

    #[test]
    fn rows_add_up_to_the_country(seed: u64, n in 1_usize..400) {
        let world = World::new(&random_cells(seed, n, 2));
        let table = zone_change(&world.study(), Method::Shapley);
        let columns: [fn(&ZoneChangeRow) -> f64; 7] = [
            |r| r.area_from_km2,
            |r| r.area_to_km2,
            |r| r.valid_area_from_km2,
            |r| r.valid_area_to_km2,
            |r| r.total_from,
            |r| r.total_to,
            |r| r.change_at_fixed_density,
        ];
        for column in columns {
            let sum: f64 = table.rows.iter().map(column).sum();
            prop_assert!(close(sum, column(&table.total), table.rows.iter().map(|r| column(r).abs()).sum()));
        }
        prop_assert_eq!(table.total.area_from_km2.to_bits(), table.total.area_to_km2.to_bits());
        prop_assert_eq!(table.total.total_change, 0.0);
        if table.cells_outside_in_one_epoch == 0 {
            prop_assert!(table.identity_residual.is_err() || table.identity_residual == Ok(0.0));
        }
    }

    #[test]
    fn relabelling_zones_permutes_rows(seed: u64, n in 1_usize..300, rotate in 1_u16..4) {
        let cells = random_cells(seed, n, 2);
        let moved = |zone: u16| if zone == NONE { NONE } else { (zone + rotate) % 4 };
        let relabelled: Vec<_> = cells
            .iter()
            .cloned()
            .map(|mut cell| {
                (cell.from, cell.to) = (moved(cell.from), moved(cell.to));
                cell
            })
            .collect();
        let before = World::new(&cells);
        let mut after = World::new(&relabelled);
        after.names.from.zones.rotate_right(rotate.into());
        after.names.to.zones.rotate_right(rotate.into());
        let before = zone_change(&before.study(), Method::Lmdi);
        let after = zone_change(&after.study(), Method::Lmdi);
        for row in &before.rows {
            prop_assert!(after.rows.contains(row), "{row:?}");
        }
        prop_assert_eq!(before.rows.len(), after.rows.len());
        prop_assert_eq!(before.identity_residual, after.identity_residual);
    }

    #[test]
    fn transitions_add_up_to_the_zones(seed: u64, n in 1_usize..400) {
        let world = World::new(&random_cells(seed, n, 2));
        let change = zone_change(&world.study(), Method::Shapley);
        let table = transitions(&world.study());
        for row in &change.rows {
            let from = || table.pairs.iter().filter(|pair| pair.from == row.zone);
            let to = || table.pairs.iter().filter(|pair| pair.to == row.zone);
            prop_assert!(close(from().map(|p| p.area_km2).sum(), row.area_from_km2, row.area_from_km2));
            prop_assert!(close(to().map(|p| p.area_km2).sum(), row.area_to_km2, row.area_to_km2));
            prop_assert!(close(from().map(|p| p.total).sum(), row.total_from, row.total_from));
            prop_assert!(close(to().map(|p| p.total).sum(), row.total_to, row.total_to));
        }
        let cells: u64 = table.pairs.iter().map(|pair| pair.cells).sum();
        let national: f64 = table.pairs.iter().map(|pair| pair.total).sum();
        prop_assert_eq!(cells, series(&world.study()).iter().filter(|r| r.period.year == 2001).map(|r| r.cells).sum::<u64>());
        prop_assert!(close(national, change.total.total_from, change.total.total_from));
    }

    /// `sum_z dA_z g_z = sum_ij T_ij (g_j - g_i)`, with valid areas.
    #[test]
    fn fixed_density_is_what_transitions_carry(seed: u64, n in 200_usize..400) {
        let mut cells = random_cells(seed, n, 1);
        cells.iter_mut().for_each(|cell| (cell.from, cell.to) = (cell.from.min(3), cell.to.min(3)));
        let world = World::new(&cells);
        let change = zone_change(&world.study(), Method::Shapley);
        let density = |zone: &str| {
            let row = change.rows.iter().find(|row| row.zone == zone).unwrap();
            row.density_from.unwrap()
        };
        let carried: f64 = transitions(&world.study())
            .pairs
            .iter()
            .map(|pair| pair.valid_area_km2 * (density(&pair.to) - density(&pair.from)))
            .sum();
        prop_assert!(close(carried / 1e6, change.total.change_at_fixed_density, size(&change.rows)));
    }

    #[test]
    fn coverage_closes_and_knows_every_cell(seed: u64, n in 1_usize..400) {
        let world = World::new(&random_cells(seed, n, 2));
        let study = world.study();
        let table = coverage(&study);
        prop_assert!(table.check().is_ok());
        let tallied: u64 = world.tallies.iter().map(|(_, tallies)| tallies[0].cells).sum();
        let covered: u64 = table
            .rows
            .iter()
            .filter(|row| row.epoch == "1980s" && row.period.year == 2001)
            .filter(|row| [nutag_carbon::TOTAL, nutag_carbon::OUTSIDE_REGIONS].contains(&row.zone))
            .map(|row| row.cells)
            .sum();
        prop_assert_eq!(tallied, covered);
    }

    /// Mean and spread against plain floating-point arithmetic over cells.
    #[test]
    fn series_agree_with_plain_arithmetic(seed: u64, n in 1_usize..200) {
        let cells = random_cells(seed, n, 1);
        let world = World::new(&cells);
        let study = world.study();
        for row in series(&study) {
            let index = |names: &[String], name: &str| {
                names.iter().position(|n| n == name).map_or(NONE, |i| u16::try_from(i).unwrap())
            };
            let key = (
                index(&world.names.regions, row.region),
                index(&world.names.from.zones, row.zone_from),
                index(&world.names.to.zones, row.zone_to),
            );
            let mine: Vec<_> = cells
                .iter()
                .filter(|cell| (cell.region, cell.from, cell.to) == key)
                .filter_map(|cell| cell.raw[0].ok().map(|raw| (f64::from(raw) / 10.0, cell.area_cm2 as f64)))
                .collect();
            prop_assert_eq!(row.valid_cells, mine.len() as u64);
            let area: f64 = mine.iter().map(|(_, a)| a).sum();
            if mine.is_empty() {
                prop_assert!(row.mean.is_err() && row.sd.is_err());
                continue;
            }
            let mean = mine.iter().map(|(g, a)| g * a).sum::<f64>() / area;
            let variance = mine.iter().map(|(g, a)| a * (g - mean).powi(2)).sum::<f64>() / area;
            prop_assert!(close(row.mean.unwrap(), mean, mean));
            prop_assert!((row.sd.unwrap() - variance.sqrt()).abs() <= 1e-10 * mean);
            prop_assert!(close(row.sum, row.mean.unwrap() * row.valid_area_km2, row.sum));
        }
    }
}
