//! Time stamps into an even axis.

use std::path::Path;

use jiff::civil::{Date, DateTime};

use crate::axis::{Axis, Step, minutes_since_1970, moment};

use super::error::ReadError;
use super::header::{Found, TimeColumns};
use super::text::Sheet;
use super::{How, Part};

/// What the time stamp of a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// The start of the row.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Longest gap between stamps that is taken for a gap, in days; a longer one is a wrong date.
const LONGEST_GAP_DAYS: i64 = 3 * 366;

/// The start of each row in minutes from 1970.
pub(super) fn starts(
    path: &Path,
    sheet: &Sheet,
    found: &Found,
    how: &How,
) -> Result<Vec<i64>, ReadError> {
    let mut stamps = Vec::with_capacity(sheet.records.len());
    for (record, &line) in sheet.records.iter().zip(&sheet.lines) {
        let minutes = match &found.time {
            TimeColumns::StartEnd(start, end) => {
                let [start, end] = [*start, *end].map(|c| record.get(c).unwrap_or_default());
                let from = minutes(start).map_err(|what| ReadError::at(path, line, what))?;
                let to = minutes(end).map_err(|what| ReadError::at(path, line, what))?;
                if !matches!(to - from, 30 | 60) {
                    return Err(ReadError::at(
                        path,
                        line,
                        format!(
                            "expected 30 or 60 minutes from TIMESTAMP_START to TIMESTAMP_END, found {start} to {end}"
                        ),
                    ));
                }
                from
            }
            TimeColumns::Joined(columns) => {
                let text: Vec<&str> = columns
                    .iter()
                    .map(|&c| record.get(c).unwrap_or_default())
                    .collect();
                minutes(&text.join(" ")).map_err(|what| ReadError::at(path, line, what))?
            }
            TimeColumns::YearDayHour(year, day, hour) => {
                let [year, day, hour] =
                    [*year, *day, *hour].map(|c| record.get(c).unwrap_or_default());
                year_day_hour(year, day, hour).map_err(|what| ReadError::at(path, line, what))?
            }
        };
        stamps.push(minutes);
    }
    let stamp = found.stamp.or(how.stamp).ok_or_else(|| {
        ReadError::of(path, "a row has one time stamp, and nothing says what it stands for; write stamp = \"start\", \"middle\" or \"end\"")
    })?;
    let step = step(&stamps);
    let shift = match stamp {
        Stamp::Start => 0,
        Stamp::Middle => step / 2,
        Stamp::End => step,
    };
    Ok(stamps.into_iter().map(|s| s - shift).collect())
}

/// The most frequent distance of neighbours.
fn step(stamps: &[i64]) -> i64 {
    // A time that is there twice or goes back has its own message.
    let mut steps: Vec<i64> = stamps
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|&step| step > 0)
        .collect();
    steps.sort_unstable();
    steps
        .chunk_by(|a, b| a == b)
        .max_by_key(|run| run.len())
        .map_or(0, |run| run[0])
}

/// An axis, the rows of it that the rows of each part belong to, and what is to be said of it.
type Even = (Axis, Vec<Vec<usize>>, Vec<String>);

/// The axis of all parts, and the row of it that each row of a part belongs to.
pub(super) fn axis(parts: &[Part]) -> Result<Even, ReadError> {
    let path = &parts[0].path;
    let minutes = step(&parts[0].starts);
    let step = match minutes {
        30 => Step::HalfHour,
        60 => Step::Hour,
        other => {
            return Err(ReadError::of(
                path,
                format!(
                    "expected rows of 30 or 60 minutes, found {other} minutes from most rows to the next; average them to half-hours first"
                ),
            ));
        }
    };
    for part in parts {
        in_order(part, minutes)?;
    }
    let mut order: Vec<&Part> = parts.iter().collect();
    order.sort_by_key(|part| part.starts[0]);
    for pair in order.windows(2) {
        let (before, after) = (pair[0].starts[pair[0].starts.len() - 1], pair[1].starts[0]);
        if after <= before {
            return Err(ReadError::of(
                &pair[1].path,
                format!(
                    "begins at {}, before {} ends ({}); two files of one tower must not hold the same time",
                    moment(after),
                    pair[0].path.display(),
                    moment(before + minutes)
                ),
            ));
        }
        if (after - before) % minutes != 0 {
            return Err(ReadError::of(
                &pair[1].path,
                format!(
                    "begins at {}, which is not on the steps of {minutes} minutes of {}",
                    moment(after),
                    pair[0].path.display()
                ),
            ));
        }
    }
    let first = order[0].starts[0];
    let last = order[order.len() - 1]
        .starts
        .last()
        .copied()
        .unwrap_or(first);
    let rows = usize::try_from((last - first) / minutes + 1).unwrap_or(0);
    let given: usize = parts.iter().map(|part| part.starts.len()).sum();
    let mut notes = Vec::new();
    if rows > given {
        notes.push(format!(
            "{} rows are not in the files and count as missing",
            rows - given
        ));
    }
    let places = parts
        .iter()
        .map(|part| {
            part.starts
                .iter()
                .map(|s| usize::try_from((s - first) / minutes).unwrap_or(0))
                .collect()
        })
        .collect();
    Ok((Axis::new(moment(first), step, rows), places, notes))
}

