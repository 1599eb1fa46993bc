//! Areas shared with coarse cells, against shapely (cutting) and pyproj (measuring).
//!
//! `tests/python/co2_table.py` wrote the references; it cuts straight sides into steps of 0.001
//! degrees, so that its geodesics follow them to about 1e-10 of the area.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nutag_grid::overlap::{LonLatCells, planar_area_km2, polygon_weights};
use nutag_grid::{LonLat, MultiPolygon, Polygon, Ring, Shape};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn ring(coordinates: &serde_json::Value) -> Ring {
    let number = |v: &serde_json::Value, i: usize| v[i].as_f64().unwrap();
    let vertices = coordinates.as_array().unwrap().iter();
    vertices
        .map(|v| LonLat {
            lon_degrees: number(v, 0),
            lat_degrees: number(v, 1),
        })
        .collect()
}

fn polygon(coordinates: &serde_json::Value) -> Polygon {
    let mut rings = coordinates.as_array().unwrap().iter().map(ring);
    Polygon {
        exterior: rings.next().unwrap(),
        holes: rings.collect(),
    }
}

/// The 22 first-level units of the sample.
fn regions() -> BTreeMap<String, MultiPolygon> {
    let path = root().join("data-samples/aimags.geojson");
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let features = json["features"].as_array().unwrap().iter();
    features
        .map(|feature| {
            let geometry = &feature["geometry"];
            let polygons = if geometry["type"] == "Polygon" {
                vec![polygon(&geometry["coordinates"])]
            } else {
                let parts = geometry["coordinates"].as_array().unwrap();
                parts.iter().map(polygon).collect()
            };
            let name = feature["properties"]["name"].as_str().unwrap().to_owned();
            (name, MultiPolygon { polygons })
        })
        .collect()
}

/// Region and cell, to the area in km2.
fn references(file: &str, cols: usize) -> BTreeMap<(String, usize), f64> {
    let path = root().join("tests/references/co2").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split(',');
            let mut next = || fields.next().unwrap();
            let region = next().to_owned();
            let row: usize = next().parse().unwrap();
            let col: usize = next().parse().unwrap();
            ((region, row * cols + col), next().parse().unwrap())
        })
        .collect()
}

fn compare(step_degrees: f64, shape: Shape, file: &str) {
    let cells = LonLatCells::regular(-180.0, 90.0, step_degrees, step_degrees, shape).unwrap();
    let references = references(file, shape.cols);
    let mut found = BTreeMap::new();
    for (name, region) in regions() {
        let weights = polygon_weights(&cells, &region);
        assert!((weights.area_km2 - planar_area_km2(&region)).abs() < 1e-9);
        assert!(
            (weights.covered_km2() / weights.area_km2 - 1.0).abs() < 1e-12,
            "{name}: {} of {}",
            weights.covered_km2(),
            weights.area_km2
        );
        for weight in weights.cells {
            found.insert((name.clone(), weight.cell), weight.area_km2);
        }
    }
    let mut total: BTreeMap<usize, f64> = BTreeMap::new();
    for ((_, cell), area) in &found {
        *total.entry(*cell).or_default() += area;
    }
    found.extend(
        total
            .into_iter()
            .map(|(cell, km2)| (("Total".to_owned(), cell), km2)),
    );
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        references.keys().collect::<Vec<_>>()
    );
    for (key, expected) in references {
        // 10 m2 (geodesics are not parallels), or a billionth.
        let off = (found[&key] - expected).abs();
        assert!(
            off < 1e-5 + 1e-9 * expected,
            "{key:?}: {} against {expected}",
            found[&key]
        );
    }
}

#[test]
fn overlaps_with_gosat_cells_equal_shapely_and_pyproj() {
    compare(
        2.5,
        Shape {
            rows: 72,
            cols: 144,
        },
        "overlap_gosat.csv",
    );
}

#[test]
fn overlaps_with_five_degree_cells_equal_shapely_and_pyproj() {
    compare(5.0, Shape { rows: 36, cols: 72 }, "overlap_cf.csv");
}

#[test]
fn mongolia_is_29_cells_at_least_half_inside() {
    let cells = LonLatCells::regular(
        -180.0,
        90.0,
        2.5,
        2.5,
        Shape {
            rows: 72,
            cols: 144,
        },
    )
    .unwrap();
    let mut shares = vec![0.0; cells.cells()];
    for region in regions().values() {
        for weight in polygon_weights(&cells, region).cells {
            shares[weight.cell] += weight.area_km2;
        }
    }
    let half = |cell: &usize| shares[*cell] >= 0.5 * cells.cell_area_km2(cell / 144, 0);
    assert_eq!((0..cells.cells()).filter(half).count(), 29);
}
