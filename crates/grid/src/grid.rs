//! A regular grid whose rows have constant latitude: sinusoidal (MODIS) or longitude/latitude.

use crate::sinusoidal::{
    MODIS_HALF_WIDTH_M, MODIS_SPHERE_RADIUS_M, MODIS_TILES_DOWN, MODIS_TILES_EAST, SINUSOIDAL_PROJ,
    forward,
};
use crate::{GridError, GridRow, LonLat, Shape, TileId, Window};

/// How a grid's coordinates relate to longitude and latitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Projection {
    /// MODIS sinusoidal: metres on the sphere of radius [`MODIS_SPHERE_RADIUS_M`].
    Sinusoidal,
    /// Longitude and latitude in degrees on WGS84.
    Geographic,
}

/// A regular, north-up grid of cells. Row 0 is the northernmost, column 0 the westernmost.
///
/// A window of a grid keeps the origin of the whole and remembers where it starts, so a cell has the
/// same coordinates and the same area, to the bit, however it is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    projection: Projection,
    /// Outer north-west corner of the lattice, in metres or degrees.
    origin: (f64, f64),
    /// Width and height of a cell, in metres or degrees.
    cell: (f64, f64),
    /// Where row 0 and column 0 of this grid lie in the lattice.
    first: (usize, usize),
    shape: Shape,
}

impl Grid {
    /// One MODIS tile of `cells_per_side` x `cells_per_side` cells (2400 for 500 m, 1200 for 1 km).
    ///
    /// # Errors
    /// [`GridError::Shape`] when `cells_per_side` is zero or absurd.
    pub fn modis_tile(tile: TileId, cells_per_side: usize) -> Result<Self, GridError> {
        let world = Self::modis_world(cells_per_side)?;
        world.window(Window {
            row0: usize::from(tile.v()) * cells_per_side,
            col0: usize::from(tile.h()) * cells_per_side,
            rows: cells_per_side,
            cols: cells_per_side,
        })
    }

    /// The smallest rectangle of whole tiles that holds all of `tiles`, for a mosaic. `None` when
    /// there are no tiles.
    ///
    /// # Errors
    /// [`GridError::Shape`] as [`Grid::modis_tile`].
    pub fn modis_mosaic(
        tiles: &[TileId],
        cells_per_side: usize,
    ) -> Result<Option<Self>, GridError> {
        let world = Self::modis_world(cells_per_side)?;
        let bounds = |of: fn(&TileId) -> u8| {
            let first = tiles.iter().map(of).min()?;
            let last = tiles.iter().map(of).max()?;
            Some((
                usize::from(first),
                usize::from(last) + 1 - usize::from(first),
            ))
        };
        let (Some((h, across)), Some((v, down))) = (bounds(|t| t.h()), bounds(|t| t.v())) else {
            return Ok(None);
        };
        world
            .window(Window {
                row0: v * cells_per_side,
                col0: h * cells_per_side,
                rows: down * cells_per_side,
                cols: across * cells_per_side,
            })
            .map(Some)
    }

    /// All 36 x 18 tiles as one grid. Cells outside the map have longitudes beyond 180 degrees.
    ///
    /// # Errors
    /// [`GridError::Shape`] as [`Grid::modis_tile`].
    pub fn modis_world(cells_per_side: usize) -> Result<Self, GridError> {
        let side = |tiles: usize| cells_per_side.saturating_mul(tiles);
        let shape = Shape::new(side(MODIS_TILES_DOWN), side(MODIS_TILES_EAST))?;
        let cell = 2.0 * MODIS_HALF_WIDTH_M / shape.cols as f64;
        Ok(Self {
            projection: Projection::Sinusoidal,
            origin: (-MODIS_HALF_WIDTH_M, MODIS_HALF_WIDTH_M / 2.0),
            cell: (cell, cell),
            first: (0, 0),
            shape,
        })
    }

    /// A longitude/latitude grid from its outer north-west corner and cell size, all in degrees.
    ///
    /// # Errors
    /// [`GridError::Coordinate`] when a number is not finite, a cell size is not above zero, the west
    /// edge lies outside -360..360, the grid spans more than the Earth or reaches beyond a pole (by
    /// more than a thousandth of a cell).
    pub fn geographic(
        west_degrees: f64,
        north_degrees: f64,
        cell_width_degrees: f64,
        cell_height_degrees: f64,
        shape: Shape,
    ) -> Result<Self, GridError> {
        let check = |quantity, expected, found: f64, holds: bool| {
            if found.is_finite() && holds {
                Ok(())
            } else {
                Err(GridError::Coordinate {
                    quantity,
                    expected,
                    found,
                })
            }
        };
        Shape::new(shape.rows, shape.cols)?;
        let (width, height) = (cell_width_degrees, cell_height_degrees);
        check(
            "the width of a cell in degrees",
            "a number above 0",
            width,
            width > 0.0,
        )?;
        check(
            "the height of a cell in degrees",
            "a number above 0",
            height,
            height > 0.0,
        )?;
        check(
            "the west edge in degrees",
            "-360 to 360",
            west_degrees,
            west_degrees.abs() <= 360.0,
        )?;
        let span = width * shape.cols as f64;
        check(
            "the width of the grid in degrees",
            "at most 360",
            span,
            span <= 360.0 + width / 1000.0,
        )?;
        let slack = height / 1000.0;
        check(
            "the north edge in degrees",
            "at most 90",
            north_degrees,
            north_degrees <= 90.0 + slack,
        )?;
        let south = north_degrees - height * shape.rows as f64;
        check(
            "the south edge in degrees",
            "at least -90",
            south,
            south >= -90.0 - slack,
        )?;
        Ok(Self {
            projection: Projection::Geographic,
            origin: (west_degrees, north_degrees),
            cell: (width, height),
            first: (0, 0),
            shape,
        })
    }

