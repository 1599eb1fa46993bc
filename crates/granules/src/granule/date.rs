//! The A-date of a granule and the period it stands for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::product::{PeriodKind, Product};

/// The A-date of a file name: a year and a day of the year from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AcquisitionDate {
    year: u16,
    day_of_year: u16,
}

impl AcquisitionDate {
    /// A date; `None` when the year has no such day or is not in 1900..=2999.
    #[must_use]
    pub fn new(year: u16, day_of_year: u16) -> Option<Self> {
        let exists =
            (1900..3000).contains(&year) && (1..=days_in_year(year)).contains(&day_of_year);
        exists.then_some(Self { year, day_of_year })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The day of the year, 1 to 366.
    #[must_use]
    pub fn day_of_year(self) -> u16 {
        self.day_of_year
    }

    /// The date as ISO 8601, `YYYY-MM-DD`.
    #[must_use]
    pub fn iso(self) -> String {
        let mut day = self.day_of_year;
        let mut month = 1;
        for length in month_lengths(self.year) {
            if day <= length {
                break;
            }
            day -= length;
            month += 1;
        }
        format!("{:04}-{month:02}-{day:02}", self.year)
    }

    /// The period a granule of `product` with this A-date covers.
    #[must_use]
    pub fn period(self, product: &Product) -> Period {
        let last_day = days_in_year(self.year);
        match product.period {
            PeriodKind::Year => Period {
                year: self.year,
                day_of_year: self.day_of_year,
                label: format!("{:04}", self.year),
                start: format!("{:04}-01-01", self.year),
                end: format!("{:04}-12-31", self.year),
                days: last_day,
            },
            PeriodKind::Composite { days } => {
                let end = self.day_of_year.saturating_add(days - 1).min(last_day);
                Period {
                    year: self.year,
                    day_of_year: self.day_of_year,
                    label: self.to_string(),
                    start: self.iso(),
                    end: Self {
                        day_of_year: end,
                        ..self
                    }
                    .iso(),
                    days: end - self.day_of_year + 1,
                }
            }
        }
    }
}

/// As the pipeline file writes it: `2025-017`.
impl fmt::Display for AcquisitionDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:03}", self.year, self.day_of_year)
    }
}

/// Reads `2025-017` and, as in file names, `A2025017`.
impl FromStr for AcquisitionDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused =
            || format!("expected a year and a day of the year such as 2025-017, found {text:?}");
        let digits = match (text.strip_prefix('A'), text.split_once('-')) {
            (Some(digits), _) => digits.to_owned(),
            (None, Some((year, day))) if year.len() == 4 => format!("{year}{day}"),
            _ => return Err(refused()),
        };
        if digits.len() != 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused());
        }
        let number = |part: &str| part.parse().map_err(|_| refused());
        Self::new(number(&digits[..4])?, number(&digits[4..])?).ok_or_else(refused)
    }
}

/// The time that one layer of a series stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Year of the A-date.
    pub year: u16,
    /// Day of the year of the A-date.
    pub day_of_year: u16,
    /// `2001` for a year, `2025-017` for a composite.
    pub label: String,
    /// First day, ISO 8601.
    pub start: String,
    /// Last day, ISO 8601: that of the year for years, nominal for composites.
    pub end: String,
    /// Number of days.
    pub days: u16,
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u16) -> u16 {
    365 + u16::from(is_leap(year))
}

fn month_lengths(year: u16) -> [u16; 12] {
    [
        31,
        28 + u16::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::named;

    fn date(text: &str) -> AcquisitionDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_become_iso_dates() {
        assert_eq!(date("2001-001").iso(), "2001-01-01");
        assert_eq!(date("A2022017").iso(), "2022-01-17");
        assert_eq!(date("2004-060").iso(), "2004-02-29");
        assert_eq!(date("2005-060").iso(), "2005-03-01");
        assert_eq!(date("2000-366").iso(), "2000-12-31");
        assert_eq!(date("2005-365").iso(), "2005-12-31");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2005-366",
            "2005-000",
            "1900-366",
            "2005-17",
            "20050-17",
            "A2005-17",
            "",
            "2005-01-17",
            "２005017",
        ] {
            assert!(text.parse::<AcquisitionDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_is_a_year_and_the_last_composite_ends_with_it() {
        let mut product = named("MOD17A3HGF.061").unwrap();
        let year = date("2004-001").period(&product);
        assert_eq!(
            (year.label.as_str(), year.start.as_str(), year.end.as_str()),
            ("2004", "2004-01-01", "2004-12-31")
        );
        assert_eq!(year.days, 366);

        product.period = PeriodKind::Composite { days: 8 };
        let first = date("2022-017").period(&product);
        assert_eq!(
            (first.label.as_str(), first.end.as_str(), first.days),
            ("2022-017", "2022-01-24", 8)
        );
        // 8-day A361 is 2021-12-27..31, five days.
        let last = date("2021-361").period(&product);
        assert_eq!(
            (last.start.as_str(), last.end.as_str(), last.days),
            ("2021-12-27", "2021-12-31", 5)
        );
    }
}
