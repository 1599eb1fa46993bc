//! What must hold whatever the data are: totals close, order does not matter,
//! names do not matter, and the demo's tables stay as they are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_grid::Window;
use nutag_pipeline::config::Config;
use nutag_pipeline::execute::execute;
use nutag_pipeline::plan::Plan;
use nutag_problem::Silent;
use nutag_task::Cut;
use nutag_tests::{Study, command, finish, workspace_root};

fn run(pipeline: &Path, out: &Path, more: &[&str]) {
    let arguments = [
        "run",
        pipeline.to_str().unwrap(),
        "-q",
        "--out",
        out.to_str().unwrap(),
    ];
    let outcome = finish(command(&[&arguments[..], more].concat()));
    assert_eq!(outcome.code(), Some(0), "{}", outcome.stderr);
}

fn demo() -> PathBuf {
    workspace_root().join("pipelines/demo.toml")
}

/// Every file of a folder by its path in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let inner = contents(&path).into_iter();
            files.extend(
                inner.map(|(name, bytes)| (Path::new(path.file_name().unwrap()).join(name), bytes)),
            );
        } else {
            files.insert(
                PathBuf::from(path.file_name().unwrap()),
                std::fs::read(&path).unwrap(),
            );
        }
    }
    files
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let results: Vec<_> = ["1", "2", "3", "8"]
        .map(|threads| {
            let out = folder.path().join(threads);
            run(&demo(), &out, &["--threads", threads]);
            contents(&out)
        })
        .into();
    assert!(results[0].len() > 10, "{:?}", results[0].keys());
    for other in &results[1..] {
        assert!(results[0].keys().eq(other.keys()));
        for (path, bytes) in other {
            assert!(
                *bytes == results[0][path],
                "{} depends on the number of threads",
                path.display()
            );
        }
    }
}

#[test]
fn any_size_of_block_gives_the_same_tallies() {
    let plan = || Plan::make(Config::load(&demo()).unwrap(), &Silent).unwrap();
    let tally = |plan: &Plan| {
        let counting = plan.npp().unwrap();
        execute(&counting, &Silent, &AtomicBool::new(false)).unwrap()
    };
    let expected = tally(&plan());
    for (rows, cols) in [(1, 240), (7, 31), (60, 120), (100, 1)] {
        let mut plan = plan();
        for tile in &mut plan.tiles {
            let shape = tile.native.shape();
            // Tiles with a stream are read whole; their blocks are full rows.
            let cols = if matches!(tile.cut, Cut::Whole(_)) {
                shape.cols
            } else {
                cols
            };
            tile.windows = (0..shape.rows)
                .step_by(rows)
                .flat_map(|row0| (0..shape.cols).step_by(cols).map(move |col0| (row0, col0)))
                .map(|(row0, col0)| Window {
                    row0,
                    col0,
                    rows: rows.min(shape.rows - row0),
                    cols: cols.min(shape.cols - col0),
                })
                .collect();
        }
        assert!(
            tally(&plan) == expected,
            "blocks of {rows} x {cols} give other tallies"
        );
    }
}

/// A csv table: for each row its fields by column.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader =
        csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        header
            .iter()
            .map(str::to_owned)
            .zip(row.iter().map(str::to_owned))
            .collect()
    };
    reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect()
}

#[test]
fn totals_close() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo");
    run(&demo(), &out, &[]);
    let tidy = table(&out.join("tables/npp_by_region_zone_year.csv"));
    let mut by_zone: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut by_region: BTreeMap<String, u64> = BTreeMap::new();
    for row in &tidy {
        let number = |name: &str| row[name].parse::<u64>().unwrap();
        let masked: u64 = row
            .iter()
            .filter(|(name, _)| name.starts_with("masked_"))
            .map(|(_, cells)| cells.parse::<u64>().unwrap())
            .sum();
        assert_eq!(number("cells"), number("valid_cells") + masked, "{row:?}");
        *by_zone
            .entry((row["year"].clone(), row["zone_from"].clone()))
            .or_default() += number("cells");
        *by_region.entry(row["year"].clone()).or_default() += number("cells");
    }
    for (year, cells) in &by_region {
        let zones: u64 = by_zone
            .iter()
            .filter(|((y, _), _)| y == year)
            .map(|(_, cells)| cells)
            .sum();
        assert_eq!(zones, *cells);
        assert_eq!(
            *cells, 72_690,
            "{year}: every cell of the country, every year"
        );
    }
    // Coverage: the cells of the country, again by reason, in both epochs.
    let coverage = table(&out.join("tables/coverage.csv"));
    for epoch in ["1980s", "2000s"] {
        let rows = coverage
            .iter()
            .filter(|row| row["epoch"] == epoch && row["year"] == "2007");
        let sum = |total: bool| -> u64 {
            let rows = rows.clone().filter(|row| (row["zone"] == "Total") == total);
            let rows = rows.filter(|row| row["zone"] != "(outside regions)");
            rows.map(|row| row["cells"].parse::<u64>().unwrap()).sum()
        };
        assert_eq!((sum(true), sum(false)), (72_690, 72_690), "{epoch}");
    }
    let change = table(&out.join("tables/permafrost_npp_change.csv"));
    let total = change.iter().find(|row| row["zone"] == "Total").unwrap();
    let residual: f64 = total["identity_residual"].parse().unwrap();
    assert!(residual < 1e-12, "{residual}");
    let sum = |name: &str| -> f64 {
        let rows = change.iter().filter(|row| row["zone"] != "Total");
        rows.map(|row| row[name].parse::<f64>().unwrap()).sum()
    };
    for name in [
        "npp_total_1980s_MtC",
        "npp_total_2000s_MtC",
        "area_1980s_km2",
        "area_2000s_km2",
    ] {
        let total: f64 = total[name].parse().unwrap();
        assert!((sum(name) / total - 1.0).abs() < 1e-12, "{name}");
    }
}

