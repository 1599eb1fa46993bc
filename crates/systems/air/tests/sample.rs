//! The air above the sample country, against an independent computation and the truth the sample was
//! made with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use nutag_frame::Frame;
use nutag_problem::{Silent, Watch};
use nutag_report::{Section, Table, Value};
use nutag_system::{Given, Picture, Planned, Section as _, Yearly};

use nutag_air::{AreaKind, Co2Plan, Co2Section, inspect_co2};
use nutag_pipeline::config::Config;
use nutag_pipeline::execute::execute;
use nutag_pipeline::plan::Plan;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn section(files: &str, more: &str) -> Co2Section {
    let text = format!(
        "files = \"{files}\"\nmonths = [\"2009-06\", \"2012-12\"]\nleast_valid_fraction = 0.3\n{more}"
    );
    let mut section: Co2Section = nutag_settings::read(&text).unwrap();
    section.check(&demo().config.asked()).unwrap();
    section.files(&mut |_, path| *path = root().join("data-samples/gosat").join(&*path));
    section
}

fn demo() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        let config = Config::load(&root().join("pipelines/demo.toml")).unwrap();
        Plan::make(config, &Silent).unwrap()
    })
}

const GOSAT: &str = "field = \"bias-corrected\"\n";
const MAPS: &str = "field = \"bias-corrected\"\n[maps]\nyear = 2011\nmonths = [1, 4, 7, 10]\n\
                    area = [80.0, 36.0, 125.0, 60.0]";

/// What `[co2]` adds to a run.
struct Results {
    tables: Vec<Table>,
    section: Section,
    figures: Vec<Picture>,
    maps: Vec<Picture>,
}

fn plan_of(section: &Co2Section) -> Result<Co2Plan, String> {
    let plan = |frame: &Frame<'_>| Co2Plan::make(section, frame, &Watch::unwatched());
    demo().with_frame(&[], plan).map_err(|error| {
        assert!(error.was_asked_wrongly(), "{error}");
        error.to_string()
    })
}

fn make(files: &str, more: &str) -> Result<Co2Plan, String> {
    plan_of(&section(files, more))
}

fn results(plan: &Co2Plan, earlier: &[Yearly]) -> Results {
    demo().with_frame(&[], |frame| {
        let given = Given { frame, earlier };
        let watch = Watch::unwatched();
        let computed = plan.compute(&given, &watch).unwrap();
        let mut pages = computed.pages(&watch).unwrap();
        let is_map = |picture: &Picture| picture.path.starts_with("maps/");
        let (maps, figures) = pages.pictures.into_iter().partition(is_map);
        Results {
            tables: computed.tables().to_vec(),
            section: pages.sections.remove(0),
            figures,
            maps,
        }
    })
}

fn gosat() -> &'static Results {
    static RESULTS: OnceLock<Results> = OnceLock::new();
    RESULTS.get_or_init(|| results(&make("V03.05", MAPS).unwrap(), &[]))
}

fn column(table: &Table, name: &str) -> usize {
    table
        .columns
        .iter()
        .position(|column| column.name == name)
        .unwrap()
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(x) => Some(*x),
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        Value::Int(n) => Some(*n as f64),
        Value::Missing => None,
        Value::Text(text) => panic!("{text} is no number"),
    }
}

/// Compares rows of a kind with a reference file; returns how many were compared.
fn compare(table: &Table, kind: AreaKind, epoch: Option<&str>, file: &str) -> usize {
    let path = root().join("tests/references/co2").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut references: BTreeMap<[String; 3], Vec<Option<f64>>> = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let key = [fields[0], fields[1], fields[2]].map(str::to_owned);
        references.insert(
            key,
            fields[3..].iter().map(|field| field.parse().ok()).collect(),
        );
    }
    let at = |name: &str| column(table, name);
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Int(n) => n.to_string(),
        other => format!("{other:?}"),
    };
    let mut compared = 0;
    for row in &table.rows {
        let of_epoch = epoch.is_none_or(|epoch| row[at("epoch")] == epoch.into());
        if row[at("area_kind")] != kind.word().into() || !of_epoch {
            continue;
        }
        let key = ["area", "year", "month"].map(|name| text(&row[at(name)]));
        let Some(reference) = references.get(&key) else {
            // A month that was asked for and has no grid: there is nothing to average.
            let count = |name: &str| number(&row[at(name)]);
            assert_eq!(
                (
                    count("xco2_ppm"),
                    count("valid_cells"),
                    count("valid_fraction")
                ),
                (None, Some(0.0), Some(0.0)),
                "{key:?} is not in {file}"
            );
            continue;
        };
        for (name, expected) in names[3..].iter().zip(reference) {
            let found = number(&row[at(name)]);
            let near = match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() <= tolerance(name),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(near, "{key:?} {name}: {found:?} against {expected:?}");
        }
        compared += 1;
    }
    compared
}

