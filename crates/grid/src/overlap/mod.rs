//! How much of a polygon, or of many small cells, lies in each coarse cell.
//!
//! Atmospheric grids have cells of 0.5 to 5 degrees; a region cuts through most of those it
//! touches, so a cell counts by the area it shares with the region and not by its centre.
//!
//! * [`LonLatCells`]: the coarse cells, by their edges.
//! * [`polygon_weights`]: areas shared with a polygon.
//! * [`SmallCells`]: areas of small cells (a zone map), gathered by the coarse cell that
//!   holds their centre.
//!
//! Areas are true areas on the WGS84 ellipsoid. Sides of polygons are straight lines in longitude
//! and latitude, as everywhere in this crate.

mod cells;
mod clip;
mod weights;

pub use cells::{CellsError, LonLatCells};
pub use weights::{CellWeight, SmallCells, Weights, planar_area_km2, polygon_weights};