fn in_order(part: &Part, minutes: i64) -> Result<(), ReadError> {
    let path = &part.path;
    let starts = &part.starts;
    let first = starts[0];
    for (row, pair) in starts.windows(2).enumerate() {
        let (before, after) = (pair[0], pair[1]);
        let rows = format!("rows {} and {} below the header", row + 1, row + 2);
        if after == before {
            let twice = starts.windows(2).filter(|p| p[0] == p[1]).count();
            let hint = if twice * 3 > starts.len() {
                "almost every time is there twice: are two towers in one file? Part them, or name the columns of one"
            } else {
                "remove one of them"
            };
            return Err(ReadError::of(
                path,
                format!("the time {} is there twice ({rows}); {hint}", moment(after)),
            ));
        }
        if after < before {
            return Err(ReadError::of(
                path,
                format!(
                    "time goes back from {} to {} ({rows}); sort the file by time, and give each tower a file of its own",
                    moment(before),
                    moment(after)
                ),
            ));
        }
        if (after - first) % minutes != 0 {
            return Err(ReadError::of(
                path,
                format!(
                    "the time {} is not on the steps of {minutes} minutes from {} ({rows}); the record must be even",
                    moment(after),
                    moment(first)
                ),
            ));
        }
        if after - before > LONGEST_GAP_DAYS * 24 * 60 {
            return Err(ReadError::of(
                path,
                format!(
                    "from {} to {} are more than three years ({rows}); one of the dates must be wrong",
                    moment(before),
                    moment(after)
                ),
            ));
        }
    }
    Ok(())
}

/// A date and time as files write them: `202401012400`, `2024-01-01 24:00`, `2024-01-01T00:30:00`.
fn minutes(text: &str) -> Result<i64, String> {
    let wrong =
        || format!("expected a time like 202307240030 or 2023-07-24 00:30, found \"{text}\"");
    let digits: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &str| part.parse::<i16>().map_err(|_| wrong());
    let (year, month, day, hour, minute) = match digits.as_slice() {
        [whole] if whole.len() == 12 => (
            number(&whole[..4])?,
            number(&whole[4..6])?,
            number(&whole[6..8])?,
            number(&whole[8..10])?,
            number(&whole[10..])?,
        ),
        [year, month, day, hour, minute, rest @ ..]
            if year.len() == 4 && rest.iter().all(|s| s.bytes().all(|b| b == b'0')) =>
        {
            (
                number(year)?,
                number(month)?,
                number(day)?,
                number(hour)?,
                number(minute)?,
            )
        }
        _ => return Err(wrong()),
    };
    let small = |value: i16| i8::try_from(value).map_err(|_| wrong());
    let date = Date::new(year, small(month)?, small(day)?)
        .map_err(|_| format!("there is no day {year}-{month:02}-{day:02} (in \"{text}\")"))?;
    // 24:00 is the midnight at the end of a day.
    let of_day = (0..24).contains(&hour) && (0..60).contains(&minute);
    if !of_day && (hour, minute) != (24, 0) {
        return Err(format!(
            "there is no time {hour:02}:{minute:02} (in \"{text}\")"
        ));
    }
    Ok(
        minutes_since_1970(DateTime::from_parts(date, jiff::civil::Time::midnight()))
            + i64::from(hour) * 60
            + i64::from(minute),
    )
}

/// A year, a day of it and an hour with its fraction. The end of a year may be written as hour 24 of
/// its last day, or as hour 0 of the day after that.
fn year_day_hour(year: &str, day: &str, hour: &str) -> Result<i64, String> {
    let wrong = || {
        format!(
            "expected a year, a day of the year and an hour, found \"{year}\", \"{day}\", \"{hour}\""
        )
    };
    let number = |text: &str| text.parse::<f64>().map_err(|_| wrong());
    let (year, day, hour) = (number(year)?, number(day)?, number(hour)?);
    if year.fract() != 0.0 || day.fract() != 0.0 || !(1583.0..=9998.0).contains(&year) || day < 1.0
    {
        return Err(wrong());
    }
    let first = Date::new(year as i16, 1, 1).map_err(|_| wrong())?;
    let days = f64::from(first.days_in_year());
    let minutes = hour * 60.0;
    if !(0.0..=1440.0).contains(&minutes) || minutes.fract().abs() > 1e-6 {
        return Err(wrong());
    }
    if day > days && !(day == days + 1.0 && minutes == 0.0) {
        return Err(format!(
            "the year {year} has {days} days, found day {day} at hour {hour}"
        ));
    }
    let start = minutes_since_1970(DateTime::from_parts(first, jiff::civil::Time::midnight()));
    Ok(start + (day as i64 - 1) * 1440 + minutes.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn midnight_has_two_names() {
        let midnight = minutes_since_1970(datetime(2013, 1, 1, 0, 0, 0, 0));
        for text in [
            "201301010000",
            "201212312400",
            "2012-12-31 24:00",
            "2013-01-01T00:00:00",
            "2013/01/01 00:00",
        ] {
            assert_eq!(minutes(text), Ok(midnight), "{text}");
        }
        assert_eq!(year_day_hour("2012", "366", "24"), Ok(midnight));
        assert_eq!(year_day_hour("2012", "367", "0"), Ok(midnight));
        assert!(
            year_day_hour("2013", "366", "0.5")
                .unwrap_err()
                .contains("365 days")
        );
        let end = minutes_since_1970(datetime(2014, 1, 1, 0, 0, 0, 0));
        assert_eq!(year_day_hour("2013", "366", "0"), Ok(end));
        assert!(minutes("2013-02-30 00:00").unwrap_err().contains("no day"));
        assert!(minutes("2013-02-01 24:30").unwrap_err().contains("no time"));
        assert!(minutes("yesterday").is_err());
    }
}
