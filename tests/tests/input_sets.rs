//! An input is a set of files, and the environment is none: what decides a number is hashed, named and
//! compared, or refused.

use std::fs;

use nutag_tests::{Outcome, RightStudy, Study, ascii_grid, command, finish, polygons, wgs84_wkt};
use serde_json::Value;

/// A study whose first zone map is a virtual raster over another file.
fn virtual_study() -> Study {
    let study = Study::new();
    fs::rename(study.path("from.asc"), study.path("source.asc")).unwrap();
    fs::rename(study.path("from.prj"), study.path("source.prj")).unwrap();
    let [west, south, east, north] = RightStudy::MAPPED;
    let text = fs::read_to_string(study.path("source.asc")).unwrap();
    let number = |key: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let (cols, rows) = (number("ncols"), number("nrows"));
    let vrt = format!(
        "<VRTDataset rasterXSize=\"{cols}\" rasterYSize=\"{rows}\"><SRS>{}</SRS><GeoTransform>{west}, {}, 0, {north}, 0, {}\
         </GeoTransform><VRTRasterBand dataType=\"Int32\" band=\"1\"><SimpleSource><SourceFilename relativeToVRT=\"1\">\
         source.asc</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>",
        wgs84_wkt().replace('"', "&quot;"),
        (east - west) / cols,
        -(north - south) / rows
    );
    study.write("from.vrt", &vrt);
    study.edit("study.toml", "from.asc", "from.vrt");
    study
}

fn manifest_inputs(study: &Study) -> Vec<String> {
    let text = fs::read_to_string(study.out().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let inputs = manifest["inputs"].as_array().unwrap().iter();
    inputs
        .map(|input| {
            let path = input["path"].as_str().unwrap();
            path.rsplit('/').next().unwrap().to_owned()
        })
        .collect()
}

fn reassess(study: &Study) -> Outcome {
    let (pipeline, runs) = (study.path("study.toml"), study.path("runs"));
    finish(command(&[
        "reassess",
        pipeline.to_str().unwrap(),
        "--runs",
        runs.to_str().unwrap(),
    ]))
}

fn verify(study: &Study) -> Outcome {
    finish(command(&["verify", study.out().to_str().unwrap()]))
}

#[test]
fn a_source_behind_a_virtual_raster_is_an_input() {
    let study = virtual_study();
    study.accepted(&[]);
    assert!(study.tables() == Study::right_tables());
    let inputs = manifest_inputs(&study);
    for name in ["from.vrt", "source.asc", "source.prj", "from.toml"] {
        assert!(
            inputs.iter().any(|input| input == name),
            "{name} in {inputs:?}"
        );
    }
    reassess(&study).expect(0, &[]);
    assert!(reassess(&study).stdout.starts_with("unchanged"));
    // Every cell is seasonally frozen now.
    study.write("source.asc", &ascii_grid(RightStudy::MAPPED, |_| 1));
    let changed = reassess(&study);
    assert!(
        changed.stdout.starts_with("changed") && changed.stdout.contains("source.asc"),
        "{changed}"
    );
    let verified = verify(&study);
    assert_eq!(verified.code(), Some(1), "{verified}");
    let said = format!("{}{}", verified.stdout, verified.stderr);
    assert!(
        said.contains("source.asc") && !said.contains("tallies of the run"),
        "{verified}"
    );
}

#[test]
fn a_file_that_comes_beside_a_map_is_seen() {
    let study = Study::new();
    study.accepted(&[]);
    assert!(manifest_inputs(&study).contains(&"from.prj".to_owned()));
    reassess(&study).expect(0, &[]);
    study.write(
        "from.asc.aux.xml",
        "<PAMDataset><PAMRasterBand band=\"1\"><NoDataValue>3</NoDataValue></PAMRasterBand></PAMDataset>",
    );
    let changed = reassess(&study);
    assert!(
        changed.stdout.starts_with("changed") && changed.stdout.contains("from.asc.aux.xml"),
        "{changed}"
    );
    let verified = verify(&study);
    let said = format!("{}{}", verified.stdout, verified.stderr);
    assert!(
        said.contains("from.asc.aux.xml") && said.contains("was no input"),
        "{verified}"
    );
}

#[test]
fn a_plan_is_merged_with_the_files_that_it_was_made_from() {
    let study = virtual_study();
    let plan = study.path("plan");
    let (pipeline, folder) = (study.path("study.toml"), plan.to_str().unwrap());
    finish(command(&[
        "plan",
        pipeline.to_str().unwrap(),
        "--out",
        folder,
    ]))
    .expect(0, &[]);
    finish(command(&["task", folder, "--all"])).expect(0, &[]);
    study.write("source.asc.aux.xml", "<PAMDataset/>");
    let merge = || {
        finish(command(&[
            "merge",
            folder,
            "--out",
            study.out().to_str().unwrap(),
        ]))
    };
    merge().expect(1, &["source.asc.aux.xml", "after the plan was made"]);
    study.remove(&study.path("source.asc.aux.xml"));
    study.write("source.asc", &ascii_grid(RightStudy::MAPPED, |_| 1));
    merge().expect(1, &["source.asc", "changed after the plan was made"]);
}

#[test]
fn settings_from_the_environment_move_no_number() {
    let study = Study::new();
    let words = study.arguments();
    let run = |name: &str, value: &str| {
        let mut command = command(&words.iter().map(String::as_str).collect::<Vec<_>>());
        command.env(name, value);
        finish(command)
    };
    for name in [
        "SHAPE_ENCODING",
        "OGR_CT_FORCE_TRADITIONAL_GIS_ORDER",
        "GDAL_PAM_ENABLED",
    ] {
        run(name, "YES").expect(2, &[name, "unset"]);
        study.nothing_left();
    }
    for name in ["PROJ_DATA", "PROJ_LIB"] {
        let none = run(name, "/nonexistent");
        none.expect(1, &["proj.db", name, "/nonexistent"]);
        assert!(!none.stderr.contains("regions.geojson"), "{none}");
        study.nothing_left();
    }
    run("GDAL_CACHEMAX", "32").expect(0, &[]);
}

#[test]
fn thresholds_of_a_map_in_single_precision_are_its_own() {
    let study = Study::new();
    let values = [0.1, 0.5, 0.9];
    let grid = ascii_grid(RightStudy::MAPPED, RightStudy::code_from);
    // Codes 1, 2 and 3 become measured values on the bounds of their classes.
    let lines = grid.lines().map(|line| {
        if line.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return line.to_owned();
        }
        let values = line.split_whitespace().map(|code| match code {
            "1" => values[0].to_string(),
            "2" => values[1].to_string(),
            "3" => values[2].to_string(),
            other => other.to_owned(),
        });
        values.collect::<Vec<_>>().join(" ")
    });
    study.write("from.asc", &lines.collect::<Vec<_>>().join("\n"));
    study.write(
        "from.toml",
        "name = \"values\"\nzones = [\"Seasonal\", \"Sporadic\", \"Continuous\"]\n\
         [[class]]\nrange = [0.1, 0.5]\nzone = \"Seasonal\"\n[[class]]\nrange = [0.5, 0.9]\nzone = \"Sporadic\"\n\
         [[class]]\nrange = [0.9, 1.0]\nzone = \"Continuous\"\n",
    );
    study.accepted(&[]);
    assert!(study.tables() == Study::right_tables());
}

