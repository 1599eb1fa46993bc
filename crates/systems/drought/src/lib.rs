//! Drought, water deficit, snow and dzud: what the climate does to a pasture and its herds.
//!
//! | module | question |
//! |---|---|
//! | [`pet`] | how much water does the air ask for? |
//! | [`palmer`] | which spell stands, and how deep is it (PDSI, scPDSI)?|
//! | [`standard`] | how unusual is the water of the last months (SPI, SPEI)? |
//! | [`water`] | what do plants get, and what do they miss? |
//! | [`events`] | when do droughts begin and end, and do they become more? |
//! | [`dzud`] | which winters kill herds, and can it be foreseen? |
//! | [`space`] | what do satellites see of drought and snow, cell by cell? |
//! | [`grid`] | the same for every cell of a grid, in bounded memory |
//!
//! [`DroughtSection`] is `[drought]` of a pipeline file: the door through which a run comes in.
//!
//! A missing value is not a number, and every value that cannot be computed says why. Nothing here
//! calls the platform's mathematics library; nothing but the door opens a file.

mod door;
pub mod dzud;
mod error;
pub mod events;
pub mod grid;
mod months;
pub mod palmer;
pub mod pet;
pub mod space;
pub mod standard;
pub mod water;

pub use door::{
    ClimateSection, DrawdownName, DroughtSection, DzudSection, SoilSection, SpeiFit, SpiFit,
    ZeroRule, ZonesOf,
};
pub use error::DroughtError;
pub use months::{MonthAxis, YearMonth};
