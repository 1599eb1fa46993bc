//! The two elements of climate that respiration needs.

use std::fmt;

use crate::gridded::quantity::{AIR_TEMPERATURE, PRECIPITATION};
use crate::gridded::{Quantity, QuantityUnit};

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Mean air temperature near the ground.
    Temperature,
    /// Precipitation.
    Precipitation,
}

impl Element {
    /// Its names, units and limits.
    #[must_use]
    pub fn quantity(self) -> &'static Quantity {
        match self {
            Self::Temperature => &AIR_TEMPERATURE,
            Self::Precipitation => &PRECIPITATION,
        }
    }

    /// Reads a unit as people and files write it.
    #[must_use]
    pub fn unit(self, text: &str) -> Option<&'static QuantityUnit> {
        self.quantity().unit(text)
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.quantity().fmt(f)
    }
}
