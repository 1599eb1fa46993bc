//! The table of trends of the demo, held to the one that scipy made.

use std::path::Path;

use nutag_tests::{command, finish, workspace_root};

/// Columns of the reference, and of the table without the unit.
const FIGURES: [(&str, &str); 22] = [
    ("mean", "npp_mean_gC_m2"),
    ("sen_slope", "npp_theil_sen_slope_gC_m2_per_year"),
    ("sen_low", "npp_theil_sen_low_gC_m2_per_year"),
    ("sen_high", "npp_theil_sen_high_gC_m2_per_year"),
    ("sen_coverage", "theil_sen_coverage"),
    ("ols_slope", "npp_ols_slope_gC_m2_per_year"),
    ("ols_slope_se", "npp_ols_slope_se_gC_m2_per_year"),
    ("ols_low", "npp_ols_low_gC_m2_per_year"),
    ("ols_high", "npp_ols_high_gC_m2_per_year"),
    ("s", "mann_kendall_s"),
    ("tau_a", "tau_a"),
    ("tau_b", "tau_b"),
    ("p", "p"),
    ("adjusted_p", "adjusted_p"),
    ("lag1", "lag1_autocorrelation"),
    ("hamed_rao_p", "hamed_rao_p"),
    ("epoch_difference", "npp_epoch_difference_gC_m2"),
    ("epoch_difference_percent", "epoch_difference_percent"),
    ("epoch_low", "npp_epoch_difference_low_gC_m2"),
    ("epoch_high", "npp_epoch_difference_high_gC_m2"),
    ("epoch_p", "epoch_difference_p"),
    ("detectable_slope", "npp_detectable_slope_gC_m2_per_year"),
];

struct Csv {
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Csv {
    fn read(path: &Path) -> Self {
        let mut reader =
            csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let header = reader.headers().unwrap().clone();
        let rows = reader.records().map(Result::unwrap).collect();
        Self { header, rows }
    }

    fn at<'r>(&self, row: &'r csv::StringRecord, name: &str) -> &'r str {
        let column = self.header.iter().position(|known| known == name);
        &row[column.unwrap_or_else(|| panic!("no column {name}: {:?}", self.header))]
    }
}

/// The demo with a few lines more.
fn run(folder: &Path, name: &str, more: &str) -> std::path::PathBuf {
    let root = workspace_root();
    let demo = std::fs::read_to_string(root.join("pipelines/demo.toml")).unwrap();
    let samples = root.join("data-samples");
    let demo = demo.replace("../data-samples", samples.to_str().unwrap());
    let (pipeline, out) = (folder.join(format!("{name}.toml")), folder.join(name));
    std::fs::write(&pipeline, format!("{demo}\n{more}")).unwrap();
    let arguments = [
        "run",
        pipeline.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "-q",
    ];
    finish(command(&arguments)).expect(0, &[]);
    out
}

#[test]
fn the_trends_of_the_demo_are_those_of_scipy() {
    let folder = tempfile::tempdir().unwrap();
    let asked = "[trend]\nepochs = [[2001, 2006], [2007, 2012]]\nhamed_rao = true\n";
    let out = run(folder.path(), "asked", asked);
    let found = Csv::read(&out.join("tables/npp_trends.csv"));
    let expected = Csv::read(&workspace_root().join("tests/references/demo/trends.csv"));
    assert_eq!(found.rows.len(), expected.rows.len());
    for wanted in &expected.rows {
        let place = ["family", "region", "zone", "epoch"].map(|name| expected.at(wanted, name));
        let [family, region, zone, epoch] = place;
        let or_total = |name: &str| if name.is_empty() { "Total" } else { name }.to_owned();
        let epoch = match epoch {
            "from" => "1980s",
            "to" => "2000s",
            _ => "",
        };
        let key = [
            family.to_owned(),
            or_total(region),
            or_total(zone),
            epoch.to_owned(),
        ];
        let row = found
            .rows
            .iter()
            .find(|row| row.iter().take(4).eq(key.iter()))
            .unwrap_or_else(|| panic!("{key:?} is not in the table"));
        assert_eq!(
            found.at(row, "trend"),
            expected.at(wanted, "class"),
            "{key:?}"
        );
        assert_eq!(
            found.at(row, "periods"),
            expected.at(wanted, "n"),
            "{key:?}"
        );
        assert_eq!(found.at(row, "p_method"), "exact", "{key:?}");
        assert_eq!(found.at(row, "why_missing"), "", "{key:?}");
        for (theirs, ours) in FIGURES {
            let number = |text: &str| {
                text.parse::<f64>()
                    .unwrap_or_else(|e| panic!("{key:?} {ours}: {text}: {e}"))
            };
            let (ours_is, theirs_is) = (
                number(found.at(row, ours)),
                number(expected.at(wanted, theirs)),
            );
            // scipy's noncentral t, behind the detectable slope, has nine digits.
            let tolerance = if theirs == "detectable_slope" {
                1e-8
            } else {
                1e-10
            };
            assert!(
                (ours_is - theirs_is).abs() <= tolerance * theirs_is.abs().max(1e-3),
                "{key:?} {ours}: {ours_is}, scipy {theirs_is}"
            );
        }
    }
}

#[test]
fn what_is_asked_of_trends_moves_no_other_table() {
    let folder = tempfile::tempdir().unwrap();
    let plain = run(folder.path(), "plain", "");
    let asked = run(
        folder.path(),
        "asked",
        "[trend]\nepochs = [[2001, 2003], [2010, 2012]]\nhamed_rao = true\n",
    );
    let table = |out: &Path, name: &str| std::fs::read(out.join("tables").join(name)).unwrap();
    for name in [
        "permafrost_npp_change.csv",
        "zone_transitions.csv",
        "npp_by_region_zone_year.csv",
        "coverage.csv",
    ] {
        assert!(table(&plain, name) == table(&asked, name), "{name}");
    }
    let [plain, asked] = [plain, asked].map(|out| Csv::read(&out.join("tables/npp_trends.csv")));
    assert!(!plain.header.iter().any(|name| name == "hamed_rao_p"));
    // Epochs and Hamed-Rao stand beside the test; they do not decide.
    for (plain_row, asked_row) in plain.rows.iter().zip(&asked.rows) {
        for name in [
            "p",
            "adjusted_p",
            "trend",
            "npp_theil_sen_slope_gC_m2_per_year",
        ] {
            assert_eq!(plain.at(plain_row, name), asked.at(asked_row, name));
        }
    }
    let difference = "npp_epoch_difference_gC_m2";
    assert!(
        plain
            .rows
            .iter()
            .zip(&asked.rows)
            .all(|(p, a)| plain.at(p, difference) != asked.at(a, difference))
    );
}

#[test]
fn epochs_outside_the_years_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = workspace_root();
    let demo = std::fs::read_to_string(root.join("pipelines/demo.toml")).unwrap();
    let pipeline = folder.path().join("wrong.toml");
    std::fs::write(
        &pipeline,
        format!("{demo}\n[trend]\nepochs = [[2001, 2006], [2007, 2013]]\n"),
    )
    .unwrap();
    finish(command(&["check", pipeline.to_str().unwrap()]))
        .expect(2, &["[2007, 2013] is not within the years 2001 to 2012"]);
}
