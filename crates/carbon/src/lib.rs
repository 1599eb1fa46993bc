//! Tallies into carbon: zone tables, transitions, decomposition, NPP to CO2.
//!
//! A [`Study`] is the exact tallies of a run together with the names of its
//! regions, zones, epochs and periods and the [`Quantity`] that was tallied.
//! From it come five results:
//!
//! * [`zone_change`]: each zone in both epochs, and what part of the change
//!   of its total goes with its area and what part with its density;
//! * [`transitions`]: from each zone of the first epoch to each of the second;
//! * [`series`]: region x zone x zone x period, tidy;
//! * [`trends`]: how fast the mean of each zone and region changes, and
//!   whether that is more than chance;
//! * [`coverage`]: what was counted, and why the rest was not.
//!
//! Three things hold everywhere:
//!
//! * Tallies are integers, and a number leaves them through one division,
//!   rounded once.
//! * A density is an **area-weighted mean over valid area**, and the area that
//!   goes with it into a total is that same valid area.
//! * A number that does not exist is a [`Why`], never a zero.
//!
//! The module [`published`] holds the table that users know, the formulas
//! that made it, and the audit of both.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests compare with the functions of the platform"
    )
)]

mod coverage;
mod decompose;
mod place_sums;
pub mod published;
mod quantity;
mod series;
mod study;
mod sums;
mod transitions;
mod trends;
mod why;
mod zone_change;

pub use coverage::{Coverage, CoverageError, CoverageRow, VALID_REASON, coverage};
pub use decompose::{Effects, Method, State, effects};
pub use place_sums::{PlaceSums, RegionAndZone, ZoneEpoch, place_sums};
pub use quantity::{Quantity, QuantityError, SQUARE_CENTIMETRES_PER_KM2, Scale};
pub use series::{SeriesRow, series};
pub use study::{Epoch, Names, OUTSIDE_REGIONS, OUTSIDE_ZONES, Period, Study, StudyError, TOTAL};
pub use transitions::{Direction, Movement, Transition, Transitions, transitions};
pub use trends::{
    CONFIDENCE_LEVEL, Class, EpochMeans, FALSE_DISCOVERY_RATE, Family, FamilySummary, Interval,
    POWER, SIGNIFICANCE_LEVEL, TREND_PERIODS, Trend, TrendOptions, TrendRow, Trends, trends,
};
pub use why::{Figure, Why};
pub use zone_change::{ZoneChange, ZoneChangeRow, zone_change};
