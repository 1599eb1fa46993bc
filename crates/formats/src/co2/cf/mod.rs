//! CF netCDF with XCO2: C3S and ESA-CCI OBS4MIPS, and others that carry units and standard names.

mod attribute;
mod select;
mod time;

use std::path::Path;

use netcdf::Variable;

use super::axes::{Axes, Axis};
use super::file::{Header, Values};
use super::{Co2Error, Correction, Product, Request, Unit};
use attribute::{number, text};
use select::{Coordinates, Role};

/// What netCDF writes where nothing was written (`NC_FILL_FLOAT`).
const DEFAULT_FILL: f64 = 9.969_209_968_386_869e36;

#[derive(Debug, Clone)]
pub(super) struct CfFile {
    variable: String,
    /// Whether the variable has a time axis, or one month for all of it.
    has_time: bool,
    standard_error: Option<String>,
    soundings: Option<String>,
}

pub(super) fn open(path: &Path) -> Result<netcdf::File, Co2Error> {
    // The HDF5 library under it would print its own messages.
    hdf5::silence_errors(true);
    netcdf::open(path).map_err(|error| Co2Error::Open {
        path: path.to_owned(),
        reason: format!("the netCDF file cannot be opened: {error}"),
    })
}

/// The `netcdf` crate panics where a damaged file makes the library fail in the middle of a listing;
/// damage is an error here.
fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, Co2Error>) -> Result<T, Co2Error> {
    crate::damage::guarded(read).unwrap_or_else(|| {
        Err(Co2Error::Open {
            path: path.to_owned(),
            reason: "the netCDF file is damaged: its lists of variables and attributes cannot be read. Download it \
                     again"
                .to_owned(),
        })
    })
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
        let coordinates = Coordinates::new(&file, path, &variable)?;
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
        let axis = |role| -> Result<Axis, Co2Error> {
            let coordinate = coordinates.variable(&file, path, role)?;
            axis(&file, path, &coordinate)
        };
        let axes = Axes::new(axis(Role::Longitude)?, axis(Role::Latitude)?);
        let axes = axes.map_err(|source| Co2Error::Cells {
            path: path.to_owned(),
            source,
        })?;
        let time = coordinates.variable(&file, path, Role::Time)?;
        let months = time::months(&file, path, &time)?;
        let ancillary = |modifier, suffixes: &[&str]| {
            select::ancillary(&file, &variable, modifier, suffixes).map(|found| found.name())
        };
        let version = [
            "product_version",
            "dataset_version",
            "source_version_number",
            "version",
        ]
        .iter()
        .find_map(|name| attribute::global_text(&file, name));
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
                has_time: coordinates.has_time,
                standard_error: ancillary("standard_error", &["_stderr", "_uncertainty"]),
                soundings: ancillary(
                    "number_of_observations",
                    &["_nobs", "_number_of_observations"],
                ),
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
        let soundings: Option<Vec<u32>> =
            self.soundings.as_deref().map(field).transpose()?.map(|n| {
                // A count is a whole number however it is stored; nothing known is none seen.
                n.iter()
                    .map(|n| n.map_or(0, |n| n.round().clamp(0.0, f64::from(u32::MAX)) as u32))
                    .collect()
            });
        // These products are means of soundings: a value is an observation where soundings are counted.
        let observed = soundings.as_ref().map(|counts| {
            let seen = xco2.iter().zip(counts);
            seen.map(|(value, count)| value.filter(|_| *count > 0))
                .collect()
        });
        Ok(Values {
            dataset: self.variable.clone(),
            interpolated: false,
            standard_error: self.standard_error.as_deref().map(field).transpose()?,
            observed,
            soundings,
            masked: None,
            xco2,
        })
    }

    /// One month of a variable, unpacked, `None` for fill and what lies outside its valid range.
    fn values(
        &self,
        path: &Path,
        variable: &Variable<'_>,
        time: usize,
        cells: usize,
    ) -> Result<Vec<Option<f64>>, Co2Error> {
        let fault = |error: netcdf::Error| Co2Error::Open {
            path: path.to_owned(),
            reason: format!("{} cannot be read: {error}", variable.name()),
        };
        let raw: Vec<f64> = if self.has_time {
            variable.get_values((time, .., ..)).map_err(fault)?
        } else {
            variable.get_values(..).map_err(fault)?
        };
        if raw.len() != cells {
            return Err(Co2Error::Contradiction {
                path: path.to_owned(),
                first: format!("{} has {} cells a month", variable.name(), raw.len()),
                second: format!("{} has {cells}", self.variable),
                advice: "Download the file again",
            });
        }
        let nothing: Vec<f64> = ["_FillValue", "missing_value"]
            .iter()
            .filter_map(|name| number(variable, name))
            .chain([DEFAULT_FILL])
            .collect();
        let range = attribute::numbers(variable, "valid_range");
        let least = number(variable, "valid_min").or_else(|| range.first().copied());
        let largest = number(variable, "valid_max").or_else(|| range.get(1).copied());
        let scale = number(variable, "scale_factor").unwrap_or(1.0);
        let offset = number(variable, "add_offset").unwrap_or(0.0);
        Ok(raw
            .into_iter()
            .map(|raw| {
                let known = !raw.is_nan()
                    && !nothing.contains(&raw)
                    && least.is_none_or(|least| raw >= least)
                    && largest.is_none_or(|largest| raw <= largest);
                known.then_some(raw * scale + offset)
            })
            .collect())
    }
}

/// An axis from its coordinate variable: by its bounds where it names them, by its middles otherwise.
fn axis(file: &netcdf::File, path: &Path, coordinate: &Variable<'_>) -> Result<Axis, Co2Error> {
    let read = |variable: &Variable<'_>| -> Result<Vec<f64>, Co2Error> {
        variable.get_values(..).map_err(|error| Co2Error::Open {
            path: path.to_owned(),
            reason: format!("{} cannot be read: {error}", variable.name()),
        })
    };
    let middles = read(coordinate)?;
    let Some(bounds) = text(coordinate, "bounds").and_then(|name| file.variable(&name)) else {
        return Ok(Axis::Middles(middles));
    };
    let edges = read(&bounds)?;
    let pairs: Vec<[f64; 2]> = edges
        .chunks_exact(2)
        .map(|pair| [pair[0], pair[1]])
        .collect();
    let holds = |(pair, middle): (&[f64; 2], &f64)| {
        let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        (low..=high).contains(middle)
    };
    if edges.len() != 2 * middles.len() || !pairs.iter().zip(&middles).all(holds) {
        return Err(Co2Error::Contradiction {
            path: path.to_owned(),
            first: format!(
                "{} has the middles of {} cells",
                coordinate.name(),
                middles.len()
            ),
            second: format!("its bounds {} do not hold them", bounds.name()),
            advice: "Was one of the two turned over? Correct the file, or remove the attribute `bounds`",
        });
    }
    Ok(Axis::Bounds(pairs))
}
