//! A layer as Cloud-Optimized GeoTIFF, through GDAL.
//!
//! GDAL makes a COG from a finished raster only. The strips go into a plain,
//! lightly packed GeoTIFF; a virtual raster over it adds what GDAL's plain
//! interface has no word for (unit, names and colours of the classes); the COG
//! is a copy of that. All this happens in a hidden folder beside the file.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use gdal::cpl::CslStringList;
use gdal::raster::{Buffer, GdalType};
use gdal::{Dataset, DriverManager};
use nutag_files::{WriteFailed, move_whole};
use nutag_grid::{Grid, Projection, SINUSOIDAL_WKT};
use tempfile::TempDir;

use super::layer::{Layer, LayerKind, NO_CLASS, NO_INTEGER, Strip};
use super::{RasterError, STRIP_ROWS};

/// Cells along the side of a tile of the file.
const TILE_CELLS: &str = "512";
const STRIPS: &str = "strips.tif";
const VIRTUAL: &str = "layer.vrt";

/// A GeoTIFF in the making. Dropped before it is finished, it leaves nothing.
pub struct CogWriter {
    layer: Layer,
    grid: Grid,
    path: PathBuf,
    strips: Dataset,
    rows: usize,
    /// Of the cells given so far, to be found again in the file.
    digest: DefaultHasher,
    // Last: the files in it are closed before it goes.
    work: TempDir,
}

impl std::fmt::Debug for CogWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CogWriter")
            .field("path", &self.path)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl CogWriter {
    /// Begins the file of a layer; its folder must be there.
    ///
    /// # Errors
    /// A layer that is not one, or a folder where nothing can be written.
    pub fn create(path: &Path, grid: &Grid, layer: &Layer) -> Result<Self, RasterError> {
        layer.check()?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let work = tempfile::Builder::new()
            .prefix(".nutag-")
            .suffix(".part")
            .tempdir_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| WriteFailed::new(path, error))?;
        let failed = RasterError::library(path, "making room for the strips");
        let strips = match layer.kind {
            LayerKind::Values => create_strips::<f32>(&work.path().join(STRIPS), grid),
            LayerKind::Integers => create_strips::<i32>(&work.path().join(STRIPS), grid),
            LayerKind::Classes(_) => create_strips::<u8>(&work.path().join(STRIPS), grid),
        };
        Ok(Self {
            layer: layer.clone(),
            grid: *grid,
            path: path.to_owned(),
            strips: strips.map_err(|error| failed(&error))?,
            rows: 0,
            digest: DefaultHasher::new(),
            work,
        })
    }

    /// Adds the rows that follow.
    ///
    /// # Errors
    /// A strip of another kind or width, or GDAL's refusal.
    pub fn put(&mut self, strip: &Strip<'_>) -> Result<(), RasterError> {
        let rows = self.layer.rows_of(strip, self.rows, self.grid.shape())?;
        let failed = RasterError::library(&self.path, "writing a strip");
        strip.digest(self.grid.shape().cols, &mut self.digest);
        match strip {
            Strip::Values(cells) => self.write(cells, rows),
            Strip::Integers(cells) => self.write(cells, rows),
            Strip::Classes(cells) => self.write(cells, rows),
        }
        .map_err(|error| failed(&error))?;
        self.rows += rows;
        Ok(())
    }

    fn write<T: GdalType + Copy>(&self, cells: &[T], rows: usize) -> gdal::errors::Result<()> {
        let cols = self.grid.shape().cols;
        let mut buffer = Buffer::new((cols, rows), cells.to_vec());
        let row = isize::try_from(self.rows)?;
        self.strips
            .rasterband(1)?
            .write((0, row), (cols, rows), &mut buffer)
    }

    /// Makes the file with its overviews and gives it its name. Returns what
    /// was written: the GeoTIFF, and for classes a small file with their names
    /// (`NAME.tif.aux.xml`), for which GeoTIFF has no place.
    ///
    /// # Errors
    /// Rows that are missing, or the refusal of GDAL or of the system.
    pub fn finish(self) -> Result<Vec<PathBuf>, RasterError> {
        self.layer.whole(self.rows, self.grid.shape())?;
        let failed = RasterError::library(&self.path, "making the cloud-optimized file");
        self.strips.close().map_err(|error| failed(&error))?;
        let folder = self.work.path();
        let source = folder.join(VIRTUAL);
        std::fs::write(&source, virtual_raster(&self.layer, &self.grid))
            .map_err(|error| WriteFailed::new(&source, error))?;
        let made = folder.join("layer.tif");
        copy_as_cog(&source, &made, &self.layer.kind).map_err(|error| failed(&error))?;
        let found =
            read_back(&made, &self.grid, &self.layer.kind).map_err(|error| failed(&error))?;
        if found != self.digest.finish() {
            let lost = "the file does not hold the cells that were written";
            return Err(failed(&lost));
        }

        let mut written = Vec::new();
        for ending in ["", ".aux.xml"] {
            let with = |path: &Path| {
                let mut name = path.as_os_str().to_owned();
                name.push(ending);
                PathBuf::from(name)
            };
            let (from, to) = (with(&made), with(&self.path));
            if from.exists() {
                move_whole(&from, &to)?;
                written.push(to);
            }
        }
        Ok(written)
    }
}

