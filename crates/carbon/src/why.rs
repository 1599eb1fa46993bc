//! Why a number does not exist.

/// A number, or the reason why there is none.
pub type Figure = Result<f64, Why>;

/// Why a number does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Why {
    /// A share of an area that is zero.
    #[error("no area")]
    NoArea,
    /// A mean over cells of which none is valid.
    #[error("no valid cell")]
    NoValidArea,
    /// The source zone has no stable valid cell to compare with.
    #[error("the zone of origin has no valid cell that stayed in it")]
    NoStableSource,
    /// The destination zone has no stable valid cell to compare with.
    #[error("the zone of destination has no valid cell that stayed in it")]
    NoStableDestination,
    /// Stable cells of both zones have the same density: nothing lies between.
    #[error("the two zones have the same density")]
    EqualDensities,
    /// The cell did not change its zone.
    #[error("the zone did not change")]
    Unchanged,
    /// One of the two zones is "outside".
    #[error("outside the zones in one epoch")]
    Outside,
    /// Logarithms need positive densities.
    #[error("LMDI needs positive densities")]
    NotPositive,
    /// The zones of the two epochs are not the same list, so colder and
    /// warmer are not defined.
    #[error("the two epochs have different lists of zones")]
    DifferentZones,
    /// No area moved to a warmer zone.
    #[error("no area moved to a zone with less permafrost")]
    NoDowngrade,
    /// The national total is zero.
    #[error("the total is zero")]
    ZeroTotal,
    /// A trend over fewer periods than [`crate::TREND_PERIODS`].
    #[error("fewer than 4 periods have a value")]
    FewPeriods,
    /// A test of values that are all equal.
    #[error("all values are equal")]
    Constant,
    /// An interval or a slope of values that leave no residual.
    #[error("the values leave no residual to judge by")]
    NoSpread,
    /// An interval that no pair of values bounds at its level.
    #[error("so few periods bound no interval at this level")]
    Unbounded,
    /// A mean of an epoch with fewer than two values.
    #[error("an epoch has fewer than 2 periods with a value")]
    FewInEpoch,
    /// A correction for autocorrelation of a series with gaps.
    #[error("periods with a value are not equally spaced")]
    UnequalSteps,
    /// A percentage of zero.
    #[error("the value to compare with is zero")]
    ZeroBase,
}
