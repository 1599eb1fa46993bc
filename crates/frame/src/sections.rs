//! The sections of the pipeline file that say where: `[regions]` and `[zones]`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A path of the pipeline file: where it stands, and what is read there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKey {
    /// Section and key, such as `[co2] files`.
    pub key: &'static str,
    /// What it is for, such as `CO2 grid`.
    pub role: &'static str,
}

impl FileKey {
    /// The path under a key.
    #[must_use]
    pub const fn new(key: &'static str, role: &'static str) -> Self {
        Self { key, role }
    }
}

/// `[zones]`: the zone maps of two epochs.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Zones {
    /// The legend of both maps; a map may name its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legend: Option<PathBuf>,
    /// The map of the first epoch.
    pub from: ZoneMap,
    /// The map of the second epoch.
    pub to: ZoneMap,
}

/// A zone map: a raster, or polygons with an attribute.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneMap {
    /// The file.
    pub path: PathBuf,
    /// What the epoch is called in the tables, such as `"1980s"`.
    pub epoch: String,
    /// The legend of this map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legend: Option<PathBuf>,
    /// Polygons: the layer, where the file has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Polygons: the attribute that the legend answers for. Its presence
    /// says that the file is a vector file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Raster: the band, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<usize>,
    /// Polygons: what to do where two zones claim one cell.
    #[serde(default)]
    pub overlap: Overlap,
}

/// What to do where two polygons claim one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlap {
    /// Stop, and say which and how many cells.
    #[default]
    Stop,
    /// The first in the order of the file has it; the cells are counted.
    First,
}

/// `[regions]`: the area of interest and how it is divided.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    /// Polygons, or a raster of region codes.
    pub path: PathBuf,
    /// Polygons: the layer, where the file has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Polygons: the attribute with the name of the region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Raster: a legend that gives each code its region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legend: Option<PathBuf>,
    /// Raster: the band, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<usize>,
    /// Polygons: what to do where two regions claim one cell.
    #[serde(default)]
    pub overlap: Overlap,
}

impl Regions {
    /// Every path of the section.
    pub fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        each(FileKey::new("[regions] path", "regions"), &mut self.path);
        if let Some(legend) = &mut self.legend {
            each(FileKey::new("[regions] legend", "legend"), legend);
        }
    }
}

impl Zones {
    /// Every path of the section.
    pub fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        each(
            FileKey::new("[zones] from", "zone map, from"),
            &mut self.from.path,
        );
        each(
            FileKey::new("[zones] to", "zone map, to"),
            &mut self.to.path,
        );
        let legends = [
            ("[zones] legend", &mut self.legend),
            ("[zones] from, legend", &mut self.from.legend),
            ("[zones] to, legend", &mut self.to.legend),
        ];
        for (key, legend) in legends {
            if let Some(legend) = legend {
                each(FileKey::new(key, "legend"), legend);
            }
        }
    }
}
