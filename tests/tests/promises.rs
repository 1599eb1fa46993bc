//! What `nutag check` accepts, `nutag run` can do: whatever the end of a run would refuse without having
//! learnt anything new is refused by both, with exit code 2, before a granule is read.

use std::fs;

use nutag_tests::{Outcome, RightStudy, Study, command, finish, polygons};

fn check(study: &Study) -> Outcome {
    let pipeline = study.path("study.toml");
    finish(command(&["check", pipeline.to_str().unwrap()]))
}

/// Both refuse, in the same words, and nothing was counted.
#[track_caller]
fn both_refuse(study: &Study, words: &[&str]) {
    let checked = check(study);
    checked.expect(2, words);
    let run = study.refused(2, words);
    assert!(!run.stderr.contains("reading and counting"), "{run}");
}

fn regions(study: &Study, names: &[(&str, [f64; 4])]) {
    study.write_json("regions.geojson", &polygons("name", names));
}

const WEST: [f64; 4] = [98.0, 44.0, 104.0, 46.0];
const EAST: [f64; 4] = [104.0, 44.0, 110.0, 46.0];

#[test]
fn names_of_rows_of_the_programs_own_are_refused() {
    for name in [
        "Total",
        "total",
        " Total ",
        "(outside zones)",
        "(Outside Regions)",
    ] {
        let study = Study::new();
        regions(&study, &[("West", WEST), (name, EAST)]);
        both_refuse(
            &study,
            &["which is kept for a row of its own", "regions.geojson"],
        );
    }
    let study = Study::new();
    for file in ["from.toml", "to.toml"] {
        let text = fs::read_to_string(study.path(file)).unwrap();
        study.write(file, &text.replace("Sporadic", "Total"));
    }
    both_refuse(&study, &["found \"Total\"", "from.asc"]);
}

#[test]
fn a_region_without_a_cell_is_said_and_has_rows_with_0() {
    let study = Study::new();
    // Between two rows of cell centres, which lie a twelfth of a degree apart.
    let isle = [100.01, 47.001, 100.02, 47.002];
    regions(
        &study,
        &[
            ("Aisle", isle),
            ("West", WEST),
            ("Isle", [100.01, 47.011, 100.02, 47.012]),
            ("East", EAST),
        ],
    );
    let words =
        ["2 of 4 regions hold no centre of a cell and count as 0 cells: \"Aisle\", \"Isle\""];
    check(&study).expect(0, &words);
    study.accepted(&words);
    let table = fs::read_to_string(study.out().join("tables/npp_by_region_zone_year.csv")).unwrap();
    let column = |name: &str| {
        let head = table.lines().next().unwrap();
        head.split(',').position(|column| column == name).unwrap()
    };
    let (region, year, cells, valid) = (
        column("region"),
        column("year"),
        column("cells"),
        column("valid_cells"),
    );
    for name in ["Aisle", "Isle"] {
        let rows: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>())
            .filter(|row| row[region] == name)
            .collect();
        assert_eq!(rows.len(), RightStudy::YEARS.len(), "{table}");
        for (row, wanted) in rows.iter().zip(RightStudy::YEARS) {
            assert_eq!(
                (row[year], row[cells], row[valid]),
                (&*wanted.to_string(), "0", "0")
            );
        }
    }
    // Its place among the others is its own.
    let order: Vec<&str> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(region).unwrap())
        .collect();
    let mut distinct = order.clone();
    distinct.dedup();
    assert_eq!(distinct, ["Aisle", "West", "Isle", "East"]);
}

#[test]
fn more_zones_than_a_map_can_show_are_refused_before() {
    let study = Study::new();
    study.edit("study.toml", "maps = []", "maps = [\"cog\"]");
    let zones: Vec<String> = (0..300).map(|i| format!("\"z{i}\"")).collect();
    for file in ["from.toml", "to.toml"] {
        let text = fs::read_to_string(study.path(file)).unwrap();
        let old = "\"Seasonal\", \"Sporadic\", \"Continuous\"";
        study.write(
            file,
            &text.replace(old, &format!("{old}, {}", zones.join(", "))),
        );
    }
    both_refuse(&study, &["303 zones; at most 250", "maps = []"]);
}

