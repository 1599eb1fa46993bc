//! True cell areas against adaptive quadrature (scipy) and geodesic polygons (pyproj).

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use nutag_grid::{Grid, Shape, TileId};
use serde_json::Value;

fn reference(part: &str) -> Vec<Value> {
    let text = include_str!("reference/areas.json");
    let mut whole: Value = serde_json::from_str(text).unwrap();
    serde_json::from_value(whole[part].take()).unwrap()
}

fn number(item: &Value, key: &str) -> f64 {
    item[key].as_f64().unwrap()
}

fn index(item: &Value, key: &str) -> usize {
    usize::try_from(item[key].as_u64().unwrap()).unwrap()
}

fn compare(area_m2: f64, item: &Value) {
    let (quadrature, polygon) = (number(item, "quadrature_m2"), number(item, "polygon_m2"));
    // Edges are sums of doubles near 1e7 m or 90 degrees, so a 463 m cell is known to 1e-11.
    assert!(
        (area_m2 / quadrature - 1.0).abs() < 2e-11,
        "{item}: {area_m2}"
    );
    // The polygon's sides are geodesics between dense vertices, and its area has an error of its own.
    assert!((area_m2 / polygon - 1.0).abs() < 3e-7, "{item}: {area_m2}");
}

#[test]
fn sinusoidal_cells() {
    let cases = reference("sinusoidal");
    assert!(cases.len() > 50);
    for item in cases {
        let side = |key| u8::try_from(index(&item, key)).unwrap();
        let tile = TileId::new(side("h"), side("v")).unwrap();
        let grid = Grid::modis_tile(tile, index(&item, "cells_per_side")).unwrap();
        let row = index(&item, "row");
        compare(grid.row_cell_area_m2(row), &item);
        let cm2 = number(&item, "quadrature_m2") * 1e4;
        assert!((grid.row_cell_area_cm2(row) as f64 - cm2).abs() <= 0.5 + 2e-11 * cm2);
    }
}

#[test]
fn geographic_cells() {
    for item in reference("geographic") {
        let shape = Shape::new(1, 1).unwrap();
        let grid = Grid::geographic(
            number(&item, "west"),
            number(&item, "north"),
            number(&item, "width"),
            number(&item, "height"),
            shape,
        )
        .unwrap();
        compare(grid.row_cell_area_m2(0), &item);
    }
}

#[test]
fn cells_of_the_sinusoidal_grid_are_equal_on_the_sphere_only() {
    let tile: TileId = "h25v04".parse().unwrap();
    let grid = Grid::modis_tile(tile, 2400).unwrap();
    assert!((grid.cell_area_on_sphere_m2(0) - 214_658.673).abs() < 1e-3);
    assert_eq!(
        grid.cell_area_on_sphere_m2(0),
        grid.cell_area_on_sphere_m2(2399)
    );
    assert!(
        grid.row_cell_area_cm2(0) > grid.row_cell_area_cm2(2399),
        "rows further north are larger"
    );
}

#[test]
fn the_world_on_the_sphere_is_the_sphere() {
    let world = Grid::geographic(-180.0, 90.0, 0.5, 0.5, Shape::new(360, 720).unwrap()).unwrap();
    let sum: f64 = (0..360)
        .map(|row| world.cell_area_on_sphere_m2(row) * 720.0)
        .sum();
    let sphere = 4.0 * std::f64::consts::PI * nutag_grid::MODIS_SPHERE_RADIUS_M.powi(2);
    assert!((sum / sphere - 1.0).abs() < 1e-12);
    // 510,065,621.724 km2 on the ellipsoid, each row rounded once to a square centimetre.
    let cm2: u64 = (0..360).map(|row| world.row_cell_area_cm2(row) * 720).sum();
    assert!(
        (cm2 as f64 / 5.100_656_217_240_884e18 - 1.0).abs() < 1e-13,
        "{cm2}"
    );
}