/// Means within 1e-4 ppm; counts exactly.
fn tolerance(name: &str) -> f64 {
    match name {
        "cells" | "valid_cells" | "observed_cells" | "soundings" => 0.0,
        "valid_fraction" | "observed_fraction" => 1e-6,
        _ => 1e-4,
    }
}

#[test]
fn regions_and_zones_equal_the_independent_table() {
    let table = &gosat().tables[0];
    table.check().unwrap();
    assert_eq!(
        compare(table, AreaKind::Country, None, "regions_gosat.csv"),
        40
    );
    assert_eq!(
        compare(table, AreaKind::Region, None, "regions_gosat.csv"),
        22 * 40
    );
    assert_eq!(
        compare(
            table,
            AreaKind::Zone,
            Some("1980s"),
            "zones_1980s_gosat.csv"
        ),
        4 * 40
    );
    assert_eq!(
        compare(
            table,
            AreaKind::Zone,
            Some("2000s"),
            "zones_2000s_gosat.csv"
        ),
        4 * 40
    );

    let cf = results(&make("cf/xco2_5deg_200906-201212.nc", "").unwrap(), &[]);
    assert_eq!(
        compare(&cf.tables[0], AreaKind::Country, None, "regions_cf.csv"),
        43
    );
    assert_eq!(
        compare(&cf.tables[0], AreaKind::Region, None, "regions_cf.csv"),
        22 * 43
    );
    assert!(cf.maps.is_empty());
}

#[test]
fn growth_and_amplitude_of_the_sample_are_found_again() {
    let fit = &gosat().tables[1];
    fit.check().unwrap();
    let at = |name: &str| column(fit, name);
    let country = &fit.rows[0];
    assert_eq!(country[at("area")], "Total".into());
    let value = |row: &[Value], name: &str| number(&row[at(name)]).unwrap();
    let holds = |row: &[Value], low: &str, truth: f64, high: &str| {
        (value(row, low)..=value(row, high)).contains(&truth)
    };
    let growth = |row: &[Value]| {
        holds(
            row,
            "growth_low_ppm_per_year",
            2.0,
            "growth_high_ppm_per_year",
        )
    };
    // data-samples/gosat/README.md: 2.0 ppm a year, and 8.2314 ppm between August and April.
    assert!(growth(country), "{country:?}");
    assert!(
        holds(country, "amplitude_low_ppm", 8.2314, "amplitude_high_ppm"),
        "{country:?}"
    );
    assert_eq!(value(country, "month_of_maximum"), 4.0);
    assert_eq!(value(country, "month_of_minimum"), 8.0);
    let independent = value(country, "growth_se_independent_ppm_per_year");
    assert!(value(country, "growth_se_ppm_per_year") > independent);
    let fitted: Vec<_> = fit
        .rows
        .iter()
        .filter(|row| row[at("no_fit_because")] == Value::Missing)
        .collect();
    // Areas share the noise that all cells have, so they miss together or hardly at all.
    let hits = fitted.iter().filter(|row| growth(row)).count();
    assert!(
        fitted.len() >= 25 && hits * 10 >= fitted.len() * 9,
        "{hits} of {}",
        fitted.len()
    );
}

#[test]
fn the_series_without_its_cycle_is_the_series_less_the_cycle() {
    let table = &gosat().tables[2];
    table.check().unwrap();
    let at = |name: &str| column(table, name);
    let mut cycles: BTreeMap<String, f64> = BTreeMap::new();
    for row in table
        .rows
        .iter()
        .filter(|row| row[at("area_kind")] == "country".into())
    {
        let value = |name| number(&row[at(name)]).unwrap();
        let without = value("xco2_ppm") - value("cycle_ppm");
        assert!((without - value("deseasonalised_ppm")).abs() < 1e-9);
        // Noise of months and cells, and nothing else, lies between the series and its line.
        assert!((without - value("line_ppm")).abs() < 2.0);
        cycles.insert(format!("{:?}", row[at("month")]), value("cycle_ppm"));
    }
    assert_eq!(cycles.len(), 12);
    assert!(cycles.values().sum::<f64>().abs() < 1e-9);
}

