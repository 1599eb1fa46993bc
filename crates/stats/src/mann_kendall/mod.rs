//! Mann-Kendall: is there a monotonic trend, by the signs of all pairs.
//!
//! The p is exact where there are no ties and n <= 40, and the tie-corrected normal with continuity
//! otherwise; [`PMethod`] says which. The normal is good to about 0.002 near p = 0.05 at n = 12 but
//! twice too large in the far tail, which matters for false discovery rates.
//!
//! With a dozen values no correction for autocorrelation works, so the plain test is the default;
//! [`serial`] holds the published corrections as options.

mod null;
pub mod serial;
pub mod trends_earth;

pub use null::{EXACT_MAX_N, ExactNull, exact_null};

use crate::quantile::normal_two_sided_p;
use crate::series::count;
use crate::{Series, StatsError};

/// Where a p comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PMethod {
    /// The exact null distribution of S: no ties, n <= 40.
    Exact,
    /// The normal approximation with tie-corrected variance and continuity correction.
    NormalTieCorrected,
}

impl PMethod {
    /// The name used in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::NormalTieCorrected => "normal-tie-corrected",
        }
    }
}

/// A Mann-Kendall test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Values used.
    pub n: usize,
    /// Missing values left out.
    pub gaps: usize,
    /// Rising pairs minus falling pairs.
    pub s: i64,
    /// Variance of S under no trend, corrected for ties.
    pub var_s: f64,
    /// `sum t(t-1)(2t+5)` over groups of `t` equal values; 0 without ties.
    pub tie_term: u64,
    /// `S / (n(n-1)/2)`.
    pub tau_a: f64,
    /// Kendall's tau-b against time; `None` if all values are equal.
    pub tau_b: Option<f64>,
    /// `(S - sgn S) / sqrt(var_s)`; 0 if all values are equal.
    pub z: f64,
    /// Two-sided p.
    pub p: f64,
    /// Where `p` comes from.
    pub p_method: PMethod,
}

/// Tests a series for a monotonic trend.
///
/// # Errors
/// Fewer than two values.
pub fn mann_kendall(series: &Series) -> Result<MannKendall, StatsError> {
    series.at_least("the Mann-Kendall test", 2)?;
    let values = series.values();
    let n = values.len();
    let s = score(values);
    let tie_term = tie_term(values);
    let pairs = count(n) * (count(n) - 1.0) / 2.0;
    let tied = tied_pairs(values);
    let untied = pairs - count(tied);
    let (p, p_method) = two_sided_p(n, s.unsigned_abs(), tie_term);
    Ok(MannKendall {
        n,
        gaps: series.gaps(),
        s,
        var_s: kendall_variance_times_18(n, tie_term) / 18.0,
        tie_term,
        tau_a: exact_integer(s) / pairs,
        tau_b: (untied > 0.0).then(|| exact_integer(s) / libm::sqrt(untied * pairs)),
        z: z_with_continuity(s, kendall_variance_times_18(n, tie_term) / 18.0),
        p,
        p_method,
    })
}

/// Two-sided p of `|S| >= abs_s` for `n >= 2` values whose ties have the given
/// [`MannKendall::tie_term`], and where it comes from.
#[must_use]
pub fn two_sided_p(n: usize, abs_s: u64, tie_term: u64) -> (f64, PMethod) {
    if tie_term == 0 && n <= EXACT_MAX_N {
        return (exact_null(n).two_sided_p(abs_s), PMethod::Exact);
    }
    let variance = kendall_variance_times_18(n, tie_term) / 18.0;
    let p = if abs_s == 0 || variance <= 0.0 {
        1.0
    } else {
        normal_two_sided_p((exact_count(abs_s) - 1.0) / libm::sqrt(variance))
    };
    (p, PMethod::NormalTieCorrected)
}

/// Rising pairs minus falling pairs.
pub(crate) fn score(values: &[f64]) -> i64 {
    let mut s = 0;
    for (i, earlier) in values.iter().enumerate() {
        for later in &values[i + 1..] {
            s += i64::from(later > earlier) - i64::from(later < earlier);
        }
    }
    s
}

