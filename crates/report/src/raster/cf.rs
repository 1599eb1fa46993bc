//! All layers as one netCDF-4 file after the CF Conventions, version 1.11
//! (cfconventions.org): projected coordinates, a grid mapping, and flags for
//! classes.

use std::path::{Path, PathBuf};

use deunicode::deunicode;
use netcdf::{AttributeValue, Extent, FileMut, NcTypeDescriptor};
use nutag_files::{WriteFailed, move_whole};
use nutag_grid::{Grid, MODIS_SPHERE_RADIUS_M, Projection, SINUSOIDAL_WKT};
use tempfile::TempDir;

use super::layer::{Layer, LayerKind, NO_CLASS, NO_INTEGER, Strip};
use super::{RasterError, STRIP_ROWS};
use crate::draw::ClassEntry;

/// Columns of a chunk; its rows are [`STRIP_ROWS`].
const CHUNK_COLS: usize = 512;
/// Level of deflate: higher ones take long and gain little on floats.
const DEFLATE_LEVEL: i32 = 4;
const CRS: &str = "crs";

/// The sinusoidal system in the second version of WKT (ISO 19162), which CF
/// asks for; the first version, for older readers, is
/// [`SINUSOIDAL_WKT`].
const SINUSOIDAL_WKT2: &str = concat!(
    r#"PROJCRS["MODIS Sinusoidal",BASEGEOGCRS["MODIS sphere",DATUM["Not specified (based on MODIS sphere)","#,
    r#"ELLIPSOID["MODIS sphere",6371007.181,0,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,"#,
    r#"ANGLEUNIT["degree",0.0174532925199433]]],CONVERSION["Sinusoidal",METHOD["Sinusoidal"],"#,
    r#"PARAMETER["Longitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433]],"#,
    r#"PARAMETER["False easting",0,LENGTHUNIT["metre",1]],PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],"#,
    r#"CS[Cartesian,2],AXIS["easting",east,ORDER[1],LENGTHUNIT["metre",1]],"#,
    r#"AXIS["northing",north,ORDER[2],LENGTHUNIT["metre",1]]]"#
);

/// What the file says of itself. Empty texts are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetCdfAbout {
    /// What is in it.
    pub title: String,
    /// What the data were made from and with.
    pub source: String,
    /// How it was made; without a time, so that it is the same each time.
    pub history: String,
    /// Publications and data sets.
    pub references: String,
    /// Anything else that a reader must know.
    pub comment: String,
}

/// A netCDF file in the making. Dropped before it is finished, it leaves
/// nothing.
pub struct NetCdfWriter {
    layers: Vec<(Layer, usize)>,
    grid: Grid,
    path: PathBuf,
    file: FileMut,
    // Last: the file in it is closed before it goes.
    work: TempDir,
}

impl std::fmt::Debug for NetCdfWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NetCdfWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl NetCdfWriter {
    /// Begins a file; its folder must be there. The grid must be sinusoidal.
    ///
    /// # Errors
    /// Layers that are not layers or share a name, a grid that is not
    /// sinusoidal, or the refusal of netCDF or of the system.
    pub fn create(
        path: &Path,
        grid: &Grid,
        layers: &[Layer],
        about: &NetCdfAbout,
    ) -> Result<Self, RasterError> {
        for (i, layer) in layers.iter().enumerate() {
            layer.check()?;
            let taken = layers[..i].iter().map(|other| other.name.as_str());
            let problem = if taken.chain(["x", "y", CRS]).any(|name| name == layer.name) {
                "another variable of the file has this name"
            } else if grid.projection() != Projection::Sinusoidal {
                "expected a sinusoidal grid, found one of longitude and latitude"
            } else {
                continue;
            };
            return Err(RasterError::Layer {
                layer: layer.name.clone(),
                problem: problem.to_owned(),
            });
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let work = tempfile::Builder::new()
            .prefix(".nutag-")
            .suffix(".part")
            .tempdir_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| WriteFailed::new(path, error))?;
        let failed = RasterError::library(path, "laying out the file");
        let file = lay_out(&work.path().join("all.nc"), grid, layers, about)
            .map_err(|error| failed(&error))?;
        Ok(Self {
            layers: layers.iter().map(|layer| (layer.clone(), 0)).collect(),
            grid: *grid,
            path: path.to_owned(),
            file,
            work,
        })
    }

