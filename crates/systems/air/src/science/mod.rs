//! CO2 in the air column above regions and zones, and what it can and cannot say about uptake.
//!
//! * [`air_mean`]: one region and month from coarse cells and the areas it shares with them;
//! * [`column_signal_ppm`]: how much of an uptake can be seen from above;
//! * [`why_context`]: why the column stands beside the NPP change and does not test it.
//!
//! Kriged and observed means are kept apart: a kriged field has values where nobody looked.

mod mean;
mod signal;

pub use mean::{AirField, AirMean, Share, air_mean};
pub use signal::{
    COLUMN_TC_PER_KM2_PER_PPM, MONTHLY_ERROR_PPM, VENTILATION_DAYS, column_signal_ppm,
    published_change_tc_per_km2_year, why_context,
};
