//! Which files decide what a data set says: the one that is named is seldom all.
//!
//! GDAL reads beside a raster its `.aux.xml`, its mask, its world file; a shapefile is four files and
//! more; a virtual raster says where others lie; a File Geodatabase is a folder; a GeoPackage that is
//! being edited has its latest rows in a `-wal`. What counts as one input is all of these.

mod references;
mod side;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use crate::gdal_log;

pub(crate) use side::sibling;

/// Why the files of a data set cannot be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourcesError {
    /// A virtual data set that names what is not here.
    #[error(
        "{path}: expected files that are here, found the source {named:?}, which is not. Correct its path, or make one \
         file of it: gdal_translate (rasters) or ogr2ogr (vectors)"
    )]
    Absent {
        /// The virtual data set.
        path: PathBuf,
        /// What it names.
        named: String,
    },
    /// A virtual data set that cannot be understood.
    #[error(
        "{path}: expected the XML of a virtual data set, found {reason}. Make it again with gdalbuildvrt or by hand"
    )]
    Xml {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// A format whose files are not known.
    #[error(
        "{path}: its format ({driver}) may name further files, which this program would not see change. Convert it: \
         gdal_translate {path} map.tif (rasters) or ogr2ogr map.gpkg {path} (vectors)"
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// GDAL's name of the format.
        driver: String,
    },
    /// A folder or file that cannot be listed or read.
    #[error("{path}: cannot be read: {reason}")]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

/// Every file that decides what GDAL reads at `path`, the named one among them, in order of their paths:
/// side files, parts, the sources of virtual data sets with theirs, the files of a folder. Files that
/// only speed up reading are among them where GDAL would believe them.
///
/// What is not there at all, and what GDAL cannot open, is listed as it is named: its reader says why.
///
/// # Errors
/// Returns an error if a virtual data set names what is not here, or the format may name files that
/// this program does not know of.
pub fn files_of(path: &Path) -> Result<Vec<PathBuf>, SourcesError> {
    let mut files = BTreeSet::new();
    collect(path, &mut files)?;
    Ok(files.into_iter().collect())
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), SourcesError> {
    if files.contains(path) {
        return Ok(());
    }
    if path.is_dir() {
        known_format(path)?;
        side::folder(path, files).map_err(|error| SourcesError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        return Ok(());
    }
    files.insert(path.to_owned());
    for beside in side::files(path) {
        files.insert(beside);
    }
    match references::of(path)? {
        Some(sources) => sources.iter().try_for_each(|source| collect(source, files)),
        None => known_format(path),
    }
}

/// Endings of formats that are all in one file and its side files, whatever is in it.
const WHOLE: [&str; 10] = [
    "tif", "tiff", "gpkg", "geojson", "shp", "kml", "fgb", "asc", "img", "png",
];

/// GDAL's names of formats that are all in one file, its side files, or one folder.
const KNOWN: [&str; 66] = [
    "AAIGrid",
    "AIG",
    "ARCGEN",
    "Arrow",
    "BMP",
    "BT",
    "BYN",
    "COG",
    "CSV",
    "CTable2",
    "DGN",
    "DTED",
    "DXF",
    "EHdr",
    "ENVI",
    "ESRI Shapefile",
    "ESRIJSON",
    "FileGDB",
    "FITS",
    "FlatGeobuf",
    "GIF",
    "GML",
    "GPKG",
    "GPSBabel",
    "GPX",
    "GRASSASCIIGrid",
    "GRIB",
    "GS7BG",
    "GSAG",
    "GSBG",
    "GTX",
    "GTiff",
    "GXF",
    "GeoJSON",
    "GeoJSONSeq",
    "GeoRSS",
    "HDF4",
    "HDF4Image",
    "HDF5",
    "HDF5Image",
    "HFA",
    "ISG",
    "Idrisi",
    "JML",
    "JP2OpenJPEG",
    "JPEG",
    "KML",
    "LIBKML",
    "MBTiles",
    "MapInfo File",
    "NTv2",
    "ODS",
    "OGR_GMT",
    "OpenFileGDB",
    "PCRaster",
    "PNG",
    "PNM",
    "Parquet",
    "RST",
    "SAGA",
    "SQLite",
    "SRTMHGT",
    "TopoJSON",
    "XLSX",
    "XYZ",
    "netCDF",
];

fn known_format(path: &Path) -> Result<(), SourcesError> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if ending.is_some_and(|ending| WHOLE.contains(&ending.to_lowercase().as_str())) {
        return Ok(());
    }
    gdal_log::quiet();
    gdal_log::clear();
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR
            | GdalOpenFlags::GDAL_OF_RASTER
            | GdalOpenFlags::GDAL_OF_READONLY,
        ..DatasetOptions::default()
    };
    let Ok(dataset) = Dataset::open_ex(path, options) else {
        return Ok(());
    };
    let driver = dataset.driver().short_name();
    if KNOWN.contains(&driver.as_str()) {
        Ok(())
    } else {
        Err(SourcesError::Format {
            path: path.to_owned(),
            driver,
        })
    }
}
