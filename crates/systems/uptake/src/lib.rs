//! From NPP to what the land takes up: levels, respiration, grazing, and how sure all of it is.
//!
//! * [`UptakeSection`]: `[uptake]` in the pipeline file; [`ProportionSection`]: `[proportion]`;
//! * [`UptakePlan`]: every file opened, every month and region found;
//! * `door`: both as a system.
//!
//! | table | a row is |
//! |---|---|
//! | `co2_uptake` | region x zone x (mean, change, year), each level a column |
//! | `uptake_levels` | a level of the whole |
//! | `rh_models` | region x model of respiration |
//! | `grazing` | region x year |
//! | `uncertainty` | region or zone x level x component |
//! | `uptake_factors` | a number from elsewhere |
//! | `in_proportion` | a level, or a national figure |

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests compare with the functions of the platform"
    )
)]

mod climate;
mod columns;
mod compute;
mod door;
mod draws;
mod factors;
mod figures;
mod land;
mod losses;
mod plan;
mod references;
mod report;
mod rh;
pub mod science;
mod section;
mod spread_table;
mod tables;
mod uncertain;

pub use plan::UptakePlan;
pub use section::{ProportionSection, UptakeSection};
