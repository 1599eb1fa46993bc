//! `nutag mrv` with files, runs and figures that are wrong.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use nutag_tests::{Outcome, Study, command, finish};
use serde_json::Value;
use tempfile::TempDir;

/// A right MRV file for the run of [`Study`]: years 2001 to 2003, regions West and East.
const MRV: &str = r#"[about]
title        = "Test"
host         = "MNG"
buyer        = "KOR"
participants = ["nobody"]
[project]
regions  = ["West", "East"]
activity = "none"
[level]
name = "NPP"
[reference]
rule  = "highest-year"
years = [2001, 2001]
[monitoring]
years          = [2002, 2003]
negative_years = "debit"
[plan]
expected_change_percent = 1.0
source = "a test"
[[emissions]]
label         = "Fuel"
tCO2_per_year = 10.0
option        = "B"
source        = "a test"
[leakage]
tCO2_per_year = 0.0
option        = "C"
source        = "a test"
[uncertainty]
policy         = "fcpf-buffer"
standard_error = { from = "given", tCO2_per_year = 100.0, degrees_of_freedom = 9, source = "a test" }
[buffer]
percent = 20.0
source  = "a test"
[[eligibility]]
criterion = "it is a test"
holds     = true
evidence  = "this file"
"#;

/// The run, made once and never changed.
fn run() -> &'static Path {
    static RUN: OnceLock<(Study, PathBuf)> = OnceLock::new();
    &RUN.get_or_init(|| {
        let study = Study::new();
        study.accepted(&[]);
        let out = study.out();
        (study, out)
    })
    .1
}

struct Desk {
    folder: TempDir,
    run: PathBuf,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            run: run().to_owned(),
        }
    }

    /// With a copy of the run that may be spoilt.
    fn with_own_run() -> Self {
        let mut desk = Self::new();
        let own = desk.path("run");
        let copied = Command::new("cp")
            .arg("-r")
            .arg(run())
            .arg(&own)
            .status()
            .unwrap();
        assert!(copied.success());
        desk.run = own;
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ask(&self, mrv: &str) -> Outcome {
        self.ask_with(mrv, &[])
    }

    fn ask_with(&self, mrv: &str, more: &[&str]) -> Outcome {
        std::fs::write(self.path("mrv.toml"), mrv).unwrap();
        let mut asked = command(&["mrv"]);
        asked.arg(self.path("mrv.toml")).arg("--run").arg(&self.run);
        asked.arg("--to").arg(self.path("out.xlsx")).args(more);
        finish(asked)
    }

    #[track_caller]
    fn refused(&self, mrv: &str, words: &[&str]) {
        self.ask(mrv).expect(2, words);
        assert!(!self.path("out.xlsx").exists(), "nothing is left behind");
    }

    fn summary(&self, mrv: &str) -> Value {
        let outcome = self.ask_with(mrv, &["--json", "--overwrite"]);
        outcome.expect(0, &[]);
        serde_json::from_str(&outcome.stdout).unwrap()
    }
}

/// The right file with one text replaced that occurs in it once.
#[track_caller]
fn edited(from: &str, to: &str) -> String {
    assert_eq!(MRV.matches(from).count(), 1, "{from}");
    MRV.replace(from, to)
}

#[test]
fn the_right_file_is_accepted() {
    let summary = Desk::new().summary(MRV);
    assert!(summary["mean_difference_tCO2_per_year"].as_f64().unwrap() > 0.0);
    assert_eq!(summary["creditable"], false);
}

