//! Polygons on grids: against shapely, and the rules for shared edges and overlaps.

use std::path::PathBuf;

use nutag_grid::{
    Burn, Grid, GridError, LonLat, MultiPolygon, Overlap, Polygon, PolygonIndex, Ring, Shape,
    TileId,
};
use proptest::prelude::*;
use serde_json::Value;

fn ring(value: &Value) -> Ring {
    let vertex = |v: &Value| LonLat {
        lon_degrees: v[0].as_f64().unwrap(),
        lat_degrees: v[1].as_f64().unwrap(),
    };
    value.as_array().unwrap().iter().map(vertex).collect()
}

fn rings(value: &Value) -> Vec<Ring> {
    value.as_array().unwrap().iter().map(ring).collect()
}

fn synthetic() -> Vec<MultiPolygon> {
    let features: Vec<Value> =
        serde_json::from_str(include_str!("reference/polygons.json")).unwrap();
    let part = |p: &Value| Polygon {
        exterior: ring(&p["exterior"]),
        holes: rings(&p["holes"]),
    };
    features
        .iter()
        .map(|f| MultiPolygon {
            polygons: f.as_array().unwrap().iter().map(part).collect(),
        })
        .collect()
}

/// The units of Mongolia from the shared data, or `None` with a loud line.
fn aimags() -> Option<Vec<MultiPolygon>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/boundaries/mongolia-aimags.geojson");
    let Ok(text) = std::fs::read_to_string(&path) else {
        nutag_testkit::skipped(
            "shared",
            format!(
                "{} is absent, so the real boundaries are not tested",
                path.display()
            ),
        );
        return None;
    };
    let whole: Value = serde_json::from_str(&text).unwrap();
    let polygon = |p: &Value| {
        let mut rings = rings(p).into_iter();
        Polygon {
            exterior: rings.next().unwrap(),
            holes: rings.collect(),
        }
    };
    let geometry = |feature: &Value| {
        let (kind, coordinates) = (
            &feature["geometry"]["type"],
            &feature["geometry"]["coordinates"],
        );
        let polygons = match kind.as_str().unwrap() {
            "Polygon" => vec![polygon(coordinates)],
            "MultiPolygon" => coordinates
                .as_array()
                .unwrap()
                .iter()
                .map(polygon)
                .collect(),
            other => panic!("{other}"),
        };
        MultiPolygon { polygons }
    };
    Some(
        whole["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(geometry)
            .collect(),
    )
}

fn burn(features: &[MultiPolygon], grid: &Grid) -> Burn {
    PolygonIndex::new(features)
        .unwrap()
        .burn(grid, 0..grid.shape().rows)
        .unwrap()
}

fn h25v04(cells_per_side: usize) -> Grid {
    Grid::modis_tile("h25v04".parse().unwrap(), cells_per_side).unwrap()
}

#[test]
fn spans_equal_shapely_cell_for_cell() {
    let grid = h25v04(240);
    let mut ours = Vec::new();
    PolygonIndex::new(&synthetic())
        .unwrap()
        .scan(&grid, 0..240, |row, spans| {
            for span in spans {
                ours.push([span.feature, row, span.first_col, span.end_col]);
            }
        });
    ours.sort_unstable();
    let mut shapely: Vec<[usize; 4]> = include_str!("reference/spans.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let numbers: Vec<usize> = line.split(',').map(|n| n.parse().unwrap()).collect();
            numbers.try_into().unwrap()
        })
        .collect();
    shapely.sort_unstable();
    assert!(shapely.len() > 300);
    let differing = ours.iter().zip(&shapely).find(|(a, b)| a != b);
    assert_eq!((ours.len(), differing), (shapely.len(), None));
}

