//! Numbers held to those of other programs: Python with libhdf4, GDAL and
//! GEOS for the tables, the printed table for the published way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_tests::{command, finish, workspace_root};

/// Region, zone from, zone to, A-date.
type Key = [String; 4];

fn read(path: &Path) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader =
        csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().unwrap().clone();
    (header, reader.records().map(Result::unwrap).collect())
}

fn column(header: &csv::StringRecord, name: &str) -> usize {
    header
        .iter()
        .position(|found| found == name)
        .unwrap_or_else(|| panic!("no column {name}: {header:?}"))
}

/// An integer divided by a power of ten, rounded once: the shortest way to
/// that is to write the point into its digits and read them back.
fn shifted(integer: i128, places: usize) -> f64 {
    let digits = format!("{:0width$}", integer.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let sign = if integer < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part}").parse().unwrap()
}

/// Compares the tidy table of a run with the one Python made: counts and
/// areas to the integer, sums to the last bit.
fn same_tidy_table(
    out: &Path,
    quantity: &str,
    unit: &str,
    raw_decimals: usize,
    reference: &str,
    by_year: bool,
) {
    let (header, rows) = read(&workspace_root().join(reference));
    let at = |name: &str| column(&header, name);
    let outside = |name: &str| {
        if name.is_empty() {
            "(outside zones)".to_owned()
        } else {
            name.to_owned()
        }
    };
    let mut expected: BTreeMap<Key, csv::StringRecord> = rows
        .into_iter()
        .map(|row| {
            let date = &row[at("date")][1..];
            let date = if by_year {
                date[..4].to_owned()
            } else {
                format!("{}-{}", &date[..4], &date[4..])
            };
            let key = [
                row[at("region")].to_owned(),
                outside(&row[at("zone_from")]),
                outside(&row[at("zone_to")]),
                date,
            ];
            (key, row)
        })
        .collect();
    let (found_header, found) =
        read(&out.join(format!("tables/{quantity}_by_region_zone_year.csv")));
    let here = |name: &str| column(&found_header, name);
    let period = here(if by_year { "year" } else { "period" });
    assert!(!found.is_empty());
    for row in &found {
        let key: Key =
            [here("region"), here("zone_from"), here("zone_to"), period].map(|i| row[i].to_owned());
        let wanted = expected
            .remove(&key)
            .unwrap_or_else(|| panic!("{key:?} is not in the reference"));
        let integer = |name: &str| wanted[at(name)].parse::<i128>().unwrap();
        let count = |name: &str| row[here(name)].parse::<i128>().unwrap();
        let float = |name: &str| row[here(name)].parse::<f64>().unwrap();
        assert_eq!(count("cells"), integer("cells"), "{key:?}");
        assert_eq!(count("valid_cells"), integer("valid_cells"), "{key:?}");
        assert_eq!(
            float("area_km2"),
            shifted(integer("area_cm2"), 10),
            "{key:?}"
        );
        assert_eq!(
            float("valid_area_km2"),
            shifted(integer("valid_area_cm2"), 10),
            "{key:?}"
        );
        let sum = float(&format!("{quantity}_sum_{unit}"));
        assert_eq!(
            sum,
            shifted(integer("sum_raw_cm2"), 10 + raw_decimals),
            "{key:?}"
        );
        let masked: i128 = found_header
            .iter()
            .filter(|name| name.starts_with("masked_"))
            .map(count)
            .sum();
        assert_eq!(
            count("cells"),
            count("valid_cells") + masked,
            "{key:?} does not close"
        );
    }
    assert!(
        expected.is_empty(),
        "{} rows of the reference are not in the table",
        expected.len()
    );
}

/// Runs a pipeline; its result folder.
fn run(pipeline: &str, folder: &Path) -> PathBuf {
    let out = folder.join("out");
    let outcome = finish(command(&[
        "run",
        pipeline,
        "-q",
        "--out",
        out.to_str().unwrap(),
    ]));
    assert_eq!(outcome.code(), Some(0), "{}", outcome.stderr);
    out
}