/// Reads the finished file. GDAL before 3.7 does not say whether the last
/// cells reached the disk, so a full one would go unnoticed.
fn read_back(made: &Path, grid: &Grid, kind: &LayerKind) -> gdal::errors::Result<u64> {
    let file = Dataset::open(made)?;
    let band = file.rasterband(1)?;
    let shape = grid.shape();
    let mut digest = DefaultHasher::new();
    for row in (0..shape.rows).step_by(STRIP_ROWS) {
        let size = (shape.cols, STRIP_ROWS.min(shape.rows - row));
        let place = (0, isize::try_from(row)?);
        match kind {
            LayerKind::Values => {
                let cells = band.read_as::<f32>(place, size, size, None)?;
                Strip::Values(cells.data()).digest(shape.cols, &mut digest);
            }
            LayerKind::Integers => {
                let cells = band.read_as::<i32>(place, size, size, None)?;
                Strip::Integers(cells.data()).digest(shape.cols, &mut digest);
            }
            LayerKind::Classes(_) => {
                let cells = band.read_as::<u8>(place, size, size, None)?;
                Strip::Classes(cells.data()).digest(shape.cols, &mut digest);
            }
        }
    }
    Ok(digest.finish())
}

fn create_strips<T: GdalType>(path: &Path, grid: &Grid) -> gdal::errors::Result<Dataset> {
    let shape = grid.shape();
    let mut options = CslStringList::new();
    for (key, value) in [
        ("COMPRESS", "DEFLATE"),
        ("ZLEVEL", "1"),
        ("BIGTIFF", "IF_SAFER"),
        ("SPARSE_OK", "TRUE"),
    ] {
        options.set_name_value(key, value)?;
    }
    options.set_name_value("BLOCKYSIZE", &STRIP_ROWS.min(shape.rows).to_string())?;
    DriverManager::get_driver_by_name("GTiff")?
        .create_with_band_type_with_options::<T, _>(path, shape.cols, shape.rows, 1, &options)
}

fn copy_as_cog(source: &Path, made: &Path, kind: &LayerKind) -> gdal::errors::Result<()> {
    let (predictor, overviews) = match kind {
        LayerKind::Values => ("FLOATING_POINT", "AVERAGE"),
        LayerKind::Integers => ("STANDARD", "AVERAGE"),
        LayerKind::Classes(_) => ("NO", "MODE"),
    };
    let mut options = CslStringList::new();
    for (key, value) in [
        ("COMPRESS", "DEFLATE"),
        ("PREDICTOR", predictor),
        ("BLOCKSIZE", TILE_CELLS),
        ("OVERVIEWS", "IGNORE_EXISTING"),
        ("OVERVIEW_RESAMPLING", overviews),
        ("BIGTIFF", "IF_SAFER"),
    ] {
        options.set_name_value(key, value)?;
    }
    let cog = DriverManager::get_driver_by_name("COG")?;
    Dataset::open(source)?
        .create_copy(&cog, made, &options)?
        .close()
}

/// The virtual raster: what the file says besides its cells.
fn virtual_raster(layer: &Layer, grid: &Grid) -> String {
    let shape = grid.shape();
    let transform = grid.geotransform().map(|number| number.to_string());
    let crs = match grid.projection() {
        Projection::Sinusoidal => SINUSOIDAL_WKT,
        Projection::Geographic => grid.crs(),
    };
    let (kind, no_data) = match layer.kind {
        LayerKind::Values => ("Float32", "nan".to_owned()),
        LayerKind::Integers => ("Int32", NO_INTEGER.to_string()),
        LayerKind::Classes(_) => ("Byte", NO_CLASS.to_string()),
    };
    let description = match layer.description.as_str() {
        "" => layer.title.clone(),
        words => format!("{}. {words}", layer.title),
    };
    let mut xml = format!(
        "<VRTDataset rasterXSize=\"{}\" rasterYSize=\"{}\">\n<SRS>{}</SRS>\n\
         <GeoTransform>{}</GeoTransform>\n<Metadata>\n\
         <MDI key=\"AREA_OR_POINT\">Area</MDI>\n\
         <MDI key=\"TIFFTAG_IMAGEDESCRIPTION\">{}</MDI>\n</Metadata>\n\
         <VRTRasterBand dataType=\"{kind}\" band=\"1\">\n<Description>{}</Description>\n",
        shape.cols,
        shape.rows,
        escaped(crs),
        transform.join(", "),
        escaped(&description),
        escaped(&layer.title),
    );
    if !layer.unit.is_empty() {
        let _ = writeln!(xml, "<UnitType>{}</UnitType>", escaped(&layer.unit));
    }
    let _ = writeln!(xml, "<NoDataValue>{no_data}</NoDataValue>");
    if let LayerKind::Classes(entries) = &layer.kind {
        let mut table = vec![(String::new(), [0_u8; 4]); usize::from(u8::MAX) + 1];
        for entry in entries {
            let fill = entry.fill;
            table[usize::from(entry.code)] =
                (entry.label.clone(), [fill.0, fill.1, fill.2, u8::MAX]);
        }
        let last = entries.iter().map(|entry| usize::from(entry.code)).max();
        xml.push_str("<ColorInterp>Palette</ColorInterp>\n<CategoryNames>\n");
        for (label, _) in &table[..last.map_or(0, |last| last + 1)] {
            let _ = writeln!(xml, "<Category>{}</Category>", escaped(label));
        }
        xml.push_str("</CategoryNames>\n<ColorTable>\n");
        for (_, [red, green, blue, alpha]) in &table {
            let _ = writeln!(
                xml,
                "<Entry c1=\"{red}\" c2=\"{green}\" c3=\"{blue}\" c4=\"{alpha}\"/>"
            );
        }
        xml.push_str("</ColorTable>\n");
    }
    let _ = write!(
        xml,
        "<SimpleSource>\n<SourceFilename relativeToVRT=\"1\">{STRIPS}</SourceFilename>\n\
         <SourceBand>1</SourceBand>\n</SimpleSource>\n</VRTRasterBand>\n</VRTDataset>\n"
    );
    xml
}

/// Text inside XML; characters that XML cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
