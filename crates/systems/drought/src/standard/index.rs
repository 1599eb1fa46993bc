//! The index of one cell: sums, fits of the twelve calendar months, deviates.

use std::ops::Range;

use nutag_stats::quantile::normal_quantile;

use super::gamma::GammaFit;
use super::kernel::count;
use super::likelihood::maximum_likelihood;
use super::logistic::LogLogistic;
use super::moments::{plotting_position, unbiased};
use super::pearson::PearsonThree;
use super::recipe::{Fit, Recipe, Water};
use super::zeros::{ZeroShare, Zeros};
use crate::{DroughtError, MonthAxis};

/// What stands behind a value of an index, or in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Why {
    /// A value inside what the reference has shown.
    Value = 0,
    /// A value, but the water is less or more than the reference has ever shown: the distribution is
    /// extrapolated.
    BeyondSample = 1,
    /// Infinite: the fitted distribution has a bound, and the water is beyond it.
    BeyondSupport = 2,
    /// No value: a month of the window is missing.
    Missing = 3,
    /// No value: fewer than four reference years are known (for SPI: have rain).
    TooFew = 4,
    /// No value: every reference year is the same.
    Constant = 5,
    /// No value: it has never rained in this month of the reference.
    AllZero = 6,
    /// No value: zeros are more common than was asked for.
    ManyZeros = 7,
    /// No value: the moments are those of no such distribution.
    NoFit = 8,
    /// No value: precipitation is below 0.
    Negative = 9,
}

impl Why {
    /// Whether there is a number, be it infinite.
    #[must_use]
    pub fn has_value(self) -> bool {
        self <= Self::BeyondSupport
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Value => "inside what the reference has shown",
            Self::BeyondSample => "beyond what the reference has shown",
            Self::BeyondSupport => "beyond the bound of the fitted distribution",
            Self::Missing => "a month of the window is missing",
            Self::TooFew => "fewer than four reference years",
            Self::Constant => "the reference does not vary",
            Self::AllZero => "it never rains in this month",
            Self::ManyZeros => "too many years without rain",
            Self::NoFit => "no such distribution has these moments",
            Self::Negative => "precipitation below 0",
        }
    }
}

/// Fewest values that a distribution is fitted to.
const LEAST_VALUES: usize = 4;

/// The index of one cell, one value a month.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CellIndex {
    /// The standard normal deviate; not a number where there is none.
    pub z: Vec<f64>,
    /// What stands behind each.
    pub why: Vec<Why>,
    /// Reference values behind each of the twelve calendar months, January first.
    pub reference_n: [u16; 12],
}

/// Buffers of one thread, used again for each cell.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    sums: Vec<f64>,
    /// The sums of one calendar month, and their deviates.
    column: Vec<f64>,
    deviates: Vec<f64>,
    sample: Vec<f64>,
    keys: Vec<i64>,
}

/// Computes the index of one cell after another, each from itself alone.
#[derive(Debug, Clone)]
pub struct Standardiser {
    recipe: Recipe,
    axis: MonthAxis,
    reference: Range<usize>,
}

/// The distribution of one calendar month.
enum Fitted {
    Logistic(LogLogistic),
    Gamma(GammaFit),
    Pearson(PearsonThree),
}

/// A calendar month that can be standardised.
struct Month {
    fitted: Fitted,
    /// Share of zeros; 0 for a balance.
    p0: f64,
    least: f64,
    greatest: f64,
}

impl Standardiser {
    /// Prepares `recipe` for series over `axis`.
    ///
    /// # Errors
    /// Returns an error if the reference is too short or outside the series, or the distribution
    /// cannot describe the water.
    pub fn new(recipe: Recipe, axis: MonthAxis) -> Result<Self, DroughtError> {
        let reference = recipe.reference_in(&axis)?;
        Ok(Self {
            recipe,
            axis,
            reference,
        })
    }

    /// The months.
    #[must_use]
    pub fn axis(&self) -> &MonthAxis {
        &self.axis
    }

    /// What moves the index.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The index of one cell.
    ///
    /// # Errors
    /// Returns an error if `water_mm` has not one value a month.
    pub fn cell(&self, water_mm: &[f64]) -> Result<CellIndex, DroughtError> {
        let mut out = CellIndex::default();
        self.cell_into(water_mm, &mut Workspace::default(), &mut out)?;
        Ok(out)
    }

