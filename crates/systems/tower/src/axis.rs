//! The even time axis of a tower: rows of half-hours or hours in local standard time.

use jiff::civil::{Date, DateTime, Time};

/// Minutes of a day.
const MINUTES_PER_DAY: i64 = 24 * 60;

/// An even time axis in local standard time, without a summer clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    first_start_minutes: i64,
    step: Step,
    rows: usize,
}

/// How long one row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 30 minutes: 48 rows a day.
    HalfHour,
    /// 60 minutes: 24 rows a day.
    Hour,
}

impl Step {
    /// Length in minutes.
    #[must_use]
    pub fn minutes(self) -> i64 {
        match self {
            Self::HalfHour => 30,
            Self::Hour => 60,
        }
    }

    /// Length in seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        match self {
            Self::HalfHour => 1800.0,
            Self::Hour => 3600.0,
        }
    }

    /// Rows in a day.
    #[must_use]
    pub fn per_day(self) -> usize {
        match self {
            Self::HalfHour => 48,
            Self::Hour => 24,
        }
    }

    /// Rows in an hour.
    #[must_use]
    pub fn per_hour(self) -> usize {
        self.per_day() / 24
    }
}

/// The centre of a row: what decides its day, month, season and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Centre {
    /// Calendar year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the year, from 1.
    pub day_of_year: i16,
    /// Hour of the day with its fraction, 0 to 24.
    pub hour: f64,
}

impl Axis {
    /// An axis of `rows` rows whose first begins at `first_start`.
    #[must_use]
    pub fn new(first_start: DateTime, step: Step, rows: usize) -> Self {
        Self {
            first_start_minutes: minutes_since_1970(first_start),
            step,
            rows,
        }
    }

    /// Length of a row.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Minutes from 1970-01-01 00:00, local standard time, to the start of a row.
    #[must_use]
    pub fn start_minutes(&self, row: usize) -> i64 {
        self.first_start_minutes + self.step.minutes() * i64::try_from(row).unwrap_or(i64::MAX / 64)
    }

    /// The start of a row.
    #[must_use]
    pub fn start(&self, row: usize) -> DateTime {
        moment(self.start_minutes(row))
    }

    /// The end of a row.
    #[must_use]
    pub fn end(&self, row: usize) -> DateTime {
        moment(self.start_minutes(row) + self.step.minutes())
    }

    /// The centres of all rows.
    #[must_use]
    pub fn centres(&self) -> Vec<Centre> {
        let half = self.step.minutes() / 2;
        let mut day_minutes = i64::MIN;
        let mut date = Date::constant(1970, 1, 1);
        (0..self.rows)
            .map(|row| {
                let minutes = self.start_minutes(row) + half;
                let of_day = minutes.rem_euclid(MINUTES_PER_DAY);
                if minutes - of_day != day_minutes {
                    day_minutes = minutes - of_day;
                    date = moment(day_minutes).date();
                }
                Centre {
                    year: date.year(),
                    month: date.month(),
                    day_of_year: date.day_of_year(),
                    // At most 1440, so exact.
                    hour: of_day as f64 / 60.0,
                }
            })
            .collect()
    }
}

/// Minutes from 1970-01-01 00:00 to a civil moment.
#[must_use]
pub fn minutes_since_1970(at: DateTime) -> i64 {
    let days = (at.date() - Date::constant(1970, 1, 1)).get_days();
    i64::from(days) * MINUTES_PER_DAY + i64::from(at.hour()) * 60 + i64::from(at.minute())
}

/// The civil moment so many minutes after 1970-01-01 00:00; the last one there is if beyond it.
#[must_use]
pub fn moment(minutes: i64) -> DateTime {
    DateTime::from_parts(Date::constant(1970, 1, 1), Time::midnight())
        .saturating_add(jiff::SignedDuration::from_mins(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn the_last_half_hour_of_a_year_belongs_to_it() {
        let axis = Axis::new(datetime(2012, 1, 1, 0, 0, 0, 0), Step::HalfHour, 17_568);
        let centres = axis.centres();
        assert_eq!(axis.end(17_567), datetime(2013, 1, 1, 0, 0, 0, 0));
        let last = centres[17_567];
        assert_eq!((last.year, last.month, last.day_of_year), (2012, 12, 366));
        assert_eq!(last.hour.to_bits(), 23.75_f64.to_bits());
        assert_eq!(centres[0].hour.to_bits(), 0.25_f64.to_bits());
    }

    #[test]
    fn minutes_go_there_and_back() {
        for at in [
            datetime(1969, 12, 31, 23, 30, 0, 0),
            datetime(1970, 1, 1, 0, 0, 0, 0),
            datetime(2024, 2, 29, 12, 30, 0, 0),
        ] {
            assert_eq!(moment(minutes_since_1970(at)), at);
        }
        assert_eq!(minutes_since_1970(datetime(1970, 1, 2, 0, 30, 0, 0)), 1470);
    }
}
