//! CF netCDF.

use std::path::{Path, PathBuf};

use nutag_formats::CfError;
use nutag_formats::co2::{Co2Error, Co2File, Layout, Request, Unit, month_set};

use crate::shared::{CF, CF_LON360, month, open, sample};

/// A netCDF file of one month on 4 x 8 cells of 45 degrees, to be varied.
struct Small {
    values: Vec<f64>,
    units: Option<&'static str>,
    standard_name: Option<&'static str>,
    time: f64,
    time_units: &'static str,
    lat: Vec<f64>,
    lon: Vec<f64>,
    dimensions: [&'static str; 3],
}

impl Small {
    fn new() -> Self {
        let mut values: Vec<f64> = (0..32).map(|i| 390.0 + f64::from(i) / 8.0).collect();
        values[5] = 1e20;
        Self {
            values,
            units: Some("ppmv"),
            standard_name: None,
            time: 7776.0,
            time_units: "days since 1990-01-01",
            lat: vec![67.5, 22.5, -22.5, -67.5],
            lon: (0..8).map(|i| -157.5 + 45.0 * f64::from(i)).collect(),
            dimensions: ["time", "lat", "lon"],
        }
    }

    fn write(&self) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small");
        let mut file = netcdf::create(&path).unwrap();
        for (name, n) in [("time", 1), ("lat", 4), ("lon", 8)] {
            file.add_dimension(name, n).unwrap();
        }
        for (name, units, values) in [
            ("time", self.time_units, vec![self.time]),
            ("lat", "degrees_north", self.lat.clone()),
            ("lon", "degrees_east", self.lon.clone()),
        ] {
            let mut axis = file.add_variable::<f64>(name, &[name]).unwrap();
            axis.put_attribute("units", units).unwrap();
            axis.put_values(&values, ..).unwrap();
        }
        let mut xco2 = file.add_variable::<f64>("XCO2", &self.dimensions).unwrap();
        xco2.set_fill_value(1e20).unwrap();
        for (name, value) in [("units", self.units), ("standard_name", self.standard_name)] {
            if let Some(value) = value {
                xco2.put_attribute(name, value).unwrap();
            }
        }
        xco2.put_values(&self.values, ..).unwrap();
        drop(file);
        (folder, path)
    }
}

fn read(path: &Path) -> Result<Vec<Option<f64>>, Co2Error> {
    let file = open(path)?;
    Ok(file.read(file.months()[0])?.xco2_ppm)
}

#[test]
fn the_sample_is_43_months_of_mole_fraction() {
    let file = open(&sample(CF)).unwrap();
    assert_eq!(file.layout(), Layout::NetCdf);
    assert_eq!(file.unit(), Unit::MoleFraction);
    assert_eq!((file.cells().rows(), file.cells().cols()), (36, 72));
    assert_eq!(file.cells().lat_edges_degrees()[0], 90.0);
    let set = month_set(std::slice::from_ref(&file)).unwrap();
    assert_eq!(set.months.len(), 43);
    assert!(set.missing.is_empty());
    let grid = file.read(month("2011-04")).unwrap();
    assert!(!grid.interpolated);
    // A mean of soundings is an observation wherever it is.
    assert_eq!(grid.observed_ppm.as_ref(), Some(&grid.xco2_ppm));
    assert_eq!(Some(grid.valid_cells()), grid.observed_cells());
    assert!(grid.standard_error_ppm.is_some());
    assert!(matches!(
        file.read(month("2013-01")),
        Err(Co2Error::NoMonth { .. })
    ));
}

#[test]
fn longitudes_0_to_360_and_north_first_are_the_same_map() {
    let here = open(&sample(CF)).unwrap();
    let there = open(&sample(CF_LON360)).unwrap();
    assert_eq!(here.cells(), there.cells());
    assert_eq!(there.months().len(), 4);
    for month in there.months() {
        assert_eq!(here.read(*month).unwrap(), there.read(*month).unwrap());
    }
}

