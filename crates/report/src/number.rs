//! Numbers as text.

use crate::table::{Digits, Value};

/// What stands for a missing value where people read.
pub(crate) const MISSING: &str = "n/a";

/// A value for programs; empty if missing.
pub(crate) fn full(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => full_float(*number),
        Value::Missing => String::new(),
    }
}

/// The shortest text that reads back to the same float.
fn full_float(number: f64) -> String {
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e16).contains(&number.abs()) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// A value for people.
pub(crate) fn shown(value: &Value, digits: Digits) -> String {
    match (value, digits) {
        (Value::Missing, _) => MISSING.to_owned(),
        (Value::Text(text), _) => text.clone(),
        (Value::Int(number), Digits::Plain) => number.to_string(),
        (Value::Int(number), _) => grouped(&number.to_string()),
        (Value::Float(number), Digits::Significant(n)) => significant(*number, n),
        (Value::Float(number), Digits::Decimals(n)) => decimals(*number, n.into()),
        (Value::Float(number), _) => full_float(*number),
    }
}

fn decimals(number: f64, decimals: usize) -> String {
    grouped(&format!("{number:.decimals$}"))
}

fn significant(number: f64, digits: u8) -> String {
    let digits = i32::from(digits.max(1));
    if number == 0.0 {
        return "0".to_owned();
    }
    // The exponent of the rounded number: 9.996 at three digits is 10.0.
    let rounded = format!("{number:.*e}", usize::try_from(digits - 1).unwrap_or(0));
    let exponent: i32 = rounded
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    if !(-5..15).contains(&exponent) {
        return rounded;
    }
    decimals(number, usize::try_from(digits - 1 - exponent).unwrap_or(0))
}

/// Puts a comma before each group of three digits of the whole part, and
/// takes the sign from a zero.
fn grouped(number: &str) -> String {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or(("", number), |rest| ("-", rest));
    let whole_length = digits.find('.').unwrap_or(digits.len());
    let mut text = String::new();
    if digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        text.push_str(sign);
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i < whole_length && (whole_length - i) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_for_people() {
        let shown = |number: f64, digits| shown(&Value::Float(number), digits);
        assert_eq!(shown(1_564_649.4, Digits::Decimals(0)), "1,564,649");
        assert_eq!(shown(-999.95, Digits::Decimals(1)), "-1,000.0");
        assert_eq!(shown(-0.04, Digits::Decimals(1)), "0.0");
        assert_eq!(shown(123.0, Digits::Decimals(2)), "123.00");
        assert_eq!(shown(9.996, Digits::Significant(3)), "10.0");
        assert_eq!(shown(0.000_123_45, Digits::Significant(3)), "0.000123");
        assert_eq!(shown(123_456.0, Digits::Significant(3)), "123,456");
        assert_eq!(shown(1.5e-9, Digits::Significant(3)), "1.50e-9");
        assert_eq!(shown(0.0, Digits::Significant(3)), "0");
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(shown(&Value::Int(2001), Digits::Plain), "2001");
        assert_eq!(shown(&Value::Int(-1_234_567), Digits::Whole), "-1,234,567");
        assert_eq!(shown(&Value::Int(999), Digits::Whole), "999");
        assert_eq!(shown(&Value::Missing, Digits::Whole), "n/a");
    }

    proptest! {
        #[test]
        fn full_floats_read_back(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            let text = full_float(number);
            prop_assert_eq!(text.parse::<f64>().unwrap(), number);
            prop_assert!(text.len() <= 25, "{}", text);
        }
    }
}
