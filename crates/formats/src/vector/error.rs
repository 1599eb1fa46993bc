//! What can be wrong with a vector layer.

use std::path::PathBuf;

/// Why a vector layer was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VectorError {
    /// GDAL knows no way to read it.
    #[error("{path}: expected a vector file that GDAL {gdal} reads (GeoJSON, GeoPackage, Shapefile, ...): {reason}", gdal = gdal::version::version_info("RELEASE_NAME"))]
    Open {
        /// The file.
        path: PathBuf,
        /// What GDAL says.
        reason: String,
    },
    /// No such layer, or none was named where there are several.
    #[error("{path}: expected {expected}; layers in the file: {present}. Name one with `layer`")]
    Layer {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        expected: String,
        /// The layers that are there.
        present: String,
    },
    /// No such attribute.
    #[error(
        "{path}, layer {layer}: expected an attribute {expected:?}; attributes in the layer: {present}"
    )]
    Attribute {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// What was asked for.
        expected: String,
        /// The attributes that are there.
        present: String,
    },
    /// A layer without a coordinate reference system.
    #[error(
        "{path}, layer {layer}: expected a coordinate reference system, found none. If you know it, add it: \
         ogr2ogr -a_srs EPSG:4326 with-crs.gpkg {path} (a shapefile lacks its .prj then)"
    )]
    NoCrs {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
    },
    /// Coordinates that cannot be brought to longitude and latitude.
    #[error(
        "{path}, layer {layer}{feature}: cannot be brought to longitude and latitude: {reason}"
    )]
    Transform {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Empty, or the feature as `, feature 5 ("name")`.
        feature: String,
        /// What is wrong.
        reason: String,
    },
    /// A layer without features.
    #[error("{path}, layer {layer}: expected polygons, found no feature at all")]
    Empty {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
    },
    /// A feature that is no polygon.
    #[error(
        "{path}, layer {layer}, feature {fid} ({value:?}): expected a Polygon or MultiPolygon, found {found}"
    )]
    NotPolygon {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// The feature.
        fid: u64,
        /// Its attribute.
        value: String,
        /// What it is, and what to do.
        found: String,
    },
    /// A polygon that crosses itself, or has rings that cross or nest wrongly.
    #[error(
        "{path}, layer {layer}, feature {fid} ({value:?}): the polygon is not valid: {reason} (coordinates of the file). \
         Mend it in a GIS, or with: ogr2ogr -makevalid mended.gpkg {path}; then look at the result"
    )]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// The feature.
        fid: u64,
        /// Its attribute.
        value: String,
        /// What GEOS says, with the place.
        reason: String,
    },
    /// A text that cannot be read rightly.
    #[error("{path}, layer {layer}{feature}: {reason}")]
    Text {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Empty, or the feature as `, feature 5`.
        feature: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Features whose attribute is empty.
    #[error(
        "{path}, layer {layer}: expected a value of {attribute:?} in every feature, found none in {fids}"
    )]
    EmptyValue {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// The attribute.
        attribute: String,
        /// The features, as `feature 3` or `features 3, 4`.
        fids: String,
    },
    /// Several features with the same value, where each must have its own.
    #[error(
        "{path}, layer {layer}: expected a different value of {attribute:?} in every feature, found {duplicates}. \
         Choose another attribute, or dissolve the features"
    )]
    DuplicateValue {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// The attribute.
        attribute: String,
        /// Values and features, as `"Bulgan" in features 3, 9`.
        duplicates: String,
    },
    /// Reading stopped with an error in the middle of the layer.
    #[error(
        "{path}, layer {layer}: reading stopped after {read} features: {reason}. The file is damaged: copy it again from \
         where it came from"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Features read.
        read: usize,
        /// What GDAL says.
        reason: String,
    },
}
