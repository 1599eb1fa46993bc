//! Snow days of a season, September to August, with clouds told from snow.

use super::snow_codes::Seen;

/// A day after clouds are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnowDay {
    /// Snow, seen or from the last clear day.
    Snow,
    /// No snow, seen or from the last clear day.
    Bare,
    /// Not known.
    Unknown,
}

/// Gives cloudy, dark and missing days the last clear value, if that is at most `oldest_days` old: 0
/// fills nothing. Water stays unknown.
#[must_use]
pub fn fill_clouds(days: &[Seen], oldest_days: usize) -> Vec<SnowDay> {
    let mut last: Option<(usize, SnowDay)> = None;
    days.iter()
        .enumerate()
        .map(|(day, seen)| {
            let clear = match seen {
                Seen::Snow => Some(SnowDay::Snow),
                Seen::Bare => Some(SnowDay::Bare),
                Seen::Water => return SnowDay::Unknown,
                Seen::Cloud | Seen::Night | Seen::Missing => None,
            };
            if let Some(value) = clear {
                last = Some((day, value));
                return value;
            }
            last.filter(|(from, _)| day - from <= oldest_days)
                .map_or(SnowDay::Unknown, |(_, value)| value)
        })
        .collect()
}

/// What a season of days shows. Days are counted from the first of the season, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SnowSeason {
    /// Days of the season.
    pub days: usize,
    /// Days seen as cloud.
    pub cloud_days: usize,
    /// Days that are neither snow nor bare after filling.
    pub unknown_days: usize,
    /// Days with snow.
    pub snow_days: usize,
    /// The first day with snow.
    pub first: Option<usize>,
    /// The last day with snow.
    pub last: Option<usize>,
    /// The longest run of days with snow; an unknown day ends a run.
    pub longest: usize,
    /// Runs of days with snow.
    pub runs: usize,
}

impl SnowSeason {
    /// Of the days of one season, in order, with clouds filled up to `oldest_days`.
    #[must_use]
    pub fn of(seen: &[Seen], oldest_days: usize) -> Self {
        let mut season = Self {
            days: seen.len(),
            cloud_days: seen.iter().filter(|s| **s == Seen::Cloud).count(),
            ..Self::default()
        };
        let mut run = 0;
        for (day, value) in fill_clouds(seen, oldest_days).into_iter().enumerate() {
            match value {
                SnowDay::Snow => {
                    season.snow_days += 1;
                    season.first = season.first.or(Some(day));
                    season.last = Some(day);
                    run += 1;
                    season.runs += usize::from(run == 1);
                    season.longest = season.longest.max(run);
                }
                SnowDay::Bare => run = 0,
                SnowDay::Unknown => {
                    season.unknown_days += 1;
                    run = 0;
                }
            }
        }
        season
    }

    /// Snow days if the unknown days had snow as often as the known ones; `None` if no day is known.
    #[must_use]
    pub fn scaled_snow_days(&self) -> Option<f64> {
        let known = self.days - self.unknown_days;
        (known > 0).then(|| {
            crate::standard::count(self.snow_days) * crate::standard::count(self.days)
                / crate::standard::count(known)
        })
    }

    /// From the first to the last day with snow, both included.
    #[must_use]
    pub fn duration_days(&self) -> Option<usize> {
        Some(self.last? - self.first? + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Seen::{Bare, Cloud, Missing, Snow, Water};

    #[test]
    fn clouds_take_the_last_clear_day_while_it_is_fresh() {
        let seen = [Cloud, Snow, Cloud, Cloud, Cloud, Bare, Missing, Snow, Water];
        let season = SnowSeason::of(&seen, 2);
        assert_eq!(season.cloud_days, 4);
        // The first cloud has nothing before it, the fourth is three days after the snow, and water.
        assert_eq!(season.unknown_days, 3);
        assert_eq!(season.snow_days, 4);
        assert_eq!((season.first, season.last), (Some(1), Some(7)));
        assert_eq!((season.longest, season.runs), (3, 2));
        assert_eq!(season.duration_days(), Some(7));
        assert_eq!(season.scaled_snow_days(), Some(4.0 * 9.0 / 6.0));
        let unfilled = SnowSeason::of(&seen, 0);
        assert_eq!((unfilled.snow_days, unfilled.unknown_days), (2, 6));
    }

    #[test]
    fn a_season_of_clouds_is_not_a_season_without_snow() {
        let season = SnowSeason::of(&[Cloud; 10], 5);
        assert_eq!(season.scaled_snow_days(), None);
        assert_eq!((season.snow_days, season.unknown_days), (0, 10));
        assert_eq!(season.duration_days(), None);
    }
}
