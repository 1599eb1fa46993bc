//! What a variable is.

use nutag_formats::gridded::quantity::{
    AIR_TEMPERATURE, MAXIMUM_TEMPERATURE, PRECIPITATION, Quantity, RELATIVE_HUMIDITY, WIND_SPEED,
};

use nutag_formats::gridded::{Cadence, GriddedFile, GriddedRequest};

use crate::maker::{Maps, Small, Text, small};

fn scalar(name: &'static str, value: f64, attributes: &[Text]) -> Small {
    small(name, &[], &[value], attributes)
}

/// Taken without being named.
fn taken(quantity: &'static Quantity, maps: &Maps) {
    let found = maps.open(quantity, None);
    assert!(found.is_ok(), "{}: {}", maps.name, found.unwrap_err());
}

/// Refused with `words`; by name it is taken, or refused even then.
fn refused(quantity: &'static Quantity, maps: &Maps, words: &str, by_name: bool) {
    let error = maps.open(quantity, None).unwrap_err().to_string();
    assert!(error.contains(words), "{words}: {error}");
    assert!(
        error.contains(&format!("{}_variable", quantity.key)),
        "{error}"
    );
    let named = maps.open(quantity, Some(maps.name));
    assert_eq!(named.is_ok(), by_name, "{}: {named:?}", maps.name);
}

fn degc(name: &'static str, more: &[Text]) -> Maps {
    Maps::new(name, &[&[("units", "degC")], more].concat())
}

#[test]
fn what_says_nothing_against_it_is_air_temperature() {
    let air = ("standard_name", "air_temperature");
    for maps in [
        degc("tmp", &[("long_name", "near-surface temperature")]),
        degc(
            "t2m",
            &[
                air,
                ("long_name", "2 metre temperature"),
                ("GRIB_stepType", "avgua"),
            ],
        ),
        degc("t2m", &[("standard_name", "unknown")]),
        degc("tas", &[air, ("cell_methods", "area: time: mean")]),
        degc(
            "x",
            &[
                air,
                (
                    "cell_methods",
                    "time: mean (interval: 1 hour comment: maximum left out)",
                ),
            ],
        ),
        degc(
            "tas",
            &[
                air,
                (
                    "cell_methods",
                    "area: mean time: mid_range within days time: mean over days",
                ),
            ],
        ),
        degc(
            "tavg",
            &[("long_name", "mean of maximum and minimum temperature")],
        ),
    ] {
        taken(&AIR_TEMPERATURE, &maps);
    }
    let mut at_2_m = degc("tas", &[air, ("coordinates", "height")]);
    at_2_m.others.push(scalar(
        "height",
        2.0,
        &[
            ("units", "m"),
            ("standard_name", "height"),
            ("positive", "up"),
            ("axis", "Z"),
        ],
    ));
    taken(&AIR_TEMPERATURE, &at_2_m);
    let mut singleton = degc("tas", &[air]);
    singleton.dimensions = vec!["time", "height", "lat", "lon"];
    singleton.lengths.push(("height", 1));
    singleton
        .others
        .push(small("height", &["height"], &[2.0], &[("units", "m")]));
    taken(&AIR_TEMPERATURE, &singleton);
    singleton.others.last_mut().unwrap().values = vec![1500.0];
    refused(
        &AIR_TEMPERATURE,
        &singleton,
        "at the level height 1500 m",
        true,
    );
}

