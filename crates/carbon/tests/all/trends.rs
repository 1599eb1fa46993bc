//! Trends of the demo country against scipy, from the same exact sums.
//!
//! `tests/references/demo/tidy.csv` and `trends.csv` are made by
//! `tests/python/tidy_table.py` and `trends.py`, which share no code with the
//! program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nutag_carbon::{
    Epoch, Names, Period, Quantity, Scale, Study, TrendOptions, TrendRow, Trends, trends,
};
use nutag_zonal::{KeySpace, Tally, TallySet};

const FIRST_YEAR: i32 = 2001;

/// The demo's tallies, read back from the reference table.
struct Demo {
    tallies: TallySet,
    space: KeySpace,
    names: Names,
    quantity: Quantity,
}

fn reference(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/references/demo");
    let text = std::fs::read_to_string(path.join(name)).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    // No name in the demo has a comma or a quote; one that had would shift its row.
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), header.len(), "{line}");
            let pairs = header.iter().zip(fields);
            pairs
                .map(|(h, f)| ((*h).to_owned(), f.to_owned()))
                .collect()
        })
        .collect()
}

fn demo() -> Demo {
    let rows = reference("tidy.csv");
    let all = |column: &str| {
        let names: std::collections::BTreeSet<_> =
            rows.iter().map(|row| row[column].clone()).collect();
        names
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
    };
    let epoch = |label: &str, column: &str| Epoch {
        label: label.to_owned(),
        zones: all(column),
    };
    let years: Vec<i32> = all("date")
        .iter()
        .map(|date| date[1..5].parse().unwrap())
        .collect();
    let names = Names {
        regions: all("region"),
        from: epoch("from", "zone_from"),
        to: epoch("to", "zone_to"),
        periods: years
            .iter()
            .map(|year| Period {
                label: year.to_string(),
                year: *year,
            })
            .collect(),
        reasons: vec!["masked".to_owned()],
    };
    let length = |list: &[String]| u16::try_from(list.len()).unwrap();
    let space = KeySpace::new(
        length(&names.regions),
        length(&names.from.zones),
        length(&names.to.zones),
    )
    .unwrap();
    let index = |list: &[String], name: &str| {
        let place = list.iter().position(|known| known == name);
        place.map_or(length(list), |i| u16::try_from(i).unwrap())
    };
    let mut tallies = TallySet::new(years.len(), 1);
    for row in &rows {
        let number = |column: &str| row[column].parse::<u64>().unwrap();
        let key = space.key(
            index(&names.regions, &row["region"]),
            index(&names.from.zones, &row["zone_from"]),
            index(&names.to.zones, &row["zone_to"]),
        );
        let year: i32 = row["date"][1..5].parse().unwrap();
        let tally = &mut tallies.entry(key)[usize::try_from(year - FIRST_YEAR).unwrap()];
        tally.add(&Tally {
            cells: number("cells"),
            valid_cells: number("valid_cells"),
            area_cm2: number("area_cm2"),
            valid_area_cm2: number("valid_area_cm2"),
            sum_raw: row["sum_raw"].parse().unwrap(),
            sum_raw_cm2: row["sum_raw_cm2"].parse().unwrap(),
            sum_raw_squared_cm2: row["sum_raw_squared_cm2"].parse().unwrap(),
            masked_cells: vec![number("cells") - number("valid_cells")],
            masked_area_cm2: vec![number("area_cm2") - number("valid_area_cm2")],
            ..Tally::empty(1)
        });
    }
    Demo {
        tallies,
        space,
        names,
        quantity: Quantity::carbon("NPP", Scale::new(1, 10).unwrap()),
    }
}

fn found<'a>(study: &Study<'a>, names: &Names) -> Trends<'a> {
    let options = TrendOptions {
        times_years: names.periods.iter().map(|p| f64::from(p.year)).collect(),
        epochs: None,
        hamed_rao: true,
    };
    trends(study, &options).unwrap()
}

