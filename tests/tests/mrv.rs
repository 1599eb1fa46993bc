//! `nutag mrv` from outside: the workbook of the demo, recomputed by
//! LibreOffice and by Python.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use calamine::{Data, Reader, Xlsx, open_workbook};
use nutag_tests::{command, finish, python, recomputed, workspace_root};
use serde_json::Value;
use tempfile::TempDir;

type Book = Xlsx<std::io::BufReader<std::fs::File>>;

/// The run of the demo, made once.
fn demo() -> &'static Path {
    static RUN: OnceLock<TempDir> = OnceLock::new();
    let folder = RUN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("demo");
        let out = out.to_str().unwrap();
        finish(command(&["run", "pipelines/demo.toml", "--out", out, "-q"])).expect(0, &[]);
        folder
    });
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| folder.path().join("demo"))
}

/// Makes the workbook of the demo and gives the summary.
fn make(to: &Path) -> Value {
    make_from(&workspace_root().join("pipelines/mrv-demo.toml"), to)
}

/// Makes the workbook of an MRV file for the run of the demo.
fn make_from(file: &Path, to: &Path) -> Value {
    let mut mrv = command(&["mrv", "--json", "--run"]);
    mrv.arg(demo()).arg(file).arg("--to").arg(to);
    let outcome = finish(mrv);
    outcome.expect(0, &[]);
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn sheets(path: &Path) -> Book {
    open_workbook(path).unwrap()
}

/// Column of a letter.
fn cell(book: &mut Book, sheet: &str, row: u32, column: u32) -> Data {
    let range = book.worksheet_range(sheet).unwrap();
    range
        .get_value((row, column))
        .cloned()
        .unwrap_or(Data::Empty)
}

fn figures(more: &[&str]) -> Option<Value> {
    let done = Command::new(python()?)
        .arg(workspace_root().join("tests/python/mrv_figures.py"))
        .arg(workspace_root().join("pipelines/mrv-demo.toml"))
        .arg(demo())
        .args(more)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    Some(serde_json::from_slice(&done.stdout).unwrap())
}

fn near(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-10 * b.abs().max(1.0),
        _ => a == b,
    }
}

#[test]
fn the_figures_are_those_of_scipy() {
    let folder = tempfile::tempdir().unwrap();
    let summary = make(&folder.path().join("demo.xlsx"));
    let Some(expected) = figures(&[]) else { return };
    for (name, value) in expected.as_object().unwrap() {
        assert!(
            near(&summary[name], value),
            "{name}: {} {value}",
            summary[name]
        );
    }
    assert_eq!(summary["may_count"], true);
    assert_eq!(summary["creditable"], false);
    assert!(summary["calculated_tCO2"].as_f64().unwrap() > 0.0);
}

/// Compares every formula of a workbook with what LibreOffice made of it, and
/// counts them by sheet.
fn compare(path: &Path, again: &Path) -> BTreeMap<String, usize> {
    let (mut made, mut again) = (sheets(path), sheets(again));
    let mut compared: BTreeMap<String, usize> = BTreeMap::new();
    for sheet in made.sheet_names() {
        let formulas = made.worksheet_formula(&sheet).unwrap();
        let (top, left) = formulas.start().unwrap_or((0, 0));
        for (row, column, text) in formulas.used_cells() {
            if text.is_empty() {
                continue;
            }
            let row = top + u32::try_from(row).unwrap();
            let column = left + u32::try_from(column).unwrap();
            let program = cell(&mut made, &sheet, row, column);
            let office = cell(&mut again, &sheet, row, column);
            let same = match (&program, &office) {
                // The difference of a value and its formula is rounding: less than the
                // kilogram of CO2 above which the workbook shows it in red. The value
                // itself is a cell of its own.
                (Data::Float(a), Data::Float(b)) if *a == 0.0 => b.abs() < 1e-3,
                (Data::Float(a), Data::Float(b)) => (a - b).abs() <= 1e-9 * a.abs(),
                (Data::String(a), Data::String(b)) => a == b,
                _ => false,
            };
            assert!(
                same,
                "{} {sheet} row {row} column {column} {text}: {program:?} {office:?}",
                path.display()
            );
            *compared.entry(sheet.clone()).or_default() += 1;
        }
    }
    compared
}

