//! Months of one element.

use std::path::Path;

use nutag_grid::overlap::LonLatCells;

use super::{ClimateError, ClimateRequest, Element};
use crate::Month;
use crate::gridded::{Cadence, GriddedFile, GriddedSeries, Step};

/// Months of one element on one grid, from any number of files.
#[derive(Debug, Clone)]
pub struct ClimateSeries(GriddedSeries);

impl ClimateSeries {
    /// Opens a file, a folder of netCDF files, or a pattern such as `era5_*.nc`.
    ///
    /// # Errors
    /// Returns an error if there is no file, if one is refused, or if files are on different grids or have a
    /// month twice.
    pub fn open(
        place: &Path,
        element: Element,
        request: &ClimateRequest,
    ) -> Result<Self, ClimateError> {
        let series = GriddedSeries::open(place, element.quantity(), Cadence::Monthly, request)?;
        Ok(Self(series))
    }

    /// The files, in order of their paths.
    #[must_use]
    pub fn files(&self) -> &[GriddedFile] {
        self.0.files()
    }

    /// The cells of all files, row 0 in the north and column 0 in the west.
    #[must_use]
    pub fn cells(&self) -> &LonLatCells {
        self.0.cells()
    }

    /// Whether a month is there.
    #[must_use]
    pub fn has(&self, month: Month) -> bool {
        self.0.has(Step::Month(month))
    }

    /// Reads one month: degC or mm in the month, a value per cell, `None` where nothing is known.
    ///
    /// # Errors
    /// Returns an error if the files do not hold it, if a number cannot be, or if it cannot be read.
    pub fn read(&self, month: Month) -> Result<Vec<Option<f64>>, ClimateError> {
        Ok(self.0.read(Step::Month(month))?)
    }
}
