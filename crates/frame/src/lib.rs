//! What every system is given, whatever it computes.
//!
//! * [`Asked`]: what the pipeline file says beside the section of the system;
//! * [`Frame`]: regions and zones by name, the years, the cells of interest ([`Places`]), the
//!   borders of the regions, the numbers that other systems will give ([`Announced`]);
//! * [`Place`]: a region and a zone, or all of them: what a row of a table is about;
//! * [`region_tables`]: csv files by region and year.
//!
//! The sections of the pipeline file that every run shares are here too: [`Regions`], [`ZoneMap`].

mod asked;
mod ground;
mod mass;
mod outlines;
mod place;
mod places;
pub mod region_tables;
mod sections;

pub use asked::{Announced, Asked, Mode};
pub use ground::{Frame, Zoning};
pub use mass::{CARBON_TO_CO2, co2_from_carbon};
pub use outlines::outlines;
pub use place::{OUTSIDE_ZONES, Place, TOTAL};
pub use places::{Places, Row, Run};
pub use sections::{FileKey, Overlap, Regions, ZoneMap, Zones};
