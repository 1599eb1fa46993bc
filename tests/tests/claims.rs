//! `nutag claims` from outside: no ground is claimed twice.

use std::process::Command;

use nutag_grid::area_between_parallels_m2;
use nutag_tests::{Office, finish, python, workspace_root};
use serde_json::Value;

#[test]
fn the_same_ground_for_a_second_buyer_is_refused_with_its_share() {
    let office = Office::new();
    office.add("MN-JP-1", "A", &[]).expect(0, &[]);
    let mut second = office.add_command(
        "MN-KR-1",
        "B",
        &[("--buyer", "KOR"), ("--vintage", "2025-2030")],
    );
    second.arg("--json");
    let outcome = finish(second);
    outcome.expect(2, &["MN-JP-1", "JPN"]);
    let error: Value = serde_json::from_str(&outcome.stderr).unwrap();
    let overlap = &error["details"]["overlaps"][0];
    let number = |name: &str| overlap[name].as_f64().unwrap();
    // Of boxes between the same parallels the shares are those of the widths.
    let shared_km2 = area_between_parallels_m2(45.0, 47.0, 1.0) / 1e6;
    assert!((number("shared_km2") / shared_km2 - 1.0).abs() < 1e-12);
    assert!((number("percent_of_new") - 100.0 / 3.0).abs() < 1e-10);
    assert!((number("percent_of_existing") - 50.0).abs() < 1e-10);
    assert_eq!(overlap["first_year"], 2025);
    assert_eq!(overlap["last_year"], 2025);
    assert_eq!(office.json(&["list"]).as_array().unwrap().len(), 1);
}

#[test]
fn other_ground_years_and_gases_are_other_claims() {
    let office = Office::new();
    office.add("A", "A", &[]).expect(0, &[]);
    // C begins where A ends.
    office.add("C", "C", &[("--buyer", "KOR")]).expect(0, &[]);
    office
        .add("later", "A", &[("--vintage", "2026")])
        .expect(0, &[]);
    office
        .add("methane", "A", &[("--gas", "CH4")])
        .expect(0, &[]);
    office
        .add("both", "B", &[])
        .expect(2, &["\"A\"", "\"C\"", "33.33 %", "66.67 %"]);
    office.ask(&["check"]).expect(0, &[]);
    let claims = office.json(&["list", "--buyer", "KOR"]);
    assert_eq!(claims.as_array().unwrap().len(), 1);
    assert_eq!(claims[0]["id"], "C");
}

#[test]
fn a_claim_is_there_once_and_its_id_too() {
    let office = Office::new();
    office.add("A", "A", &[]).expect(0, &[]);
    office
        .add("A", "A", &[])
        .expect(2, &["already", "same ground"]);
    office.add("A", "D", &[]).expect(2, &["taken by another"]);
    office
        .add("A2", "A", &[])
        .expect(2, &["100.00 % of the new claim"]);
    office
        .ask(&["withdraw", "A", "--by", "officer", "--reason", "wrong map"])
        .expect(0, &[]);
    office
        .ask(&["withdraw", "A"])
        .expect(2, &["withdrawn already"]);
    office.add("A2", "A", &[]).expect(0, &[]);
    office.add("A", "A", &[]).expect(2, &["its own"]);
    let history = office.json(&["history", "A"]);
    let actions: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["add", "withdraw"]);
    assert_eq!(history[1]["reason"], "wrong map");
}

#[test]
fn a_dry_run_changes_nothing() {
    let office = Office::new();
    let mut dry = office.add_command("A", "A", &[]);
    dry.arg("--dry-run");
    finish(dry).expect(0, &[]);
    assert_eq!(office.json(&["list"]), serde_json::json!([]));
    office.add("A", "A", &[]).expect(0, &[]);
    let mut dry = office.add_command("B", "B", &[]);
    dry.arg("--dry-run");
    finish(dry).expect(2, &["50.00 %"]);
}

