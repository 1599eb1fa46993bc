//! The only list of systems: which sections a pipeline file may have, and in what order they run.

use std::path::{Path, PathBuf};

use nutag_air::{Co2Section, inspect_co2};
use nutag_drought::DroughtSection;
use nutag_frame::{Mode, Regions, Zones};
use nutag_granules::product::ProductSpec;
use nutag_problem::{Error, Problem};
use nutag_system::{Inspection, Section};
use nutag_tower::section::Towers;
use nutag_uptake::{ProportionSection, UptakeSection};
use serde::{Deserialize, Serialize};

use crate::config::{About, Npp, Output, Trend};

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
    /// The granules and which of their cells count; a run of systems alone has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub npp: Option<Npp>,
    /// The layer to read, where it is not a named product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductSpec>,
    /// The zone maps of two epochs, on the grid of the granules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<Zones>,
    /// The regions; together they are the area of interest.
    pub regions: Regions,
    /// How change over the periods is tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
    /// Monthly grids of CO2 in the air column, as context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co2: Option<Co2Section>,
    /// Flux towers: water, heat and CO2 from half-hours to a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tower: Option<Towers>,
    /// Drought, water deficit and dzud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drought: Option<DroughtSection>,
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

impl Config {
    /// The sections of systems that are there, in the order in which they run and report: a later one
    /// sees what earlier ones made.
    #[must_use]
    pub fn sections(&self) -> Vec<&dyn Section> {
        [
            of(&self.co2),
            of(&self.tower),
            of(&self.drought),
            of(&self.uptake),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The same, to be changed.
    pub fn sections_mut(&mut self) -> Vec<&mut dyn Section> {
        [
            of_mut(&mut self.co2),
            of_mut(&mut self.tower),
            of_mut(&mut self.drought),
            of_mut(&mut self.uptake),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Hands parts that stand in sections of their own to the system that they belong to.
    pub(crate) fn link(&mut self) -> Result<(), Error> {
        match (&mut self.uptake, &self.proportion) {
            (Some(uptake), proportion) => uptake.proportion.clone_from(proportion),
            (None, Some(_)) => {
                return Err(Problem::new(
                    "national figures stand beside uptake, and there is no [uptake]",
                )
                .at("[proportion]")
                .advice("add [uptake], or take [proportion] out")
                .asked());
            }
            (None, None) => {}
        }
        Ok(())
    }
}

/// Looks into a file; `None` if it is not one that the system reads.
type Inspector = fn(&Path) -> Result<Option<Inspection>, Error>;

/// The systems that know what is in their files.
pub(crate) const INSPECTORS: [Inspector; 1] = [inspect_co2];

fn of<S: Section>(section: &Option<S>) -> Option<&dyn Section> {
    section.as_ref().map(|section| section as _)
}

fn of_mut<S: Section>(section: &mut Option<S>) -> Option<&mut dyn Section> {
    section.as_mut().map(|section| section as _)
}