type Pick = fn(&TrendRow<'_>) -> Option<f64>;

/// Columns of the reference, and where the same number is in a row.
const FIGURES: [(&str, Pick); 20] = [
    ("mean", |r| r.trend.mean.ok()),
    ("ols_slope", |r| r.trend.ols_slope.ok()),
    ("ols_slope_se", |r| r.trend.ols_slope_se.ok()),
    ("ols_low", |r| r.trend.ols_interval.ok().map(|i| i[0])),
    ("ols_high", |r| r.trend.ols_interval.ok().map(|i| i[1])),
    ("sen_slope", |r| r.trend.sen_slope.ok()),
    ("sen_low", |r| r.trend.sen_interval.ok().map(|i| i[0])),
    ("sen_high", |r| r.trend.sen_interval.ok().map(|i| i[1])),
    ("sen_coverage", |r| r.trend.sen_coverage.ok()),
    ("tau_a", |r| r.trend.tau_a.ok()),
    ("tau_b", |r| r.trend.tau_b.ok()),
    ("p", |r| r.trend.p.ok()),
    ("hamed_rao_p", |r| r.trend.hamed_rao_p.and_then(Result::ok)),
    ("lag1", |r| r.trend.lag1.ok()),
    ("epoch_difference", |r| r.trend.epochs.difference.ok()),
    ("epoch_difference_percent", |r| {
        r.trend.epochs.difference_percent.ok()
    }),
    ("epoch_low", |r| r.trend.epochs.interval.ok().map(|i| i[0])),
    ("epoch_high", |r| r.trend.epochs.interval.ok().map(|i| i[1])),
    ("epoch_p", |r| r.trend.epochs.p.ok()),
    ("adjusted_p", |r| r.adjusted_p.ok()),
];

/// Relative to the number, or to one where it is smaller: a mean near 150 is
/// known to 3e-14, and differences of means lose as much again.
const TOLERANCE: f64 = 1e-10;
/// scipy's noncentral t has nine digits.
const POWER_TOLERANCE: f64 = 1e-8;

fn near(found: Option<f64>, expected: &str, tolerance: f64) -> bool {
    let expected: f64 = expected.parse().unwrap();
    found.is_some_and(|found| (found - expected).abs() <= tolerance * expected.abs().max(1e-3))
}

#[test]
fn the_demo_trends_are_those_of_scipy() {
    let demo = demo();
    let study = Study::new(&demo.tallies, demo.space, &demo.names, &demo.quantity).unwrap();
    let trends = found(&study, &demo.names);
    let expected = reference("trends.csv");
    assert_eq!(trends.rows.len(), expected.len());
    for expected in &expected {
        let text = |value: Option<&str>| value.unwrap_or("").to_owned();
        let place = |row: &&TrendRow<'_>| {
            row.family.name() == expected["family"]
                && text(row.region) == expected["region"]
                && text(row.zone) == expected["zone"]
                && text(row.zone_epoch) == expected["epoch"]
        };
        let row = trends.rows.iter().find(place).expect("the same rows");
        let whose = format!("{:?} {:?} {:?}", row.region, row.zone, row.zone_epoch);
        assert_eq!(row.trend.n.to_string(), expected["n"], "{whose}");
        assert_eq!(row.class.to_string(), expected["class"], "{whose}");
        assert_eq!(row.trend.s.unwrap().to_string(), expected["s"], "{whose}");
        assert_eq!(row.trend.p_method.unwrap().name(), "exact", "{whose}");
        for (column, pick) in FIGURES {
            let (found, expected) = (pick(row), &expected[column]);
            assert!(
                near(found, expected, TOLERANCE),
                "{whose} {column}: {found:?}, scipy {expected}"
            );
        }
        let (found, expected) = (
            row.trend.detectable_slope.ok(),
            &expected["detectable_slope"],
        );
        assert!(
            near(found, expected, POWER_TOLERANCE),
            "{whose}: {found:?}, scipy {expected}"
        );
    }
}