    /// Adds the rows that follow to a layer, by its place among the layers.
    ///
    /// # Errors
    /// A strip of another kind or width, a layer that is not there, or
    /// netCDF's refusal.
    pub fn put(&mut self, layer: usize, strip: &Strip<'_>) -> Result<(), RasterError> {
        let count = self.layers.len();
        let (layer, row) = self
            .layers
            .get_mut(layer)
            .ok_or_else(|| RasterError::Layer {
                layer: layer.to_string(),
                problem: format!("expected a number below {count}"),
            })?;
        let rows = layer.rows_of(strip, *row, self.grid.shape())?;
        let window = *row..*row + rows;
        let failed = RasterError::library(&self.path, "writing a strip");
        match strip {
            Strip::Values(cells) => put(&mut self.file, &layer.name, cells, window),
            Strip::Integers(cells) => put(&mut self.file, &layer.name, cells, window),
            Strip::Classes(cells) => put(&mut self.file, &layer.name, cells, window),
        }
        .map_err(|error| failed(&error))?;
        *row += rows;
        Ok(())
    }

    /// Closes the file and gives it its name.
    ///
    /// # Errors
    /// Rows that are missing, or the refusal of netCDF or of the system.
    pub fn finish(self) -> Result<PathBuf, RasterError> {
        for (layer, rows) in &self.layers {
            layer.whole(*rows, self.grid.shape())?;
        }
        let failed = RasterError::library(&self.path, "closing the file");
        self.file.close().map_err(|error| failed(&error))?;
        move_whole(&self.work.path().join("all.nc"), &self.path)?;
        Ok(self.path)
    }
}

fn put<T: NcTypeDescriptor>(
    file: &mut FileMut,
    name: &str,
    cells: &[T],
    rows: std::ops::Range<usize>,
) -> netcdf::Result<()> {
    let mut variable = file
        .variable_mut(name)
        .ok_or_else(|| netcdf::Error::NotFound(name.to_owned()))?;
    let extents: [Extent; 2] = [rows.into(), (..).into()];
    variable.put_values(cells, extents)
}

fn lay_out(
    path: &Path,
    grid: &Grid,
    layers: &[Layer],
    about: &NetCdfAbout,
) -> netcdf::Result<FileMut> {
    let mut file = netcdf::create_with(path, netcdf::Options::NETCDF4)?;
    file.add_attribute("Conventions", "CF-1.11")?;
    for (key, text) in [
        ("title", &about.title),
        ("source", &about.source),
        ("history", &about.history),
        ("references", &about.references),
        ("comment", &about.comment),
    ] {
        if !text.is_empty() {
            file.add_attribute(key, text.as_str())?;
        }
    }
    let shape = grid.shape();
    file.add_dimension("y", shape.rows)?;
    file.add_dimension("x", shape.cols)?;
    let (width, height) = grid.cell_size();
    let x = (0..shape.cols).map(|col| grid.corner(0, col).0 + width / 2.0);
    let y = (0..shape.rows).map(|row| grid.corner(row, 0).1 - height / 2.0);
    for (name, standard, long, axis, centres) in [
        (
            "y",
            "projection_y_coordinate",
            "northing of the cell centre",
            "Y",
            y.collect::<Vec<f64>>(),
        ),
        (
            "x",
            "projection_x_coordinate",
            "easting of the cell centre",
            "X",
            x.collect(),
        ),
    ] {
        let mut variable = file.add_variable::<f64>(name, &[name])?;
        variable.put_attribute("standard_name", standard)?;
        variable.put_attribute("long_name", long)?;
        variable.put_attribute("units", "m")?;
        variable.put_attribute("axis", axis)?;
        variable.put_values(&centres, ..)?;
    }
    add_crs(&mut file, grid)?;
    for layer in layers {
        add_layer(&mut file, layer, shape)?;
    }
    Ok(file)
}

