//! The noncentral t distribution, which says how often a real slope is found.

use super::beta::ln_beta;
use super::{incomplete_beta, normal_cdf};

/// `P(T <= t)` of the noncentral t with `df` degrees of freedom and noncentrality `delta`.
///
/// Algorithm AS 243, R. V. Lenth, "Cumulative Distribution Function of the Non-Central t
/// Distribution", Applied Statistics 38 (1989) 185-189. Absolute error below 1e-11 for
/// `|delta| <= 30`; not a number beyond, or for `df <= 0`.
#[must_use]
pub fn noncentral_t_cdf(t: f64, df: f64, delta: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 || delta.is_nan() || delta.abs() > 30.0 {
        return f64::NAN;
    }
    if t < 0.0 {
        return 1.0 - upper_half(-t, df, -delta);
    }
    upper_half(t, df, delta)
}

/// The series for `t >= 0`.
fn upper_half(t: f64, df: f64, delta: f64) -> f64 {
    let below_zero = normal_cdf(-delta);
    let square = t * t;
    let x = square / (square + df);
    if x == 0.0 {
        return below_zero;
    }
    let y = df / (square + df);
    let half_lambda = 0.5 * delta * delta;
    let b = 0.5 * df;
    let y_to_b = libm::exp(
        b * if x < 0.5 {
            libm::log1p(-x)
        } else {
            libm::log(y)
        },
    );
    let mut p = 0.5 * libm::exp(-half_lambda);
    let mut q = libm::sqrt(2.0 / std::f64::consts::PI) * p * delta;
    let mut unused = 0.5 - p;
    let mut a = 0.5;
    let mut odd = incomplete_beta(a, b, x, y);
    let mut odd_step = 2.0 * y_to_b * libm::exp(a * libm::log(x) - ln_beta(a, b));
    let mut even = 1.0 - y_to_b;
    let mut even_step = b * x * y_to_b;
    let mut sum = p * odd + q * even;
    let mut k = 1.0;
    // The Poisson weights peak near lambda/2 <= 450 and are spent well before 2000 terms.
    for _ in 0..2000 {
        a += 1.0;
        odd -= odd_step;
        even -= even_step;
        odd_step *= x * (a + b - 1.0) / a;
        even_step *= x * (a + b - 0.5) / (a + 0.5);
        p *= half_lambda / k;
        q *= 2.0 * half_lambda / (2.0 * k + 1.0);
        unused -= p;
        k += 1.0;
        sum += p * odd + q * even;
        if k > half_lambda && 2.0 * unused * (odd - odd_step) < 1e-14 {
            break;
        }
    }
    (sum + below_zero).clamp(0.0, 1.0)
}
