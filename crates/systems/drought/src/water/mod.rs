//! Water in the soil: what plants get, what they miss, and how dry a place is.
//!
//! * [`snow_split`]: which precipitation falls as snow, and when it melts;
//! * [`Bucket`]: evapotranspiration, deficit, runoff and soil water that close in every month;
//! * [`aridity_index`], [`Aridity`], [`de_martonne`]: how dry is a climate?

mod aridity;
mod bucket;
mod snow;

pub use aridity::{Aridity, aridity_index, de_martonne};
pub use bucket::{Bucket, Drawdown, WaterBalance};
pub use snow::{Melt, SnowMonths, snow_split};
