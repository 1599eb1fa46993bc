//! From longitude and latitude to the cell of a raster.

use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use nutag_grid::{Grid, Shape, Window};

use super::RasterError;
use crate::vector::wgs84;

/// The affine transform of a raster and its inverse, as GDAL orders the six numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine {
    forward: [f64; 6],
    inverse: [f64; 6],
}

impl Affine {
    /// `None` when the transform has no inverse or is not finite.
    pub(super) fn new(forward: [f64; 6]) -> Option<Self> {
        let [x0, a, b, y0, c, d] = forward;
        let determinant = a * d - b * c;
        let usable = determinant != 0.0 && forward.iter().all(|n| n.is_finite());
        let (ia, ib, ic, id) = (
            d / determinant,
            -b / determinant,
            -c / determinant,
            a / determinant,
        );
        let inverse = [-x0 * ia - y0 * ib, ia, ib, -x0 * ic - y0 * id, ic, id];
        usable.then_some(Self { forward, inverse })
    }

    pub(super) fn forward(&self) -> [f64; 6] {
        self.forward
    }

    /// Fractional column and row of a place.
    fn col_row(&self, x: f64, y: f64) -> (f64, f64) {
        let [x0, a, b, y0, c, d] = self.forward;
        if b == 0.0 && c == 0.0 {
            // One division each: the edge of a cell is where the file says it is.
            return ((x - x0) / a, (y - y0) / d);
        }
        let [ic, ia, ib, ir, id, ie] = self.inverse;
        (ic + ia * x + ib * y, ir + id * x + ie * y)
    }

    fn cell(&self, x: f64, y: f64, shape: Shape) -> Option<(usize, usize)> {
        let (col, row) = self.col_row(x, y);
        let inside =
            (0.0..shape.cols as f64).contains(&col) && (0.0..shape.rows as f64).contains(&row);
        inside.then_some((row as usize, col as usize))
    }
}

/// How to find the raster cell of a place. Not `Send`: PROJ objects belong to one thread.
pub(super) struct Placer {
    affine: Affine,
    shape: Shape,
    /// `None` where the raster is in longitude and latitude on WGS84.
    transform: Option<CoordTransform>,
    /// A whole turn in the raster's own unit, where its coordinates are longitudes.
    turn: Option<f64>,
}

impl Placer {
    pub(super) fn new(
        path: &Path,
        crs: &SpatialRef,
        affine: Affine,
        shape: Shape,
    ) -> Result<Self, RasterError> {
        let prepare = || {
            let mut to = crs.clone();
            to.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            let from = wgs84()?;
            if from == to {
                Ok(None)
            } else {
                CoordTransform::new(&from, &to).map(Some)
            }
        };
        let transform =
            prepare().map_err(|error: gdal::errors::GdalError| RasterError::Transform {
                path: path.to_owned(),
                crs: crs.name().unwrap_or_else(|| "without a name".to_owned()),
                reason: error.to_string(),
            })?;
        let turn = crs
            .is_geographic()
            .then(|| std::f64::consts::TAU / crs.angular_units());
        Ok(Self {
            affine,
            shape,
            transform,
            turn,
        })
    }

    /// The raster cell `(row, col)` that holds the centre of each cell of a window, row-major; `None` outside
    /// the raster and where the grid's cell or the raster's map has no such place.
    pub(super) fn cells(
        &self,
        grid: &Grid,
        window: Window,
    ) -> Result<Vec<Option<(usize, usize)>>, String> {
        let mut xs = Vec::with_capacity(window.cells());
        let mut ys = Vec::with_capacity(window.cells());
        for row in window.row_range() {
            let row = grid.row(row);
            xs.extend(window.col_range().map(|col| row.longitude_degrees(col)));
            ys.resize(xs.len(), row.latitude_degrees());
        }
        // Corners of the sinusoidal map hold no place on Earth.
        let nowhere: Vec<bool> = xs
            .iter()
            .map(|lon| !(-360.0..=360.0).contains(lon) || is_off_map(grid, *lon))
            .collect();
        if let Some(transform) = &self.transform
            && let Err(error) = transform.transform_coords(&mut xs, &mut ys, &mut [])
            && xs.iter().chain(&ys).all(|value| value.is_finite())
        {
            // A failure of single places leaves those infinite and is no fault.
            return Err(error.to_string());
        }
        let cell = |((&x, &y), &nowhere): ((&f64, &f64), &bool)| {
            if nowhere { None } else { self.cell(x, y) }
        };
        Ok(xs.iter().zip(&ys).zip(&nowhere).map(cell).collect())
    }

    fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let at = |x: f64| self.affine.cell(x, y, self.shape);
        match self.turn {
            // A raster may count its longitudes from 0 to 360, or from anywhere.
            Some(turn) => at(x).or_else(|| at(x + turn)).or_else(|| at(x - turn)),
            None => at(x),
        }
    }
}

fn is_off_map(grid: &Grid, lon_degrees: f64) -> bool {
    grid.projection() == nutag_grid::Projection::Sinusoidal && lon_degrees.abs() > 180.0
}
