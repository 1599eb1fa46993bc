//! The time, or one that a test tells.

use jiff::Timestamp;
use nutag_problem::{Error, Problem};

/// The time, or one that a test tells.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    told: Option<Timestamp>,
}

impl Clock {
    /// A clock that stands at a moment such as `2026-11-22T03:00:00Z`.
    ///
    /// # Errors
    /// A text that is not a moment.
    pub fn at(text: &str) -> Result<Self, Error> {
        let told = text.parse().map_err(|error| {
            Problem::new(format!("\"{text}\" is not a moment: {error}"))
                .at("--now")
                .advice("write it as 2026-11-22T03:00:00Z")
                .asked()
        })?;
        Ok(Self { told: Some(told) })
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment(self.told.unwrap_or_else(Timestamp::now))
    }
}

/// A moment, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// As a ledger has it: `2026-11-22T03:00:00Z`.
    #[must_use]
    pub fn text(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// As a file name has it: `2026-11-22T030000Z`.
    #[must_use]
    pub fn stamp(self) -> String {
        self.0.strftime("%Y-%m-%dT%H%M%SZ").to_string()
    }

    /// A moment of a ledger.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// Whole days from `earlier` to this; negative where the clock went back.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0.as_second() - earlier.0.as_second()).div_euclid(86_400)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_told_clock_stands_still() {
        let clock = Clock::at("2024-02-29T23:59:59Z").unwrap();
        assert_eq!(clock.now().text(), "2024-02-29T23:59:59Z");
        assert_eq!(clock.now().stamp(), "2024-02-29T235959Z");
        let next = Moment::parse("2024-03-02T00:00:00Z").unwrap();
        assert_eq!(next.days_since(clock.now()), 1);
        assert_eq!(clock.now().days_since(next), -2);
        assert!(Clock::at("tomorrow").unwrap_err().was_asked_wrongly());
    }
}
