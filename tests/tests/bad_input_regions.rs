//! Regions that are wrong, odd, or named in another script.

use calamine::Reader;
use nutag_tests::{RightStudy, Study, ascii_grid, cells_by, command, finish, polygons, wgs84_wkt};
use serde_json::json;

#[test]
fn regions_that_overlap_stop_or_go_to_the_first() {
    let study = Study::new();
    let mut regions = RightStudy::REGIONS;
    regions[1].1[0] = 103.0;
    study.write_json("regions.geojson", &polygons("name", &regions));
    study.refused(
        2,
        &[
            "regions.geojson",
            "\"West\" and \"East\" overlap",
            "overlap = \"first\"",
        ],
    );
    study.edit(
        "study.toml",
        "name = \"name\"",
        "name = \"name\"\noverlap = \"first\"",
    );
    study.accepted(&["\"West\" and \"East\" both claim"]);
    assert!(study.tables() == Study::right_tables());
}

#[test]
fn a_region_that_crosses_itself_stops() {
    let study = Study::new();
    let bow_tie = json!([[
        [98.0, 44.0],
        [104.0, 46.0],
        [104.0, 44.0],
        [98.0, 46.0],
        [98.0, 44.0]
    ]]);
    let mut regions = polygons("name", &RightStudy::REGIONS);
    regions["features"][0]["geometry"]["coordinates"] = bow_tie;
    study.write_json("regions.geojson", &regions);
    study.refused(
        2,
        &[
            "regions.geojson",
            "\"West\"",
            "not valid",
            "Self-intersection",
            "101 45",
            "-makevalid",
        ],
    );
}

#[test]
fn regions_need_names_of_their_own() {
    for empty in ["", "   "] {
        let study = Study::new();
        let [(_, west), (_, east)] = RightStudy::REGIONS;
        study.write_json(
            "regions.geojson",
            &polygons("name", &[("West", west), (empty, east)]),
        );
        study.refused(
            2,
            &[
                "regions.geojson",
                "expected a value of \"name\" in every feature",
                "found none in feature 1",
            ],
        );
    }
    let study = Study::new();
    let [(_, west), (_, east)] = RightStudy::REGIONS;
    study.write_json(
        "regions.geojson",
        &polygons("name", &[("West", west), ("West", east)]),
    );
    study.refused(
        2,
        &[
            "regions.geojson",
            "expected a different value of \"name\" in every feature",
            "\"West\" in features 0, 1",
            "dissolve",
        ],
    );
}

#[test]
fn an_attribute_that_is_not_there_is_named_with_those_that_are() {
    let study = Study::new();
    study.edit("study.toml", "name = \"name\"", "name = \"NAME\"");
    study.refused(
        2,
        &[
            "regions.geojson",
            "expected an attribute \"NAME\"",
            "attributes in the layer: name",
        ],
    );
}

#[test]
fn regions_that_are_no_polygons_or_nothing_stop() {
    let study = Study::new();
    let mut regions = polygons("name", &RightStudy::REGIONS);
    regions["features"][1]["geometry"] = json!({ "type": "Point", "coordinates": [105.0, 45.0] });
    study.write_json("regions.geojson", &regions);
    study.refused(
        2,
        &[
            "\"East\"",
            "expected a Polygon or MultiPolygon",
            "found Point",
        ],
    );
    study.write_json("regions.geojson", &polygons("name", &[]));
    study.refused(
        2,
        &[
            "regions.geojson",
            "expected an attribute \"name\"",
            "attributes in the layer: none",
        ],
    );
    study.write("regions.geojson", "<html>not found</html>");
    study.refused(2, &["regions.geojson", "expected a vector file that GDAL"]);
    study.remove(&study.path("regions.geojson"));
    study.refused(2, &["regions.geojson", "expected a vector file that GDAL"]);
}

#[test]
fn latitude_before_longitude_is_suspected() {
    let study = Study::new();
    let swapped = RightStudy::REGIONS.map(|(name, [w, s, e, n])| (name, [s, w, n, e]));
    study.write_json("regions.geojson", &polygons("name", &swapped));
    study.refused(
        2,
        &[
            "regions.geojson",
            "\"West\"",
            "(44, 98)",
            "not a place on Earth",
        ],
    );
}

