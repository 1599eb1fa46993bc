//! Monthly climate: right files, and files of which the unit, the months or the cells are not right.

use std::path::{Path, PathBuf};

use nutag_formats::Month;
use nutag_formats::climate::{ClimateError, ClimateRequest, ClimateSeries, Element, read_stations};
use nutag_formats::gridded::{Cadence, CfError, GriddedError, GriddedFile, Step};

/// Months of 2011 on 3 x 4 cells of 5 degrees, to be varied.
struct Small {
    name: &'static str,
    units: Option<&'static str>,
    attributes: Vec<(&'static str, &'static str)>,
    months: Vec<u32>,
    value: f64,
    lon_step: f64,
}

impl Small {
    fn new(name: &'static str, units: Option<&'static str>, value: f64) -> Self {
        Self {
            name,
            units,
            attributes: Vec::new(),
            months: (0..12).collect(),
            value,
            lon_step: 5.0,
        }
    }

    /// The value of a cell of the file; the first cell of each month has none.
    fn write(&self, path: &Path) {
        let mut file = netcdf::create(path).unwrap();
        let times: Vec<f64> = self
            .months
            .iter()
            .map(|m| f64::from(*m) * 30.5 + 14.0)
            .collect();
        let lats = [52.5, 47.5, 42.5];
        let lons: Vec<f64> = (0..4)
            .map(|i| 90.0 + self.lon_step * (f64::from(i) + 0.5))
            .collect();
        for (name, n) in [("time", times.len()), ("lat", 3), ("lon", 4)] {
            file.add_dimension(name, n).unwrap();
        }
        let axes: [(&str, &str, &[f64]); 3] = [
            ("time", "days since 2011-01-01", &times),
            ("lat", "degrees_north", &lats),
            ("lon", "degrees_east", &lons),
        ];
        for (name, units, values) in axes {
            let mut axis = file.add_variable::<f64>(name, &[name]).unwrap();
            axis.put_attribute("units", units).unwrap();
            axis.put_values(values, ..).unwrap();
        }
        let mut variable = file
            .add_variable::<f64>(self.name, &["time", "lat", "lon"])
            .unwrap();
        if let Some(units) = self.units {
            variable.put_attribute("units", units).unwrap();
        }
        for (name, text) in &self.attributes {
            variable.put_attribute(name, *text).unwrap();
        }
        variable.put_attribute("_FillValue", -999.0).unwrap();
        let values: Vec<f64> = (0..times.len() * 12)
            .map(|i| if i % 12 == 0 { -999.0 } else { self.value })
            .collect();
        variable.put_values(&values, ..).unwrap();
    }

    fn written(&self) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.nc");
        self.write(&path);
        (folder, path)
    }
}

fn open(small: &Small, element: Element) -> Result<GriddedFile, GriddedError> {
    let (_folder, path) = small.written();
    GriddedFile::open(
        &path,
        element.quantity(),
        Cadence::Monthly,
        &ClimateRequest::default(),
    )
}

fn open_path(path: &Path) -> Result<GriddedFile, GriddedError> {
    GriddedFile::open(
        path,
        Element::Temperature.quantity(),
        Cadence::Monthly,
        &ClimateRequest::default(),
    )
}

fn april() -> Month {
    "2011-04".parse().unwrap()
}

/// The value of the second cell in April.
fn read(small: &Small, element: Element) -> Result<f64, GriddedError> {
    let (_folder, path) = small.written();
    let file = GriddedFile::open(
        &path,
        element.quantity(),
        Cadence::Monthly,
        &ClimateRequest::default(),
    )?;
    let values = file.read(Step::Month(april()))?;
    assert_eq!((values.len(), values[0]), (12, None));
    Ok(values[1].unwrap())
}