#[test]
fn trends_that_cannot_be_are_refused_before() {
    let study = Study::new();
    study.write(
        "study.toml",
        &format!(
            "{}\n[trend]\nhamed_rao = true\n",
            fs::read_to_string(study.path("study.toml")).unwrap()
        ),
    );
    both_refuse(
        &study,
        &["3 period(s)", "too few for a trend", "at least 4"],
    );

    let trend = "field_significance = { permutations = 99, seed = 1 }";
    let study = four_years();
    study.write(
        "study.toml",
        &format!(
            "{}\n[trend]\n{trend}\n",
            fs::read_to_string(study.path("study.toml")).unwrap()
        ),
    );
    both_refuse(&study, &["trends of single cells, and this run has none"]);
}

fn four_years() -> Study {
    let study = Study::new();
    study.edit("study.toml", "[2001, 2003]", "[2001, 2004]");
    for (h, v) in RightStudy::TILES {
        study.granule(&RightStudy::granule(h, v, 2004));
    }
    study
}

#[test]
fn the_published_table_needs_cells_in_every_zone() {
    let study = Study::new();
    let text = fs::read_to_string(study.path("study.toml")).unwrap();
    study.write("study.toml", &format!("mode = \"as-published\"\n{text}"));
    for file in ["from.toml", "to.toml"] {
        let text = fs::read_to_string(study.path(file)).unwrap();
        study.write(
            file,
            &text.replace("\"Continuous\"]", "\"Continuous\", \"Isolated\"]"),
        );
    }
    both_refuse(
        &study,
        &["no cell of the regions is in the zone(s) \"Isolated\" of the 1980s"],
    );
}

#[test]
fn a_result_that_would_hold_its_inputs_is_refused() {
    let study = Study::new();
    study.accepted(&[]);
    // A map of an earlier result as an input of the next, which is to take its place.
    let from = study.out().join("from.asc");
    fs::rename(study.path("from.asc"), &from).unwrap();
    fs::rename(study.path("from.prj"), study.out().join("from.prj")).unwrap();
    study.edit(
        "study.toml",
        "path = \"from.asc\"",
        "path = \"results/out/from.asc\"",
    );
    study
        .run_with(&["--overwrite"])
        .expect(2, &["would hold inputs", "--out"]);
    assert!(from.is_file());
}

#[test]
fn a_pattern_that_matches_nothing_is_not_advised_to_go_on_without() {
    let study = Study::new();
    study.edit("study.toml", "\"granules\"", "\"granules/*.hfd\"");
    let outcome = check(&study);
    outcome.expect(
        2,
        &[
            "6 of 6 granules are missing",
            "is the path or pattern right",
            "nutag granules",
        ],
    );
    assert!(!outcome.stderr.contains("allow_missing"), "{outcome}");
    study.edit(
        "study.toml",
        "barren         =",
        "allow_missing = true\nbarren         =",
    );
    let outcome = check(&study);
    outcome.expect(
        2,
        &[
            "no granule of MOD17A3HGF.061",
            "is the path or pattern right",
        ],
    );
    assert!(!outcome.stderr.contains("allow_missing"), "{outcome}");
}

#[test]
fn one_problem_of_many_granules_is_said_once() {
    let study = Study::new();
    for year in RightStudy::YEARS {
        for (h, v) in RightStudy::TILES {
            study.granule(&RightStudy::granule_of(h, v, year, 60));
        }
    }
    let outcome = check(&study);
    outcome.expect(
        2,
        &[
            "6 granules are not what they should be",
            "and 5 more files alike",
        ],
    );
    assert_eq!(outcome.stderr.matches("60 x 60").count(), 1, "{outcome}");
    // One that is wrong in another way is said beside.
    let path = study.granule_path(24, 4, 2002);
    fs::write(&path, b"no granule").unwrap();
    let outcome = check(&study);
    outcome.expect(
        2,
        &[
            "6 granules are not",
            "and 4 more files alike",
            path.file_name().unwrap().to_str().unwrap(),
        ],
    );
}
