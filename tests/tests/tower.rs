//! A flux tower, from the pipeline file to its tables, charts and half-hours.

use std::path::{Path, PathBuf};

use nutag_tests::{command, finish, workspace_root};

/// The pipeline file of the sample tower with some lines changed, beside the samples.
fn spoiled(folder: &Path, from: &str, to: &str) -> PathBuf {
    let text = std::fs::read_to_string(workspace_root().join("pipelines/tower.toml")).unwrap();
    assert!(text.contains(from), "{from}");
    let samples = workspace_root();
    let text = text
        .replace(from, to)
        .replace(
            "root = \"..\"",
            &format!("root = {:?}", samples.to_str().unwrap()),
        )
        .replace("\"../", &format!("\"{}/", samples.display()));
    let path = folder.join("tower.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn field(csv: &str, row: usize, column: &str) -> String {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let position = names
        .iter()
        .position(|n| *n == column)
        .unwrap_or_else(|| panic!("{column} in {names:?}"));
    lines
        .nth(row)
        .unwrap()
        .split(',')
        .nth(position)
        .unwrap()
        .to_owned()
}

#[test]
fn the_sample_tower_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    finish(command(&[
        "run",
        "pipelines/tower.toml",
        "--out",
        out.to_str().unwrap(),
        "-q",
    ]))
    .expect(0, &[]);
    let years = std::fs::read_to_string(out.join("tables/tower_years.csv")).unwrap();
    let number = |column: &str| field(&years, 0, column).parse::<f64>().unwrap();
    assert_eq!(field(&years, 0, "status"), "whole");
    assert_eq!(number("rows_expected"), 8784.0);
    let parts = [
        "nee_used_rows",
        "nee_fill_good_rows",
        "nee_fill_medium_rows",
        "nee_fill_poor_rows",
        "nee_empty_rows",
    ];
    assert_eq!(parts.iter().map(|p| number(p)).sum::<f64>(), 8784.0);
    // What the maker of the sample put in: 80 % of the energy, and a threshold of 0.16 m s-1.
    assert!((number("closure_ratio") - 0.8).abs() < 0.02);
    assert!(
        (number("ustar_50_m_s") - 0.16).abs() < 0.04,
        "{}",
        number("ustar_50_m_s")
    );
    assert!(number("nee_gC_m2") < 0.0 && number("nee_joint_se_gC_m2") > 0.5);
    // The night method is respiration less NEE, so the three close.
    let closes = number("reco_night_gC_m2") - number("gpp_night_gC_m2") - number("nee_gC_m2");
    assert!(closes.abs() < 1e-6, "{closes}");
    let months = std::fs::read_to_string(out.join("tables/tower_months.csv")).unwrap();
    assert_eq!(months.lines().count(), 13);
    let sum: f64 = (0..12)
        .map(|m| field(&months, m, "nee_gC_m2").parse::<f64>().unwrap())
        .sum();
    assert!((sum - number("nee_gC_m2")).abs() < 1e-6);
    assert_eq!(field(&months, 0, "gpp_claim"), "no");
    assert_eq!(field(&months, 6, "gpp_claim"), "yes");
    let hours =
        std::fs::read_to_string(out.join("towers/XX-Syn_NUTAG_FULLSET_HR_2012-2012.csv")).unwrap();
    assert_eq!(hours.lines().count(), 8785);
    // The rows of the file add up to the year of the table.
    let names: Vec<&str> = hours.lines().next().unwrap().split(',').collect();
    let nee = names.iter().position(|n| *n == "NEE_VUT_REF").unwrap();
    let rows = hours
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(nee).unwrap());
    let sum: f64 = rows.map(|v| v.parse::<f64>().unwrap()).sum();
    assert!((sum * 12.011e-6 * 3600.0 - number("nee_gC_m2")).abs() < 1e-2);
    for chart in ["fingerprint", "months", "cumulative", "closure", "ustar"] {
        let svg =
            std::fs::read_to_string(out.join(format!("figures/tower_xx_syn_{chart}.svg"))).unwrap();
        assert!(
            svg.contains("<svg") && svg.contains("Sample tower"),
            "{chart}"
        );
    }
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("In 2012 the land around the tower Sample tower took up"));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("XX-Syn_HR_2012.csv"));
}

#[test]
fn what_cannot_be_meant_stops_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |from: &str, to: &str, words: &[&str]| {
        let path = spoiled(folder.path(), from, to);
        finish(command(&["check", path.to_str().unwrap()])).expect(2, words);
    };
    refused(
        "latitude         = 47.69",
        "latitude = 147.69",
        &["latitude must be between -90 and 90"],
    );
    refused(
        "utc_offset_hours = 8 ",
        "utc_offset_hours = 0 ",
        &["hours from a clock"],
    );
    refused(
        "utc_offset_hours = 8 ",
        "utc_offset_hours = 7 ",
        &["in every month"],
    );
    refused(
        "samples          = 100",
        "samples = 0",
        &["samples must be between 1 and 1000"],
    );
    refused(
        "day              = \"nosmooth\"",
        "day = \"smooth\"",
        &["smooth"],
    );
    refused(
        "day              = \"nosmooth\"",
        "ustar = \"given\"",
        &["needs the threshold"],
    );
    refused(
        "day              = \"nosmooth\"",
        "columns = { wind = \"WS\" }",
        &["there is no quantity"],
    );
    refused("XX-Syn_HR_2012.csv", "none.csv", &["none.csv"]);
}