#[test]
fn files_shaped_as_cru_era5_and_climate_models_are_read() {
    let warm =
        |name, units, value| read(&Small::new(name, Some(units), value), Element::Temperature);
    assert!((warm("tmp", "degrees Celsius", -21.5).unwrap() + 21.5).abs() < 1e-12);
    assert!((warm("t2m", "K", 273.15).unwrap()).abs() < 1e-9);
    assert!((warm("tas", "K", 283.15).unwrap() - 10.0).abs() < 1e-9);
    let wet = |name, units, value, attributes: &[(&'static str, &'static str)]| {
        let mut small = Small::new(name, Some(units), value);
        small.attributes = attributes.to_vec();
        read(&small, Element::Precipitation).unwrap()
    };
    let cases = [
        wet("pre", "mm/month", 60.0, &[]),
        wet("pr", "mm day-1", 2.0, &[]),
        wet(
            "pr",
            "kg m-2 s-1",
            2.0 / 86_400.0,
            &[("standard_name", "precipitation_flux")],
        ),
        wet("tp", "m", 0.002, &[("GRIB_stepType", "avgad")]),
        wet(
            "rain",
            "kg m-2",
            60.0,
            &[("standard_name", "precipitation_amount")],
        ),
        wet("pre", "mm", 60.0, &[("cell_methods", "time: sum")]),
    ];
    for (case, mm) in cases.into_iter().enumerate() {
        assert!((mm - 60.0).abs() < 1e-9, "case {case}: {mm}");
    }
}