#[test]
fn another_order_of_zones_gives_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(demo()).unwrap();
    let samples = workspace_root().join("data-samples");
    let mut text = text.replace("../data-samples/legends", ".");
    text = text.replace("../data-samples", samples.to_str().unwrap());
    for legend in ["zones_1980s.toml", "zones_2000s.toml"] {
        let old = std::fs::read_to_string(samples.join("legends").join(legend)).unwrap();
        let zones = "[\"Discontinuous & Continuous\", \"Sporadic Permafrost\", \"Seasonal Frozen Zone\", \"Insular & sparsely insular\"]";
        let new: String = old
            .lines()
            .map(|line| {
                if line.starts_with("zones =") {
                    format!("zones = {zones}\n")
                } else {
                    format!("{line}\n")
                }
            })
            .collect();
        assert_ne!(old, new);
        std::fs::write(folder.path().join(legend), new).unwrap();
    }
    let pipeline = folder.path().join("demo.toml");
    std::fs::write(&pipeline, text).unwrap();
    let outs = [folder.path().join("other"), folder.path().join("demo")];
    run(&pipeline, &outs[0], &[]);
    run(&demo(), &outs[1], &[]);
    let sorted = |out: &Path, name: &str| {
        let mut rows = table(&out.join("tables").join(name));
        rows.sort();
        rows
    };
    for name in ["permafrost_npp_change.csv", "npp_by_region_zone_year.csv"] {
        let [other, same] = [0, 1].map(|i| sorted(&outs[i], name));
        for (other, same) in other.iter().zip(&same) {
            for (column, value) in same {
                let (a, b) = (&other[column], value);
                // A sum of zones in another order may round otherwise in the total row.
                let near = a.parse::<f64>().ok().zip(b.parse::<f64>().ok());
                let equal =
                    a == b || near.is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * b.abs().max(1.0));
                assert!(equal, "{name}, {column}: {a} and {b}");
            }
        }
    }
}

#[test]
fn published_cells_count_as_one_km2_each_in_a_region_or_not() {
    let study = Study::new();
    study.edit("study.toml", "[about]", "mode = \"as-published\"\n[about]");
    study.accepted(&[]);
    let table = study.table("coverage.csv");
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let mut zones: BTreeMap<String, f64> = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        assert_eq!(number("cells"), number("area_km2"), "{row:?}");
        *zones.entry(row["zone"].clone()).or_default() += number("cells");
    }
    for zone in ["Total", "Sporadic", "(outside regions)"] {
        assert!(zones[zone] > 0.0, "{zones:?}");
    }
}

#[test]
fn the_tables_of_the_demo_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo");
    run(&demo(), &out, &[]);
    let golden = workspace_root().join("tests/golden/demo");
    for name in [
        "tables/permafrost_npp_change.csv",
        "tables/zone_transitions.csv",
        "tables/coverage.csv",
        "figures/zone_flows.svg",
    ] {
        let made = std::fs::read_to_string(out.join(name)).unwrap();
        let kept = golden.join(Path::new(name).file_name().unwrap());
        if std::env::var_os("NUTAG_BLESS").is_some() {
            std::fs::create_dir_all(&golden).unwrap();
            std::fs::write(&kept, &made).unwrap();
        }
        let kept =
            std::fs::read_to_string(&kept).unwrap_or_else(|e| panic!("{}: {e}", kept.display()));
        assert!(
            made == kept,
            "{name} has changed. If that is right, mark the change as Numbers in CHANGELOG.md \
             and run the tests once with NUTAG_BLESS=1"
        );
    }
}
