//! Round tick values and their text.

use crate::number::shown;
use crate::table::{Digits, Value};

/// Tick values of an axis or a colour bar, in rising order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ticks {
    pub(crate) values: Vec<f64>,
    pub(crate) decimals: u8,
}

/// The smallest of 1, 2, 2.5 or 5 times a power of ten that is at least `span / count`.
/// A span that is not above zero counts as 1.
pub(crate) fn round_step(span: f64, count: usize) -> f64 {
    let span = if span.is_finite() && span > 0.0 {
        span
    } else {
        1.0
    };
    let least = span / count.max(1) as f64;
    let power = libm::pow(10.0, libm::log10(least).floor());
    // A hair of tolerance: 0.1 * 3 intervals must not become steps of 0.2 for the last bit.
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

impl Ticks {
    /// The multiples of `step` within `low..=high`.
    pub(crate) fn every(step: f64, low: f64, high: f64) -> Self {
        let slack = step * 1e-6;
        let first = ((low - slack) / step).ceil();
        let last = ((high + slack) / step).floor();
        let count = (last - first + 1.0).clamp(0.0, 1000.0) as usize;
        let values = (0..count)
            .map(|i| (first + i as f64) * step + 0.0)
            .collect();
        Self {
            values,
            decimals: decimals_of(step),
        }
    }

    /// The text of each tick.
    pub(crate) fn labels(&self) -> Vec<String> {
        self.values
            .iter()
            .map(|&value| number_text(value, self.decimals))
            .collect()
    }
}

/// Decimals that write a step exactly.
fn decimals_of(step: f64) -> u8 {
    (0..12)
        .find(|&d| {
            let scaled = step * libm::pow(10.0, f64::from(d));
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1e-300)
                && scaled.round() != 0.0
        })
        .unwrap_or(12)
}

/// A number with thousands separated and a true minus sign.
pub(crate) fn number_text(value: f64, decimals: u8) -> String {
    shown(&Value::Float(value), Digits::Decimals(decimals)).replace('-', "\u{2212}")
}

/// The same with a plus sign before what is above zero.
pub(crate) fn signed_text(value: f64, decimals: u8) -> String {
    let text = number_text(value, decimals);
    let is_zero = !text.contains(|c: char| ('1'..='9').contains(&c));
    if value > 0.0 && !is_zero {
        format!("+{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!(round_step(10.0, 5), 2.0);
        assert_eq!(round_step(100.0, 5), 20.0);
        assert_eq!(round_step(12.0, 5), 2.5);
        assert_eq!(round_step(0.3, 3), 0.1);
        assert_eq!(round_step(7.0, 1), 10.0);
        assert_eq!(round_step(0.0, 4), 0.25);
        assert_eq!(round_step(f64::NAN, 4), 0.25);
        for span in [1e-6, 0.07, 0.99, 3.3, 47.0, 999.0, 123_456.0] {
            for count in 2..8 {
                let intervals = span / round_step(span, count);
                assert!(intervals <= count as f64 + 1e-6, "{span} {count}");
                assert!(intervals > count as f64 / 2.5 - 1e-6, "{span} {count}");
            }
        }
    }

    #[test]
    fn ticks_stay_inside_and_hold_zero() {
        let ticks = Ticks::every(round_step(0.6, 6), -0.3, 0.3);
        assert_eq!(
            ticks.labels(),
            ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"]
        );
        assert!(ticks.values.contains(&0.0));
        assert_eq!(
            Ticks::every(500_000.0, 0.0, 2_000_000.0).labels()[1],
            "500,000"
        );
        assert_eq!(Ticks::every(2.5, 0.0, 5.0).labels(), ["0.0", "2.5", "5.0"]);
        assert_eq!(Ticks::every(1.0, 0.2, 0.8).values, [0.0; 0]);
    }

    #[test]
    fn signs_are_shown() {
        assert_eq!(signed_text(1234.5, 0), "+1,234");
        assert_eq!(signed_text(-0.26, 1), "−0.3");
        assert_eq!(signed_text(0.01, 1), "0.0");
    }
}
