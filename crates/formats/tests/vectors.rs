//! Polygons from files: reference systems against pyproj, names, and what is refused.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gdal::DriverManager;
use gdal::spatial_ref::SpatialRef;
use gdal::vector::{
    FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType,
};
use nutag_formats::vector::{Duplicates, Feature, VectorError, read_contents, read_features};
use nutag_grid::{LonLat, MultiPolygon};
use serde_json::Value;
use tempfile::TempDir;

const SQUARE: &str = "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]";

/// GeoJSON of polygons with a `name`; `null` for no name.
fn geojson(features: &[(&str, &str)]) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (index, (name, rings)) in features.iter().enumerate() {
        let comma = if index == 0 { "" } else { ",\n" };
        write!(
            text,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"name\":{name},\"code\":{index}}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{rings}}}}}"
        )
        .unwrap();
    }
    text + "]}"
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Name, reference system, and features as name and WKT.
type LayerText<'a> = (&'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

/// Writes layers of WKT geometries with a text `name` by any driver.
fn create(path: &Path, driver: &str, layers: &[LayerText<'_>]) {
    let mut file = DriverManager::get_driver_by_name(driver)
        .unwrap()
        .create_vector_only(path)
        .unwrap();
    for &(name, wkt, features) in layers {
        let srs = wkt.map(|wkt| SpatialRef::from_definition(wkt).unwrap());
        let ty = OGRwkbGeometryType::wkbUnknown;
        let layer = file
            .create_layer(LayerOptions {
                name,
                srs: srs.as_ref(),
                ty,
                options: None,
            })
            .unwrap();
        FieldDefn::new("name", OGRFieldType::OFTString)
            .unwrap()
            .add_to_layer(&layer)
            .unwrap();
        for (value, geometry) in features {
            let geometry = Geometry::from_wkt(geometry).unwrap();
            let mut feature = gdal::vector::Feature::new(layer.defn()).unwrap();
            feature.set_field_string(0, value).unwrap();
            feature.set_geometry(geometry).unwrap();
            feature.create(&layer).unwrap();
        }
    }
}

fn read(path: &Path) -> Result<Vec<Feature>, VectorError> {
    read_features(path, None, "name", Duplicates::Refuse)
}

fn refusal(path: &Path) -> String {
    let message = read(path).unwrap_err().to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    message
}

#[test]
fn a_byte_order_mark_and_cyrillic_names_are_fine() {
    let folder = TempDir::new().unwrap();
    let text = format!(
        "\u{feff}{}",
        geojson(&[
            ("\"Баян-Өлгий\"", SQUARE),
            ("\" Увс \"", "[[[1,0],[2,0],[2,1],[1,0]]]")
        ])
    );
    let features = read(&write(&folder, "bom.geojson", &text)).unwrap();
    let names: Vec<&str> = features
        .iter()
        .map(|feature| feature.value.as_str())
        .collect();
    assert_eq!(names, ["Баян-Өлгий", "Увс"]);
    let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
    assert_eq!(
        features[0].geometry,
        MultiPolygon::from_ring(&square),
        "coordinates keep their bits"
    );
}

#[test]
fn integer_attributes_become_text() {
    let folder = TempDir::new().unwrap();
    let path = write(
        &folder,
        "codes.geojson",
        &geojson(&[("\"a\"", SQUARE), ("\"b\"", SQUARE)]),
    );
    let features = read_features(&path, None, "code", Duplicates::Refuse).unwrap();
    let values: Vec<&str> = features
        .iter()
        .map(|feature| feature.value.as_str())
        .collect();
    assert_eq!(values, ["0", "1"]);
}

#[test]
fn outlines_equal_pyproj_in_every_reference_system() {
    let folder = TempDir::new().unwrap();
    let cases: Vec<Value> = serde_json::from_str(include_str!("reference/outlines.json")).unwrap();
    assert_eq!(cases.len(), 4);
    let pair = |v: &Value| (v[0].as_f64().unwrap(), v[1].as_f64().unwrap());
    for (index, case) in cases.iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        let mut ring: Vec<(f64, f64)> = case["ring"].as_array().unwrap().iter().map(pair).collect();
        ring.push(ring[0]);
        let text: Vec<String> = ring.iter().map(|(x, y)| format!("{x:?} {y:?}")).collect();
        let polygon = format!("POLYGON(({}))", text.join(","));
        let path = folder.path().join(format!("{index}.gpkg"));
        create(
            &path,
            "GPKG",
            &[("zones", case["wkt"].as_str(), &[("a", &polygon)])],
        );

        let geometry = read(&path).unwrap().remove(0).geometry;
        let area_km2 = case["area_km2"].as_f64().unwrap();
        let found_km2 = with_short_edges(&geometry).geodesic_area_km2();
        assert!(
            (found_km2 / area_km2 - 1.0).abs() < 1e-6,
            "{name}: {found_km2}"
        );
        for point in case["outline"].as_array().unwrap() {
            let (lon, lat) = pair(point);
            let nearest = geometry
                .rings()
                .flat_map(|ring| ring.windows(2))
                .map(|edge| distance_degrees((lon, lat), edge[0], edge[1]))
                .fold(f64::INFINITY, f64::min);
            assert!(
                nearest < 2e-6,
                "{name}: ({lon}, {lat}) lies {nearest} degrees off the outline"
            );
        }
    }
}

