//! What the units of a time axis count: `days since 1990-01-01` and its like.

use std::path::Path;

use netcdf::Variable;

use super::CfError;
use super::calendar::{Calendar, Date};
use super::stored::Kind;

pub(crate) const DAY_SECONDS: f64 = 86_400.0;
/// Rounding that is forgiven in files that store parts of a day.
const ROUNDING_SECONDS: f64 = 0.0864;

/// An axis `unit since epoch`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    calendar: Calendar,
    unit_seconds: f64,
    /// From 0001-01-01 to midnight of the epoch's day in the calendar.
    epoch_days: i64,
    /// From that midnight to the epoch in UTC.
    epoch_seconds: f64,
    /// How far the epoch's clock is ahead of UTC.
    zone_seconds: f64,
}

impl Axis {
    /// The axis of a variable.
    pub(crate) fn of(
        path: &Path,
        variable: &str,
        units: &str,
        calendar: &str,
    ) -> Result<Self, CfError> {
        Self::parse(units, calendar).map_err(|(expected, advice)| CfError::Time {
            path: path.to_owned(),
            variable: variable.to_owned(),
            expected,
            found: format!("{units:?} in the calendar {calendar:?}"),
            advice,
        })
    }

    /// On failure: what was expected, and advice.
    fn parse(units: &str, calendar: &str) -> Result<Self, (&'static str, &'static str)> {
        let calendar = Calendar::parse(calendar).ok_or((
            "the calendar standard, proleptic_gregorian, noleap, all_leap or 360_day",
            "Convert the time axis (cdo setcalendar,standard)",
        ))?;
        let expected = "a unit such as \"days since 1990-01-01\"";
        let fields =
            "Correct `units` of the time axis (ncatted -a units,time,m,c,\"days since ...\")";
        let units = units.to_lowercase();
        let Some((unit, epoch)) = units.split_once(" since ") else {
            return Err((expected, fields));
        };
        let unit_seconds = match unit.trim() {
            "day" | "days" | "d" => DAY_SECONDS,
            "hour" | "hours" | "hr" | "hrs" | "h" => 3600.0,
            "minute" | "minutes" | "min" | "mins" => 60.0,
            "second" | "seconds" | "sec" | "secs" | "s" => 1.0,
            "millisecond" | "milliseconds" | "msec" | "msecs" | "ms" => 1e-3,
            // Here a month has a length.
            "month" | "months" if calendar == Calendar::Days360 => 30.0 * DAY_SECONDS,
            _ => {
                return Err((
                    "days, hours, minutes or seconds since an epoch",
                    "Months and years have no fixed length; convert the axis to days",
                ));
            }
        };
        let epoch = epoch.trim();
        let (date, clock) = match epoch.split_once([' ', 't']) {
            Some((date, clock)) => (date, clock),
            None => (epoch, ""),
        };
        let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
        let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(("an epoch such as 1990-01-01", fields));
        };
        let epoch_days = calendar
            .days(Date { year, month, day })
            .ok_or(("an epoch that is a day of its calendar", fields))?;
        let (clock, zone_seconds) = clock_seconds(clock).ok_or((
            "a time of day such as 00:00:00, in UTC or with its offset",
            fields,
        ))?;
        Ok(Self {
            calendar,
            unit_seconds,
            epoch_days,
            epoch_seconds: clock - zone_seconds,
            zone_seconds,
        })
    }

    /// Seconds from midnight of the epoch's day.
    fn after_midnight(self, value: f64) -> f64 {
        self.epoch_seconds + value * self.unit_seconds
    }

    /// Seconds from 0001-01-01, to compare with another axis of the calendar.
    pub(crate) fn seconds(self, value: f64) -> f64 {
        self.epoch_days as f64 * DAY_SECONDS + self.after_midnight(value)
    }

    fn date(self, value: f64, later_seconds: f64) -> Option<Date> {
        let days = ((self.after_midnight(value) + later_seconds) / DAY_SECONDS).floor();
        if !(-4e6..4e6).contains(&days) {
            return None;
        }
        self.calendar.date(self.epoch_days + days as i64)
    }

    /// The day of each time.
    pub(crate) fn dates(
        self,
        path: &Path,
        variable: &Variable<'_>,
        units: &str,
        times: &[f64],
    ) -> Result<Vec<Date>, CfError> {
        let refused = |expected, found, advice| CfError::Time {
            path: path.to_owned(),
            variable: variable.name(),
            expected,
            found,
            advice,
        };
        let single = Kind::of(variable) == Some(Kind::F32);
        let month = |date: &Date| (date.year, date.month);
        let day = |time: &f64| {
            let date = self.date(*time, ROUNDING_SECONDS).ok_or_else(|| {
                refused(
                    "a time in the years 0..9999",
                    format!("{time} {units}"),
                    "Correct the time axis",
                )
            })?;
            // A label at midnight of the first, local time, is of another month in UTC.
            let local = self.date(*time, ROUNDING_SECONDS + self.zone_seconds);
            if local.is_none_or(|local| month(&local) != month(&date)) {
                return Err(refused(
                    "a time that is in the same month in UTC and in its own zone",
                    format!("{time} {units}"),
                    "Give the axis bounds, or convert it to UTC",
                ));
            }
            if single {
                let step = f64::from((*time as f32).abs().next_up() - (*time as f32).abs());
                let later = self.date(*time, ROUNDING_SECONDS + step * self.unit_seconds / 2.0);
                if later.is_none_or(|later| month(&later) != month(&date)) {
                    return Err(refused(
                        "times that say their month",
                        format!("{time} {units} in single precision, which is too coarse for it"),
                        "Store the time axis in double precision",
                    ));
                }
            }
            Ok(date)
        };
        times.iter().map(day).collect()
    }
}