#[test]
fn sparse_months_are_kept_and_flagged_and_absent_ones_are_told() {
    let results = gosat();
    let table = &results.tables[0];
    let at = |name: &str| column(table, name);
    let flagged = |row: &[Value]| row[at("sparse")] == "yes".into();
    assert!(table.rows.iter().any(|row| flagged(row)));
    for row in &table.rows {
        let valid = number(&row[at("valid_fraction")]).unwrap();
        assert_eq!(flagged(row), valid < 0.3, "{row:?}");
    }
    let note = table.notes.join(" ");
    assert!(note.contains("2010-03, 2011-12, 2012-01"), "{note}");
    let text = format!("{:?}", results.section.blocks);
    assert!(
        text.contains("context here, not a test") && text.contains("0.014 ppm"),
        "{text}"
    );
}

#[test]
fn every_area_has_a_chart_and_the_maps_are_pictures() {
    let results = gosat();
    assert_eq!(results.figures.len(), 1 + 22 + 8);
    let names: Vec<&str> = results
        .figures
        .iter()
        .map(|figure| figure.path.as_str())
        .collect();
    assert_eq!(names[0], "figures/xco2_country_total.svg");
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len());
    for figure in &results.figures {
        assert!(
            figure.bytes.windows(4).any(|bytes| bytes == b"<svg"),
            "{}",
            figure.path
        );
        let svg = String::from_utf8_lossy(&figure.bytes);
        assert!(svg.contains("Synthetic sample data"), "{}", figure.path);
    }
    let maps: Vec<&str> = results.maps.iter().map(|map| map.path.as_str()).collect();
    assert_eq!(
        maps,
        ["maps/xco2_2011_months.png", "maps/xco2_2011_year.png"]
    );
    assert!(
        results
            .maps
            .iter()
            .all(|map| map.bytes.starts_with(b"\x89PNG"))
    );
    // To look at them: NUTAG_KEEP_PICTURES=some/folder cargo test -p nutag-air
    if let Ok(folder) = std::env::var("NUTAG_KEEP_PICTURES") {
        for picture in results.maps.iter().chain(&results.figures) {
            let name = Path::new(&picture.path).file_name().unwrap();
            std::fs::write(Path::new(&folder).join(name), &picture.bytes).unwrap();
        }
    }
}

#[test]
fn what_must_not_be_mixed_stops_the_plan() {
    let error = make("V0*/*.h5", "field = \"raw\"").unwrap_err();
    assert!(
        error.contains("V02.90 (raw)") && error.contains("must not be mixed"),
        "{error}"
    );
    let error = make("V03.05", "").unwrap_err();
    assert!(error.contains("field = \"bias-corrected\""), "{error}");
    let error = make("nowhere", GOSAT).unwrap_err();
    assert!(error.contains("check the folder or pattern"), "{error}");
    let error = make("cf/*.nc", "").unwrap_err();
    assert!(error.contains("2011-01 occurs twice"), "{error}");
    let error = make("V02.90/*20110401*", GOSAT).unwrap_err();
    assert!(error.contains("field = \"raw\""), "{error}");
    let mut late = section("V02.90", "field = \"raw\"");
    late.months = ["2012-01".to_owned(), "2012-12".to_owned()];
    let error = plan_of(&late).unwrap_err();
    assert!(
        error.contains("has a month within 2012-01 to 2012-12"),
        "{error}"
    );
}

#[test]
fn too_few_months_give_rows_and_say_why_there_is_no_fit() {
    let plan = make("V02.90", "field = \"raw\"").unwrap();
    let results = results(&plan, &[]);
    let fit = &results.tables[1];
    fit.check().unwrap();
    let why = &fit.rows[0][column(fit, "no_fit_because")];
    assert!(
        matches!(why, Value::Text(text) if text.contains("at least 18 months")),
        "{why:?}"
    );
    assert!(results.tables[2].rows.is_empty());
    assert_eq!(plan.set.missing.len(), 40);
}