#[test]
fn libreoffice_computes_what_the_program_computed() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = vec![folder.path().join("demo.xlsx")];
    make(&paths[0]);
    // Every kind of policy, reference and standard error, gains and losses.
    let text = std::fs::read_to_string(workspace_root().join("pipelines/mrv-demo.toml")).unwrap();
    let upper = "rule       = \"upper-bound\"\nyears      = [2001, 2006]\nconfidence = 0.90";
    let given = "standard_error = { from = \"given\", tCO2_per_year = 90000.0, degrees_of_freedom = 9999, source = \"a test\" }";
    let years = "standard_error = { from = \"years\" }";
    let highest = "rule = \"highest-year\"\nyears = [2001, 2006]";
    let fixed = "rule = \"fixed\"\ntCO2_per_year = 29900000.0\nsource = \"a test\"";
    let difference = ("of      = \"removals\"", "of = \"difference\"");
    let variants: [(&str, &[(&str, &str)]); 7] = [
        ("ar-tool14", &[(years, given)]),
        ("vm0042", &[(upper, highest)]),
        ("vm0026", &[(years, given), (upper, fixed)]),
        ("vcs-95", &[(upper, fixed), difference]),
        ("lower-bound-95", &[(years, given), difference]),
        // The years swapped: the land loses.
        (
            "fcpf-buffer",
            &[
                (upper, "rule = \"highest-year\"\nyears = [2007, 2012]"),
                ("years          = [2007, 2012]", "years = [2001, 2006]"),
            ],
        ),
        (
            "fcpf-buffer",
            &[(upper, highest), ("\"debit\"", "\"zero\"")],
        ),
    ];
    let mut calculated = Vec::new();
    for (number, (policy, edits)) in variants.iter().enumerate() {
        let mut text = text.replace("\"fcpf-buffer\"", &format!("{policy:?}"));
        for (from, to) in *edits {
            assert_eq!(text.matches(from).count(), 1, "{from}");
            text = text.replace(from, to);
        }
        let file = folder.path().join(format!("{number}.toml"));
        std::fs::write(&file, text).unwrap();
        let to = folder.path().join(format!("{number}-{policy}.xlsx"));
        calculated.push(make_from(&file, &to)["calculated_tCO2"].as_f64().unwrap());
        paths.push(to);
    }
    assert!(
        calculated.iter().any(|tonnes| *tonnes < 0.0),
        "{calculated:?}"
    );
    assert!(
        calculated.iter().filter(|tonnes| **tonnes > 0.0).count() > 2,
        "{calculated:?}"
    );
    let Some(again) = recomputed(&paths, folder.path()) else {
        return;
    };
    for (path, again) in paths.iter().zip(&again) {
        let compared = compare(path, again);
        for sheet in [
            "Cover",
            "MPS(input)",
            "MPS(calc_process)",
            "MRS(input)",
            "MRS(calc_process)",
            "Uncertainty",
            "Eligibility",
            "Trace",
        ] {
            assert!(
                compared.get(sheet).is_some_and(|n| *n >= 4),
                "{sheet}: {compared:?}"
            );
        }
        assert!(compared.values().sum::<usize>() > 150, "{compared:?}");
    }
}