#[test]
fn the_demo_equals_python_cell_for_cell() {
    let folder = tempfile::tempdir().unwrap();
    let out = run("pipelines/demo.toml", folder.path());
    same_tidy_table(&out, "npp", "tC", 1, "tests/references/demo/tidy.csv", true);
}

#[test]
fn the_reference_is_what_python_computes_today() {
    let Some(python) = nutag_tests::python() else {
        return;
    };
    for (study, part) in [("demo", ""), ("real-tile", ""), ("real-tile", "_quality")] {
        let folder = workspace_root().join("tests/references").join(study);
        if study == "real-tile" && !shared_granules().is_dir() {
            nutag_testkit::skipped(
                "shared",
                format!(
                    "the real granules are not there: {}",
                    shared_granules().display()
                ),
            );
            continue;
        }
        let computed = std::process::Command::new(&python)
            .current_dir(workspace_root())
            .arg("tests/python/tidy_table.py")
            .arg(folder.join(format!("settings{part}.json")))
            .output()
            .unwrap();
        assert!(
            computed.status.success(),
            "{}",
            String::from_utf8_lossy(&computed.stderr)
        );
        let kept = std::fs::read(folder.join(format!("tidy{part}.csv"))).unwrap();
        assert!(
            computed.stdout == kept,
            "{study}: tidy{part}.csv is not what tidy_table.py computes"
        );
    }
}

fn shared_granules() -> PathBuf {
    workspace_root().join("../shared/data/modis")
}

#[test]
fn real_granules_of_another_product_equal_python_cell_for_cell() {
    if !shared_granules().is_dir() {
        nutag_testkit::skipped(
            "shared",
            format!(
                "the real granules are not there: {}",
                shared_granules().display()
            ),
        );
        return;
    }
    for part in ["", "_quality"] {
        let folder = tempfile::tempdir().unwrap();
        let study = "tests/references/real-tile";
        let out = run(&format!("{study}/pipeline{part}.toml"), folder.path());
        let reference = format!("{study}/tidy{part}.csv");
        same_tidy_table(&out, "ndvi", "km2", 4, &reference, false);
    }
}

#[test]
fn the_published_way_gives_the_published_table() {
    let folder = tempfile::tempdir().unwrap();
    let out = run("pipelines/as-published.toml", folder.path());
    let (header, rows) = read(&out.join("tables/published_comparison.csv"));
    let (figure, within) = (column(&header, "figure"), column(&header, "within"));
    assert_eq!(rows.len(), 5 * 6, "five rows of six figures");
    for row in &rows {
        assert_eq!(&row[within], "yes", "{row:?}");
    }
    // The count of 0.01-degree cells of the country, and every density to the printed digit.
    let printed = column(&header, "printed");
    let computed = column(&header, "computed");
    let number = |row: &csv::StringRecord, i: usize| row[i].parse::<f64>().unwrap();
    for row in rows
        .iter()
        .filter(|row| row[figure].starts_with("NPP per km2"))
    {
        assert_eq!(number(row, printed), number(row, computed), "{row:?}");
    }
    let total = rows
        .iter()
        .find(|row| row[figure].starts_with("Area 1980s") && row[0].starts_with("Total"));
    let counted = number(total.unwrap(), computed);
    assert!((counted / 1_848_213.0 - 1.0).abs() < 0.002, "{counted}");
}

#[test]
fn the_country_has_its_true_area() {
    let folder = tempfile::tempdir().unwrap();
    let out = run("pipelines/demo.toml", folder.path());
    let (header, rows) = read(&out.join("tables/permafrost_npp_change.csv"));
    let total = rows.iter().find(|row| &row[0] == "Total").unwrap();
    for epoch in ["1980s", "2000s"] {
        let area: f64 = total[column(&header, &format!("area_{epoch}_km2"))]
            .parse()
            .unwrap();
        assert!(
            (area / 1_564_649.0 - 1.0).abs() < 0.001,
            "{epoch}: {area} km2"
        );
    }
}
