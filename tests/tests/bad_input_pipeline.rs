//! Pipeline files that do not say what can be done.

use nutag_tests::{Study, command, finish};

/// One change of the right pipeline file, and what must be said about it.
#[track_caller]
fn refused(from: &str, to: &str, words: &[&str]) {
    let study = Study::new();
    study.edit("study.toml", from, to);
    let outcome = study.refused(2, words);
    assert!(
        outcome.stderr.contains("study.toml"),
        "the file is named\n{outcome}"
    );
}

#[test]
fn a_misspelt_key_is_shown_with_line_caret_and_the_key_that_was_meant() {
    let study = Study::new();
    study.edit("study.toml", "qc_max_percent =", "qc_max_precent =");
    let outcome = study.refused(
        2,
        &[
            "study.toml",
            "line 11, column 1",
            "11 | qc_max_precent = 100",
            "unknown key `qc_max_precent` in [npp]",
            "did you mean `qc_max_percent`?",
        ],
    );
    let carets = outcome
        .stderr
        .lines()
        .find(|line| line.contains('^'))
        .unwrap();
    assert_eq!(
        carets.matches('^').count(),
        "qc_max_precent".len(),
        "{outcome}"
    );
}

#[test]
fn a_misspelt_key_in_a_map_or_section_is_shown_too() {
    refused(
        "epoch = \"1980s\"",
        "epok = \"1980s\"",
        &["unknown key `epok`", "did you mean `epoch`?", "line 16"],
    );
    refused(
        "[regions]",
        "[region]",
        &["unknown key `region`", "did you mean `regions`?", "^"],
    );
    refused(
        "mask           = \"common\"",
        "mask = \"comon\"",
        &[
            "expected \"common\" or \"per-year\", found \"comon\"",
            "did you mean \"common\"?",
            "line 12",
        ],
    );
    refused(
        "\"csv\", \"md\"",
        "\"csv\", \"mdd\"",
        &["found \"mdd\"", "did you mean \"md\"?"],
    );
}

#[test]
fn a_key_that_is_nothing_like_any_other_gets_the_list() {
    refused(
        "name = \"name\"",
        "name = \"name\"\ncolour = \"red\"",
        &["unknown key `colour`", "the keys here are", "`overlap`"],
    );
}

#[test]
fn a_key_that_moves_numbers_must_be_there() {
    for key in [
        "mask           = \"common\"",
        "barren         = \"exclude\"",
    ] {
        let name = key.split(' ').next().unwrap();
        refused(
            key,
            "",
            &[&format!("the key `{name}` is missing in [npp]"), "[npp]"],
        );
    }
    let limit = [
        "no limit is set",
        "Npp_QC_500m",
        "qc_max_percent = 0 to 100",
    ];
    refused("qc_max_percent = 100", "", &limit);
}

#[test]
fn a_value_of_another_kind_is_shown() {
    refused("[2001, 2003]", "2001", &["line 10", "^", "years"]);
    refused(
        "qc_max_percent = 100",
        "qc_max_percent = \"all\"",
        &[
            "line 11",
            "expected a whole number from 0 to 255, found the text \"all\"",
            "^",
        ],
    );
    refused(
        "qc_max_percent = 100",
        "qc_max_percent = 300",
        &["line 11", "300", "^"],
    );
    refused("[npp]", "[npp", &["line 6", "^"]);
}

#[test]
fn contradictions_say_what_to_do() {
    refused(
        "[2001, 2003]",
        "[2003, 2001]",
        &["runs backwards", "first year first"],
    );
    refused(
        "years          = [2001, 2003]",
        "dates = [\"2001-001\"]",
        &[
            "MOD17A3HGF.061 has one granule a year",
            "years = [2001, 2012]",
        ],
    );
    refused(
        "years          = [2001, 2003]",
        "",
        &["needs either `years` or `dates`"],
    );
    refused(
        "qc_max_percent = 100",
        "qc_max_percent = 101",
        &["101 is above 100"],
    );
    refused(
        "epoch = \"2000s\"",
        "epoch = \"1980s\"",
        &["both zone maps are of the epoch"],
    );
    refused(", legend = \"to.toml\"", "", &["[zones] to has no legend"]);
    refused("name = \"name\"", "", &["[regions] needs either `name`"]);
    refused(
        "cells_per_tile = 120",
        "cells_per_tile = 0",
        &[
            "[npp] cells_per_tile",
            "expected a grid of at least one cell",
        ],
    );
    let study = Study::new();
    study.edit("study.toml", "= 120", "= 121");
    study.refused(
        2,
        &["6 granules", "expected 121 x 121 cells", "found 120 x 120"],
    );
}

#[test]
fn an_unknown_product_is_answered_with_the_known_ones() {
    refused(
        "MOD17A3HGF.061",
        "MOD17A3HGF.61",
        &[
            "there is no named product \"MOD17A3HGF.61\"",
            "MOD17A3HGF.061, MOD17A3HGF.006",
            "[product] section",
        ],
    );
    refused(
        "product        = \"MOD17A3HGF.061\"",
        "",
        &["names no product", "product = \"MOD17A3HGF.061\""],
    );
}

#[test]
fn a_band_or_layer_that_is_not_there_is_named() {
    let study = Study::new();
    study.edit(
        "study.toml",
        "path = \"from.asc\"",
        "path = \"from.asc\", band = 2",
    );
    study.refused(2, &["from.asc", "expected a band 2", "found 1 bands"]);
    let study = Study::new();
    study.edit(
        "study.toml",
        "attribute = \"ZONE\"",
        "attribute = \"ZONE\", layer = \"zones\"",
    );
    study.refused(
        2,
        &[
            "to.geojson",
            "expected a layer \"zones\"",
            "layers in the file: \"to\"",
        ],
    );
}

#[test]
fn a_pipeline_file_that_is_not_there_or_not_text_is_named() {
    for command_name in ["run", "check", "granules"] {
        let study = Study::new();
        let gone = study.path("gone.toml");
        let run = |path: &std::path::Path| finish(command(&[command_name, path.to_str().unwrap()]));
        run(&gone).expect(2, &["gone.toml", "cannot be read", "check the path"]);
        run(&study.path("granules")).expect(2, &["granules", "cannot be read"]);
        std::fs::write(&gone, [0x89, b'P', 0xff, 0xfe]).unwrap();
        run(&gone).expect(2, &["gone.toml", "cannot be read"]);
    }
}
