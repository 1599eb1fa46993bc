//! From NPP to uptake, from outside: the demo against Python, and its invariants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_tests::{command, finish, workspace_root};

const MODELS: [&str; 5] = [
    "raich_2002",
    "hashimoto_2015",
    "pei_2009",
    "q10",
    "lloyd_taylor",
];

/// Rows of a table by their keys, each with its fields by column.
type Rows = BTreeMap<Vec<String>, BTreeMap<String, String>>;

fn read(path: &Path, keys: &[&str]) -> Rows {
    let mut reader =
        csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let fields: BTreeMap<String, String> = header
            .iter()
            .zip(&record)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        (
            keys.iter().map(|key| fields[*key].clone()).collect(),
            fields,
        )
    });
    rows.collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    let text = row
        .get(column)
        .unwrap_or_else(|| panic!("no column {column}: {row:?}"));
    text.parse()
        .unwrap_or_else(|e| panic!("{column}: {text:?}: {e}"))
}

/// The demo, its text changed, with `threads`.
fn run(folder: &Path, name: &str, threads: &str, change: impl Fn(String) -> String) -> PathBuf {
    let root = workspace_root();
    let demo = std::fs::read_to_string(root.join("pipelines/co2-uptake.toml")).unwrap();
    let demo = demo.replace(
        "../data-samples",
        root.join("data-samples").to_str().unwrap(),
    );
    let demo = demo.replace(
        "tables = [\"csv\", \"md\", \"xlsx\", \"parquet\"]",
        "tables = [\"csv\"]\nmaps = []",
    );
    let (pipeline, out) = (folder.join(format!("{name}.toml")), folder.join(name));
    std::fs::write(&pipeline, change(demo)).unwrap();
    let arguments = [
        "run",
        pipeline.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "-q",
        "--threads",
        threads,
    ];
    finish(command(&arguments)).expect(0, &[]);
    out
}

fn few_draws(demo: String) -> String {
    demo.replace("seed = 2014", "seed = 2014\ndraws = 400")
}

/// From a section's heading to the next one, taken out.
fn without(demo: &str, section: &str) -> String {
    let heading = format!("\n[{section}]");
    let (before, after) = demo.split_once(&heading).expect("the section is there");
    match after.find("\n[") {
        Some(next) => format!("{before}{}", &after[next..]),
        None => before.to_owned(),
    }
}

fn uptake(out: &Path) -> Rows {
    read(
        &out.join("tables/co2_uptake.csv"),
        &["region", "zone", "period"],
    )
}

fn same_as(reference: &Path, out: &Path) {
    let (expected, found) = (read(reference, &["region", "zone"]), uptake(out));
    let means = found
        .keys()
        .filter(|key| key[2].starts_with("mean"))
        .count();
    assert_eq!(means, expected.len());
    for (key, wanted) in &expected {
        let row = &found[&vec![key[0].clone(), key[1].clone(), "mean 2001-2012".to_owned()]];
        let close = |found: f64, wanted: f64, what: &str| {
            let scale = number(row, "npp_tC").abs().max(1.0);
            assert!(
                (found - wanted).abs() <= 1e-9 * scale,
                "{key:?} {what}: {found}, Python {wanted}"
            );
        };
        let (area, npp) = (number(wanted, "area_km2"), number(wanted, "npp_tC"));
        close(number(row, "valid_area_km2"), area, "area");
        close(number(row, "npp_tC"), npp, "NPP");
        close(number(row, "npp_tCO2"), npp * 44.0 / 12.0, "NPP as CO2");
        close(number(row, "npp_gC_m2") * area, npp, "NPP per area");
        for model in MODELS {
            let rh = number(wanted, &format!("rh_{model}_tC"));
            close(number(row, &format!("rh_{model}_gC_m2")) * area, rh, model);
            close(
                number(row, &format!("nep_{model}_gC_m2")) * area,
                npp - rh,
                model,
            );
            close(
                number(row, &format!("nep_{model}_tCO2")),
                (npp - rh) * 44.0 / 12.0,
                model,
            );
        }
        if key[1] != "Total" {
            // Herds and fires are known by region.
            assert_eq!(row["net_grazing_offtake_tC"], "");
            assert_eq!(row["nbp_raich_2002_tCO2"], "");
            continue;
        }
        close(
            number(row, "net_grazing_offtake_tC"),
            number(wanted, "net_grazing_offtake_tC"),
            "offtake",
        );
        close(number(row, "fire_tC"), number(wanted, "fire_tC"), "fire");
        if row["grazing_verdict"].starts_with("impossible") {
            assert_eq!(row["nbp_raich_2002_tCO2"], "", "{key:?}");
            continue;
        }
        for model in MODELS {
            let nbp = number(wanted, &format!("nbp_{model}_tC")) * 44.0 / 12.0;
            close(number(row, &format!("nbp_{model}_tCO2")), nbp, model);
        }
    }
}

#[test]
fn the_demo_equals_python() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), "demo", "2", few_draws);
    let reference = workspace_root().join("tests/references/uptake/means.csv");
    same_as(&reference, &out);
    let Some(python) = nutag_tests::python() else {
        return;
    };
    let computed = std::process::Command::new(&python)
        .current_dir(workspace_root())
        .args(["-B", "tests/python/uptake.py"])
        .output()
        .expect("Python starts");
    assert!(
        computed.status.success(),
        "{}",
        String::from_utf8_lossy(&computed.stderr)
    );
    let today = folder.path().join("today.csv");
    std::fs::write(&today, computed.stdout).unwrap();
    same_as(&today, &out);
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let tables = |name: &str, threads: &str, seed: &str| {
        let seed = seed.to_owned();
        let out = run(folder.path(), name, threads, move |demo| {
            few_draws(demo).replace("2014", &seed)
        });
        ["co2_uptake.csv", "uncertainty.csv", "in_proportion.csv"]
            .map(|table| std::fs::read(out.join("tables").join(table)).unwrap())
    };
    let one = tables("one", "1", "2014");
    assert!(one == tables("three", "3", "2014"));
    assert!(one != tables("other", "3", "2015"));
}

