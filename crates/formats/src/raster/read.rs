//! Reading a raster where a grid needs it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use gdal::raster::{GdalDataType, GdalType, RasterBand};
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags, Metadata};
use nutag_grid::{Grid, Shape, Window};

use super::RasterError;
use super::no_data::{NoData, is_integer};
use super::place::{Affine, Placer};
use crate::gdal_log;

/// At most this many raster cells are held at a time (64 MB of doubles).
const WINDOW_CELLS: usize = 8 << 20;

/// One band of a raster and where its cells are. Holds no open file: GDAL's handles belong to one
/// thread, so each read opens its own, and this value may be shared by threads.
#[derive(Debug, Clone)]
pub struct CodeRaster {
    path: PathBuf,
    band: usize,
    shape: Shape,
    affine: Affine,
    crs_wkt: String,
    crs_name: String,
    data_type: GdalDataType,
    /// Bytes of which the file says that they are -128 to 127; GDAL before 3.7 hands them over as 0 to 255.
    signed_bytes: bool,
    no_data: Option<NoData>,
    /// Value = raw x scale + offset, where the band says so.
    scaling: Option<(f64, f64)>,
    has_mask: bool,
}

/// What a raster says for the cells of some rows, row-major. `None` where it says nothing: no data, or
/// outside the raster.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Of an integer raster.
    Codes(Vec<Option<i64>>),
    /// Of a floating-point raster, or one whose band has a scale. Never NaN.
    Values(Vec<Option<f64>>),
}

