//! `[drought]` from outside: the sample question, the same bits on any number of threads, and input that
//! cannot be meant.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_tests::{command, finish, workspace_root};

type Row = BTreeMap<String, String>;

fn text() -> String {
    let root = workspace_root();
    let text = std::fs::read_to_string(root.join("pipelines/drought.toml")).unwrap();
    text.replace(
        "../data-samples",
        root.join("data-samples").to_str().unwrap(),
    )
    .replace(
        "tables = [\"csv\", \"md\", \"xlsx\", \"parquet\"]",
        "tables = [\"csv\"]\nmaps = []",
    )
}

fn run(folder: &Path, name: &str, threads: &str, text: &str) -> PathBuf {
    let (pipeline, out) = (folder.join(format!("{name}.toml")), folder.join(name));
    std::fs::write(&pipeline, text).unwrap();
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

fn rows(out: &Path, table: &str) -> Vec<Row> {
    let path = out.join(format!("tables/{table}.csv"));
    let mut reader =
        csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let fields = header.iter().zip(&record);
            fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
        .collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column]
        .parse()
        .unwrap_or_else(|e| panic!("{column} {:?}: {e}", row[column]))
}

#[test]
fn the_sample_country_was_dry_when_it_was_made_dry_and_the_bits_do_not_know_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), "two", "2", &text());
    let alone = run(folder.path(), "one", "1", &text());
    let tables = [
        "drought_by_year",
        "drought_by_month",
        "drought_events",
        "drought_trends",
        "dzud",
        "dzud_validation",
    ];
    for table in tables {
        let bytes = |out: &Path| std::fs::read(out.join(format!("tables/{table}.csv"))).unwrap();
        assert_eq!(bytes(&out), bytes(&alone), "{table}");
    }
    let by_year = rows(&out, "drought_by_year");
    let country: Vec<&Row> = by_year
        .iter()
        .filter(|row| row["region"] == "Total")
        .collect();
    assert_eq!(country.len(), 12);
    for row in &country {
        let deficit = number(row, "pet_mm") - number(row, "aet_mm");
        assert!((number(row, "deficit_mm") - deficit).abs() < 1e-6);
        assert!((number(row, "climate_coverage_percent") - 100.0).abs() < 1e-9);
    }
    // 2002, 2007 and 2009 were made dry.
    let mut dryness: Vec<(f64, &str)> = country
        .iter()
        .map(|row| (number(row, "spei_3_drought_months"), row["year"].as_str()))
        .collect();
    dryness.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut driest: Vec<&str> = dryness[..3].iter().map(|(_, year)| *year).collect();
    driest.sort_unstable();
    assert_eq!(driest, ["2002", "2007", "2009"], "{dryness:?}");
    // The area of the country is that of its regions, and each region that of its zones.
    let area = |region: &str, zone: &str| -> f64 {
        by_year
            .iter()
            .filter(|row| row["year"] == "2005")
            .filter(|row| {
                (region == "each" && row["region"] != "Total" || row["region"] == region)
                    && (zone == "each" && row["zone"] != "Total" || row["zone"] == zone)
            })
            .map(|row| number(row, "area_km2"))
            .sum()
    };
    assert!((area("Total", "Total") - area("each", "Total")).abs() < 30.0);
    assert!((area("Total", "Total") - area("each", "each")).abs() < 100.0);
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    for said in [
        "12 years; 30 are usual",
        "was not compared with a printed copy",
        "2010 dzud",
        "Firth",
    ] {
        assert!(report.contains(said), "{said}");
    }
}

