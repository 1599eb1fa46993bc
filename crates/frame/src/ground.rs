//! The frame of a run: everything that systems share.

use nutag_grid::MultiPolygon;
use nutag_problem::{Error, Problem};

use crate::asked::{Announced, Asked};
use crate::outlines::outlines;
use crate::places::Places;
use crate::region_tables::nearest;
use crate::sections::Regions;

/// The zones of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zoning<'a> {
    /// What the epoch of the map is called, such as `1980s`.
    pub epoch: &'a str,
    /// Names of the zones, in the order of the legend.
    pub names: &'a [String],
}

/// Everything that systems share: made once, when the maps are on the grid and before any system
/// is planned.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What the pipeline file says beside the section of the system.
    pub asked: &'a Asked,
    /// What every reader must know, as `[about] note` says it; empty if nothing.
    pub note: &'a str,
    /// Names of the regions; together they are the country.
    pub regions: &'a [String],
    /// `[regions]`: where their borders are from.
    pub region_map: &'a Regions,
    /// The zone maps: none, one, or two in order of time.
    pub zones: &'a [Zoning<'a>],
    /// The cells of interest.
    pub places: Places<'a>,
    /// Numbers by place and year that systems before this one will give.
    pub announced: &'a [Announced],
}

impl Frame<'_> {
    /// The index of a region. `place` is where the name stands, such as a line of a file.
    ///
    /// # Errors
    /// Returns an error with the name that was probably meant if there is no such region.
    pub fn region(&self, name: &str, place: impl std::fmt::Display) -> Result<usize, Error> {
        if let Some(index) = self.regions.iter().position(|region| region == name) {
            return Ok(index);
        }
        Err(
            Problem::new(format!("\"{name}\" is not a region of this run"))
                .at(place)
                .advice(nearest(self.regions, name))
                .asked(),
        )
    }

    /// Numbers of this name, if a system that runs before gives them.
    #[must_use]
    pub fn announced(&self, name: &str) -> Option<&Announced> {
        self.announced.iter().find(|numbers| numbers.name == name)
    }

    /// The borders of the regions, in their order, to draw and to cut; none where regions come as a
    /// raster.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn outlines(&self) -> Result<Vec<MultiPolygon>, Error> {
        outlines(self.region_map)
    }
}
