//! A month as a plain raster: GDAL reads it, the caller says what it is.

use std::path::Path;

use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::file::{Header, Values};
use super::{Co2Error, Correction, Request};
use crate::gdal_log;
use crate::gridded::axes::{Axes, Axis};
use crate::raster::NoData;

#[derive(Debug, Clone)]
pub(super) struct RasterFile {
    band: usize,
}

impl RasterFile {
    pub(super) fn open(path: &Path, request: &Request) -> Result<Header<Self>, Co2Error> {
        let dataset = open(path)?;
        let (Some(raster), Some(unit)) = (&request.raster, request.unit) else {
            return Err(Co2Error::RasterUntold {
                path: path.to_owned(),
            });
        };
        let place = |found: String| Co2Error::RasterPlace {
            path: path.to_owned(),
            found,
        };
        let crs = dataset
            .spatial_ref()
            .map_err(|_| place("no reference system".to_owned()))?;
        if !crs.is_geographic() {
            return Err(place(
                crs.name().unwrap_or_else(|| "another map".to_owned()),
            ));
        }
        let [west, width, turn_x, north, turn_y, height] = dataset
            .geo_transform()
            .map_err(|_| place("no corner and cell size".to_owned()))?;
        if turn_x != 0.0 || turn_y != 0.0 {
            return Err(place("a rotated raster".to_owned()));
        }
        dataset
            .rasterband(raster.band)
            .map_err(|_| Co2Error::Missing {
                path: path.to_owned(),
                what: format!("a band {} of {}", raster.band, dataset.raster_count()),
            })?;
        let (cols, rows) = dataset.raster_size();
        let bounds = |first: f64, step: f64, n: usize| {
            let edge = |i: usize| first + step * i as f64;
            Axis::Bounds((0..n).map(|i| [edge(i), edge(i + 1)]).collect())
        };
        let axes = Axes::new(bounds(west, width, cols), bounds(north, height, rows));
        Ok(Header {
            product: raster.product.clone(),
            correction: Correction::Unstated,
            unit,
            axes: axes.map_err(|source| Co2Error::Cells {
                path: path.to_owned(),
                source,
            })?,
            months: vec![raster.month],
            kind: Self { band: raster.band },
        })
    }

    pub(super) fn read(&self, path: &Path, cells: usize) -> Result<Values, Co2Error> {
        let dataset = open(path)?;
        let fault = |error: gdal::errors::GdalError| Co2Error::Open {
            path: path.to_owned(),
            reason: gdal_log::take().unwrap_or_else(|| error.to_string()),
        };
        gdal_log::clear();
        let band = dataset.rasterband(self.band).map_err(fault)?;
        let numbers = band.read_band_as::<f64>().map_err(fault)?;
        let no_data = NoData::of(&band, band.band_type()).map(NoData::as_f64);
        let (scale, offset) = (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0));
        let mask = band.mask_flags().map_err(fault)?;
        let mask: Option<Vec<u8>> = if mask.is_all_valid() || mask.is_nodata() {
            None
        } else {
            let mask = band.open_mask_band().map_err(fault)?;
            Some(mask.read_band_as::<u8>().map_err(fault)?.data().to_vec())
        };
        let known = |(cell, value): (usize, &f64)| {
            let hidden = mask.as_ref().is_some_and(|mask| mask[cell] == 0);
            let nothing = no_data.is_some_and(|none| *value == none);
            (!hidden && !nothing && !value.is_nan()).then_some(value * scale + offset)
        };
        let xco2: Vec<Option<f64>> = numbers.data().iter().enumerate().map(known).collect();
        debug_assert_eq!(xco2.len(), cells);
        Ok(Values {
            dataset: format!("band {}", self.band),
            xco2,
            ..Values::default()
        })
    }
}

fn open(path: &Path) -> Result<Dataset, Co2Error> {
    gdal_log::quiet();
    gdal_log::clear();
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER
            | GdalOpenFlags::GDAL_OF_READONLY
            | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        ..DatasetOptions::default()
    };
    Dataset::open_ex(path, options).map_err(|error| Co2Error::NotRecognised {
        path: path.to_owned(),
        found: gdal_log::take().unwrap_or_else(|| error.to_string()),
        advice: "Check that it is the file you mean, and download it again if so",
    })
}
