//! The pipeline file: what was asked, checked as far as text can be.
//!
//! Every key is written out here once, with its unit and its default. A key
//! that is not here stops the program with its line. No default changes a
//! number: what moves a result must be said in the file.

use std::path::{Path, PathBuf};

use nutag_granules::product::ProductSpec;
use nutag_problem::{Error, Problem};
use nutag_task::{Counting, Target};
use serde::{Deserialize, Serialize};

use crate::co2::Co2Section;
use crate::uptake::{ProportionSection, UptakeSection};
pub use nutag_task::{Barren, MaskRule};

mod about;
mod maps;
mod paths;
pub(crate) use paths::is_archive;
mod trend;
pub use about::About;
pub use maps::MapFormat;
use maps::all_maps;
pub use trend::Trend;

/// A pipeline file.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The file itself, for messages.
    #[serde(skip)]
    pub file: PathBuf,
    /// The folder that relative paths stay in, counted from that of the file
    /// itself; without it, the file's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<PathBuf>,
    /// Which table is made: the corrected one, or the published one again.
    #[serde(default)]
    pub mode: Mode,
    /// What the study is.
    pub about: About,
    /// The granules and which of their cells count.
    pub npp: Npp,
    /// The layer to read, where it is not a named product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductSpec>,
    /// The zone maps of two epochs.
    pub zones: Zones,
    /// The regions; together they are the area of interest.
    pub regions: Regions,
    /// How change over the periods is tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
    /// Monthly grids of CO2 in the air column, as context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co2: Option<Co2Section>,
    /// From NPP to what the land takes up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptake: Option<UptakeSection>,
    /// National figures that uptake stands beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proportion: Option<ProportionSection>,
    /// Which files are written.
    #[serde(default)]
    pub output: Output,
}

/// Which table is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// True areas, area-weighted densities, both epochs' densities.
    #[default]
    Corrected,
    /// 0.01-degree cells counted as 1 km2, simple means, the published divisor.
    AsPublished,
}

/// `[npp]`: the granules and which of their cells count.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Npp {
    /// A folder with granules, or a pattern such as `"../data/*/MOD17*.hdf"`.
    pub granules: PathBuf,
    /// A named product, such as `"MOD17A3HGF.061"`; or none, with `[product]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Rows, and columns, of a tile, where granules are not of the product's
    /// own resolution (samples, aggregates).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells_per_tile: Option<usize>,
    /// First and last year, both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<[u16; 2]>,
    /// Dates of composites, as `"2025-017"` (year and day of the year), for
    /// products of which a year holds many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<String>,
    /// Cells whose quality value (per cent of the growing season that had to
    /// be gap-filled) is above this do not count. 100 applies no limit, and
    /// reads no quality layer.
    pub qc_max_percent: u8,
    /// `"common"`: a cell counts if it is valid in every period.
    /// `"per-year"`: each period has its own mask.
    pub mask: MaskRule,
    /// Barren land has a fill code in MOD17, not a value. `"exclude"` leaves
    /// it out; `"zero"` counts it as land without production.
    pub barren: Barren,
    /// Go on where a granule is missing; its cells are counted as missing.
    #[serde(default)]
    pub allow_missing: bool,
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

/// `[output]`: which files are written.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Formats of the tables; csv is always written.
    #[serde(default = "all_tables")]
    pub tables: Vec<TableFormat>,
    /// Forms of the maps; an empty list writes none.
    #[serde(default = "all_maps")]
    pub maps: Vec<MapFormat>,
    /// How the change of a total is split into an area and a density effect.
    #[serde(default)]
    pub decomposition: Decomposition,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            tables: all_tables(),
            maps: all_maps(),
            decomposition: Decomposition::default(),
        }
    }
}

fn all_tables() -> Vec<TableFormat> {
    vec![
        TableFormat::Csv,
        TableFormat::Md,
        TableFormat::Xlsx,
        TableFormat::Parquet,
    ]
}

/// A format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    /// Comma-separated values at full precision.
    Csv,
    /// Markdown at sensible digits.
    Md,
    /// A workbook.
    Xlsx,
    /// Apache Parquet at full precision, with units in the schema.
    Parquet,
}

impl From<TableFormat> for nutag_report::TableFormat {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Csv => Self::Csv,
            TableFormat::Md => Self::Markdown,
            TableFormat::Xlsx => Self::Xlsx,
            TableFormat::Parquet => Self::Parquet,
        }
    }
}

/// How the change of a total is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decomposition {
    /// Symmetric and exactly additive.
    #[default]
    Shapley,
    /// First epoch as the base, with an interaction term.
    Laspeyres,
    /// Logarithmic mean Divisia index.
    Lmdi,
}

impl From<Decomposition> for nutag_carbon::Method {
    fn from(decomposition: Decomposition) -> Self {
        match decomposition {
            Decomposition::Shapley => Self::Shapley,
            Decomposition::Laspeyres => Self::Laspeyres,
            Decomposition::Lmdi => Self::Lmdi,
        }
    }
}

impl Config {
    /// The grid that the mode asks for.
    #[must_use]
    pub fn target(&self) -> Target {
        match self.mode {
            Mode::Corrected => Target::Native,
            Mode::AsPublished => Target::Published,
        }
    }

