//! Where cells are: shapes, windows, tiles, cell centres, true cell areas, and which cells a polygon holds.
//!
//! Two kinds of grid occur in this project, and both have rows of constant latitude: the MODIS
//! sinusoidal grid (whole tiles, windows of them, mosaics) and plain longitude/latitude grids.
//! [`Grid`] covers both. Everything that depends on the row alone (latitude, area of a cell) is
//! computed once per row, and a row gives the same bits whether it is reached through the whole
//! grid or through a window of it.
//!
//! ```
//! use nutag_grid::{Grid, TileId};
//!
//! let tile: TileId = "h25v04".parse()?;
//! let grid = Grid::modis_tile(tile, 2400)?;
//! let (row, col) = grid.cell_at(106.9, 47.9).expect("Ulaanbaatar lies in this tile");
//! assert_eq!(col, 400);
//! assert!(row == 503 || row == 504); // 47.9 N is an edge between two rows of 500 m cells
//! // 214,659 m2 on the sphere of the projection, a quarter of a percent more on the ellipsoid.
//! assert_eq!(grid.cell_area_on_sphere_m2(row).round(), 214_659.0);
//! assert_eq!(grid.row_cell_area_cm2(row), 2_152_831_763);
//! # Ok::<(), nutag_grid::GridError>(())
//! ```
//!
//! No file is opened here and no C library is linked.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests compare with the functions of the platform"
    )
)]

mod area;
mod burn;
mod earth;
mod error;
mod grid;
pub mod overlap;
mod polygon;
mod row;
mod scan;
mod shape;
mod sinusoidal;
mod tile;

pub use burn::{Burn, Overlap};
pub use earth::{
    WGS84_ECCENTRICITY_SQUARED, WGS84_FLATTENING, WGS84_SEMI_MAJOR_M, area_between_parallels_m2,
    authalic_area_between_parallels_m2, sinusoidal_strip_area_m2,
};
pub use error::GridError;
pub use grid::{Grid, Projection};
pub use polygon::{LonLat, MultiPolygon, Polygon, Ring};
pub use row::GridRow;
pub use scan::{PolygonIndex, Span};
pub use shape::{Shape, Window};
pub use sinusoidal::{
    CORNER_TOLERANCE_M, MODIS_HALF_WIDTH_M, MODIS_SPHERE_RADIUS_M, MODIS_TILE_SIDE_M,
    MODIS_TILES_DOWN, MODIS_TILES_EAST, SINUSOIDAL_PROJ, SINUSOIDAL_WKT, corners_match,
    tile_corners_m,
};
pub use tile::TileId;
