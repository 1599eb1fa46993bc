//! A month of a year.

use std::fmt;

/// A calendar month. Orders by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// `None` unless `month` is 1..12 and the year has four digits.
    #[must_use]
    pub fn new(year: i32, month: u8) -> Option<Self> {
        ((1..=12).contains(&month) && (1000..=9999).contains(&year)).then_some(Self { year, month })
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

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self {
                year: self.year + 1,
                month: 1,
            }
        } else {
            Self {
                month: self.month + 1,
                ..self
            }
        }
    }

    /// Every month from `self` to `last`, both included.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |month| Some(month.next()))
            .take_while(move |month| *month <= last)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Month {
    type Err = String;

    /// Reads `2011-04`.
    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (year, month) = text.split_once('-')?;
            let digits =
                |part: &str, n| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
            if !(digits(year, 4) && digits(month, 2)) {
                return None;
            }
            Self::new(year.parse().ok()?, month.parse().ok()?)
        };
        parse().ok_or_else(|| format!("expected a month such as 2011-04, found {text:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_both_ways_and_nothing_else_is_a_month() {
        let april: Month = "2011-04".parse().unwrap();
        assert_eq!((april.year, april.month), (2011, 4));
        assert_eq!(april.to_string(), "2011-04");
        for wrong in [
            "2011-13", "2011-4", "2011", "201104", "11-04", "2011-00", "+011-04",
        ] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn months_have_their_days() {
        let days = |text: &str| text.parse::<Month>().unwrap().days();
        assert_eq!(
            [days("1900-02"), days("2000-02"), days("2011-02")],
            [28, 29, 28]
        );
        assert_eq!(
            (1..=12)
                .map(|m| u32::from(Month::new(2012, m).unwrap().days()))
                .sum::<u32>(),
            366
        );
    }

    #[test]
    fn months_run_over_the_year() {
        let from: Month = "2009-11".parse().unwrap();
        let to: Month = "2010-02".parse().unwrap();
        let all: Vec<String> = from.through(to).map(|m| m.to_string()).collect();
        assert_eq!(all, ["2009-11", "2009-12", "2010-01", "2010-02"]);
        assert_eq!(to.through(from).count(), 0);
    }
}
