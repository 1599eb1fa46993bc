//! The months of a series: which year and month each value belongs to.

use std::fmt;
use std::ops::Range;

use crate::DroughtError;

/// A calendar month of a year. Orders by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl YearMonth {
    /// The month number `month` (1 to 12) of `year`.
    ///
    /// # Errors
    /// Returns an error if there is no such month.
    pub fn new(year: i32, month: u8) -> Result<Self, DroughtError> {
        if (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(DroughtError::Domain {
                what: "a month",
                expected: "between 1 and 12",
                found: f64::from(month),
            })
        }
    }

    /// Months since the January of year 0.
    fn ordinal(self) -> i64 {
        i64::from(self.year) * 12 + i64::from(self.month) - 1
    }

    /// The month `steps` later.
    #[must_use]
    pub fn plus(self, steps: usize) -> Self {
        let index = usize::from(self.month - 1) + steps;
        let years = i32::try_from(index / 12).unwrap_or(i32::MAX);
        let month = u8::try_from(index % 12).unwrap_or(0) + 1;
        Self {
            year: self.year.saturating_add(years),
            month,
        }
    }

    /// Its days in the calendar of everyday life.
    #[must_use]
    pub fn days(self) -> u8 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// The day of the year of its first day, from 1.
    #[must_use]
    pub fn first_day_of_year(self) -> u16 {
        (1..self.month)
            .map(|month| u16::from(Self { month, ..self }.days()))
            .sum::<u16>()
            + 1
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Months that follow one another without a gap. A month without a value is there, as a missing
/// value: then a window of three months is three months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthAxis {
    first: YearMonth,
    len: usize,
}

impl MonthAxis {
    /// `len` months from `first` on.
    #[must_use]
    pub fn new(first: YearMonth, len: usize) -> Self {
        Self { first, len }
    }

    /// The months as a file lists them.
    ///
    /// # Errors
    /// Returns an error if there is none, or if they are not in order, one is missing or one is
    /// there twice.
    pub fn of(months: &[YearMonth]) -> Result<Self, DroughtError> {
        let Some(&first) = months.first() else {
            return Err(DroughtError::Length {
                what: "the list of months",
                expected: 1,
                found: 0,
            });
        };
        for pair in months.windows(2) {
            let (before, found) = (pair[0], pair[1]);
            let expected = before.plus(1);
            if found != expected {
                let hint = if found > expected {
                    "months are missing; give each month a row, with an empty value where nothing is known"
                } else if found == before {
                    "a month is there twice; keep one of the two"
                } else {
                    "months are out of order; sort them by time"
                };
                return Err(DroughtError::Months {
                    before: before.to_string(),
                    expected: expected.to_string(),
                    found: found.to_string(),
                    hint,
                });
            }
        }
        Ok(Self::new(first, months.len()))
    }

    /// How many months.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no month at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first month.
    #[must_use]
    pub fn first(&self) -> YearMonth {
        self.first
    }

    /// The last month; the first if there is none.
    #[must_use]
    pub fn last(&self) -> YearMonth {
        self.first.plus(self.len.saturating_sub(1))
    }

    /// Month number `index`, from 0.
    #[must_use]
    pub fn at(&self, index: usize) -> YearMonth {
        self.first.plus(index)
    }

    /// The calendar month of month number `index`, from 0 (January) to 11.
    #[must_use]
    pub fn calendar(&self, index: usize) -> usize {
        (usize::from(self.first.month - 1) + index) % 12
    }

    /// Every month.
    pub fn iter(&self) -> impl Iterator<Item = YearMonth> + use<> {
        let first = self.first;
        (0..self.len).map(move |step| first.plus(step))
    }

    /// Where `month` stands, if it is among them.
    #[must_use]
    pub fn position(&self, month: YearMonth) -> Option<usize> {
        let step = usize::try_from(month.ordinal() - self.first.ordinal()).ok()?;
        (step < self.len).then_some(step)
    }

    /// Where the months from `first` to `last`, both included, stand.
    ///
    /// # Errors
    /// Returns an error if they are not all in the series: a reference period is never cut or
    /// replaced by the whole record without a word.
    pub fn span(&self, first: YearMonth, last: YearMonth) -> Result<Range<usize>, DroughtError> {
        match (self.position(first), self.position(last)) {
            (Some(from), Some(to)) if from <= to => Ok(from..to + 1),
            _ => Err(DroughtError::ReferenceOutside {
                reference: format!("{first} to {last}"),
                record: format!("{} to {}", self.first, self.last()),
            }),
        }
    }

    /// Refuses a series of another length.
    ///
    /// # Errors
    /// Returns an error if `values` has not one value a month.
    pub fn fits(&self, what: &'static str, values: &[f64]) -> Result<(), DroughtError> {
        if values.len() == self.len {
            Ok(())
        } else {
            Err(DroughtError::Length {
                what,
                expected: self.len,
                found: values.len(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(year: i32, month: u8) -> YearMonth {
        YearMonth::new(year, month).unwrap()
    }

    #[test]
    fn months_run_over_the_year_and_back() {
        let axis = MonthAxis::new(month(1999, 11), 5);
        let all: Vec<String> = axis.iter().map(|m| m.to_string()).collect();
        assert_eq!(all, ["1999-11", "1999-12", "2000-01", "2000-02", "2000-03"]);
        assert_eq!(axis.position(month(2000, 2)), Some(3));
        assert_eq!(axis.position(month(1999, 10)), None);
        assert_eq!(axis.position(month(2000, 4)), None);
        assert_eq!(axis.calendar(2), 0);
        assert_eq!(axis.at(3).days(), 29);
        assert_eq!(month(1900, 3).first_day_of_year(), 60);
        assert_eq!(month(2000, 3).first_day_of_year(), 61);
    }

    #[test]
    fn a_gap_a_double_and_a_wrong_order_are_refused() {
        let cases = [
            ([month(2000, 1), month(2000, 3)], "missing"),
            ([month(2000, 1), month(2000, 1)], "twice"),
            ([month(2000, 2), month(2000, 1)], "out of order"),
        ];
        for (months, word) in cases {
            let message = MonthAxis::of(&months).unwrap_err().to_string();
            assert!(message.contains(word), "{message}");
        }
        assert!(MonthAxis::of(&[]).is_err());
        assert!(MonthAxis::of(&[month(2000, 12), month(2001, 1)]).is_ok());
    }

    #[test]
    fn a_reference_outside_the_record_is_refused() {
        let axis = MonthAxis::new(month(2000, 1), 24);
        assert_eq!(axis.span(month(2000, 2), month(2001, 12)).unwrap(), 1..24);
        assert!(axis.span(month(1991, 1), month(2001, 12)).is_err());
        assert!(axis.span(month(2001, 1), month(2000, 12)).is_err());
    }
}
