//! Zone maps and legends that are wrong, odd, or elsewhere.

use std::path::Path;
use std::process::Command;

use nutag_tests::{RightStudy, Study, ascii_grid, cells_by, polygons, tidy_rows};

/// Runs a tool of GDAL, which the tests need anyway.
fn gdal(folder: &Path, tool: &str, arguments: &[&str]) {
    let mut command = Command::new(tool);
    let output = command.current_dir(folder).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{tool} (package gdal-bin): {error}"));
    assert!(
        output.status.success(),
        "{tool}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// No border of these maps comes nearer to a cell centre than a warped cell is
/// wide, so the cell-centre rule must give the same cells: the same bits.
#[test]
fn zone_maps_in_another_reference_system_give_the_same_tables() {
    let study = Study::new();
    let folder = study.path("");
    gdal(
        &folder,
        "gdalwarp",
        &[
            "-q",
            "-t_srs",
            "EPSG:32648",
            "-tr",
            "1000",
            "1000",
            "-te_srs",
            "EPSG:4326",
            "-te",
            "96",
            "43",
            "112",
            "47",
            "-dstnodata",
            "-9999",
            "from.asc",
            "utm.tif",
        ],
    );
    gdal(
        &folder,
        "ogr2ogr",
        &[
            "-t_srs",
            "EPSG:32648",
            "-clipsrc",
            "96",
            "43",
            "112",
            "47",
            "-segmentize",
            "0.01",
            "utm.gpkg",
            "to.geojson",
        ],
    );
    study.edit("study.toml", "path = \"from.asc\"", "path = \"utm.tif\"");
    study.edit("study.toml", "path = \"to.geojson\"", "path = \"utm.gpkg\"");
    study.accepted(&[]);
    assert!(study.tables() == Study::right_tables());
}

#[test]
fn a_raster_without_a_reference_system_stops() {
    let study = Study::new();
    study.remove(&study.path("from.prj"));
    study.refused(
        2,
        &[
            "from.asc",
            "expected a coordinate reference system, found none",
            "gdal_edit.py -a_srs",
        ],
    );
}

#[test]
fn polygons_without_a_reference_system_stop() {
    let study = Study::new();
    gdal(&study.path(""), "ogr2ogr", &["to.shp", "to.geojson"]);
    study.edit("study.toml", "to.geojson", "to.shp");
    study.accepted(&[]);
    std::fs::remove_dir_all(study.out()).unwrap();
    study.remove(&study.path("to.prj"));
    study.refused(
        2,
        &[
            "to.shp",
            "expected a coordinate reference system, found none",
            "ogr2ogr -a_srs",
            ".prj",
        ],
    );
}

#[test]
fn a_raster_without_a_place_stops() {
    let study = Study::new();
    gdal(
        &study.path(""),
        "gdal_translate",
        &[
            "-q",
            "-of",
            "PNG",
            "-ot",
            "Byte",
            "-a_srs",
            "EPSG:4326",
            "-co",
            "WORLDFILE=NO",
            "from.asc",
            "placeless.png",
        ],
    );
    let _ = std::fs::remove_file(study.path("placeless.png.aux.xml"));
    study.edit("study.toml", "from.asc", "placeless.png");
    study.refused(
        2,
        &[
            "placeless.png",
            "expected an affine transform",
            "found none",
            "gdal_translate -a_ullr",
        ],
    );
}

#[test]
fn a_map_that_misses_half_the_country_is_counted_and_said() {
    let study = Study::new();
    // The western half of the regions, to the cell.
    study.write(
        "from.asc",
        &ascii_grid([90.0, 40.0, 104.0, 50.0], RightStudy::code_from),
    );
    study.accepted(&[
        "warning: the zone map of the 1980s misses 50.",
        "% of the area of interest",
        "a row of their own",
    ]);
    let whole = Study::new();
    whole.accepted(&[]);
    let regions = |study: &Study| cells_by(&study.out(), |row| row.region.clone());
    assert_eq!(regions(&study), regions(&whole), "totals still close");
    let zones = cells_by(&study.out(), |row| row.zone_from.clone());
    assert_eq!(zones["(outside zones)"], regions(&whole)["East"]);
    let tables = String::from_utf8(study.table("zone_transitions.csv")).unwrap();
    assert!(tables.contains("(outside zones),Seasonal"), "{tables}");
    let valid = |study: &Study| -> u64 {
        tidy_rows(&study.out())
            .iter()
            .map(|row| row.valid_cells)
            .sum()
    };
    assert!(valid(&study) <= valid(&whole));
}

#[test]
fn a_map_of_another_country_stops() {
    let study = Study::new();
    study.write(
        "from.asc",
        &ascii_grid([10.0, 40.0, 20.0, 50.0], RightStudy::code_from),
    );
    study.refused(
        2,
        &["from.asc", "holds no cell of the regions", "nutag inspect"],
    );
}

#[test]
fn a_legend_with_a_gap_stops_and_lists_the_values() {
    let study = Study::new();
    study.edit(
        "from.toml",
        "[[class]]\ncode = 2\nzone = \"Sporadic\"\n",
        "",
    );
    let words = [
        "from.asc",
        "the legend has no answer for 1 value",
        "  2: ",
        "cells, the first at",
        " E, 44.9",
        "outside = true",
    ];
    study.refused(2, &words);

    let study = Study::new();
    study.edit("to.toml", "\"sporadic\"", "\"Sporadic\"");
    study.refused(
        2,
        &[
            "to.geojson",
            "the legend has no answer for 1 value",
            "  sporadic: ",
            "[[class]]",
        ],
    );
}

#[test]
fn a_gap_outside_the_regions_does_not_matter() {
    let study = Study::new();
    let code = |latitude: f64| {
        if latitude > 48.0 {
            77
        } else {
            RightStudy::code_from(latitude)
        }
    };
    study.write("from.asc", &ascii_grid(RightStudy::MAPPED, code));
    study.accepted(&[]);
    assert_eq!(cells_by(&study.out(), |row| row.region.clone()), {
        let whole = Study::new();
        whole.accepted(&[]);
        cells_by(&whole.out(), |row| row.region.clone())
    });
}

#[test]
fn a_legend_that_contradicts_itself_or_names_other_zones_stops() {
    let cases = [
        (
            "from.toml",
            "zone = \"Sporadic\"",
            "zone = \"sporadic\"",
            "zone \"sporadic\" is not in `zones`",
        ),
        (
            "from.toml",
            "code = 2",
            "code = 1",
            "code 1 already has an answer",
        ),
        ("from.toml", "code = 2", "cod = 2", "unknown key `cod`"),
        (
            "from.toml",
            "\"Sporadic\", \"Continuous\"",
            "\"Sporadic\", \"Sporadic\"",
            "repeated",
        ),
    ];
    for (file, from, to, word) in cases {
        let study = Study::new();
        study.edit(file, from, to);
        study.refused(2, &[file, word, "pipelines/README.md"]);
    }
    let study = Study::new();
    study.edit(
        "to.toml",
        "[\"Seasonal\", \"Sporadic\", \"Continuous\"]",
        "[\"Sporadic\", \"Seasonal\", \"Continuous\"]",
    );
    study.refused(
        2,
        &[
            "the legends of the two zone maps list different zones",
            "same order",
        ],
    );
    let study = Study::new();
    study.remove(&study.path("from.toml"));
    study.refused(2, &["from.toml", "the legend cannot be read"]);
}

fn overlapping() -> Study {
    let study = Study::new();
    let mut zones = RightStudy::ZONES_TO;
    zones[1].1[1] = 44.75;
    study.write_json("to.geojson", &polygons("ZONE", &zones));
    study
}

#[test]
fn zones_that_overlap_stop() {
    overlapping().refused(
        2,
        &[
            "to.geojson",
            "\"seasonally frozen\" and \"sporadic\" overlap",
            "both claim",
            "overlap = \"first\"",
        ],
    );
}

#[test]
fn overlapping_zones_may_go_to_the_first_and_are_counted() {
    let study = overlapping();
    study.edit(
        "study.toml",
        "attribute = \"ZONE\"",
        "attribute = \"ZONE\", overlap = \"first\"",
    );
    study.accepted(&[
        "warning",
        "\"seasonally frozen\" and \"sporadic\" both claim",
        "the first in the file has them",
    ]);
    assert!(
        study.tables() == Study::right_tables(),
        "the first zone keeps what it has in the right study"
    );
}

#[test]
fn a_byte_order_mark_before_any_text_changes_nothing() {
    let study = Study::new();
    for name in [
        "study.toml",
        "from.toml",
        "to.toml",
        "regions.geojson",
        "to.geojson",
    ] {
        let text = std::fs::read_to_string(study.path(name)).unwrap();
        study.write(name, &format!("\u{feff}{text}"));
    }
    study.accepted(&[]);
    assert!(study.tables() == Study::right_tables());
}
