//! The rule on the quality layer: what is asked for applies, or is refused.

use nutag_tests::{Study, command, finish, tidy_rows};

const NAMED: &str = "product        = \"MOD17A3HGF.061\"\ncells_per_tile = 120\n";

/// The same layer as the named product's, described, with this quality layer and limit.
fn described(qc: &str, limit: &str) -> Study {
    let study = Study::new();
    study.edit("study.toml", NAMED, "");
    study.edit("study.toml", "qc_max_percent = 100\n", limit);
    let section = format!(
        r#"[product]
name            = "MOD17A3HGF"
collection      = "061"
sds             = "Npp_500m"
type            = "int16"
scale           = 0.0001
scale_direction = "multiply"
offset          = 0
unit            = "kgC m-2"
quantity        = "NPP"
valid_range     = [-30000, 32700]
fill            = [
    {{ code = 32767, reason = "fill" }}, {{ code = 32766, reason = "water" }}, {{ code = 32765, reason = "barren" }},
    {{ code = 32764, reason = "snow_ice" }}, {{ code = 32763, reason = "wetland" }},
    {{ code = 32762, reason = "urban" }}, {{ code = 32761, reason = "unclassified" }},
]
cells_per_tile  = 120
period          = "year"
{qc}

[zones]"#
    );
    study.edit("study.toml", "[zones]", &section);
    study
}

const BITS: &str = r#"qc = { sds = "Npp_QC_500m", type = "uint8", kind = "bits", mask = 1, accept = [1], fill = [{ code = 255, reason = "fill" }] }"#;

/// The quality of the study is 60 or 5: a limit of 50 and bit 0 choose the same cells.
#[test]
fn a_rule_on_bits_applies_by_itself_and_is_said() {
    let percent = Study::new();
    percent.edit("study.toml", "qc_max_percent = 100", "qc_max_percent = 50");
    percent.accepted(&[]);
    let bits = described(BITS, "");
    bits.accepted(&[]);
    assert_eq!(bits.tables(), percent.tables());

    let without = Study::new();
    without.accepted(&[]);
    let valid = |study: &Study| -> u64 {
        let rows = tidy_rows(&study.out());
        rows.iter().map(|row| row.valid_cells).sum()
    };
    assert!(valid(&bits) < valid(&without));
    let masked: u64 = tidy_rows(&bits.out())
        .iter()
        .map(|row| row.masked_cells["quality"])
        .sum();
    assert!(masked > 0);

    for (study, words) in [
        (&bits, "bits: a cell counts if its number AND 1 (0b1) is 1"),
        (&percent, "per cent: cells above 50 do not count"),
        (&without, "; it is not read"),
    ] {
        let file = study.path("study.toml");
        let check = finish(command(&["check", file.to_str().unwrap()]));
        for word in ["  quality   ", "Npp_QC_500m", words] {
            assert!(check.stdout.contains(word), "{word}: {check}");
        }
        let read = |name: &str| std::fs::read_to_string(study.out().join(name)).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
        let said = manifest["plan"]["quality"].as_str().unwrap();
        assert!(said.contains(words), "{said}");
        assert!(read("report.html").contains(words), "{words}");
    }
}

#[test]
fn a_rule_that_would_do_nothing_is_refused() {
    let limit = |limit: &str| format!("qc_max_percent = {limit}\n");
    for (qc, limit, words) in [
        (
            BITS,
            limit("100"),
            [
                "qc_max_percent = 100 is a limit of percentages",
                "holds bits",
            ],
        ),
        (
            BITS,
            limit("50"),
            ["qc_max_percent = 50 is a limit of percentages", "leave"],
        ),
        (
            "",
            limit("50"),
            ["no quality layer of percentages is known", "[product] qc"],
        ),
        (
            r#"qc = { sds = "Npp_QC_500m", type = "uint8", kind = "percent" }"#,
            limit("100"),
            ["lets all of it through", "a lower limit"],
        ),
        (
            r#"qc = { sds = "Npp_QC_500m", type = "uint8", kind = "percent" }"#,
            String::new(),
            ["no limit is set", "qc_max_percent = 0 to 100"],
        ),
        (
            r#"qc = { sds = "Npp_QC_500m", type = "uint8", kind = "bits", mask = 3, accept = [0, 1, 2, 3] }"#,
            String::new(),
            ["qc.accept", "leaves nothing out"],
        ),
        (
            r#"qc = { sds = "Npp_QC_500m", type = "uint16", kind = "bits", mask = 3, accept = [0] }"#,
            String::new(),
            ["expected numbers of type uint16", "found uint8"],
        ),
        (
            r#"qc = { sds = "Npp_QC_500m", type = "uint8", kind = "bits", mask = 128, accept = [128] }"#,
            String::new(),
            ["`_FillValue` is 255", "qc, such as fill = [{ code = 255"],
        ),
    ] {
        described(qc, &limit).refused(2, &words);
    }
    let both = described("", "cells_per_tile = 120\n");
    both.refused(2, &["both have `cells_per_tile`"]);
}

#[test]
fn a_product_without_percentages_is_not_asked_for_a_limit() {
    let described = described("", "");
    described.accepted(&[]);
    assert_eq!(described.tables(), Study::right_tables());
}

#[test]
fn scales_that_the_file_contradicts_are_refused() {
    for (scale, direction) in [
        ("10000", "multiply"),
        ("0.0001", "divide"),
        ("0.001", "multiply"),
    ] {
        let study = described("", "");
        let right = "scale           = 0.0001\nscale_direction = \"multiply\"";
        let wrong = format!("scale = {scale}\nscale_direction = \"{direction}\"");
        study.edit("study.toml", right, &wrong);
        study.refused(
            2,
            &["`scale_factor` is 0.0001", "\"multiply\" in [product]"],
        );
    }
    let study = described("", "");
    study.edit("study.toml", "[-30000, 32700]", "[0, 32700]");
    study.refused(
        2,
        &[
            "`valid_range` is -30000..32700",
            "valid_range_in_file = [-30000, 32700]",
        ],
    );
}
