//! Rasters on a grid: places against pyproj, and what is missing, odd or wrong.

use std::path::{Path, PathBuf};

use gdal::DriverManager;
use gdal::raster::{Buffer, GdalType, RasterCreationOptions};
use gdal::spatial_ref::SpatialRef;
use nutag_formats::raster::{Cells, CodeRaster, RasterError};
use nutag_grid::{Grid, Shape};
use serde_json::Value;
use tempfile::TempDir;

/// A raster to be written.
struct Raster<'a, T> {
    geotransform: Option<[f64; 6]>,
    wkt: Option<&'a str>,
    shape: (usize, usize),
    values: Vec<T>,
    no_data: Option<f64>,
}

const WGS84: &str = "EPSG:4326";

impl<T: GdalType + Copy> Raster<'_, T> {
    fn write(self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let options =
            RasterCreationOptions::from_iter(["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"]);
        let (rows, cols) = self.shape;
        let mut file = driver
            .create_with_band_type_with_options::<T, _>(&path, cols, rows, 1, &options)
            .unwrap();
        if let Some(geotransform) = self.geotransform {
            file.set_geo_transform(&geotransform).unwrap();
        }
        if let Some(wkt) = self.wkt {
            file.set_spatial_ref(&SpatialRef::from_definition(wkt).unwrap())
                .unwrap();
        }
        let mut band = file.rasterband(1).unwrap();
        band.set_no_data_value(self.no_data).unwrap();
        band.write(
            (0, 0),
            (cols, rows),
            &mut Buffer::new((cols, rows), self.values),
        )
        .unwrap();
        path
    }
}

fn h25v04() -> Grid {
    Grid::modis_tile("h25v04".parse().unwrap(), 240).unwrap()
}

/// Ten by ten degrees around the tile's middle, one code for each degree.
fn degrees<T: From<u8>>() -> Raster<'static, T> {
    Raster {
        geotransform: Some([100.0, 1.0, 0.0, 50.0, 0.0, -1.0]),
        wkt: Some(WGS84),
        shape: (10, 10),
        values: (0..100).map(T::from).collect(),
        no_data: None,
    }
}

/// A grid of the same ten by ten degrees.
fn same_degrees() -> Grid {
    Grid::geographic(100.0, 50.0, 1.0, 1.0, Shape::new(10, 10).unwrap()).unwrap()
}

fn codes(cells: Cells) -> Vec<Option<i64>> {
    match cells {
        Cells::Codes(codes) => codes,
        Cells::Values(_) => panic!("expected codes"),
    }
}

fn values(cells: Cells) -> Vec<Option<f64>> {
    match cells {
        Cells::Values(values) => values,
        Cells::Codes(_) => panic!("expected values"),
    }
}

#[test]
fn places_equal_pyproj_in_every_reference_system() {
    let folder = TempDir::new().unwrap();
    let cases: Vec<Value> = serde_json::from_str(include_str!("reference/places.json")).unwrap();
    assert_eq!(cases.len(), 10);
    let number = |value: &Value| i64::try_from(value.as_f64().unwrap() as i128).unwrap();
    let index = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    for case in cases {
        let (rows, cols) = (index(&case["rows"]), index(&case["cols"]));
        let geotransform: Vec<f64> = case["geotransform"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_f64().unwrap())
            .collect();
        let path = Raster {
            geotransform: Some(geotransform.try_into().unwrap()),
            wkt: case["wkt"].as_str(),
            shape: (rows, cols),
            values: (0..i32::try_from(rows * cols).unwrap()).collect(),
            no_data: None,
        }
        .write(folder.path(), "places.tif");
        let grid = h25v04();
        let found = codes(
            CodeRaster::open(&path, 1)
                .unwrap()
                .codes_on(&grid, 0..240)
                .unwrap(),
        );
        for cell in case["cells"].as_array().unwrap() {
            let (row, col) = (index(&cell[0]), index(&cell[1]));
            let (raster_row, raster_col) = (number(&cell[2]), number(&cell[3]));
            let expected =
                (raster_row >= 0).then(|| raster_row * i64::try_from(cols).unwrap() + raster_col);
            assert_eq!(
                found[row * 240 + col],
                expected,
                "{}, row {row}, col {col}",
                case["name"]
            );
        }
    }
}

