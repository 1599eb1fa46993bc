//! Numbers into summaries: exact sums, slopes, rank tests, false discovery rates.
//!
//! | module | question |
//! |---|---|
//! | [`exact`] | what is the sum, mean and sd, to the last bit, whatever the order? |
//! | [`slope`] | how fast does a series change (OLS, Theil-Sen)? |
//! | [`mann_kendall`] | is the change more than chance? |
//! | [`cells`] | the same for millions of cells at once |
//! | [`power`] | which change could these years have shown? |
//! | [`harmonic`] | how does a monthly series grow and swing, with months missing? |
//! | [`epoch`] | do two groups of years differ? |
//! | [`multiplicity`] | which of many tests still stand? |
//! | [`classify`] | does a score tell events from the rest (AUC, logistic regression, Brier)? |
//! | [`linear`] | several regressors at once, and correlations |
//! | [`quantile`] | normal and Student t, from which the others take their p |
//! | [`draws`] | seeded random numbers, the same bits everywhere |
//!
//! Nothing here opens a file, starts a thread or calls the platform's mathematics library, so a
//! result has the same bits on every machine.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests compare with the functions of the platform"
    )
)]

pub mod cells;
pub mod classify;
pub mod draws;
pub mod epoch;
mod error;
pub mod exact;
pub mod harmonic;
pub mod linear;
pub mod mann_kendall;
pub mod multiplicity;
pub mod power;
pub mod quantile;
mod series;
pub mod slope;

pub use error::StatsError;
pub use series::Series;