#[test]
fn cyrillic_names_come_out_right() {
    const NAMES: [&str; 2] = ["Дархан-Уул", "Өвөрхангай, \"өмнөд\" | хэсэг"];
    let study = Study::new();
    let [(_, west), (_, east)] = RightStudy::REGIONS;
    study.write_json(
        "regions.geojson",
        &polygons("name", &[(NAMES[0], west), (NAMES[1], east)]),
    );
    for (file, word) in [
        ("from.toml", "code = 2\nzone = \"Sporadic\""),
        ("to.toml", "value = \"sporadic\"\nzone = \"Sporadic\""),
    ] {
        study.edit(file, word, &word.replace("Sporadic", "Алаг цоог"));
        study.edit(
            file,
            "\"Seasonal\", \"Sporadic\"",
            "\"Seasonal\", \"Алаг цоог\"",
        );
    }
    let outcome = study.accepted(&[]);
    assert!(outcome.stdout.contains("Алаг цоог"), "{outcome}");
    // csv
    let regions = cells_by(&study.out(), |row| row.region.clone());
    assert_eq!(
        regions.keys().map(String::as_str).collect::<Vec<_>>(),
        NAMES
    );
    assert!(cells_by(&study.out(), |row| row.zone_from.clone()).contains_key("Алаг цоог"));
    // md: a bar inside a name is not the end of a cell
    let page = String::from_utf8(study.table("npp_by_region_zone_year.md")).unwrap();
    assert!(page.contains("| Дархан-Уул"), "{page}");
    assert!(page.contains("Өвөрхангай, \"өмнөд\" \\| хэсэг"), "{page}");
    let page = std::fs::read_to_string(study.out().join("report.html")).unwrap();
    assert!(page.contains("Алаг цоог"));
    // xlsx, read by another library
    let path = study.out().join("tables/npp_by_region_zone_year.xlsx");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let sheets: Vec<_> = book.worksheets();
    let texts: Vec<String> = sheets
        .iter()
        .flat_map(|(_, sheet)| sheet.used_cells())
        .map(|(_, _, cell)| cell.to_string())
        .collect();
    for name in [NAMES[0], NAMES[1], "Алаг цоог"] {
        assert!(
            texts.iter().any(|text| text == name),
            "{name} is not in the workbook"
        );
    }
}

#[test]
fn regions_may_be_a_raster_and_are_then_the_same() {
    let [west, south, east, north] = [98.0, 44.0, 110.0, 46.0];
    let of_polygons = Study::new();
    let boxes = [
        ("South", [west, south, east, 45.0]),
        ("North", [west, 45.0, east, north]),
    ];
    of_polygons.write_json("regions.geojson", &polygons("name", &boxes));
    of_polygons.accepted(&[]);

    let of_raster = Study::new();
    let code = |latitude: f64| if latitude < 45.0 { 7 } else { 3 };
    of_raster.write("regions.asc", &ascii_grid([west, south, east, north], code));
    of_raster.write("regions.prj", wgs84_wkt());
    let legend = "name = \"Regions\"\nzones = [\"South\", \"North\"]\n\
        [[class]]\ncode = 7\nzone = \"South\"\n[[class]]\ncode = 3\nzone = \"North\"\n";
    of_raster.write("regions.toml", legend);
    of_raster.edit(
        "study.toml",
        "path = \"regions.geojson\"\nname = \"name\"",
        "path = \"regions.asc\"\nlegend = \"regions.toml\"",
    );
    of_raster.accepted(&[]);
    assert!(of_raster.tables() == of_polygons.tables());

    // A code without a region must not vanish from the area of interest in silence.
    of_raster.write("regions.toml", &legend.replace("code = 3", "code = 4"));
    std::fs::remove_dir_all(of_raster.out()).unwrap();
    of_raster.refused(2, &["regions.asc", "no answer", "3: "]);
}

/// A legend of so many classes, each a zone of its own.
fn legend_of(zones: usize) -> String {
    let names: Vec<String> = (1..=zones).map(|code| format!("\"Z{code}\"")).collect();
    let mut text = format!("name = \"many\"\nzones = [{}]\n", names.join(", "));
    for (code, name) in names.iter().enumerate() {
        text += &format!("[[class]]\ncode = {}\nzone = {name}\n", code + 1);
    }
    text
}

#[test]
fn more_combinations_than_keys_are_refused_by_check() {
    let check = |regions: usize| {
        let study = Study::new();
        study.write("areas.toml", &legend_of(regions));
        let areas = ascii_grid([98.0, 44.0, 110.0, 46.0], RightStudy::code_from);
        study.write("areas.asc", &areas);
        study.write("areas.prj", wgs84_wkt());
        study.write("from.toml", &legend_of(1624));
        study.edit(
            "study.toml",
            "path = \"regions.geojson\"\nname = \"name\"",
            "path = \"areas.asc\"\nlegend = \"areas.toml\"",
        );
        study.edit(
            "study.toml",
            "{ path = \"to.geojson\", attribute = \"ZONE\", legend = \"to.toml\",",
            "{ path = \"from.asc\", legend = \"from.toml\",",
        );
        let pipeline = study.path("study.toml");
        finish(command(&["check", pipeline.to_str().unwrap()]))
    };
    // Each list has one place more: 1626 * 1625 * 1625 keys fit into 32 bits, 1627 * 1625 * 1625 do not.
    check(1625).expect(0, &[]);
    check(1626).expect(
        2,
        &[
            "1626 regions, 1624 zones of the first and 1624 of the second",
            "4296296875 combinations",
            "at most 4294967295",
            "areas.asc",
            "divide the regions among several pipeline files",
        ],
    );
}