#[test]
fn units_become_ppm() {
    let plain = Small::new();
    let (_folder, path) = plain.write();
    let ppm = read(&path).unwrap();
    assert_eq!(ppm[0], Some(390.0));
    assert_eq!(ppm[5], None);
    for (units, name, factor) in [
        ("1e-6", None, 1.0),
        ("mol mol-1", None, 1e-6),
        (
            "1",
            Some("dry_atmosphere_mole_fraction_of_carbon_dioxide"),
            1e-6,
        ),
        ("kg kg**-1", None, 1e-6 * 44.01 / 28.97),
        (
            "1",
            Some("mass_fraction_of_carbon_dioxide_in_air"),
            1e-6 * 44.01 / 28.97,
        ),
    ] {
        let mut small = Small::new();
        small.units = Some(units);
        small.standard_name = name;
        for value in small.values.iter_mut().filter(|value| **value < 1e19) {
            *value *= factor;
        }
        let (_folder, path) = small.write();
        // What is in air may be that at the ground: it is meant where it is named.
        let request = Request {
            variable: Some("XCO2".to_owned()),
            ..Request::default()
        };
        let file = Co2File::open(&path, &request).unwrap();
        let found = file.read(file.months()[0]).unwrap().xco2_ppm;
        for (found, expected) in found.iter().zip(&ppm) {
            match (found, expected) {
                (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-9),
                (found, expected) => assert_eq!(found, expected),
            }
        }
    }
}

#[test]
fn unknown_units_are_refused_unless_the_request_says_them() {
    for (units, name) in [
        (Some("mg m-3"), None),
        (Some("1"), None),
        (None, None),
        (None, Some("dry_atmosphere_mole_fraction_of_carbon_dioxide")),
    ] {
        let small = Small {
            units,
            standard_name: name,
            ..Small::new()
        };
        let (_folder, path) = small.write();
        let error = open(&path).unwrap_err();
        assert!(matches!(error, Co2Error::Unit { .. }), "{error}");
        assert!(error.to_string().contains("unit = \"ppm\""), "{error}");
        let request = Request {
            unit: Some(Unit::Ppm),
            ..Request::default()
        };
        let file = Co2File::open(&path, &request).unwrap();
        assert_eq!(
            file.read(file.months()[0]).unwrap().xco2_ppm[0],
            Some(390.0)
        );
    }
}

#[test]
fn a_magnitude_that_cannot_be_ppm_is_named_with_what_would_fit() {
    // OCO-2 GEOS files say ppmv and hold mole fractions.
    let mut small = Small::new();
    small
        .values
        .iter_mut()
        .filter(|v| **v < 1e19)
        .for_each(|v| *v *= 1e-6);
    let (_folder, path) = small.write();
    let error = read(&path).unwrap_err();
    assert!(
        matches!(&error, Co2Error::Magnitude(m) if m.count == 31 && m.valid == 31 && m.row == 0 && m.col == 0),
        "{error}"
    );
    assert!(error.to_string().contains("unit = \"mol/mol\""), "{error}");

    let mut small = Small::new();
    small.values[9] = -9999.0;
    let (_folder, path) = small.write();
    let error = read(&path).unwrap_err();
    assert!(
        matches!(&error, Co2Error::Magnitude(m) if m.count == 1 && m.row == 1 && m.col == 1),
        "{error}"
    );
    assert!(error.to_string().contains("fill value"), "{error}");
}

#[test]
fn a_leap_day_epoch_counts_from_the_leap_day() {
    // 2011-04-15 is 4063 days after 2000-02-29, and 7774 after 1990-01-01.
    let leap = Small {
        time: 4063.0,
        time_units: "days since 2000-02-29",
        ..Small::new()
    };
    let (_folder, path) = leap.write();
    assert_eq!(open(&path).unwrap().months(), [month("2011-04")]);
    let no_day = Small {
        time_units: "days since 1900-02-29",
        ..Small::new()
    };
    let (_folder, path) = no_day.write();
    let error = open(&path).unwrap_err();
    assert!(
        matches!(error, Co2Error::Cf(CfError::Time { .. })),
        "{error}"
    );
    let months = Small {
        time_units: "months since 1990-01-01",
        ..Small::new()
    };
    let (_folder, path) = months.write();
    assert!(
        open(&path)
            .unwrap_err()
            .to_string()
            .contains("no fixed length")
    );
}

