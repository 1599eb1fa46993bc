//! Vector files as people have them: text in old encodings, records that were deleted, counts that are
//! stale, rings that are open, longitudes of another turn, maps of a pole.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use std::path::{Path, PathBuf};

use gdal::spatial_ref::SpatialRef;
use gdal::vector::{
    FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType,
};
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags};
use nutag_formats::vector::{
    Duplicates, Feature, Outline, Select, VectorError, read_contents, read_features,
};
use nutag_grid::{area_between_parallels_m2, overlap::planar_area_km2};
use tempfile::TempDir;

const SQUARES: [&str; 3] = [
    "POLYGON((0 0,1 0,1 1,0 1,0 0))",
    "POLYGON((2 0,3 0,3 1,2 1,2 0))",
    "POLYGON((4 0,5 0,5 1,4 1,4 0))",
];

/// Writes one layer of WKT geometries with a text `name`.
fn create(path: &Path, driver: &str, crs: &str, options: &[&str], features: &[(&str, &str)]) {
    let mut file = DriverManager::get_driver_by_name(driver)
        .unwrap()
        .create_vector_only(path)
        .unwrap();
    let layer = file
        .create_layer(LayerOptions {
            name: "layer",
            srs: Some(&SpatialRef::from_definition(crs).unwrap()),
            ty: OGRwkbGeometryType::wkbUnknown,
            options: Some(options),
        })
        .unwrap();
    FieldDefn::new("name", OGRFieldType::OFTString)
        .unwrap()
        .add_to_layer(&layer)
        .unwrap();
    for (name, wkt) in features {
        let mut feature = gdal::vector::Feature::new(layer.defn()).unwrap();
        feature.set_field_string(0, name).unwrap();
        feature
            .set_geometry(Geometry::from_wkt(wkt).unwrap())
            .unwrap();
        feature.create(&layer).unwrap();
    }
}

fn read(path: &Path) -> Result<Vec<Feature>, VectorError> {
    read_features(path, None, "name", Duplicates::Refuse)
}

fn names(path: &Path) -> Result<Vec<String>, String> {
    let features = read(path).map_err(|error| error.to_string())?;
    Ok(features.into_iter().map(|feature| feature.value).collect())
}

fn area_km2(path: &Path) -> f64 {
    let features = read(path).unwrap();
    features.iter().map(|f| planar_area_km2(&f.geometry)).sum()
}

fn geojson(folder: &TempDir, name: &str, geometry: &str) -> PathBuf {
    let path = folder.path().join("f.geojson");
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{geometry}}}]}}"#
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// A shapefile of three squares, and what its `.dbf` says of its language is taken away.
fn shapefile(folder: &TempDir, names: [&str; 3], encoding: &str) -> PathBuf {
    let path = folder.path().join("layer.shp");
    let features: Vec<(&str, &str)> = names.into_iter().zip(SQUARES).collect();
    create(
        &path,
        "ESRI Shapefile",
        "EPSG:4326",
        &[&format!("ENCODING={encoding}")],
        &features,
    );
    let dbf = path.with_extension("dbf");
    let mut bytes = std::fs::read(&dbf).unwrap();
    bytes[29] = 0;
    std::fs::write(&dbf, bytes).unwrap();
    let _ = std::fs::remove_file(path.with_extension("cpg"));
    path
}

#[test]
fn text_of_a_shapefile_is_read_as_it_says_or_refused() {
    let cyrillic = ["Селенгэ", "Өвөрхангай", "Увс"];
    // Windows-1251 has no Ө.
    let old = ["Селенгэ", "Оворхангай", "Увс"];
    let chinese = ["呼伦贝尔", "锡林郭勒", "阿拉善"];
    for (names_in, encoding, cpg, language) in [
        (old, "CP1251", Some("1251"), 0),
        (old, "CP1251", Some("ANSI 1251"), 0),
        (old, "CP1251", None, 0xc9),
        (old, "CP866", None, 0x65),
        (chinese, "GBK", Some("GBK"), 0),
        (chinese, "GBK", None, 0x4d),
        (cyrillic, "UTF-8", Some("UTF-8"), 0),
        // By nothing: what is UTF-8 throughout is UTF-8.
        (cyrillic, "UTF-8", None, 0),
    ] {
        let folder = TempDir::new().unwrap();
        let path = shapefile(&folder, names_in, encoding);
        if let Some(cpg) = cpg {
            std::fs::write(path.with_extension("CPG"), cpg).unwrap();
        }
        let dbf = path.with_extension("dbf");
        let mut bytes = std::fs::read(&dbf).unwrap();
        bytes[29] = language;
        std::fs::write(&dbf, bytes).unwrap();
        assert_eq!(
            names(&path).unwrap(),
            names_in,
            "{encoding} {cpg:?} {language}"
        );
    }
    for (encoding, cpg, word) in [
        ("CP1251", None, "nothing says"),
        ("GBK", None, "nothing says"),
        ("CP1251", Some("UTF-8"), "not UTF-8, as layer.cpg says"),
        ("CP1251", Some("GBK"), "not GBK, as layer.cpg says"),
        ("CP1251", Some("my own"), "is not known"),
    ] {
        let folder = TempDir::new().unwrap();
        let names_in = if encoding == "GBK" { chinese } else { old };
        let path = shapefile(&folder, names_in, encoding);
        if let Some(cpg) = cpg {
            std::fs::write(path.with_extension("cpg"), cpg).unwrap();
        }
        let error = names(&path).unwrap_err();
        assert!(error.contains(word) && error.contains(".cpg"), "{error}");
    }
}

