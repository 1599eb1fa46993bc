//! `[uptake]` and `[proportion]` of the pipeline file.

use std::path::PathBuf;

use nutag_formats::climate::{ClimateRequest, Element};
use nutag_problem::{Error, Problem};
use serde::{Deserialize, Serialize};

use crate::factors::FactorSpec;

/// `[uptake]`: from NPP to what the land takes up.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct UptakeSection {
    /// Whose zones the rows have: `"from"` or `"to"`.
    pub zones: ZonesOf,
    /// Carbon in a unit of dry matter of herbs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carbon_per_dry_matter: Option<FactorSpec>,
    /// Two ranges of years, ends included; the mean of the second less that of the first is a row of its
    /// own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<[[u16; 2]; 2]>,
    /// Kinds of land cover, each with its ratios; the first that fits a region and zone has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cover: Vec<CoverSection>,
    /// Monthly climate, which drives respiration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climate: Option<ClimateSection>,
    /// Respiration of the soil.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rh: Option<crate::rh::RhSection>,
    /// Livestock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livestock: Option<crate::losses::LivestockSection>,
    /// Fire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fire: Option<crate::losses::FireSection>,
    /// Harvest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harvest: Option<crate::losses::HarvestSection>,
    /// How sure the numbers are; without it they have no interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<crate::uncertain::UncertaintySection>,
    /// `[proportion]`, a section of its own in the file: national figures that uptake stands beside.
    #[serde(skip)]
    pub proportion: Option<ProportionSection>,
}

/// Whose zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ZonesOf {
    /// Of the first epoch.
    From,
    /// Of the second.
    To,
}

impl ZonesOf {
    /// Which zone map: its index.
    #[must_use]
    pub fn map(self) -> usize {
        match self {
            Self::From => 0,
            Self::To => 1,
        }
    }
}

/// `[[uptake.cover]]`: ratios of a kind of land cover.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CoverSection {
    /// Its name.
    pub name: String,
    /// Regions that have it; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Zones that have it; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Share of NPP above ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_ground_share: Option<FactorSpec>,
    /// Biomass below ground for each unit above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below_to_above: Option<FactorSpec>,
}

/// `[uptake.climate]`: monthly temperature and precipitation.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClimateSection {
    /// netCDF files: one, a folder, or a pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<PathBuf>,
    /// The same for precipitation; may be the same files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precipitation: Option<PathBuf>,
    /// Or a table of both by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stations: Option<PathBuf>,
    /// netCDF: the variable, where more than one could be meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_variable: Option<String>,
    /// The same for precipitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precipitation_variable: Option<String>,
    /// netCDF: the unit, where files say none: `"degC"` or `"K"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_unit: Option<String>,
    /// The same for precipitation: `"mm/month"`, `"mm/day"`, `"kg m-2 s-1"`, `"m/day"`, `"m/month"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precipitation_unit: Option<String>,
    /// netCDF: a region's zone of which less than this share (0..1) lies in cells with a value stops the
    /// plan.
    #[serde(default = "nine_tenths")]
    pub least_valid_fraction: f64,
}

fn nine_tenths() -> f64 {
    0.9
}

/// `[proportion]`: national figures that the result stands beside.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProportionSection {
    /// The figures.
    pub figure: Vec<ProportionFigure>,
}

/// A national figure.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProportionFigure {
    /// What it is.
    pub name: String,
    /// How much, Mt of CO2 (or CO2e) a year.
    #[serde(rename = "MtCO2_per_year")]
    pub mtco2_per_year: f64,
    /// Where it is from.
    pub source: String,
}

pub(crate) fn wrong(place: &str, what: impl Into<String>, advice: &str) -> Error {
    Problem::new(what).at(place).advice(advice).asked()
}

