//! What can be wrong with a grid, a tile name, a window or a polygon.

use crate::{Shape, Window};

/// Why a grid, tile, window or set of polygons was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// A tile name that is not of the form `h25v04`.
    #[error("expected a MODIS tile such as h25v04 (h00..h35, v00..v17), found {found:?}")]
    TileName {
        /// The text that was read.
        found: String,
    },
    /// A number of cells that cannot be a grid.
    #[error("expected a grid of at least one cell and at most {limit} rows and columns, found {found}", limit = Shape::SIDE_LIMIT)]
    Shape {
        /// The shape that was asked for.
        found: Shape,
    },
    /// A window that reaches over the edge of what it is a window of.
    #[error("expected a window inside {shape}, found {window}")]
    Window {
        /// The window that was asked for.
        window: Window,
        /// The shape it should lie in.
        shape: Shape,
    },
    /// A corner or a cell size that is no place on Earth.
    #[error("expected {expected} for {quantity}, found {found}")]
    Coordinate {
        /// The name of the quantity, with its unit.
        quantity: &'static str,
        /// What would be accepted.
        expected: &'static str,
        /// The value that was given.
        found: f64,
    },
    /// A polygon vertex that is no place on Earth.
    #[error(
        "expected longitudes within -180..360 and latitudes within -90..90 degrees, found ({lon_degrees}, {lat_degrees}) \
         in feature {feature} (counted from 0); if these are metres, transform the polygons to longitude and latitude first"
    )]
    Vertex {
        /// Position of the feature in the list, from 0.
        feature: usize,
        /// The longitude that was found.
        lon_degrees: f64,
        /// The latitude that was found.
        lat_degrees: f64,
    },
    /// More features than a 16-bit code can number.
    #[error("expected at most 65535 features on one grid, found {found}; merge or split the layer")]
    TooManyFeatures {
        /// How many features there are.
        found: usize,
    },
}
