//! Draws into a few numbers.

/// What draws of one quantity say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawSummary {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Median.
    pub median: f64,
    /// 5 % of the draws are below.
    pub p05: f64,
    /// 95 % of the draws are below.
    pub p95: f64,
    /// Share of the draws above zero, 0 to 1.
    pub positive: f64,
}

impl DrawSummary {
    /// The summary of draws; `None` without any, or where one is not a number.
    ///
    /// Quantiles lie on straight lines between order statistics, the first at 0 and the last at 1 (type 7
    /// of Hyndman and Fan 1996, numpy's default). Sums run in the order of the draws.
    #[must_use]
    pub fn of(draws: &[f64]) -> Option<Self> {
        if draws.is_empty() || draws.iter().any(|draw| draw.is_nan()) {
            return None;
        }
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let squares: f64 = draws.iter().map(|draw| (draw - mean) * (draw - mean)).sum();
        let mut sorted = draws.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let quantile = |p: f64| {
            let at = p * (n - 1.0);
            let below = at.floor() as usize;
            let above = (below + 1).min(sorted.len() - 1);
            sorted[below] + (at - at.floor()) * (sorted[above] - sorted[below])
        };
        Some(Self {
            mean,
            sd: (squares / (n - 1.0).max(1.0)).sqrt(),
            median: quantile(0.5),
            p05: quantile(0.05),
            p95: quantile(0.95),
            positive: draws.iter().filter(|draw| **draw > 0.0).count() as f64 / n,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_list_by_hand() {
        // numpy.quantile([1, 2, 3, 4, 10], [0.05, 0.5, 0.95]) is [1.2, 3, 8.8].
        let summary = DrawSummary::of(&[10.0, 2.0, 3.0, 1.0, 4.0]).unwrap();
        assert_eq!((summary.mean, summary.median), (4.0, 3.0));
        assert!((summary.p05 - 1.2).abs() < 1e-12 && (summary.p95 - 8.8).abs() < 1e-12);
        assert!((summary.sd - 12.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(summary.positive, 1.0);
        let mixed = DrawSummary::of(&[-1.0, 0.0, 1.0, 2.0]).unwrap();
        assert_eq!(mixed.positive, 0.5);
        assert_eq!(DrawSummary::of(&[]), None);
        assert_eq!(DrawSummary::of(&[1.0, f64::NAN]), None);
    }
}