#[test]
fn net_levels_and_their_draws_come_from_a_run_with_uptake() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("uptake");
    let mut uptake = command(&["run", "pipelines/co2-uptake.toml", "-q", "--out"]);
    uptake.arg(&run);
    finish(uptake).expect(0, &[]);
    let text = std::fs::read_to_string(workspace_root().join("pipelines/mrv-demo.toml")).unwrap();
    let text = text
        .replace(
            "name = \"NPP\"",
            "name = \"NEP\"\ntable = \"co2_uptake\"\ncolumn = \"nep_pei_2009_tCO2\"",
        )
        .replace("{ from = \"years\" }", "{ from = \"run\" }");
    let file = folder.path().join("nep.toml");
    let to = folder.path().join("nep.xlsx");
    std::fs::write(&file, &text).unwrap();
    let mrv = |file: &Path, to: &Path| {
        let mut mrv = command(&["mrv", "--json", "--overwrite", "--run"]);
        mrv.arg(&run).arg(file).arg("--to").arg(to);
        finish(mrv)
    };
    let outcome = mrv(&file, &to);
    outcome.expect(0, &[]);
    let summary: Value = serde_json::from_str(&outcome.stdout).unwrap();

    // By hand from the table: mean of the model's column, width of the draws.
    let mut reader = csv::Reader::from_path(run.join("tables/co2_uptake.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|found| found == name).unwrap();
    let (mut removals, mut width) = (0.0, 0.0);
    for row in reader.records().map(Result::unwrap) {
        if !["Selenge", "Darhan-Uul"].contains(&&row[at("region")]) || &row[at("zone")] != "Total" {
            continue;
        }
        let number = |name: &str| row[at(name)].parse::<f64>().unwrap();
        match &row[at("period")] {
            "change 2001-2006 to 2007-2012" => {
                width += number("nep_p95_tCO2") - number("nep_p05_tCO2");
            }
            year if year.parse::<u16>().is_ok_and(|year| year >= 2007) => {
                removals += number("nep_pei_2009_tCO2") / 6.0;
            }
            _ => {}
        }
    }
    assert!(width > 0.0);
    let found = summary["project_tCO2_per_year"].as_f64().unwrap();
    assert!((found / removals - 1.0).abs() < 1e-12, "{found} {removals}");
    // U = z x se / mean, with se = width / 2z and the component of 0.5 % of removals in quadrature.
    let mean = summary["mean_difference_tCO2_per_year"].as_f64().unwrap();
    let least = 100.0 * width / 2.0 / mean.abs();
    let found = summary["uncertainty_percent"].as_f64().unwrap();
    assert!(found > least && found < 1.2 * least, "{found} {least}");

    for (from, to_text, words) in [
        (
            "nep_pei_2009_tCO2",
            "nep_p05_tCO2",
            ["interval", "do not add up"],
        ),
        (
            "[2001, 2006]",
            "[2002, 2006]",
            ["change 2002-2006 to 2007-2012", "[uptake]"],
        ),
    ] {
        std::fs::write(&file, text.replace(from, to_text)).unwrap();
        mrv(&file, &to).expect(2, &words);
    }
    if let Some(again) = recomputed(std::slice::from_ref(&to), folder.path()) {
        let compared = compare(&to, &again[0]);
        assert!(compared.values().sum::<usize>() > 250, "{compared:?}");
    }
}

/// The number beside a label of a sheet, in the column of values.
fn value_of(book: &mut Book, sheet: &str, label: &str, column: u32) -> f64 {
    let range = book.worksheet_range(sheet).unwrap();
    let rows = range.rows().zip(range.start().unwrap().0..);
    let (_, row) = rows
        .into_iter()
        .find(|(row, _)| row[0].to_string().starts_with(label))
        .unwrap_or_else(|| panic!("no {label} in {sheet}"));
    match cell(book, sheet, row, column) {
        Data::Float(value) => value,
        Data::Int(value) => value as f64,
        other => panic!("{label} in {sheet} is {other:?}"),
    }
}

#[test]
fn a_cell_changed_by_hand_moves_all_that_follows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.xlsx");
    make(&path);
    let Some(python) = python() else { return };
    let changed = folder.path().join("changed.xlsx");
    let done = Command::new(python)
        .arg(workspace_root().join("tests/python/change_workbook.py"))
        .args([&path, &changed])
        .args(["2012", "1.03"])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let Some(again) = recomputed(&[changed], folder.path()) else {
        return;
    };
    let Some(expected) = figures(&["2012", "1.03"]) else {
        return;
    };
    let mut book = sheets(&again[0]);
    for (label, name) in [
        ("Reference removals", "reference_tCO2_per_year"),
        ("Removals of the project's land", "project_tCO2_per_year"),
        (
            "Removals above the reference",
            "mean_difference_tCO2_per_year",
        ),
        ("Uncertainty", "uncertainty_percent"),
        ("Calculated for", "calculated_tCO2"),
    ] {
        let found = Value::from(value_of(&mut book, "Cover", label, 2));
        assert!(
            near(&found, &expected[name]),
            "{label}: {found} {}",
            expected[name]
        );
    }
    // The program's values stand still, and the cover counts what moved away from them.
    let moved = value_of(&mut book, "Cover", "MRS(calc_process)", 2);
    assert!(moved > 5.0, "{moved}");
}

