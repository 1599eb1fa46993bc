//! Ratios of integers, and their square roots, rounded once to the nearest float (ties to even).

use num_bigint::{BigInt, BigUint, Sign};

/// `num / den`, correctly rounded to nearest, ties to even.
///
/// Division by zero follows floats: infinite with the sign of `num`, not a number for `0 / 0`.
#[must_use]
pub fn ratio_to_f64(num: i128, den: i128) -> f64 {
    if den == 0 {
        return match num.signum() {
            0 => f64::NAN,
            sign => {
                if sign > 0 {
                    f64::INFINITY
                } else {
                    f64::NEG_INFINITY
                }
            }
        };
    }
    let magnitude = ratio_u128_to_f64(num.unsigned_abs(), den.unsigned_abs());
    if (num < 0) == (den < 0) || num == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// `num / den` for `den > 0`, correctly rounded: long division to 65 bits and a sticky remainder.
pub(crate) fn ratio_u128_to_f64(num: u128, den: u128) -> f64 {
    if num == 0 {
        return 0.0;
    }
    let mut quotient = num / den;
    let mut rest = num % den;
    let mut exponent = 0;
    while quotient >> 64 == 0 {
        // Twice the remainder can pass 2^128; a carry means it is above any divisor.
        let carry = rest >> 127 == 1;
        rest <<= 1;
        let one = carry || rest >= den;
        if one {
            rest = rest.wrapping_sub(den);
        }
        quotient = quotient << 1 | u128::from(one);
        exponent -= 1;
    }
    rounded(quotient, rest != 0, exponent)
}

/// `num / den` for `den > 0` of any size, correctly rounded.
pub(super) fn big_ratio_to_f64(num: &BigInt, den: &BigUint) -> f64 {
    let magnitude = num.magnitude();
    if magnitude.bits() == 0 {
        return 0.0;
    }
    let shift = 66 + width(den) - width(magnitude);
    let (quotient, sticky) = shifted_quotient(magnitude, den, shift);
    let value = rounded(to_u128(&quotient), sticky, -shift);
    if num.sign() == Sign::Minus {
        -value
    } else {
        value
    }
}

/// `sqrt(num / den)` for `den > 0`, correctly rounded.
pub(super) fn sqrt_of_ratio_to_f64(num: &BigUint, den: &BigUint) -> f64 {
    if num.bits() == 0 {
        return 0.0;
    }
    // An even shift that leaves at least 130 bits, so the root has at least 65.
    let shift = 132 + width(den) - width(num);
    let shift = shift + shift.rem_euclid(2);
    let (quotient, sticky) = shifted_quotient(num, den, shift);
    let root = quotient.sqrt();
    let sticky = sticky || &root * &root != quotient;
    rounded(to_u128(&root), sticky, -shift / 2)
}

/// `floor(num 2^shift / den)` and whether something was cut off.
fn shifted_quotient(num: &BigUint, den: &BigUint, shift: i32) -> (BigUint, bool) {
    let (num, den) = if shift >= 0 {
        (num << shift.unsigned_abs(), den.clone())
    } else {
        (num.clone(), den << shift.unsigned_abs())
    };
    let quotient = &num / &den;
    let exact = &quotient * &den == num;
    (quotient, !exact)
}

/// Bits of a number; the numbers here have a few hundred.
fn width(n: &BigUint) -> i32 {
    i32::try_from(n.bits()).unwrap_or(i32::MAX / 4)
}

fn to_u128(n: &BigUint) -> u128 {
    n.iter_u64_digits()
        .take(2)
        .enumerate()
        .map(|(i, digit)| u128::from(digit) << (64 * i))
        .sum()
}

/// `mantissa 2^exponent`, with `sticky` for a remainder below the last bit. At least 55 bits.
#[expect(
    clippy::cast_precision_loss,
    reason = "the kept part has at most 53 bits and a carry to a power of two"
)]
fn rounded(mantissa: u128, sticky: bool, exponent: i32) -> f64 {
    let bits = 128 - mantissa.leading_zeros();
    let drop = bits - f64::MANTISSA_DIGITS;
    let kept = mantissa >> drop;
    let cut = mantissa & ((1 << drop) - 1);
    let half = 1 << (drop - 1);
    let up = cut > half || (cut == half && (sticky || kept & 1 == 1));
    (kept + u128::from(up)) as f64 * libm::exp2(f64::from(exponent + drop.cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Is `x` the float nearest to `num / den`, by exact arithmetic on its neighbours?
    fn is_nearest(num: i128, den: i128, x: f64) -> bool {
        let (num, den) = if den < 0 {
            (-BigInt::from(num), -BigInt::from(den))
        } else {
            (BigInt::from(num), BigInt::from(den))
        };
        let even = x.to_bits() & 1 == 0;
        // Twice the midpoint of x and its neighbour, over a common power of two.
        let side = |neighbour: f64, above: bool| {
            let (a, b) = (fraction(x), fraction(neighbour));
            // (a + b) / 2 against num / den, all times 2^201 den.
            let middle = (a + b) * &den;
            let exact = &num << 201_u32;
            match middle.cmp(&exact) {
                std::cmp::Ordering::Equal => even,
                order => (order == std::cmp::Ordering::Greater) == above,
            }
        };
        side(x.next_up(), true) && side(x.next_down(), false)
    }

    /// `x 2^200`, an integer for every float these ratios can be, but for their last bits.
    fn fraction(x: f64) -> BigInt {
        let bits = x.abs().to_bits();
        let exponent = i32::try_from(bits >> 52).unwrap() - 1075;
        let mantissa = BigInt::from((bits & ((1 << 52) - 1)) | 1 << 52);
        let shift = exponent + 200;
        let value = if shift >= 0 {
            mantissa << shift.unsigned_abs()
        } else {
            mantissa >> shift.unsigned_abs()
        };
        if x < 0.0 { -value } else { value }
    }

    fn wide() -> impl Strategy<Value = i128> {
        (any::<i128>(), 0_u32..127).prop_map(|(n, shift)| n >> shift)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn nearest_float(num in wide(), den in wide()) {
            prop_assume!(den != 0 && num != 0);
            let x = ratio_to_f64(num, den);
            // Quotients below 2^-140 have last bits beyond the 200 kept by the oracle.
            prop_assume!(x.abs() > 1e-42);
            prop_assert!(is_nearest(num, den, x), "{num} / {den} = {x:e}");
        }

        #[test]
        fn exact_ties_go_to_even(k in (1_i128 << 53)..(1 << 54), shift in 1_u32..70) {
            // k has 54 bits: an odd one lies half-way between two floats.
            let x = ratio_to_f64(k, 1 << shift);
            prop_assert!(is_nearest(k, 1 << shift, x));
            prop_assert_eq!(x * 2_f64.powi(shift.cast_signed()), k as f64);
        }

        #[test]
        fn small_ratios_are_the_processors(num in -(1_i64 << 53)..(1 << 53), den in 1_i64..(1 << 53)) {
            // Both are exact floats, so one float division rounds once too.
            prop_assert_eq!(ratio_to_f64(num.into(), den.into()), num as f64 / den as f64);
        }

        #[test]
        fn both_divisions_agree(num in wide(), den in wide()) {
            prop_assume!(den != 0);
            let big = big_ratio_to_f64(
                &(BigInt::from(num) * den.signum()),
                BigInt::from(den).magnitude(),
            );
            prop_assert_eq!(ratio_to_f64(num, den), big);
        }

        #[test]
        fn square_roots_are_the_processors(num in 0_u64..(1 << 53)) {
            let root = sqrt_of_ratio_to_f64(&BigUint::from(num), &BigUint::from(1_u8));
            prop_assert_eq!(root, (num as f64).sqrt());
        }

        #[test]
        fn square_roots_are_nearest(num in 1_u128.., den in 1_u128..) {
            let root = sqrt_of_ratio_to_f64(&BigUint::from(num), &BigUint::from(den));
            // (x + half an ulp)^2 is above num/den and (x - half an ulp)^2 below, in integers.
            let x = fraction(root);
            let up = &x + fraction(root.next_up());
            let down = &x + fraction(root.next_down());
            let exact = BigInt::from(num) << 402_u32;
            prop_assume!(root > 1e-15);
            prop_assert!(&up * &up * den >= exact && &down * &down * den <= exact);
        }
    }

    #[test]
    fn the_edges() {
        assert_eq!(ratio_to_f64(0, -5), 0.0);
        assert!(ratio_to_f64(0, 0).is_nan());
        assert_eq!(ratio_to_f64(-1, 0), f64::NEG_INFINITY);
        assert_eq!(ratio_to_f64(i128::MIN, 1), -(2_f64.powi(127)));
        assert_eq!(ratio_to_f64(i128::MIN, i128::MIN), 1.0);
        assert_eq!(ratio_to_f64(1, i128::MIN), -(2_f64.powi(-127)));
        assert_eq!(ratio_u128_to_f64(u128::MAX, u128::MAX), 1.0);
        assert_eq!(ratio_u128_to_f64(u128::MAX - 1, u128::MAX), 1.0);
        assert_eq!(ratio_u128_to_f64(u128::MAX, 1), 2_f64.powi(128));
    }
}
