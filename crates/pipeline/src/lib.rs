//! A pipeline file into results: config, plan, run, manifest.

pub mod audit;
pub mod cells;
pub mod config;
pub mod execute;
mod figures;
pub mod guards;
pub mod inputs;
pub mod inspect;
mod inspect_netcdf;
pub mod manifest;
mod maps;
pub mod on_disk;
mod output;
pub mod plan;
pub mod provenance;
pub mod remembered;
mod results;
pub mod run;
mod story;
mod study;
mod systems;
pub mod tables;

pub use nutag_formats::is_guarded as damage_is_an_error_here;
