//! What a row of a table is about.

/// Name of the row of cells that are in a region but in no zone.
pub const OUTSIDE_ZONES: &str = "(outside zones)";
/// Name of the row of the whole country: every cell that is in a region.
pub const TOTAL: &str = "Total";

/// A region, a zone, both, or neither. `None` stands for all. The zone after the last is that of
/// cells outside the zone map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index of the region.
    pub region: Option<usize>,
    /// Index of the zone.
    pub zone: Option<usize>,
}

impl Place {
    /// All regions together.
    pub const COUNTRY: Self = Self {
        region: None,
        zone: None,
    };

    /// A whole region.
    #[must_use]
    pub fn region(region: usize) -> Self {
        Self {
            region: Some(region),
            zone: None,
        }
    }

    /// A zone of a region.
    #[must_use]
    pub fn unit(region: usize, zone: usize) -> Self {
        Self {
            region: Some(region),
            zone: Some(zone),
        }
    }
}
