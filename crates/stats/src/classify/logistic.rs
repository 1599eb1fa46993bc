//! Logistic regression by maximum likelihood or with Firth's penalty.

use crate::StatsError;
use crate::linear::{Matrix, cholesky_inverse};
use crate::series::count;

/// Steps before the search gives up.
const STEPS: usize = 200;

/// What is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Penalty {
    /// The likelihood.
    None,
    /// The likelihood times the root of the determinant of the information (Firth 1993): less biased
    /// with few events, and finite where events and the rest do not overlap.
    Firth,
}

/// A fitted regression. The first coefficient is the intercept.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// Intercept and slopes.
    pub b: Vec<f64>,
    /// Inverse of the information at `b`: variances if rows are independent.
    pub covariance: Matrix,
    /// The logarithm of the likelihood, without the penalty.
    pub log_likelihood: f64,
    /// Events.
    pub events: usize,
    /// Rows.
    pub n: usize,
}

impl Logistic {
    /// The probability of an event at the given regressors.
    #[must_use]
    pub fn probability(&self, regressors: &[f64]) -> f64 {
        probability(&self.b, regressors)
    }

    /// Standard errors if rows are independent.
    #[must_use]
    pub fn se(&self) -> Vec<f64> {
        (0..self.b.len())
            .map(|k| libm::sqrt(self.covariance.at(k, k)))
            .collect()
    }

    /// Standard errors with rows of one group dependent in any way: the sandwich over groups, without a
    /// factor for small samples (Liang and Zeger 1986).
    ///
    /// # Errors
    /// Returns an error if the lengths differ.
    pub fn se_by_group(
        &self,
        rows: &[Vec<f64>],
        events: &[bool],
        groups: &[i32],
    ) -> Result<Vec<f64>, StatsError> {
        for (what, found) in [("events", events.len()), ("groups", groups.len())] {
            if found != rows.len() {
                return Err(StatsError::Length {
                    what,
                    of: "rows",
                    expected: rows.len(),
                    found,
                });
            }
        }
        let k = self.b.len();
        let mut scores: std::collections::BTreeMap<i32, Vec<f64>> =
            std::collections::BTreeMap::new();
        for ((row, event), group) in rows.iter().zip(events).zip(groups) {
            let rest = f64::from(u8::from(*event)) - probability(&self.b, row);
            let sum = scores.entry(*group).or_insert_with(|| vec![0.0; k]);
            sum[0] += rest;
            for (sum, x) in sum[1..].iter_mut().zip(row) {
                *sum += x * rest;
            }
        }
        let mut meat = Matrix::zero(k);
        for score in scores.values() {
            for i in 0..k {
                for j in 0..k {
                    meat.add(i, j, score[i] * score[j]);
                }
            }
        }
        let sandwich = self.covariance.times(&meat).times(&self.covariance);
        Ok((0..k).map(|i| libm::sqrt(sandwich.at(i, i))).collect())
    }
}

fn probability(b: &[f64], row: &[f64]) -> f64 {
    let linear = b[0] + b[1..].iter().zip(row).map(|(b, x)| b * x).sum::<f64>();
    1.0 / (1.0 + libm::exp(-linear))
}

/// Fits the probability of an event to rows of regressors (without the 1 of the intercept).
///
/// # Errors
/// Returns an error if the lengths differ, a number is not finite, there are too few rows, the
/// regressors are collinear, or the likelihood has no maximum (events and the rest do not overlap, or
/// there is only one of them; Firth's penalty has one even then).
pub fn logistic(
    rows: &[Vec<f64>],
    events: &[bool],
    penalty: Penalty,
) -> Result<Logistic, StatsError> {
    let k = rows.first().map_or(0, Vec::len) + 1;
    check(rows, events, k)?;
    let n_events = events.iter().filter(|event| **event).count();
    if penalty == Penalty::None && (n_events == 0 || n_events == events.len()) {
        return Err(StatsError::NoMaximum {
            what: "the logistic regression",
            hint: "all rows or none are events; use Firth's penalty, or leave the model out",
        });
    }
    let mut b = vec![0.0; k];
    let mut at = State::of(rows, events, &b).ok_or(COLLINEAR)?;
    for _ in 0..STEPS {
        let score = at.score(rows, events, penalty);
        let step = at.covariance.times_vector(&score);
        let size = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
        let mut share = (5.0 / size.max(5.0)).min(1.0);
        let mut next = None;
        for _ in 0..40 {
            let candidate: Vec<f64> = b.iter().zip(&step).map(|(b, s)| b + share * s).collect();
            if let Some(state) = State::of(rows, events, &candidate)
                && state.value(penalty) >= at.value(penalty) - 1e-10
            {
                next = Some((candidate, state));
                break;
            }
            share *= 0.5;
        }
        let Some((candidate, state)) = next else {
            break;
        };
        b = candidate;
        at = state;
        if size < 1e-12 {
            break;
        }
        if b.iter().any(|b| b.abs() > 1e4) {
            break;
        }
    }
    let score = at.score(rows, events, penalty);
    let rest = at.covariance.times_vector(&score);
    // Without a maximum the slopes run away and the probabilities reach 0 and 1.
    let settled = rest.iter().all(|s| s.abs() < 1e-7);
    let told_apart = at.weights.iter().all(|w| *w < 1e-7);
    if !settled || told_apart && penalty == Penalty::None {
        return Err(StatsError::NoMaximum {
            what: "the logistic regression",
            hint: "the regressors tell all events from the rest; use Firth's penalty",
        });
    }
    Ok(Logistic {
        b,
        covariance: at.covariance,
        log_likelihood: at.log_likelihood,
        events: n_events,
        n: rows.len(),
    })
}

