//! What the pipeline file says beside the section of a system.

use nutag_task::{Barren, MaskRule};
use serde::{Deserialize, Serialize};

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

/// What the pipeline file says beside the section of a system, as far as text shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Which table is made.
    pub mode: Mode,
    /// The keys of the systems that are asked for, in the order in which they run.
    pub systems: Vec<&'static str>,
    /// First and last year of the granules, both included, where they are of years.
    pub years: Option<[u16; 2]>,
    /// Which cells count, where granules are counted.
    pub mask: Option<MaskRule>,
    /// What becomes of barren land, where granules are counted.
    pub barren: Option<Barren>,
}

impl Asked {
    /// Whether the section of another system is there.
    #[must_use]
    pub fn has(&self, system: &str) -> bool {
        self.systems.contains(&system)
    }
}

/// Numbers by place and year that a system will give to those that run after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Their name, such as `npp`.
    pub name: &'static str,
    /// Their unit, such as `tC`.
    pub unit: String,
    /// The calendar years; empty where the numbers are not by the year.
    pub years: Vec<u16>,
}
