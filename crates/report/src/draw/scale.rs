//! How values become colours.

use super::colour::{Ramp, Rgb};
use super::ticks::{Ticks, round_step};

/// A colour for each value, with round ends: the colour bar of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueScale {
    label: String,
    unit: String,
    ramp: Ramp,
    low: f64,
    high: f64,
    step: f64,
    beyond: (bool, bool),
    hatched_below_zero: bool,
}

/// Shares of the values below the low and above the high end of a scale made from data: few extreme
/// cells must not take the colours from all others.
const TAIL: f64 = 0.02;

/// Most values that are copied to find the ends of a scale; of more, evenly spaced ones are taken.
const SAMPLE: usize = 1 << 22;

impl ValueScale {
    /// A scale from `low` to `high`, moved outward to round numbers. `label` and `unit` stand at the
    /// bar (`NPP`, `gC m⁻² yr⁻¹`). Ends that are equal or not finite give a scale around the one
    /// that is.
    #[must_use]
    pub fn between(label: &str, unit: &str, ramp: Ramp, low: f64, high: f64) -> Self {
        let (low, high) = match (low.is_finite(), high.is_finite()) {
            (true, true) => (low.min(high), low.max(high)),
            (true, false) => (low, low),
            (false, true) => (high, high),
            (false, false) => (0.0, 1.0),
        };
        let (low, high) = if low < high {
            (low, high)
        } else {
            let half = (low.abs() * 0.1).max(1e-3);
            (low - half, high + half)
        };
        let step = round_step(high - low, 5);
        Self {
            label: label.to_owned(),
            unit: unit.to_owned(),
            ramp,
            low: (low / step + 1e-9).floor() * step,
            high: (high / step - 1e-9).ceil() * step,
            step,
            beyond: (false, false),
            hatched_below_zero: false,
        }
    }

    /// A scale for an amount, from the 2nd to the 98th percentile of the finite values of all panels
    /// and outward to round numbers. When values lie beyond an end, the bar ends in a point there.
    #[must_use]
    pub fn sequential(label: &str, unit: &str, ramp: Ramp, panels: &[&[f32]]) -> Self {
        let mut values = sample(panels);
        let (low, high) = (
            quantile(&mut values, TAIL),
            quantile(&mut values, 1.0 - TAIL),
        );
        // An amount that starts near zero starts at zero.
        let low = if low > 0.0 && low < 0.25 * high {
            0.0
        } else {
            low
        };
        Self::between(label, unit, ramp, low, high).with_beyond(panels)
    }

    /// A scale for a change, centred on zero, as far on both sides as the 98th percentile of the
    /// absolute values of all panels and outward to a round number.
    #[must_use]
    pub fn diverging(label: &str, unit: &str, ramp: Ramp, panels: &[&[f32]]) -> Self {
        let mut sizes = sample(panels);
        for value in &mut sizes {
            *value = value.abs();
        }
        let limit = quantile(&mut sizes, 1.0 - TAIL);
        let limit = if limit > 0.0 { limit } else { 1.0 };
        Self::symmetric(label, unit, ramp, limit).with_beyond(panels)
    }

    /// A scale for a change, centred on zero, to `limit` on both sides and outward to a round number.
    #[must_use]
    pub fn symmetric(label: &str, unit: &str, ramp: Ramp, limit: f64) -> Self {
        let limit = if limit.is_finite() && limit != 0.0 {
            limit.abs()
        } else {
            1.0
        };
        // Steps on one side, so that zero is a tick and both sides have the same.
        let step = round_step(limit, 3);
        let limit = (limit / step - 1e-9).ceil() * step;
        Self {
            label: label.to_owned(),
            unit: unit.to_owned(),
            ramp,
            low: -limit,
            high: limit,
            step,
            beyond: (false, false),
            hatched_below_zero: false,
        }
    }

    fn with_beyond(mut self, panels: &[&[f32]]) -> Self {
        for value in panels.iter().flat_map(|panel| panel.iter()) {
            let value = f64::from(*value);
            if value.is_finite() {
                self.beyond.0 |= value < self.low;
                self.beyond.1 |= value > self.high;
            }
        }
        self
    }

    /// The same scale with thin oblique lines over values below zero: in grey, the two sides of a
    /// diverging scale are alike.
    #[must_use]
    pub fn hatched_below_zero(self) -> Self {
        Self {
            hatched_below_zero: true,
            ..self
        }
    }

