//! The ground that rasters show, where maps end and where longitudes do.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use std::path::PathBuf;

use gdal::DriverManager;
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use nutag_formats::raster::{RasterContents, RasterFacts, bounds_degrees};
use nutag_grid::{MultiPolygon, area_between_parallels_m2, overlap::planar_area_km2};
use tempfile::TempDir;

const SINUSOIDAL: &str = "+proj=sinu +lon_0=0 +R=6371007.181 +units=m";
/// A side of a MODIS tile in metres.
const TILE_M: f64 = 1_111_950.519_667;

fn footprint(crs: &str, transform: [f64; 6], rows: usize, cols: usize) -> MultiPolygon {
    let folder = TempDir::new().unwrap();
    let path: PathBuf = folder.path().join("a.tif");
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mut file = driver
        .create_with_band_type::<u8, _>(&path, cols, rows, 1)
        .unwrap();
    file.set_geo_transform(&transform).unwrap();
    file.set_spatial_ref(&SpatialRef::from_definition(crs).unwrap())
        .unwrap();
    drop(file);
    let footprint = RasterFacts::read(&path, None).unwrap().footprint;
    for polygon in &footprint.polygons {
        let ring = &polygon.exterior;
        assert_eq!(ring.first(), ring.last());
        let doubled: f64 = ring
            .windows(2)
            .map(|e| e[0].lon_degrees * e[1].lat_degrees - e[1].lon_degrees * e[0].lat_degrees)
            .sum();
        assert!(doubled > 0.0, "against the clock");
        for edge in ring.windows(2) {
            assert!(edge[0].lon_degrees.abs() <= 180.0 && edge[0].lat_degrees.abs() <= 90.0);
        }
    }
    footprint
}

fn bounds(shape: &MultiPolygon) -> [f64; 4] {
    let (low, high) = shape.bounds().unwrap();
    [
        low.lon_degrees,
        low.lat_degrees,
        high.lon_degrees,
        high.lat_degrees,
    ]
}

/// Degrees to the nearest thousandth.
fn near(found: [f64; 4], expected: [f64; 4]) {
    let far = found
        .iter()
        .zip(expected)
        .any(|(a, b)| (a - b).abs() > 1e-3);
    assert!(!far, "{found:?} {expected:?}");
}

#[test]
fn a_raster_ends_where_its_map_ends() {
    // h25v02: 70 to 60 degrees north. 180 degrees east is at 6.8 million metres in the north and at 10
    // million in the south, so the tile holds a triangle of map beside a corner of nothing.
    let shape = footprint(
        SINUSOIDAL,
        [
            7.0 * TILE_M,
            TILE_M / 100.0,
            0.0,
            7.0 * TILE_M,
            0.0,
            -TILE_M / 100.0,
        ],
        100,
        100,
    );
    assert_eq!(shape.polygons.len(), 1);
    // The edge of the map is where the cosine of the latitude is 7 of 18.
    let north = (7.0_f64 / 18.0).acos().to_degrees();
    near(bounds(&shape), [140.0, 60.0, 180.0, north]);
    let steps = shape.polygons[0].exterior.windows(2);
    let longest = steps
        .map(|e| (e[1].lon_degrees - e[0].lon_degrees).abs())
        .fold(0.0, f64::max);
    assert!(longest < 30.0, "no step over the Earth: {longest}");
    // h26v02: the edge of the map runs through it.
    let shape = footprint(
        SINUSOIDAL,
        [
            8.0 * TILE_M,
            TILE_M / 100.0,
            0.0,
            7.0 * TILE_M,
            0.0,
            -TILE_M / 100.0,
        ],
        100,
        100,
    );
    let [_, south, east, north] = bounds(&shape);
    assert!((south - 60.0).abs() < 1e-3 && east == 180.0 && north < 70.0);
    // h35v02 holds nothing at all.
    let shape = footprint(
        SINUSOIDAL,
        [
            17.0 * TILE_M,
            TILE_M / 100.0,
            0.0,
            7.0 * TILE_M,
            0.0,
            -TILE_M / 100.0,
        ],
        100,
        100,
    );
    assert!(shape.polygons.is_empty());
    // The whole map.
    let shape = footprint(
        SINUSOIDAL,
        [-18.0 * TILE_M, TILE_M, 0.0, 9.0 * TILE_M, 0.0, -TILE_M],
        18,
        36,
    );
    near(bounds(&shape), [-180.0, -90.0, 180.0, 90.0]);
}

#[test]
fn a_raster_across_180_degrees_is_cut_there() {
    let shape = footprint("EPSG:4326", [170.0, 1.0, 0.0, 70.0, 0.0, -1.0], 10, 20);
    assert_eq!(shape.polygons.len(), 2);
    near(bounds(&shape), [-180.0, 60.0, 180.0, 70.0]);
    // West is larger than east where 180 degrees lies between (RFC 7946, 5.2).
    assert_eq!(bounds_degrees(&shape), Some([170.0, 60.0, -170.0, 70.0]));
    let expected = 1e-6 * area_between_parallels_m2(60.0, 70.0, 20.0);
    assert!((planar_area_km2(&shape) / expected - 1.0).abs() < 1e-9);
    // Longitudes from 0 to 360.
    let shape = footprint("EPSG:4326", [0.0, 1.0, 0.0, 90.0, 0.0, -1.0], 180, 360);
    let world = 1e-6 * area_between_parallels_m2(-90.0, 90.0, 360.0);
    assert!((planar_area_km2(&shape) / world - 1.0).abs() < 1e-9);
    // A square of a polar map about the pole.
    let polar = "+proj=laea +lat_0=90 +lon_0=0 +datum=WGS84";
    let shape = footprint(polar, [-1e6, 1e5, 0.0, 1e6, 0.0, -1e5], 20, 20);
    let [west, _, east, north] = bounds(&shape);
    assert_eq!((west, east, north), (-180.0, 180.0, 90.0));
    let area = planar_area_km2(&shape);
    assert!((area / 4e6 - 1.0).abs() < 0.02, "{area}");
}

#[test]
fn contents_are_counted_band_by_band() {
    let folder = TempDir::new().unwrap();
    let path: PathBuf = folder.path().join("a.tif");
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mut file = driver
        .create_with_band_type::<i16, _>(&path, 3, 2, 2)
        .unwrap();
    file.set_geo_transform(&[100.0, 1.0, 0.0, 50.0, 0.0, -1.0])
        .unwrap();
    for (band, values) in [(1, [11, 11, -9, 31, 11, -1]), (2, [1, 2, 3, 4, 5, 6])] {
        let mut band = file.rasterband(band).unwrap();
        band.set_no_data_value(Some(-9.0)).unwrap();
        band.write((0, 0), (3, 2), &mut Buffer::new((3, 2), values.to_vec()))
            .unwrap();
    }
    file.rasterband(2).unwrap().set_scale(0.5).unwrap();
    drop(file);
    // Without a reference system it is shown, though it could not be put on a grid.
    let found = RasterContents::read(&path).unwrap();
    assert_eq!((found.rows, found.cols, found.bands.len()), (2, 3, 2));
    assert_eq!((found.crs_name, found.footprint), (None, None));
    let [first, second] = <[_; 2]>::try_from(found.bands).unwrap();
    assert_eq!((first.valid_cells, first.empty_cells), (5, 1));
    assert_eq!(first.values.unwrap(), [(-1.0, 1), (11.0, 3), (31.0, 1)]);
    assert_eq!(second.range, Some([0.5, 3.0]));
}
