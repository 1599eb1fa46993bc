//! The national series: few years, few events, and what they can show.

use nutag_stats::Series;
use nutag_stats::StatsError;
use nutag_stats::classify::{Auc, Logistic, Penalty, auc, exact_two_sided_p, logistic};
use nutag_stats::linear::{Correlation, LeastSquares, least_squares, pearson, spearman};
use nutag_stats::mann_kendall::mann_kendall;

/// What a national series shows.
#[derive(Debug, Clone, PartialEq)]
pub struct NationalValidation {
    /// Years.
    pub n: usize,
    /// Years above the event threshold.
    pub event_years: Vec<i32>,
    /// Of the logit of the rate with the index; years taken as independent.
    pub pearson: Correlation,
    /// Of the ranks.
    pub spearman: Correlation,
    /// Kendall's tau with its exact p; `None` if two years have the same rate.
    pub kendall: Option<Correlation>,
    /// The AUC of the index.
    pub auc: Auc,
    /// Its exact two-sided p over all choices of the event years; `None` with ties.
    pub exact_p: Option<f64>,
    /// The logit of the rate on both regressors.
    pub regression: LeastSquares,
    /// The event on both, by maximum likelihood; `None` where it has no maximum.
    pub likelihood: Option<Logistic>,
    /// The same with Firth's penalty.
    pub firth: Logistic,
    /// The AUC of years that did not teach Firth's regression.
    pub auc_left_out: f64,
}

/// Validates a series of one country: `rates` 0 to 1 (not 0 or 1), mean winter anomaly and mean index
/// of the summer before, by year.
///
/// # Errors
/// Returns an error if the lengths differ, a rate has no logit, or there are no events or nothing
/// else.
pub fn validate_national(
    years: &[i32],
    rates: &[f64],
    winter_z: &[f64],
    summer_index: &[f64],
    event_above: f64,
) -> Result<NationalValidation, StatsError> {
    for (what, found) in [
        ("rates", rates.len()),
        ("winter anomalies", winter_z.len()),
        ("summer indices", summer_index.len()),
    ] {
        if found != years.len() {
            return Err(StatsError::Length {
                what,
                of: "years",
                expected: years.len(),
                found,
            });
        }
    }
    if let Some(rate) = rates.iter().find(|rate| !(**rate > 0.0 && **rate < 1.0)) {
        return Err(StatsError::Domain {
            what: "a mortality whose logit is taken",
            expected: "above 0 and below 1",
            found: *rate,
        });
    }
    let logit: Vec<f64> = rates.iter().map(|r| libm::log(r / (1.0 - r))).collect();
    let index: Vec<f64> = winter_z
        .iter()
        .zip(summer_index)
        .map(|(z, s)| -z - s)
        .collect();
    let events: Vec<bool> = rates.iter().map(|rate| *rate > event_above).collect();
    let rows: Vec<Vec<f64>> = winter_z
        .iter()
        .zip(summer_index)
        .map(|(z, s)| vec![*z, *s])
        .collect();
    let mut left_out = Vec::with_capacity(rows.len());
    for out in 0..rows.len() {
        let keep = |i: &usize| *i != out;
        let taught: Vec<Vec<f64>> = (0..rows.len())
            .filter(keep)
            .map(|i| rows[i].clone())
            .collect();
        let known: Vec<bool> = (0..rows.len()).filter(keep).map(|i| events[i]).collect();
        left_out.push(logistic(&taught, &known, Penalty::Firth)?.probability(&rows[out]));
    }
    Ok(NationalValidation {
        n: years.len(),
        event_years: years
            .iter()
            .zip(&events)
            .filter(|(_, event)| **event)
            .map(|(year, _)| *year)
            .collect(),
        pearson: pearson(&logit, &index)?,
        spearman: spearman(&logit, &index)?,
        kendall: kendall(&logit, &index)?,
        auc: auc(&index, &events)?,
        exact_p: exact_two_sided_p(&index, &events)?,
        regression: least_squares(&rows, &logit)?,
        likelihood: logistic(&rows, &events, Penalty::None).ok(),
        firth: logistic(&rows, &events, Penalty::Firth)?,
        auc_left_out: auc(&left_out, &events)?.auc,
    })
}

/// Kendall's tau: Mann and Kendall's S of `y` in the order of `x`, over the number of pairs.
fn kendall(x: &[f64], y: &[f64]) -> Result<Option<Correlation>, StatsError> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    if order.windows(2).any(|pair| x[pair[0]] == x[pair[1]]) {
        return Ok(None);
    }
    let values: Vec<Option<f64>> = order.iter().map(|i| Some(y[*i])).collect();
    let test = mann_kendall(&Series::annual(1, &values)?)?;
    Ok(test.tau_b.map(|r| Correlation { r, p: test.p }))
}

impl NationalValidation {
    /// What may be said of the national series, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let skilled = self.regression.r2_press > 0.0
            && self.auc_left_out > 0.5
            && self.exact_p.is_some_and(|p| p < 0.05);
        let found = format!(
            "{} years with {} dzud years: R2 {:.2}, left out {:.2}; AUC {:.2}, left out {:.2}{}",
            self.n,
            self.event_years.len(),
            self.regression.r2,
            self.regression.r2_press,
            self.auc.auc,
            self.auc_left_out,
            self.exact_p
                .map(|p| format!(", exact p {p:.2}"))
                .unwrap_or_default()
        );
        if skilled {
            format!(
                "Winter cold after summer drought is associated with national losses ({found})."
            )
        } else {
            format!(
                "At the national level these two regressors have no skill: they do not foresee a year that was left out ({found})."
            )
        }
    }
}