/// The grid mapping; `spatial_ref` and `GeoTransform` are what GDAL reads.
fn add_crs(file: &mut FileMut, grid: &Grid) -> netcdf::Result<()> {
    let transform = grid.geotransform().map(|number| number.to_string());
    let mut crs = file.add_variable::<i32>(CRS, &[])?;
    crs.put_attribute("grid_mapping_name", "sinusoidal")?;
    crs.put_attribute("longitude_of_projection_origin", 0.0)?;
    crs.put_attribute("false_easting", 0.0)?;
    crs.put_attribute("false_northing", 0.0)?;
    crs.put_attribute("earth_radius", MODIS_SPHERE_RADIUS_M)?;
    crs.put_attribute("long_name", "MODIS sinusoidal")?;
    crs.put_attribute("crs_wkt", SINUSOIDAL_WKT2)?;
    crs.put_attribute("spatial_ref", SINUSOIDAL_WKT)?;
    crs.put_attribute("GeoTransform", transform.join(" "))?;
    crs.put_values(&[0_i32], ())
}

fn add_layer(file: &mut FileMut, layer: &Layer, shape: nutag_grid::Shape) -> netcdf::Result<()> {
    let dimensions = ["y", "x"];
    let name = layer.name.as_str();
    let mut variable = match layer.kind {
        LayerKind::Values => file.add_variable::<f32>(name, &dimensions)?,
        LayerKind::Integers => file.add_variable::<i32>(name, &dimensions)?,
        LayerKind::Classes(_) => file.add_variable::<u8>(name, &dimensions)?,
    };
    variable.set_chunking(&[STRIP_ROWS.min(shape.rows), CHUNK_COLS.min(shape.cols)])?;
    let is_wide = !matches!(layer.kind, LayerKind::Classes(_));
    variable.set_compression(DEFLATE_LEVEL, is_wide)?;
    match layer.kind {
        LayerKind::Values => variable.set_fill_value(f32::NAN)?,
        LayerKind::Integers => variable.set_fill_value(NO_INTEGER)?,
        LayerKind::Classes(_) => variable.set_fill_value(NO_CLASS)?,
    }
    variable.put_attribute("long_name", layer.title.as_str())?;
    if !layer.description.is_empty() {
        variable.put_attribute("comment", layer.description.as_str())?;
    }
    match &layer.kind {
        LayerKind::Classes(entries) if !entries.is_empty() => {
            let codes: Vec<u8> = entries.iter().map(|entry| entry.code).collect();
            variable.put_attribute("flag_values", AttributeValue::Uchars(codes))?;
            variable.put_attribute("flag_meanings", words(entries).join(" "))?;
        }
        LayerKind::Classes(_) => {}
        LayerKind::Values | LayerKind::Integers => {
            let unit = match layer.udunits.as_str() {
                "" => "1",
                unit => unit,
            };
            variable.put_attribute("units", unit)?;
        }
    }
    variable.put_attribute("grid_mapping", CRS)?;
    Ok(())
}

/// Labels as words of `flag_meanings`, each another: CF allows ASCII letters,
/// digits and `_ - . + @`, and sets words apart by blanks. Other letters are
/// written as they sound.
fn words(entries: &[ClassEntry]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for entry in entries {
        let mut word = word(&entry.label);
        if words.contains(&word) {
            word = format!("{word}_{}", entry.code);
        }
        words.push(word);
    }
    words
}

fn word(label: &str) -> String {
    let mut word = String::new();
    for c in deunicode(label).chars() {
        if c.is_ascii_alphanumeric() || "_-.+@".contains(c) {
            word.push(c);
        } else if !word.ends_with('_') {
            word.push('_');
        }
    }
    match word.trim_matches('_') {
        "" => "unnamed".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_words() {
        assert_eq!(
            word("Insular & sparsely insular"),
            "Insular_sparsely_insular"
        );
        assert_eq!(word("significant, up (q < 0.1)"), "significant_up_q_0.1");
        assert_eq!(word("Govĭ-Sümber"), "Govi-Sumber");
        assert_eq!(word("Баян"), "Baian");
        assert_eq!(word("&"), "unnamed");
    }
}
