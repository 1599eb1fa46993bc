//! Flux towers: water, heat and CO2 from half-hours to a year, with what is uncertain about them.
//!
//! | module | question |
//! |---|---|
//! | [`axis`] | which half-hour is a row, and when is its centre? |
//! | [`readers`] | what is in the files of a tower? |
//! | [`sun`] | how much radiation could have come at all? |
//! | [`quality`] | which measured half-hours can be used? |
//! | [`ustar`] | below which friction velocity are night fluxes lost? |
//! | [`fill`] | what is the best estimate of a missing half-hour, and how far may it be off? |
//! | [`chain`] | all of it, once for each threshold that is plausible |
//! | [`energy`] | does the energy balance close, and how much water evaporated? |
//! | [`partition`] | how much of NEE is respiration, how much is uptake? |
//! | [`totals`] | what do a month and a year come to? |
//! | [`uncertainty`] | how far may a sum be off? |
//! | [`section`] | what is asked of a tower in a pipeline file? |
//! | [`compute`], [`tables`] | one tower from its files to its tables |
//! | [`summary`] | means, quantiles and their like, as the reference programs compute them |
//!
//! Signs: NEE above 0 is release to the air; GPP and ecosystem respiration are positive; H and LE
//! are positive upward, net radiation downward, soil heat flux into the soil. A missing value is
//! NaN in a column of numbers and nothing else.
//!
//! Nothing here calls the platform's mathematics library, and no order of threads can be seen in a
//! result, so a result has the same bits on every machine.

pub mod axis;
pub mod chain;
pub mod charts;
pub mod compute;
mod door;
pub mod energy;
pub mod fill;
pub mod fluxnet;
pub mod partition;
pub mod quality;
pub mod readers;
pub mod references;
pub mod report;
pub mod section;
pub mod summary;
pub mod sun;
pub mod tables;
pub mod totals;
pub mod uncertainty;
pub mod ustar;