/// `sum t(t-1)(2t+5)` over groups of `t` equal values.
pub(crate) fn tie_term(values: &[f64]) -> u64 {
    tie_groups(values).map(|t| t * (t - 1) * (2 * t + 5)).sum()
}

fn tied_pairs(values: &[f64]) -> usize {
    tie_groups(values)
        .map(|t| usize::try_from(t * (t - 1) / 2).unwrap_or(usize::MAX))
        .sum()
}

/// Sizes of the groups of equal values.
fn tie_groups(values: &[f64]) -> impl Iterator<Item = u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let groups: Vec<u64> = sorted
        .chunk_by(|a, b| a == b)
        .map(|group| group.len() as u64)
        .collect();
    groups.into_iter()
}

/// `18 Var S = n(n-1)(2n+5) - tie_term`, an integer.
pub(crate) fn kendall_variance_times_18(n: usize, tie_term: u64) -> f64 {
    let n = n as u64;
    exact_count(n * n.saturating_sub(1) * (2 * n + 5) - tie_term)
}

/// `(S - sgn S) / sqrt(variance)`; 0 where the variance is.
pub(crate) fn z_with_continuity(s: i64, variance: f64) -> f64 {
    if s == 0 || variance <= 0.0 {
        0.0
    } else {
        (exact_integer(s) - exact_integer(s.signum())) / libm::sqrt(variance)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "scores stay far below two to the 53rd"
)]
pub(crate) fn exact_integer(s: i64) -> f64 {
    s as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts stay far below two to the 53rd"
)]
fn exact_count(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(values: &[f64]) -> MannKendall {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        mann_kendall(&Series::annual(2001, &values).unwrap()).unwrap()
    }

    #[test]
    fn twelve_rising_values() {
        let rising: Vec<f64> = (0..12).map(f64::from).collect();
        let mk = test(&rising);
        assert_eq!((mk.s, mk.tau_a, mk.tau_b), (66, 1.0, Some(1.0)));
        assert!((mk.var_s - 212.667).abs() < 1e-3);
        // 2 / 12!
        assert_eq!(mk.p, 2.0 / 479_001_600.0);
        assert_eq!(mk.p_method, PMethod::Exact);
    }

    #[test]
    fn all_equal_values_are_no_trend() {
        let mk = test(&[7.0; 12]);
        assert_eq!(
            (mk.s, mk.var_s, mk.z, mk.p, mk.tau_b),
            (0, 0.0, 0.0, 1.0, None)
        );
        assert_eq!(mk.p_method, PMethod::NormalTieCorrected);
    }

    #[test]
    fn a_step_with_ties() {
        // Six lows then six highs: 36 rising pairs, two groups of six.
        let mk = test(&[1., 1., 1., 1., 1., 1., 2., 2., 2., 2., 2., 2.]);
        assert_eq!((mk.s, mk.tie_term), (36, 2 * 6 * 5 * 17));
        assert_eq!(mk.p_method, PMethod::NormalTieCorrected);
        assert_eq!(mk.tau_b, Some(36.0 / (36.0_f64 * 66.0).sqrt()));
    }

    #[test]
    fn a_missing_year_changes_n_not_the_order() {
        let series = Series::annual(2001, &[Some(-3.0), None, Some(-2.0), Some(-5.0)]).unwrap();
        let mk = mann_kendall(&series).unwrap();
        assert_eq!((mk.n, mk.gaps, mk.s, mk.p), (3, 1, -1, 1.0));
    }

    #[test]
    fn beyond_forty_values_the_normal_takes_over() {
        let rising: Vec<f64> = (0..41).map(f64::from).collect();
        assert_eq!(test(&rising).p_method, PMethod::NormalTieCorrected);
        assert_eq!(test(&rising[..40]).p_method, PMethod::Exact);
    }
}
