//! Cells of a grid: centres, look-up, windows, transforms.

use nutag_grid::{Grid, GridError, Shape, TileId, Window};
use proptest::prelude::*;

fn tile(name: &str) -> TileId {
    name.parse().unwrap()
}

#[test]
fn the_transform_is_the_one_gdal_reads() {
    // GDAL 3.6 on MOD10A2 h09v05.
    let gdal = [
        -10_007_554.677,
        463.312_716_527_916_5,
        0.0,
        4_447_802.078_667,
        0.0,
        -463.312_716_527_916_7,
    ];
    let ours = Grid::modis_tile(tile("h09v05"), 2400)
        .unwrap()
        .geotransform();
    for (a, b) in ours.iter().zip(gdal) {
        assert!((a - b).abs() < 1e-6, "{ours:?}");
    }
}

#[test]
fn a_window_keeps_the_bits_of_the_whole() {
    let grid = Grid::modis_tile(tile("h24v03"), 1200).unwrap();
    let window = Window {
        row0: 317,
        col0: 1001,
        rows: 40,
        cols: 150,
    };
    let part = grid.window(window).unwrap();
    for row in 0..40 {
        assert_eq!(
            part.row_latitude_degrees(row),
            grid.row_latitude_degrees(317 + row)
        );
        assert_eq!(
            part.row_cell_area_cm2(row),
            grid.row_cell_area_cm2(317 + row)
        );
        assert_eq!(part.center(row, 149), grid.center(317 + row, 1150));
    }
    assert_eq!(part.corner(40, 150), grid.corner(357, 1151));
    assert_eq!(part.geotransform()[0], grid.corner(0, 1001).0);
    assert!(matches!(
        grid.window(Window {
            row0: 1190,
            ..window
        }),
        Err(GridError::Window { .. })
    ));
}

#[test]
fn neighbouring_tiles_share_their_edge_to_the_bit() {
    let a = Grid::modis_tile(tile("h24v04"), 2400).unwrap();
    let b = Grid::modis_tile(tile("h25v04"), 2400).unwrap();
    assert_eq!(a.corner(7, 2400), b.corner(7, 0));
    let below = Grid::modis_tile(tile("h24v05"), 2400).unwrap();
    assert_eq!(a.corner(2400, 9), below.corner(0, 9));
}

#[test]
fn a_mosaic_holds_its_tiles() {
    let tiles = ["h23v03", "h26v04", "h24v04"].map(tile);
    let mosaic = Grid::modis_mosaic(&tiles, 240).unwrap().unwrap();
    assert_eq!(
        mosaic.shape(),
        Shape {
            rows: 480,
            cols: 960
        }
    );
    let last = Grid::modis_tile(tiles[1], 240).unwrap();
    assert_eq!(mosaic.center(240 + 11, 720 + 13), last.center(11, 13));
    assert_eq!(Grid::modis_mosaic(&[], 240), Ok(None));
}

#[test]
fn places_outside_have_no_cell() {
    let grid = Grid::modis_tile(tile("h25v04"), 2400).unwrap();
    for (lon, lat) in [
        (106.9, 39.9),
        (106.9, 50.1),
        (80.0, 45.0),
        (150.0, 45.0),
        (f64::NAN, 45.0),
        (106.9, f64::NAN),
    ] {
        assert_eq!(grid.cell_at(lon, lat), None, "{lon} {lat}");
    }
}

#[test]
fn geographic_longitudes_wrap() {
    let from_zero = Grid::geographic(0.0, 90.0, 1.0, 1.0, Shape::new(180, 360).unwrap()).unwrap();
    assert_eq!(from_zero.cell_at(-0.5, 0.5), Some((89, 359)));
    assert_eq!(from_zero.cell_at(359.5, 0.5), Some((89, 359)));
    let from_west =
        Grid::geographic(-180.0, 90.0, 1.0, 1.0, Shape::new(180, 360).unwrap()).unwrap();
    assert_eq!(from_west.cell_at(181.0, 89.5), Some((0, 1)));
    assert_eq!(
        from_west.geotransform(),
        [-180.0, 1.0, 0.0, 90.0, 0.0, -1.0]
    );
}

#[test]
fn impossible_grids_are_refused() {
    let shape = Shape::new(10, 10).unwrap();
    let refused = |west, north, width, height| {
        matches!(
            Grid::geographic(west, north, width, height, shape),
            Err(GridError::Coordinate { .. })
        )
    };
    assert!(refused(0.0, 95.0, 1.0, 1.0));
    assert!(refused(0.0, -85.0, 1.0, 1.0));
    assert!(refused(0.0, 50.0, 0.0, 1.0));
    assert!(refused(0.0, 50.0, 40.0, 1.0));
    assert!(refused(0.0, f64::NAN, 1.0, 1.0));
    assert!(refused(7_000_000.0, 50.0, 1.0, 1.0));
    assert!(refused(0.0, 50.0, 1.0, -1.0));
    assert!(matches!(
        Grid::modis_tile(tile("h00v00"), 0),
        Err(GridError::Shape { .. })
    ));
    assert!(matches!(
        Grid::modis_tile(tile("h00v00"), usize::MAX),
        Err(GridError::Shape { .. })
    ));
}

proptest! {
    #[test]
    fn every_sinusoidal_centre_finds_its_cell(h in 0_u8..36, v in 0_u8..18, row in 0_usize..2400, col in 0_usize..2400) {
        let grid = Grid::modis_tile(TileId::new(h, v).unwrap(), 2400).unwrap();
        let centre = grid.center(row, col);
        prop_assert_eq!(grid.cell_at(centre.lon_degrees, centre.lat_degrees), Some((row, col)));
    }

    #[test]
    fn every_geographic_centre_finds_its_cell(west in -360.0..360.0_f64, row in 0_usize..900, col in 0_usize..1800) {
        let grid = Grid::geographic(west, 90.0, 0.2, 0.2, Shape::new(900, 1800).unwrap()).unwrap();
        let centre = grid.center(row, col);
        prop_assert_eq!(grid.cell_at(centre.lon_degrees, centre.lat_degrees), Some((row, col)));
    }

    #[test]
    fn the_first_column_from_a_longitude_is_the_first(row in 0_usize..240, lon in -200.0..200.0_f64, h in 0_u8..36) {
        let place = Grid::modis_tile(TileId::new(h, 3).unwrap(), 240).unwrap().row(row);
        let col = place.first_col_from(lon);
        prop_assert!(col == 240 || place.longitude_degrees(col) >= lon);
        prop_assert!(col == 0 || place.longitude_degrees(col - 1) < lon);
    }
}