#[test]
fn another_temperature_must_be_named_and_a_difference_is_none() {
    let air = ("standard_name", "air_temperature");
    for (maps, words, by_name) in [
        (
            degc(
                "tas",
                &[
                    air,
                    (
                        "cell_methods",
                        "time: maximum within days time: mean over days",
                    ),
                ],
            ),
            "time: maximum",
            true,
        ),
        (
            degc("tas", &[air, ("cell_methods", "time: minimum")]),
            "time: minimum",
            true,
        ),
        (
            degc("tas", &[air, ("cell_methods", "time: point")]),
            "time: point",
            true,
        ),
        (
            degc("tas", &[air, ("cell_methods", "time: sum")]),
            "time: sum",
            true,
        ),
        (
            degc("tas", &[air, ("cell_methods", "time: standard_deviation")]),
            "standard_deviation",
            false,
        ),
        (
            degc(
                "tas",
                &[
                    air,
                    (
                        "cell_methods",
                        "time: mean within years time: mean over years",
                    ),
                ],
            ),
            "climatology",
            false,
        ),
        (
            degc("t2m", &[("GRIB_stepType", "max")]),
            "GRIB_stepType",
            true,
        ),
        (
            degc("t2m", &[("GRIB_typeOfLevel", "isobaricInhPa")]),
            "isobaricInhPa",
            true,
        ),
        (
            degc("temperature", &[("standard_name", "dew_point_temperature")]),
            "dew_point_temperature",
            true,
        ),
        (
            degc("tas", &[("standard_name", "surface_temperature")]),
            "surface_temperature",
            true,
        ),
        (
            degc("tas", &[("standard_name", "air_temperature_anomaly")]),
            "anomaly",
            false,
        ),
        (
            degc(
                "tas",
                &[("standard_name", "air_temperature standard_error")],
            ),
            "standard error",
            false,
        ),
        (
            degc(
                "tmp",
                &[("long_name", "Temperature anomalies from 1961-1990")],
            ),
            "anomalies",
            false,
        ),
        (
            degc(
                "tmp",
                &[("long_name", "Monthly mean of daily maximum temperature")],
            ),
            "maximum",
            true,
        ),
        (
            degc(
                "temperature",
                &[("long_name", "2 metre dewpoint temperature")],
            ),
            "dewpoint",
            true,
        ),
        (
            degc("temperature", &[("long_name", "Skin temperature")]),
            "skin",
            true,
        ),
        (
            degc("temperature", &[("long_name", "Land surface temperature")]),
            "land surface",
            true,
        ),
        (
            degc("temperature", &[("long_name", "Temperature at 850hPa")]),
            "850hpa",
            true,
        ),
        (
            degc(
                "tasmax",
                &[
                    air,
                    (
                        "cell_methods",
                        "time: maximum within days time: mean over days",
                    ),
                ],
            ),
            "maximum",
            true,
        ),
    ] {
        refused(&AIR_TEMPERATURE, &maps, words, by_name);
    }
    for (linked, standard, units) in [
        (true, "air_pressure", "Pa"),
        (false, "air_pressure", "hPa"),
        (true, "altitude", "m"),
        (true, "depth", "m"),
    ] {
        let mut aloft = degc("ta", &[air]);
        if linked {
            aloft.attributes.push(("coordinates", "level"));
        }
        aloft.others.push(scalar(
            "level",
            5.0,
            &[("units", units), ("standard_name", standard)],
        ));
        refused(&AIR_TEMPERATURE, &aloft, "at the level level", true);
    }
    // A level that another variable has is that variable's.
    let mut both = degc("tas", &[air]);
    both.others.push(scalar("plev", 500.0, &[("units", "hPa")]));
    both.others.push(scalar(
        "zg",
        5500.0,
        &[("units", "m"), ("coordinates", "plev")],
    ));
    taken(&AIR_TEMPERATURE, &both);
    let mut two = degc("tas", &[]);
    two.others.push(small(
        "t2m",
        &["lat", "lon"],
        &[1.0; 6],
        &[("units", "degC")],
    ));
    refused(&AIR_TEMPERATURE, &two, "found t2m, tas", true);
}

#[test]
fn a_maximum_is_what_says_so() {
    let air = ("standard_name", "air_temperature");
    let daily = (
        "cell_methods",
        "time: maximum within days time: mean over days",
    );
    taken(&MAXIMUM_TEMPERATURE, &degc("tasmax", &[air, daily]));
    taken(
        &MAXIMUM_TEMPERATURE,
        &degc("tmx", &[("long_name", "near-surface temperature maximum")]),
    );
    let mean = degc("tasmax", &[air, ("cell_methods", "time: mean")]);
    refused(&MAXIMUM_TEMPERATURE, &mean, "no maximum", true);
    let least = degc("tx", &[air, ("cell_methods", "time: minimum")]);
    refused(&MAXIMUM_TEMPERATURE, &least, "minimum", true);
}

