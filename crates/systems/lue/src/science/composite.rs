//! The calendar of eight-day products.

use std::ops::Range;

/// Composites of a year: 45 of eight days, and a last one of five (six in leap years).
pub const COMPOSITES: usize = 46;

/// Whether a year of the Gregorian calendar has 366 days.
#[must_use]
pub const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days of a year.
#[must_use]
pub const fn days_of(year: u16) -> usize {
    if is_leap(year) { 366 } else { 365 }
}

/// The days of a composite, counted from 0 for 1 January; empty beyond the last composite.
#[must_use]
pub const fn days_of_composite(year: u16, composite: usize) -> Range<usize> {
    let days = days_of(year);
    let start = if composite * 8 < days {
        composite * 8
    } else {
        days
    };
    let end = if start + 8 < days { start + 8 } else { days };
    start..end
}

/// The composite whose first day this is (day of year, from 1), if one starts on it.
#[must_use]
pub const fn composite_starting(day_of_year: usize) -> Option<usize> {
    if day_of_year == 0 || day_of_year > 361 || !(day_of_year - 1).is_multiple_of(8) {
        return None;
    }
    Some((day_of_year - 1) / 8)
}
