//! The published table "Reduction of NPP due to Permafrost Degradation": as
//! printed, as its own formulas give it, and what is wrong with it.
//!
//! The formulas that reproduce every printed figure, for zone `z` with areas
//! `A0`, `A1` and mean density `g`:
//!
//! ```text
//! change    dA_z = A1_z - A0_z
//! percent   100 dA_z / sum A0          (of the country, one decimal)
//! density   round(g_z)                 (total: simple mean of the zones)
//! "Mt"      dA_z g_z / 10^7            (three decimals; total: sum of the rounded)
//! ```
//!
//! Figures are kept as whole numbers of their last printed digit, so that
//! comparing them is exact.

mod audit;
mod compare;
mod discrepancy;
mod figures;
mod table;

pub use audit::{Audit, audit};
pub use compare::{Comparison, Tolerance, compare};
pub use discrepancy::{Discrepancy, Finding, Mark, Topic};
pub use figures::{ImpliedDensity, implied_densities};
pub use table::{Column, PublishedError, PublishedRow, PublishedTable, as_published, printed};
