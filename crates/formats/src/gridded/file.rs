//! A netCDF file with steps of one quantity.

use std::path::{Path, PathBuf};

use nutag_grid::overlap::LonLatCells;

use super::axes::Axes;
use super::coordinates::{Coordinates, Role};
use super::quantity::{Quantity, QuantityUnit, Statistic};
use super::series::{Cadence, Step};
use super::traits::Traits;
use super::{CfError, GriddedError, GriddedMagnitude, attribute::text};
use super::{axes, guarded, map_values, open, select, time};

/// How files are to be read where they leave a choice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GriddedRequest {
    /// The variable, where more than one could be meant.
    pub variable: Option<String>,
    /// The unit, where the file says none, or one that does not say of which time.
    pub unit: Option<&'static QuantityUnit>,
}

/// A netCDF file with one or more steps of one quantity. Holds no open file and may be shared by
/// threads.
#[derive(Debug, Clone)]
pub struct GriddedFile {
    path: PathBuf,
    quantity: &'static Quantity,
    variable: String,
    coordinates: Coordinates,
    unit: &'static QuantityUnit,
    axes: Axes,
    steps: Vec<Step>,
}

impl GriddedFile {
    /// Opens a file, reads what it says of itself, and closes it again.
    ///
    /// # Errors
    /// Returns an error for everything that can be seen without the values: no variable or several that
    /// could be meant, one that contradicts itself, axes that are not a map, steps of another length.
    pub fn open(
        path: &Path,
        quantity: &'static Quantity,
        cadence: Cadence,
        request: &GriddedRequest,
    ) -> Result<Self, GriddedError> {
        guarded(path, || Self::header(path, quantity, cadence, request))
    }

    fn header(
        path: &Path,
        quantity: &'static Quantity,
        cadence: Cadence,
        request: &GriddedRequest,
    ) -> Result<Self, GriddedError> {
        let file = open(path)?;
        let variable = select::variable(&file, path, quantity, request.variable.as_deref())?;
        let coordinates = Coordinates::new(
            &file,
            path,
            &variable,
            "Take out what is no place and no time first: ncwa -a number,expver IN.nc OUT.nc",
        )?;
        let said = text(&variable, "units");
        let period = Traits::of(&file, &variable).period();
        let parsed = said
            .as_deref()
            .and_then(|units| quantity.unit_of(units, period));
        let unit = request
            .unit
            .or(parsed)
            .ok_or_else(|| unknown_unit(path, &variable.name(), quantity, said.as_deref()))?;
        // What cannot be decoded is known before the values are asked for.
        super::packing::Packing::of(path, &variable)?;
        let axes = axes(&file, path, &coordinates)?;
        let time_variable = coordinates.variable(&file, path, Role::Time)?;
        let steps: Vec<Step> = match cadence {
            Cadence::Monthly => {
                let months = time::months(&file, path, &time_variable)?;
                months.into_iter().map(Step::Month).collect()
            }
            Cadence::Daily => {
                let days = time::days(&file, path, &time_variable)?;
                days.into_iter()
                    .map(|(month, day)| Step::Day(month, day))
                    .collect()
            }
        };
        let mut sorted = steps.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(GriddedError::StepTwice {
                quantity,
                step: twice[0],
                first: path.to_owned(),
                second: path.to_owned(),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            quantity,
            variable: variable.name(),
            coordinates,
            unit,
            axes,
            steps,
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

    /// The unit of the file's numbers.
    #[must_use]
    pub fn unit(&self) -> &'static QuantityUnit {
        self.unit
    }

    /// Its steps, in the order of the file.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Its cells, row 0 in the north and column 0 in the west.
    #[must_use]
    pub fn cells(&self) -> &LonLatCells {
        &self.axes.cells
    }

    /// Reads one step in the first unit of the quantity, a value per cell, `None` where nothing is known.
    ///
    /// # Errors
    /// Returns an error if the file does not hold the step, if a number cannot be, or if it cannot be
    /// read or decoded.
    pub fn read(&self, step: Step) -> Result<Vec<Option<f64>>, GriddedError> {
        let Some(index) = self.steps.iter().position(|have| *have == step) else {
            return Err(GriddedError::NoStep {
                place: self.path.clone(),
                quantity: self.quantity,
                step,
            });
        };
        let stored = guarded(&self.path, || -> Result<_, GriddedError> {
            let file = open(&self.path)?;
            let variable = file
                .variable(&self.variable)
                .ok_or_else(|| CfError::NotCf {
                    path: self.path.clone(),
                    lacking: format!("no variable {}", self.variable),
                })?;
            Ok(map_values(&self.path, &variable, &self.coordinates, index)?)
        })?;
        let cells = self.axes.cells.cells();
        if stored.len() != cells {
            return Err(CfError::Contradiction {
                path: self.path.clone(),
                first: format!("{} has {} cells a step", self.variable, stored.len()),
                second: format!("its axes make {cells}"),
                advice: "Download the file again",
            }
            .into());
        }
        self.converted(step, &self.axes.arrange(&stored))
    }

    fn converted(
        &self,
        step: Step,
        stored: &[Option<f64>],
    ) -> Result<Vec<Option<f64>>, GriddedError> {
        let days = step.days();
        let (least, largest) = self.quantity.plausible;
        let mut bad: Option<(f64, f64)> = None;
        let mut count = 0;
        let values: Vec<Option<f64>> = stored
            .iter()
            .map(|stored| {
                let value = self.unit.convert((*stored)?, days);
                // Packed files store a dry month a hair below zero.
                let value = match self.quantity.statistic {
                    Statistic::Amount if least == 0.0 && (-0.1..0.0).contains(&value) => 0.0,
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
        let fits = self.quantity.units.iter().find(|unit| {
            *unit != self.unit && (least..=largest).contains(&unit.convert(value, days))
        });
        let hint = match fits {
            Some(unit) => format!(
                "In {unit} it would fit; if that is what it is, say {}_unit = \"{unit}\"",
                self.quantity
            ),
            None => {
                "It may be a fill value the file does not declare, or another quantity".to_owned()
            }
        };
        Err(GriddedError::Magnitude(Box::new(GriddedMagnitude {
            path: self.path.clone(),
            variable: self.variable.clone(),
            quantity: self.quantity,
            step,
            unit: self.unit,
            value,
            converted,
            count,
            valid: values.iter().flatten().count(),
            hint,
        })))
    }
}

fn unknown_unit(
    path: &Path,
    variable: &str,
    quantity: &'static Quantity,
    said: Option<&str>,
) -> GriddedError {
    let bare = matches!(
        said.map(str::trim),
        Some("m" | "mm" | "kg m-2" | "kg m**-2")
    ) && quantity.statistic == Statistic::Amount;
    let unit = quantity.units.first().map_or("", |unit| unit.name);
    let advice = if bare {
        format!(
            "A length alone does not say of which time: monthly means of ERA5 are metres a day. Say so: \
             {quantity}_unit = \"m/day\""
        )
    } else {
        format!("If you know it, say so: {quantity}_unit = \"{unit}\"")
    };
    GriddedError::Unit {
        path: path.to_owned(),
        variable: variable.to_owned(),
        quantity,
        found: said.map_or_else(|| "no units".to_owned(), |units| format!("\"{units}\"")),
        advice,
    }
}
