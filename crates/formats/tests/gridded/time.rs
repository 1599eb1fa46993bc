//! Of which time a map is, and where.

use nutag_formats::gridded::quantity::PRECIPITATION;
use nutag_formats::gridded::{Cadence, GriddedFile, GriddedRequest};

use crate::maker::{Maps, Small, Text, small};

const DEGC: Text = ("units", "degC");
const DAYS: Text = ("units", "days since 2001-01-01");

fn scalar(name: &'static str, value: f64, attributes: &[Text]) -> Small {
    small(name, &[], &[value], &[&[DAYS], attributes].concat())
}

fn one(attributes: &[Text], others: Vec<Small>) -> Result<Vec<String>, String> {
    Maps::one("tmp", &[&[DEGC], attributes].concat(), others).months()
}

/// Refused with these words.
fn says(found: Result<Vec<String>, String>, words: &str) {
    let error = found.unwrap_err();
    assert!(error.contains(words), "{words}: {error}");
}

#[test]
fn the_time_of_a_map_is_the_coordinate_that_says_so() {
    let time = ("standard_name", "time");
    let start = ("standard_name", "forecast_reference_time");
    let both = |first: Small, second: Small| one(&[], vec![first, second]).unwrap();
    assert_eq!(
        both(scalar("run", 14.0, &[start]), scalar("t", 45.0, &[time])),
        ["2001-02"]
    );
    assert_eq!(
        both(scalar("t", 45.0, &[time]), scalar("run", 14.0, &[start])),
        ["2001-02"]
    );
    assert_eq!(
        both(
            scalar("made", 900.0, &[]),
            scalar("t", 45.0, &[("axis", "T")])
        ),
        ["2001-02"]
    );
    let listed = [("coordinates", "t")];
    let found = one(
        &listed,
        vec![scalar("made", 900.0, &[]), scalar("t", 45.0, &[])],
    );
    assert_eq!(found.unwrap(), ["2001-02"]);
    says(
        one(
            &[],
            vec![scalar("made", 900.0, &[]), scalar("t", 45.0, &[])],
        ),
        "made, t could all be it",
    );
    says(
        one(
            &[],
            vec![scalar("a", 14.0, &[time]), scalar("b", 45.0, &[time])],
        ),
        "a, b could all be it",
    );
    says(
        one(&[], vec![scalar("run", 14.0, &[start])]),
        "no time coordinate",
    );
}

#[test]
fn a_dimension_of_forecast_starts_has_its_times_beside_it() {
    let mut maps = Maps::new("t2m", &[DEGC, ("coordinates", "valid_time")]);
    maps.others[0]
        .attributes
        .push(("standard_name", "forecast_reference_time"));
    says(maps.months(), "counts another time");
    maps.others.push(small(
        "valid_time",
        &["time"],
        &[45.0, 73.0],
        &[DAYS, ("standard_name", "time")],
    ));
    assert_eq!(maps.months().unwrap(), ["2001-02", "2001-03"]);
}

fn bounded(values: &[f64], stamps: &[f64], attributes: &[Text]) -> Maps {
    let mut maps = Maps::new("tmp", &[DEGC]);
    maps.others[0].values = stamps.to_vec();
    maps.others[0].attributes.extend(attributes);
    maps.others
        .push(small("time_bnds", &["time", "two"], values, &[]));
    maps
}

#[test]
fn bounds_say_the_month_and_must_be_there_and_be_a_month() {
    let named = [("bounds", "time_bnds")];
    let months = [0.0, 31.0, 31.0, 59.0];
    // Stamped at the end of the month, which is the first of the next.
    let end = bounded(&months, &[31.0, 59.0], &named);
    assert_eq!(end.months().unwrap(), ["2001-01", "2001-02"]);
    says(
        bounded(&months, &[31.0, 59.0], &[]).months(),
        "If these are its bounds",
    );
    assert_eq!(
        bounded(&months, &[14.0, 45.0], &[]).months().unwrap(),
        ["2001-01", "2001-02"]
    );
    says(
        bounded(&[14.0, 15.0, 45.0, 46.0], &[14.0, 45.0], &named).months(),
        "steps of one month",
    );
    says(
        bounded(&[0.0; 4], &[14.0, 45.0], &named).months(),
        "lies outside",
    );
    says(
        bounded(&months, &[14.0, 45.0], &[("climatology", "time_bnds")]).months(),
        "climatology",
    );
    says(
        bounded(&months, &[14.0, 45.0], &[("bounds", "gone")]).months(),
        "no such variable",
    );
    // Bounds in units of their own.
    let mut hours = bounded(&[0.0, 744.0, 744.0, 1416.0], &[31.0, 59.0], &named);
    hours.others[1]
        .attributes
        .push(("units", "hours since 2001-01-01"));
    assert_eq!(hours.months().unwrap(), ["2001-01", "2001-02"]);
}