/// A table by region in the place of grids: rows are regions, and zones are refused.
#[test]
fn a_station_table_stands_for_its_region() {
    let folder = tempfile::tempdir().unwrap();
    let regions =
        std::fs::read_to_string(workspace_root().join("data-samples/livestock/losses.csv"))
            .unwrap();
    let mut names: Vec<&str> = regions
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    names.dedup();
    let mut table = "region,year,month,temperature_degC,precipitation_mm_month\n".to_owned();
    for (place, name) in names.iter().enumerate() {
        for year in 2001..=2012 {
            for month in 1..=12 {
                let turn = (place * 7 + year * 5 + month * 3) % 11;
                let t = [-20, -15, -6, 2, 10, 15, 18, 16, 9, 0, -10, -18][month - 1];
                let p = [2, 2, 3, 8, 17, 48, 65, 60, 28, 8, 5, 3][month - 1] * (6 + turn);
                table.push_str(&format!(
                    "{name},{year},{month},{t},{:.1}\n",
                    p as f64 / 10.0
                ));
            }
        }
    }
    let stations = folder.path().join("stations.csv");
    std::fs::write(&stations, table).unwrap();
    let whole = text();
    let from = whole.find("[drought.climate]").unwrap();
    let to = whole.find("[drought.soil]").unwrap();
    let changed = format!(
        "{}[drought.climate]\nstations = {:?}\n\n{}",
        &whole[..from],
        stations,
        &whole[to..]
    );
    let with_zones = folder.path().join("zones.toml");
    std::fs::write(&with_zones, &changed).unwrap();
    finish(command(&["check", with_zones.to_str().unwrap()])).expect(2, &["nothing of zones"]);
    let changed = changed.replace("zones                   = \"to\"", "#");
    let out = run(folder.path(), "stations", "1", &changed);
    let by_month = rows(&out, "drought_by_month");
    assert_eq!(by_month.len(), (names.len() + 1) * 144);
    let dry = rows(&out, "drought_by_year");
    assert!(dry.iter().all(|row| row["zone"] == "Total"));
}

#[test]
fn what_cannot_be_meant_stops_the_check_with_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        (
            "reference               = [2001, 2012]",
            "reference = [1991, 2012]",
            "not inside the record",
        ),
        (
            "reference               = [2001, 2012]",
            "reference = [2004, 2012]",
            "9 years",
        ),
        (
            "record                  = [2001, 2012]",
            "record = [2001, 2015]",
            "36 month(s) of temperature are missing: 2013-01",
        ),
        (
            "record                  = [2001, 2012]",
            "record = [2012, 2001]",
            "runs backwards",
        ),
        (
            "months                  = [3, 12]",
            "months = [3, 36]",
            "between 1 and 24",
        ),
        (
            "months                  = [3, 12]",
            "months = [3, 3]",
            "twice",
        ),
        (
            "drought_at              = -1.0",
            "drought_at = 1.0",
            "below 0",
        ),
        (
            "trend_month             = 8",
            "trend_month = 13",
            "between 1 and 12",
        ),
        (
            "available_water_mm   = 100.0",
            "available_water_mm = 0.0",
            "above 0",
        ),
        ("divisor     = 1.0", "divisor = 0.0", "above 0"),
        (
            "winter      = [12, 2]",
            "winter = [12, 14]",
            "between 1 and 12",
        ),
        ("\"2007-08\"", "\"2017-08\"", "not inside the record"),
        (
            "temperature   =",
            "stations = \"x.csv\"\ntemperature   =",
            "keep the two, or the one",
        ),
        (
            "drawdown             =",
            "drawdowns =",
            "unknown key `drawdowns`",
        ),
    ];
    for (number, (from, to, said)) in cases.iter().enumerate() {
        let whole = text();
        assert!(whole.contains(from), "{from}");
        let pipeline = folder.path().join(format!("{number}.toml"));
        std::fs::write(&pipeline, whole.replacen(from, to, 1)).unwrap();
        finish(command(&["check", pipeline.to_str().unwrap()])).expect(2, &[said]);
    }
}

#[test]
fn losses_that_cannot_be_a_rate_are_refused_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let losses = workspace_root().join("data-samples/livestock/losses.csv");
    let whole = std::fs::read_to_string(&losses).unwrap();
    let name = whole.lines().nth(1).unwrap().split(',').next().unwrap();
    for (row, said) in [
        (format!("{name},2002,1000,2000"), "between 0 and 1"),
        ("Nowhere,2002,1000,20".to_owned(), "Nowhere"),
        (format!("{name},2002,1000,20\n{name},2002,1000,20"), "twice"),
    ] {
        let table = folder.path().join("losses.csv");
        std::fs::write(&table, format!("region,year,stock_before,losses\n{row}\n")).unwrap();
        let pipeline = folder.path().join("losses.toml");
        std::fs::write(
            &pipeline,
            text().replace(losses.to_str().unwrap(), table.to_str().unwrap()),
        )
        .unwrap();
        finish(command(&["check", pipeline.to_str().unwrap()])).expect(2, &[said]);
    }
}
