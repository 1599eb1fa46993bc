//! What can be wrong with a granule.

use std::path::PathBuf;

use nutag_grid::{Shape, TileId, Window};

use super::IdentityConflict;
use crate::product::AttributeConflict;

/// Why a granule was refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GranuleError {
    /// Not HDF4, or damaged.
    #[error(
        "expected a whole HDF4 granule; {source}. If the download broke off, get the file again"
    )]
    File {
        /// What is wrong, with the file and the place in it.
        source: hdf4::Error,
    },
    /// Metadata inside the file that contradict its name.
    #[error("{path}: {source}")]
    Identity {
        /// The file.
        path: PathBuf,
        /// What contradicts.
        source: IdentityConflict,
    },
    /// No such SDS.
    #[error(
        "{path}: expected an SDS {expected:?}; SDS in the file: {present}. Is it a granule of {product}?"
    )]
    NoSds {
        /// The file.
        path: PathBuf,
        /// The SDS that was asked for.
        expected: String,
        /// The SDS that are there.
        present: String,
        /// Id of the product.
        product: String,
    },
    /// An SDS of another type.
    #[error(
        "{path}, SDS {sds:?}: expected numbers of type {expected} ({product}), found {found}; the collections of MOD17 differ here"
    )]
    Type {
        /// The file.
        path: PathBuf,
        /// The SDS.
        sds: String,
        /// Type of the product.
        expected: &'static str,
        /// Type in the file.
        found: String,
        /// Id of the product.
        product: String,
    },
    /// An SDS of another size.
    #[error(
        "{path}, SDS {sds:?}: expected {expected} x {expected} cells, a whole tile of {product}, found {found}; \
         subsets are not read"
    )]
    Size {
        /// The file.
        path: PathBuf,
        /// The SDS.
        sds: String,
        /// Rows, and columns, of a tile of the product.
        expected: usize,
        /// What the file has.
        found: String,
        /// Id of the product.
        product: String,
    },
    /// An SDS whose numbers lie in another file.
    #[error(
        "{path}, SDS {sds:?}: expected its numbers in the granule itself, found them in {file:?}; get a whole granule"
    )]
    Elsewhere {
        /// The file.
        path: PathBuf,
        /// The SDS.
        sds: String,
        /// The other file.
        file: String,
    },
    /// No grid says where the SDS lies.
    #[error("{path}, SDS {sds:?}: expected an HDF-EOS grid that holds it, found {found}")]
    NoGrid {
        /// The file.
        path: PathBuf,
        /// The SDS.
        sds: String,
        /// The grids that are there.
        found: String,
    },
    /// A grid that is not sinusoidal on the MODIS sphere.
    #[error(
        "{path}, grid {grid:?}: expected the sinusoidal projection on the sphere of radius {radius_m} m, found {found}",
        radius_m = nutag_grid::MODIS_SPHERE_RADIUS_M
    )]
    Projection {
        /// The file.
        path: PathBuf,
        /// The grid.
        grid: String,
        /// The projection in the file.
        found: String,
    },
    /// A grid that lies elsewhere than the name says.
    #[error(
        "{path}, grid {grid:?}: expected the corners of tile {tile} as in the file's name, {expected}, found {found}; \
         was the file renamed or cut?"
    )]
    Corners {
        /// The file.
        path: PathBuf,
        /// The grid.
        grid: String,
        /// Tile in the file's name.
        tile: TileId,
        /// Corners of that tile.
        expected: String,
        /// Corners in the file.
        found: String,
    },
    /// An attribute that contradicts the product.
    #[error("{path}, SDS {sds:?}: {source}")]
    Attribute {
        /// The file.
        path: PathBuf,
        /// The SDS.
        sds: String,
        /// Which attribute.
        source: Box<AttributeConflict>,
    },
    /// A window outside the tile, or a buffer of another size. A fault of the caller.
    #[error(
        "{path}, SDS {sds:?}: expected a window inside {shape} and a buffer of its size, found {window} and {len} cells"
    )]
    Window {
        /// The file.
        path: PathBuf,
        /// The SDS.
        sds: String,
        /// Size of the tile.
        shape: Shape,
        /// The window.
        window: Window,
        /// Length of the buffer.
        len: usize,
    },
    /// A quality layer was asked for and the reader was opened without.
    #[error("{path}: expected to have been opened with the quality layer of {product}")]
    NoQuality {
        /// The file.
        path: PathBuf,
        /// Id of the product.
        product: String,
    },
}

impl From<hdf4::Error> for GranuleError {
    fn from(source: hdf4::Error) -> Self {
        Self::File { source }
    }
}