    pub(crate) fn is_hatched(&self, value: f64) -> bool {
        self.hatched_below_zero && value < 0.0
    }

    /// The colour of a value.
    #[must_use]
    pub fn colour(&self, value: f64) -> Rgb {
        self.ramp.at((value - self.low) / (self.high - self.low))
    }

    /// The values of the low and the high end.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Whether values lie below the low and above the high end.
    pub(crate) fn beyond(&self) -> (bool, bool) {
        self.beyond
    }

    pub(crate) fn ticks(&self) -> Ticks {
        Ticks::every(self.step, self.low, self.high)
    }

    /// `NPP, gC m⁻² yr⁻¹`.
    pub(crate) fn heading(&self) -> String {
        if self.unit.is_empty() {
            self.label.clone()
        } else {
            format!("{}, {}", self.label, self.unit)
        }
    }
}

/// The finite values, or evenly spaced ones of them when there are very many.
fn sample(panels: &[&[f32]]) -> Vec<f32> {
    let cells: usize = panels.iter().map(|panel| panel.len()).sum();
    // An odd step does not fall on the same columns in each row.
    let step = cells.div_ceil(SAMPLE).max(1) | 1;
    let all = panels.iter().flat_map(|panel| panel.iter());
    let sample = all.step_by(if cells > SAMPLE { step } else { 1 });
    sample.copied().filter(|v| v.is_finite()).collect()
}

/// The value with a share of the others below it; NaN of none.
fn quantile(values: &mut [f32], share: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let rank = ((values.len() - 1) as f64 * share).round() as usize;
    let (_, value, _) = values.select_nth_unstable_by(rank, f32::total_cmp);
    f64::from(*value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_round_and_hold_the_data() {
        let values: Vec<f32> = (0..1000).map(|i| 37.0 + 0.4 * i as f32).collect();
        let scale = ValueScale::sequential("NPP", "g", Ramp::YellowGreen, &[&values]);
        assert_eq!(scale.ends(), (0.0, 500.0));
        assert_eq!(scale.beyond(), (false, false));
        assert_eq!(
            scale.ticks().values,
            [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]
        );
        let scale =
            ValueScale::sequential("XCO2", "ppm", Ramp::Batlow, &[&[380.1, 393.9], &[385.0]]);
        assert_eq!(scale.ends(), (380.0, 395.0));
    }

    #[test]
    fn a_diverging_scale_is_symmetric_with_zero_in_the_middle() {
        for values in [
            &[-3.1_f32, 0.2, 1.0][..],
            &[5.0, 7.0],
            &[-0.004],
            &[0.0],
            &[],
            &[f32::NAN, f32::INFINITY],
        ] {
            let scale = ValueScale::diverging("change", "g", Ramp::PurpleGreen, &[values]);
            let (low, high) = scale.ends();
            assert_eq!(low, -high);
            assert!(high > 0.0);
            let ticks = scale.ticks().values;
            assert!(ticks.contains(&0.0) && ticks.len() % 2 == 1, "{ticks:?}");
            assert_eq!((ticks[0], ticks[ticks.len() - 1]), (low, high));
            assert_eq!(scale.colour(0.0), Ramp::PurpleGreen.at(0.5));
        }
    }

    #[test]
    fn extremes_do_not_stretch_the_scale() {
        let mut values = vec![100.0_f32; 500];
        values.extend(vec![200.0_f32; 500]);
        values.extend([-9000.0, 9000.0]);
        let scale = ValueScale::sequential("NPP", "g", Ramp::YellowGreen, &[&values]);
        assert_eq!(scale.ends(), (100.0, 200.0));
        assert_eq!(scale.beyond(), (true, true));
    }

    #[test]
    fn very_many_values_give_the_ends_of_all() {
        let cells = SAMPLE * 2 + 77;
        let values: Vec<f32> = (0..cells).map(|i| (i % 1000) as f32 / 10.0).collect();
        assert!(sample(&[&values]).len() <= SAMPLE);
        let scale = ValueScale::sequential("x", "", Ramp::Batlow, &[&values]);
        assert_eq!(scale.ends(), (0.0, 100.0));
    }

    #[test]
    fn nothing_and_one_value_still_make_a_scale() {
        for values in [&[][..], &[f32::NAN], &[0.0], &[7.0, 7.0]] {
            let (low, high) = ValueScale::sequential("x", "", Ramp::Batlow, &[values]).ends();
            assert!(low < high, "{low} {high}");
        }
    }
}