#[test]
fn text_that_gdal_could_not_read_is_refused() {
    let folder = TempDir::new().unwrap();
    let square = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#;
    let path = geojson(&folder, "X", square);
    let text = std::fs::read_to_string(&path).unwrap();
    let latin = text.replace('X', "\u{1}").into_bytes();
    let latin: Vec<u8> = latin
        .iter()
        .map(|b| if *b == 1 { 0xd1 } else { *b })
        .collect();
    std::fs::write(&path, latin).unwrap();
    let error = names(&path).unwrap_err();
    assert!(
        error.contains("U+FFFD") || error.contains("expected a vector file"),
        "{error}"
    );
    for (name, word) in [("a\\u0000b", "U+0000"), ("a\\nb", "U+000A")] {
        let error = names(&geojson(&folder, name, square)).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
    let path = folder.path().join("nul.gpkg");
    create(&path, "GPKG", "EPSG:4326", &[], &[("a", SQUARES[0])]);
    run_sql(&path, "UPDATE layer SET name = CAST(X'610062' AS TEXT)");
    let error = names(&path).unwrap_err();
    assert!(error.contains("U+0000"), "{error}");
    run_sql(&path, "UPDATE layer SET name = CAST(X'61FF62' AS TEXT)");
    let error = names(&path).unwrap_err();
    assert!(error.contains("U+FFFD"), "{error}");
}

fn run_sql(path: &Path, statement: &str) {
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_UPDATE,
        ..DatasetOptions::default()
    };
    let file = Dataset::open_ex(path, options).unwrap();
    let _ = file
        .execute_sql(statement, None, gdal::vector::sql::Dialect::DEFAULT)
        .unwrap();
}

#[test]
fn a_count_is_no_proof_of_damage() {
    let folder = TempDir::new().unwrap();
    // A record that is deleted and not packed away: a star before it.
    let path = shapefile(&folder, ["A", "gone", "B"], "UTF-8");
    let dbf = path.with_extension("dbf");
    let mut bytes = std::fs::read(&dbf).unwrap();
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let record = usize::from(u16::from_le_bytes([bytes[10], bytes[11]]));
    bytes[header + record] = b'*';
    std::fs::write(&dbf, bytes).unwrap();
    assert_eq!(names(&path).unwrap(), ["A", "B"]);

    // A GeoPackage whose count of features is not kept by whoever edited it.
    let path = folder.path().join("count.gpkg");
    let features: Vec<(&str, &str)> = ["A", "B", "C"].into_iter().zip(SQUARES).collect();
    create(&path, "GPKG", "EPSG:4326", &[], &features);
    run_sql(&path, "UPDATE gpkg_ogr_contents SET feature_count = 99");
    assert_eq!(names(&path).unwrap(), ["A", "B", "C"]);
    run_sql(&path, "UPDATE gpkg_ogr_contents SET feature_count = 1");
    assert_eq!(names(&path).unwrap(), ["A", "B", "C"]);
}

#[test]
fn a_shapefile_that_is_cut_off_or_mixed_up_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = shapefile(&folder, ["A", "B", "C"], "UTF-8");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 60]).unwrap();
    let error = names(&path).unwrap_err();
    assert!(
        error.contains("layer.shp") && error.contains("after 2 features"),
        "{error}"
    );
    std::fs::write(&path, &whole).unwrap();

    let dbf = path.with_extension("dbf");
    let whole = std::fs::read(&dbf).unwrap();
    std::fs::write(&dbf, &whole[..whole.len() - 30]).unwrap();
    assert!(names(&path).is_err());
    let mut fewer = whole.clone();
    fewer[4] = 2;
    std::fs::write(&dbf, &fewer).unwrap();
    let error = names(&path).unwrap_err();
    assert!(
        error.contains("2 records") && error.contains("copy all files"),
        "{error}"
    );
}