const COLLINEAR: StatsError = StatsError::NoMaximum {
    what: "the logistic regression",
    hint: "a regressor is constant or the sum of others; leave it out",
};

fn check(rows: &[Vec<f64>], events: &[bool], k: usize) -> Result<(), StatsError> {
    if rows.len() != events.len() {
        return Err(StatsError::Length {
            what: "events",
            of: "rows",
            expected: rows.len(),
            found: events.len(),
        });
    }
    if rows.len() <= k {
        return Err(StatsError::TooFew {
            what: "the logistic regression",
            needed: k + 1,
            found: rows.len(),
        });
    }
    for (index, row) in rows.iter().enumerate() {
        if row.len() + 1 != k {
            return Err(StatsError::Length {
                what: "a row",
                of: "the first row",
                expected: k - 1,
                found: row.len(),
            });
        }
        if let Some(x) = row.iter().find(|x| !x.is_finite()) {
            return Err(StatsError::NotFinite {
                what: "regressor of row",
                index,
                found: *x,
            });
        }
    }
    Ok(())
}

/// Everything at one choice of coefficients.
struct State {
    probabilities: Vec<f64>,
    weights: Vec<f64>,
    covariance: Matrix,
    log_determinant: f64,
    log_likelihood: f64,
}

impl State {
    fn of(rows: &[Vec<f64>], events: &[bool], b: &[f64]) -> Option<Self> {
        let k = b.len();
        let mut information = Matrix::zero(k);
        let mut log_likelihood = 0.0;
        let (mut probabilities, mut weights) = (Vec::new(), Vec::new());
        for (row, event) in rows.iter().zip(events) {
            let linear = b[0] + b[1..].iter().zip(row).map(|(b, x)| b * x).sum::<f64>();
            let signed = if *event { linear } else { -linear };
            // ln(1/(1 + e^-signed)) without overflow.
            log_likelihood -= if signed > 0.0 {
                libm::log1p(libm::exp(-signed))
            } else {
                libm::log1p(libm::exp(signed)) - signed
            };
            let p = 1.0 / (1.0 + libm::exp(-linear));
            let w = p * (1.0 - p);
            let at = |i: usize| if i == 0 { 1.0 } else { row[i - 1] };
            for i in 0..k {
                for j in 0..k {
                    information.add(i, j, w * at(i) * at(j));
                }
            }
            probabilities.push(p);
            weights.push(w);
        }
        let (covariance, log_determinant) = cholesky_inverse(&information)?;
        log_likelihood.is_finite().then_some(Self {
            probabilities,
            weights,
            covariance,
            log_determinant,
            log_likelihood,
        })
    }

    fn value(&self, penalty: Penalty) -> f64 {
        match penalty {
            Penalty::None => self.log_likelihood,
            Penalty::Firth => self.log_likelihood + 0.5 * self.log_determinant,
        }
    }

    fn score(&self, rows: &[Vec<f64>], events: &[bool], penalty: Penalty) -> Vec<f64> {
        let k = self.covariance.size();
        let mut score = vec![0.0; k];
        for (index, (row, event)) in rows.iter().zip(events).enumerate() {
            let p = self.probabilities[index];
            let mut rest = f64::from(u8::from(*event)) - p;
            if penalty == Penalty::Firth {
                let at = |i: usize| if i == 0 { 1.0 } else { row[i - 1] };
                let mut leverage = 0.0;
                for i in 0..k {
                    for j in 0..k {
                        leverage += at(i) * self.covariance.at(i, j) * at(j);
                    }
                }
                rest += self.weights[index] * leverage * (0.5 - p);
            }
            score[0] += rest;
            for (score, x) in score[1..].iter_mut().zip(row) {
                *score += x * rest;
            }
        }
        score
    }
}

impl Logistic {
    /// Events for each coefficient; below 10 Firth's penalty is the better choice (Peduzzi et al. 1996).
    #[must_use]
    pub fn events_per_coefficient(&self) -> f64 {
        count(self.events.min(self.n - self.events)) / count(self.b.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_are_their_log_odds() {
        // 3 of 10 and 6 of 10: intercept ln(3/7), slope ln(6/4) - ln(3/7).
        let rows: Vec<Vec<f64>> = (0..20)
            .map(|i| vec![f64::from(u8::from(i >= 10))])
            .collect();
        let events: Vec<bool> = (0..20)
            .map(|i| i % 10 < if i < 10 { 3 } else { 6 })
            .collect();
        let fit = logistic(&rows, &events, Penalty::None).unwrap();
        assert!((fit.b[0] - (3.0_f64 / 7.0).ln()).abs() < 1e-10);
        assert!((fit.b[1] - (1.5_f64).ln() + (3.0_f64 / 7.0).ln()).abs() < 1e-10);
        // Firth on a table of two groups adds a half to each cell.
        let firth = logistic(&rows, &events, Penalty::Firth).unwrap();
        assert!(
            (firth.b[0] - (3.5_f64 / 7.5).ln()).abs() < 1e-9,
            "{:?}",
            firth.b
        );
    }

    #[test]
    fn what_has_no_maximum_is_refused_and_firth_has_one() {
        let rows: Vec<Vec<f64>> = (0..12).map(|i| vec![f64::from(i)]).collect();
        let events: Vec<bool> = (0..12).map(|i| i >= 6).collect();
        assert!(logistic(&rows, &events, Penalty::None).is_err());
        let firth = logistic(&rows, &events, Penalty::Firth).unwrap();
        assert!(firth.b[1] > 0.0 && firth.b[1] < 10.0);
        assert!(logistic(&rows, &[false; 12], Penalty::None).is_err());
        assert!(logistic(&rows, &[false; 12], Penalty::Firth).is_ok());
        let same = vec![vec![1.0]; 12];
        assert!(logistic(&same, &events, Penalty::Firth).is_err());
    }
}