#[test]
fn epochs_calendars_and_zones_of_good_data_are_read() {
    let with = |units: &'static str, calendar: &'static str, first: f64| {
        let mut maps = Maps::new("tmp", &[DEGC]);
        maps.others[0].values = vec![first, first + 31.0];
        maps.others[0].attributes = vec![("units", units), ("calendar", calendar)];
        maps.months()
    };
    // cftime.date2num(2001-01-15) in each calendar.
    for (calendar, first) in [
        ("proleptic_gregorian", 730_499.0),
        ("standard", 730_501.0),
        ("noleap", 730_014.0),
        ("360_day", 720_014.0),
    ] {
        let found = with("days since 0001-01-01 00:00:00", calendar, first);
        assert_eq!(found.unwrap(), ["2001-01", "2001-02"], "{calendar}");
    }
    assert_eq!(
        with("days since 0000-01-01", "365_day", 730_379.0).unwrap()[0],
        "2001-01"
    );
    says(
        with("days since 0000-01-01", "standard", 730_379.0),
        "a day of its calendar",
    );
    assert_eq!(
        with("days since 2001-01-01 00:00 +08:00", "standard", 14.0).unwrap()[0],
        "2001-01"
    );
    says(
        with("days since 2001-01-01 00:00 +08:00", "standard", 0.0),
        "in its own zone",
    );
    says(
        with("months since 2001-01-01", "standard", 0.0),
        "no fixed length",
    );
    says(with("days since 2001-01-01", "julian", 0.0), "calendar");
}

#[test]
fn places_that_are_no_longitude_and_latitude_are_refused() {
    let mut maps = Maps::new("tmp", &[DEGC]);
    maps.lat = vec![("units", "radian"), ("standard_name", "latitude")];
    says(maps.months(), "not degrees");
    maps.lat = vec![("standard_name", "latitude")];
    says(maps.months(), "not given");
    maps.lat = vec![
        ("units", "degrees_north"),
        ("standard_name", "grid_latitude"),
    ];
    says(maps.months(), "grid_latitude");
    maps.lat = vec![("units", "degrees"), ("standard_name", "latitude")];
    assert!(maps.months().is_ok());
    maps.lat = vec![
        ("units", "km"),
        ("standard_name", "projection_y_coordinate"),
    ];
    maps.others.push(small(
        "latitude",
        &["lat", "lon"],
        &[45.0; 6],
        &[("units", "degrees_north")],
    ));
    says(maps.months(), "two-dimensional");
    let mut named = Maps::new("tmp", &[DEGC]);
    named.lat.push(("bounds", "gone"));
    says(named.months(), "there is no variable gone");
}

#[test]
fn days_are_read_as_days() {
    let mut maps = Maps::new(
        "pr",
        &[
            ("units", "kg m-2 s-1"),
            ("standard_name", "precipitation_flux"),
        ],
    );
    maps.value = 1e-4;
    maps.others[0].values = vec![30.5, 31.5];
    let (_folder, path) = maps.written();
    let request = GriddedRequest::default();
    let file = GriddedFile::open(&path, &PRECIPITATION, Cadence::Daily, &request).unwrap();
    let steps: Vec<String> = file.steps().iter().map(ToString::to_string).collect();
    assert_eq!(steps, ["2001-01-31", "2001-02-01"]);
    let mm = file.read(file.steps()[0]).unwrap()[0].unwrap();
    assert!((mm - 8.64).abs() < 1e-12, "{mm}");
}
