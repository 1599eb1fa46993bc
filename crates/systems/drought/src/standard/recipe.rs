//! What moves an index: window, distribution, zeros, reference.

use std::ops::Range;

use super::kernel::Kernel;
use super::zeros::{ZeroShare, Zeros};
use crate::{DroughtError, MonthAxis, YearMonth};

/// The distribution of a calendar month, and how it is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Log-logistic of three parameters by unbiased probability-weighted moments. R's SPEI,
    /// climate-indices and xclim agree on it to 1e-12.
    LogLogistic,
    /// The same by moments of the plotting position -0.35.
    LogLogisticPlotting,
    /// The same by maximum likelihood.
    LogLogisticLikelihood,
    /// Gamma by L-moments, as R's SPEI.
    Gamma,
    /// Gamma by Thom's approximation of maximum likelihood, as climate-indices and xclim.
    GammaThom,
    /// Pearson type III by L-moments.
    PearsonThree,
}

impl Fit {
    /// Its name in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::LogLogistic => "log-logistic by unbiased probability-weighted moments",
            Self::LogLogisticPlotting => "log-logistic by plotting-position moments",
            Self::LogLogisticLikelihood => "log-logistic by maximum likelihood",
            Self::Gamma => "gamma by L-moments",
            Self::GammaThom => "gamma by Thom's approximation",
            Self::PearsonThree => "Pearson type III by L-moments",
        }
    }

    fn is_gamma(self) -> bool {
        matches!(self, Self::Gamma | Self::GammaThom)
    }
}

/// What is standardised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Water {
    /// Precipitation: never below 0, and its zeros stand apart (SPI).
    Precipitation {
        /// Where a zero goes.
        zeros: Zeros,
        /// How often a zero is.
        share: ZeroShare,
        /// Calendar months with a greater share of zeros get no index at all; 1 refuses none.
        refuse_zero_share_above: f64,
    },
    /// Precipitation less demand, of either sign (SPEI).
    Balance,
}

/// The months whose distribution is "usual", both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The first month.
    pub first: YearMonth,
    /// The last month.
    pub last: YearMonth,
}

/// A reference below this many years is refused.
pub const LEAST_REFERENCE_YEARS: usize = 10;
/// A reference below this many years is warned of (World Meteorological Organization 2012).
pub const USUAL_REFERENCE_YEARS: usize = 30;

/// All that moves an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// What is standardised.
    pub water: Water,
    /// The window and its weights.
    pub kernel: Kernel,
    /// The distribution.
    pub fit: Fit,
    /// The reference period; it is cut after the windows are summed, so its first months count.
    pub reference: Reference,
    /// The fewest reference years; [`LEAST_REFERENCE_YEARS`] unless a comparison needs fewer.
    pub least_reference_years: usize,
}

impl Recipe {
    /// Refuses what no series can make right: a distribution that cannot describe the water, a short
    /// reference.
    ///
    /// # Errors
    /// Returns an error for either.
    pub fn check(&self) -> Result<(), DroughtError> {
        if self.fit.is_gamma() && self.water == Water::Balance {
            return Err(DroughtError::Unsuited {
                fit: self.fit.words(),
                what: "precipitation less demand",
                why: "it is often below 0, where a gamma distribution has nothing; take log-logistic",
            });
        }
        let years = self.reference_years();
        if years < self.least_reference_years {
            return Err(DroughtError::ReferenceShort {
                found: years,
                needed: self.least_reference_years,
            });
        }
        Ok(())
    }

    /// Where the reference stands in `axis`.
    pub(super) fn reference_in(&self, axis: &MonthAxis) -> Result<Range<usize>, DroughtError> {
        self.check()?;
        axis.span(self.reference.first, self.reference.last)
    }

    /// What a reader of the index must know of its reference, if it is short.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let years = self.reference_years();
        (years < USUAL_REFERENCE_YEARS).then(|| {
            format!(
                "the reference {} to {} has {years} years; 30 are usual, and values beyond about +-2 say little",
                self.reference.first, self.reference.last
            )
        })
    }

    /// Whole years of the reference.
    #[must_use]
    pub fn reference_years(&self) -> usize {
        MonthAxis::new(self.reference.first, 12_000)
            .position(self.reference.last)
            .map_or(0, |last| (last + 1) / 12)
    }
}
