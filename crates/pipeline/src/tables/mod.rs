//! Results into tables: which columns, how they are named, what they mean.
//!
//! Names of columns carry the unit and are the same in every format. For a
//! quantity called "NPP" the tables are
//!
//! | table | a row is |
//! |---|---|
//! | `permafrost_npp_change` | a zone, then the country |
//! | `zone_transitions` | a pair of zones, from the first epoch to the second |
//! | `npp_by_region_zone_year` | region x zone from x zone to x period |
//! | `npp_trends` | the country, a zone, a region, or a zone in a region |
//! | `coverage` | epoch x zone x period x reason |
//!
//! Another quantity puts its own name in the place of `npp`. Columns in CO2
//! exist only where the quantity is carbon.

mod change;
mod coverage;
pub(crate) mod naming;
mod series;
mod totals;
mod transitions;
mod trends;

pub use change::zone_change_table;
pub use coverage::{coverage_brief, coverage_table};
pub use series::series_table;
pub use transitions::transitions_table;
pub use trends::{country_finding, trends_section, trends_table};

#[cfg(test)]
mod fixture;