#[test]
fn bands_of_rows_and_windows_give_the_same_as_the_whole() {
    let folder = TempDir::new().unwrap();
    let path = degrees::<u8>().write(folder.path(), "a.tif");
    let raster = CodeRaster::open(&path, 1).unwrap();
    let grid = h25v04();
    let whole = codes(raster.codes_on(&grid, 0..240).unwrap());
    let mut parts = Vec::new();
    for start in (0..240).step_by(37) {
        parts.extend(codes(
            raster
                .codes_on(&grid, start..(start + 37).min(240))
                .unwrap(),
        ));
    }
    assert_eq!(parts, whole);
    let window = nutag_grid::Window {
        row0: 100,
        col0: 50,
        rows: 3,
        cols: 60,
    };
    let part = codes(
        raster
            .codes_on(&grid.window(window).unwrap(), 0..3)
            .unwrap(),
    );
    assert_eq!(part[60..120], whole[101 * 240 + 50..][..60]);
    assert!(matches!(
        raster.codes_on(&grid, 200..241),
        Err(RasterError::Grid(_))
    ));
}

#[test]
fn a_grid_larger_than_one_window_is_read_in_pieces() {
    let folder = TempDir::new().unwrap();
    let path = degrees::<u16>().write(folder.path(), "a.tif");
    let fine = Grid::geographic(99.0, 51.0, 0.01, 0.01, Shape::new(1200, 1200).unwrap()).unwrap();
    let found = codes(
        CodeRaster::open(&path, 1)
            .unwrap()
            .codes_on(&fine, 0..1200)
            .unwrap(),
    );
    for (index, code) in found.iter().enumerate() {
        let (row, col) = (index / 1200, index % 1200);
        let inside = (100..1100).contains(&row) && (100..1100).contains(&col);
        let expected =
            inside.then(|| i64::try_from((row - 100) / 100 * 10 + (col - 100) / 100).unwrap());
        assert_eq!(*code, expected, "{row} {col}");
    }
}

#[test]
fn no_data_is_nothing() {
    let folder = TempDir::new().unwrap();
    let path = Raster {
        no_data: Some(11.0),
        ..degrees::<u8>()
    }
    .write(folder.path(), "u8.tif");
    let raster = CodeRaster::open(&path, 1).unwrap();
    assert_eq!(
        (
            raster.no_data(),
            raster.data_type().as_str(),
            raster.has_codes()
        ),
        (Some(11.0), "Byte", true)
    );
    let found = codes(raster.codes_on(&same_degrees(), 0..10).unwrap());
    assert_eq!(
        (found[10], found[11], found[12]),
        (Some(10), None, Some(12))
    );

    // A single-precision no-data value written with the digits of a double, NaN, and real values.
    let mut real = Raster {
        no_data: Some(-3.4028235e38),
        ..degrees::<f32>()
    };
    (real.values[0], real.values[1], real.values[2]) = (f32::MIN, f32::NAN, -0.25);
    let path = real.write(folder.path(), "f32.tif");
    let found = values(
        CodeRaster::open(&path, 1)
            .unwrap()
            .codes_on(&same_degrees(), 0..10)
            .unwrap(),
    );
    assert_eq!(found[..4], [None, None, Some(-0.25), Some(3.0)]);
}

