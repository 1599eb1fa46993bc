//! The trend of one series of means.

use std::ops::RangeInclusive;

use nutag_stats::epoch::epoch_difference;
use nutag_stats::mann_kendall::serial::{HamedRaoSum, hamed_rao};
use nutag_stats::mann_kendall::{PMethod, mann_kendall};
use nutag_stats::power::detectable_slope;
use nutag_stats::slope::{InterceptForm, IntervalMethod, lag1_of_residuals, ols, theil_sen};
use nutag_stats::{Series, StatsError};

use super::{CONFIDENCE_LEVEL, POWER, SIGNIFICANCE_LEVEL, TREND_PERIODS};
use crate::why::{Figure, Why};

/// Lower and upper end, or the reason why there are none.
pub type Interval = Result<[f64; 2], Why>;

/// The trend of a series. Slopes are in density units per year.
///
/// A series whose values are all equal has slopes and an S of zero, and
/// nothing that measures chance: it varies in no way that could be tested.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Periods with a value.
    pub n: usize,
    /// Periods without one.
    pub gaps: usize,
    /// Mean of the values, each period alike.
    pub mean: Figure,
    /// Slope of the least-squares line.
    pub ols_slope: Figure,
    /// Its standard error, for independent errors.
    pub ols_slope_se: Figure,
    /// Its interval at [`CONFIDENCE_LEVEL`], by Student's t.
    pub ols_interval: Interval,
    /// Theil-Sen: the median of the slopes of all pairs.
    pub sen_slope: Figure,
    /// Its interval at [`CONFIDENCE_LEVEL`].
    pub sen_interval: Interval,
    /// The coverage of that interval: of an exact one, at least the level.
    pub sen_coverage: Figure,
    /// Whether the interval is exact.
    pub sen_method: Result<IntervalMethod, Why>,
    /// Mann-Kendall S: rising pairs minus falling pairs.
    pub s: Result<i64, Why>,
    /// `S / (n(n-1)/2)`.
    pub tau_a: Figure,
    /// Kendall's tau-b against time.
    pub tau_b: Figure,
    /// Two-sided p of Mann-Kendall.
    pub p: Figure,
    /// Where it comes from.
    pub p_method: Result<PMethod, Why>,
    /// Two-sided p of Hamed and Rao (1998), over all lags significant at 0.05.
    /// Their sum enters by its absolute value, so that the variance only
    /// grows; with its sign, some series of a dozen years get a negative one.
    /// `None` if it was not asked for.
    pub hamed_rao_p: Option<Figure>,
    /// Lag-1 autocorrelation of the residuals of the least-squares line: a
    /// diagnostic, with a standard error near `1 / sqrt(n)`.
    pub lag1: Figure,
    /// The later epoch against the earlier.
    pub epochs: EpochMeans,
    /// The true slope that a t test at [`SIGNIFICANCE_LEVEL`] would find with
    /// probability [`POWER`], given the residuals of the least-squares line.
    pub detectable_slope: Figure,
}

/// The later epoch against the earlier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochMeans {
    /// Mean of the later minus mean of the earlier.
    pub difference: Figure,
    /// The same in percent of the earlier mean.
    pub difference_percent: Figure,
    /// Interval of the difference at [`CONFIDENCE_LEVEL`], by Welch's t.
    pub interval: Interval,
    /// Two-sided p of Welch's t.
    pub p: Figure,
}

impl Trend {
    fn missing(n: usize, gaps: usize, mean: Figure, with_hamed_rao: bool, why: Why) -> Self {
        Self {
            n,
            gaps,
            mean,
            ols_slope: Err(why),
            ols_slope_se: Err(why),
            ols_interval: Err(why),
            sen_slope: Err(why),
            sen_interval: Err(why),
            sen_coverage: Err(why),
            sen_method: Err(why),
            s: Err(why),
            tau_a: Err(why),
            tau_b: Err(why),
            p: Err(why),
            p_method: Err(why),
            hamed_rao_p: with_hamed_rao.then_some(Err(why)),
            lag1: Err(why),
            epochs: EpochMeans {
                difference: Err(why),
                difference_percent: Err(why),
                interval: Err(why),
                p: Err(why),
            },
            detectable_slope: Err(why),
        }
    }
}

