//! Reading a layer: features, attribute, checks.

use std::collections::BTreeMap;
use std::path::Path;

use gdal::vector::{
    Geometry, Layer, LayerAccess, OGRwkbGeometryType, geometry_type_flatten, geometry_type_to_name,
};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use nutag_grid::MultiPolygon;

use super::VectorError;
use super::lonlat::{ToLonLat, planar_polygons};
use crate::gdal_log;

/// One feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Feature id in the file.
    pub fid: u64,
    /// The attribute as text, without blanks around it; numbers as their shortest text.
    pub value: String,
    /// Its polygons in longitude and latitude on WGS84.
    pub geometry: MultiPolygon,
}

/// Whether several features may have the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// No: the value names a region.
    Refuse,
    /// Yes: the value is a class, and the features of a class belong together.
    Allow,
}

/// A layer of a file, for listings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VectorLayer {
    /// Its name.
    pub name: String,
    /// Number of features.
    pub features: u64,
    /// Kind of geometry, as GDAL names it.
    pub geometry: String,
    /// Name of the coordinate reference system, if there is one.
    pub crs: Option<String>,
    /// Names of the attributes.
    pub attributes: Vec<String>,
}

/// Reads the polygons of a layer with one attribute.
///
/// `layer` may be `None` when the file has one layer. Attribute names are matched exactly. Other
/// reference systems are brought to longitude and latitude, with the edges of the polygons followed where they
/// bend. A byte order mark before GeoJSON is tolerated.
///
/// # Errors
/// [`VectorError`] when there is no such layer or attribute, no reference system, when a geometry is no
/// valid polygon, and when a value is empty or, with [`Duplicates::Refuse`], occurs twice.
pub fn read_features(
    path: &Path,
    layer: Option<&str>,
    attribute: &str,
    duplicates: Duplicates,
) -> Result<Vec<Feature>, VectorError> {
    let (layer, features) = read_layer(path, layer, Some(attribute))?;
    check_values(path, &layer, attribute, duplicates, &features)?;
    Ok(features)
}

/// The features of a layer and its name. Without an attribute their values are empty.
pub(super) fn read_layer(
    path: &Path,
    layer: Option<&str>,
    attribute: Option<&str>,
) -> Result<(String, Vec<Feature>), VectorError> {
    let dataset = open(path)?;
    let mut layer = choose_layer(path, &dataset, layer)?;
    let layer_name = layer.name();
    let field = attribute
        .map(|attribute| attribute_index(path, &layer, attribute))
        .transpose()?;
    let Some(crs) = layer.spatial_ref() else {
        return Err(VectorError::NoCrs {
            path: path.to_owned(),
            layer: layer_name,
        });
    };
    let to_lonlat = ToLonLat::new(&crs).map_err(|reason| VectorError::Transform {
        path: path.to_owned(),
        layer: layer_name.clone(),
        feature: String::new(),
        reason,
    })?;

    gdal_log::clear();
    let mut features = Vec::new();
    for (position, feature) in layer.features().enumerate() {
        let fid = feature.fid().unwrap_or(position as u64);
        let value = field
            .and_then(|field| feature.field_as_string(field).ok().flatten())
            .unwrap_or_default()
            .trim()
            .to_owned();
        let planar = check_geometry(feature.geometry()).map_err(|fault| {
            let (path, layer, value) = (path.to_owned(), layer_name.clone(), value.clone());
            match fault {
                Fault::NotPolygon(found) => VectorError::NotPolygon {
                    path,
                    layer,
                    fid,
                    value,
                    found,
                },
                Fault::Invalid(reason) => VectorError::Invalid {
                    path,
                    layer,
                    fid,
                    value,
                    reason,
                },
            }
        })?;
        let geometry = to_lonlat
            .polygons(&planar)
            .map_err(|reason| VectorError::Transform {
                path: path.to_owned(),
                layer: layer_name.clone(),
                feature: format!(", feature {fid} ({value:?})"),
                reason,
            })?;
        features.push(Feature {
            fid,
            value,
            geometry,
        });
    }
    // GDAL ends the iteration alike at the end of the layer and at a fault in the file.
    if (features.len() as u64) < layer.feature_count() {
        let reason = gdal_log::take()
            .unwrap_or_else(|| format!("the layer counts {}", layer.feature_count()));
        return Err(VectorError::Read {
            path: path.to_owned(),
            layer: layer_name,
            read: features.len(),
            reason,
        });
    }
    Ok((layer_name, features))
}

