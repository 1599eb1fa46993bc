//! Two functions of one number, tabulated: what a standardised value costs is these two.
//!
//! The tables are made once, from `libm` and the quantiles of `nutag-stats`, and read with additions and
//! multiplications alone: the bits are the same on every machine.

use std::f64::consts::{LN_2, PI};
use std::sync::LazyLock;

use nutag_stats::quantile::normal_quantile;

use super::kernel::count;

/// Pieces of the deviate in a unit of y.
const PIECES_A_UNIT: f64 = 4.0;
/// Pieces of the deviate: up to |y| = 20, a probability of 2e-9.
const PIECES: usize = 80;
/// Where the table ends, in pieces.
const END: f64 = 80.0;
/// From here on numbers have no fraction.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// Coefficients of a piece.
const TERMS: usize = 10;
/// Pieces of the logarithm between two powers of 2.
const LN_PIECES: usize = 128;
/// Where a power of 2 begins for the logarithm, as bits: 0.6875, so that 1 lies inside.
const LN_FROM: u64 = 0x3fe6_0000_0000_0000;

/// The tables.
pub(super) struct Tables {
    /// The normal deviate of the logistic deviate is one smooth odd function, whatever the fit:
    /// polynomials through Chebyshev points. Made from the lower tail, so that it keeps its digits in
    /// both.
    deviate: [[f64; TERMS]; PIECES],
    /// Near 1/x, and its -ln.
    logarithm: [(f64, f64); LN_PIECES],
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::make);

/// `-Phi^-1(1/(1 + e^y))` for `y >= 0`.
fn exact(y: f64) -> f64 {
    -normal_quantile(1.0 / (1.0 + libm::exp(y)))
}

impl Tables {
    pub fn get() -> &'static Self {
        &TABLES
    }

    fn make() -> Self {
        let mut tables = Self {
            deviate: [[0.0; TERMS]; PIECES],
            logarithm: [(0.0, 0.0); LN_PIECES],
        };
        for (piece, coefficients) in tables.deviate.iter_mut().enumerate() {
            *coefficients = interpolate(count(piece) / PIECES_A_UNIT);
        }
        let step = 1_u64 << 45;
        let mut bits = LN_FROM;
        for (near, ln) in &mut tables.logarithm {
            let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + step));
            // Beside 1 the logarithm must keep its digits: there the rest is x - 1 itself.
            let centre = if low == 1.0 || high == 1.0 {
                1.0
            } else {
                0.5 * (low + high)
            };
            *near = 1.0 / centre;
            *ln = -libm::log(*near);
            bits += step;
        }
        tables
    }

    /// The natural logarithm of a normal positive number, within 2e-16 or two units of its last digit.
    #[inline]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a power of 2 between -1074 and 1023"
    )]
    pub fn ln(&self, x: f64) -> f64 {
        let bits = x.to_bits();
        let above = bits.wrapping_sub(LN_FROM);
        let piece = (above >> 45) as usize % LN_PIECES;
        let power = above.cast_signed() >> 52;
        let mantissa = f64::from_bits(bits.wrapping_sub(above & (0xfff << 52)));
        let (near, ln) = self.logarithm[piece];
        let r = mantissa * near - 1.0;
        let r2 = r * r;
        let low = (-0.5 + r / 3.0) + r2 * (-0.25 + r * 0.2);
        let high = (-1.0 / 6.0 + r * (1.0 / 7.0)) + r2 * -0.125;
        power as f64 * LN_2 + ln + (r + r2 * (low + r2 * r2 * high))
    }

    /// The normal deviate of a logistic deviate.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low bits of a number near 2^52 are its whole part"
    )]
    pub fn normal_of_logistic(&self, y: f64) -> f64 {
        let scaled = PIECES_A_UNIT * y.abs();
        // Adding 2^52 rounds to a whole number and leaves it in the low bits. Taking half off first
        // rounds down, but for whole numbers, which are the end of one piece and the start of the next.
        let shifted = (scaled - 0.5).max(0.0) + WHOLE;
        let piece = shifted.to_bits() as usize & 0xffff_ffff;
        if scaled >= END {
            return self.far(y);
        }
        let z = if let Some(c) = self.deviate.get(piece) {
            let t = 2.0 * (scaled - (shifted - WHOLE)) - 1.0;
            // Estrin's scheme: fewer steps wait for one another.
            let t2 = t * t;
            let t4 = t2 * t2;
            let low = (c[0] + c[1] * t) + (c[2] + c[3] * t) * t2;
            let middle = (c[4] + c[5] * t) + (c[6] + c[7] * t) * t2;
            low + (middle + (c[8] + c[9] * t) * t4) * t4
        } else {
            return self.far(y);
        };
        z.copysign(y)
    }

    /// The same beyond the table, and for what is no number.
    #[cold]
    #[inline(never)]
    fn far(&self, y: f64) -> f64 {
        if y.is_nan() {
            y
        } else {
            exact(y.abs()).copysign(y)
        }
    }
}

