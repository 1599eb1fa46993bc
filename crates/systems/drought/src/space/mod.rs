//! Drought and snow as satellites see them, one cell at a time.
//!
//! * [`vci`], [`tci`], [`vhi`]: a composite against the same composite of the reference years;
//! * [`ndwi`], [`nddi`]: water in the leaves;
//! * [`tvdi_edges`]: how hot a cell is for its greenness, in one scene;
//! * [`SnowSeason`]: days with snow, clouds told from snow.
//!
//! A value that is missing is `None`, and each function says when it has none.

mod condition;
mod moisture;
mod snow_codes;
mod snow_days;
mod wetness;

pub use condition::{CompositeRange, Growing, tci, vci, vhi, vhi_class};
pub use moisture::{LEAST_NDDI_SUM, nddi, ndwi};
pub use snow_codes::{
    Seen, chronobyte_days, seen_by_collection_5, seen_by_ndsi, seen_by_snow_extent,
};
pub use snow_days::{SnowDay, SnowSeason, fill_clouds};
pub use wetness::{TvdiEdges, TvdiRefusal, tvdi_edges};
