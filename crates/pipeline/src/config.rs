//! The pipeline file: what was asked, checked as far as text can be.
//!
//! Every key is written out here once, with its unit and its default. A key
//! that is not here stops the program with its line. No default changes a
//! number: what moves a result must be said in the file.

use std::path::{Path, PathBuf};

use nutag_frame::Asked;
use nutag_problem::{Error, Problem};
use nutag_task::Target;
use serde::{Deserialize, Serialize};

pub use crate::systems::Config;
pub use nutag_frame::{Mode, Overlap, Regions, ZoneMap, Zones};
pub use nutag_task::{Barren, MaskRule};

mod about;
mod maps;
mod npp;
mod paths;
use paths::Paths;
pub(crate) use paths::is_archive;
mod trend;
pub use about::About;
pub use maps::MapFormat;
use maps::all_maps;
pub use trend::Trend;

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
    /// For products with a quality layer of percentages (in MOD17: of the
    /// growing season that had to be gap-filled), and only for them: cells
    /// above this do not count. 100 applies no limit, and reads no quality
    /// layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qc_max_percent: Option<u8>,
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

    /// Whether maps are asked for. There are none of the published way, whose cells are no cells of a
    /// granule.
    #[must_use]
    pub fn wants_maps(&self) -> bool {
        self.npp.is_some() && self.mode == Mode::Corrected && !self.output.maps.is_empty()
    }

    /// Whether the trends of single cells are asked for, which are for maps only.
    #[must_use]
    pub fn wants_cells(&self) -> bool {
        self.wants_maps()
    }

    /// Reads a pipeline file; relative paths in it count from its folder.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, has a key that does not exist
    /// or keys that contradict each other: all "asked wrongly".
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::load_with_text(path).map(|(config, _)| config)
    }

    /// As [`Config::load`], with the text it was read from, for those who keep it: a file that is
    /// read twice may have changed meanwhile.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_with_text(path: &Path) -> Result<(Self, String), Error> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::new(format!("the pipeline file cannot be read: {error}"))
                .at(path.display())
                .advice("check the path; `nutag run --help` shows an example")
                .asked()
        })?;
        Ok((Self::parse(&text, path)?, text))
    }

    /// Reads the text of a pipeline file that is, or was, at `path`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let mut config = Self::checked(text, path, Paths::AsWritten)?;
        config.resolve(path.parent().unwrap_or_else(|| Path::new(".")));
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
        Self::checked(&text, path, Paths::Resolved)
    }

    /// The text as a pipeline file, with every check that text alone allows: the same for one that
    /// somebody wrote and for one that a run has left, which may have been edited since.
    fn checked(text: &str, path: &Path, paths: Paths) -> Result<Self, Error> {
        let mut config = Self::keys(text, path)?;
        config.check_all(path)?;
        config.check_paths(path, paths)?;
        path.clone_into(&mut config.file);
        Ok(config)
    }

    /// Every check that text allows, the same for a file of the user's and for one of a run folder.
    fn check_all(&mut self, path: &Path) -> Result<(), Error> {
        self.check(path)?;
        let all = self.link().and_then(|()| {
            let asked = self.asked();
            let mut sections = self.sections().into_iter();
            sections.try_for_each(|section| section.check(&asked))
        });
        all.map_err(|error| error.in_pipeline(path))
    }

    /// What the file says beside the sections of systems.
    #[must_use]
    pub fn asked(&self) -> Asked {
        Asked {
            mode: self.mode,
            systems: self
                .sections()
                .iter()
                .map(|section| section.key())
                .collect(),
            years: self.npp.as_ref().and_then(|npp| npp.years),
            mask: self.npp.as_ref().map(|npp| npp.mask),
            barren: self.npp.as_ref().map(|npp| npp.barren),
        }
    }

    fn keys(text: &str, path: &Path) -> Result<Self, Error> {
        nutag_settings::read(text)
            .map_err(|faults| Problem::new(faults.to_string()).at(path.display()).asked())
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        let wrong = |what: String, advice: &str| {
            Err(Problem::new(what).at(path.display()).advice(advice).asked())
        };
        if let Some((what, advice)) = self.about.wrong() {
            return wrong(what, advice);
        }
        match (&self.npp, &self.zones) {
            (Some(npp), Some(zones)) => self.check_counted(path, npp, zones)?,
            (Some(_), None) => {
                return wrong(
                    "[npp] counts cells by zone, and there is no [zones]".to_owned(),
                    "add [zones] with `from` and `to`",
                );
            }
            (None, zones) => {
                let idle = [
                    (zones.is_some(), "[zones]"),
                    (self.product.is_some(), "[product]"),
                    (self.trend.is_some(), "[trend]"),
                ];
                if let Some((_, idle)) = idle.iter().find(|(there, _)| *there) {
                    return wrong(
                        format!("{idle} does nothing without [npp]"),
                        "add [npp], or leave the section out",
                    );
                }
                if self.sections().is_empty() {
                    return wrong(
                        "there is nothing to do: neither [npp] nor the section of a system"
                            .to_owned(),
                        "add [npp], or a section that needs no granules",
                    );
                }
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

    /// The sections that belong to the counting of granules.
    fn check_counted(&self, path: &Path, npp: &Npp, zones: &Zones) -> Result<(), Error> {
        let wrong = |what: String, advice: &str| {
            Err(Problem::new(what).at(path.display()).advice(advice).asked())
        };
        match (&npp.product, &self.product) {
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
        match (npp.years, npp.dates.is_empty()) {
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
        if let Some((what, advice)) = npp.wrong(self.product.as_ref()) {
            return wrong(what, advice);
        }
        if zones.from.epoch.trim() == zones.to.epoch.trim() {
            return wrong(
                format!("both zone maps are of the epoch \"{}\"", zones.from.epoch),
                "give each map its own `epoch`, such as \"1980s\" and \"2000s\"",
            );
        }
        for (map, name) in [(&zones.from, "from"), (&zones.to, "to")] {
            if map.legend.is_none() && zones.legend.is_none() {
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
            if let Some((what, advice)) = trend.wrong(npp.years) {
                return wrong(what, advice);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
