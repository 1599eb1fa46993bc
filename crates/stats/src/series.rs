//! A series of values at their real times, with its gaps left out and counted.

use crate::StatsError;

/// Values at strictly increasing times, missing ones left out.
///
/// Times are real times (years as `2001.0`, or any other unit), so a gap stays a gap: a slope over
/// 2001, 2002 and 2005 uses those years and not 1, 2, 3.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    times: Vec<f64>,
    values: Vec<f64>,
    gaps: usize,
}

impl Series {
    /// Pairs `times` with `values`; `None` is a missing value.
    ///
    /// # Errors
    /// Different lengths, a number that is not finite, times that do not increase strictly.
    pub fn new(times: &[f64], values: &[Option<f64>]) -> Result<Self, StatsError> {
        if times.len() != values.len() {
            return Err(StatsError::Length {
                what: "values",
                of: "times",
                expected: times.len(),
                found: values.len(),
            });
        }
        let mut series = Self {
            times: Vec::with_capacity(times.len()),
            values: Vec::with_capacity(times.len()),
            gaps: 0,
        };
        for (index, (&time, &value)) in times.iter().zip(values).enumerate() {
            finite("time", index, time)?;
            if index > 0 && time <= times[index - 1] {
                return Err(StatsError::TimeOrder {
                    index,
                    before: times[index - 1],
                    found: time,
                });
            }
            if let Some(value) = value {
                finite("value", index, value)?;
                series.times.push(time);
                series.values.push(value);
            } else {
                series.gaps += 1;
            }
        }
        Ok(series)
    }

    /// A series without missing values.
    ///
    /// # Errors
    /// As [`Series::new`].
    pub fn complete(times: &[f64], values: &[f64]) -> Result<Self, StatsError> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        Self::new(times, &values)
    }

    /// Values at the whole years `first_year`, `first_year + 1`, ...
    ///
    /// # Errors
    /// A value that is not finite.
    pub fn annual(first_year: i32, values: &[Option<f64>]) -> Result<Self, StatsError> {
        let mut time = f64::from(first_year) - 1.0;
        let times: Vec<f64> = values
            .iter()
            .map(|_| {
                time += 1.0;
                time
            })
            .collect();
        Self::new(&times, values)
    }

    /// The times of the values that are not missing.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The values that are not missing.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many values are not missing.
    #[must_use]
    pub fn n(&self) -> usize {
        self.values.len()
    }

    /// How many values are missing.
    #[must_use]
    pub fn gaps(&self) -> usize {
        self.gaps
    }

    /// Refuses a series with fewer than `needed` values.
    pub(crate) fn at_least(&self, what: &'static str, needed: usize) -> Result<(), StatsError> {
        if self.n() >= needed {
            Ok(())
        } else {
            Err(StatsError::TooFew {
                what,
                needed,
                found: self.n(),
            })
        }
    }

    /// Refuses a series whose steps differ by more than a billionth.
    pub(crate) fn equally_spaced(&self, what: &'static str) -> Result<f64, StatsError> {
        self.at_least(what, 2)?;
        let first = self.times[1] - self.times[0];
        for (index, pair) in self.times.windows(2).enumerate() {
            let step = pair[1] - pair[0];
            if (step - first).abs() > 1e-9 * first {
                return Err(StatsError::Unequal {
                    what,
                    index,
                    expected: first,
                    found: step,
                });
            }
        }
        Ok(first)
    }
}

fn finite(what: &'static str, index: usize, found: f64) -> Result<(), StatsError> {
    if found.is_finite() {
        Ok(())
    } else {
        Err(StatsError::NotFinite { what, index, found })
    }
}

/// A count as a float. Exact below 2^53, which no count of values in memory reaches.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts stay far below two to the 53rd"
)]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}

/// Arithmetic mean; not a number for an empty slice.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len())
}

/// Median; sorts its input. Not a number for an empty slice.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    if n == 0 {
        f64::NAN
    } else if n % 2 == 1 {
        values[n / 2]
    } else {
        f64::midpoint(values[n / 2 - 1], values[n / 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_keeps_the_real_times() {
        let series = Series::annual(2001, &[Some(1.0), None, Some(3.0)]).unwrap();
        assert_eq!(series.times(), [2001.0, 2003.0]);
        assert_eq!(series.values(), [1.0, 3.0]);
        assert_eq!((series.n(), series.gaps()), (2, 1));
        assert!(matches!(
            Series::annual(2001, &[Some(1.0), Some(2.0), None, Some(3.0)])
                .unwrap()
                .equally_spaced("x"),
            Err(StatsError::Unequal { index: 1, .. })
        ));
    }

    #[test]
    fn bad_input_is_named() {
        assert!(matches!(
            Series::complete(&[1.0, 1.0], &[0.0, 0.0]),
            Err(StatsError::TimeOrder { index: 1, .. })
        ));
        assert!(matches!(
            Series::complete(&[1.0, 2.0], &[0.0, f64::NAN]),
            Err(StatsError::NotFinite {
                what: "value",
                index: 1,
                ..
            })
        ));
        assert!(matches!(
            Series::complete(&[1.0, 2.0], &[0.0]),
            Err(StatsError::Length {
                expected: 2,
                found: 1,
                ..
            })
        ));
    }
}