/// The same outlines with vertices every hundredth of a degree: the sides of the geodesic area are
/// geodesics, those of our polygons are straight in longitude and latitude.
fn with_short_edges(geometry: &MultiPolygon) -> MultiPolygon {
    let mut short = geometry.clone();
    for polygon in &mut short.polygons {
        polygon.exterior = polygon
            .exterior
            .windows(2)
            .flat_map(|edge| {
                let (dx, dy) = (
                    edge[1].lon_degrees - edge[0].lon_degrees,
                    edge[1].lat_degrees - edge[0].lat_degrees,
                );
                let pieces = (dx.hypot(dy) / 0.01).ceil().max(1.0);
                let from = edge[0];
                (0..pieces as u32).map(move |piece| {
                    let share = f64::from(piece) / pieces;
                    LonLat {
                        lon_degrees: from.lon_degrees + share * dx,
                        lat_degrees: from.lat_degrees + share * dy,
                    }
                })
            })
            .collect();
    }
    short
}

/// Distance of a point from a segment, in degrees.
fn distance_degrees((x, y): (f64, f64), a: LonLat, b: LonLat) -> f64 {
    let (dx, dy) = (b.lon_degrees - a.lon_degrees, b.lat_degrees - a.lat_degrees);
    let (px, py) = (x - a.lon_degrees, y - a.lat_degrees);
    let share = if dx == 0.0 && dy == 0.0 {
        0.0
    } else {
        ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0)
    };
    (px - share * dx).hypot(py - share * dy)
}