#[test]
fn a_policy_must_be_named_and_known() {
    let desk = Desk::new();
    let list = ["ar-tool14", "fcpf-buffer", "vm0042", "lower-bound-95"];
    let empty = edited("\"fcpf-buffer\"", "\"\"");
    desk.refused(&empty, &[&["policy is empty"][..], &list].concat());
    let unknown = edited("\"fcpf-buffer\"", "\"vm42\"");
    desk.refused(&unknown, &[&["no policy \"vm42\""][..], &list].concat());
    let own = |policy: &str| format!("{}{policy}", edited("\"fcpf-buffer\"", "\"own\""));
    desk.refused(
        &own("[[policy]]\nid = \"own\"\ntitle = \"t\"\nkind = \"share\"\nconfidence = 0.9\nsource = \"s\"\n"),
        &["\"own\" is empty", "bands"],
    );
    let whole = own(
        "[[policy]]\nid = \"own\"\ntitle = \"t\"\nkind = \"factor\"\nfactor = 1.0\nconfidence = 0.9\nsource = \"s\"\n",
    );
    assert_eq!(desk.summary(&whole)["policy"], "own");
}

#[test]
fn an_estimate_of_zero_and_a_missing_standard_error_are_refused() {
    let desk = Desk::new();
    let one_year = edited(
        "standard_error = { from = \"given\", tCO2_per_year = 100.0, degrees_of_freedom = 9, source = \"a test\" }",
        "standard_error = { from = \"years\" }",
    );
    desk.refused(
        &one_year,
        &["standard error is missing", "one year", "from = \"given\""],
    );
    let bound = edited(
        "rule  = \"highest-year\"",
        "rule = \"upper-bound\"\nconfidence = 0.9",
    );
    desk.refused(&bound, &["[reference]", "one year has no upper bound"]);
    let none = edited("degrees_of_freedom = 9", "degrees_of_freedom = 0");
    desk.refused(&none, &["degrees of freedom"]);
    desk.refused(&edited("tCO2_per_year = 100.0, ", ""), &["tCO2_per_year"]);

    // A reference that is what the land removed, less what the project emits.
    let project = desk.summary(MRV)["project_tCO2_per_year"].as_f64().unwrap();
    std::fs::remove_file(desk.path("out.xlsx")).unwrap();
    let same = MRV.replace(
        "rule  = \"highest-year\"\nyears = [2001, 2001]",
        &format!(
            "rule = \"fixed\"\ntCO2_per_year = {:?}\nsource = \"a test\"",
            project - 10.0
        ),
    );
    desk.refused(&same, &["fcpf-buffer", "exactly zero"]);
}

#[test]
fn land_and_years_must_be_those_of_the_run() {
    let desk = Desk::new();
    desk.refused(
        &edited("\"West\"", "\"Wset\""),
        &["no region \"Wset\"", "did you mean \"West\"?"],
    );
    desk.refused(&edited("[\"West\", \"East\"]", "[]"), &["regions is empty"]);
    desk.refused(
        &edited("[\"West\", \"East\"]", "[\"West\", \"West\"]"),
        &["\"West\" twice"],
    );
    let zones = edited("activity =", "zones = [\"Sporadik\"]\nactivity =");
    desk.refused(
        &zones,
        &["no zone \"Sporadik\"", "did you mean \"Sporadic\"?"],
    );
    desk.refused(
        &edited("[2002, 2003]", "[2002, 2004]"),
        &["[monitoring]", "no 2004", "2001 to 2003"],
    );
    desk.refused(
        &edited("[2001, 2001]", "[1999, 2001]"),
        &["[reference]", "no 1999"],
    );
    desk.refused(&edited("[2001, 2001]", "[2001, 2002]"), &["share years"]);
    desk.refused(&edited("[2002, 2003]", "[2003, 2002]"), &["runs backwards"]);
}