#[test]
fn a_file_without_its_unit_is_refused_unless_the_unit_is_said() {
    for (small, element, words) in [
        (
            Small::new("tmp", None, 10.0),
            Element::Temperature,
            "temperature_unit = \"degC\"",
        ),
        (
            Small::new("pre", None, 10.0),
            Element::Precipitation,
            "no units",
        ),
        (
            Small::new("tp", Some("m"), 0.002),
            Element::Precipitation,
            "precipitation_unit = \"m/day\"",
        ),
        (
            Small::new("pre", Some("inch"), 1.0),
            Element::Precipitation,
            "\"inch\"",
        ),
    ] {
        let error = open(&small, element).unwrap_err();
        assert!(matches!(error, GriddedError::Unit { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let (_folder, path) = Small::new("tp", Some("m"), 0.002).written();
    let request = ClimateRequest {
        unit: Element::Precipitation.unit("m/day"),
        ..ClimateRequest::default()
    };
    let file = GriddedFile::open(
        &path,
        Element::Precipitation.quantity(),
        Cadence::Monthly,
        &request,
    )
    .unwrap();
    assert!((file.read(Step::Month(april())).unwrap()[5].unwrap() - 60.0).abs() < 1e-9);
}

#[test]
fn numbers_that_no_place_has_are_refused_with_what_they_may_be() {
    let error = read(
        &Small::new("tmp", Some("degC"), 283.15),
        Element::Temperature,
    )
    .unwrap_err();
    assert!(error.to_string().contains("In K it would fit"), "{error}");
    let error = read(
        &Small::new("pre", Some("mm/month"), -5.0),
        Element::Precipitation,
    )
    .unwrap_err();
    assert!(matches!(error, GriddedError::Magnitude(_)), "{error}");
    // What packing leaves of a dry month is no rain.
    let dry = read(
        &Small::new("pre", Some("mm/month"), -1e-4),
        Element::Precipitation,
    );
    assert_eq!(dry.unwrap(), 0.0);
}

#[test]
fn the_variable_is_found_or_asked_for() {
    let error = open(&Small::new("x", Some("K"), 280.0), Element::Temperature).unwrap_err();
    assert!(
        error.to_string().contains("temperature_variable"),
        "{error}"
    );
    let (_folder, path) = Small::new("x", Some("K"), 280.0).written();
    let request = ClimateRequest {
        variable: Some("x".to_owned()),
        ..ClimateRequest::default()
    };
    assert_eq!(
        GriddedFile::open(
            &path,
            Element::Temperature.quantity(),
            Cadence::Monthly,
            &request
        )
        .unwrap()
        .variable(),
        "x"
    );
    let mut named = Small::new("x", Some("K"), 280.0);
    named.attributes = vec![("standard_name", "air_temperature")];
    assert!(open(&named, Element::Temperature).is_ok());
}

#[test]
fn a_series_is_of_one_grid_and_has_each_month_once() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, months: &[u32], lon_step| {
        let mut small = Small::new("tmp", Some("degC"), 1.0);
        (small.months, small.lon_step) = (months.to_vec(), lon_step);
        small.write(&folder.path().join(name));
    };
    let series = || {
        ClimateSeries::open(
            folder.path(),
            Element::Temperature,
            &ClimateRequest::default(),
        )
    };
    assert!(matches!(
        series(),
        Err(ClimateError::Grid(GriddedError::NoFiles { .. }))
    ));
    write("a.nc", &[0, 1, 2], 5.0);
    write("b.nc", &[3, 4], 5.0);
    let whole = series().unwrap();
    assert!(whole.has(april()) && !whole.has("2011-07".parse().unwrap()));
    assert_eq!(whole.read(april()).unwrap()[3], Some(1.0));
    let missing = whole.read("2011-07".parse().unwrap()).unwrap_err();
    assert!(
        missing.to_string().contains("no temperature of 2011-07"),
        "{missing}"
    );
    write("c.nc", &[4, 5], 5.0);
    assert!(matches!(
        series(),
        Err(ClimateError::Grid(GriddedError::StepTwice { .. }))
    ));
    write("c.nc", &[6], 4.0);
    assert!(matches!(
        series(),
        Err(ClimateError::Grid(GriddedError::Grids { .. }))
    ));
}

#[test]
fn what_is_no_netcdf_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nc");
    std::fs::write(&path, b"CDF\x05 and then nothing").unwrap();
    let error = open_path(&path);
    assert!(matches!(error, Err(GriddedError::Cf(CfError::Open { .. }))));
}

fn stations(text: &str) -> Result<usize, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stations.csv");
    std::fs::write(&path, text).unwrap();
    let read = read_stations(&path).map_err(|error| error.to_string())?;
    Ok(read.values().map(std::collections::BTreeMap::len).sum())
}

#[test]
fn station_tables_say_their_units_in_the_heading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stations.csv");
    std::fs::write(
        &path,
        "region,year,month,temperature_K,precipitation_mm_day\nTöv,2011,7,289.15,2.0\n",
    )
    .unwrap();
    let read = read_stations(&path).unwrap();
    let july = read["Töv"][&"2011-07".parse().unwrap()];
    assert!((july.temperature_celsius - 16.0).abs() < 1e-9);
    assert!((july.precipitation_mm - 62.0).abs() < 1e-9);

    let head = "region,year,month,temperature_degC,precipitation_mm_month\n";
    assert_eq!(
        stations(&format!("{head}a,2011,1,-20,2\na,2011,2,-16,2\n")),
        Ok(2)
    );
    for (text, words) in [
        (
            "region,year,month,temperature,precipitation_mm_month\na,2011,1,-20,2\n".to_owned(),
            "temperature_degC or temperature_K",
        ),
        (
            "region,year,month,temperature_degC,precipitation\na,2011,1,-20,2\n".to_owned(),
            "precipitation_mm_month",
        ),
        (format!("{head}a,2011,13,-20,2\n"), "1 to 12"),
        (format!("{head}a,2011,1,289,2\n"), "unit in the name"),
        (format!("{head}a,2011,1,-20,-2\n"), "unit in the name"),
        (
            format!("{head}a,2011,1,-20,2\na,2011,1,-20,2\n"),
            "twice (first on line 2)",
        ),
        (format!("{head}a,2011,1,,2\n"), "does not count as zero"),
        (
            "region,year,month,temp_degC,precipitation_mm_month\na,2011,1,1,2\n".to_owned(),
            "temp_degC",
        ),
    ] {
        let error = stations(&text).unwrap_err();
        assert!(error.contains(words), "{text}: {error}");
    }
}