/// Seconds of a clock, and how far it is ahead of UTC: `06:00:00.0`, `6:00`, with `Z`, `UTC` or an offset
/// such as `+09:00` after it. A missing clock is midnight.
fn clock_seconds(clock: &str) -> Option<(f64, f64)> {
    let clock = clock
        .trim()
        .trim_end_matches("utc")
        .trim_end_matches("gmt")
        .trim_end_matches('z')
        .trim();
    let (clock, zone_seconds) = match clock.rfind(['+', '-']) {
        Some(at) => {
            let sign = if clock[at..].starts_with('-') {
                -1.0
            } else {
                1.0
            };
            let offset = &clock[at + 1..];
            let (hours, minutes) = match offset.split_once(':') {
                Some((hours, minutes)) => (hours, minutes),
                None if offset.len() > 2 => offset.split_at_checked(offset.len() - 2)?,
                None => (offset, "0"),
            };
            let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            let seconds = sign * (f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0);
            (clock[..at].trim(), seconds)
        }
        None => (clock, 0.0),
    };
    if clock.is_empty() {
        return Some((0.0, zone_seconds));
    }
    let mut parts = clock.split(':').map(str::parse::<f64>);
    let hours = parts.next()?.ok()?;
    let minutes = parts.next().transpose().ok()?.unwrap_or(0.0);
    let seconds = parts.next().transpose().ok()?.unwrap_or(0.0);
    let valid = parts.next().is_none()
        && (0.0..=24.0).contains(&hours)
        && (0.0..60.0).contains(&minutes)
        && (0.0..61.0).contains(&seconds);
    valid.then_some((hours * 3600.0 + minutes * 60.0 + seconds, zone_seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(units: &str, calendar: &str, value: f64) -> String {
        let axis = Axis::parse(units, calendar).unwrap();
        let date = axis.date(value, ROUNDING_SECONDS).unwrap();
        format!("{:04}-{:02}", date.year, date.month)
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
            ("days since 0000-01-01", "standard"),
            ("days since 1582-10-10", "standard"),
            ("days since 1990-01-01 00:00 +25:00", "standard"),
            ("days since 1990-01-01", "julian"),
        ] {
            assert!(Axis::parse(units, calendar).is_err(), "{units} {calendar}");
        }
    }

    #[test]
    fn epochs_before_the_reform_are_those_of_cftime() {
        // cftime.num2date(733500, units, calendar): 2009-04-02, 2009-04-04, 2010-08-04, 2038-07-01.
        let units = "days since 0001-01-01";
        let day = |calendar: &str| {
            let axis = Axis::parse(units, calendar).unwrap();
            let date = axis.date(733_500.0, 0.0).unwrap();
            (date.year, date.month, date.day)
        };
        assert_eq!(day("standard"), (2009, 4, 2));
        assert_eq!(day("proleptic_gregorian"), (2009, 4, 4));
        assert_eq!(day("noleap"), (2010, 8, 4));
        assert_eq!(day("360_day"), (2038, 7, 1));
        assert_eq!(
            month("hours since 1-1-1 00:00:0.0", "standard", 24.0 * 733_500.0),
            "2009-04"
        );
    }

    #[test]
    fn zones_are_turned_to_utc() {
        let east = "hours since 2011-01-01 00:00 +09:00";
        assert_eq!(month(east, "standard", 0.0), "2010-12");
        assert_eq!(month(east, "standard", 9.0), "2011-01");
        assert_eq!(
            month("hours since 2011-01-01T00:00:00-0530", "standard", 738.0),
            "2011-01"
        );
        assert_eq!(
            month("hours since 2011-01-01T00:00:00-0530", "standard", 739.0),
            "2011-02"
        );
        assert_eq!(
            month("months since 1960-01-01", "360_day", 613.5),
            "2011-02"
        );
    }
}