impl CodeRaster {
    /// Opens a raster, reads what it says of itself, and closes it again. Bands are counted from 1.
    ///
    /// # Errors
    /// [`RasterError`] when GDAL cannot read it, when it has no such band, no reference system or no
    /// affine transform, or holds complex numbers.
    pub fn open(path: &Path, band: usize) -> Result<Self, RasterError> {
        let dataset = open(path)?;
        let bands = dataset.raster_count();
        if !(1..=bands).contains(&band) {
            return Err(if bands == 0 {
                RasterError::Open {
                    path: path.to_owned(),
                    reason: "it has no raster bands of its own".to_owned(),
                }
            } else {
                RasterError::Band {
                    path: path.to_owned(),
                    band,
                    bands,
                }
            });
        }
        let (cols, rows) = dataset.raster_size();
        let shape = Shape::new(rows, cols)?;
        let no_transform = |found: String| RasterError::NoTransform {
            path: path.to_owned(),
            found,
        };
        let forward = dataset
            .geo_transform()
            .map_err(|_| no_transform("none".to_owned()))?;
        let affine = Affine::new(forward)
            .ok_or_else(|| no_transform(format!("{forward:?}, which has no inverse")))?;
        let crs = dataset.spatial_ref().map_err(|_| RasterError::NoCrs {
            path: path.to_owned(),
        })?;
        let crs_wkt = crs.to_wkt().map_err(|_| RasterError::NoCrs {
            path: path.to_owned(),
        })?;

        let info = dataset
            .rasterband(band)
            .map_err(|error| open_error(path, &error))?;
        let data_type = info.band_type();
        if !(is_integer(data_type)
            || matches!(data_type, GdalDataType::Float32 | GdalDataType::Float64))
        {
            return Err(RasterError::Type {
                path: path.to_owned(),
                band,
                found: data_type.to_string(),
            });
        }
        let signed_bytes = data_type == GdalDataType::UInt8
            && info
                .metadata_item("PIXELTYPE", "IMAGE_STRUCTURE")
                .as_deref()
                == Some("SIGNEDBYTE");
        let scaling = (info.scale().unwrap_or(1.0), info.offset().unwrap_or(0.0));
        let mask = info
            .mask_flags()
            .map_err(|error| open_error(path, &error))?;
        let raster = Self {
            path: path.to_owned(),
            band,
            shape,
            affine,
            crs_wkt,
            crs_name: crs.name().unwrap_or_else(|| "without a name".to_owned()),
            data_type,
            signed_bytes,
            no_data: NoData::of(&info, data_type),
            scaling: (scaling != (1.0, 0.0)).then_some(scaling),
            has_mask: !mask.is_all_valid() && !mask.is_nodata(),
        };
        // Whether places can be found is better known now than in the middle of a run.
        raster.placer()?;
        Ok(raster)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Number of rows and columns.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The affine transform as GDAL orders it.
    #[must_use]
    pub fn geotransform(&self) -> [f64; 6] {
        self.affine.forward()
    }

    /// Name of the reference system.
    #[must_use]
    pub fn crs_name(&self) -> &str {
        &self.crs_name
    }

    /// Type of the stored numbers, as GDAL names it.
    #[must_use]
    pub fn data_type(&self) -> String {
        self.data_type.to_string()
    }

    /// The raw number that means no data, if the band declares one.
    #[must_use]
    pub fn no_data(&self) -> Option<f64> {
        self.no_data.map(NoData::as_f64)
    }

    /// Whether it holds codes ([`Cells::Codes`]) and not measured values.
    #[must_use]
    pub fn has_codes(&self) -> bool {
        is_integer(self.data_type) && self.scaling.is_none()
    }

    /// The number that a cell holds where `meant` was to be stored: a bound of 0.9 is 0.899999976 in a raster
    /// of single precision, and must be compared as that.
    ///
    /// With a scale, this is the nearest step, where `meant` lies within a thousandth of one.
    #[must_use]
    pub fn as_stored(&self, meant: f64) -> f64 {
        let single = self.data_type == GdalDataType::Float32;
        match self.scaling {
            None if single => f64::from(meant as f32),
            None => meant,
            Some((scale, offset)) => {
                let raw = (meant - offset) / scale;
                if single {
                    return f64::from(raw as f32) * scale + offset;
                }
                let near = is_integer(self.data_type) && (raw - raw.round()).abs() < 1e-3;
                if near {
                    raw.round() * scale + offset
                } else {
                    meant
                }
            }
        }
    }

    /// A byte as the file means it.
    fn signed(&self, raw: i64) -> i64 {
        if self.signed_bytes && raw > 127 {
            raw - 256
        } else {
            raw
        }
    }

    /// The raster on `rows` of `grid`, by the cell-centre rule. Reads only the part that is needed, in pieces
    /// of bounded size. May be called from several threads at once.
    ///
    /// # Errors
    /// [`RasterError`] when `rows` reach outside the grid or the raster cannot be read.
    pub fn codes_on(&self, grid: &Grid, rows: Range<usize>) -> Result<Cells, RasterError> {
        let window = Window {
            row0: rows.start,
            col0: 0,
            rows: rows.len(),
            cols: grid.shape().cols,
        };
        window.within(grid.shape())?;
        let dataset = open(&self.path)?;
        let band = dataset
            .rasterband(self.band)
            .map_err(|error| open_error(&self.path, &error))?;
        let reader = Reader {
            raster: self,
            band,
            placer: self.placer()?,
            grid,
            window,
        };
        if self.has_codes() {
            let mut codes = vec![None; window.cells()];
            match self.data_type {
                GdalDataType::UInt64 => {
                    let too_large = |found| RasterError::Code {
                        path: self.path.clone(),
                        band: self.band,
                        found,
                    };
                    reader.fill(window, &mut codes, &|raw: u64| {
                        i64::try_from(raw).map_err(|_| too_large(raw))
                    })?;
                }
                // Every other integer type fits.
                _ => reader.fill(window, &mut codes, &|raw: i64| Ok(self.signed(raw)))?,
            }
            if let Some(NoData::Code(no_data)) = self.no_data {
                codes
                    .iter_mut()
                    .filter(|code| **code == Some(no_data))
                    .for_each(|code| *code = None);
            }
            Ok(Cells::Codes(codes))
        } else {
            let mut values = vec![None; window.cells()];
            reader.fill(window, &mut values, &|raw: f64| {
                Ok(if self.signed_bytes && raw > 127.0 {
                    raw - 256.0
                } else {
                    raw
                })
            })?;
            for value in &mut values {
                *value = value
                    .filter(|raw| {
                        !raw.is_nan() && self.no_data.is_none_or(|no_data| *raw != no_data.as_f64())
                    })
                    .map(|raw| {
                        self.scaling
                            .map_or(raw, |(scale, offset)| raw * scale + offset)
                    });
            }
            Ok(Cells::Values(values))
        }
    }

    fn placer(&self) -> Result<Placer, RasterError> {
        gdal_log::quiet();
        let crs = SpatialRef::from_wkt(&self.crs_wkt).map_err(|_| RasterError::NoCrs {
            path: self.path.clone(),
        })?;
        Placer::new(&self.path, &crs, self.affine, self.shape)
    }
}

/// One call of [`CodeRaster::codes_on`].
struct Reader<'a> {
    raster: &'a CodeRaster,
    band: RasterBand<'a>,
    placer: Placer,
    grid: &'a Grid,
    window: Window,
}

