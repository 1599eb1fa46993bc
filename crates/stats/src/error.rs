//! What can be asked wrongly of a statistic.

/// Why a statistic could not be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// Two inputs that must run in step do not.
    #[error(
        "{what} must have {expected} entries, as many as {of}, but has {found}; pass one entry per {of}"
    )]
    Length {
        /// The input of the wrong length.
        what: &'static str,
        /// What it must be as long as.
        of: &'static str,
        /// The length it must have.
        expected: usize,
        /// The length it has.
        found: usize,
    },
    /// A number that must be finite is not.
    #[error(
        "{what} {index} is {found}, which is not a finite number; pass a missing value as None"
    )]
    NotFinite {
        /// `time` or `value`.
        what: &'static str,
        /// Which one, from 0.
        index: usize,
        /// The number found.
        found: f64,
    },
    /// Times must be strictly increasing.
    #[error(
        "time {index} is {found}, not after the one before it ({before}); sort the series and give each time once"
    )]
    TimeOrder {
        /// Which time, from 0.
        index: usize,
        /// The time before it.
        before: f64,
        /// The time found.
        found: f64,
    },
    /// Too few values that are not missing.
    #[error(
        "{what} needs at least {needed} values that are not missing, but there are {found}; add years or leave this statistic out"
    )]
    TooFew {
        /// The statistic asked for.
        what: &'static str,
        /// The least it can work with.
        needed: usize,
        /// What there is.
        found: usize,
    },
    /// The statistic needs equally spaced times.
    #[error(
        "{what} needs equally spaced times, but the step after time {index} is {found} where the first is {expected}; use the plain Mann-Kendall test, which allows gaps"
    )]
    Unequal {
        /// The statistic asked for.
        what: &'static str,
        /// The time before the odd step, from 0.
        index: usize,
        /// The first step.
        expected: f64,
        /// The odd step.
        found: f64,
    },
    /// A parameter is outside its domain.
    #[error("{what} must be {expected}, but is {found}")]
    Domain {
        /// The parameter.
        what: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: f64,
    },
    /// What is sought has no single answer.
    #[error("{what} has no answer: {hint}")]
    NoMaximum {
        /// What is sought.
        what: &'static str,
        /// Why, and what to do.
        hint: &'static str,
    },
    /// An exact integer sum would no longer fit.
    #[error(
        "the exact sum of {what} does not fit 128 bits; use a coarser quantum for the values or a larger unit for the weights"
    )]
    Overflow {
        /// The sum that overflowed.
        what: &'static str,
    },
}

/// Refuses a number that is not strictly between 0 and 1.
pub(crate) fn open_unit(what: &'static str, x: f64) -> Result<f64, StatsError> {
    if x > 0.0 && x < 1.0 {
        Ok(x)
    } else {
        Err(StatsError::Domain {
            what,
            expected: "strictly between 0 and 1",
            found: x,
        })
    }
}