    /// The part of this grid inside `window`; its row 0 is row `window.row0` of this grid.
    ///
    /// # Errors
    /// [`GridError::Window`] when the window reaches outside.
    pub fn window(&self, window: Window) -> Result<Self, GridError> {
        window.within(self.shape)?;
        let first = (self.first.0 + window.row0, self.first.1 + window.col0);
        Ok(Self {
            first,
            shape: window.shape(),
            ..*self
        })
    }

    /// Its projection.
    #[must_use]
    pub fn projection(&self) -> Projection {
        self.projection
    }

    /// Number of rows and columns.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Width and height of a cell, in metres (sinusoidal) or degrees (geographic).
    #[must_use]
    pub fn cell_size(&self) -> (f64, f64) {
        self.cell
    }

    /// The affine transform as GDAL counts it: `(x of the west edge, cell width, 0, y of the north
    /// edge, 0, -cell height)`, in metres or degrees.
    #[must_use]
    pub fn geotransform(&self) -> [f64; 6] {
        let (x, y) = self.corner(0, 0);
        [x, self.cell.0, 0.0, y, 0.0, -self.cell.1]
    }

    /// The CRS of [`Grid::geotransform`] in a form PROJ and GDAL read: a PROJ string for the
    /// sinusoidal map, `OGC:CRS84` (longitude first) for longitude/latitude.
    #[must_use]
    pub fn crs(&self) -> &'static str {
        match self.projection {
            Projection::Sinusoidal => SINUSOIDAL_PROJ,
            Projection::Geographic => "OGC:CRS84",
        }
    }

    /// Coordinates of the corner north-west of cell `(row, col)`, in metres or degrees. `row` and
    /// `col` may equal the number of rows and columns: the outer corners.
    #[must_use]
    pub fn corner(&self, row: usize, col: usize) -> (f64, f64) {
        let x = self.origin.0 + (self.first.1 + col) as f64 * self.cell.0;
        let y = self.origin.1 - (self.first.0 + row) as f64 * self.cell.1;
        (x, y)
    }

    /// Geodetic latitude of the centres of a row.
    #[must_use]
    pub fn row_latitude_degrees(&self, row: usize) -> f64 {
        self.latitude_degrees(self.origin.1 - ((self.first.0 + row) as f64 + 0.5) * self.cell.1)
    }

    /// Latitudes of the south and the north edge of a row.
    #[must_use]
    pub fn row_edges_degrees(&self, row: usize) -> (f64, f64) {
        let edge = |row| {
            self.latitude_degrees(self.corner(row, 0).1)
                .clamp(-90.0, 90.0)
        };
        (edge(row + 1), edge(row))
    }

    /// What is needed to place the cells of one row.
    #[must_use]
    pub fn row(&self, row: usize) -> GridRow {
        let latitude_degrees = self.row_latitude_degrees(row);
        let degrees_per_x = match self.projection {
            Projection::Sinusoidal => (MODIS_SPHERE_RADIUS_M
                * libm::cos(latitude_degrees.to_radians()))
            .recip()
            .to_degrees(),
            Projection::Geographic => 1.0,
        };
        GridRow {
            latitude_degrees,
            degrees_per_x,
            west_x: self.origin.0,
            cell_width: self.cell.0,
            first_col: self.first.1,
            cols: self.shape.cols,
        }
    }

    /// Longitude of the centre of a cell. Beyond -180..180 where a sinusoidal cell lies outside the
    /// map; for many cells of one row use [`Grid::row`], which gives the same bits.
    #[must_use]
    pub fn longitude_degrees(&self, row: usize, col: usize) -> f64 {
        self.row(row).longitude_degrees(col)
    }

    /// The centre of a cell.
    #[must_use]
    pub fn center(&self, row: usize, col: usize) -> LonLat {
        let row = self.row(row);
        LonLat {
            lon_degrees: row.longitude_degrees(col),
            lat_degrees: row.latitude_degrees,
        }
    }

    /// The cell that holds a place, by `floor`: an edge belongs to the cell south and east of it, up
    /// to the rounding of `f64`. Longitudes are taken as they are by a sinusoidal grid and modulo 360 by
    /// a geographic one. `None` outside the grid.
    #[must_use]
    pub fn cell_at(&self, lon_degrees: f64, lat_degrees: f64) -> Option<(usize, usize)> {
        let (x, y) = match self.projection {
            Projection::Sinusoidal => forward(lon_degrees, lat_degrees),
            Projection::Geographic => (
                self.origin.0 + (lon_degrees - self.origin.0).rem_euclid(360.0),
                lat_degrees,
            ),
        };
        let index = |distance: f64, cell: f64, first: usize, len: usize| {
            let whole = (distance / cell).floor() - first as f64;
            (whole >= 0.0 && whole < len as f64).then_some(whole as usize)
        };
        let row = index(
            self.origin.1 - y,
            self.cell.1,
            self.first.0,
            self.shape.rows,
        )?;
        let col = index(
            x - self.origin.0,
            self.cell.0,
            self.first.1,
            self.shape.cols,
        )?;
        Some((row, col))
    }

    fn latitude_degrees(&self, y: f64) -> f64 {
        match self.projection {
            Projection::Sinusoidal => (y / MODIS_SPHERE_RADIUS_M).to_degrees(),
            Projection::Geographic => y,
        }
    }
}