#[test]
fn a_mask_band_and_a_scale_are_obeyed() {
    let folder = TempDir::new().unwrap();
    let path = degrees::<u8>().write(folder.path(), "masked.tif");
    {
        let options = gdal::DatasetOptions {
            open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE,
            ..Default::default()
        };
        let file = gdal::Dataset::open_ex(&path, options).unwrap();
        let mut band = file.rasterband(1).unwrap();
        band.create_mask_band(true).unwrap();
        let mut mask = band.open_mask_band().unwrap();
        let mut shown = vec![255_u8; 100];
        shown[42] = 0;
        mask.write((0, 0), (10, 10), &mut Buffer::new((10, 10), shown))
            .unwrap();
    }
    let found = codes(
        CodeRaster::open(&path, 1)
            .unwrap()
            .codes_on(&same_degrees(), 0..10)
            .unwrap(),
    );
    assert_eq!(
        (found[41], found[42], found[43]),
        (Some(41), None, Some(43))
    );

    let path = Raster {
        no_data: Some(7.0),
        ..degrees::<u8>()
    }
    .write(folder.path(), "scaled.tif");
    {
        let options = gdal::DatasetOptions {
            open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE,
            ..Default::default()
        };
        let file = gdal::Dataset::open_ex(&path, options).unwrap();
        let mut band = file.rasterband(1).unwrap();
        band.set_scale(0.5).unwrap();
        band.set_offset(-1.0).unwrap();
    }
    let found = values(
        CodeRaster::open(&path, 1)
            .unwrap()
            .codes_on(&same_degrees(), 0..10)
            .unwrap(),
    );
    // No data is a raw number: 7, not 2.5.
    assert_eq!((found[3], found[7], found[8]), (Some(0.5), None, Some(3.0)));
}

#[test]
fn codes_of_64_bits_are_exact() {
    let folder = TempDir::new().unwrap();
    let large = (1_i64 << 53) + 1;
    let wide = |first: i64| Raster {
        values: (0..100).map(|n| if n == 0 { first } else { n }).collect(),
        geotransform: degrees::<u8>().geotransform,
        wkt: Some(WGS84),
        shape: (10, 10),
        no_data: None,
    };
    let path = wide(large).write(folder.path(), "i64.tif");
    let found = codes(
        CodeRaster::open(&path, 1)
            .unwrap()
            .codes_on(&same_degrees(), 0..1)
            .unwrap(),
    );
    assert_eq!(found[..2], [Some(large), Some(1)]);

    let unsigned = Raster {
        values: vec![u64::MAX; 100],
        ..degrees::<u64>()
    };
    let path = unsigned.write(folder.path(), "u64.tif");
    let refused = CodeRaster::open(&path, 1)
        .unwrap()
        .codes_on(&same_degrees(), 0..1);
    assert!(matches!(
        refused,
        Err(RasterError::Code {
            found: u64::MAX,
            ..
        })
    ));
}

#[test]
fn what_cannot_be_placed_is_refused_with_advice() {
    let folder = TempDir::new().unwrap();
    let refuse = |path: &Path, band| {
        CodeRaster::open(path, band)
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };

    let path = Raster {
        wkt: None,
        ..degrees::<u8>()
    }
    .write(folder.path(), "no-crs.tif");
    assert!(
        refuse(&path, 1).contains("gdal_edit.py -a_srs"),
        "{}",
        refuse(&path, 1)
    );

    let path = Raster {
        geotransform: None,
        ..degrees::<u8>()
    }
    .write(folder.path(), "no-place.tif");
    assert!(
        refuse(&path, 1).contains("gdal_translate -a_ullr"),
        "{}",
        refuse(&path, 1)
    );

    let path = degrees::<u8>().write(folder.path(), "one-band.tif");
    assert!(
        refuse(&path, 2).contains("expected a band 2, found 1"),
        "{}",
        refuse(&path, 2)
    );
    assert!(refuse(&path, 0).contains("expected a band 0"));

    let text = folder.path().join("text.tif");
    std::fs::write(&text, "not a raster").unwrap();
    let message = refuse(&text, 1);
    assert!(
        message.contains("text.tif") && message.contains("expected a raster"),
        "{message}"
    );
    let message = refuse(&folder.path().join("absent.tif"), 1);
    assert!(message.contains("No such file"), "{message}");
}

