//! From NPP to what the land takes up: levels, respiration, grazing, and what each rests on.
//!
//! NPP x 44/12 is the gross uptake of plants. What stays is smaller, and for dry cold grassland its very
//! sign depends on the model of soil respiration. So each level is a number of its own:
//!
//! | level | is | sign |
//! |---|---|---|
//! | NPP | what plants fix, less their own respiration | positive: taken from the air |
//! | above- and below-ground NPP | its two parts | positive |
//! | NEP | NPP - Rh, the respiration of the soil | positive: a sink before grazing, fire and harvest |
//! | NBP | NEP - net grazing offtake - fire - harvest, as far as each is given | positive: a sink |
//!
//! A level whose input is missing does not exist; it is never zero.
//!
//! Parts:
//!
//! * conversions, such as [`tc_from_density`];
//! * [`Factor`]: a number from elsewhere with its source, its range, and whether it was verified;
//! * [`respiration`]: four families of models of Rh, and their agreement;
//! * [`grazing`]: livestock to carbon, and whether that can be;
//! * [`UptakeInputs`] and [`evaluate`]: all of it together, for given values or drawn ones.

mod evaluate;
mod factor;
pub mod grazing;
mod inputs;
pub mod respiration;
pub mod uncertainty;
mod units;

pub(crate) use evaluate::evaluate_drawn;
pub use evaluate::{Choices, LEVELS, Level, RhChoice, RowLevels, evaluate};
pub use factor::{Factor, Mark, defaults};
pub use inputs::{
    Border, Cover, Fire, InputsError, Livestock, Losses, Pin, PinKind, Place, RegionLosses,
    RhEnsemble, Slice, Unit, UptakeInputs,
};
pub use units::{
    carbon_from_co2, carbon_from_dry_matter, dry_matter_from_carbon, fire_tc, mtco2_from_kgc,
    tc_from_density, tc_per_km2_from_gc_per_m2,
};
