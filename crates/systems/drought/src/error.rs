//! What can be asked wrongly of an index of drought.

/// Why an index, a demand or a balance could not be computed at all. A single cell or month without
/// a value is no error: it is missing, with its reason.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DroughtError {
    /// Two series that must run in step do not.
    #[error(
        "{what} must have {expected} values, one for each month or day of the series, but has {found}"
    )]
    Length {
        /// The series of the wrong length.
        what: &'static str,
        /// The length it must have.
        expected: usize,
        /// The length it has.
        found: usize,
    },
    /// A number is outside what it can mean.
    #[error("{what} must be {expected}, but is {found}")]
    Domain {
        /// The quantity.
        what: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: f64,
    },
    /// Values that cannot be in the unit they are said to be in.
    #[error(
        "{what} is {found} at {when}, outside {low} to {high} {unit}: {hint}; give the file its unit, or correct it"
    )]
    Implausible {
        /// The quantity.
        what: &'static str,
        /// The value found.
        found: f64,
        /// Month or day, such as `2001-04`.
        when: String,
        /// The least it can be.
        low: f64,
        /// The most it can be.
        high: f64,
        /// The unit it must be in.
        unit: &'static str,
        /// What it looks like instead.
        hint: &'static str,
    },
    /// The months of a series do not follow one another.
    #[error("the month after {before} must be {expected}, but is {found}: {hint}")]
    Months {
        /// The month before the odd one.
        before: String,
        /// The month that must follow.
        expected: String,
        /// The month found.
        found: String,
        /// What to do.
        hint: &'static str,
    },
    /// The reference period is not inside the record.
    #[error(
        "the reference period {reference} is not inside the record {record}; name a period that the record covers, or add the missing years"
    )]
    ReferenceOutside {
        /// The period asked for.
        reference: String,
        /// The period there is.
        record: String,
    },
    /// The reference period is too short to fit anything to.
    #[error(
        "the reference period has {found} years, but a distribution of a calendar month needs at least {needed}; 30 are usual"
    )]
    ReferenceShort {
        /// Years of the reference.
        found: usize,
        /// The least allowed.
        needed: usize,
    },
    /// A distribution that does not go with the quantity.
    #[error("{fit} cannot describe {what}: {why}")]
    Unsuited {
        /// The distribution.
        fit: &'static str,
        /// The quantity.
        what: &'static str,
        /// Why not, and what to take.
        why: &'static str,
    },
    /// A statistic refused.
    #[error(transparent)]
    Statistic(#[from] nutag_stats::StatsError),
}
