//! A pipeline file into results: config, plan, run, manifest.

pub mod audit;
pub mod co2;
pub mod config;
mod error;
pub mod execute;
mod figures;
pub mod inspect;
mod manifest;
mod output;
pub mod plan;
pub mod progress;
mod results;
pub mod run;
mod study;
pub mod tables;

pub use error::{Error, Problem};
pub use nutag_formats::is_guarded as damage_is_an_error_here;
