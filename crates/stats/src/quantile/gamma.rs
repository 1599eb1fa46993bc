//! The regularised incomplete gamma functions, from which gamma and Pearson III take their
//! probabilities.

use std::f64::consts::PI;

/// From this shape on the expansion for large shapes is used.
const LARGE_SHAPE: f64 = 1e5;

/// `P(a, x)` and `Q(a, x) = 1 - P`, each with its own digits. `a > 0` and `x >= 0`; not numbers
/// otherwise.
///
/// The series of DLMF 8.11.4 below `a + 1`, the continued fraction 8.9.2 by Lentz's method above, and
/// from `a` = 100,000 on the uniform expansion 8.12.3 with its first two terms (the next is below
/// 1e-12).
#[must_use]
pub fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && a.is_finite() && x >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    if a >= LARGE_SHAPE {
        return uniform(a, x);
    }
    if x < a + 1.0 {
        let p = front(a, x) * series(a, x) / a;
        (p, 1.0 - p)
    } else {
        let q = front(a, x) * fraction(a, x);
        (1.0 - q, q)
    }
}

/// `x^a e^-x / Gamma(a)`. For large shapes through the distance from the mean, which keeps the digits
/// that the difference of two large logarithms loses.
fn front(a: f64, x: f64) -> f64 {
    if a < 20.0 {
        return libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    }
    let mu = (x - a) / a;
    // ln Gamma(a) - Stirling's leading terms.
    let inverse = 1.0 / a;
    let square = inverse * inverse;
    let rest = inverse
        * (1.0 / 12.0
            - square
                * (1.0 / 360.0
                    - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))));
    libm::sqrt(a / (2.0 * PI)) * libm::exp(-a * excess(mu) - rest)
}

/// `mu - ln(1 + mu)`, without cancellation near 0.
fn excess(mu: f64) -> f64 {
    if mu.abs() > 0.3 {
        return mu - libm::log1p(mu);
    }
    // ln(1 + mu) = 2 artanh(s) with s = mu / (2 + mu), so mu - ln(1 + mu)
    // = mu s - 2 (s^3/3 + s^5/5 + ...).
    let s = mu / (2.0 + mu);
    let square = s * s;
    let mut power = s * square;
    let mut sum = 0.0;
    let mut odd = 3.0;
    while odd < 41.0 {
        sum += power / odd;
        power *= square;
        odd += 2.0;
    }
    mu * s - 2.0 * sum
}

fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = a;
    for _ in 0..100_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    let mut i = 0.0;
    for _ in 0..100_000 {
        i += 1.0;
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        if d.abs() < TINY {
            d = TINY;
        }
        c = b + an / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// DLMF 8.12.3 and 8.12.4 with `c0` and `c1` of 8.12.9 and 8.12.10.
fn uniform(a: f64, x: f64) -> (f64, f64) {
    let mu = (x - a) / a;
    let eta = libm::sqrt(2.0 * excess(mu)).copysign(mu);
    let c0 = if eta.abs() < 0.05 {
        -1.0 / 3.0
            + eta * (1.0 / 12.0 + eta * (-2.0 / 135.0 + eta * (1.0 / 864.0 + eta * (1.0 / 2835.0))))
    } else {
        1.0 / mu - 1.0 / eta
    };
    let c1 = -1.0 / 540.0 - eta / 288.0;
    let scale = libm::sqrt(0.5 * a);
    let rest = libm::exp(-0.5 * a * eta * eta) / libm::sqrt(2.0 * PI * a) * (c0 + c1 / a);
    (
        0.5 * libm::erfc(-eta * scale) - rest,
        0.5 * libm::erfc(eta * scale) + rest,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_shapes_are_poisson_sums() {
        // Q(n, x) = e^-x (1 + x + ... + x^(n-1)/(n-1)!), DLMF 8.4.10.
        for n in [1_u32, 2, 5, 19, 20, 60, 150] {
            let a = f64::from(n);
            for share in [0.2, 0.7, 0.95, 1.0, 1.05, 1.6, 3.0] {
                let x = a * share;
                let mut term = (-x).exp();
                let mut sum = term;
                for k in 1..n {
                    term *= x / f64::from(k);
                    sum += term;
                }
                let (p, q) = incomplete_gamma(a, x);
                assert!((q / sum - 1.0).abs() < 1e-12, "{a} {x}: {q} {sum}");
                assert!((p + q - 1.0).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_half_is_the_error_function() {
        // P(1/2, x) = erf(sqrt x), DLMF 8.4.1.
        for x in [1e-8, 0.01, 0.4, 1.4, 1.6, 9.0, 40.0] {
            let (p, q) = incomplete_gamma(0.5, x);
            assert!((p / libm::erf(x.sqrt()) - 1.0).abs() < 1e-13);
            assert!((q / libm::erfc(x.sqrt()) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_expansion_meets_the_series_where_it_takes_over() {
        for sds in [-6.0, -2.0, -0.1, 0.0, 0.3, 3.0, 6.0] {
            let a = LARGE_SHAPE;
            let x = a + sds * a.sqrt();
            let (p, q) = incomplete_gamma(a, x);
            let (below, above) = if x < a + 1.0 {
                let p = front(a, x) * series(a, x) / a;
                (p, 1.0 - p)
            } else {
                let q = front(a, x) * fraction(a, x);
                (1.0 - q, q)
            };
            assert!((p / below - 1.0).abs() < 1e-11, "{sds}: {p} {below}");
            assert!((q / above - 1.0).abs() < 1e-11, "{sds}: {q} {above}");
        }
    }

    #[test]
    fn outside_the_domain_there_is_no_number() {
        assert!(incomplete_gamma(0.0, 1.0).0.is_nan());
        assert!(incomplete_gamma(1.0, -1.0).1.is_nan());
        assert_eq!(incomplete_gamma(3.0, 0.0), (0.0, 1.0));
        assert_eq!(incomplete_gamma(3.0, f64::INFINITY), (1.0, 0.0));
    }
}
