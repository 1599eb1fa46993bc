//! Calendars of time axes: days counted from 0001-01-01, and dates.

/// Which days there are (CF conventions 1.11, section 4.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calendar {
    /// Gregorian from 1582-10-15 on, Julian until 1582-10-04: `standard`, `gregorian`.
    Standard,
    /// Gregorian at all times.
    Proleptic,
    /// 365 days in every year.
    NoLeap,
    /// 366 days in every year.
    AllLeap,
    /// Twelve months of 30 days.
    Days360,
}

/// A day of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

/// 1582-10-15, from which the standard calendar is Gregorian.
const REFORM: Date = Date {
    year: 1582,
    month: 10,
    day: 15,
};

impl Calendar {
    /// Reads the name in the attribute `calendar`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name.trim().to_lowercase().as_str() {
            "standard" | "gregorian" => Self::Standard,
            "proleptic_gregorian" => Self::Proleptic,
            "noleap" | "365_day" => Self::NoLeap,
            "all_leap" | "366_day" => Self::AllLeap,
            "360_day" => Self::Days360,
            _ => return None,
        })
    }

    /// Days from 0001-01-01 (of the Gregorian count, for the standard calendar) to a date; `None` for what
    /// is not a day of the calendar.
    pub(crate) fn days(self, date: Date) -> Option<i64> {
        let Date { year, month, day } = date;
        // The standard calendar has no year 0; models count from it in the others.
        let years = if self == Self::Standard {
            1..=9999
        } else {
            0..=9999
        };
        if !years.contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        let julian = self == Self::Standard && date < REFORM;
        let skipped = julian && (year, month) == (1582, 10) && day > 4;
        if skipped || !(1..=days_in(self, julian, year, month)).contains(&day) {
            return None;
        }
        Some(days_before(self, julian, year, month) + day - 1)
    }

    /// The date so many days after 0001-01-01; `None` beyond the years 0 to 9999.
    pub(crate) fn date(self, days: i64) -> Option<Date> {
        if !(-400..4_000_000).contains(&days) {
            return None;
        }
        let julian = self == Self::Standard && days < days_before(self, false, 1582, 10) + 14;
        let before = |year, month| days_before(self, julian, year, month);
        let mut year = (days / 366 - 1).max(0);
        while before(year + 1, 1) <= days {
            year += 1;
        }
        let month = (1..=12).rfind(|month| before(year, *month) <= days)?;
        let day = days - before(year, month) + 1;
        Some(Date { year, month, day })
    }
}

/// Days from 0001-01-01 of the Gregorian count to the first of a month.
fn days_before(calendar: Calendar, julian: bool, year: i64, month: i64) -> i64 {
    let before = year - 1;
    let every = |n: i64| before.div_euclid(n);
    let years = match calendar {
        // 0001-01-01 of the Julian calendar is two days before that of the Gregorian.
        Calendar::Standard if julian => 365 * before + every(4) - 2,
        Calendar::Standard | Calendar::Proleptic => {
            365 * before + every(4) - every(100) + every(400)
        }
        Calendar::NoLeap => 365 * before,
        Calendar::AllLeap => 366 * before,
        Calendar::Days360 => 360 * before,
    };
    years
        + (1..month)
            .map(|m| days_in(calendar, julian, year, m))
            .sum::<i64>()
}

fn days_in(calendar: Calendar, julian: bool, year: i64, month: i64) -> i64 {
    let leap = match calendar {
        Calendar::Standard if julian => year % 4 == 0,
        Calendar::Standard | Calendar::Proleptic => {
            year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        }
        Calendar::NoLeap => false,
        Calendar::AllLeap => true,
        Calendar::Days360 => return 30,
    };
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        let mut parts = text.split('-').map(|part| part.parse().unwrap());
        let mut next = || parts.next().unwrap();
        Date {
            year: next(),
            month: next(),
            day: next(),
        }
    }

    #[test]
    fn the_standard_calendar_is_julian_before_the_reform_and_has_a_gap() {
        let standard = Calendar::Standard;
        // Known: Julian 1582-10-04 was the day before Gregorian 1582-10-15.
        let before = standard.days(date("1582-10-04")).unwrap();
        let after = standard.days(date("1582-10-15")).unwrap();
        assert_eq!(after - before, 1);
        assert_eq!(Calendar::Proleptic.days(date("1582-10-15")), Some(after));
        assert_eq!(standard.days(date("1582-10-10")), None);
        // The two counts of 0001-01-01 are two days apart.
        assert_eq!(standard.days(date("1-1-1")), Some(-2));
        assert_eq!(Calendar::Proleptic.days(date("1-1-1")), Some(0));
        assert!(standard.days(date("1500-02-29")).is_some());
        assert!(Calendar::Proleptic.days(date("1500-02-29")).is_none());
        assert!(standard.days(date("0-1-1")).is_none());
        assert_eq!(Calendar::NoLeap.days(date("0-1-1")), Some(-365));
    }

    #[test]
    fn every_day_comes_back() {
        for calendar in [
            Calendar::Standard,
            Calendar::Proleptic,
            Calendar::NoLeap,
            Calendar::AllLeap,
            Calendar::Days360,
        ] {
            let mut last = None;
            for days in -2..800_000 {
                let date = calendar.date(days).unwrap();
                assert_eq!(calendar.days(date), Some(days), "{calendar:?} {date:?}");
                assert!(last < Some(date));
                last = Some(date);
            }
        }
    }
}
