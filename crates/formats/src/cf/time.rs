//! Time axes: `days since 1990-01-01` and its like, into months.

use std::path::Path;

use netcdf::Variable;

use super::CfError;
use super::attribute::text;
use crate::Month;

/// Which days there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Calendar {
    /// As everyday life has it since 1582.
    Gregorian,
    /// 365 days in every year.
    NoLeap,
    /// 366 days in every year.
    AllLeap,
    /// Twelve months of 30 days.
    Days360,
}

/// An axis `unit since epoch`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    calendar: Calendar,
    /// Days per unit.
    unit_days: f64,
    /// Days from 0001-01-01 to the epoch in the calendar, with the part of the day.
    epoch_days: f64,
}

/// The month of each time of a variable. Where the variable names its bounds, the month is that of the
/// middle of the bounds, because files label a month by its first day, its middle or the day after
/// its last.
pub(crate) fn months(
    file: &netcdf::File,
    path: &Path,
    time: &Variable<'_>,
) -> Result<Vec<Month>, CfError> {
    let refused = |expected, found: String, advice| CfError::Time {
        path: path.to_owned(),
        variable: time.name(),
        expected,
        found,
        advice,
    };
    let units = text(time, "units").unwrap_or_default();
    let calendar = text(time, "calendar").unwrap_or_else(|| "standard".to_owned());
    let axis = Axis::parse(&units, &calendar).map_err(|(expected, advice)| {
        refused(
            expected,
            format!("{units:?} in the calendar {calendar:?}"),
            advice,
        )
    })?;
    let read = |variable: &Variable<'_>| -> Result<Vec<f64>, CfError> {
        variable.get_values(..).map_err(|error| CfError::Open {
            path: path.to_owned(),
            reason: format!("{} cannot be read: {error}", variable.name()),
        })
    };
    let mut times = read(time)?;
    if let Some(bounds) = text(time, "bounds").and_then(|name| file.variable(&name)) {
        let edges = read(&bounds)?;
        if edges.len() == 2 * times.len() {
            times = edges
                .chunks_exact(2)
                .map(|pair| f64::midpoint(pair[0], pair[1]))
                .collect();
        }
    }
    let month = |value: &f64| {
        axis.month(*value).ok_or_else(|| {
            refused(
                "a time in the years 1000..9999",
                format!("{value} {units}"),
                "Correct the time axis",
            )
        })
    };
    times.iter().map(month).collect()
}

impl Axis {
    /// On failure: what was expected, and advice.
    fn parse(units: &str, calendar: &str) -> Result<Self, (&'static str, &'static str)> {
        let calendar = match calendar.to_lowercase().as_str() {
            "standard" | "gregorian" | "proleptic_gregorian" => Calendar::Gregorian,
            "noleap" | "365_day" => Calendar::NoLeap,
            "all_leap" | "366_day" => Calendar::AllLeap,
            "360_day" => Calendar::Days360,
            _ => {
                return Err((
                    "the calendar standard, proleptic_gregorian, noleap, all_leap or 360_day",
                    "Convert the time axis (cdo setcalendar,standard)",
                ));
            }
        };
        let expected = "a unit such as \"days since 1990-01-01\"";
        let fields =
            "Correct `units` of the time axis (ncatted -a units,time,m,c,\"days since ...\")";
        let units = units.to_lowercase();
        let Some((unit, epoch)) = units.split_once(" since ") else {
            return Err((expected, fields));
        };
        let unit_days = match unit.trim() {
            "day" | "days" | "d" => 1.0,
            "hour" | "hours" | "hr" | "h" => 1.0 / 24.0,
            "minute" | "minutes" | "min" => 1.0 / 1440.0,
            "second" | "seconds" | "sec" | "s" => 1.0 / 86400.0,
            _ => {
                return Err((
                    "days, hours, minutes or seconds since an epoch",
                    "Months and years have no fixed length; convert the axis to days",
                ));
            }
        };
        let (date, clock) = match epoch.trim().split_once([' ', 't']) {
            Some((date, clock)) => (date, clock),
            None => (epoch.trim(), ""),
        };
        let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
        let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(("an epoch such as 1990-01-01", fields));
        };
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(calendar, year, month)).contains(&day);
        if !valid {
            return Err(("an epoch that is a day of its calendar", fields));
        }
        if calendar == Calendar::Gregorian && year < 1583 {
            return Err((
                "an epoch after 1582, since when there is one calendar",
                "Convert the axis to a later epoch (cdo setreftime,1990-01-01)",
            ));
        }
        let day_part =
            clock_days(clock).ok_or(("a time of day such as 00:00:00 in UTC", fields))?;
        Ok(Self {
            calendar,
            unit_days,
            epoch_days: days_before(calendar, year, month) as f64 + (day - 1) as f64 + day_part,
        })
    }

    fn month(self, value: f64) -> Option<Month> {
        // A millionth of a day of rounding in files that store hours in single precision.
        let days = (self.epoch_days + value * self.unit_days + 1e-6).floor();
        if !(0.0..4e6).contains(&days) {
            return None;
        }
        let days = days as i64;
        let mut year = 1 + days / 366;
        while days_before(self.calendar, year + 1, 1) <= days {
            year += 1;
        }
        let month = (1..=12).rfind(|month| days_before(self.calendar, year, *month) <= days)?;
        Month::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?)
    }
}