#[test]
fn precipitation_is_all_of_it_and_a_rate_is_no_amount() {
    let amount = ("standard_name", "precipitation_amount");
    let flux = ("standard_name", "precipitation_flux");
    let wet = |name, units, more: &[Text]| Maps::new(name, &[&[("units", units)], more].concat());
    for maps in [
        wet("pre", "mm/month", &[("long_name", "precipitation")]),
        wet(
            "pr",
            "kg m-2 s-1",
            &[flux, ("cell_methods", "area: time: mean")],
        ),
        wet(
            "tp",
            "m",
            &[("standard_name", "unknown"), ("GRIB_stepType", "avgad")],
        ),
        wet(
            "tp",
            "m",
            &[
                (
                    "long_name",
                    "Total precipitation (convective + large-scale)",
                ),
                ("cell_methods", "time: sum"),
            ],
        ),
        wet("x", "m s-1", &[("standard_name", "lwe_precipitation_rate")]),
        wet("precip", "kg m-2", &[amount]),
    ] {
        taken(&PRECIPITATION, &maps);
    }
    for (maps, words) in [
        (wet("pr", "mm", &[flux]), "which is an amount"),
        (wet("pr", "kg m-2 s-1", &[amount]), "which is a rate"),
        (
            wet("pr", "kg m-2 s-1", &[("cell_methods", "time: sum")]),
            "add up a rate",
        ),
        (
            wet("pr", "mm/day", &[("cell_methods", "time: sum")]),
            "add up a rate",
        ),
        (
            wet("pr", "mm/day", &[("cell_methods", "time: maximum")]),
            "time: maximum",
        ),
        (
            wet(
                "pr",
                "mm/day",
                &[("standard_name", "convective_precipitation_flux")],
            ),
            "convective",
        ),
        (
            wet("pr", "mm/day", &[("standard_name", "snowfall_flux")]),
            "snowfall",
        ),
        (
            wet(
                "pre",
                "mm/month",
                &[("long_name", "Convective precipitation")],
            ),
            "convective",
        ),
        (
            wet("pre", "mm/month", &[("long_name", "number of rain days")]),
            "days",
        ),
    ] {
        let error = maps.open(&PRECIPITATION, None).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    // A mean of amounts does not say of which time.
    let mean = wet("pr", "kg m-2", &[amount, ("cell_methods", "time: mean")]);
    let error = mean.open(&PRECIPITATION, None).unwrap_err().to_string();
    assert!(error.contains("precipitation_unit"), "{error}");
    let days = wet(
        "pr",
        "kg m-2",
        &[
            amount,
            ("cell_methods", "time: sum within days time: mean over days"),
        ],
    );
    let file = days.open(&PRECIPITATION, None).unwrap();
    assert_eq!(file.unit().to_string(), "mm/day");
    let month = wet("pr", "kg m-2", &[amount, ("cell_methods", "time: sum")]);
    assert_eq!(
        month.open(&PRECIPITATION, None).unwrap().unit().to_string(),
        "mm/month"
    );
}

#[test]
fn other_quantities_are_data_too() {
    let mut humid = Maps::new(
        "hurs",
        &[("units", "%"), ("standard_name", "relative_humidity")],
    );
    humid.value = 55.0;
    let (_folder, path) = humid.written();
    let request = GriddedRequest::default();
    let file = GriddedFile::open(&path, &RELATIVE_HUMIDITY, Cadence::Monthly, &request).unwrap();
    assert_eq!(file.read(file.steps()[0]).unwrap()[0], Some(55.0));
    let gust = Maps::new(
        "wind",
        &[("units", "m s-1"), ("standard_name", "wind_speed_of_gust")],
    );
    refused(&WIND_SPEED, &gust, "wind_speed_of_gust", true);
}
