//! The log-logistic distribution of three parameters, which is Hosking's generalised logistic.

use std::f64::consts::PI;
use std::sync::LazyLock;

use nutag_stats::quantile::normal_quantile;

use super::moments::LMoments;

/// `F = 1/(1 + e^-y)`, `y = -ln(1 - kappa (x - xi)/alpha) / kappa`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLogistic {
    /// Location, in the unit of the values.
    pub xi: f64,
    /// Scale, above 0, in the unit of the values.
    pub alpha: f64,
    /// Shape, -1 to 1: below 0 there is a lower bound, above 0 an upper one.
    pub kappa: f64,
}

/// Shapes this close to 0 are the plain logistic distribution.
const PLAIN: f64 = 1e-6;

impl LogLogistic {
    /// From L-moments (Hosking 1990; `pelglo` of his routines).
    #[must_use]
    pub fn of(moments: LMoments) -> Self {
        let kappa = -moments.t3;
        if kappa.abs() <= PLAIN {
            return Self {
                xi: moments.l1,
                alpha: moments.l2,
                kappa: 0.0,
            };
        }
        let g = kappa * PI / libm::sin(kappa * PI);
        let alpha = moments.l2 / g;
        Self {
            xi: moments.l1 - alpha * (1.0 - g) / kappa,
            alpha,
            kappa,
        }
    }

    /// The logistic deviate y of a value; infinite outside the support.
    #[must_use]
    pub fn deviate(&self, x: f64) -> f64 {
        let w = (x - self.xi) / self.alpha;
        if self.kappa == 0.0 {
            return w;
        }
        let inside = 1.0 - self.kappa * w;
        if inside <= 0.0 {
            return if self.kappa < 0.0 {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
        }
        -libm::log(inside) / self.kappa
    }

    /// The probability of a value at most `x`.
    #[must_use]
    pub fn probability(&self, x: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-self.deviate(x)))
    }

    /// The standard normal deviate of the probability of `x`.
    #[must_use]
    pub fn standard(&self, x: f64) -> f64 {
        normal_of_logistic(&NORMAL_OF_LOGISTIC, self.deviate(x))
    }

    /// The deviates of many values; `f` is called with the number of each value.
    pub(super) fn standard_each(
        &self,
        values: impl Iterator<Item = (usize, f64)>,
        mut f: impl FnMut(usize, f64),
    ) {
        let table: &Table = &NORMAL_OF_LOGISTIC;
        for (index, x) in values {
            f(index, normal_of_logistic(table, self.deviate(x)));
        }
    }
}

/// Pieces of the table in half units of y.
const PIECES: usize = 40;
/// Coefficients of a piece.
const TERMS: usize = 13;
type Table = [[f64; TERMS]; PIECES];

/// The normal deviate of the logistic deviate is one smooth odd function of one number, whatever the
/// fit. It is tabulated once, as polynomials over half units through Chebyshev points, so that a cell
/// costs neither an exponential nor a quantile. Against the two functions it stands for it is within
/// 1e-14 (a test holds it), and from their own lower tail, so that it keeps its digits in both.
static NORMAL_OF_LOGISTIC: LazyLock<Table> = LazyLock::new(|| {
    let mut table = [[0.0; TERMS]; PIECES];
    let mut left = 0.0;
    for piece in &mut table {
        *piece = interpolate(left);
        left += 0.5;
    }
    table
});

/// `-Phi^-1(1/(1 + e^y))` for `y >= 0`.
fn exact(y: f64) -> f64 {
    -normal_quantile(1.0 / (1.0 + libm::exp(y)))
}

