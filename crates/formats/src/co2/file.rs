//! A file with one or more months of CO2.

use std::fmt;
use std::path::{Path, PathBuf};

use super::cf::CfFile;
use super::error::Magnitude;
use super::gosat::GosatFile;
use super::raster::RasterFile;
use super::unit::{LARGEST_ERROR_PPM, LARGEST_PPM, LEAST_PPM};
use super::{Co2Error, Correction, Layout, Month, MonthlyGrid, Product, Unit, recognise};
use crate::gridded::axes::Axes;

/// Which field of a product that holds two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field {
    /// With known biases removed, the field the producer advises.
    #[default]
    BiasCorrected,
    /// As retrieved.
    Raw,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BiasCorrected => "bias-corrected",
            Self::Raw => "raw",
        })
    }
}

/// How files are to be read where they leave a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// GOSAT: which field.
    pub field: Field,
    /// netCDF: the variable, where more than one could be meant.
    pub variable: Option<String>,
    /// The unit, where the file says none or a wrong one.
    pub unit: Option<Unit>,
    /// Rasters: what the file cannot say.
    pub raster: Option<RasterRequest>,
}

/// What a plain raster cannot say of itself. Its unit is [`Request::unit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RasterRequest {
    /// The month it is of.
    pub month: Month,
    /// The band, from 1.
    pub band: usize,
    /// What made it.
    pub product: Product,
}

/// A file with one or more months of CO2: what it says of itself, without its values. Holds no
/// open file and may be shared by threads.
#[derive(Debug, Clone)]
pub struct Co2File {
    pub(super) path: PathBuf,
    pub(super) product: Product,
    pub(super) correction: Correction,
    pub(super) unit: Unit,
    pub(super) axes: Axes,
    pub(super) months: Vec<Month>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Gosat(GosatFile),
    Cf(CfFile),
    Raster(RasterFile),
}

/// What every reader finds in the header.
pub(super) struct Header<K> {
    pub(super) product: Product,
    pub(super) correction: Correction,
    pub(super) unit: Unit,
    pub(super) axes: Axes,
    pub(super) months: Vec<Month>,
    pub(super) kind: K,
}

/// The values of one month, in the unit and the order of the file.
#[derive(Default)]
pub(super) struct Values {
    /// Name of the data set, for messages.
    pub(super) dataset: String,
    pub(super) xco2: Vec<Option<f64>>,
    pub(super) interpolated: bool,
    /// With its own unit.
    pub(super) standard_error: Option<(Vec<Option<f64>>, Unit)>,
    pub(super) observed: Option<Vec<Option<f64>>>,
    pub(super) soundings: Option<Vec<u32>>,
    pub(super) masked: Option<Vec<bool>>,
}