#[test]
fn a_truncated_raster_is_an_error_and_not_zeros() {
    let folder = TempDir::new().unwrap();
    let noise = (0..400_u32 * 400)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let path = Raster {
        geotransform: Some([100.0, 0.025, 0.0, 50.0, 0.0, -0.025]),
        shape: (400, 400),
        values: noise,
        ..degrees::<u8>()
    }
    .write(folder.path(), "cut.tif");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let read = CodeRaster::open(&path, 1).and_then(|raster| raster.codes_on(&h25v04(), 0..240));
    let message = read.unwrap_err().to_string();
    assert!(message.contains("cut.tif"), "{message}");
}

#[test]
fn threads_may_share_a_raster() {
    let folder = TempDir::new().unwrap();
    let path = degrees::<u8>().write(folder.path(), "a.tif");
    let raster = CodeRaster::open(&path, 1).unwrap();
    let whole = raster.codes_on(&h25v04(), 0..240).unwrap();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| raster.codes_on(&h25v04(), 0..240).unwrap()))
            .collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), whole);
        }
    });
}

#[test]
fn rasters_may_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<CodeRaster>();
}

#[test]
fn numbers_are_compared_as_they_are_stored() {
    let folder = TempDir::new().unwrap();
    let write = |no_data| Raster::<f32> {
        geotransform: Some([100.0, 1.0, 0.0, 50.0, 0.0, -1.0]),
        wkt: Some(WGS84),
        shape: (10, 10),
        values: vec![0.9; 100],
        no_data,
    };
    let path = write(None).write(folder.path(), "single.tif");
    let raster = CodeRaster::open(&path, 1).unwrap();
    let found = values(raster.codes_on(&same_degrees(), 0..10).unwrap());
    assert_eq!(found[0], Some(raster.as_stored(0.9)));
    assert_ne!(found[0], Some(0.9));
    // Bytes with a scale: 0.57 is the step 57, whatever the product of 57 and 0.01 is.
    let path = degrees::<u8>().write(folder.path(), "scaled.tif");
    {
        let options = gdal::DatasetOptions {
            open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE,
            ..Default::default()
        };
        let file = gdal::Dataset::open_ex(&path, options).unwrap();
        file.rasterband(1).unwrap().set_scale(0.01).unwrap();
    }
    let raster = CodeRaster::open(&path, 1).unwrap();
    let found = values(raster.codes_on(&same_degrees(), 0..10).unwrap());
    for (step, cell) in found.iter().enumerate() {
        let meant = format!("{}.{:02}", step / 100, step % 100).parse().unwrap();
        assert_eq!(*cell, Some(raster.as_stored(meant)), "{meant}");
    }
    assert_eq!(raster.as_stored(0.573), 0.573, "between steps");
}

#[test]
fn bytes_that_are_signed_keep_their_sign() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("signed.tif");
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let options = RasterCreationOptions::from_iter(["PIXELTYPE=SIGNEDBYTE"]);
    {
        let mut file = driver
            .create_with_band_type_with_options::<u8, _>(&path, 10, 10, 1, &options)
            .unwrap();
        file.set_geo_transform(&[100.0, 1.0, 0.0, 50.0, 0.0, -1.0])
            .unwrap();
        file.set_spatial_ref(&SpatialRef::from_definition(WGS84).unwrap())
            .unwrap();
        let mut band = file.rasterband(1).unwrap();
        let bytes = (0..100).map(|i: u8| i.wrapping_sub(50)).collect();
        band.write((0, 0), (10, 10), &mut Buffer::new((10, 10), bytes))
            .unwrap();
    }
    let raster = CodeRaster::open(&path, 1).unwrap();
    let found = codes(raster.codes_on(&same_degrees(), 0..10).unwrap());
    assert_eq!(
        (found[0], found[50], found[99]),
        (Some(-50), Some(0), Some(49))
    );
}
