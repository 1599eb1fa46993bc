//! What a raster file says of itself, for a catalogue.

use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::{Dataset, Metadata};

use super::RasterError;
use crate::gdal_log;

/// Points along each side of a raster when its outline is drawn in degrees; straight sides of one
/// map are curves of another.
const POINTS_A_SIDE: usize = 16;

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
    /// The outline as longitude and latitude in degrees on WGS84: a ring, the first point repeated
    /// at the end, against the clock as GeoJSON wants it.
    pub outline_degrees: Vec<[f64; 2]>,
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
        let (crs_projjson, outline_degrees) = match same {
            Some(like) => (like.crs_projjson.clone(), like.outline_degrees.clone()),
            None => (
                crs.to_projjson().map_err(failed)?,
                outline(transform, rows, cols, crs).map_err(failed)?,
            ),
        };
        Ok(Self {
            rows,
            cols,
            transform,
            crs_wkt,
            crs_projjson,
            bands,
            outline_degrees,
        })
    }
}

/// From the lower left corner to the right, up, back and down.
fn outline(
    transform: [f64; 6],
    rows: usize,
    cols: usize,
    crs: SpatialRef,
) -> Result<Vec<[f64; 2]>, gdal::errors::GdalError> {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 cells")]
    let (width, height) = (cols as f64, rows as f64);
    let corners = [
        (0.0, height),
        (width, height),
        (width, 0.0),
        (0.0, 0.0),
        (0.0, height),
    ];
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for pair in corners.windows(2) {
        for step in 0..POINTS_A_SIDE {
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let share = step as f64 / POINTS_A_SIDE as f64;
            let col = pair[0].0 + share * (pair[1].0 - pair[0].0);
            let row = pair[0].1 + share * (pair[1].1 - pair[0].1);
            x.push(transform[0] + col * transform[1] + row * transform[2]);
            y.push(transform[3] + col * transform[4] + row * transform[5]);
        }
    }
    let mut from = crs;
    let mut degrees = SpatialRef::from_epsg(4326)?;
    from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    degrees.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    CoordTransform::new(&from, &degrees)?.transform_coords(&mut x, &mut y, &mut [])?;
    // A ten-millionth of a degree is a centimetre.
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let mut ring: Vec<[f64; 2]> = x
        .into_iter()
        .zip(y)
        .map(|(lon, lat)| [round(lon), round(lat)])
        .collect();
    ring.extend(ring.first().copied());
    Ok(ring)
}