#[test]
fn neighbours_in_another_reference_system_stay_neighbours() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("neighbours.gpkg");
    let west =
        "POLYGON((-300000 -200000, 0 -200000, 20000 210000, -300000 200000, -300000 -200000))";
    let east = "POLYGON((20000 210000, 0 -200000, 300000 -200000, 300000 200000, 20000 210000))";
    let laea = "+proj=laea +lat_0=47 +lon_0=103 +datum=WGS84";
    create(
        &path,
        "GPKG",
        &[("zones", Some(laea), &[("west", west), ("east", east)])],
    );
    let features = read(&path).unwrap();
    let geometries: Vec<MultiPolygon> = features
        .into_iter()
        .map(|feature| feature.geometry)
        .collect();
    let shared = |index: usize| {
        let ring = &geometries[index].polygons[0].exterior;
        let mut bits: Vec<_> = ring
            .iter()
            .map(|v| (v.lon_degrees.to_bits(), v.lat_degrees.to_bits()))
            .collect();
        bits.sort_unstable();
        bits.dedup();
        bits
    };
    let (a, b) = (shared(0), shared(1));
    let common = a.iter().filter(|vertex| b.contains(vertex)).count();
    assert!(
        common > 50,
        "the shared edge is bent and has the same vertices from both sides: {common}"
    );

    let grid = nutag_grid::Grid::geographic(
        98.0,
        50.0,
        0.01,
        0.01,
        nutag_grid::Shape::new(600, 1000).unwrap(),
    )
    .unwrap();
    let burnt = nutag_grid::PolygonIndex::new(&geometries)
        .unwrap()
        .burn(&grid, 0..600)
        .unwrap();
    assert_eq!(burnt.overlaps, []);
    // Between the first and the last cell of the middle row there is no gap.
    let row = &burnt.codes[300 * 1000..][..1000];
    let first = row.iter().position(|&code| code > 0).unwrap();
    let last = row.iter().rposition(|&code| code > 0).unwrap();
    assert!(row[first..=last].iter().all(|&code| code > 0));
}

#[test]
fn holes_and_parts_keep_their_places() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("parts.shp");
    let parts =
        "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,2 1,1 1)),((5 0,6 0,6 1,5 1,5 0)))";
    create(
        &path,
        "ESRI Shapefile",
        &[("parts", Some("EPSG:4326"), &[("a", parts)])],
    );
    let geometry = read(&path).unwrap().remove(0).geometry;
    let holes: Vec<usize> = geometry
        .polygons
        .iter()
        .map(|polygon| polygon.holes.len())
        .collect();
    assert_eq!(holes, [1, 0]);
}

#[test]
fn a_layer_without_a_reference_system_stops() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("no-prj.shp");
    create(
        &path,
        "ESRI Shapefile",
        &[("no-prj", None, &[("a", "POLYGON((0 0,1 0,1 1,0 0))")])],
    );
    assert!(refusal(&path).contains("-a_srs"));
}

#[test]
fn coordinates_that_are_no_degrees_stop() {
    let folder = TempDir::new().unwrap();
    let metres = "[[[7783653,4447802],[8895604,4447802],[8895604,5559752],[7783653,4447802]]]";
    let message = refusal(&write(
        &folder,
        "metres.geojson",
        &geojson(&[("\"a\"", metres)]),
    ));
    assert!(
        message.contains("feature 0 (\"a\")") && message.contains("not a place on Earth"),
        "{message}"
    );
}

#[test]
fn a_polygon_that_crosses_itself_is_named_with_the_place() {
    let folder = TempDir::new().unwrap();
    let bow_tie = "[[[0,0],[2,2],[2,0],[0,2],[0,0]]]";
    let message = refusal(&write(
        &folder,
        "bow.geojson",
        &geojson(&[("\"ok\"", SQUARE), ("\"Увс\"", bow_tie)]),
    ));
    for part in [
        "feature 1 (\"Увс\")",
        "Self-intersection",
        "1 1",
        "ogr2ogr -makevalid",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn only_polygons_are_polygons() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mixed.gpkg");
    create(
        &path,
        "GPKG",
        &[(
            "mixed",
            Some("EPSG:4326"),
            &[
                ("a", "POLYGON((0 0,1 0,1 1,0 0))"),
                ("b", "LINESTRING(0 0,1 1)"),
            ],
        )],
    );
    let message = refusal(&path);
    assert!(
        message.contains("feature 2 (\"b\")") && message.contains("Line String"),
        "{message}"
    );

    let text = geojson(&[("\"a\"", SQUARE)]).replace(
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}",
        "null",
    );
    let message = refusal(&write(&folder, "null.geojson", &text));
    assert!(message.contains("no geometry"), "{message}");
}

