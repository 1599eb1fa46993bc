//! A pipeline file into results: config, plan, run, manifest.

pub mod audit;
pub mod cells;
pub mod co2;
pub mod config;
mod error;
mod figures;
pub mod guards;
pub mod inspect;
pub mod manifest;
mod maps;
mod output;
pub mod plan;
pub mod progress;
pub mod provenance;
pub mod remembered;
mod results;
pub mod run;
mod story;
mod study;
pub mod tables;
pub mod task;
mod threads;
pub mod uptake;

pub use error::{Error, Problem};
pub use nutag_formats::is_guarded as damage_is_an_error_here;
