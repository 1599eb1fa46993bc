//! Granules that are missing, of another kind, or damaged.

use std::fs;

use nutag_testkit::hdf4::{Fault, Mod17Layout};
use nutag_tests::{RightStudy, Study, tidy_rows};

/// The granule that is spoilt.
const BAD: (u8, u8, u16) = (25, 4, 2002);
const BAD_NAME: &str = "MOD17A3HGF.A2002001.h25v04.061";

fn spoilt(fault: Fault) -> Study {
    let study = Study::new();
    let (h, v, year) = BAD;
    study.granule(&RightStudy::granule(h, v, year).fault(fault));
    study
}

fn bad_path(study: &Study) -> std::path::PathBuf {
    let (h, v, year) = BAD;
    study.granule_path(h, v, year)
}

#[test]
fn a_right_study_is_done() {
    let study = Study::new();
    let outcome = study.accepted(&[]);
    assert!(outcome.stdout.contains("report.html"), "{outcome}");
    assert!(!outcome.stderr.contains("warning"), "{outcome}");
    assert!(!outcome.stderr.contains("error"), "{outcome}");
    let rows = tidy_rows(&study.out());
    assert!(rows.iter().any(|row| row.valid_cells > 0));
    assert!(rows.iter().any(|row| row.masked_cells["barren"] > 0));
}

#[test]
fn a_missing_year_is_named() {
    let study = Study::new();
    for (h, v) in RightStudy::TILES {
        study.remove(&study.granule_path(h, v, 2002));
    }
    study.refused(
        2,
        &[
            "2 of 6 granules are missing",
            "MOD17A3HGF.A2002001.h24v04.061",
            "MOD17A3HGF.A2002001.h25v04.061",
            "granules:",
            "`nutag granules`",
            "allow_missing = true",
        ],
    );
}

#[test]
fn a_missing_tile_is_named() {
    let study = Study::new();
    for year in RightStudy::YEARS {
        study.remove(&study.granule_path(24, 4, year));
    }
    let words = [
        "3 of 6 granules are missing",
        "A2001001.h24v04",
        "A2003001.h24v04",
        "allow_missing",
    ];
    let outcome = study.refused(2, &words);
    assert!(!outcome.stderr.contains("h25v04"), "{outcome}");
}

#[test]
fn missing_granules_may_be_allowed_and_are_counted() {
    let study = Study::new();
    study.edit(
        "study.toml",
        "barren         =",
        "allow_missing = true\nbarren =",
    );
    study.edit("study.toml", "\"common\"", "\"per-year\"");
    study.remove(&study.granule_path(24, 4, 2002));
    study.accepted(&["warning", "1 of 6 granules are missing", "count as missing"]);
    let mut missing = 0;
    for row in tidy_rows(&study.out()) {
        let here = row.masked_cells["missing"];
        assert!(row.year == "2002" || here == 0, "{row:?}");
        missing += here;
    }
    // Every cell of the regions in that tile, and only in that year.
    let whole = Study::new();
    whole.accepted(&[]);
    let cells = |study: &Study, region: &str| -> u64 {
        let rows = tidy_rows(&study.out());
        rows.iter()
            .filter(|row| row.year == "2002" && row.region == region)
            .map(|row| row.cells)
            .sum()
    };
    assert!(missing > 0 && missing < cells(&study, "West") + cells(&study, "East"));
    for region in ["West", "East"] {
        assert_eq!(cells(&study, region), cells(&whole, region));
    }
}

#[test]
fn a_missing_granule_under_the_common_mask_is_said_to_cost_its_tile() {
    let study = Study::new();
    study.edit(
        "study.toml",
        "barren         =",
        "allow_missing = true\nbarren =",
    );
    study.remove(&study.granule_path(24, 4, 2002));
    study.accepted(&["1 of 6 granules are missing", "no value in any period"]);
    let rows = tidy_rows(&study.out());
    let elsewhere: u64 = rows
        .iter()
        .map(|row| row.masked_cells["invalid_in_another_year"])
        .sum();
    assert!(elsewhere > 0, "the other years of the tile are masked too");
}

#[test]
fn two_collections_are_not_mixed() {
    let study = Study::new();
    let old = study.path("granules/MOD17A3HGF.A2002001.h25v04.006.2020001000000.hdf");
    fs::copy(bad_path(&study), &old).unwrap();
    study.refused(
        2,
        &[
            "expected one collection, MOD17A3HGF.061",
            "found also MOD17A3HGF.006",
            old.to_str().unwrap(),
            "keep one in the folder",
        ],
    );
}

#[test]
fn another_collection_alone_is_named() {
    let study = Study::new();
    study.edit("study.toml", "MOD17A3HGF.061", "MOD17A3HGF.006");
    study.refused(
        2,
        &[
            "expected granules of MOD17A3HGF.006",
            "found only MOD17A3HGF.061",
            "change `product`",
        ],
    );
}

#[test]
fn a_folder_without_granules_is_named() {
    let study = Study::new();
    study.edit("study.toml", "= \"granules\"", "= \"granule\"");
    study.refused(
        2,
        &[
            "granule:",
            "no such folder",
            "expected a folder of granules",
        ],
    );
}

