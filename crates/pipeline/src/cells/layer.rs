//! The layers of a mosaic of cells.

use nutag_zonal::KeySpace;

/// A layer of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueLayer {
    /// Mean over the periods, in the density unit.
    Mean,
    /// OLS slope, in the density unit per year.
    OlsSlope,
    /// Theil-Sen slope, in the density unit per year.
    SenSlope,
    /// Mann-Kendall S.
    S,
    /// Two-sided p of S.
    P,
    /// Periods with a value.
    N,
}

impl ValueLayer {
    /// All of them, in the order of files.
    pub const ALL: [Self; 6] = [
        Self::Mean,
        Self::OlsSlope,
        Self::SenSlope,
        Self::S,
        Self::P,
        Self::N,
    ];
}

/// A layer of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeLayer {
    /// [`TrendClass`], or why a cell has no value.
    Trend,
    /// Zone of the first epoch: 1 + its index; one more than there are zones
    /// for cells outside the zone map.
    ZoneFrom,
    /// Zone of the second epoch, likewise.
    ZoneTo,
    /// Region: 1 + its index.
    Region,
}

impl CodeLayer {
    /// The code of a key in a layer of zones or regions.
    pub(super) fn code(self, space: KeySpace, key: u32) -> u16 {
        let parts = space.parts(key);
        let (index, outside) = match self {
            Self::Trend => (None, 0),
            Self::ZoneFrom => (parts.zone_from, space.zones_from()),
            Self::ZoneTo => (parts.zone_to, space.zones_to()),
            Self::Region => (parts.region, space.regions()),
        };
        index.unwrap_or(outside) + 1
    }
}

/// What the trend of a cell is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrendClass {
    /// It falls, significantly within all cells.
    Down,
    /// It may do either.
    NotSignificant,
    /// It rises, significantly within all cells.
    Up,
    /// It has values, but too few to be tested.
    NotTested,
}

impl TrendClass {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 4] = [Self::Down, Self::NotSignificant, Self::Up, Self::NotTested];

    /// Its code.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Down => 1,
            Self::NotSignificant => 2,
            Self::Up => 3,
            Self::NotTested => 4,
        }
    }

    /// The code of a cell without a value, by the index of its reason.
    #[must_use]
    pub fn no_value(reason: usize) -> u16 {
        const FIRST: usize = 10;
        u16::try_from(FIRST + reason).unwrap_or(u16::MAX)
    }
}
