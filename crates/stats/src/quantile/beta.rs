//! The regularised incomplete beta function, from which Student t takes its probabilities.

/// `I_x(a, b)`, with `y = 1 - x` passed in so that neither end loses digits.
///
/// Continued fraction of DLMF 8.17.22 by Lentz's method (Thompson and Barnett 1986), on the side
/// of the mean where it converges fast. `a` and `b` positive; not a number otherwise.
#[must_use]
pub fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let in_domain = a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
    if !in_domain {
        return f64::NAN;
    }
    if x == 0.0 {
        return 0.0;
    }
    if y == 0.0 {
        return 1.0;
    }
    // ln x from whichever of x and y is small, so that x near 1 keeps its digits.
    let ln_x = if x <= 0.5 {
        libm::log(x)
    } else {
        libm::log1p(-y)
    };
    let ln_y = if y <= 0.5 {
        libm::log(y)
    } else {
        libm::log1p(-x)
    };
    let front = libm::exp(a * ln_x + b * ln_y - ln_beta(a, b));
    if x <= (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, y) / b
    }
}

fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    let mut m = 0.0;
    // About sqrt(max(a, b)) terms are enough; the bound only stops a loop that cannot converge.
    for _ in 0..100_000 {
        m += 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let step = c * d;
        value *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// `ln B(a, b)` without the cancellation of three large `ln gamma`.
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if large < 10.0 {
        return libm::lgamma(small) + libm::lgamma(large) - libm::lgamma(small + large);
    }
    let sum = small + large;
    let correction = stirling_remainder(large) - stirling_remainder(sum);
    if small < 10.0 {
        return libm::lgamma(small) + correction + small
            - (large - 0.5) * libm::log1p(small / large)
            - small * libm::log(sum);
    }
    0.5 * libm::log(2.0 * std::f64::consts::PI) + correction + stirling_remainder(small)
        - (large - 0.5) * libm::log1p(small / large)
        - (small - 0.5) * libm::log1p(large / small)
        - 0.5 * libm::log(sum)
}

/// `ln gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2)` for `x >= 10`: DLMF 5.11.1.
fn stirling_remainder(x: f64) -> f64 {
    let r = 1.0 / (x * x);
    (1.0 / 12.0
        + r * (-1.0 / 360.0
            + r * (1.0 / 1260.0
                + r * (-1.0 / 1680.0
                    + r * (1.0 / 1188.0 + r * (-691.0 / 360_360.0 + r * (1.0 / 156.0)))))))
        / x
}
