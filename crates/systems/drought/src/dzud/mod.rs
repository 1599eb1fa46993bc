//! Dzud: the winter in which herds die, what it is made of, and whether an index of the climate
//! foresees it.
//!
//! * [`Standardised`]: anomalies of a unit against its own base years;
//! * [`DzudIndex`]: summer drought and winter cold in one number, with its months and divisor;
//! * [`WinterType`]: white (snow) and black (no snow) winters, where snow is known;
//! * [`Herds`]: mortality of adult animals from national tables;
//! * [`validate`]: an honest answer to "does it foresee losses?".

mod anomaly;
mod index;
mod mortality;
mod national;
mod panel;
mod validate;

pub use anomaly::Standardised;
pub use index::{DzudIndex, Season, UNVERIFIED, WinterType, season_mean, season_sum};
pub use mortality::{Herds, Species, mortality_rate, weighted_mortality};
pub use national::{NationalValidation, validate_national};
pub use panel::{PanelRow, Standardise};
pub use validate::{PanelValidation, ScoreSkill, ValidationOptions, regressors, validate};