/// Days from 0001-01-01 to the first of a month.
fn days_before(calendar: Calendar, year: i64, month: i64) -> i64 {
    let before = year - 1;
    let years = match calendar {
        Calendar::Gregorian => 365 * before + before / 4 - before / 100 + before / 400,
        Calendar::NoLeap => 365 * before,
        Calendar::AllLeap => 366 * before,
        Calendar::Days360 => 360 * before,
    };
    years + (1..month).map(|m| days_in(calendar, year, m)).sum::<i64>()
}

fn days_in(calendar: Calendar, year: i64, month: i64) -> i64 {
    let leap = match calendar {
        Calendar::Gregorian => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0),
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

/// `06:00:00.0`, `6:00`, with `Z`, `UTC` or a zero offset after it; a missing clock is midnight.
fn clock_days(clock: &str) -> Option<f64> {
    let clock = clock
        .trim()
        .trim_end_matches("utc")
        .trim_end_matches('z')
        .trim();
    let clock = ["+00:00", "+0:00", "-00:00", "+00", "+0", "-0:00"]
        .iter()
        .find_map(|zero| clock.strip_suffix(zero))
        .unwrap_or(clock)
        .trim();
    if clock.is_empty() {
        return Some(0.0);
    }
    let mut parts = clock.split(':').map(str::parse::<f64>);
    let hours = parts.next()?.ok()?;
    let minutes = parts.next().transpose().ok()?.unwrap_or(0.0);
    let seconds = parts.next().transpose().ok()?.unwrap_or(0.0);
    let valid = parts.next().is_none()
        && (0.0..=24.0).contains(&hours)
        && (0.0..60.0).contains(&minutes)
        && (0.0..61.0).contains(&seconds);
    valid.then_some((hours + minutes / 60.0 + seconds / 3600.0) / 24.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(units: &str, calendar: &str, value: f64) -> String {
        Axis::parse(units, calendar)
            .unwrap()
            .month(value)
            .unwrap()
            .to_string()
    }

    #[test]
    fn days_since_1990_are_those_of_the_standard_library_of_python() {
        // (datetime.date(1990, 1, 1) + datetime.timedelta(n)).strftime("%Y-%m")
        for (n, expected) in [
            (0.0, "1990-01"),
            (30.9, "1990-01"),
            (31.0, "1990-02"),
            (7090.0, "2009-05"),
            (7091.0, "2009-06"),
            (8094.0, "2012-02"),
            (8095.0, "2012-03"),
            (8400.0, "2012-12"),
            (-1.0, "1989-12"),
        ] {
            assert_eq!(
                month("days since 1990-01-01", "standard", n),
                expected,
                "{n}"
            );
        }
    }

    #[test]
    fn an_epoch_on_a_leap_day_is_a_day() {
        let leap = "days since 2000-02-29 00:00:00";
        assert_eq!(month(leap, "gregorian", 0.0), "2000-02");
        assert_eq!(month(leap, "gregorian", 1.0), "2000-03");
        // 2000-02-29 plus 3380 days is 2009-06-01.
        assert_eq!(month(leap, "gregorian", 3379.0), "2009-05");
        assert_eq!(month(leap, "gregorian", 3380.0), "2009-06");
        for (epoch, calendar) in [
            ("1900-02-29", "standard"),
            ("2000-02-29", "noleap"),
            ("2001-02-29", "standard"),
        ] {
            let units = format!("days since {epoch}");
            let (expected, _) = Axis::parse(&units, calendar).unwrap_err();
            assert!(
                expected.contains("a day of its calendar"),
                "{epoch}: {expected}"
            );
        }
        assert!(Axis::parse("days since 2001-02-29", "all_leap").is_ok());
    }

    #[test]
    fn other_units_clocks_and_calendars() {
        assert_eq!(
            month("hours since 2011-01-01T00:00:00Z", "standard", 24.0 * 31.0),
            "2011-02"
        );
        assert_eq!(
            month(
                "seconds since 1970-01-01 00:00:00 UTC",
                "standard",
                1_301_616_000.0
            ),
            "2011-04"
        );
        assert_eq!(
            month("days since 2011-01-31 18:00", "standard", 0.25),
            "2011-02"
        );
        assert_eq!(month("days since 2000-01-01", "noleap", 59.0), "2000-03");
        assert_eq!(month("days since 2000-01-01", "360_day", 59.0), "2000-02");
    }

    #[test]
    fn what_has_no_length_or_no_meaning_is_refused() {
        for (units, calendar) in [
            ("months since 1990-01-01", "standard"),
            ("days", "standard"),
            ("days since last year", "standard"),
            ("days since 1990-13-01", "standard"),
            ("days since 1990-01-01 25:00", "standard"),
            ("days since 0001-01-01", "standard"),
            ("days since 1990-01-01 00:00 +09:00", "standard"),
            ("days since 1990-01-01", "julian"),
        ] {
            assert!(Axis::parse(units, calendar).is_err(), "{units} {calendar}");
        }
    }
}
