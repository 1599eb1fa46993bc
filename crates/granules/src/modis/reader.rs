//! Opening a granule and reading windows of it.

use std::path::{Path, PathBuf};

use hdf4::{Dataset, Hdf4File, Layout};
use nutag_grid::{Grid, Shape, TileId};

use super::check::find;
use super::{GranuleError, Identity};
use crate::granule::GranuleFile;
use crate::product::{Product, QualityType, SampleType};

/// One granule, open for reading. `Send` and `Sync`, and no read waits for another: each thread brings
/// its own [`super::Scratch`].
#[derive(Debug)]
pub struct GranuleReader {
    pub(super) path: PathBuf,
    pub(super) tile: TileId,
    pub(super) product_id: String,
    pub(super) file: Hdf4File,
    pub(super) shape: Shape,
    pub(super) layer: Layer,
    pub(super) sample_type: SampleType,
    /// The number given to cells of the layer that are not in the file. They are reported beside.
    pub(super) filler: i32,
    pub(super) quality: Option<(Layer, QualityType)>,
    identity: Identity,
}

/// One SDS of the granule.
#[derive(Debug)]
pub(super) struct Layer {
    /// Position in the file's list.
    pub(super) index: usize,
    /// The type that its numbers must have, as pipeline files name it.
    pub(super) number_type: &'static str,
}

/// How the numbers of a layer lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// In chunks, each readable on its own.
    Chunked,
    /// In one compressed stream: any window costs as much as the whole.
    Stream,
    /// Not compressed: any rows can be read.
    Plain,
    /// Nothing was ever written.
    Empty,
}

/// What reading a layer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerInfo {
    /// Rows and columns of the box of cells that is cheapest to read at once: a chunk, the whole of a stream.
    pub chunk: Shape,
    /// How the numbers are stored.
    pub storage: Storage,
    /// Bytes of the file that hold the layer.
    pub stored_bytes: u64,
    /// Chunks that are not in the file: their cells are missing.
    pub missing_chunks: u64,
}

impl GranuleReader {
    /// Opens a granule and compares all that its header says with the product and with its name: its core
    /// metadata, the SDS and its type and size, its attributes, the grid that holds it, its projection and
    /// corners. With `with_quality`, the quality layer of the product too.
    ///
    /// # Errors
    /// [`GranuleError`] says what was expected and what is there.
    pub fn open(
        granule: &GranuleFile,
        product: &Product,
        with_quality: bool,
    ) -> Result<Self, GranuleError> {
        let path = granule.path.clone();
        let file = Hdf4File::open(&path)?;
        let shape = Shape {
            rows: product.cells_per_side,
            cols: product.cells_per_side,
        };
        let identity = Identity::of(&file);
        identity
            .check(&granule.name, product)
            .map_err(|source| GranuleError::Identity {
                path: path.clone(),
                source,
            })?;
        let layer = Layer {
            index: find(&path, &file, &product.sds, product)?,
            number_type: product.sample_type.name(),
        };
        let quality = match &product.quality {
            Some(quality) if with_quality => {
                let layer = Layer {
                    index: find(&path, &file, &quality.sds, product)?,
                    number_type: quality.number_type.name(),
                };
                Some((layer, quality.number_type))
            }
            Some(_) | None => None,
        };
        if with_quality && quality.is_none() {
            return Err(GranuleError::NoQuality {
                path,
                product: product.id(),
            });
        }
        let tile = granule.name.tile;
        let reader = Self {
            path,
            tile,
            product_id: product.id(),
            file,
            shape,
            layer,
            sample_type: product.sample_type,
            filler: product
                .fill
                .first()
                .map_or(product.sample_type.limits().0, |fill| fill.code),
            quality,
            identity,
        };
        for layer in reader.layers() {
            reader.check_numbers(layer)?;
            reader.check_place(reader.dataset(layer).name())?;
            // Walks the chunk table, so that a file that ends too soon is known now.
            reader.file.stored_bytes(reader.dataset(layer))?;
        }
        reader.check_attributes(product)?;
        Ok(reader)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The tile.
    #[must_use]
    pub fn tile(&self) -> TileId {
        self.tile
    }

    /// Size of the tile in cells.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Where its cells are.
    ///
    /// # Errors
    /// Never for a reader that could be opened.
    pub fn grid(&self) -> Result<Grid, nutag_grid::GridError> {
        Grid::modis_tile(self.tile, self.shape.rows)
    }

    /// What reading the layer takes.
    ///
    /// # Errors
    /// [`GranuleError::File`] when the file is damaged.
    pub fn layer_info(&self) -> Result<LayerInfo, GranuleError> {
        self.info(&self.layer)
    }

    /// What reading the quality layer takes; `None` when it was opened without.
    ///
    /// # Errors
    /// [`GranuleError::File`] when the file is damaged.
    pub fn quality_info(&self) -> Result<Option<LayerInfo>, GranuleError> {
        self.quality
            .as_ref()
            .map(|(layer, _)| self.info(layer))
            .transpose()
    }

    /// What the file's metadata say it is. Nothing in it contradicts the file's name.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The layer, and the quality layer if it was opened with.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer> {
        let quality = self.quality.iter().map(|(layer, _)| layer);
        std::iter::once(&self.layer).chain(quality)
    }

    pub(super) fn dataset(&self, layer: &Layer) -> &Dataset {
        &self.file.datasets()[layer.index]
    }

    fn info(&self, layer: &Layer) -> Result<LayerInfo, GranuleError> {
        let dataset = self.dataset(layer);
        let chunk = match dataset.natural_chunk_shape()[..] {
            [rows, cols] => Shape { rows, cols },
            _ => self.shape,
        };
        let storage = match dataset.layout() {
            Layout::Chunked { .. } => Storage::Chunked,
            Layout::Compressed { .. } => Storage::Stream,
            Layout::Empty => Storage::Empty,
            _ => Storage::Plain,
        };
        let cost = self.file.window_cost(dataset, &[0, 0], dataset.shape())?;
        Ok(LayerInfo {
            chunk,
            storage,
            stored_bytes: cost.stored_bytes,
            missing_chunks: cost.missing_chunks,
        })
    }
}