#[test]
fn empty_and_repeated_names_are_listed() {
    let folder = TempDir::new().unwrap();
    let far = "[[[5,0],[6,0],[6,1],[5,0]]]";
    let path = write(
        &folder,
        "empty.geojson",
        &geojson(&[("\"a\"", SQUARE), ("null", far), ("\" \"", far)]),
    );
    let message = refusal(&path);
    assert!(message.contains("features 1, 2"), "{message}");

    let path = write(
        &folder,
        "twice.geojson",
        &geojson(&[("\"a\"", SQUARE), ("\"b\"", far), ("\"a\"", far)]),
    );
    let message = refusal(&path);
    assert!(message.contains("\"a\" in features 0, 2"), "{message}");
    let allowed = read_features(&path, None, "name", Duplicates::Allow).unwrap();
    assert_eq!(allowed.len(), 3);
}

#[test]
fn absent_layers_and_attributes_come_with_what_is_there() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("two.gpkg");
    let feature: &[(&str, &str)] = &[("a", "POLYGON((0 0,1 0,1 1,0 0))")];
    create(
        &path,
        "GPKG",
        &[
            ("zones", Some("EPSG:4326"), feature),
            ("regions", Some("EPSG:4326"), feature),
        ],
    );
    let message = refusal(&path);
    assert!(message.contains("\"zones\", \"regions\""), "{message}");
    let message = read_features(&path, Some("zone"), "name", Duplicates::Refuse)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("a layer \"zone\"") && message.contains("\"zones\""),
        "{message}"
    );
    // Attribute names are exact: GDAL itself would take NAME for name.
    let message = read_features(&path, Some("zones"), "NAME", Duplicates::Refuse)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("\"NAME\"") && message.ends_with("name"),
        "{message}"
    );
    assert_eq!(
        read_features(&path, Some("regions"), "name", Duplicates::Refuse)
            .unwrap()
            .len(),
        1
    );

    let layers = read_contents(&path).unwrap();
    assert_eq!(
        layers
            .iter()
            .map(|layer| layer.name.as_str())
            .collect::<Vec<_>>(),
        ["zones", "regions"]
    );
    assert_eq!(
        (
            layers[0].features,
            layers[0].crs.as_deref(),
            layers[0].attributes.len()
        ),
        (1, Some("WGS 84"), 1)
    );
}

#[test]
fn files_that_are_no_vectors_are_refused() {
    let folder = TempDir::new().unwrap();
    assert!(refusal(&write(&folder, "text.geojson", "hello")).contains("expected a vector file"));
    assert!(
        refusal(&write(
            &folder,
            "broken.geojson",
            &geojson(&[("\"a\"", SQUARE)])[..90]
        ))
        .contains("broken.geojson")
    );
    assert!(refusal(&folder.path().join("absent.gpkg")).contains("absent.gpkg"));
    let empty = "{\"type\":\"FeatureCollection\",\"features\":[]}";
    let path = write(&folder, "none.geojson", empty);
    let message = read_features(&path, None, "name", Duplicates::Refuse)
        .unwrap_err()
        .to_string();
    assert!(message.contains("none.geojson"), "{message}");
}

#[test]
fn the_units_of_mongolia_are_read_whole() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/boundaries/mongolia-aimags.geojson");
    if !path.exists() {
        nutag_testkit::skipped(
            "shared",
            format!(
                "{} is absent, so the real boundaries are not read",
                path.display()
            ),
        );
        return;
    }
    let features = read(&path).unwrap();
    assert_eq!(features.len(), 22);
    let area: f64 = features
        .iter()
        .map(|feature| feature.geometry.geodesic_area_km2())
        .sum();
    assert!((area / 1_564_648.991 - 1.0).abs() < 1e-9, "{area}");
    // Bayan-Olgii and so on with their own letters.
    assert!(features.iter().any(|feature| !feature.value.is_ascii()));
}
