//! Files of one element put together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_files::find;
use nutag_grid::overlap::LonLatCells;

use super::{ClimateError, ClimateFile, ClimateRequest, Element};
use crate::Month;
use crate::cf::CfError;

const ENDINGS: [&str; 3] = ["nc", "nc4", "cdf"];

/// Months of one element on one grid, from any number of files.
#[derive(Debug, Clone)]
pub struct ClimateSeries {
    place: PathBuf,
    element: Element,
    files: Vec<ClimateFile>,
    months: BTreeMap<Month, usize>,
}

impl ClimateSeries {
    /// Opens a file, a folder of netCDF files, or a pattern such as `era5_*.nc`.
    ///
    /// # Errors
    /// No file, files that are refused one by one, files on different grids, one month twice.
    pub fn open(
        place: &Path,
        element: Element,
        request: &ClimateRequest,
    ) -> Result<Self, ClimateError> {
        let paths = find(place, &ENDINGS).map_err(|reason| CfError::Open {
            path: place.to_owned(),
            reason,
        })?;
        let mut files: Vec<ClimateFile> = Vec::new();
        let mut months: BTreeMap<Month, usize> = BTreeMap::new();
        for (position, path) in paths.iter().enumerate() {
            let file = ClimateFile::open(path, element, request)?;
            if let Some(first) = files.first()
                && first.cells() != file.cells()
            {
                return Err(ClimateError::Grids {
                    first: first.path().to_owned(),
                    second: path.clone(),
                });
            }
            for month in file.months() {
                if let Some(earlier) = months.insert(*month, position) {
                    return Err(ClimateError::MonthTwice {
                        element,
                        month: *month,
                        first: paths[earlier].clone(),
                        second: path.clone(),
                    });
                }
            }
            files.push(file);
        }
        if files.is_empty() {
            return Err(ClimateError::NoFiles {
                place: place.to_owned(),
                element,
            });
        }
        Ok(Self {
            place: place.to_owned(),
            element,
            files,
            months,
        })
    }

    /// The files, in order of their paths.
    #[must_use]
    pub fn files(&self) -> &[ClimateFile] {
        &self.files
    }

    /// Its cells, row 0 in the north and column 0 in the west.
    #[must_use]
    pub fn cells(&self) -> &LonLatCells {
        // There is at least one file.
        self.files[0].cells()
    }

    /// Whether a month is there.
    #[must_use]
    pub fn has(&self, month: Month) -> bool {
        self.months.contains_key(&month)
    }

    /// Reads one month, as [`ClimateFile::read`].
    ///
    /// # Errors
    /// As there.
    pub fn read(&self, month: Month) -> Result<Vec<Option<f64>>, ClimateError> {
        match self.months.get(&month) {
            Some(file) => self.files[*file].read(month),
            None => Err(ClimateError::NoMonth {
                place: self.place.clone(),
                element: self.element,
                month,
            }),
        }
    }
}