impl Co2File {
    /// Opens a file, reads what it says of itself, and closes it again.
    ///
    /// # Errors
    /// [`Co2Error`], for everything that can be seen without the values; see [`recognise`] too.
    pub fn open(path: &Path, request: &Request) -> Result<Self, Co2Error> {
        fn with<K>(path: &Path, header: Header<K>, kind: fn(K) -> Kind) -> Co2File {
            Co2File {
                path: path.to_owned(),
                product: header.product,
                correction: header.correction,
                unit: header.unit,
                axes: header.axes,
                months: header.months,
                kind: kind(header.kind),
            }
        }
        let file = match recognise(path)? {
            Layout::Gosat => with(path, GosatFile::open(path, request)?, Kind::Gosat),
            Layout::NetCdf => with(path, CfFile::open(path, request)?, Kind::Cf),
            Layout::Raster => with(path, RasterFile::open(path, request)?, Kind::Raster),
        };
        let mut sorted = file.months.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Co2Error::MonthTwice {
                month: twice[0],
                first: path.to_owned(),
                second: path.to_owned(),
            });
        }
        Ok(file)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its layout.
    #[must_use]
    pub fn layout(&self) -> Layout {
        match self.kind {
            Kind::Gosat(_) => Layout::Gosat,
            Kind::Cf(_) => Layout::NetCdf,
            Kind::Raster(_) => Layout::Raster,
        }
    }

    /// What made it.
    #[must_use]
    pub fn product(&self) -> &Product {
        &self.product
    }

    /// Whether biases were removed from the field that was asked for.
    #[must_use]
    pub fn correction(&self) -> Correction {
        self.correction
    }

    /// The unit of the stored numbers.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Its months, in the order of the file.
    #[must_use]
    pub fn months(&self) -> &[Month] {
        &self.months
    }

    /// Its cells, row 0 in the north and column 0 in the west.
    #[must_use]
    pub fn cells(&self) -> &nutag_grid::overlap::LonLatCells {
        &self.axes.cells
    }

    /// Reads one month, in ppm.
    ///
    /// # Errors
    /// [`Co2Error::NoMonth`] when the file does not hold it, [`Co2Error::AllMasked`] when it has no
    /// value, [`Co2Error::Magnitude`] when a number cannot be a column mean of CO2, and what the
    /// library says when it cannot be read.
    pub fn read(&self, month: Month) -> Result<MonthlyGrid, Co2Error> {
        let Some(index) = self.months.iter().position(|have| *have == month) else {
            return Err(Co2Error::NoMonth {
                path: self.path.clone(),
                place: "the months of the file",
                found: format!("no {month}"),
            });
        };
        let cells = self.axes.cells.cells();
        let values = match &self.kind {
            Kind::Gosat(gosat) => gosat.read(&self.path, cells)?,
            Kind::Cf(cf) => cf.read(&self.path, index, cells)?,
            Kind::Raster(raster) => raster.read(&self.path, cells)?,
        };
        let xco2_ppm = self.column_means(month, &values.dataset, &values.xco2)?;
        if xco2_ppm.iter().all(Option::is_none) {
            return Err(Co2Error::AllMasked {
                path: self.path.clone(),
                month,
                cells,
            });
        }
        let observed = format!("{}, mean of soundings", values.dataset);
        let standard_error_ppm = values
            .standard_error
            .map(|(errors, unit)| self.standard_errors(month, &errors, unit))
            .transpose()?;
        Ok(MonthlyGrid {
            month,
            product: self.product.clone(),
            correction: self.correction,
            interpolated: values.interpolated,
            cells: self.axes.cells.clone(),
            xco2_ppm,
            standard_error_ppm,
            observed_ppm: values
                .observed
                .map(|means| self.column_means(month, &observed, &means))
                .transpose()?,
            soundings: values.soundings.map(|counts| self.axes.arrange(&counts)),
            masked: values.masked.map(|masked| self.axes.arrange(&masked)),
        })
    }

    /// Standard errors in the order of the cells and in ppm.
    fn standard_errors(
        &self,
        month: Month,
        errors: &[Option<f64>],
        unit: Unit,
    ) -> Result<Vec<Option<f64>>, Co2Error> {
        let to_ppm = |error: Option<f64>| {
            let ppm = error.map(|error| unit.to_ppm(error));
            if let Some(ppm) = ppm.filter(|ppm| !(0.0..=LARGEST_ERROR_PPM).contains(ppm)) {
                return Err(Co2Error::StandardError {
                    path: self.path.clone(),
                    month,
                    ppm,
                });
            }
            Ok(ppm)
        };
        self.axes.arrange(errors).into_iter().map(to_ppm).collect()
    }

    /// Values in the order of the cells and in ppm, or the first that cannot be one.
    fn column_means(
        &self,
        month: Month,
        dataset: &str,
        values: &[Option<f64>],
    ) -> Result<Vec<Option<f64>>, Co2Error> {
        let stored = self.axes.arrange(values);
        let ppm: Vec<Option<f64>> = stored
            .iter()
            .map(|value| value.map(|value| self.unit.to_ppm(value)))
            .collect();
        let cannot = |ppm: &f64| !(LEAST_PPM..=LARGEST_PPM).contains(ppm);
        let first = ppm.iter().position(|ppm| ppm.as_ref().is_some_and(cannot));
        let Some((cell, (Some(value), Some(bad)))) =
            first.map(|cell| (cell, (stored[cell], ppm[cell])))
        else {
            return Ok(ppm);
        };
        let (row, col) = self.axes.in_file(cell);
        let hint = match Unit::that_fits(value) {
            Some(fits) => {
                format!("In {fits} it would fit; if that is what it is, say unit = \"{fits}\"")
            }
            None => {
                "It may be a fill value the file does not declare, or another quantity".to_owned()
            }
        };
        Err(Co2Error::Magnitude(Box::new(Magnitude {
            path: self.path.clone(),
            dataset: dataset.to_owned(),
            month,
            unit: self.unit,
            value,
            ppm: bad,
            row,
            col,
            count: ppm.iter().flatten().filter(|ppm| cannot(ppm)).count(),
            valid: ppm.iter().flatten().count(),
            hint,
        })))
    }
}