    /// The index of one cell into buffers that are used again. What was in them does not matter.
    ///
    /// # Errors
    /// Returns an error if `water_mm` has not one value a month.
    pub fn cell_into(
        &self,
        water_mm: &[f64],
        work: &mut Workspace,
        out: &mut CellIndex,
    ) -> Result<(), DroughtError> {
        self.axis.fits("water", water_mm)?;
        self.recipe.kernel.accumulate(water_mm, &mut work.sums);
        out.z.clear();
        out.z.resize(water_mm.len(), f64::NAN);
        out.why.clear();
        out.why.resize(water_mm.len(), Why::Missing);
        for calendar in 0..12 {
            // The first of this calendar month in the whole record.
            let first = (calendar + 12 - self.axis.calendar(0)) % 12;
            work.column.clear();
            let from = first.min(work.sums.len());
            work.column.extend(work.sums[from..].iter().step_by(12));
            let (n, month) = self.fit(first, work);
            out.reference_n[calendar] = u16::try_from(n).unwrap_or(u16::MAX);
            self.standardise(first, &month, work, out);
        }
        Ok(())
    }

    /// Fits the calendar month whose first month in the record is `first`; with how many values.
    fn fit(&self, first: usize, work: &mut Workspace) -> (usize, Result<Month, Why>) {
        let Workspace {
            column,
            sample,
            keys,
            ..
        } = work;
        // Years of the column that lie in the reference.
        let year = |month: usize| month.saturating_sub(first).div_ceil(12).min(column.len());
        let years = year(self.reference.start)..year(self.reference.end);
        let rain = matches!(self.recipe.water, Water::Precipitation { .. });
        sample.clear();
        let (mut known, mut zeros) = (0, 0);
        for sum in &column[years] {
            if sum.is_nan() {
                continue;
            }
            known += 1;
            if rain && *sum == 0.0 {
                zeros += 1;
            } else {
                sample.push(*sum);
            }
        }
        (known, self.fit_sample(sample, keys, known, zeros))
    }

    fn fit_sample(
        &self,
        sample: &mut [f64],
        keys: &mut Vec<i64>,
        known: usize,
        zeros: usize,
    ) -> Result<Month, Why> {
        let mut p0 = 0.0;
        if let Water::Precipitation {
            share,
            refuse_zero_share_above,
            ..
        } = self.recipe.water
        {
            if known > 0 && zeros == known {
                return Err(Why::AllZero);
            }
            p0 = if known > 0 {
                share.of(zeros, known)
            } else {
                0.0
            };
            if p0 > refuse_zero_share_above {
                return Err(Why::ManyZeros);
            }
        }
        if sample.len() < LEAST_VALUES {
            return Err(Why::TooFew);
        }
        sort(sample, keys);
        let (least, greatest) = (sample[0], sample[sample.len() - 1]);
        if least == greatest {
            return Err(Why::Constant);
        }
        if least < 0.0 && matches!(self.recipe.water, Water::Precipitation { .. }) {
            return Err(Why::Negative);
        }
        let fitted = self.distribution(sample).ok_or(Why::NoFit)?;
        Ok(Month {
            fitted,
            p0,
            least: if zeros > 0 { 0.0 } else { least },
            greatest,
        })
    }

    fn distribution(&self, sorted: &[f64]) -> Option<Fitted> {
        let moments = || unbiased(sorted).l_moments();
        Some(match self.recipe.fit {
            Fit::LogLogistic => Fitted::Logistic(LogLogistic::of(moments()?)),
            Fit::LogLogisticPlotting => {
                Fitted::Logistic(LogLogistic::of(plotting_position(sorted).l_moments()?))
            }
            Fit::LogLogisticLikelihood => {
                let start = LogLogistic::of(moments()?);
                Fitted::Logistic(maximum_likelihood(sorted, start)?)
            }
            Fit::Gamma => Fitted::Gamma(GammaFit::of(moments()?)?),
            Fit::GammaThom => Fitted::Gamma(GammaFit::thom(sorted)?),
            Fit::PearsonThree => Fitted::Pearson(PearsonThree::of(moments()?)),
        })
    }

