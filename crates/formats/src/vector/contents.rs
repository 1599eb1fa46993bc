//! What a vector file holds, for people who write a legend or name an attribute.

use std::collections::BTreeMap;
use std::path::Path;

use gdal::vector::{Envelope, Layer, LayerAccess, geometry_type_to_name};
use nutag_grid::MultiPolygon;

use super::VectorError;
use super::layers::VectorFile;
use crate::gdal_log;
use crate::raster::footprint;

/// No more different values of an attribute than these are counted.
const MOST_VALUES: usize = 256;

/// A layer and what its features hold.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerContents {
    /// Its name.
    pub name: String,
    /// Number of features that were read.
    pub features: u64,
    /// Kind of geometry, as GDAL names it.
    pub geometry: String,
    /// Name of the coordinate reference system, if there is one.
    pub crs: Option<String>,
    /// Bounds of its coordinates, west, south, east and north as the file counts them; `None` without any.
    pub bounds: Option<[f64; 4]>,
    /// The rectangle of its coordinates in longitude and latitude, where that is known.
    pub footprint: Option<MultiPolygon>,
    /// The attributes in order.
    pub attributes: Vec<AttributeContents>,
    /// What is wrong with it, if reading stopped.
    pub fault: Option<String>,
}

/// An attribute and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeContents {
    /// Its name.
    pub name: String,
    /// Different values and the number of features with each, in order of the text; `None` where there are
    /// more than 256.
    pub values: Option<BTreeMap<String, u64>>,
    /// Features without a value.
    pub empty: u64,
    /// The first value that cannot be read rightly, and why.
    pub unreadable: Option<String>,
}

/// Reads every layer of a file from end to end.
///
/// # Errors
/// Returns a [`VectorError`] if GDAL cannot read the file, or the names of its attributes cannot be read
/// rightly. A fault within a layer is in [`LayerContents::fault`].
pub fn read_contents(path: &Path) -> Result<Vec<LayerContents>, VectorError> {
    let file = VectorFile::open(path)?;
    file.layers().map(|layer| contents(&file, layer)).collect()
}

fn contents(file: &VectorFile<'_>, mut layer: Layer<'_>) -> Result<LayerContents, VectorError> {
    let texts = file.texts(&layer.name())?;
    let attributes = texts.attributes(&layer)?;
    let mut found = LayerContents {
        name: layer.name(),
        features: 0,
        geometry: geometry_type_to_name(layer.defn().geometry_type()),
        crs: layer.spatial_ref().and_then(|crs| crs.name()),
        bounds: None,
        footprint: None,
        attributes: attributes
            .into_iter()
            .map(|name| AttributeContents {
                name,
                values: Some(BTreeMap::new()),
                empty: 0,
                unreadable: None,
            })
            .collect(),
        fault: None,
    };
    gdal_log::clear_fault();
    for (position, feature) in layer.features().enumerate() {
        if let Some(fault) = gdal_log::take_fault() {
            found.fault = Some(fault);
            break;
        }
        found.features += 1;
        let fid = feature.fid().unwrap_or(position as u64);
        if let Some(geometry) = feature.geometry()
            && !geometry.is_empty()
        {
            widen(&mut found.bounds, &geometry.envelope());
        }
        for (field, attribute) in found.attributes.iter_mut().enumerate() {
            let raw = feature.field_as_string(field).ok().flatten();
            match raw.map(|raw| texts.name(&raw, fid, &attribute.name)) {
                Some(Ok(value)) if !value.is_empty() => attribute.add(value),
                Some(Err(error)) => {
                    attribute
                        .unreadable
                        .get_or_insert_with(|| error.to_string());
                }
                _ => attribute.empty += 1,
            }
        }
    }
    if let Some(fault) = gdal_log::take_fault() {
        found.fault.get_or_insert(fault);
    }
    found.footprint = found
        .bounds
        .zip(layer.spatial_ref())
        .and_then(|([west, south, east, north], crs)| {
            let transform = [west, east - west, 0.0, north, 0.0, south - north];
            footprint(transform, 1, 1, &crs).ok()
        })
        .filter(|footprint| !footprint.polygons.is_empty());
    Ok(found)
}

impl AttributeContents {
    fn add(&mut self, value: String) {
        if let Some(values) = &mut self.values {
            *values.entry(value).or_default() += 1;
            if values.len() > MOST_VALUES {
                self.values = None;
            }
        }
    }
}

fn widen(bounds: &mut Option<[f64; 4]>, more: &Envelope) {
    let [west, south, east, north] =
        bounds.get_or_insert([more.MinX, more.MinY, more.MaxX, more.MaxY]);
    *west = west.min(more.MinX);
    *south = south.min(more.MinY);
    *east = east.max(more.MaxX);
    *north = north.max(more.MaxY);
}
