//! The light response curve of one window, and the cascade of fits that holds its parameters
//! within bounds.

use crate::partition::respiration::{REFERENCE_C, exponent};
use crate::summary::quantile_sorted;

use super::minimise::{Minimum, hessian, inverse, minimise};
use super::window::Outcome;

/// Above this vapour pressure deficit uptake is held back, in hPa.
const VPD_FROM_HPA: f64 = 10.0;
/// The greatest initial slope, in umol J-1.
const MOST_ALPHA: f64 = 0.22;
/// The prior of the effect of the vapour pressure deficit, in 1/hPa, and of the initial slope.
const PRIOR_K: f64 = 0.05;
const PRIOR_ALPHA: f64 = 0.1;
/// Standard deviations of the priors.
const PRIOR_SD: [f64; 4] = [50.0, 600.0, 10.0, 80.0];
/// Uptake at saturation from which a fit is no fit, in umol m-2 s-1, and from which it must be
/// better known than its size.
const NO_FIT_BETA: f64 = 250.0;
const UNSURE_BETA: f64 = 100.0;

/// Parameters: effect of the vapour pressure deficit (1/hPa), uptake at saturation (umol m-2 s-1),
/// initial slope (umol J-1), respiration at 15 degrees Celsius (umol m-2 s-1).
pub(super) type Parameters = [f64; 4];

/// The half-hours of day of a window.
#[derive(Debug, Clone)]
pub(super) struct Days {
    pub nee: Vec<f64>,
    /// What the misfit of a row is divided by.
    pub sd: Vec<f64>,
    pub radiation_w_m2: Vec<f64>,
    /// NaN is missing.
    pub vpd_hpa: Vec<f64>,
    pub temperature_c: Vec<f64>,
}

/// What a fit is given beside the rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub sensitivity_k: f64,
    pub night_basal: f64,
    /// Initial slope of the last window that was fitted.
    pub last_alpha: Option<f64>,
    /// Whether the vapour pressure deficit is left out.
    pub without_vpd: bool,
}

/// A fit within bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    pub parameters: Parameters,
    /// Standard deviations; NaN for a parameter that was held.
    pub sd: Parameters,
    /// Whether each parameter was fitted.
    pub fitted: [bool; 4],
}

/// GPP in umol m-2 s-1.
pub(super) fn gpp([k, beta, alpha, _]: Parameters, radiation_w_m2: f64, vpd_hpa: f64) -> f64 {
    let most = if k == 0.0 {
        beta
    } else if vpd_hpa > VPD_FROM_HPA {
        beta * libm::exp(-k * (vpd_hpa - VPD_FROM_HPA))
    } else if vpd_hpa.is_nan() {
        f64::NAN
    } else {
        beta
    };
    most * alpha * radiation_w_m2 / (alpha * radiation_w_m2 + most)
}

struct Tried {
    parameters: Parameters,
    fitted: [bool; 4],
    cost: f64,
    hessian: Option<Vec<Vec<f64>>>,
}

/// Fits the curve from three starts and keeps the one that fits best.
pub(super) fn fit(days: &Days, given: &Given) -> Result<Curve, Outcome> {
    let mut nee = days.nee.clone();
    nee.sort_unstable_by(f64::total_cmp);
    let span = (quantile_sorted(&nee, 0.03) - quantile_sorted(&nee, 0.97)).abs();
    let prior = [PRIOR_K, span, PRIOR_ALPHA, given.night_basal];
    let relative: Vec<f64> = days
        .temperature_c
        .iter()
        .map(|&t| libm::exp(given.sensitivity_k * exponent(t, REFERENCE_C)))
        .collect();
    let problem = Problem {
        days,
        relative,
        prior,
    };
    let mut best: Option<Tried> = None;
    let mut first_failure = None;
    for part in [1.0, 1.3, 0.8] {
        let mut start = prior;
        start[1] *= part;
        match within_bounds(&problem, start, given) {
            Ok(tried) => {
                if best.as_ref().is_none_or(|best| tried.cost < best.cost) {
                    best = Some(tried);
                }
            }
            Err(outcome) => {
                if part == 1.0 {
                    first_failure = Some(outcome);
                }
            }
        }
    }
    let Some(best) = best else {
        return Err(first_failure.unwrap_or(Outcome::OutOfBounds));
    };
    with_spread(&best)
}

