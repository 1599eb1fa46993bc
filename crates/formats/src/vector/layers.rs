//! A vector file, its layers, and their text.

use std::path::Path;

use gdal::vector::sql::Dialect;
use gdal::vector::{Layer, LayerAccess, OGRwkbGeometryType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::VectorError;
use super::shapefile::{BYTES, DbfText};
use crate::{gdal_log, text};

/// An open vector file.
pub(super) struct VectorFile<'p> {
    path: &'p Path,
    dataset: Dataset,
    is_shapefile: bool,
    driver: String,
}

impl<'p> VectorFile<'p> {
    pub(super) fn open(path: &'p Path) -> Result<Self, VectorError> {
        gdal_log::quiet();
        gdal_log::clear();
        let open = |options: Option<&[&str]>| {
            let open_flags = GdalOpenFlags::GDAL_OF_VECTOR
                | GdalOpenFlags::GDAL_OF_READONLY
                | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR;
            let options = DatasetOptions {
                open_flags,
                open_options: options,
                ..DatasetOptions::default()
            };
            Dataset::open_ex(path, options).map_err(|error| VectorError::Open {
                path: path.to_owned(),
                reason: gdal_log::take().unwrap_or_else(|| error.to_string()),
            })
        };
        let mut dataset = open(None)?;
        let driver = dataset.driver().short_name();
        let is_shapefile = driver == "ESRI Shapefile";
        if is_shapefile {
            dataset = open(Some(&[BYTES]))?;
        }
        Ok(Self {
            path,
            dataset,
            is_shapefile,
            driver,
        })
    }

    /// Its layers, in order.
    pub(super) fn layers(&self) -> impl Iterator<Item = Layer<'_>> {
        self.dataset.layers()
    }

    /// The layer of a name, or the only one with a geometry.
    pub(super) fn choose(&self, wanted: Option<&str>) -> Result<Layer<'_>, VectorError> {
        let layers = || self.dataset.layers();
        let found = match wanted {
            Some(name) => layers().find(|layer| layer.name() == name),
            None => {
                // Tables without geometry, such as the styles that a GIS keeps, are no choice.
                let mut with_geometry = layers()
                    .filter(|layer| layer.defn().geometry_type() != OGRwkbGeometryType::wkbNone);
                match (with_geometry.next(), with_geometry.next()) {
                    (None, _) if self.dataset.layer_count() == 1 => layers().next(),
                    (only, None) => only,
                    _ => None,
                }
            }
        };
        found.ok_or_else(|| {
            let names: Vec<String> = layers()
                .map(|layer| format!("{:?}", layer.name()))
                .collect();
            VectorError::Layer {
                path: self.path.to_owned(),
                expected: wanted.map_or_else(
                    || "one layer".to_owned(),
                    |name| format!("a layer {name:?}"),
                ),
                present: listed(&names),
            }
        })
    }

    /// How the text of a layer is read.
    pub(super) fn texts(&self, layer: &str) -> Result<Texts<'_>, VectorError> {
        let dbf = self.is_shapefile.then(|| DbfText::of(self.path, layer));
        Ok(Texts {
            file: self,
            layer: layer.to_owned(),
            dbf: dbf.transpose().map_err(|reason| VectorError::Text {
                path: self.path.to_owned(),
                layer: layer.to_owned(),
                feature: String::new(),
                reason,
            })?,
        })
    }
}

/// The text of a layer.
pub(super) struct Texts<'f> {
    file: &'f VectorFile<'f>,
    layer: String,
    /// Where the layer is a shapefile.
    dbf: Option<DbfText>,
}

impl Texts<'_> {
    /// A value of an attribute that names something.
    pub(super) fn name(&self, raw: &str, fid: u64, attribute: &str) -> Result<String, VectorError> {
        let bad = |reason: String| {
            self.bad(
                format!(", feature {fid}"),
                format!("{attribute:?}: {reason}"),
            )
        };
        let decoded;
        let raw = match &self.dbf {
            Some(dbf) => {
                decoded = dbf.decode(raw).map_err(bad)?;
                &decoded
            }
            None => raw,
        };
        text::name(raw).map_err(|found| {
            bad(format!(
                "expected a name, found {}; {}",
                found.found, found.advice
            ))
        })
    }

    fn bad(&self, feature: String, reason: String) -> VectorError {
        VectorError::Text {
            path: self.file.path.to_owned(),
            layer: self.layer.clone(),
            feature,
            reason,
        }
    }

    /// The names of the attributes, in order.
    pub(super) fn attributes(&self, layer: &Layer<'_>) -> Result<Vec<String>, VectorError> {
        let names = layer.defn().fields().map(|field| field.name());
        names
            .map(|name| match &self.dbf {
                Some(dbf) => dbf.decode(&name).map_err(|reason| {
                    self.bad(String::new(), format!("the name of an attribute: {reason}"))
                }),
                None => Ok(name),
            })
            .collect()
    }

    pub(super) fn attribute_index(
        &self,
        layer: &Layer<'_>,
        wanted: &str,
    ) -> Result<usize, VectorError> {
        let names = self.attributes(layer)?;
        let composed = text::composed(wanted);
        names
            .iter()
            .position(|name| text::composed(name) == composed)
            .ok_or_else(|| VectorError::Attribute {
                path: self.file.path.to_owned(),
                layer: self.layer.clone(),
                expected: wanted.to_owned(),
                present: listed(&names),
            })
    }

    /// GDAL hands a text over as far as its first NUL: names that differ only behind it would be one.
    pub(super) fn check_cut_off(&self, attribute: &str) -> Result<(), VectorError> {
        let found = match self.file.driver.as_str() {
            "GPKG" | "SQLite" => self.nul_in_table(attribute),
            "GeoJSON" | "GeoJSONSeq" | "ESRIJSON" | "TopoJSON" => {
                // Escaped: a bare NUL is no JSON, and GDAL refuses it.
                let text = std::fs::read(self.file.path).unwrap_or_default();
                text.windows(6).any(|six| six == br"\u0000")
            }
            _ => false,
        };
        if found {
            return Err(self.bad(
                String::new(),
                format!("{attribute:?}: expected names, found one with the control character U+0000; take it out"),
            ));
        }
        Ok(())
    }

    fn nul_in_table(&self, attribute: &str) -> bool {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let query = format!(
            "SELECT 1 AS found FROM {} WHERE instr(CAST({} AS BLOB), X'00') > 0 LIMIT 1",
            quoted(&self.layer),
            quoted(attribute)
        );
        let mut rows = self
            .file
            .dataset
            .execute_sql(query, None, Dialect::DEFAULT)
            .ok()
            .flatten();
        rows.as_mut()
            .is_some_and(|rows| rows.features().next().is_some())
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
