//! One month of XCO2 on its cells.

use std::fmt;

use nutag_grid::overlap::LonLatCells;

use super::Month;

/// What made a grid. Two grids may be compared only if this is the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Product {
    /// Name of the product, such as `GOSAT TANSO-FTS SWIR L3 CO2`.
    pub name: String,
    /// Its version as the file says it, such as `V03.05`; `None` where it does not.
    pub version: Option<String>,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{} {version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// Whether known biases were removed from the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Correction {
    /// As retrieved.
    Raw,
    /// Bias-corrected by the producer.
    BiasCorrected,
    /// The file does not say.
    Unstated,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Raw => "raw",
            Self::BiasCorrected => "bias-corrected",
            Self::Unstated => "unstated",
        })
    }
}

/// One month of XCO2. Every list has one entry per cell, row-major, row 0 in the north and column 0
/// in the west; `None` where nothing is known.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthlyGrid {
    /// The month.
    pub month: Month,
    /// What made it.
    pub product: Product,
    /// Whether biases were removed.
    pub correction: Correction,
    /// Whether `xco2_ppm` is interpolated: cells without a sounding have a value then.
    pub interpolated: bool,
    /// The cells.
    pub cells: LonLatCells,
    /// XCO2 in ppm of dry air.
    pub xco2_ppm: Vec<Option<f64>>,
    /// Standard error of `xco2_ppm` as the producer gives it; `None` where it gives none.
    pub standard_error_ppm: Option<Vec<Option<f64>>>,
    /// Mean of the month's soundings inside the cell; `None` where there are none.
    pub observed_ppm: Option<Vec<Option<f64>>>,
    /// Number of soundings inside the cell.
    pub soundings: Option<Vec<u32>>,
    /// Where the producer's mask hides the value.
    pub masked: Option<Vec<bool>>,
}

impl MonthlyGrid {
    /// Cells with a value.
    #[must_use]
    pub fn valid_cells(&self) -> usize {
        self.xco2_ppm.iter().flatten().count()
    }

    /// Cells with at least one sounding; `None` where the product does not tell.
    #[must_use]
    pub fn observed_cells(&self) -> Option<usize> {
        let observed = self.observed_ppm.as_ref()?;
        Some(observed.iter().flatten().count())
    }
}