    /// Which cells count.
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting {
            qc_max_percent: self.npp.qc_max_percent,
            mask: self.npp.mask,
            barren: self.npp.barren,
        }
    }

    /// Whether maps, and so the trends of single cells, are asked for.
    #[must_use]
    pub fn wants_cells(&self) -> bool {
        self.mode == Mode::Corrected && !self.output.maps.is_empty()
    }

    /// Reads a pipeline file; relative paths in it count from its folder.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, has a key that does not exist
    /// or keys that contradict each other: all "asked wrongly".
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::new(format!("the pipeline file cannot be read: {error}"))
                .at(path.display())
                .advice("check the path; `nutag run --help` shows an example")
                .asked()
        })?;
        Self::parse(&text, path)
    }

    /// Reads the text of a pipeline file that is, or was, at `path`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let mut problem = Problem::new(error.to_string().trim_end()).at(path.display());
            if let Some(advice) = did_you_mean(error.message()) {
                problem = problem.advice(advice);
            }
            problem.asked()
        })?;
        config.check(path)?;
        config.check_paths(path)?;
        if let Some(co2) = &config.co2 {
            co2.check(path)?;
        }
        crate::uptake::check(&config).map_err(|error| error.in_pipeline(path))?;
        config.resolve(path.parent().unwrap_or_else(|| Path::new(".")));
        path.clone_into(&mut config.file);
        Ok(config)
    }

    /// Reads the `pipeline.resolved.toml` of a run folder. Its paths are those that the run used, so
    /// they count from where that was started.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_resolved(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::new(format!("cannot be read: {error}"))
                .at(path.display())
                .advice("name the folder of a result of this program")
                .asked()
        })?;
        let mut config: Self = toml::from_str(&text).map_err(|error| {
            Problem::new(error.to_string().trim_end())
                .at(path.display())
                .asked()
        })?;
        config.check(path)?;
        path.clone_into(&mut config.file);
        Ok(config)
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        let wrong = |what: String, advice: &str| {
            Err(Problem::new(what).at(path.display()).advice(advice).asked())
        };
        if let Some((what, advice)) = self.about.wrong() {
            return wrong(what, advice);
        }
        match (&self.npp.product, &self.product) {
            (None, None) => {
                return wrong(
                    "[npp] names no product, and there is no [product] section".to_owned(),
                    "write product = \"MOD17A3HGF.061\" in [npp], or describe the layer in [product]",
                );
            }
            (Some(name), Some(_)) => {
                return wrong(
                    format!("[npp] names the product \"{name}\", and [product] describes another"),
                    "keep one of the two",
                );
            }
            _ => {}
        }
        match (self.npp.years, self.npp.dates.is_empty()) {
            (Some([first, last]), true) if first > last => {
                return wrong(
                    format!("[npp] years = [{first}, {last}] runs backwards"),
                    "write the first year first; both are included",
                );
            }
            (Some(_), true) | (None, false) => {}
            _ => {
                return wrong(
                    "[npp] needs either `years` or `dates`".to_owned(),
                    "years = [2001, 2012] for yearly products, dates = [\"2025-001\"] for composites",
                );
            }
        }
        if self.npp.qc_max_percent > 100 {
            return wrong(
                format!(
                    "[npp] qc_max_percent = {} is above 100",
                    self.npp.qc_max_percent
                ),
                "write 0 to 100; 100 applies no limit",
            );
        }
        if self.zones.from.epoch.trim() == self.zones.to.epoch.trim() {
            return wrong(
                format!(
                    "both zone maps are of the epoch \"{}\"",
                    self.zones.from.epoch
                ),
                "give each map its own `epoch`, such as \"1980s\" and \"2000s\"",
            );
        }
        for (map, name) in [(&self.zones.from, "from"), (&self.zones.to, "to")] {
            if map.legend.is_none() && self.zones.legend.is_none() {
                return wrong(
                    format!("the zone map [zones] {name} has no legend"),
                    "write legend = \"...\" in [zones] or in the map itself",
                );
            }
            if map.attribute.is_some() && map.band.is_some() {
                return wrong(
                    format!("[zones] {name} has both `attribute` (polygons) and `band` (raster)"),
                    "keep the one that fits the file",
                );
            }
        }
        if let Some(trend) = &self.trend {
            if self.mode == Mode::AsPublished {
                return wrong(
                    "[trend] is of no use with mode = \"as-published\", which tests nothing"
                        .to_owned(),
                    "leave the section out",
                );
            }
            if let Some((what, advice)) = trend.wrong(self.npp.years) {
                return wrong(what, advice);
            }
        }
        match (&self.regions.name, &self.regions.legend) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            _ => wrong(
                "[regions] needs either `name` (polygons) or `legend` (raster)".to_owned(),
                "name = the attribute that holds the region's name",
            ),
        }
    }

    fn resolve(&mut self, folder: &Path) {
        let base = |path: &mut PathBuf| *path = folder.join(&*path);
        base(&mut self.npp.granules);
        if let Some(co2) = &mut self.co2 {
            co2.resolve(folder);
        }
        if let Some(uptake) = &mut self.uptake {
            uptake.resolve(folder);
        }
        base(&mut self.regions.path);
        self.regions.legend.as_mut().map(base);
        self.zones.legend.as_mut().map(base);
        for map in [&mut self.zones.from, &mut self.zones.to] {
            base(&mut map.path);
            map.legend.as_mut().map(base);
        }
    }
}

/// For "unknown field `grnaules`, expected one of `granules`, ...": the key
/// that was probably meant.
fn did_you_mean(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (found, known) = (quoted.next()?, quoted);
    if !message.starts_with("unknown") {
        return None;
    }
    let near = known
        .map(|key| (strsim::damerau_levenshtein(found, key), key))
        .min()?;
    (near.0 <= 3).then(|| format!("did you mean `{}`?", near.1))
}

#[cfg(test)]
mod tests;