fn normal_of_logistic(table: &Table, y: f64) -> f64 {
    let size = y.abs();
    let scaled = 2.0 * size;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and what is beyond the table takes the other way"
    )]
    let piece = scaled as usize;
    let z = if let Some(coefficients) = table.get(piece) {
        let t = 2.0 * (scaled - super::kernel::count(piece)) - 1.0;
        // Estrin's scheme: fewer steps wait for one another.
        let c = coefficients;
        let t2 = t * t;
        let t4 = t2 * t2;
        let low = (c[0] + c[1] * t) + (c[2] + c[3] * t) * t2;
        let middle = (c[4] + c[5] * t) + (c[6] + c[7] * t) * t2;
        let high = (c[8] + c[9] * t) + (c[10] + c[11] * t) * t2 + c[12] * t4;
        low + (middle + high * t4) * t4
    } else {
        exact(size)
    };
    if y.is_nan() { f64::NAN } else { z.copysign(y) }
}

/// The polynomial in `t` (-1 to 1 over the piece) through [`exact`] at Chebyshev points.
fn interpolate(left: f64) -> [f64; TERMS] {
    let n = super::kernel::count(TERMS);
    let mut nodes = [0.0; TERMS];
    let mut values = [0.0; TERMS];
    let mut at = 0.5;
    for (node, value) in nodes.iter_mut().zip(&mut values) {
        *node = libm::cos(PI * at / n);
        *value = exact(left + 0.25 * (*node + 1.0));
        at += 1.0;
    }
    // Chebyshev coefficients, then powers by T_{k+1} = 2 t T_k - T_{k-1}.
    let mut powers = [0.0; TERMS];
    let mut before = [0.0; TERMS];
    let mut current = [0.0; TERMS];
    current[0] = 1.0;
    for order in 0..TERMS {
        let k = super::kernel::count(order);
        let mut sum = 0.0;
        let mut at = 0.5;
        for value in values {
            sum += value * libm::cos(PI * k * at / n);
            at += 1.0;
        }
        let coefficient = sum * if order == 0 { 1.0 } else { 2.0 } / n;
        for (power, c) in powers.iter_mut().zip(current) {
            *power += coefficient * c;
        }
        let mut next = [0.0; TERMS];
        let factor = if order == 0 { 1.0 } else { 2.0 };
        for index in 0..TERMS {
            let raised = if index == 0 { 0.0 } else { current[index - 1] };
            next[index] = factor * raised - before[index];
        }
        if order == 0 {
            // T_1 = t, without T_{-1}.
            next = [0.0; TERMS];
            next[1] = 1.0;
        }
        before = current;
        current = next;
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_function_it_stands_for() {
        let mut y = 0.0;
        let mut worst = 0.0_f64;
        while y < 25.0 {
            let got = normal_of_logistic(&NORMAL_OF_LOGISTIC, y);
            worst = worst.max((got - exact(y)).abs() / exact(y).max(1.0));
            assert_eq!(normal_of_logistic(&NORMAL_OF_LOGISTIC, -y), -got);
            y += 0.003_7;
        }
        assert!(worst < 1e-14, "{worst:e}");
        assert_eq!(
            normal_of_logistic(&NORMAL_OF_LOGISTIC, f64::INFINITY),
            f64::INFINITY
        );
        assert_eq!(
            normal_of_logistic(&NORMAL_OF_LOGISTIC, f64::NEG_INFINITY),
            f64::NEG_INFINITY
        );
        assert!(normal_of_logistic(&NORMAL_OF_LOGISTIC, f64::NAN).is_nan());
    }

    #[test]
    fn a_mirrored_sample_has_the_mirrored_index() {
        let fit = LogLogistic::of(LMoments {
            l1: 3.0,
            l2: 2.0,
            t3: 0.2,
        });
        let mirror = LogLogistic::of(LMoments {
            l1: -3.0,
            l2: 2.0,
            t3: -0.2,
        });
        assert!((fit.standard(5.0) + mirror.standard(-5.0)).abs() < 1e-14);
        assert_eq!(fit.standard(-1e9), f64::NEG_INFINITY);
        assert_eq!(mirror.standard(1e9), f64::INFINITY);
    }
}
