//! A month as a plain raster.

use std::path::{Path, PathBuf};

use gdal::DriverManager;
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use nutag_formats::co2::{Co2Error, Co2File, Layout, Product, RasterRequest, Request, Unit};

use crate::shared::{V03, month, open, read, sample};

fn request(unit: Unit) -> Request {
    Request {
        unit: Some(unit),
        raster: Some(RasterRequest {
            month: month("2011-04"),
            band: 1,
            product: Product {
                name: "mine".to_owned(),
                version: None,
            },
        }),
        ..Request::default()
    }
}

/// The sample as a GeoTIFF: `transform` and `order` say how it lies.
fn write(
    folder: &Path,
    epsg: u32,
    transform: [f64; 6],
    order: impl Fn(usize, usize) -> usize,
) -> PathBuf {
    let path = folder.join("month.tif");
    let grid = read(&sample(V03)).unwrap();
    let mut values = Vec::new();
    for row in 0..72 {
        for col in 0..144 {
            values.push(grid.xco2_ppm[order(row, col)].unwrap_or(-1.0) as f32);
        }
    }
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mut dataset = driver
        .create_with_band_type::<f32, _>(&path, 144, 72, 1)
        .unwrap();
    dataset
        .set_spatial_ref(&SpatialRef::from_epsg(epsg).unwrap())
        .unwrap();
    dataset.set_geo_transform(&transform).unwrap();
    let mut band = dataset.rasterband(1).unwrap();
    band.set_no_data_value(Some(-1.0)).unwrap();
    band.write((0, 0), (144, 72), &mut Buffer::new((144, 72), values))
        .unwrap();
    dataset.close().unwrap();
    path
}

#[test]
fn a_raster_is_the_same_map_however_it_lies() {
    let expected = read(&sample(V03)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let upright = write(
        folder.path(),
        4326,
        [-180.0, 2.5, 0.0, 90.0, 0.0, -2.5],
        |r, c| r * 144 + c,
    );
    let file = Co2File::open(&upright, &request(Unit::Ppm)).unwrap();
    assert_eq!(file.layout(), Layout::Raster);
    let grid = file.read(month("2011-04")).unwrap();
    assert_eq!(
        (grid.xco2_ppm, grid.cells),
        (expected.xco2_ppm.clone(), expected.cells.clone())
    );
    assert_eq!((grid.observed_ppm, grid.interpolated), (None, false));

    let turned = write(
        folder.path(),
        4326,
        [0.0, 2.5, 0.0, -90.0, 0.0, 2.5],
        |r, c| (71 - r) * 144 + (c + 72) % 144,
    );
    let grid = Co2File::open(&turned, &request(Unit::Ppm)).unwrap();
    let grid = grid.read(month("2011-04")).unwrap();
    assert_eq!(
        (grid.xco2_ppm, grid.cells),
        (expected.xco2_ppm, expected.cells)
    );
}

#[test]
fn a_raster_of_which_nobody_said_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(
        folder.path(),
        4326,
        [-180.0, 2.5, 0.0, 90.0, 0.0, -2.5],
        |r, c| r * 144 + c,
    );
    assert!(matches!(open(&path), Err(Co2Error::RasterUntold { .. })));
    let wrong = Co2File::open(&path, &request(Unit::MoleFraction)).unwrap();
    let error = wrong.read(month("2011-04")).unwrap_err();
    assert!(matches!(error, Co2Error::Magnitude(_)), "{error}");
    assert!(error.to_string().contains("unit = \"ppm\""), "{error}");
    let mut second = request(Unit::Ppm);
    second.raster.as_mut().unwrap().band = 2;
    assert!(matches!(
        Co2File::open(&path, &second),
        Err(Co2Error::Missing { .. })
    ));
}

#[test]
fn a_raster_in_another_map_is_sent_to_gdalwarp() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(
        folder.path(),
        32648,
        [0.0, 1e5, 0.0, 6e6, 0.0, -1e5],
        |r, c| r * 144 + c,
    );
    let error = Co2File::open(&path, &request(Unit::Ppm)).unwrap_err();
    assert!(matches!(error, Co2Error::RasterPlace { .. }), "{error}");
    assert!(error.to_string().contains("gdalwarp"), "{error}");
}