#[test]
fn netcdf_without_cf_says_what_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let bare = folder.path().join("bare");
    let mut file = netcdf::create(&bare).unwrap();
    file.add_dimension("x", 4).unwrap();
    let mut data = file.add_variable::<f64>("data", &["x"]).unwrap();
    data.put_values(&[1.0; 4], ..).unwrap();
    drop(file);
    let error = open(&bare).unwrap_err();
    assert!(matches!(error, Co2Error::NotCf { .. }), "{error}");

    let dimensions = folder.path().join("dimensions");
    let mut file = netcdf::create(&dimensions).unwrap();
    for (name, n) in [("t", 1), ("y", 2), ("x", 2)] {
        file.add_dimension(name, n).unwrap();
    }
    let mut data = file.add_variable::<f64>("xco2", &["t", "y", "x"]).unwrap();
    data.put_attribute("units", "ppm").unwrap();
    data.put_values(&[390.0; 4], ..).unwrap();
    drop(file);
    let error = open(&dimensions).unwrap_err();
    assert!(matches!(error, Co2Error::NotCf { .. }), "{error}");
    assert!(error.to_string().contains("t, y, x"), "{error}");
}

#[test]
fn other_shapes_and_other_variables_are_refused_with_the_way_out() {
    let turned = Small {
        dimensions: ["time", "lon", "lat"],
        ..Small::new()
    };
    let (_folder, path) = turned.write();
    let error = open(&path).unwrap_err();
    assert!(
        matches!(error, Co2Error::Cf(CfError::Dimensions { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("ncpdq"), "{error}");

    let (_folder, path) = Small::new().write();
    let mut file = netcdf::append(&path).unwrap();
    let mut second = file
        .add_variable::<f64>("xco2", &["time", "lat", "lon"])
        .unwrap();
    second.put_values(&[390.0; 32], ..).unwrap();
    drop(file);
    let error = open(&path).unwrap_err().to_string();
    assert!(error.contains("found XCO2, xco2"), "{error}");
    let request = Request {
        variable: Some("XCO2".to_owned()),
        ..Request::default()
    };
    assert!(Co2File::open(&path, &request).is_ok());
    let request = Request {
        variable: Some("xco".to_owned()),
        ..Request::default()
    };
    assert!(matches!(
        Co2File::open(&path, &request),
        Err(Co2Error::Variable { .. })
    ));
}

#[test]
fn a_grid_upside_down_is_turned_by_its_latitudes_and_refused_against_its_bounds() {
    let mut turned = Small::new();
    turned.lat.reverse();
    turned.values = turned.values.chunks(8).rev().flatten().copied().collect();
    let (_a, upright) = Small::new().write();
    let (_b, turned) = turned.write();
    assert_eq!(read(&upright).unwrap(), read(&turned).unwrap());

    let (_folder, path) = Small::new().write();
    let mut file = netcdf::append(&path).unwrap();
    file.add_dimension("two", 2).unwrap();
    let mut bounds = file
        .add_variable::<f64>("lat_bnds", &["lat", "two"])
        .unwrap();
    bounds
        .put_values(&[-90.0, -45.0, -45.0, 0.0, 0.0, 45.0, 45.0, 90.0], ..)
        .unwrap();
    file.variable_mut("lat")
        .unwrap()
        .put_attribute("bounds", "lat_bnds")
        .unwrap();
    drop(file);
    let error = open(&path).unwrap_err();
    assert!(matches!(error, Co2Error::Contradiction { .. }), "{error}");
}

#[test]
fn a_month_of_days_is_a_month_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("days");
    let mut file = netcdf::create(&path).unwrap();
    for (name, units, values) in [
        ("time", "days since 2011-04-01", vec![0.5, 1.5]),
        ("lat", "degrees_north", vec![45.0, -45.0]),
        ("lon", "degrees_east", vec![90.0, 270.0]),
    ] {
        file.add_dimension(name, 2).unwrap();
        let mut axis = file.add_variable::<f64>(name, &[name]).unwrap();
        axis.put_attribute("units", units).unwrap();
        axis.put_values(&values, ..).unwrap();
    }
    let mut data = file
        .add_variable::<f64>("xco2", &["time", "lat", "lon"])
        .unwrap();
    data.put_attribute("units", "ppm").unwrap();
    data.put_values(&[390.0; 8], ..).unwrap();
    drop(file);
    let error = open(&path).unwrap_err();
    assert!(matches!(error, Co2Error::MonthTwice { .. }), "{error}");
    assert!(
        error.to_string().contains("2011-04 occurs twice"),
        "{error}"
    );
}

/// The small file with another variable of the same shape beside its own.
fn beside(name: &str, attributes: &[(&str, &str)], values: &[f64]) -> (tempfile::TempDir, PathBuf) {
    let small = Small {
        units: Some("ppm"),
        ..Small::new()
    };
    let (folder, path) = small.write();
    let mut file = netcdf::append(&path).unwrap();
    let mut variable = file
        .add_variable::<f32>(name, &["time", "lat", "lon"])
        .unwrap();
    variable.put_attribute("missing_value", 1e20_f64).unwrap();
    for (name, value) in attributes {
        variable.put_attribute(name, *value).unwrap();
    }
    let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    variable.put_values(&values, ..).unwrap();
    drop(file);
    (folder, path)
}

#[test]
fn standard_errors_have_their_own_unit_fill_and_limits() {
    let errors = |unit: Option<&'static str>, value: f64| {
        let mut values = [value; 32];
        values[7] = 1e20;
        let units = unit.map(|unit| ("units", unit));
        let attributes: Vec<(&str, &str)> = units.into_iter().collect();
        let (_folder, path) = beside("XCO2_stderr", &attributes, &values);
        let file = open(&path)?;
        let grid = file.read(file.months()[0])?;
        Ok::<_, Co2Error>(grid.standard_error_ppm.unwrap())
    };
    for (unit, value) in [(Some("ppm"), 1.5), (Some("ppb"), 1500.0), (None, 1.5)] {
        let found = errors(unit, value).unwrap();
        assert_eq!((found[0], found[7]), (Some(1.5), None), "{unit:?}");
    }
    let error = errors(Some("%"), 1.5).unwrap_err().to_string();
    assert!(error.contains("of the standard error"), "{error}");
    for value in [-1.0, 9999.0] {
        let error = errors(Some("ppm"), value).unwrap_err();
        assert!(matches!(error, Co2Error::StandardError { .. }), "{error}");
    }
}

#[test]
fn soundings_are_whole_numbers_from_0() {
    let counted = |value: f64| {
        let mut values = [3.0; 32];
        values[2] = value;
        let (_folder, path) = beside("XCO2_nobs", &[], &values);
        let file = open(&path)?;
        Ok::<_, Co2Error>(file.read(file.months()[0])?.soundings.unwrap())
    };
    assert_eq!(counted(1e20).unwrap()[1..4], [3, 0, 3]);
    for value in [-1.0, 2.5] {
        let error = counted(value).unwrap_err().to_string();
        assert!(error.contains("XCO2_nobs counts soundings"), "{error}");
    }
}

#[test]
fn co2_at_the_ground_is_no_column_unless_it_is_named() {
    for (name, standard_name, by_name) in [
        ("co2", "mole_fraction_of_carbon_dioxide_in_air", true),
        (
            "co2",
            "dry_atmosphere_mole_fraction_of_carbon_dioxide standard_error",
            false,
        ),
        ("flux", "surface_upward_mole_flux_of_carbon_dioxide", true),
    ] {
        let (_folder, path) = Small::new().write();
        let mut file = netcdf::append(&path).unwrap();
        let mut own = file.variable_mut("XCO2").unwrap();
        own.put_attribute("standard_name", standard_name).unwrap();
        own.put_attribute("long_name", name).unwrap();
        drop(file);
        let error = open(&path).unwrap_err().to_string();
        assert!(error.contains("variable = \"...\""), "{error}");
        let request = Request {
            variable: Some("XCO2".to_owned()),
            ..Request::default()
        };
        assert_eq!(
            Co2File::open(&path, &request).is_ok(),
            by_name,
            "{standard_name}"
        );
    }
}
