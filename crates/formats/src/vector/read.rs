//! Reading a layer: features, attribute, checks.

use std::collections::BTreeMap;
use std::path::Path;

use gdal::vector::LayerAccess;
use nutag_grid::MultiPolygon;

use super::VectorError;
use super::geometry::{self, Fault, Remedy};
use super::layers::VectorFile;
use super::lonlat::ToLonLat;
use crate::gdal_log;

/// One feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Feature id in the file.
    pub fid: u64,
    /// The attribute as [`crate::text::name`] reads it; numbers as their shortest text.
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

/// Reads the polygons of a layer with one attribute.
///
/// `layer` may be `None` when the file has one layer, tables without geometry aside. Attribute names are
/// matched exactly, once their letters are composed. Longitudes come within -180..=180: what reaches beyond is cut there. Other
/// reference systems are brought to longitude and latitude, with the edges of the polygons followed where they
/// bend. Rings that are not closed are. A byte order mark before GeoJSON is tolerated.
///
/// # Errors
/// Returns a [`VectorError`] if there is no such layer or attribute, no reference system, if a geometry is no
/// valid polygon, a text cannot be read rightly, or a value is empty or, with [`Duplicates::Refuse`],
/// occurs twice.
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
    let file = VectorFile::open(path)?;
    let mut layer = file.choose(layer)?;
    let layer_name = layer.name();
    let texts = file.texts(&layer_name)?;
    let field = attribute
        .map(|attribute| texts.attribute_index(&layer, attribute))
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
    if let Some(attribute) = attribute {
        texts.check_cut_off(attribute)?;
    }

    gdal_log::clear_fault();
    let mut features = Vec::new();
    let damaged = |read: usize| match gdal_log::take_fault() {
        None => Ok(()),
        Some(reason) => Err(VectorError::Read {
            path: path.to_owned(),
            layer: layer_name.clone(),
            read,
            reason,
        }),
    };
    for (position, feature) in layer.features().enumerate() {
        damaged(features.len())?;
        let fid = feature.fid().unwrap_or(position as u64);
        let value = field
            .and_then(|field| feature.field_as_string(field).ok().flatten())
            .map(|raw| texts.name(&raw, fid, attribute.unwrap_or_default()))
            .transpose()?
            .unwrap_or_default();
        let planar = geometry::polygons(feature.geometry()).map_err(|fault| {
            let (path, layer, value) = (path.to_owned(), layer_name.clone(), value.clone());
            match fault {
                Fault::NotPolygon { found, remedy } => {
                    let advice = advice(remedy, &path, &layer, attribute, &value, fid);
                    VectorError::NotPolygon {
                        path,
                        layer,
                        fid,
                        value,
                        found: format!("{found}. {advice}"),
                    }
                }
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
    // GDAL ends the iteration alike at the end of the layer and at a fault in the file. A count that
    // differs is no fault: files count records that were deleted, or keep an old count.
    damaged(features.len())?;
    Ok((layer_name, features))
}

/// What to do with a geometry that is no polygon, as a command that does it.
fn advice(
    remedy: Remedy,
    path: &Path,
    layer: &str,
    attribute: Option<&str>,
    value: &str,
    fid: u64,
) -> String {
    let file = path.display();
    match remedy {
        Remedy::Straighten => format!(
            "Draw its arcs as short lines: ogr2ogr -nlt CONVERT_TO_LINEAR straight.gpkg {file}"
        ),
        Remedy::TakeOut => format!(
            "Lines and points hold no ground; keep the polygons, in a GIS or with: \
             ogr2ogr -explodecollections -unsetFid parts.gpkg {file}, then ogr2ogr -dialect OGRSQL \
             -sql \"SELECT * FROM \\\"{layer}\\\" WHERE OGR_GEOMETRY = 'POLYGON'\" polygons.gpkg parts.gpkg"
        ),
        Remedy::LeaveOut => {
            let plain =
                |text: &str| !text.is_empty() && !text.contains(['\'', '"', '`', '$', '\\', '!']);
            let which = match attribute {
                Some(attribute) if plain(attribute) && plain(value) => {
                    format!("\\\"{attribute}\\\" <> '{value}'")
                }
                _ => format!("FID <> {fid}"),
            };
            format!(
                "Draw its polygon, or leave it out: ogr2ogr -where \"{which}\" rest.gpkg {file}"
            )
        }
    }
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
