//! Files of one quantity put together.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use nutag_files::find;
use nutag_grid::overlap::LonLatCells;

use super::quantity::Quantity;
use super::{CfError, GriddedError, GriddedFile, GriddedRequest};
use crate::Month;

const ENDINGS: [&str; 3] = ["nc", "nc4", "cdf"];

/// How long the steps of a series are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// A value a month.
    Monthly,
    /// A value a day.
    Daily,
}

/// A step of a series. Orders by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A month.
    Month(Month),
    /// A day of a month, from 1, in the calendar of the file.
    Day(Month, u8),
}

impl Step {
    /// Its length in days of everyday life.
    #[must_use]
    pub fn days(self) -> f64 {
        match self {
            Self::Month(month) => f64::from(month.days()),
            Self::Day(..) => 1.0,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => month.fmt(f),
            Self::Day(month, day) => write!(f, "{month}-{day:02}"),
        }
    }
}

/// Steps of one quantity on one grid, from any number of files.
#[derive(Debug, Clone)]
pub struct GriddedSeries {
    place: PathBuf,
    quantity: &'static Quantity,
    files: Vec<GriddedFile>,
    steps: BTreeMap<Step, usize>,
}

impl GriddedSeries {
    /// Opens a file, a folder of netCDF files, or a pattern such as `era5_*.nc`.
    ///
    /// # Errors
    /// Returns an error if there is no file, if one is refused, or if files are on different grids or have a
    /// step twice.
    pub fn open(
        place: &Path,
        quantity: &'static Quantity,
        cadence: Cadence,
        request: &GriddedRequest,
    ) -> Result<Self, GriddedError> {
        let paths = find(place, &ENDINGS).map_err(|reason| CfError::Open {
            path: place.to_owned(),
            reason,
        })?;
        let mut files: Vec<GriddedFile> = Vec::new();
        let mut steps: BTreeMap<Step, usize> = BTreeMap::new();
        for (position, path) in paths.iter().enumerate() {
            let file = GriddedFile::open(path, quantity, cadence, request)?;
            if let Some(first) = files.first()
                && first.cells() != file.cells()
            {
                return Err(GriddedError::Grids {
                    first: first.path().to_owned(),
                    second: path.clone(),
                });
            }
            for step in file.steps() {
                if let Some(earlier) = steps.insert(*step, position) {
                    return Err(GriddedError::StepTwice {
                        quantity,
                        step: *step,
                        first: paths[earlier].clone(),
                        second: path.clone(),
                    });
                }
            }
            files.push(file);
        }
        if files.is_empty() {
            return Err(GriddedError::NoFiles {
                place: place.to_owned(),
                quantity,
            });
        }
        Ok(Self {
            place: place.to_owned(),
            quantity,
            files,
            steps,
        })
    }

    /// The files, in order of their paths.
    #[must_use]
    pub fn files(&self) -> &[GriddedFile] {
        &self.files
    }

    /// Its steps, in order of time.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        self.steps.keys().copied()
    }

    /// The cells of all files, row 0 in the north and column 0 in the west.
    #[must_use]
    pub fn cells(&self) -> &LonLatCells {
        // There is at least one file.
        self.files[0].cells()
    }

    /// Whether a step is there.
    #[must_use]
    pub fn has(&self, step: Step) -> bool {
        self.steps.contains_key(&step)
    }

    /// Reads one step, as [`GriddedFile::read`].
    ///
    /// # Errors
    /// Returns an error as there.
    pub fn read(&self, step: Step) -> Result<Vec<Option<f64>>, GriddedError> {
        match self.steps.get(&step) {
            Some(file) => self.files[*file].read(step),
            None => Err(GriddedError::NoStep {
                place: self.place.clone(),
                quantity: self.quantity,
                step,
            }),
        }
    }
}