#[test]
fn text_that_is_wrong_is_shown_where_it_is() {
    let desk = Desk::new();
    desk.refused(&edited("buyer ", "byer "), &["mrv.toml", "byer"]);
    desk.refused(
        &MRV.replace("[buffer]\npercent = 20.0\nsource  = \"a test\"\n", ""),
        &["buffer"],
    );
    desk.refused(
        &edited("percent = 20.0", "percent = 120.0"),
        &["[buffer] percent = 120"],
    );
    desk.refused(
        &edited("tCO2_per_year = 10.0", "tCO2_per_year = -10.0"),
        &["[[emissions]]", "-10"],
    );
    desk.refused(
        &edited("evidence  = \"this file\"", "evidence = \" \""),
        &["evidence is empty"],
    );
    desk.refused(
        &edited("option        = \"B\"", "option = \"D\""),
        &["expected \"A\", \"B\" or \"C\", found \"D\""],
    );
    desk.refused(
        &edited("name = \"NPP\"", "name = \"NEP\""),
        &["NEP needs `table` and `column`"],
    );
    let table = "name = \"NEP\"\ntable = \"co2\"\ncolumn = \"nep_tCO2\"";
    desk.refused(
        &edited("name = \"NPP\"", table),
        &["did not write", "npp_by_region_zone_year"],
    );
    let alias = "name = \"NEP\"\ntable = \"npp_by_region_zone_year\"\ncolumn = \"npp_sum_tC\"";
    desk.refused(&edited("name = \"NPP\"", alias), &["is not called NEP"]);
    let density =
        "name = \"NEP\"\ntable = \"npp_by_region_zone_year\"\ncolumn = \"npp_mean_gC_m2\"";
    desk.refused(
        &edited("name = \"NPP\"", density),
        &["not a total of carbon"],
    );
}

