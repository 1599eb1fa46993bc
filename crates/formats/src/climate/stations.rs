//! Temperature and precipitation by region and month, from a table.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ClimateError, Element};
use crate::Month;
use crate::csv_table::{CsvRow, CsvTable};
use crate::gridded::{GriddedError, QuantityUnit};

/// A month of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationMonth {
    /// Mean air temperature in degC.
    pub temperature_celsius: f64,
    /// Precipitation in mm in the month.
    pub precipitation_mm: f64,
}

/// Months by region.
pub type Stations = BTreeMap<String, BTreeMap<Month, StationMonth>>;

/// Columns of temperature, and their unit.
const TEMPERATURE: [&str; 2] = ["temperature_degC", "temperature_K"];
/// Columns of precipitation, and their unit.
const PRECIPITATION: [&str; 3] = [
    "precipitation_mm_month",
    "precipitation_mm_day",
    "precipitation_kg_m2_s",
];
const PRECIPITATION_UNITS: [&str; 3] = ["mm/month", "mm/day", "kg m-2 s-1"];

/// Reads a table with the columns `region`, `year`, `month`, one of `temperature_degC` and
/// `temperature_K`, and one of `precipitation_mm_month`, `precipitation_mm_day` and
/// `precipitation_kg_m2_s`: a row a region and month.
///
/// # Errors
/// What [`CsvTable`] refuses; a column without its unit; numbers that no place on Earth has; a region
/// and month twice.
pub fn read_stations(path: &Path) -> Result<Stations, ClimateError> {
    let table = CsvTable::open(path)?;
    for (bare, element) in [
        ("temperature", Element::Temperature),
        ("precipitation", Element::Precipitation),
    ] {
        if table.column(bare).is_ok() {
            return Err(ClimateError::Grid(GriddedError::Unit {
                path: path.to_owned(),
                variable: bare.to_owned(),
                quantity: element.quantity(),
                found: "a column without its unit".to_owned(),
                advice: match element {
                    Element::Temperature => {
                        "Name the column with its unit: temperature_degC or temperature_K"
                    }
                    Element::Precipitation => {
                        "Name the column with its unit: precipitation_mm_month, precipitation_mm_day or \
                         precipitation_kg_m2_s"
                    }
                }
                .to_owned(),
            }));
        }
    }
    let known: Vec<&str> = ["region", "year", "month"]
        .into_iter()
        .chain(TEMPERATURE)
        .chain(PRECIPITATION)
        .collect();
    table.only(&known)?;
    let region = table.column("region")?;
    let (year, month) = (table.column("year")?, table.column("month")?);
    let (t_unit, temperature) = table.one_of(&TEMPERATURE)?;
    let (p_unit, precipitation) = table.one_of(&PRECIPITATION)?;
    let t_unit = Element::Temperature.unit(["degC", "K"][t_unit]);
    let p_unit = Element::Precipitation.unit(PRECIPITATION_UNITS[p_unit]);

    let mut stations = Stations::new();
    let mut lines: BTreeMap<(String, Month), u64> = BTreeMap::new();
    for row in table.rows() {
        let name = table.text(row, region)?.to_owned();
        let (y, m) = (
            table.whole(row, year, 1000..=9999)?,
            table.whole(row, month, 1..=12)?,
        );
        let Some(when) = u8::try_from(m).ok().and_then(|m| Month::new(y, m)) else {
            return Err(table.value(row, month, "a month", "write 1 to 12").into());
        };
        let value = |column, unit: Option<&'static QuantityUnit>, element| {
            read_value(&table, row, column, unit, element, when)
        };
        let entry = StationMonth {
            temperature_celsius: value(temperature, t_unit, Element::Temperature)?,
            precipitation_mm: value(precipitation, p_unit, Element::Precipitation)?,
        };
        if let Some(first) = lines.insert((name.clone(), when), row.line()) {
            return Err(ClimateError::StationTwice {
                path: path.to_owned(),
                line: row.line(),
                first,
                region: name,
                month: when,
            });
        }
        stations.entry(name).or_default().insert(when, entry);
    }
    Ok(stations)
}

fn read_value(
    table: &CsvTable,
    row: &CsvRow,
    column: usize,
    unit: Option<&'static QuantityUnit>,
    element: Element,
    month: Month,
) -> Result<f64, ClimateError> {
    let number = table.number(row, column)?;
    let value = unit.map_or(number, |unit| unit.convert(number, f64::from(month.days())));
    let (least, largest) = element.quantity().plausible;
    if (least..=largest).contains(&value) {
        return Ok(value);
    }
    let expected = match element {
        Element::Temperature => "a month's mean temperature on Earth",
        Element::Precipitation => "a month's precipitation on Earth",
    };
    let advice = "is the unit in the name of the column right?";
    Err(table.value(row, column, expected, advice).into())
}
