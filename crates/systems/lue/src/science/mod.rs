//! The formulas, each with its source.

pub mod casa;
pub mod composite;
pub mod fpar;
pub mod humidity;
pub mod mod17;
pub mod ndvi_fpar;
pub mod plausible;
pub mod pmodel;
pub mod resample;
pub mod soil;
pub mod validation;
pub mod vpm;
pub mod water;
