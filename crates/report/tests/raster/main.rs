//! Rasters written, and read back by the libraries that others use.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

mod made;

use std::path::Path;

use gdal::raster::GdalDataType;
use gdal::{Dataset, Metadata};
use made::{Made, layers};
use nutag_grid::{Grid, Shape, TileId, Window};
use nutag_report::raster::{
    CogWriter, Layer, LayerKind, NO_CLASS, NO_INTEGER, NetCdfAbout, NetCdfWriter, Strip,
};

fn mosaic(window: Window) -> Grid {
    let tiles = ["h24v04", "h25v04"].map(|name| name.parse::<TileId>().unwrap());
    let mosaic = Grid::modis_mosaic(&tiles, 1200).unwrap().unwrap();
    mosaic.window(window).unwrap()
}

fn large() -> Grid {
    mosaic(Window {
        row0: 100,
        col0: 300,
        rows: 611,
        cols: 1307,
    })
}

fn cog(folder: &Path, grid: &Grid, layer: &Layer, made: &Made, rows: usize) -> Vec<u8> {
    let path = folder.join(format!("{}.tif", layer.name));
    let mut writer = CogWriter::create(&path, grid, layer).unwrap();
    made.strips(layer, rows, |strip| writer.put(strip).unwrap());
    let written = writer.finish().unwrap();
    assert_eq!(written[0], path);
    assert_eq!(
        written.len(),
        if matches!(layer.kind, LayerKind::Classes(_)) {
            2
        } else {
            1
        }
    );
    std::fs::read(path).unwrap()
}

#[test]
fn a_geotiff_holds_the_cells_the_place_and_the_words() {
    let folder = tempfile::tempdir().unwrap();
    let grid = large();
    let made = Made::new(grid.shape());
    for layer in layers() {
        cog(folder.path(), &grid, &layer, &made, 64);
        let file = Dataset::open(folder.path().join(format!("{}.tif", layer.name))).unwrap();
        assert_eq!(file.geo_transform().unwrap(), grid.geotransform());
        let crs = file.spatial_ref().unwrap();
        let proj = crs.to_proj4().unwrap();
        assert!(
            proj.contains("+proj=sinu") && proj.contains("+R=6371007.181"),
            "{proj}"
        );
        assert_eq!(
            file.metadata_item("LAYOUT", "IMAGE_STRUCTURE").as_deref(),
            Some("COG")
        );
        let band = file.rasterband(1).unwrap();
        assert_eq!(band.description().unwrap(), layer.title);
        assert_eq!(band.unit(), layer.unit);
        assert_eq!(band.overview_count().unwrap(), 2);
        let shape = grid.shape();
        let size = (shape.cols, shape.rows);
        match layer.kind {
            LayerKind::Values => {
                let cells = band.read_as::<f32>((0, 0), size, size, None).unwrap();
                let bits = |cells: &[f32]| cells.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert!(bits(cells.data()) == bits(&made.values));
                assert!(band.no_data_value().unwrap().is_nan());
                assert_eq!(band.band_type(), GdalDataType::Float32);
            }
            LayerKind::Integers => {
                let cells = band.read_as::<i32>((0, 0), size, size, None).unwrap();
                assert!(cells.data() == made.integers);
                assert_eq!(band.no_data_value(), Some(f64::from(NO_INTEGER)));
            }
            LayerKind::Classes(entries) => {
                let cells = band.read_as::<u8>((0, 0), size, size, None).unwrap();
                assert!(cells.data() == made.classes);
                assert_eq!(band.no_data_value(), Some(f64::from(NO_CLASS)));
                let table = band.color_table().unwrap();
                for entry in entries {
                    let colour = table.entry_as_rgb(usize::from(entry.code)).unwrap();
                    let expected = [entry.fill.0, entry.fill.1, entry.fill.2].map(i16::from);
                    assert_eq!([colour.r, colour.g, colour.b], expected);
                }
            }
        }
    }
}

