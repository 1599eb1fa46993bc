//! What a plan says of itself.

use nutag_system::Summary;
use nutag_task::Cut;
use serde::{Serialize, Serializer};

use super::{NppPlan, Plan};
use nutag_report::TableFormat;

/// A plan in numbers, for people and programs.
#[derive(Debug, Clone, Serialize)]
pub struct PlanSummary {
    /// Name of the study.
    pub name: String,
    /// Its question.
    pub question: String,
    /// Product, such as `MOD17A3HGF.061`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// What its values are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// The rule on its quality layer, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<String>,
    /// Labels of the periods.
    pub periods: Vec<String>,
    /// Number of regions.
    pub regions: usize,
    /// Zones, in the order of the tables.
    pub zones: Vec<String>,
    /// Cells of the area of interest.
    pub cells: u64,
    /// Its area as the run will count it.
    pub area_km2: f64,
    /// Granules that are there.
    pub granules_here: usize,
    /// Granules that the study wants.
    pub granules_wanted: usize,
    /// Bytes that are read from them.
    pub stored_bytes: u64,
    /// The tiles.
    pub tiles: Vec<TileSummary>,
    /// The systems that the pipeline file asks for, each under the name of its section.
    #[serde(flatten)]
    pub systems: SystemSummaries,
    /// Files that are written.
    pub outputs: Vec<String>,
    /// What the user should know although the plan stands.
    pub warnings: Vec<String>,
}

/// The plans of systems in numbers; in JSON, the facts of each under the name of its section.
#[derive(Debug, Clone)]
pub struct SystemSummaries(Vec<(&'static str, Summary)>);

impl SystemSummaries {
    /// Each with the name of its section.
    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, Summary)> {
        self.0.iter()
    }
}

impl Serialize for SystemSummaries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, summary)| (key, &summary.facts)))
    }
}

/// A tile in numbers.
#[derive(Debug, Clone, Serialize)]
pub struct TileSummary {
    /// Such as `h25v04`.
    pub tile: String,
    /// Cells of the area of interest.
    pub cells: u64,
    /// Blocks that are visited.
    pub blocks: usize,
    /// How its granules are read.
    pub layout: String,
    /// Bytes that are read.
    pub stored_bytes: u64,
}

impl Plan {
    /// The plan in numbers.
    #[must_use]
    pub fn summary(&self) -> PlanSummary {
        let here = self
            .tiles
            .iter()
            .flat_map(|tile| &tile.granules)
            .flatten()
            .count();
        let counted = self.counted.as_ref();
        let periods = counted.map_or(&[][..], |counted| &counted.periods[..]);
        let area_cm2: u64 = self.tiles.iter().map(|tile| tile.area_cm2).sum();
        #[expect(clippy::cast_precision_loss, reason = "an area for people")]
        let area_km2 = area_cm2 as f64 / 1e10;
        PlanSummary {
            name: self.config.about.name.clone(),
            question: self.config.about.question.clone(),
            product: self.counted.as_ref().map(|counted| counted.product.id()),
            quantity: self
                .counted
                .as_ref()
                .map(|counted| counted.product.quantity.clone()),
            quality: self.npp().map(|counting| counting.quality_rule()),
            periods: periods.iter().map(|period| period.label.clone()).collect(),
            regions: self.regions.len(),
            zones: self.zones.clone(),
            cells: self.findings.cells,
            area_km2,
            granules_here: here,
            granules_wanted: self.tiles.len() * periods.len(),
            stored_bytes: self.stored_bytes(),
            tiles: self
                .tiles
                .iter()
                .map(|tile| TileSummary {
                    tile: tile.tile.to_string(),
                    cells: tile.keys.cells(),
                    blocks: tile.windows.len(),
                    layout: match tile.cut {
                        Cut::Whole(_) => "read whole".to_owned(),
                        Cut::Blocks(block) => format!("blocks of {} x {}", block.rows, block.cols),
                    },
                    stored_bytes: tile.stored_bytes,
                })
                .collect(),
            systems: SystemSummaries(
                self.systems
                    .iter()
                    .map(|system| (system.key, system.planned.summary()))
                    .collect(),
            ),
            outputs: self.outputs(),
            warnings: self.warnings.clone(),
        }
    }

    fn outputs(&self) -> Vec<String> {
        let formats = self
            .config
            .output
            .tables
            .iter()
            .map(|format| TableFormat::from(*format));
        let mut formats: Vec<TableFormat> = formats.chain([TableFormat::Csv]).collect();
        formats.sort();
        formats.dedup();
        let formats: Vec<&str> = formats.iter().map(|format| format.extension()).collect();
        let mut outputs = vec![
            format!("tables ({})", formats.join(", ")),
            "figures (svg)".to_owned(),
        ];
        if self.config.wants_cells() {
            let mut maps = self.config.output.maps.clone();
            maps.sort();
            maps.dedup();
            let maps: Vec<&str> = maps.iter().map(|format| format.name()).collect();
            outputs.push(format!("maps ({})", maps.join(", ")));
        }
        let others = ["report.html", "pipeline.resolved.toml", "manifest.json"];
        outputs.extend(others.map(str::to_owned));
        outputs
    }
}

impl NppPlan<'_> {
    /// The rule on the quality layer, in words.
    #[must_use]
    pub fn quality_rule(&self) -> String {
        if let Some(rule) = self.counted.reasons.quality() {
            return rule.words();
        }
        match &self.counted.product.quality {
            Some(quality) => format!("no limit on \"{}\"; it is not read", quality.sds),
            None => "no quality layer is read".to_owned(),
        }
    }
}
