//! Student's t distribution, with real degrees of freedom.

use super::{incomplete_beta, normal_quantile};

/// `P(T <= t)` for `df > 0` degrees of freedom; not a number otherwise.
#[must_use]
pub fn student_t_cdf(t: f64, df: f64) -> f64 {
    let tail = 0.5 * student_t_two_sided_p(t, df);
    if t < 0.0 { tail } else { 1.0 - tail }
}

/// `P(|T| >= |t|)`: DLMF 8.17 with `x = df / (df + t^2)`.
#[must_use]
pub fn student_t_two_sided_p(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    incomplete_beta(0.5 * df, 0.5, df / (df + square), square / (df + square))
}

/// The `t` with `P(T <= t) = p`; infinite at 0 and 1, not a number outside.
///
/// Newton's method on the tail probability from the normal quantile, kept inside a bracket.
#[must_use]
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if p == 0.5 {
        return 0.0;
    }
    let side = p - 0.5;
    let tail = if side < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return f64::INFINITY.copysign(side);
    }
    let excess = |t: f64| 0.5 * student_t_two_sided_p(t, df) - tail;
    let mut low = 0.0;
    let mut high = normal_quantile(tail).abs().max(1.0);
    while excess(high) > 0.0 {
        low = high;
        high *= 2.0;
        if high.is_infinite() {
            return f64::INFINITY.copysign(side);
        }
    }
    let ln_norm = -super::beta::ln_beta(0.5 * df, 0.5) - 0.5 * libm::log(df);
    let mut t = 0.5 * (low + high);
    for _ in 0..200 {
        let e = excess(t);
        if e > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let density = libm::exp(ln_norm - 0.5 * (df + 1.0) * libm::log1p(t * t / df));
        let newton = t + e / density;
        let next = if newton > low && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
        let done = (next - t).abs() <= 1e-15 * t;
        t = next;
        if done {
            break;
        }
    }
    t.copysign(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for t in [-1e3_f64, -2.0, -1e-8, 0.0, 1e-8, 0.7, 1.0, 30.0] {
            let cauchy = 0.5 + t.atan() / std::f64::consts::PI;
            assert!((student_t_cdf(t, 1.0) - cauchy).abs() < 1e-15, "{t}");
            let two = 0.5 + t / (2.0 * (2.0 + t * t).sqrt());
            assert!((student_t_cdf(t, 2.0) - two).abs() < 1e-15, "{t}");
        }
    }

    #[test]
    fn the_quantile_inverts_the_probability() {
        for df in [1.0, 2.5, 10.0, 1e4] {
            for p in [1e-9, 0.01, 0.3, 0.5, 0.8, 0.975] {
                let back = student_t_cdf(student_t_quantile(p, df), df);
                assert!((back / p - 1.0).abs() < 1e-12, "{p} {df}: {back}");
            }
            assert_eq!(student_t_quantile(1.0, df), f64::INFINITY);
            assert_eq!(student_t_quantile(0.0, df), f64::NEG_INFINITY);
        }
    }

    #[test]
    fn outside_the_domain_there_is_no_number() {
        assert!(student_t_quantile(1.5, 10.0).is_nan());
        assert!(student_t_cdf(1.0, 0.0).is_nan());
        assert!(student_t_cdf(f64::NAN, 3.0).is_nan());
        assert_eq!(student_t_cdf(f64::INFINITY, 3.0), 1.0);
        assert_eq!(student_t_two_sided_p(1e200, 3.0), 0.0);
    }
}