#[test]
fn overviews_are_means_of_values_and_the_most_frequent_class() {
    let folder = tempfile::tempdir().unwrap();
    // Even sides: each cell of the first overview is exactly 2 x 2 cells.
    let grid = mosaic(Window {
        row0: 100,
        col0: 300,
        rows: 612,
        cols: 1308,
    });
    let made = Made::new(grid.shape());
    let [values, _, classes] = layers();
    cog(folder.path(), &grid, &values, &made, 64);
    cog(folder.path(), &grid, &classes, &made, 64);
    let (rows, cols) = (grid.shape().rows / 2, grid.shape().cols / 2);
    let four = |cell: usize| {
        let (row, col) = (cell / cols, cell % cols);
        [(0, 0), (0, 1), (1, 0), (1, 1)]
            .map(|(r, c)| (2 * row + r) * grid.shape().cols + 2 * col + c)
    };
    let size = (cols, rows);

    let file = Dataset::open(folder.path().join("mean.tif")).unwrap();
    let band = file.rasterband(1).unwrap().overview(0).unwrap();
    let read = band.read_as::<f32>((0, 0), size, size, None).unwrap();
    let mut mixed = 0;
    for (cell, found) in read.data().iter().enumerate() {
        let of = four(cell).map(|cell| made.values[cell]);
        let valid: Vec<f32> = of.into_iter().filter(|value| !value.is_nan()).collect();
        let mean = valid.iter().sum::<f32>() / valid.len() as f32;
        let is_same = (mean - found).abs() < 1e-3 || mean.is_nan() && found.is_nan();
        assert!(is_same, "{cell}: {mean} {found}");
        mixed += usize::from((1..4).contains(&valid.len()));
    }
    assert!(mixed > 100, "no data must not count as a value");

    let file = Dataset::open(folder.path().join("class.tif")).unwrap();
    let band = file.rasterband(1).unwrap().overview(0).unwrap();
    let read = band.read_as::<u8>((0, 0), size, size, None).unwrap();
    let mut mixed = 0;
    for (cell, found) in read.data().iter().enumerate() {
        let of = four(cell).map(|cell| made.classes[cell]);
        let valid = || of.into_iter().filter(|class| *class != NO_CLASS);
        let votes = |class: u8| valid().filter(|other| *other == class).count();
        let most = valid().map(votes).max().unwrap_or(0);
        let expected = if most == 0 {
            *found == NO_CLASS
        } else {
            votes(*found) == most
        };
        assert!(expected, "{cell}: {of:?} {found}");
        mixed += usize::from(valid().any(|class| class != *found));
    }
    assert!(mixed > 100, "classes must be mixed somewhere");
}

#[test]
fn the_height_of_strips_changes_no_byte() {
    let folders = [1, 611].map(|rows| {
        let folder = tempfile::tempdir().unwrap();
        let grid = large();
        let made = Made::new(grid.shape());
        let layers = layers();
        let mut bytes: Vec<Vec<u8>> = layers
            .iter()
            .map(|layer| cog(folder.path(), &grid, layer, &made, rows))
            .collect();
        // A clock in the file would show after a second.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        bytes.push(netcdf(folder.path(), &grid, &made, rows));
        bytes
    });
    assert!(folders[0] == folders[1]);
}

fn netcdf(folder: &Path, grid: &Grid, made: &Made, rows: usize) -> Vec<u8> {
    let path = folder.join("maps.nc");
    let about = NetCdfAbout {
        title: "Made-up layers".to_owned(),
        history: "Made by a test.".to_owned(),
        ..NetCdfAbout::default()
    };
    let layers = layers();
    let mut writer = NetCdfWriter::create(&path, grid, &layers, &about).unwrap();
    for (i, layer) in layers.iter().enumerate() {
        made.strips(layer, rows, |strip| writer.put(i, strip).unwrap());
    }
    assert_eq!(writer.finish().unwrap(), path);
    std::fs::read(path).unwrap()
}