#[test]
fn what_makes_no_claim_is_refused_with_the_reason() {
    let office = Office::new();
    let refused = |more: &[(&str, &str)], words: &[&str]| {
        office.add("X", "A", more).expect(2, words);
    };
    refused(&[("--tco2", "0")], &["whole tonnes"]);
    refused(&[("--tco2", "1,000")], &["--tco2"]);
    refused(&[("--tco2", "-5")], &["--tco2"]);
    refused(&[("--vintage", "2025-2021")], &["backwards"]);
    refused(&[("--vintage", "21")], &["2021-2025"]);
    refused(&[("--gas", "SF6")], &["CO2, CH4, N2O"]);
    refused(&[("--host", "Mongolia")], &["ISO 3166-1"]);
    refused(&[("--host", "JPN")], &["host and buyer"]);
    refused(&[("--registry", " ")], &["registry"]);
    refused(&[("--status", "used")], &["claims record"]);
    refused(&[("--value", "Z")], &["\"A\", \"B\", \"C\", \"D\""]);
    refused(&[("--attribute", "ZONE")], &["attribute", "name"]);
    let absent = office.text("absent.gpkg");
    refused(&[("--area", &absent)], &["absent.gpkg"]);

    let bow = r#"{"type":"Feature","properties":{"name":"A"},"geometry":{"type":"Polygon","coordinates":[[[100,45],[102,47],[102,45],[100,47],[100,45]]]}}"#;
    std::fs::write(office.path("bow.geojson"), bow).unwrap();
    let bow = office.text("bow.geojson");
    refused(
        &[("--area", &bow)],
        &["Self-intersection", "101 46", "makevalid"],
    );
    let line = r#"{"type":"Feature","properties":{"name":"A"},"geometry":{"type":"LineString","coordinates":[[100,45],[102,47]]}}"#;
    std::fs::write(office.path("line.geojson"), line).unwrap();
    let line = office.text("line.geojson");
    refused(&[("--area", &line)], &["Line String"]);

    let all = office.command(&[
        "add",
        "X",
        "--vintage",
        "2021",
        "--gas",
        "CO2",
        "--tco2",
        "1",
        "--host",
        "MNG",
        "--buyer",
        "JPN",
        "--registry",
        "R",
        "--area",
        &office.text("land.geojson"),
    ]);
    finish(all).expect(2, &["found 4", "--attribute"]);
    assert_eq!(office.json(&["list"]), serde_json::json!([]));
    assert_eq!(office.json(&["history"]), serde_json::json!([]));
}