fn with_spread(tried: &Tried) -> Result<Curve, Outcome> {
    let hessian = tried.hessian.as_ref().ok_or(Outcome::Singular)?;
    let n = hessian.len();
    let covariance = if hessian[0][0] < 1e-8 {
        // The first parameter does not matter: what is left is inverted without it.
        let rest: Vec<Vec<f64>> = hessian[1..].iter().map(|row| row[1..].to_vec()).collect();
        let rest = inverse(&rest).ok_or(Outcome::Singular)?;
        let mut whole = vec![vec![0.0; n]; n];
        for (row, rest) in whole[1..].iter_mut().zip(rest) {
            row[1..].copy_from_slice(&rest);
        }
        whole
    } else {
        inverse(hessian).ok_or(Outcome::Singular)?
    };
    if (0..n).any(|i| covariance[i][i] < 0.0) {
        return Err(Outcome::NegativeVariance);
    }
    let mut sd = [f64::NAN; 4];
    let positions = (0..4).filter(|&p| tried.fitted[p]);
    for (i, position) in positions.enumerate() {
        sd[position] = covariance[i][i].sqrt();
    }
    let beta = tried.parameters[1];
    if beta > UNSURE_BETA && sd[1] >= beta {
        return Err(Outcome::OutOfBounds);
    }
    Ok(Curve {
        parameters: tried.parameters,
        sd,
        fitted: tried.fitted,
    })
}

/// The cascade: a parameter that comes out where it cannot be is held, and the rest fitted again.
fn within_bounds(
    problem: &Problem<'_>,
    start: Parameters,
    given: &Given,
) -> Result<Tried, Outcome> {
    let last_alpha = given.last_alpha.unwrap_or(MOST_ALPHA);
    let dry = problem.days.vpd_hpa.iter().any(|&v| v >= VPD_FROM_HPA);
    let mut start = start;
    if given.without_vpd {
        start[0] = 0.0;
    }
    let mut hold = [given.without_vpd || !dry, false, false, false];
    let mut found = problem.search(start, hold)?;
    let k_failed = found.at(0) < 0.0;
    if k_failed {
        (hold[0], start[0]) = (true, 0.0);
        found = problem.search(start, hold)?;
    }
    if found.at(2) > MOST_ALPHA {
        (hold[2], start[2]) = (true, last_alpha);
        found = problem.search(start, hold)?;
        if !k_failed && found.at(0) < 0.0 {
            (hold[0], start[0]) = (true, 0.0);
            found = problem.search(start, hold)?;
        }
    }
    if !found.minimum.converged {
        return Err(Outcome::NoEnd);
    }
    let [_, beta, alpha, basal] = found.parameters;
    if alpha < 0.0 || basal < 0.0 || !(0.0..NO_FIT_BETA).contains(&beta) {
        return Err(Outcome::OutOfBounds);
    }
    Ok(Tried {
        parameters: found.parameters,
        fitted: found.fitted,
        cost: found.minimum.cost,
        hessian: problem.hessian(&found),
    })
}

/// Where a search ended, with the parameters that were held in their places.
struct Found {
    parameters: Parameters,
    fitted: [bool; 4],
    minimum: Minimum,
}

impl Found {
    fn at(&self, position: usize) -> f64 {
        self.parameters[position]
    }
}

struct Problem<'a> {
    days: &'a Days,
    /// Respiration relative to that at 15 degrees Celsius.
    relative: Vec<f64>,
    prior: Parameters,
}

impl Problem<'_> {
    /// Misfit to the rows and to the priors of the parameters that are fitted.
    fn cost(&self, parameters: Parameters, fitted: [bool; 4]) -> f64 {
        let days = self.days;
        let mut misfit = 0.0;
        for row in 0..days.nee.len() {
            let gpp = gpp(parameters, days.radiation_w_m2[row], days.vpd_hpa[row]);
            let nep = gpp - parameters[3] * self.relative[row];
            let off = (nep + days.nee[row]) / days.sd[row];
            misfit += off * off;
        }
        let mut from_prior = 0.0;
        for i in (0..4).filter(|&i| fitted[i]) {
            let off = (parameters[i] - self.prior[i]) / PRIOR_SD[i];
            from_prior += off * off;
        }
        misfit + from_prior
    }

    /// Fits the parameters that are not held.
    fn search(&self, start: Parameters, hold: [bool; 4]) -> Result<Found, Outcome> {
        let fitted = hold.map(|held| !held);
        let free: Vec<f64> = (0..4).filter(|&i| fitted[i]).map(|i| start[i]).collect();
        let cost = |free: &[f64]| self.cost(placed(start, fitted, free), fitted);
        let minimum = minimise(&cost, &free).ok_or(Outcome::NotFinite)?;
        Ok(Found {
            parameters: placed(start, fitted, &minimum.at),
            fitted,
            minimum,
        })
    }

    fn hessian(&self, found: &Found) -> Option<Vec<Vec<f64>>> {
        let cost =
            |free: &[f64]| self.cost(placed(found.parameters, found.fitted, free), found.fitted);
        hessian(&cost, &found.minimum.at)
    }
}

/// All parameters, those that are free taken from `free`.
fn placed(all: Parameters, fitted: [bool; 4], free: &[f64]) -> Parameters {
    let mut all = all;
    let positions = (0..4).filter(|&i| fitted[i]);
    for (position, &value) in positions.zip(free) {
        all[position] = value;
    }
    all
}
