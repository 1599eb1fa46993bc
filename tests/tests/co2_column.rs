//! `[co2]` from outside: plain rasters, one a month, and damaged netCDF files.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nutag_tests::{Study, command, finish, wgs84_wkt, workspace_root};

/// Cells of 2.5 degrees: west edge, south edge, columns and rows.
const WEST: f64 = 95.0;
const SOUTH: f64 = 42.5;
const COLUMNS: usize = 7;
const ROWS: usize = 2;

/// What column `column` holds in month `index` from 2009-06: two ppm a year, and a cycle.
fn ppm(index: u32, column: u8) -> f64 {
    let years = f64::from(index) / 12.0;
    let cycle = 3.0 * (std::f64::consts::TAU * years).sin();
    390.0 + 2.0 * years + cycle + f64::from(column)
}

fn raster(index: u32) -> String {
    let mut text = format!(
        "ncols {COLUMNS}\nnrows {ROWS}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize 2.5\nNODATA_value -9999\n"
    );
    for _ in 0..ROWS {
        // The first column lies outside the regions and has no value.
        let row = (0..7_u8).map(|column| match column {
            0 => "-9999".to_owned(),
            column => format!("{:.6}", ppm(index, column)),
        });
        writeln!(text, "{}", row.collect::<Vec<_>>().join(" ")).unwrap();
    }
    text
}

const SECTION: &str = "[co2]\nfiles = \"co2/*.asc\"\nmonths = [\"2009-06\", \"2012-05\"]\n\
                       unit = \"ppm\"\nmonth_in_name = \"xco2_{year}{month}.asc\"\nproduct = \"Made up\"\n\
                       least_valid_fraction = 0.5\nmaps = { year = 2010, months = [1, 7] }\n\n[output]";

/// Three years of months, but 2011-03.
fn study() -> Study {
    let study = Study::new();
    std::fs::create_dir(study.path("co2")).unwrap();
    for index in 0..36_u32 {
        let (year, month) = (2009 + (5 + index) / 12, (5 + index) % 12 + 1);
        if (year, month) == (2011, 3) {
            continue;
        }
        let name = format!("co2/xco2_{year}{month:02}");
        study.write(&format!("{name}.asc"), &raster(index));
        study.write(&format!("{name}.prj"), wgs84_wkt());
    }
    study.edit("study.toml", "[output]", SECTION);
    study
}

fn rows(study: &Study, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(study.out().join("tables").join(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn plain_rasters_one_a_month_become_means_a_fit_and_maps() {
    let study = study();
    study.accepted(&["2011-03"]);
    let months = rows(&study, "xco2_by_region_month.csv");
    // East is 104 to 110 degrees: one degree of column 3, and columns 4 and 5. West is 98 to 104.
    let shares: [(&str, &[(u8, f64)]); 2] = [
        ("East", &[(3, 1.0), (4, 2.5), (5, 2.5)]),
        ("West", &[(1, 2.0), (2, 2.5), (3, 1.5)]),
    ];
    let (mut compared, mut without) = (0, 0);
    for row in months.iter().filter(|row| row["area_kind"] == "region") {
        let (_, shares) = shares
            .iter()
            .find(|(name, _)| row["area"] == *name)
            .unwrap();
        let whole = |name: &str| row[name].parse::<u32>().unwrap();
        let index = (whole("year") - 2009) * 12 + whole("month") - 6;
        if (row["year"].as_str(), row["month"].as_str()) == ("2011", "3") {
            // The month without a grid has its row, and nothing in it.
            assert_eq!(
                (row["xco2_ppm"].as_str(), row["valid_cells"].as_str()),
                ("", "0"),
                "{row:?}"
            );
            without += 1;
            continue;
        }
        let (sum, width) = shares
            .iter()
            .fold((0.0, 0.0), |(sum, width), (column, share)| {
                (sum + share * ppm(index, *column), width + share)
            });
        let found: f64 = row["xco2_ppm"].parse().unwrap();
        assert!(
            (found - sum / width).abs() < 1e-4,
            "{row:?} against {}",
            sum / width
        );
        assert_eq!(
            row["observed_xco2_ppm"], "",
            "a raster does not tell soundings: {row:?}"
        );
        compared += 1;
    }
    assert_eq!((compared, without), (2 * 35, 2));

    let fit = rows(&study, "xco2_fit.csv");
    for row in &fit {
        let growth: f64 = row["growth_ppm_per_year"].parse().unwrap();
        assert!((growth - 2.0).abs() < 0.01, "{row:?}");
    }
    for name in [
        "maps/xco2_2010_months.png",
        "maps/xco2_2010_year.png",
        "figures/xco2_country_total.svg",
    ] {
        assert!(study.out().join(name).is_file(), "{name}");
    }
    let chart =
        std::fs::read_to_string(study.out().join("figures/xco2_country_total.svg")).unwrap();
    assert!(
        chart.contains("Synthetic data for tests."),
        "the note of the study is on its pictures"
    );

    let pipeline = study.path("study.toml");
    let check = finish(command(&["check", pipeline.to_str().unwrap()]));
    check.expect(0, &[]);
    assert!(
        check.stdout.contains("CO2       Made up")
            && check.stdout.contains("35 months (1 missing)"),
        "{check}"
    );
}

#[test]
fn rasters_that_do_not_say_their_month_or_unit_stop_the_plan() {
    let pattern = study();
    pattern.edit("study.toml", "xco2_{year}{month}.asc", "{year}-{month}.asc");
    pattern.refused(2, &["does not say its month", "month_in_name"]);
    let unit = study();
    unit.edit("study.toml", "unit = \"ppm\"\n", "");
    unit.refused(2, &["unit"]);
    let magnitude = study();
    magnitude.edit("study.toml", "unit = \"ppm\"", "unit = \"mol/mol\"");
    magnitude.refused(2, &["ppm"]);
}

/// Names of dimensions and variables that are no text any more make the library below the reader panic;
/// `Outcome` asserts that no run says "panicked".
#[test]
fn a_damaged_netcdf_file_says_only_our_message() {
    let sample = workspace_root().join("data-samples/gosat/cf/xco2_5deg_2011_lon360.nc");
    let whole = std::fs::read(sample).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.nc");
    let mut damaged = 0;
    for name in [b"lat".as_slice(), b"xco2_nobs"] {
        let places = whole.windows(name.len()).enumerate();
        for (place, _) in places.filter(|(_, bytes)| *bytes == name) {
            let mut bytes = whole.clone();
            bytes[place + 2] ^= 0x80;
            std::fs::write(&path, bytes).unwrap();
            let outcome = finish(command(&["inspect", path.to_str().unwrap()]));
            if outcome.done() {
                // The name was part of a text that nothing reads.
                continue;
            }
            outcome.expect(2, &["the netCDF file is damaged", "Download it again"]);
            assert_eq!(outcome.stderr.lines().count(), 1, "{outcome}");
            damaged += 1;
        }
    }
    assert!(damaged >= 2, "{damaged}");
}