#[test]
fn a_co2_file_is_looked_into() {
    let look = |name: &str| inspect_co2(&root().join("data-samples").join(name)).unwrap();
    let gosat = look("gosat/V03.05/GOSATTFTS2011040120110430_03C01SV0305.h5").unwrap();
    assert_eq!(gosat.format, "GOSAT level 3 (HDF5)");
    assert_eq!(gosat.parts[0].name, "2011-04");
    assert_eq!(gosat.facts[0].1, "GOSAT TANSO-FTS SWIR L3 CO2 V03.05");
    let old = look("gosat/V02.90/GOSATTFTS2011040120110430_03C01SV0290.h5").unwrap();
    assert!(
        old.facts
            .iter()
            .any(|(name, value)| name == "field" && value == "raw")
    );
    assert_eq!(
        look("gosat/cf/xco2_5deg_200906-201212.nc")
            .unwrap()
            .parts
            .len(),
        43
    );
    assert!(look("zones_1980s.tif").is_none());
    assert!(look("MOD17A3HGF/MOD17A3HGF.A2001001.h23v03.061.2021102052319.hdf").is_none());
}

#[test]
fn npp_stands_beside_the_air_and_not_under_it() {
    let plan = demo();
    let counting = plan.npp().unwrap();
    let tallies = execute(&counting, &Silent, &AtomicBool::new(false)).unwrap();
    let co2 = make("V03.05", GOSAT).unwrap();
    let results = results(&co2, &counting.yearly(&tallies).unwrap());
    let table = results
        .tables
        .iter()
        .find(|table| table.name == "xco2_beside_npp")
        .unwrap();
    table.check().unwrap();
    assert_eq!(table.rows.len(), 23 * 12);
    let at = |name: &str| column(table, name);
    let of = |region: &str, year: i64| -> Vec<&Vec<Value>> {
        let all = region.is_empty();
        let wanted = |row: &&Vec<Value>| {
            let name_fits = if all {
                row[0] != "Total".into()
            } else {
                row[0] == region.into()
            };
            name_fits && row[at("year")] == year.into()
        };
        table.rows.iter().filter(wanted).collect()
    };
    let sum = |rows: &[&Vec<Value>]| -> f64 {
        rows.iter()
            .filter_map(|row| number(&row[at("npp_sum_tC")]))
            .sum()
    };
    for year in 2001..=2012 {
        let (country, regions) = (of("Total", year), of("", year));
        assert_eq!((country.len(), regions.len()), (1, 22));
        assert!((sum(&country) / sum(&regions) - 1.0).abs() < 1e-12);
        let value = |name: &str| number(&country[0][at(name)]);
        // Plants take out of the air, a tenth of a ppm or two at most.
        assert!((-0.4..-0.05).contains(&value("column_signal_ppm").unwrap()));
        let ratio = value("npp_sum_tCO2").unwrap() / value("npp_sum_tC").unwrap();
        assert!((ratio - 44.0 / 12.0).abs() < 1e-3, "{ratio}");
        // There is no GOSAT before 2009.
        assert_eq!(
            value("xco2_deseasonalised_ppm").is_some(),
            year >= 2009,
            "{year}"
        );
    }
    assert_eq!(number(&of("Total", 2010)[0][at("xco2_months")]), Some(11.0));
}

#[test]
fn regions_without_outlines_are_gathered_from_the_cells_of_interest() {
    let plan = demo();
    let co2 = make("V03.05", GOSAT).unwrap();
    let mut regions = plan.config.regions.clone();
    regions.name = None;
    let gathered = plan.with_frame(&[], |frame| {
        let as_raster = Frame {
            region_map: &regions,
            ..*frame
        };
        Co2Plan::make(&co2.section, &as_raster, &Watch::unwatched()).unwrap()
    });
    let gathered = gathered.areas;
    assert_eq!(gathered.len(), co2.areas.len());
    for (gathered, exact) in gathered.iter().zip(&co2.areas) {
        assert_eq!((gathered.kind, &gathered.name), (exact.kind, &exact.name));
        // Cells of 4.6 km: a region is off by part of the cells along its border.
        let border_km2 = 4.6 * 4.0 * exact.area_km2.sqrt();
        let off = (gathered.area_km2 - exact.area_km2).abs();
        assert!(
            off < 0.1 * border_km2,
            "{}: {off} of {}",
            exact.name,
            exact.area_km2
        );
    }
}