#[test]
fn blocks_of_rows_give_the_same_codes_as_the_whole() {
    let (features, grid) = (synthetic(), h25v04(240));
    let whole = burn(&features, &grid);
    let index = PolygonIndex::new(&features).unwrap();
    let mut codes = Vec::new();
    for start in (0..240).step_by(50) {
        codes.extend(
            index
                .burn(&grid, start..(start + 50).min(240))
                .unwrap()
                .codes,
        );
    }
    assert_eq!(codes, whole.codes);
}

#[test]
fn overlaps_are_counted_and_the_first_feature_wins() {
    let burnt = burn(&synthetic(), &h25v04(240));
    // Feature 2 lies in the hole of feature 0; feature 4 straddles the east side of feature 1.
    let pairs: Vec<_> = burnt.overlaps.iter().map(|o| (o.first, o.second)).collect();
    assert_eq!(pairs, [(1, 4)]);
    let rows: Vec<Vec<usize>> = include_str!("reference/spans.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|n| n.parse().unwrap()).collect())
        .collect();
    for Overlap {
        first,
        second,
        cells,
    } in burnt.overlaps
    {
        let mut shared = 0;
        for a in rows.iter().filter(|r| r[0] == first) {
            for b in rows.iter().filter(|r| r[0] == second && r[1] == a[1]) {
                shared += a[3].min(b[3]).saturating_sub(a[2].max(b[2])) as u64;
            }
        }
        assert_eq!(cells, shared);
    }
    let cells_of = |feature: usize| {
        rows.iter()
            .filter(|r| r[0] == feature)
            .map(|r| r[3] - r[2])
            .sum::<usize>()
    };
    assert_eq!(
        burnt.codes.iter().filter(|&&code| code == 1).count(),
        cells_of(0)
    );
}

#[test]
fn centres_on_a_shared_edge_belong_to_exactly_one_side() {
    // Cell centres at whole degrees; the polygons meet along meridians, parallels and diagonals through them.
    let grid = Grid::geographic(-0.5, 10.5, 1.0, 1.0, Shape::new(11, 11).unwrap()).unwrap();
    let triangle = |a, b, c| MultiPolygon::from_ring(&[a, b, c]);
    let square = [
        triangle((0.0, 0.0), (10.0, 0.0), (5.0, 5.0)),
        triangle((10.0, 0.0), (10.0, 10.0), (5.0, 5.0)),
        triangle((10.0, 10.0), (0.0, 10.0), (5.0, 5.0)),
        triangle((0.0, 10.0), (0.0, 0.0), (5.0, 5.0)),
    ];
    let burnt = burn(&square, &grid);
    assert_eq!(burnt.overlaps, []);
    // South and west sides belong to the square, north and east sides do not: 10 x 10 centres.
    assert_eq!(burnt.codes.iter().filter(|&&code| code > 0).count(), 100);
}

#[test]
fn vertices_that_are_no_places_are_refused_by_feature() {
    let good = MultiPolygon::from_ring(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]);
    for bad in [(f64::NAN, 0.0), (7_783_653.6, 5_559_752.6), (0.0, 90.1)] {
        let features = [
            good.clone(),
            MultiPolygon::from_ring(&[(0.0, 0.0), bad, (1.0, 1.0)]),
        ];
        assert!(matches!(
            PolygonIndex::new(&features),
            Err(GridError::Vertex { feature: 1, .. })
        ));
    }
    let many = vec![MultiPolygon::default(); 65_536];
    let burnt = PolygonIndex::new(&many).unwrap().burn(&h25v04(10), 0..10);
    assert_eq!(burnt, Err(GridError::TooManyFeatures { found: 65_536 }));
    let outside = PolygonIndex::new([]).unwrap().burn(&h25v04(10), 5..11);
    assert!(matches!(outside, Err(GridError::Window { .. })));
}

