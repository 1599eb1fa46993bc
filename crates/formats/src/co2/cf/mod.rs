//! CF netCDF with XCO2: C3S and ESA-CCI OBS4MIPS, and others that carry units and standard names.

mod select;

use std::path::Path;

use netcdf::Variable;

use super::file::{Header, Values};
use super::{Co2Error, Correction, Product, Request, Unit};
use crate::gridded::attribute::{global_text, text};
use crate::gridded::coordinates::{Coordinates, Role};
use crate::gridded::{axes, guarded, map_values, open, time};

#[derive(Debug, Clone)]
pub(super) struct CfFile {
    variable: String,
    coordinates: Coordinates,
    standard_error: Option<(String, Unit)>,
    soundings: Option<String>,
}

impl CfFile {
    pub(super) fn open(path: &Path, request: &Request) -> Result<Header<Self>, Co2Error> {
        guarded(path, || Self::header(path, request))
    }

    pub(super) fn read(&self, path: &Path, time: usize, cells: usize) -> Result<Values, Co2Error> {
        guarded(path, || self.month(path, time, cells))
    }

    fn header(path: &Path, request: &Request) -> Result<Header<Self>, Co2Error> {
        let file = open(path)?;
        let variable = select::variable(&file, path, request.variable.as_deref())?;
        let coordinates = Coordinates::new(
            &file,
            path,
            &variable,
            "A profile must be averaged over the column, weighted by pressure, first",
        )?;
        let standard_name = text(&variable, "standard_name");
        let units = text(&variable, "units");
        let parsed = units
            .as_deref()
            .and_then(|units| Unit::parse(units, standard_name.as_deref()));
        let unit = request.unit.or(parsed).ok_or_else(|| Co2Error::Unit {
            path: path.to_owned(),
            dataset: variable.name(),
            found: format!(
                "{} with {}",
                units.map_or_else(|| "no units".to_owned(), |units| format!("units {units:?}")),
                standard_name.as_ref().map_or_else(
                    || "no standard_name".to_owned(),
                    |name| format!("standard_name {name:?}")
                )
            ),
        })?;
        let axes = axes(&file, path, &coordinates)?;
        let time = coordinates.variable(&file, path, Role::Time)?;
        let months = time::months(&file, path, &time)?;
        let ancillary =
            |modifier, endings: &[&str]| select::ancillary(&file, &variable, modifier, endings);
        let standard_error = ancillary("standard_error", &["_stderr", "_standard_error"])
            .map(|found| Ok::<_, Co2Error>((found.name(), select::error_unit(path, &found, unit)?)))
            .transpose()?;
        let version = [
            "product_version",
            "dataset_version",
            "source_version_number",
            "version",
        ]
        .iter()
        .find_map(|name| global_text(&file, name));
        Ok(Header {
            product: Product {
                name: format!("CF netCDF, {}", variable.name()),
                version,
            },
            correction: Correction::Unstated,
            unit,
            axes,
            months,
            kind: Self {
                variable: variable.name(),
                standard_error,
                soundings: ancillary(
                    "number_of_observations",
                    &["_nobs", "_number_of_observations"],
                )
                .map(|found| found.name()),
                coordinates,
            },
        })
    }

    fn month(&self, path: &Path, time: usize, cells: usize) -> Result<Values, Co2Error> {
        let file = open(path)?;
        let field = |name: &str| -> Result<Vec<Option<f64>>, Co2Error> {
            let variable = file.variable(name).ok_or_else(|| Co2Error::Missing {
                path: path.to_owned(),
                what: format!("the variable {name}"),
            })?;
            self.values(path, &variable, time, cells)
        };
        let xco2 = field(&self.variable)?;
        let soundings = match self.soundings.as_deref() {
            Some(name) => Some(counts(path, name, &field(name)?)?),
            None => None,
        };
        // These products are means of soundings: a value is an observation where soundings are counted.
        let observed = soundings.as_ref().map(|counts| {
            let seen = xco2.iter().zip(counts);
            seen.map(|(value, count)| value.filter(|_| *count > 0))
                .collect()
        });
        Ok(Values {
            dataset: self.variable.clone(),
            interpolated: false,
            standard_error: self
                .standard_error
                .as_ref()
                .map(|(name, unit)| Ok::<_, Co2Error>((field(name)?, *unit)))
                .transpose()?,
            observed,
            soundings,
            masked: None,
            xco2,
        })
    }

    /// One month of a variable on the cells of the main one.
    fn values(
        &self,
        path: &Path,
        variable: &Variable<'_>,
        time: usize,
        cells: usize,
    ) -> Result<Vec<Option<f64>>, Co2Error> {
        let values = map_values(path, variable, &self.coordinates, time)?;
        if values.len() != cells {
            return Err(Co2Error::Contradiction {
                path: path.to_owned(),
                first: format!("{} has {} cells a month", variable.name(), values.len()),
                second: format!("{} has {cells}", self.variable),
                advice: "Download the file again",
            });
        }
        Ok(values)
    }
}

/// Counts of soundings: whole numbers, however they are stored; nothing known is none seen.
fn counts(path: &Path, name: &str, values: &[Option<f64>]) -> Result<Vec<u32>, Co2Error> {
    let count =
        |value: &Option<f64>| {
            let value = value.unwrap_or(0.0);
            let whole = (0.0..=f64::from(u32::MAX)).contains(&value) && value.trunc() == value;
            whole.then_some(value as u32).ok_or_else(|| Co2Error::Contradiction {
            path: path.to_owned(),
            first: format!("{name} counts soundings"),
            second: format!("it holds {value}"),
            advice: "Does the file declare what stands for nothing (_FillValue)? Correct it",
        })
        };
    values.iter().map(count).collect()
}