impl Reader<'_> {
    /// Fills the cells of `part` (a part of the call's window) in `out`.
    fn fill<R: GdalType + Copy, T: Copy>(
        &self,
        part: Window,
        out: &mut [Option<T>],
        convert: &impl Fn(R) -> Result<T, RasterError>,
    ) -> Result<(), RasterError> {
        // A raster in another map may need far more than its share: then in halves.
        if part.cells() > WINDOW_CELLS / 8 && part.cells() > 1 {
            return self.fill_halves(part, out, convert);
        }
        let places =
            self.placer
                .cells(self.grid, part)
                .map_err(|reason| RasterError::Transform {
                    path: self.raster.path.clone(),
                    crs: self.raster.crs_name.clone(),
                    reason,
                })?;
        let Some(source) = bounding_window(&places) else {
            return Ok(());
        };
        if source.cells() > WINDOW_CELLS && part.cells() > 1 {
            return self.fill_halves(part, out, convert);
        }
        let raw: Vec<R> = self.read(&self.band, source)?;
        let mask: Option<Vec<u8>> = if self.raster.has_mask {
            let mask = self
                .band
                .open_mask_band()
                .map_err(|error| open_error(&self.raster.path, &error))?;
            Some(self.read(&mask, source)?)
        } else {
            None
        };
        for (index, place) in places.iter().enumerate() {
            let Some((row, col)) = place else { continue };
            let at = (row - source.row0) * source.cols + (col - source.col0);
            if mask.as_ref().is_none_or(|mask| mask[at] != 0) {
                let (row, col) = (part.row0 + index / part.cols, part.col0 + index % part.cols);
                let cell = (row - self.window.row0) * self.window.cols + (col - self.window.col0);
                out[cell] = Some(convert(raw[at])?);
            }
        }
        Ok(())
    }

    fn fill_halves<R: GdalType + Copy, T: Copy>(
        &self,
        part: Window,
        out: &mut [Option<T>],
        convert: &impl Fn(R) -> Result<T, RasterError>,
    ) -> Result<(), RasterError> {
        let (first, second) = if part.rows > 1 {
            let half = part.rows / 2;
            (
                Window { rows: half, ..part },
                Window {
                    row0: part.row0 + half,
                    rows: part.rows - half,
                    ..part
                },
            )
        } else {
            let half = part.cols / 2;
            (
                Window { cols: half, ..part },
                Window {
                    col0: part.col0 + half,
                    cols: part.cols - half,
                    ..part
                },
            )
        };
        self.fill(first, out, convert)?;
        self.fill(second, out, convert)
    }

    fn read<R: GdalType + Copy>(
        &self,
        band: &RasterBand<'_>,
        window: Window,
    ) -> Result<Vec<R>, RasterError> {
        let fault = |reason: String| RasterError::Read {
            path: self.raster.path.clone(),
            band: self.raster.band,
            what: format!("the window of {window}"),
            reason,
        };
        let origin = (isize::try_from(window.col0), isize::try_from(window.row0));
        let (Ok(col0), Ok(row0)) = origin else {
            return Err(fault("it is too far out".to_owned()));
        };
        let size = (window.cols, window.rows);
        gdal_log::clear();
        let buffer = band
            .read_as::<R>((col0, row0), size, size, None)
            .map_err(|error| fault(gdal_log::take().unwrap_or_else(|| error.to_string())))?;
        Ok(buffer.into_shape_and_vec().1)
    }
}

/// The smallest window that holds every place.
fn bounding_window(places: &[Option<(usize, usize)>]) -> Option<Window> {
    let mut found = places.iter().flatten();
    let &(row, col) = found.next()?;
    let (mut low, mut high) = ((row, col), (row, col));
    for &(row, col) in found {
        low = (low.0.min(row), low.1.min(col));
        high = (high.0.max(row), high.1.max(col));
    }
    Some(Window {
        row0: low.0,
        col0: low.1,
        rows: high.0 - low.0 + 1,
        cols: high.1 - low.1 + 1,
    })
}

/// Whether a file says of its bytes that they are -128 to 127; later releases of GDAL have a type for it.
pub(super) fn is_signed_byte(band: &RasterBand<'_>) -> bool {
    let kind = band.metadata_item("PIXELTYPE", "IMAGE_STRUCTURE");
    band.band_type() == GdalDataType::UInt8 && kind.as_deref() == Some("SIGNEDBYTE")
}

pub(super) fn open(path: &Path) -> Result<Dataset, RasterError> {
    gdal_log::quiet();
    gdal_log::clear();
    let open_flags = GdalOpenFlags::GDAL_OF_RASTER
        | GdalOpenFlags::GDAL_OF_READONLY
        | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR;
    let options = DatasetOptions {
        open_flags,
        ..DatasetOptions::default()
    };
    Dataset::open_ex(path, options).map_err(|error| open_error(path, &error))
}

pub(super) fn open_error(path: &Path, error: &gdal::errors::GdalError) -> RasterError {
    let reason = gdal_log::take().unwrap_or_else(|| error.to_string());
    RasterError::Open {
        path: path.to_owned(),
        reason,
    }
}