/// The polynomial in `t` (-1 to 1 over the piece from `left` on) through [`exact`] at Chebyshev points.
fn interpolate(left: f64) -> [f64; TERMS] {
    let n = count(TERMS);
    let half = 0.5 / PIECES_A_UNIT;
    let mut values = [0.0; TERMS];
    for (at, value) in values.iter_mut().enumerate() {
        let node = libm::cos(PI * (count(at) + 0.5) / n);
        *value = exact(left + half * (node + 1.0));
    }
    // Chebyshev coefficients, then powers: T_0 = 1, T_1 = t, T_{k+1} = 2 t T_k - T_{k-1}.
    let mut powers = [0.0; TERMS];
    let mut before = [0.0; TERMS];
    let mut current = [0.0; TERMS];
    current[0] = 1.0;
    for order in 0..TERMS {
        let k = count(order);
        let sum: f64 = values
            .iter()
            .enumerate()
            .map(|(at, value)| value * libm::cos(PI * k * (count(at) + 0.5) / n))
            .sum();
        let factor = if order == 0 { 1.0 } else { 2.0 };
        for (power, c) in powers.iter_mut().zip(current) {
            *power += factor * sum / n * c;
        }
        let mut next = before.map(|c| if order == 0 { 0.0 } else { -c });
        for (raised, c) in next[1..].iter_mut().zip(current) {
            *raised += factor * c;
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
    fn the_deviate_is_the_function_it_stands_for() {
        let tables = Tables::get();
        let mut y = 0.0;
        let mut worst = 0.0_f64;
        while y < 25.0 {
            let got = tables.normal_of_logistic(y);
            worst = worst.max((got - exact(y)).abs() / exact(y).max(1.0));
            assert_eq!(tables.normal_of_logistic(-y), -got);
            y += 0.003_7;
        }
        assert!(worst < 4e-15, "{worst:e}");
        for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(tables.normal_of_logistic(infinite), infinite);
        }
        assert!(tables.normal_of_logistic(f64::NAN).is_nan());
    }

    #[test]
    fn the_logarithm_is_the_logarithm() {
        let tables = Tables::get();
        let mut worst = 0.0_f64;
        let mut x = f64::MIN_POSITIVE;
        while x < 1e300 {
            for nearby in [
                x,
                1.0 + x.min(3.0),
                1.0 - x.min(0.9),
                1.0 + 1e-3 * x.min(3.0),
            ] {
                let (got, expected) = (tables.ln(nearby), libm::log(nearby));
                let allowed = 2e-16 + 2.0 * f64::EPSILON * expected.abs();
                worst = worst.max((got - expected).abs() / allowed);
            }
            x *= 1.037;
        }
        assert!(worst <= 1.0, "{worst}");
        assert_eq!(tables.ln(1.0), 0.0);
        // Beside 1 the small logarithm keeps its digits.
        let small = 1.0 + f64::EPSILON * 8.0;
        assert!((tables.ln(small) / libm::log(small) - 1.0).abs() < 1e-15);
    }
}
