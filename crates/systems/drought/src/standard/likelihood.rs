//! The log-logistic distribution by maximum likelihood.

use super::kernel::count;
use super::logistic::LogLogistic;

/// Steps of Newton's method before the search gives up.
const STEPS: usize = 200;

/// The fit of greatest likelihood, from `start` (the fit by moments). `None` if the search finds no
/// maximum inside the support of all values.
///
/// Newton's method with a damped Hessian; R's SPEI stops a simplex at a relative change of 1e-8 of
/// the likelihood, which leaves the index up to 1.4e-3 beside the maximum.
#[must_use]
pub fn maximum_likelihood(values: &[f64], start: LogLogistic) -> Option<LogLogistic> {
    // In units of the spread, so that a step means the same for metres and millimetres.
    let scale = start.alpha;
    let scaled: Vec<f64> = values.iter().map(|x| (x - start.xi) / scale).collect();
    let mut at = inside(&scaled, start.kappa)?;
    let mut value = negative(&scaled, at)?;
    let mut damping = 1e-3;
    for _ in 0..STEPS {
        let gradient = slope(&scaled, at);
        let size = gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
        if size < 1e-9 {
            return Some(scaled_back(at, start));
        }
        let hessian = curvature(&scaled, at);
        let mut moved = false;
        for _ in 0..60 {
            let mut damped = hessian;
            for (k, row) in damped.iter_mut().enumerate() {
                row[k] += damping * row[k].abs().max(1e-6);
            }
            if let Some(step) = solve(damped, gradient) {
                let next = [at[0] - step[0], at[1] - step[1], at[2] - step[2]];
                if let Some(lower) = negative(&scaled, next)
                    && lower <= value
                {
                    let gained = value - lower;
                    at = next;
                    value = lower;
                    damping = (damping * 0.1).max(1e-12);
                    moved = gained > 0.0;
                    break;
                }
            }
            damping *= 10.0;
        }
        if !moved {
            // The likelihood cannot be told apart any more: the gradient is what rounding leaves.
            return (size < 1e-4).then(|| scaled_back(at, start));
        }
    }
    None
}

fn scaled_back(at: [f64; 3], start: LogLogistic) -> LogLogistic {
    LogLogistic {
        xi: start.xi + start.alpha * at[0],
        alpha: start.alpha * at[1],
        kappa: at[2],
    }
}

/// A start that holds all values: moments may leave one outside.
fn inside(scaled: &[f64], kappa: f64) -> Option<[f64; 3]> {
    let mut kappa = kappa;
    for _ in 0..60 {
        if negative(scaled, [0.0, 1.0, kappa]).is_some() {
            return Some([0.0, 1.0, kappa]);
        }
        kappa *= 0.5;
    }
    None
}

/// y and dy/dw of a standardised value; `None` outside the support.
fn deviate(w: f64, kappa: f64) -> Option<(f64, f64)> {
    if kappa.abs() < 1e-8 {
        return Some((w + 0.5 * kappa * w * w, 1.0 + kappa * w));
    }
    let rest = 1.0 - kappa * w;
    (rest > 0.0).then(|| (-libm::log(rest) / kappa, 1.0 / rest))
}

/// The negative log-likelihood; `None` outside the support.
fn negative(values: &[f64], [xi, alpha, kappa]: [f64; 3]) -> Option<f64> {
    if alpha.is_nan() || alpha <= 0.0 {
        return None;
    }
    let mut sum = count(values.len()) * libm::log(alpha);
    for x in values {
        let (y, _) = deviate((x - xi) / alpha, kappa)?;
        // ln(1 + e^-y) without overflow.
        let soft = if y > 0.0 {
            libm::log1p(libm::exp(-y))
        } else {
            -y + libm::log1p(libm::exp(y))
        };
        sum += (1.0 - kappa) * y + 2.0 * soft;
    }
    sum.is_finite().then_some(sum)
}

/// The gradient of [`negative`], inside the support.
fn slope(values: &[f64], [xi, alpha, kappa]: [f64; 3]) -> [f64; 3] {
    let mut gradient = [0.0, count(values.len()) / alpha, 0.0];
    for x in values {
        let w = (x - xi) / alpha;
        let Some((y, dy)) = deviate(w, kappa) else {
            return [f64::NAN; 3];
        };
        let by_y = (1.0 - kappa) - 2.0 / (1.0 + libm::exp(y));
        let dy_dkappa = if kappa.abs() < 1e-5 {
            w * w * (0.5 + 2.0 / 3.0 * kappa * w)
        } else {
            (w * dy - y) / kappa
        };
        gradient[0] -= by_y * dy / alpha;
        gradient[1] -= by_y * dy * w / alpha;
        gradient[2] += by_y * dy_dkappa - y;
    }
    gradient
}

/// Its derivatives, by central differences of the gradient.
fn curvature(values: &[f64], at: [f64; 3]) -> [[f64; 3]; 3] {
    let mut hessian = [[0.0; 3]; 3];
    for k in 0..3 {
        let step = 1e-5;
        let (mut up, mut down) = (at, at);
        up[k] += step;
        down[k] -= step;
        let (high, low) = (slope(values, up), slope(values, down));
        for (row, (h, l)) in hessian.iter_mut().zip(high.iter().zip(low)) {
            row[k] = (h - l) / (2.0 * step);
        }
    }
    hessian
}

/// Solves three equations from the lower half of a matrix; `None` unless the matrix is positive definite.
fn solve(matrix: [[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let mut lower = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - sum;
            if i == j {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                lower[i][i] = libm::sqrt(rest);
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    let mut y = [0.0; 3];
    for i in 0..3 {
        let sum: f64 = (0..i).map(|k| lower[i][k] * y[k]).sum();
        y[i] = (right[i] - sum) / lower[i][i];
    }
    let mut x = [0.0; 3];
    for i in (0..3).rev() {
        let sum: f64 = (i + 1..3).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (y[i] - sum) / lower[i][i];
    }
    Some(x)
}
