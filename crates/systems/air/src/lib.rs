//! The air above: monthly CO2 grids by country, region and zone, with their growth and cycle.
//!
//! Context, and not a test of the NPP change: the text of [`science::why_context`] stands beside
//! every result.
//!
//! * [`Co2Section`]: `[co2]` in the pipeline file;
//! * [`Co2Plan`]: every file opened and its values looked through, areas shared with the cells;
//! * [`inspect_co2`]: what is in a CO2 file.

mod areas;
mod charts;
mod inspect;
mod maps;
mod months;
mod plan;
mod results;
pub mod science;
mod section;
mod series;
mod tables;

pub use areas::{Area, AreaKind};
pub use inspect::inspect_co2;
pub use plan::Co2Plan;
pub use section::{Co2Field, Co2Maps, Co2Section};
pub use series::{AreaSeries, MonthRow};