#[test]
fn the_units_of_mongolia_equal_shapely_on_500_m_cells() {
    let Some(units) = aimags() else { return };
    let index = PolygonIndex::new(&units).unwrap();
    let mut ours = Vec::new();
    for &tile in index.modis_tiles(2400).unwrap().keys() {
        let grid = Grid::modis_tile(tile, 2400).unwrap();
        let burnt = index.burn(&grid, 0..2400).unwrap();
        assert_eq!(burnt.overlaps, [], "neighbours share vertices");
        let mut sums = vec![(0_u64, 0_u64); units.len()];
        for (cell, &code) in burnt
            .codes
            .iter()
            .enumerate()
            .filter(|&(_, &code)| code > 0)
        {
            let sum = &mut sums[usize::from(code) - 1];
            *sum = (sum.0 + 1, sum.1 + cell as u64);
        }
        for (unit, (cells, index_sum)) in sums.into_iter().enumerate().filter(|(_, sum)| sum.0 > 0)
        {
            ours.push(format!("{tile},{unit},{cells},{index_sum}"));
        }
    }
    let mut shapely: Vec<_> = include_str!("reference/aimags.csv")
        .lines()
        .skip(1)
        .collect();
    ours.sort_unstable();
    shapely.sort_unstable();
    assert_eq!(ours, shapely);
}

#[test]
fn the_units_of_mongolia_have_their_area_and_tiles() {
    let Some(units) = aimags() else { return };
    assert_eq!(units.len(), 22);
    let geodesic: f64 = units.iter().map(MultiPolygon::geodesic_area_km2).sum();
    // 1564648.991 km2 by pyproj.
    assert!((geodesic / 1_564_648.991 - 1.0).abs() < 1e-9, "{geodesic}");

    let index = PolygonIndex::new(&units).unwrap();
    let tiles = index.modis_tiles(2400).unwrap();
    let names: Vec<String> = tiles.keys().map(TileId::to_string).collect();
    assert_eq!(
        names,
        [
            "h23v03", "h24v03", "h25v03", "h23v04", "h24v04", "h25v04", "h26v04"
        ]
    );

    let mut cm2 = 0_u64;
    let mut sphere_m2 = 0.0;
    for &tile in tiles.keys() {
        let grid = Grid::modis_tile(tile, 2400).unwrap();
        index.scan(&grid, 0..2400, |row, spans| {
            let cells: u64 = spans
                .iter()
                .map(|span| (span.end_col - span.first_col) as u64)
                .sum();
            cm2 += cells * grid.row_cell_area_cm2(row);
            sphere_m2 += cells as f64 * grid.cell_area_on_sphere_m2(row);
        });
    }
    let by_cells = cm2 as f64 / 1e10;
    assert!(
        (by_cells / geodesic - 1.0).abs() < 1e-4,
        "{by_cells} km2 by cells"
    );
    // On the sphere of the MODIS grid the same cells are a quarter of a percent short.
    assert!(
        (sphere_m2 / 1e6 / 1_560_538.0 - 1.0).abs() < 1e-4,
        "{sphere_m2}"
    );
}

proptest! {
    #[test]
    fn a_random_polygon_holds_the_centres_that_a_ray_says(
        vertices in prop::collection::vec((0.0..20.0_f64, 0.0..20.0_f64), 3..12),
    ) {
        let polygon = MultiPolygon::from_ring(&vertices);
        let grid = Grid::geographic(0.0, 20.0, 0.5, 0.5, Shape::new(40, 40).unwrap()).unwrap();
        let burnt = burn(std::slice::from_ref(&polygon), &grid);
        for row in 0..40 {
            for col in 0..40 {
                let LonLat { lon_degrees: x, lat_degrees: y } = grid.center(row, col);
                // W. R. Franklin's point-in-polygon test, a ray to the east.
                let mut inside = false;
                for i in 0..vertices.len() {
                    let ((xi, yi), (xj, yj)) = (vertices[i], vertices[(i + 1) % vertices.len()]);
                    if (yi > y) != (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi {
                        inside = !inside;
                    }
                }
                prop_assert_eq!(burnt.codes[row * 40 + col] == 1, inside, "row {} col {}", row, col);
            }
        }
    }
}