impl UptakeSection {
    /// Checks what text can show.
    ///
    /// # Errors
    /// Returns an error for keys that contradict each other and numbers that cannot be meant.
    pub(crate) fn check_text(&self) -> Result<(), Error> {
        match (&self.climate, &self.rh) {
            (Some(_), None) => {
                return Err(wrong(
                    "[uptake]",
                    "there is a climate and nothing that it drives",
                    "add [uptake.rh] with models = [\"raich-2002\", \"hashimoto-2015\", \"pei-2009\"], or take [uptake.climate] out",
                ));
            }
            (None, Some(_)) => {
                return Err(wrong(
                    "[uptake.rh]",
                    "respiration needs monthly temperature and precipitation",
                    "add [uptake.climate] with temperature and precipitation (netCDF) or stations (a table)",
                ));
            }
            _ => {}
        }
        if let Some(climate) = &self.climate {
            climate.check()?;
        }
        if let Some(rh) = &self.rh {
            rh.check()?;
        }
        if let Some(livestock) = &self.livestock {
            livestock.check()?;
        }
        if let Some([[a, b], [c, d]]) = self.change
            && (a > b || c > d)
        {
            return Err(wrong(
                "[uptake] change",
                format!("[[{a}, {b}], [{c}, {d}]] runs backwards"),
                "write the first year of each range first; both ends are included",
            ));
        }
        for cover in &self.cover {
            for (key, spec) in [
                ("above_ground_share", &cover.above_ground_share),
                ("below_to_above", &cover.below_to_above),
            ] {
                let most = if key == "above_ground_share" {
                    1.0
                } else {
                    100.0
                };
                crate::factors::check(spec.as_ref(), "[[uptake.cover]]", key, [0.0, most])?;
            }
        }
        crate::factors::check(
            self.carbon_per_dry_matter.as_ref(),
            "[uptake]",
            "carbon_per_dry_matter",
            [0.01, 1.0],
        )?;
        if let Some(proportion) = &self.proportion {
            proportion.check()?;
        }
        self.uncertainty
            .as_ref()
            .map_or(Ok(()), crate::uncertain::UncertaintySection::check)
    }
}

impl ClimateSection {
    fn check(&self) -> Result<(), Error> {
        let place = "[uptake.climate]";
        match (&self.temperature, &self.precipitation, &self.stations) {
            (Some(_), Some(_), None) | (None, None, Some(_)) => {}
            _ => {
                return Err(wrong(
                    place,
                    "expected temperature and precipitation (netCDF), or stations (a table)",
                    "keep the two, or the one",
                ));
            }
        }
        if !(0.0..=1.0).contains(&self.least_valid_fraction) {
            return Err(wrong(
                place,
                format!(
                    "least_valid_fraction must be between 0 and 1, found {}",
                    self.least_valid_fraction
                ),
                "write 0 to 1",
            ));
        }
        self.request(Element::Temperature)?;
        self.request(Element::Precipitation).map(|_| ())
    }

    /// How files are read.
    ///
    /// # Errors
    /// A unit that is none.
    pub fn request(&self, element: Element) -> Result<ClimateRequest, Error> {
        let (variable, unit) = match element {
            Element::Temperature => (&self.temperature_variable, &self.temperature_unit),
            Element::Precipitation => (&self.precipitation_variable, &self.precipitation_unit),
        };
        let unit = match unit {
            None => None,
            Some(text) => Some(element.unit(text).ok_or_else(|| {
                wrong(
                    &format!("[uptake.climate] {element}_unit"),
                    format!("\"{text}\" is not a unit of {element}"),
                    &format!("write {}", element.quantity().unit_names()),
                )
            })?),
        };
        Ok(ClimateRequest {
            variable: variable.clone(),
            unit,
        })
    }
}

impl ProportionSection {
    /// Checks the figures.
    ///
    /// # Errors
    /// A list without a figure, a number that is none.
    pub fn check(&self) -> Result<(), Error> {
        if self.figure.is_empty() || self.figure.iter().any(|f| !f.mtco2_per_year.is_finite()) {
            return Err(wrong(
                "[proportion]",
                "expected at least one figure with a finite number",
                "[[proportion.figure]] with name, MtCO2_per_year and source",
            ));
        }
        Ok(())
    }
}
