//! What a raster file says of itself, for a catalogue.

use std::path::Path;

use gdal::{Dataset, Metadata};
use nutag_grid::MultiPolygon;

use super::RasterError;
use super::footprint::footprint;
use crate::gdal_log;

/// What a raster file says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterFacts {
    /// Rows of cells.
    pub rows: usize,
    /// Columns of cells.
    pub cols: usize,
    /// `x = t[0] + col t[1] + row t[2]`, `y = t[3] + col t[4] + row t[5]`, in units of the map.
    pub transform: [f64; 6],
    /// The map as WKT.
    pub crs_wkt: String,
    /// The map as PROJJSON.
    pub crs_projjson: String,
    /// The bands, the first one first.
    pub bands: Vec<BandFacts>,
    /// The ground that it shows, in longitude and latitude on WGS84: rings that are closed and run
    /// against the clock, within -180 to 180 degrees of longitude, as GeoJSON (RFC 7946) wants them.
    /// Empty where all of it lies beyond the edge of its map.
    pub footprint: MultiPolygon,
}

/// What a band of a raster says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct BandFacts {
    /// Its description, or empty.
    pub name: String,
    /// As GDAL names it, such as `Float32`.
    pub data_type: String,
    /// The value that means no data.
    pub no_data: Option<f64>,
    /// Its unit, or empty.
    pub unit: String,
}

impl RasterFacts {
    /// Opens a raster and reads what it says of itself. What it shares with `like`, such as another
    /// layer on the same cells, is not worked out again.
    ///
    /// # Errors
    /// [`RasterError`] when GDAL cannot read it, or it does not say where it lies.
    pub fn read(path: &Path, like: Option<&Self>) -> Result<Self, RasterError> {
        gdal_log::quiet();
        gdal_log::clear();
        let failed = |error: gdal::errors::GdalError| RasterError::Open {
            path: path.to_owned(),
            reason: gdal_log::take().unwrap_or_else(|| error.to_string()),
        };
        let dataset = Dataset::open(path).map_err(failed)?;
        let (cols, rows) = dataset.raster_size();
        let transform = dataset.geo_transform().map_err(failed)?;
        let crs = dataset.spatial_ref().map_err(failed)?;
        let bands = (1..=dataset.raster_count()).map(|index| {
            let band = dataset.rasterband(index)?;
            Ok(BandFacts {
                name: band.description()?,
                data_type: band.band_type().to_string(),
                no_data: band.no_data_value(),
                unit: band.unit(),
            })
        });
        let bands = bands.collect::<Result<_, _>>().map_err(failed)?;
        let crs_wkt = crs.to_wkt().map_err(failed)?;
        let same = like.filter(|like| {
            (like.rows, like.cols, like.transform) == (rows, cols, transform)
                && like.crs_wkt == crs_wkt
        });
        let (crs_projjson, footprint) = match same {
            Some(like) => (like.crs_projjson.clone(), like.footprint.clone()),
            None => (
                crs.to_projjson().map_err(failed)?,
                footprint(transform, rows, cols, &crs).map_err(failed)?,
            ),
        };
        Ok(Self {
            rows,
            cols,
            transform,
            crs_wkt,
            crs_projjson,
            bands,
            footprint,
        })
    }
}