#[test]
fn a_netcdf_holds_the_cells_and_says_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let grid = large();
    let made = Made::new(grid.shape());
    netcdf(folder.path(), &grid, &made, 128);
    let file = netcdf::open(folder.path().join("maps.nc")).unwrap();
    let text = |of: Option<netcdf::AttributeValue>| match of {
        Some(netcdf::AttributeValue::Str(text)) => text,
        other => panic!("{other:?}"),
    };
    let global = |name: &str| text(file.attribute(name).map(|a| a.value().unwrap()));
    assert_eq!(global("Conventions"), "CF-1.11");
    assert!(
        file.attribute("references").is_none(),
        "empty texts are left out"
    );
    let x: Vec<f64> = file.variable("x").unwrap().get_values(..).unwrap();
    let y: Vec<f64> = file.variable("y").unwrap().get_values(..).unwrap();
    let (cell, _) = grid.cell_size();
    assert_eq!(x[0], grid.corner(0, 0).0 + cell / 2.0);
    assert_eq!(y[0], grid.corner(0, 0).1 - cell / 2.0);
    assert!((y[610] - (grid.corner(611, 0).1 + cell / 2.0)).abs() < 1e-6);
    let layer = |name: &str| file.variable(name).unwrap();
    let attribute =
        |of: &str, name: &str| text(layer(of).attribute(name).map(|a| a.value().unwrap()));
    assert_eq!(attribute("mean", "units"), "g m-2");
    assert_eq!(attribute("mean", "grid_mapping"), "crs");
    assert_eq!(
        attribute("class", "flag_meanings"),
        "stays moves_north gone"
    );
    let bits = |cells: &[f32]| cells.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let values: Vec<f32> = layer("mean").get_values(..).unwrap();
    assert!(bits(&values) == bits(&made.values));
    assert!(layer("s").get_values::<i32, _>(..).unwrap() == made.integers);
    assert!(layer("class").get_values::<u8, _>(..).unwrap() == made.classes);
}

#[test]
fn one_cell_nothing_at_all_and_narrow_strips_are_rasters_too() {
    for window in [(1, 1), (1, 700), (700, 1), (513, 2)] {
        let folder = tempfile::tempdir().unwrap();
        let grid = mosaic(Window {
            row0: 0,
            col0: 0,
            rows: window.0,
            cols: window.1,
        });
        let made = Made::nothing(grid.shape());
        for layer in layers() {
            cog(folder.path(), &grid, &layer, &made, 100);
        }
        netcdf(folder.path(), &grid, &made, 100);
        let file = Dataset::open(folder.path().join("mean.tif")).unwrap();
        let size = (window.1, window.0);
        let band = file.rasterband(1).unwrap();
        let cells = band.read_as::<f32>((0, 0), size, size, None).unwrap();
        assert!(cells.data().iter().all(|value| value.is_nan()));
    }
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let grid = large();
    let [values, integers, classes] = layers();
    let path = folder.path().join("a.tif");
    let mut writer = CogWriter::create(&path, &grid, &values).unwrap();
    let message = |error: nutag_report::raster::RasterError| error.to_string();
    let row = vec![0.0_f32; grid.shape().cols];
    let error = message(writer.put(&Strip::Values(&row[1..])).unwrap_err());
    assert!(
        error.contains("whole rows of 1307 cells") && error.contains("1306 cells"),
        "{error}"
    );
    let error = message(writer.put(&Strip::Classes(&[0; 1307])).unwrap_err());
    assert!(error.contains("expected values, found classes"), "{error}");
    writer.put(&Strip::Values(&row)).unwrap();
    let error = message(writer.finish().unwrap_err());
    assert!(error.contains("expected 611 rows, found 1 rows"), "{error}");

    let named = |name: &str| Layer {
        name: name.to_owned(),
        ..integers.clone()
    };
    for wrong in ["", "1st", "a b", "crs"] {
        let about = NetCdfAbout::default();
        let made = NetCdfWriter::create(&path, &grid, &[named(wrong)], &about);
        assert!(made.is_err(), "{wrong}");
    }
    let mut twice = classes.clone();
    if let LayerKind::Classes(entries) = &mut twice.kind {
        entries[1].code = entries[0].code;
    }
    let error = message(CogWriter::create(&path, &grid, &twice).unwrap_err());
    assert!(error.contains("a code of its own"), "{error}");
    let lonlat = Grid::geographic(0.0, 10.0, 1.0, 1.0, Shape::new(2, 2).unwrap()).unwrap();
    assert!(NetCdfWriter::create(&path, &lonlat, &layers(), &NetCdfAbout::default()).is_err());

    let gone = folder.path().join("gone/a.tif");
    let error = message(CogWriter::create(&gone, &grid, &values).unwrap_err());
    assert!(error.contains("gone"), "{error}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