/// The trend of `values` at `times`; a value that does not exist is a gap.
pub(super) fn trend(
    times: &[f64],
    values: &[Figure],
    epochs: &[RangeInclusive<f64>; 2],
    with_hamed_rao: bool,
) -> Result<Trend, StatsError> {
    let present: Vec<Option<f64>> = values.iter().map(|value| value.ok()).collect();
    let series = Series::new(times, &present)?;
    let (n, sum) = (series.n(), series.values().iter().sum::<f64>());
    let missing = |mean, why| Trend::missing(n, series.gaps(), mean, with_hamed_rao, why);
    if n == 0 {
        return Ok(missing(Err(Why::NoValidArea), Why::NoValidArea));
    }
    let mean = sum / count(n);
    if n < TREND_PERIODS {
        return Ok(missing(Ok(mean), Why::FewPeriods));
    }
    let first = series.values()[0];
    if series.values().iter().all(|value| *value == first) {
        return Ok(Trend {
            ols_slope: Ok(0.0),
            sen_slope: Ok(0.0),
            s: Ok(0),
            tau_a: Ok(0.0),
            epochs: EpochMeans {
                interval: Err(Why::Constant),
                p: Err(Why::Constant),
                ..epoch_means(&series, epochs)?
            },
            ..missing(Ok(first), Why::Constant)
        });
    }
    let line = ols(&series)?;
    let sen = theil_sen(&series, InterceptForm::Conover, CONFIDENCE_LEVEL)?;
    let test = mann_kendall(&series)?;
    let residuals = line.residual_sd > 0.0;
    let (low, high) = line.slope_interval(CONFIDENCE_LEVEL)?;
    let detectable = detectable_slope(series.times(), line.residual_sd, SIGNIFICANCE_LEVEL, POWER)?;
    let bounded = sen.interval.low.is_finite() && sen.interval.high.is_finite();
    Ok(Trend {
        n,
        gaps: series.gaps(),
        mean: Ok(mean),
        ols_slope: Ok(line.slope),
        ols_slope_se: Ok(line.slope_se),
        ols_interval: residuals.then_some([low, high]).ok_or(Why::NoSpread),
        sen_slope: Ok(sen.slope),
        sen_interval: bounded
            .then_some([sen.interval.low, sen.interval.high])
            .ok_or(Why::Unbounded),
        sen_coverage: bounded
            .then_some(sen.interval.coverage)
            .ok_or(Why::Unbounded),
        sen_method: bounded.then_some(sen.interval.method).ok_or(Why::Unbounded),
        s: Ok(test.s),
        tau_a: Ok(test.tau_a),
        tau_b: test.tau_b.ok_or(Why::Constant),
        p: Ok(test.p),
        p_method: Ok(test.p_method),
        hamed_rao_p: with_hamed_rao.then(|| hamed_rao_p(&series)).transpose()?,
        lag1: lag1_of_residuals(&series)?
            .filter(|_| residuals)
            .ok_or(Why::NoSpread),
        epochs: epoch_means(&series, epochs)?,
        detectable_slope: residuals.then_some(detectable).ok_or(Why::NoSpread),
    })
}

fn epoch_means(
    series: &Series,
    [before, after]: &[RangeInclusive<f64>; 2],
) -> Result<EpochMeans, StatsError> {
    let means = match epoch_difference(series, before, after, CONFIDENCE_LEVEL) {
        Ok(means) => means,
        Err(StatsError::TooFew { .. }) => {
            return Ok(EpochMeans {
                difference: Err(Why::FewInEpoch),
                difference_percent: Err(Why::FewInEpoch),
                interval: Err(Why::FewInEpoch),
                p: Err(Why::FewInEpoch),
            });
        }
        Err(error) => return Err(error),
    };
    let varies = means.se > 0.0;
    Ok(EpochMeans {
        difference: Ok(means.difference),
        difference_percent: means.relative_percent.ok_or(Why::ZeroBase),
        interval: varies
            .then_some([means.low, means.high])
            .ok_or(Why::NoSpread),
        p: varies.then_some(means.p).ok_or(Why::NoSpread),
    })
}

fn hamed_rao_p(series: &Series) -> Result<Figure, StatsError> {
    match hamed_rao(series, 0.05, None, HamedRaoSum::Absolute) {
        Ok(test) => Ok(test.p.ok_or(Why::NoSpread)),
        Err(StatsError::Unequal { .. }) => Ok(Err(Why::UnequalSteps)),
        Err(error) => Err(error),
    }
}

/// A count of periods as a float: far below two to the 53rd.
#[expect(clippy::cast_precision_loss, reason = "counts of periods are small")]
pub(super) fn count(n: usize) -> f64 {
    n as f64
}