#[test]
fn a_run_that_was_changed_is_refused() {
    let desk = Desk::with_own_run();
    let table = desk.run.join("tables/npp_by_region_zone_year.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replacen("West", "West ", 1)).unwrap();
    desk.refused(MRV, &["was changed after the run", "SHA-256"]);
    std::fs::remove_file(&table).unwrap();
    desk.refused(MRV, &["cannot be read"]);
    std::fs::write(desk.run.join("manifest.json"), "{}").unwrap();
    desk.refused(MRV, &["manifest.json"]);
    std::fs::remove_file(desk.run.join("manifest.json")).unwrap();
    desk.refused(MRV, &["found none", "nutag run"]);
}

#[test]
fn a_run_whose_mask_moves_is_refused() {
    let study = Study::new();
    study.edit("study.toml", "\"common\"", "\"per-year\"");
    study.accepted(&[]);
    let mut desk = Desk::new();
    desk.run = study.out();
    desk.refused(MRV, &["mask of its own", "mask = \"common\""]);
}

#[test]
fn what_is_there_is_not_replaced_unasked() {
    let desk = Desk::new();
    std::fs::write(desk.path("out.xlsx"), "mine").unwrap();
    desk.ask(MRV).expect(2, &["exists", "--overwrite"]);
    assert_eq!(std::fs::read(desk.path("out.xlsx")).unwrap(), b"mine");
    desk.ask_with(MRV, &["--overwrite"]).expect(0, &[]);
    assert!(
        std::fs::read(desk.path("out.xlsx"))
            .unwrap()
            .starts_with(b"PK")
    );
    let mut asked = command(&["mrv"]);
    asked.arg(desk.path("mrv.toml")).arg("--run").arg(&desk.run);
    asked.arg("--to").arg(desk.path("out.csv"));
    finish(asked).expect(2, &[".xlsx"]);
}

/// Adds a table to a run as if the run had written it.
fn add_table(desk: &Desk, name: &str, text: &str) {
    let path = desk.run.join("tables").join(name);
    std::fs::write(&path, text).unwrap();
    let sum = Command::new("sha256sum").arg(&path).output().unwrap();
    let sha256 = String::from_utf8_lossy(&sum.stdout)[..64].to_owned();
    let manifest = desk.run.join("manifest.json");
    let mut json: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let file = serde_json::json!({ "path": format!("tables/{name}"), "bytes": text.len(), "sha256": sha256 });
    json["outputs"]
        .as_array_mut()
        .unwrap()
        .retain(|file| file["path"] != format!("tables/{name}"));
    json["outputs"].as_array_mut().unwrap().push(file);
    std::fs::write(&manifest, json.to_string()).unwrap();
}

#[test]
fn net_levels_come_from_a_table_of_the_run() {
    let desk = Desk::with_own_run();
    let level = "name = \"NEP\"\ntable = \"co2_uptake\"\ncolumn = \"nep_mean_tCO2\"";
    let nep = edited("name = \"NPP\"", level);
    let head = "region,zone,year,valid_area_km2,nep_mean_tCO2\n";
    let rows = "West,Total,2001,5,1000\nWest,Total,2002,5,4000\nWest,Total,2003,5,4000\n\
                West,Sporadic,2001,2,1\nWest,Sporadic,2002,2,1\nWest,Sporadic,2003,2,1\n\
                East,Total,2001,5,500\nEast,Total,2002,5,500\nEast,Total,2003,5,500\n\
                East,Total,all,5,500\n";
    add_table(&desk, "co2_uptake.csv", &format!("{head}{rows}"));
    let summary = desk.summary(&nep);
    // In CO2 already; totals stand beside their parts and count once.
    assert_eq!(summary["reference_tCO2_per_year"], 1500.0);
    assert_eq!(summary["project_tCO2_per_year"], 4500.0);
    assert_eq!(summary["mean_difference_tCO2_per_year"], 2990.0);
    // U = t(0.95, 9) x 100 / 2990 = 6.1 %: nothing deducted, 20 % buffer, two years.
    assert_eq!(summary["calculated_tCO2"], (2990.0_f64 * 2.0 * 0.8).floor());
    std::fs::remove_file(desk.path("out.xlsx")).unwrap();

    let missing = rows.replace("West,Total,2003,5,4000", "West,Total,2003,5,");
    add_table(&desk, "co2_uptake.csv", &format!("{head}{missing}"));
    desk.refused(&nep, &["line 4", "nep_mean_tCO2 is missing"]);
    let wider = rows.replace("West,Total,2003,5,", "West,Total,2003,6,");
    add_table(&desk, "co2_uptake.csv", &format!("{head}{wider}"));
    desk.refused(&nep, &["valid area of \"West\"", "5 to 6 km2"]);
    let twice = format!("{head}{rows}West,Total,2002,5,4000\n");
    add_table(&desk, "co2_uptake.csv", &twice);
    desk.refused(&nep, &["\"West\" in 2002 twice"]);
    let words = rows.replace(",4000", ",\"4,000\"");
    add_table(&desk, "co2_uptake.csv", &format!("{head}{words}"));
    desk.refused(&nep, &["expected a number", "4,000"]);
    add_table(&desk, "co2_uptake.csv", "region,year\nWest,2001\n");
    desk.refused(&nep, &["expected a column \"nep_mean_tCO2\""]);
}

#[test]
fn a_loss_is_carried_and_noise_counts_nothing() {
    let desk = Desk::new();
    let swapped = MRV
        .replace("[2001, 2001]", "[2003, 2003]")
        .replace("[2002, 2003]", "[2001, 2002]");
    let debit = desk.summary(&swapped);
    let mean = debit["mean_difference_tCO2_per_year"].as_f64().unwrap();
    assert!(mean < 0.0);
    // Two years, rounded down, nothing deducted and no buffer taken from a loss.
    assert_eq!(
        debit["calculated_tCO2"].as_f64().unwrap(),
        (2.0 * mean).floor()
    );
    let zero = desk.summary(&swapped.replace("\"debit\"", "\"zero\""));
    assert_eq!(zero["calculated_tCO2"], 0.0);
    let unsure = MRV.replace("tCO2_per_year = 100.0", "tCO2_per_year = 1e12");
    let unsure = desk.summary(&unsure);
    assert_eq!(
        (&unsure["may_count"], &unsure["calculated_tCO2"]),
        (&Value::from(false), &Value::from(0.0))
    );
}