#[test]
fn a_granule_cut_short_anywhere_is_refused() {
    let (h, v, year) = BAD;
    let whole = RightStudy::granule(h, v, year).to_bytes().len();
    for length in [0, 3, 100, whole / 4, whole / 2, whole - whole / 50] {
        let study = spoilt(Fault::Truncated(length));
        let outcome = study.refused(
            2,
            &[
                BAD_NAME,
                "expected a whole HDF4 granule",
                "get the file again",
            ],
        );
        assert!(outcome.stderr.len() < 1500, "one clear message\n{outcome}");
    }
}

#[test]
fn a_page_saved_as_a_granule_is_refused() {
    let study = Study::new();
    fs::write(
        bad_path(&study),
        "<html><title>Earthdata Login</title></html>\n",
    )
    .unwrap();
    study.refused(
        2,
        &[
            BAD_NAME,
            "expected a whole HDF4 granule",
            "get the file again",
        ],
    );
}

/// The header is right and the stream behind it is not: that shows while counting.
#[test]
fn damage_inside_a_granule_stops_the_run_and_leaves_nothing() {
    let study = Study::new();
    let (h, v, year) = BAD;
    for layout in [
        Mod17Layout::Chunked {
            rows: 120,
            cols: 120,
        },
        Mod17Layout::Whole,
    ] {
        let mut bytes = RightStudy::granule(h, v, year).layout(layout).to_bytes();
        let deflate = |pair: &[u8]| matches!(pair, [0x78, 0x01 | 0x5e | 0x9c | 0xda]);
        let start = bytes
            .windows(2)
            .position(deflate)
            .expect("a deflate stream")
            + 40;
        bytes[start..start + 200].fill(0xff);
        fs::write(bad_path(&study), &bytes).unwrap();
        study.refused(1, &[BAD_NAME, "Npp_500m", "get the file again"]);
    }
}

#[test]
fn an_sds_that_is_absent_is_named_with_those_that_are_there() {
    spoilt(Fault::MissingSds("Npp_500m".to_owned())).refused(
        2,
        &[
            BAD_NAME,
            "expected an SDS \"Npp_500m\"",
            "SDS in the file: \"Npp_QC_500m\"",
            "MOD17A3HGF.061",
            "nutag inspect",
        ],
    );
}

#[test]
fn an_absent_quality_layer_matters_only_where_it_is_asked_for() {
    let study = spoilt(Fault::MissingSds("Npp_QC_500m".to_owned()));
    study.accepted(&[]);
    let study = spoilt(Fault::MissingSds("Npp_QC_500m".to_owned()));
    study.edit("study.toml", "qc_max_percent = 100", "qc_max_percent = 50");
    study.refused(
        2,
        &[
            BAD_NAME,
            "expected an SDS \"Npp_QC_500m\"",
            "SDS in the file: \"Npp_500m\"",
        ],
    );
}

#[test]
fn an_sds_of_another_type_is_refused() {
    spoilt(Fault::NppUnsigned).refused(
        2,
        &[
            BAD_NAME,
            "\"Npp_500m\"",
            "expected numbers of type int16",
            "found uint16",
        ],
    );
}

#[test]
fn a_granule_of_another_size_is_refused() {
    let study = Study::new();
    let (h, v, year) = BAD;
    study.granule(&RightStudy::granule_of(h, v, year, 60));
    study.refused(2, &[BAD_NAME, "expected 120 x 120 cells", "found 60 x 60"]);
}

#[test]
fn a_granule_that_is_not_where_its_name_says_is_refused() {
    spoilt(Fault::ShiftedCorners).refused(
        2,
        &[
            BAD_NAME,
            "expected the corners of tile h25v04 as in the file's name",
            "found (8895604.157",
            "was the file renamed or cut?",
        ],
    );
    // The other way to get there: a right granule under another name.
    let study = Study::new();
    fs::copy(study.granule_path(24, 4, 2002), bad_path(&study)).unwrap();
    study.refused(
        2,
        &[BAD_NAME, "expected the corners of tile h25v04", "renamed"],
    );
}

#[test]
fn a_granule_in_another_projection_or_in_none_is_refused() {
    spoilt(Fault::WrongProjection).refused(
        2,
        &[BAD_NAME, "expected the sinusoidal projection", "GCTP_LAMAZ"],
    );
    spoilt(Fault::NoStructMetadata).refused(
        2,
        &[BAD_NAME, "expected an HDF-EOS grid", "found no grid at all"],
    );
}

#[test]
fn several_bad_granules_are_listed_together() {
    let study = spoilt(Fault::NppUnsigned);
    study.granule(&RightStudy::granule(24, 4, 2001).fault(Fault::ShiftedCorners));
    study.refused(
        2,
        &[
            "2 granules are not what they should be",
            BAD_NAME,
            "MOD17A3HGF.A2001001.h24v04.061",
        ],
    );
}

#[test]
fn a_chunk_that_was_never_written_is_counted_and_not_guessed() {
    let study = spoilt(Fault::MissingChunk(12, 0));
    study.accepted(&[]);
    let rows = tidy_rows(&study.out());
    let missing = |year: &str| -> u64 {
        rows.iter()
            .filter(|row| row.year == year)
            .map(|row| row.masked_cells["missing"])
            .sum()
    };
    assert!(missing("2002") > 0);
    assert_eq!(missing("2001"), 0);
}

#[test]
fn checking_says_the_same_as_running() {
    let study = spoilt(Fault::NppUnsigned);
    let file = study.path("study.toml");
    let outcome = nutag_tests::finish(nutag_tests::command(&["check", file.to_str().unwrap()]));
    outcome.expect(
        2,
        &[BAD_NAME, "expected numbers of type int16", "found uint16"],
    );
}
