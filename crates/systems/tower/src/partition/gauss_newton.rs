//! The least squares fit of basal respiration and its sensitivity, stepped and stopped as R's `nls`
//! does it: when it stops is part of its result.

use super::respiration::exponent;

/// The relative offset below which the fit has converged.
const TOLERANCE: f64 = 1e-5;
/// The shortest step tried.
const LEAST_FACTOR: f64 = 1.0 / 1024.0;
/// A second column shorter than this part of itself, once the first is taken out, is no column.
const RANK_TOLERANCE: f64 = 1e-7;

/// A fit of respiration to temperature.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub sensitivity_k: f64,
    pub sensitivity_sd_k: f64,
    /// Measured less fitted, in the order of the rows.
    pub residuals: Vec<f64>,
}

/// Where a fit starts, and how long it may go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub basal: f64,
    pub sensitivity_k: f64,
    pub steps: usize,
}

/// Where the fit stands: residuals, and the gradient orthogonalised.
struct State {
    residuals: Vec<f64>,
    deviance: f64,
    /// Lengths of the two orthogonal columns, and the part of the second along the first.
    r11: f64,
    r12: f64,
    r22: f64,
    /// Residuals along the two columns.
    along: [f64; 2],
    /// Squared residuals across them.
    across: f64,
}

/// Fits `respiration` to `temperature_c`; `None` where R's `nls` stops with an error.
pub(super) fn fit(
    respiration: &[f64],
    temperature_c: &[f64],
    reference_c: f64,
    start: Start,
) -> Option<Fit> {
    let n = respiration.len();
    let exponents: Vec<f64> = temperature_c
        .iter()
        .map(|&t| exponent(t, reference_c))
        .collect();
    let mut at = [start.basal, start.sensitivity_k];
    let mut state = State::at(at, respiration, &exponents)?;
    let mut factor: f64 = 1.0;
    let mut converged = false;
    for _ in 0..start.steps {
        if state.offset() <= TOLERANCE {
            converged = true;
            break;
        }
        let step = state.step();
        loop {
            if factor < LEAST_FACTOR {
                return None;
            }
            let next = [at[0] + factor * step[0], at[1] + factor * step[1]];
            let tried = State::at(next, respiration, &exponents)?;
            if tried.deviance <= state.deviance {
                factor = (2.0 * factor).min(1.0);
                at = next;
                state = tried;
                break;
            }
            factor /= 2.0;
        }
    }
    if !converged {
        return None;
    }
    let variance = state.deviance / (n as f64 - 2.0);
    Some(Fit {
        sensitivity_k: at[1],
        // The last of the inverse of R'R, for R upper triangular.
        sensitivity_sd_k: variance.sqrt() / state.r22,
        residuals: state.residuals,
    })
}

impl State {
    /// `None` where the gradient is singular or not finite.
    fn at(
        [basal, sensitivity_k]: [f64; 2],
        respiration: &[f64],
        exponents: &[f64],
    ) -> Option<Self> {
        let n = respiration.len();
        let mut residuals = Vec::with_capacity(n);
        let (mut first, mut second) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for (&r, &x) in respiration.iter().zip(exponents) {
            let relative = libm::exp(sensitivity_k * x);
            residuals.push(r - basal * relative);
            first.push(relative);
            second.push(basal * relative * x);
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let length = dot(&second, &second).sqrt();
        let r11 = dot(&first, &first).sqrt();
        let deviance = dot(&residuals, &residuals);
        if !(r11 > 0.0 && r11.is_finite() && length.is_finite() && deviance.is_finite()) {
            return None;
        }
        first.iter_mut().for_each(|v| *v /= r11);
        let r12 = dot(&first, &second);
        second
            .iter_mut()
            .zip(&first)
            .for_each(|(s, f)| *s -= r12 * f);
        let r22 = dot(&second, &second).sqrt();
        if r22 <= RANK_TOLERANCE * length {
            return None;
        }
        second.iter_mut().for_each(|v| *v /= r22);
        let along = [dot(&first, &residuals), dot(&second, &residuals)];
        let across = residuals
            .iter()
            .zip(first.iter().zip(&second))
            .map(|(r, (f, s))| r - along[0] * f - along[1] * s)
            .map(|v| v * v)
            .sum();
        Some(Self {
            residuals,
            deviance,
            r11,
            r12,
            r22,
            along,
            across,
        })
    }

    fn offset(&self) -> f64 {
        let along = self.along[0] * self.along[0] + self.along[1] * self.along[1];
        (along / self.across).sqrt()
    }

    fn step(&self) -> [f64; 2] {
        let second = self.along[1] / self.r22;
        [(self.along[0] - self.r12 * second) / self.r11, second]
    }
}

#[cfg(test)]
mod tests {
    use super::super::respiration::relative;
    use super::*;

    #[test]
    fn an_exact_course_comes_back() {
        let temperature: Vec<f64> = (0..40_i32).map(|i| f64::from(i) - 10.0).collect();
        let mut noisy = 0.0;
        let respiration: Vec<f64> = temperature
            .iter()
            .map(|&t| {
                noisy = 0.01 - noisy;
                1.7 * relative(210.0, t, 15.0) + noisy - 0.005
            })
            .collect();
        let start = Start {
            basal: 2.0,
            sensitivity_k: 200.0,
            steps: 50,
        };
        let fit = fit(&respiration, &temperature, 15.0, start).unwrap();
        assert!((fit.sensitivity_k - 210.0).abs() < 2.0);
        assert!(fit.sensitivity_sd_k > 0.0 && fit.sensitivity_sd_k < 2.0);
        assert_eq!(fit.residuals.len(), 40);
    }

    #[test]
    fn equal_temperatures_say_nothing_of_sensitivity() {
        let start = Start {
            basal: 2.0,
            sensitivity_k: 200.0,
            steps: 50,
        };
        assert!(fit(&[1.0, 2.0, 3.0], &[5.0; 3], 15.0, start).is_none());
    }
}
