//! A netCDF file with months of one element.

use std::path::{Path, PathBuf};

use nutag_grid::overlap::LonLatCells;

use super::select;
use super::{ClimateError, ClimateMagnitude, ClimateUnit, Element};
use crate::Month;
use crate::cf::attribute::text;
use crate::cf::axes::Axes;
use crate::cf::coordinates::{Coordinates, Role};
use crate::cf::{CfError, axes, guarded, map_values, open, time};

/// How files are to be read where they leave a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClimateRequest {
    /// The variable, where more than one could be meant.
    pub variable: Option<String>,
    /// The unit, where the file says none, or one that does not say of which time.
    pub unit: Option<ClimateUnit>,
}

/// A netCDF file with one or more months of one element. Holds no open file and may be shared by
/// threads.
#[derive(Debug, Clone)]
pub struct ClimateFile {
    path: PathBuf,
    element: Element,
    variable: String,
    has_time: bool,
    unit: ClimateUnit,
    axes: Axes,
    months: Vec<Month>,
}

impl ClimateFile {
    /// Opens a file, reads what it says of itself, and closes it again.
    ///
    /// # Errors
    /// [`ClimateError`], for everything that can be seen without the values.
    pub fn open(
        path: &Path,
        element: Element,
        request: &ClimateRequest,
    ) -> Result<Self, ClimateError> {
        guarded(path, || Self::header(path, element, request))
    }

    fn header(
        path: &Path,
        element: Element,
        request: &ClimateRequest,
    ) -> Result<Self, ClimateError> {
        let file = open(path)?;
        let variable = select::variable(&file, path, element, request.variable.as_deref())?;
        let coordinates = Coordinates::new(
            &file,
            path,
            &variable,
            "Take out what is no place and no time first: ncwa -a number,expver IN.nc OUT.nc",
        )?;
        let said = text(&variable, "units");
        let parsed = said
            .as_deref()
            .and_then(|units| ClimateUnit::with_period(element, units, select::period(&variable)));
        let unit = request
            .unit
            .or(parsed)
            .ok_or_else(|| unknown_unit(path, &variable.name(), element, said.as_deref()))?;
        let axes = axes(&file, path, &coordinates)?;
        let time_variable = coordinates.variable(&file, path, Role::Time)?;
        let months = time::months(&file, path, &time_variable)?;
        let mut sorted = months.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ClimateError::MonthTwice {
                element,
                month: twice[0],
                first: path.to_owned(),
                second: path.to_owned(),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            element,
            variable: variable.name(),
            has_time: coordinates.has_time,
            unit,
            axes,
            months,
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the variable.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// The unit of the stored numbers.
    #[must_use]
    pub fn unit(&self) -> ClimateUnit {
        self.unit
    }

    /// Its months, in the order of the file.
    #[must_use]
    pub fn months(&self) -> &[Month] {
        &self.months
    }

    /// Its cells, row 0 in the north and column 0 in the west.
    #[must_use]
    pub fn cells(&self) -> &LonLatCells {
        &self.axes.cells
    }

    /// Reads one month: degC or mm in the month, a value per cell, `None` where nothing is known.
    ///
    /// # Errors
    /// [`ClimateError::NoMonth`] when the file does not hold it, [`ClimateError::Magnitude`] when a
    /// number cannot be, and what the library says when it cannot be read.
    pub fn read(&self, month: Month) -> Result<Vec<Option<f64>>, ClimateError> {
        let Some(index) = self.months.iter().position(|have| *have == month) else {
            return Err(ClimateError::NoMonth {
                place: self.path.clone(),
                element: self.element,
                month,
            });
        };
        let stored = guarded(&self.path, || -> Result<_, ClimateError> {
            let file = open(&self.path)?;
            let variable = file
                .variable(&self.variable)
                .ok_or_else(|| CfError::NotCf {
                    path: self.path.clone(),
                    lacking: format!("no variable {}", self.variable),
                })?;
            Ok(map_values(
                &self.path,
                &variable,
                self.has_time.then_some(index),
            )?)
        })?;
        let cells = self.axes.cells.cells();
        if stored.len() != cells {
            return Err(CfError::Contradiction {
                path: self.path.clone(),
                first: format!("{} has {} cells a month", self.variable, stored.len()),
                second: format!("its axes make {cells}"),
                advice: "Download the file again",
            }
            .into());
        }
        let stored = self.axes.arrange(&stored);
        let (least, largest) = limits(self.element);
        let mut bad: Option<(f64, f64)> = None;
        let mut count = 0;
        let values: Vec<Option<f64>> = stored
            .iter()
            .map(|stored| {
                let value = self.unit.convert((*stored)?, month);
                // Packed files store a dry month a hair below zero.
                let value = match self.element {
                    Element::Precipitation if (-0.1..0.0).contains(&value) => 0.0,
                    _ => value,
                };
                if !(least..=largest).contains(&value) {
                    count += 1;
                    bad = bad.or(stored.map(|stored| (stored, value)));
                }
                Some(value)
            })
            .collect();
        let Some((value, converted)) = bad else {
            return Ok(values);
        };
        let fits = ClimateUnit::of(self.element).iter().find(|unit| {
            **unit != self.unit && (least..=largest).contains(&unit.convert(value, month))
        });
        let hint = match fits {
            Some(unit) => format!(
                "In {unit} it would fit; if that is what it is, say {}_unit = \"{unit}\"",
                self.element
            ),
            None => {
                "It may be a fill value the file does not declare, or another quantity".to_owned()
            }
        };
        Err(ClimateError::Magnitude(Box::new(ClimateMagnitude {
            path: self.path.clone(),
            variable: self.variable.clone(),
            element: self.element,
            month,
            unit: self.unit,
            value,
            converted,
            least,
            largest,
            count,
            valid: values.iter().flatten().count(),
            hint,
        })))
    }
}

/// What a month's mean can be: degC, or mm. The records are about -75 and 45 degC and 9300 mm.
pub(super) fn limits(element: Element) -> (f64, f64) {
    match element {
        Element::Temperature => (-90.0, 60.0),
        Element::Precipitation => (0.0, 10_000.0),
    }
}

/// The units that are read, for messages.
pub(super) fn known_units(element: Element) -> &'static str {
    match element {
        Element::Temperature => "degC or K",
        Element::Precipitation => "mm/month, mm/day, kg m-2 s-1, m/day or m/month",
    }
}

fn unknown_unit(path: &Path, variable: &str, element: Element, said: Option<&str>) -> ClimateError {
    let bare = matches!(
        said.map(str::trim),
        Some("m" | "mm" | "kg m-2" | "kg m**-2")
    ) && element == Element::Precipitation;
    let advice = match element {
        Element::Precipitation if bare => {
            "A length alone does not say of which time: monthly means of ERA5 are metres a day. Say so: \
             precipitation_unit = \"m/day\""
        }
        Element::Precipitation => "If you know it, say so: precipitation_unit = \"mm/month\"",
        Element::Temperature => "If you know it, say so: temperature_unit = \"degC\"",
    };
    ClimateError::Unit {
        path: path.to_owned(),
        variable: variable.to_owned(),
        element,
        units: known_units(element),
        found: said.map_or_else(|| "no units".to_owned(), |units| format!("\"{units}\"")),
        advice,
    }
}