    /// Fills the months of one calendar month.
    fn standardise(
        &self,
        first: usize,
        month: &Result<Month, Why>,
        work: &mut Workspace,
        out: &mut CellIndex,
    ) {
        let Workspace {
            column, deviates, ..
        } = work;
        let from = first.min(out.z.len());
        let zs = out.z[from..].iter_mut().step_by(12);
        let whys = out.why[from..].iter_mut().step_by(12);
        let each = column.iter().zip(zs.zip(whys));
        let month = match month {
            Ok(month) => month,
            Err(why) => {
                for (sum, (_, out)) in each {
                    *out = if sum.is_nan() { Why::Missing } else { *why };
                }
                return;
            }
        };
        match (&month.fitted, self.recipe.water) {
            (Fitted::Logistic(fit), Water::Balance) => {
                fit.standard_all(column, deviates);
                for ((sum, (z, why)), deviate) in each.zip(deviates) {
                    *z = *deviate;
                    *why = month.judge(*sum, *deviate);
                }
            }
            (fitted, water) => {
                for (sum, (z, why)) in each {
                    (*z, *why) = month.deviate(fitted, water, *sum);
                }
            }
        }
    }
}

impl Month {
    fn judge(&self, x: f64, z: f64) -> Why {
        if z.is_nan() {
            Why::Missing
        } else if z.is_infinite() {
            Why::BeyondSupport
        } else if x < self.least || x > self.greatest {
            Why::BeyondSample
        } else {
            Why::Value
        }
    }

    fn deviate(&self, fitted: &Fitted, water: Water, x: f64) -> (f64, Why) {
        if x.is_nan() {
            return (f64::NAN, Why::Missing);
        }
        if let Water::Precipitation { zeros, .. } = water {
            if x < 0.0 {
                return (f64::NAN, Why::Negative);
            }
            if x == 0.0 {
                let z = zeros.deviate(self.p0);
                return (z, self.judge(x, z));
            }
        }
        let z = match fitted {
            Fitted::Logistic(fit) if self.p0 == 0.0 => fit.standard(x),
            Fitted::Logistic(fit) => {
                let low = fit.probability(x);
                // The upper tail from the mirrored deviate keeps its digits.
                let high = 1.0 / (1.0 + libm::exp(fit.deviate(x)));
                mixed(self.p0, low, high)
            }
            Fitted::Gamma(fit) => {
                let (low, high) = fit.tails(x);
                mixed(self.p0, low, high)
            }
            Fitted::Pearson(fit) => {
                let (low, high) = fit.tails(x);
                mixed(self.p0, low, high)
            }
        };
        (z, self.judge(x, z))
    }
}

/// The deviate of `H = p0 + (1 - p0) G`, from the smaller tail.
fn mixed(p0: f64, low: f64, high: f64) -> f64 {
    let below = p0 + (1.0 - p0) * low;
    if below < 0.5 {
        normal_quantile(below)
    } else {
        -normal_quantile((1.0 - p0) * high)
    }
}

/// Sorts finite numbers, through integers of the same order: those are compared without a branch.
fn sort(sample: &mut [f64], keys: &mut Vec<i64>) {
    keys.clear();
    keys.extend(sample.iter().map(|x| ordered(x.to_bits().cast_signed())));
    keys.sort_unstable();
    for (x, key) in sample.iter_mut().zip(keys.iter()) {
        *x = f64::from_bits(ordered(*key).cast_unsigned());
    }
}

/// The bits of a float as an integer of the same order (as `f64::total_cmp`); its own inverse.
fn ordered(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

impl Default for Water {
    /// Zeros at the centre of their mass, none refused.
    fn default() -> Self {
        Self::Precipitation {
            zeros: Zeros::CentreOfMass,
            share: ZeroShare::Empirical,
            refuse_zero_share_above: 1.0,
        }
    }
}

impl CellIndex {
    /// How many months have a value.
    #[must_use]
    pub fn known(&self) -> usize {
        self.why.iter().filter(|why| why.has_value()).count()
    }

    /// The share of months with a value, 0 to 1.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        if self.why.is_empty() {
            0.0
        } else {
            count(self.known()) / count(self.why.len())
        }
    }
}
