//! The friction velocity u* below which the night fluxes of a tower are lost.
//!
//! On still nights the air under a sensor does not mix, CO2 drains away unseen, and NEE comes out
//! too small. The moving point test (Papale et al. 2006, Biogeosciences 3, 571-583) looks, in classes of like
//! temperature, for the u* above which NEE no longer rises; half-hours below it are removed and
//! filled like any other gap. The estimate is fragile, so it always comes with its distribution.

mod distribution;
mod filter;
mod moving_point;
mod seasons;
mod thresholds;

pub use distribution::{Distribution, Quantiles, distribution};
pub use filter::{Flag, Rule, filter};
pub use moving_point::{Settings, threshold_of_classes};
pub use seasons::{Season, seasons};
pub use thresholds::{Night, SeasonThreshold, Thresholds, YearThreshold, night_rows, thresholds};