/// The layers of a file.
///
/// # Errors
/// [`VectorError::Open`] when GDAL cannot read it.
pub fn list_layers(path: &Path) -> Result<Vec<VectorLayer>, VectorError> {
    let dataset = open(path)?;
    let describe = |layer: Layer<'_>| VectorLayer {
        name: layer.name(),
        features: layer.feature_count(),
        geometry: geometry_type_to_name(layer.defn().geometry_type()),
        crs: layer.spatial_ref().and_then(|crs| crs.name()),
        attributes: layer.defn().fields().map(|field| field.name()).collect(),
    };
    Ok(dataset.layers().map(describe).collect())
}

fn open(path: &Path) -> Result<Dataset, VectorError> {
    gdal_log::quiet();
    gdal_log::clear();
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR
        | GdalOpenFlags::GDAL_OF_READONLY
        | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR;
    let options = DatasetOptions {
        open_flags,
        ..DatasetOptions::default()
    };
    Dataset::open_ex(path, options).map_err(|error| VectorError::Open {
        path: path.to_owned(),
        reason: gdal_log::take().unwrap_or_else(|| error.to_string()),
    })
}

fn choose_layer<'a>(
    path: &Path,
    dataset: &'a Dataset,
    wanted: Option<&str>,
) -> Result<Layer<'a>, VectorError> {
    let mut found = match wanted {
        Some(name) => dataset.layers().find(|layer| layer.name() == name),
        None if dataset.layer_count() == 1 => dataset.layers().next(),
        None => None,
    };
    found.take().ok_or_else(|| {
        let names: Vec<String> = dataset
            .layers()
            .map(|layer| format!("{:?}", layer.name()))
            .collect();
        VectorError::Layer {
            path: path.to_owned(),
            expected: wanted.map_or_else(
                || "one layer".to_owned(),
                |name| format!("a layer {name:?}"),
            ),
            present: if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            },
        }
    })
}

fn attribute_index(path: &Path, layer: &Layer<'_>, wanted: &str) -> Result<usize, VectorError> {
    let names: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    names
        .iter()
        .position(|name| name == wanted)
        .ok_or_else(|| VectorError::Attribute {
            path: path.to_owned(),
            layer: layer.name(),
            expected: wanted.to_owned(),
            present: if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            },
        })
}

/// What is wrong with a geometry.
enum Fault {
    NotPolygon(String),
    Invalid(String),
}

fn check_geometry(geometry: Option<&Geometry>) -> Result<Vec<super::lonlat::PlanarPolygon>, Fault> {
    let Some(geometry) = geometry else {
        return Err(Fault::NotPolygon("no geometry".to_owned()));
    };
    let kind = geometry.geometry_type();
    if kind == OGRwkbGeometryType::wkbUnknown {
        // What GDAL says of a null geometry; no real one is of this kind.
        return Err(Fault::NotPolygon("no geometry".to_owned()));
    }
    if !matches!(
        geometry_type_flatten(kind),
        OGRwkbGeometryType::wkbPolygon | OGRwkbGeometryType::wkbMultiPolygon
    ) {
        return Err(Fault::NotPolygon(geometry_type_to_name(kind)));
    }
    if geometry.is_empty() {
        return Err(Fault::NotPolygon(format!(
            "an empty {}",
            geometry_type_to_name(kind)
        )));
    }
    gdal_log::clear();
    if !geometry.is_valid() {
        // GEOS tells the reason and the place through GDAL's messages.
        return Err(Fault::Invalid(
            gdal_log::take().unwrap_or_else(|| "rings cross or touch wrongly".to_owned()),
        ));
    }
    Ok(planar_polygons(geometry))
}

fn check_values(
    path: &Path,
    layer: &str,
    attribute: &str,
    duplicates: Duplicates,
    features: &[Feature],
) -> Result<(), VectorError> {
    let (path, layer, attribute) = (path.to_owned(), layer.to_owned(), attribute.to_owned());
    if features.is_empty() {
        return Err(VectorError::Empty { path, layer });
    }
    let mut by_value: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for feature in features {
        by_value
            .entry(&feature.value)
            .or_default()
            .push(feature.fid);
    }
    if let Some(fids) = by_value.get("") {
        return Err(VectorError::EmptyValue {
            path,
            layer,
            attribute,
            fids: name_features(fids),
        });
    }
    let repeated: Vec<String> = by_value
        .iter()
        .filter(|(_, fids)| fids.len() > 1)
        .map(|(value, fids)| format!("{value:?} in {}", name_features(fids)))
        .collect();
    if duplicates == Duplicates::Refuse && !repeated.is_empty() {
        return Err(VectorError::DuplicateValue {
            path,
            layer,
            attribute,
            duplicates: repeated.join("; "),
        });
    }
    Ok(())
}

fn name_features(fids: &[u64]) -> String {
    let list: Vec<String> = fids.iter().map(u64::to_string).collect();
    format!(
        "feature{} {}",
        if fids.len() == 1 { "" } else { "s" },
        list.join(", ")
    )
}