#[test]
fn intervals_shares_and_sums_hold_together() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), "demo", "2", few_draws);
    let rows = uptake(&out);
    let key =
        |region: &str, zone: &str, period: &str| [region, zone, period].map(str::to_owned).to_vec();
    let total = &rows[&key("Total", "Total", "mean 2001-2012")];
    // The sign is open: some models give a sink and some a source, and the report says so first.
    assert_eq!(total["nep_sign"], "models disagree");
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    let section = report
        .split("id=\"uptake\"")
        .nth(1)
        .expect("the section is there");
    let first = section.split("<p>").nth(1).unwrap();
    assert!(
        first.starts_with("The sign of net uptake is open: "),
        "{}",
        &first[..200]
    );
    for (key, row) in &rows {
        let [p05, median, p95] =
            ["p05", "median", "p95"].map(|end| number(row, &format!("nep_{end}_tCO2")));
        assert!(p05 <= median && median <= p95, "{key:?}");
        let positive = number(row, "nep_p_positive");
        assert!((0.0..=1.0).contains(&positive));
        assert!(p05 <= 0.0 || positive >= 0.95, "{key:?}");
    }
    // A common bias moves a total by its own share, and a change by the change's: nearly nothing.
    let spread = read(
        &out.join("tables/uncertainty.csv"),
        &["region", "zone", "period", "level", "component"],
    );
    let sd = |period: &str, component: &str| {
        let key = ["Total", "Total", period, "NPP", component]
            .map(str::to_owned)
            .to_vec();
        number(&spread[&key], "sd_tCO2")
    };
    let npp = number(total, "npp_tCO2");
    let change = number(
        &rows[&key("Total", "Total", "change 2001-2006 to 2007-2012")],
        "npp_tCO2",
    );
    let total_sd = sd("mean 2001-2012", "product-bias") / npp;
    assert!((total_sd - 0.2).abs() < 0.03, "{total_sd}");
    let change_sd = sd("change 2001-2006 to 2007-2012", "product-bias") / change.abs();
    assert!(
        (change_sd / total_sd - 1.0).abs() < 1e-9,
        "{change_sd} {total_sd}"
    );
    // Borders of zones move no total.
    assert!(sd("mean 2001-2012", "zone-boundary") / npp < 1e-12);
    // Shares are of the sum.
    let mut sums: BTreeMap<Vec<String>, f64> = BTreeMap::new();
    for (key, row) in spread
        .iter()
        .filter(|(key, row)| key[4] != "all" && !row["variance_share"].is_empty())
    {
        *sums.entry(key[..4].to_vec()).or_default() += number(row, "variance_share");
    }
    assert!(
        sums.values().all(|sum| (sum - 1.0).abs() < 1e-9),
        "{sums:?}"
    );
    // Approach 1 refuses what it is not for: here everything, a bias of 20 % being 39 % at 95 %.
    let all = &spread[&["Total", "Total", "mean 2001-2012", "NEP", "all"]
        .map(str::to_owned)
        .to_vec()];
    assert!(all["approach_1_percent"].is_empty() && !all["approach_1_note"].is_empty());
    // No column says sequestration.
    assert!(total.keys().all(|column| !column.contains("sequestration")));
}

#[test]
fn a_level_without_its_input_is_no_column() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), "bare", "2", |demo| {
        let mut demo = demo;
        for section in [
            "uptake.climate",
            "uptake.rh",
            "uptake.livestock",
            "uptake.fire",
            "uptake.uncertainty",
        ] {
            demo = without(&demo, section);
        }
        demo
    });
    let rows = uptake(&out);
    let columns: Vec<&String> = rows.values().next().unwrap().keys().collect();
    for prefix in ["rh_", "nep_", "nbp_", "net_grazing", "fire_", "harvest_"] {
        assert!(
            !columns.iter().any(|column| column.starts_with(prefix)),
            "{prefix}: {columns:?}"
        );
    }
    assert!(!columns.iter().any(|column| column.contains("_p05")));
    for table in ["rh_models.csv", "grazing.csv", "uncertainty.csv"] {
        assert!(!out.join("tables").join(table).exists(), "{table}");
    }
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("No sign of net uptake is supported"));
}

#[test]
fn a_measurement_decides_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let pin = "\n[uptake.rh.pin]\nkind = \"tower\"\nregion = \"Töv\"\nyears = [2003, 2006]\nbalance_gC_m2 = 41.0\nse_gC_m2 = 10.0\nsource = \"invented for the test\"\n\n[uptake.livestock]";
    let out = run(folder.path(), "pinned", "2", |demo| {
        few_draws(demo).replace("\n[uptake.livestock]", pin)
    });
    let rows = uptake(&out);
    let mut sum = 0.0;
    for year in 2003..=2006 {
        let row = &rows[&["Töv", "Total", &year.to_string()]
            .map(str::to_owned)
            .to_vec()];
        let nep: Vec<f64> = MODELS
            .iter()
            .map(|m| number(row, &format!("nep_{m}_gC_m2")))
            .collect();
        sum += nep[0] / 4.0;
        assert!(
            nep.iter().all(|other| (other - nep[0]).abs() < 60.0),
            "{nep:?}"
        );
    }
    assert!((sum - 41.0).abs() < 1e-6, "{sum}");
}
