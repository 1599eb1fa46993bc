//! A model beside towers.

/// How well estimates follow observations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Pairs in which both are known.
    pub n: usize,
    /// Square of Pearson's correlation; NaN where either is constant.
    pub r2: f64,
    /// Root of the mean squared difference, in the unit of the values.
    pub rmse: f64,
    /// Mean of estimate less observation.
    pub bias: f64,
    /// Mean estimate over mean observation.
    pub ratio_of_means: f64,
    /// Slope of the geometric mean regression, with the sign of the correlation.
    pub slope: f64,
    /// Willmott's index of agreement d (1981), 0 to 1.
    pub willmott_d: f64,
    /// Mean of the observations.
    pub mean_observed: f64,
}

/// Compares pairs of (estimate, observation). `None` for fewer than two pairs.
#[must_use]
pub fn agreement(pairs: &[(f64, f64)]) -> Option<Agreement> {
    if pairs.len() < 2 {
        return None;
    }
    let n = pairs.iter().fold(0.0, |n: f64, _| n + 1.0);
    let mean_estimate = pairs.iter().map(|(e, _)| e).sum::<f64>() / n;
    let mean_observed = pairs.iter().map(|(_, o)| o).sum::<f64>() / n;
    let (mut ee, mut oo, mut eo, mut squares, mut potential) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (estimate, observed) in pairs {
        let (de, d_o) = (estimate - mean_estimate, observed - mean_observed);
        ee += de * de;
        oo += d_o * d_o;
        eo += de * d_o;
        let difference = estimate - observed;
        squares += difference * difference;
        let reach = (estimate - mean_observed).abs() + d_o.abs();
        potential += reach * reach;
    }
    Some(Agreement {
        n: pairs.len(),
        r2: eo * eo / (ee * oo),
        rmse: (squares / n).sqrt(),
        bias: mean_estimate - mean_observed,
        ratio_of_means: mean_estimate / mean_observed,
        slope: (ee / oo).sqrt().copysign(eo),
        willmott_d: 1.0 - squares / potential,
        mean_observed,
    })
}