#[test]
fn adjustments_are_those_computed_by_hand() {
    let office = Office::new();
    let record = |id: &str, status: &str, year: &str| {
        office
            .ask(&["record", id, status, "--year", year])
            .expect(0, &[]);
    };
    office.add("A", "A", &[("--tco2", "1200")]).expect(0, &[]);
    office
        .add("C", "C", &[("--tco2", "300"), ("--buyer", "KOR")])
        .expect(0, &[]);
    office.add("D", "D", &[("--tco2", "50")]).expect(0, &[]);
    office.ask(&["record", "A", "issued"]).expect(0, &[]);
    record("A", "transferred", "2026");
    record("C", "transferred", "2027");
    record("A", "used", "2028");
    office
        .ask(&["record", "D", "used", "--year", "2028"])
        .expect(2, &["was not transferred"]);
    office
        .ask(&["record", "D", "transferred", "--year", "2024"])
        .expect(2, &["2025"]);
    office
        .ask(&["record", "D", "transferred"])
        .expect(2, &["--year"]);
    office
        .ask(&["record", "A", "issued"])
        .expect(2, &["forward"]);
    office
        .ask(&["withdraw", "A"])
        .expect(2, &["cannot be withdrawn"]);
    office
        .ask(&["record", "E", "issued"])
        .expect(2, &["no claim"]);

    std::fs::write(
        office.path("emissions.csv"),
        "country,year,tCO2\nMNG,2026,10000\nMNG,2028,12000.5\nJPN,2028,1000000\nDEU,2028,5\n",
    )
    .unwrap();
    let emissions = office.text("emissions.csv");
    let table = office.json(&["adjust", "--period", "2026-2028", "--emissions", &emissions]);
    // country, year: transferred, used, annual, averaging, emissions, balances.
    let none = Value::Null;
    let expected = serde_json::json!([
        ["JPN", 2026, 0, 0, 0.0, 0.0, none, none, none],
        ["JPN", 2027, 0, 0, 0.0, 0.0, none, none, none],
        [
            "JPN",
            2028,
            0,
            1200,
            -1200.0,
            -400.0,
            1_000_000.0,
            998_800.0,
            999_600.0
        ],
        ["KOR", 2026, 0, 0, 0.0, 0.0, none, none, none],
        ["KOR", 2027, 0, 0, 0.0, 0.0, none, none, none],
        ["KOR", 2028, 0, 0, 0.0, 0.0, none, none, none],
        [
            "MNG", 2026, 1200, 0, 1200.0, 1200.0, 10_000.0, 11_200.0, 11_200.0
        ],
        ["MNG", 2027, 300, 0, 300.0, 750.0, none, none, none],
        ["MNG", 2028, 0, 0, 0.0, 500.0, 12_000.5, 12_000.5, 12_500.5],
    ]);
    assert_eq!(table["rows"], expected);
    let notes = table["notes"].to_string();
    assert!(
        notes.contains("DEU") && notes.contains("1 claim(s) of 50 tCO2"),
        "{notes}"
    );

    for (content, word) in [
        ("country,year,tCO2\nMNG,2026,\"10,000\"\n", "\"10,000\""),
        ("country,year,tCO2\nMNG,2026,1\nMNG,2026,2\n", "twice"),
        ("country,year\nMNG,2026\n", "tCO2"),
        ("country,year,tCO2\nMongolia,2026,1\n", "line 2"),
    ] {
        std::fs::write(office.path("emissions.csv"), content).unwrap();
        office
            .ask(&["adjust", "--period", "2026-2028", "--emissions", &emissions])
            .expect(2, &[word]);
    }
}

#[test]
fn shared_ground_of_real_borders_equals_shapely() {
    let Some(python) = python() else { return };
    let office = Office::new();
    let aimags = workspace_root().join("data-samples/aimags.geojson");
    let aimags = aimags.to_str().unwrap();
    // A slanting piece of land over several aimags.
    let slanting = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"slanting"},"geometry":{"type":"Polygon","coordinates":[[[101.3,46.1],[108.9,47.7],[104.2,50.4],[101.3,46.1]]]}}]}"#;
    std::fs::write(office.path("slanting.geojson"), slanting).unwrap();
    let slanting = office.text("slanting.geojson");
    let bulgan = [("--area", aimags), ("--value", "Bulgan")];
    office.add("bulgan", "Bulgan", &bulgan).expect(0, &[]);
    let mut second = office.add_command("slanting", "slanting", &[("--area", &slanting)]);
    second.arg("--json");
    let outcome = finish(second);
    outcome.expect(2, &["bulgan"]);
    let error: Value = serde_json::from_str(&outcome.stderr).unwrap();
    let overlap = &error["details"]["overlaps"][0];

    let script = workspace_root().join("tests/python/shared_ground.py");
    let done = Command::new(python)
        .arg(script)
        .args([aimags, "Bulgan", &slanting, "slanting"])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let [a, b, shared]: [f64; 3] = serde_json::from_slice(&done.stdout).unwrap();
    let near = |name: &str, expected: f64| {
        let found = overlap[name].as_f64().unwrap();
        assert!(
            (found / expected - 1.0).abs() < 1e-8,
            "{name}: {found} {expected}"
        );
    };
    near("shared_km2", shared);
    near("percent_of_existing", 100.0 * shared / a);
    near("percent_of_new", 100.0 * shared / b);
    assert_eq!(
        office.json(&["list"])[0]["area_km2"]
            .as_f64()
            .map(|km2| (km2 / a - 1.0).abs() < 1e-8),
        Some(true)
    );
    // Neighbours with one border between them, and the file of all.
    office
        .add(
            "selenge",
            "Selenge",
            &[("--area", aimags), ("--value", "Selenge")],
        )
        .expect(0, &[]);
}