#[test]
fn tables_without_geometry_are_no_second_layer() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("styled.gpkg");
    create(&path, "GPKG", "EPSG:4326", &[], &[("a", SQUARES[0])]);
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_UPDATE,
        ..DatasetOptions::default()
    };
    let mut file = Dataset::open_ex(&path, options).unwrap();
    file.create_layer(LayerOptions {
        name: "layer_styles",
        srs: None,
        ty: OGRwkbGeometryType::wkbNone,
        options: None,
    })
    .unwrap();
    drop(file);
    assert_eq!(read_contents(&path).unwrap().len(), 2);
    assert_eq!(names(&path).unwrap(), ["a"]);
}

#[test]
fn open_rings_are_closed_and_collections_of_polygons_are_polygons() {
    let folder = TempDir::new().unwrap();
    let square = 1e-6 * area_between_parallels_m2(0.0, 1.0, 1.0);
    for (geometry, squares) in [
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#,
            1.0,
        ),
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[3,0],[3,1],[0,1]],[[1,0.0],[2,0.0],[2,1],[1,1]]]}"#,
            f64::NAN,
        ),
        (
            r#"{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]},{"type":"Polygon","coordinates":[[[2,0],[3,0],[3,1],[2,1]]]}]}"#,
            2.0,
        ),
    ] {
        let path = geojson(&folder, "a", geometry);
        if squares.is_nan() {
            // Closed, its hole touches the outline along two sides: that is not valid, and said.
            assert!(names(&path).unwrap_err().contains("-makevalid"));
        } else {
            let area = area_km2(&path);
            assert!((area / square / squares - 1.0).abs() < 1e-12, "{area}");
        }
    }
    let bow = r#"{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2]]]}"#;
    let error = names(&geojson(&folder, "a", bow)).unwrap_err();
    assert!(
        error.contains("Self-intersection") && error.contains("1 1"),
        "{error}"
    );
}

/// Runs the command that an error advises in the folder, and reads what it has made.
fn take_advice(folder: &TempDir, error: &str) -> Option<Result<Vec<String>, String>> {
    let start = error.find("ogr2ogr")?;
    let mut made = String::new();
    for command in error[start..].split(", then ") {
        let command = command.trim_end_matches('.');
        let done = std::process::Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .status()
            .ok()?;
        assert!(done.success(), "{command}");
        let words = command.split(' ');
        made = words
            .filter(|word| word.ends_with(".gpkg") || word.ends_with(".geojson"))
            .find(|word| !word.starts_with('/'))?
            .to_owned();
    }
    Some(names(&folder.path().join(made)))
}

#[test]
fn advice_for_what_is_no_polygon_works() {
    if std::process::Command::new("ogr2ogr")
        .arg("--version")
        .output()
        .is_err()
    {
        nutag_testkit::skipped(
            "gdal",
            "no ogr2ogr here, so the advice of errors is not tried",
        );
        return;
    }
    let curve = "CURVEPOLYGON(CIRCULARSTRING(10 0,11 1,12 0,11 -1,10 0))";
    for (name, geometry, word) in [
        ("curved", curve, "Curve Polygon"),
        (
            "surfaces",
            "MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(10 0,11 1,12 0,11 -1,10 0)),((20 0,21 0,21 1,20 0)))",
            "Multi Surface with a Curve Polygon",
        ),
        (
            "mixed",
            "GEOMETRYCOLLECTION(POLYGON((10 0,11 0,11 1,10 0)),LINESTRING(0 0,1 1))",
            "with a Line String",
        ),
        ("empty", "POLYGON EMPTY", "empty"),
    ] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("f.gpkg");
        create(
            &path,
            "GPKG",
            "EPSG:4326",
            &[],
            &[("square", SQUARES[0]), (name, geometry)],
        );
        let error = names(&path).unwrap_err();
        assert!(error.contains(word) && error.contains(name), "{error}");
        let expected = if name == "empty" {
            vec!["square"]
        } else {
            vec!["square", name]
        };
        assert_eq!(
            take_advice(&folder, &error).unwrap().unwrap(),
            expected,
            "{error}"
        );
    }
    // Surfaces with straight edges only are polygons.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("straight.gpkg");
    let straight = "MULTISURFACE(((0 0,1 0,1 1,0 1,0 0)))";
    create(&path, "GPKG", "EPSG:4326", &[], &[("a", straight)]);
    assert_eq!(names(&path).unwrap(), ["a"]);
}