#[test]
fn regions_of_another_turn_are_the_same_ground() {
    let study = Study::new();
    let turned = RightStudy::REGIONS.map(|(name, [west, south, east, north])| {
        (name, [west - 360.0, south, east - 360.0, north])
    });
    study.write_json("regions.geojson", &polygons("name", &turned));
    study.accepted(&[]);
    assert!(study.tables() == Study::right_tables());
}

#[test]
fn inspect_prints_the_good_files_and_the_error() {
    let study = Study::new();
    study.write("broken.tif", "no raster");
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let files = [
        path("from.asc"),
        path("broken.tif"),
        path("regions.geojson"),
    ];
    let words: Vec<&str> = std::iter::once("inspect")
        .chain(files.iter().map(String::as_str))
        .collect();
    let found = finish(command(&words));
    assert_eq!(found.code(), Some(2), "{found}");
    assert!(found.stderr.contains("broken.tif"), "{found}");
    for words in [
        "from.asc: raster",
        "longitude, degrees",
        "90 to 120",
        "values (cells)",
        "from.prj",
        "regions.geojson: vector",
        "98 to 110",
        "\"East\" (1), \"West\" (1)",
    ] {
        assert!(found.stdout.contains(words), "{words}: {found}");
    }
    let mut words = words;
    words.insert(0, "--json");
    let found = finish(command(&words));
    assert_eq!(found.code(), Some(2), "{found}");
    let inspected: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(inspected.as_array().unwrap().len(), 2);
}