#[test]
fn every_sheet_says_that_nothing_is_creditable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.xlsx");
    let summary = make(&path);
    assert!(
        summary["eligibility"]
            .as_str()
            .unwrap()
            .starts_with("NOT ELIGIBLE")
    );
    let mut book = sheets(&path);
    let names = book.sheet_names();
    assert_eq!(
        names,
        [
            "Cover",
            "MPS(input)",
            "MPS(calc_process)",
            "MSS",
            "MRS(input)",
            "MRS(calc_process)",
            "Reference",
            "Uncertainty",
            "Eligibility",
            "Defaults",
            "Source rows",
            "Trace",
            "Inputs"
        ]
    );
    for name in &names {
        let banner = cell(&mut book, name, 0, 0).to_string();
        assert!(
            banner.starts_with("DRAFT, NOT CREDITABLE"),
            "{name}: {banner}"
        );
        assert!(
            cell(&mut book, name, 2, 0)
                .to_string()
                .contains("Synthetic"),
            "{name}"
        );
    }
    for (sheet, columns, last) in [
        ("MPS(input)", 10, "(j) Other comments"),
        ("MRS(input)", 11, "(k) Other comments"),
    ] {
        let range = book.worksheet_range(sheet).unwrap();
        let start = range.start().unwrap().0;
        let head = (start..)
            .find(|row| {
                cell(&mut book, sheet, *row, 0)
                    .to_string()
                    .starts_with("(a)")
            })
            .unwrap();
        for (column, letter) in (0..columns).zip('a'..) {
            let label = cell(&mut book, sheet, head, column).to_string();
            assert!(
                label.starts_with(&format!("({letter}) ")),
                "{sheet}: {label}"
            );
        }
        assert_eq!(cell(&mut book, sheet, head, columns - 1).to_string(), last);
    }
}

#[test]
fn every_number_leads_back_to_lines_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.xlsx");
    let summary = make(&path);
    let mut book = sheets(&path);
    let table = std::fs::read_to_string(demo().join("tables/npp_by_region_zone_year.csv")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    let column = lines[0]
        .split(',')
        .position(|name| name == "npp_sum_tC")
        .unwrap();
    let range = book.worksheet_range("Trace").unwrap();
    let mut traced = 0;
    for row in range.rows() {
        let (name, list) = (row[0].to_string(), row[5].to_string());
        if !name.starts_with("ref_") && !name.starts_with("monitored_") {
            continue;
        }
        let sum: f64 = list
            .split(", ")
            .map(|line| lines[line.parse::<usize>().unwrap() - 1])
            .map(|line| {
                csv::ReaderBuilder::new()
                    .has_headers(false)
                    .from_reader(line.as_bytes())
                    .records()
                    .next()
                    .unwrap()
                    .unwrap()[column]
                    .parse::<f64>()
                    .unwrap()
            })
            .sum();
        assert_eq!(row[2], Data::Float(sum), "{name}");
        traced += 1;
    }
    assert_eq!(traced, 2 * 12);
    let manifest = Command::new("sha256sum")
        .arg(demo().join("manifest.json"))
        .output()
        .unwrap();
    let sha256 = String::from_utf8_lossy(&manifest.stdout)[..64].to_owned();
    assert_eq!(summary["manifest_sha256"], sha256.as_str());
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(demo().join("manifest.json")).unwrap()).unwrap();
    let inputs = book.worksheet_range("Inputs").unwrap();
    let shown: Vec<String> = inputs
        .rows()
        .map(|row| row[2].to_string())
        .filter(|text| text.len() == 64)
        .collect();
    let read: Vec<&str> = manifest["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["sha256"].as_str().unwrap())
        .collect();
    assert_eq!(shown, read);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
    make(&a);
    // Times in a zip file are even seconds.
    std::thread::sleep(Duration::from_millis(2100));
    make(&b);
    assert_eq!(std::fs::read(&a).unwrap(), std::fs::read(&b).unwrap());
}