#[test]
fn longitudes_of_every_turn_are_the_same_ground() {
    let folder = TempDir::new().unwrap();
    let expected = 1e-6 * area_between_parallels_m2(60.0, 70.0, 20.0);
    let box_of = |west: f64, east: f64| {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{west},60],[{east},60],[{east},70],[{west},70],[{west},60]]]}}"#
        )
    };
    for (west, east) in [
        (170.0, 190.0),
        (-190.0, -170.0),
        (190.0, 210.0),
        (340.0, 360.0),
    ] {
        let path = geojson(&folder, "a", &box_of(west, east));
        let feature = read(&path).unwrap().remove(0);
        let (low, high) = feature.geometry.bounds().unwrap();
        assert!(low.lon_degrees >= -180.0 && high.lon_degrees <= 180.0);
        assert!((planar_area_km2(&feature.geometry) / expected - 1.0).abs() < 1e-12);
        let outline = Outline::read(&path, None, Select::Only).unwrap();
        assert!((outline.area_km2() / expected - 1.0).abs() < 1e-12);
    }
    // A whole turn goes round the Earth; half a turn and more says nothing.
    let world = 1e-6 * area_between_parallels_m2(60.0, 70.0, 360.0);
    for (west, east) in [(-180.0, 180.0), (0.0, 360.0)] {
        let area = area_km2(&geojson(&folder, "a", &box_of(west, east)));
        assert!((area / world - 1.0).abs() < 1e-12, "{area}");
    }
    let error = names(&geojson(&folder, "a", &box_of(-170.0, 170.0))).unwrap_err();
    assert!(
        error.contains("RFC 7946") && error.contains("-wrapdateline"),
        "{error}"
    );
    // The same in another datum, whose longitudes PROJ turns.
    let path = folder.path().join("nad83.gpkg");
    create(
        &path,
        "GPKG",
        "EPSG:4269",
        &[],
        &[("a", "POLYGON((170 60,190 60,190 70,170 70,170 60))")],
    );
    let area = area_km2(&path);
    assert!((area / expected - 1.0).abs() < 1e-9, "{area}");
}

#[test]
fn a_polygon_around_a_pole_is_the_cap() {
    let folder = TempDir::new().unwrap();
    for (crs, south, north) in [
        ("+proj=laea +lat_0=90 +lon_0=0 +datum=WGS84", 70.0, 90.0),
        (
            "+proj=stere +lat_0=-90 +lon_0=40 +datum=WGS84",
            -90.0,
            -70.0,
        ),
    ] {
        // A circle about the pole through a place at 70 degrees, by PROJ.
        let map = SpatialRef::from_proj4(crs).unwrap();
        let degrees = SpatialRef::from_proj4("+proj=longlat +datum=WGS84").unwrap();
        let to_map = gdal::spatial_ref::CoordTransform::new(&degrees, &map).unwrap();
        let mut ring = Vec::new();
        for lon in (0..=360).step_by(2) {
            let (mut x, mut y) = ([f64::from(lon)], [if south < 0.0 { -70.0 } else { 70.0 }]);
            to_map.transform_coords(&mut x, &mut y, &mut []).unwrap();
            ring.push((x[0], y[0]));
        }
        let last = ring.len() - 1;
        ring[last] = ring[0];
        let text: Vec<String> = ring.iter().map(|(x, y)| format!("{x:?} {y:?}")).collect();
        let path = folder.path().join(format!("{south}.gpkg"));
        let polygon = format!("POLYGON(({}))", text.join(","));
        create(&path, "GPKG", crs, &[], &[("cap", &polygon)]);
        let area = area_km2(&path);
        // The sides of the polygon are chords of the circle: sin(2 deg) / 2 deg of its area.
        let chords = 2.0_f64.to_radians().sin() / 2.0_f64.to_radians();
        let expected = 1e-6 * area_between_parallels_m2(south, north, 360.0) * chords;
        assert!(
            (area / expected - 1.0).abs() < 1e-3,
            "{crs}: {area} {expected}"
        );
    }
}

#[test]
fn contents_are_enough_for_a_legend() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("zones.gpkg");
    let features: Vec<(&str, &str)> = ["thaw", "", "thaw"].into_iter().zip(SQUARES).collect();
    create(&path, "GPKG", "EPSG:4326", &[], &features);
    let layer = read_contents(&path).unwrap().remove(0);
    assert_eq!(
        (layer.features, layer.bounds),
        (3, Some([0.0, 0.0, 5.0, 1.0]))
    );
    let name = &layer.attributes[0];
    assert_eq!(name.name, "name");
    assert_eq!(name.values.as_ref().unwrap()["thaw"], 2);
    assert_eq!((name.empty, &layer.fault), (1, &None));
    // Text that cannot be read is said, and the rest is shown.
    let folder = TempDir::new().unwrap();
    let path = shapefile(&folder, ["Селенгэ", "Uvs", "Dornod"], "CP1251");
    let layer = read_contents(&path).unwrap().remove(0);
    let name = &layer.attributes[0];
    assert_eq!(name.values.as_ref().unwrap().len(), 2);
    assert!(name.unreadable.as_ref().unwrap().contains(".cpg"));
}
