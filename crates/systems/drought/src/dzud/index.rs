//! The dzud index and the type of a winter.

use crate::{DroughtError, MonthAxis, YearMonth};

/// Months of a season, by their number from 1 to 12. A season may run over the new year: December to
/// February of year t begins in December of t - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    /// The first month.
    pub first: u8,
    /// The last month.
    pub last: u8,
}

impl Season {
    /// From its first and last month.
    ///
    /// # Errors
    /// Returns an error if a month is not between 1 and 12.
    pub fn new(first: u8, last: u8) -> Result<Self, DroughtError> {
        YearMonth::new(2000, first)?;
        YearMonth::new(2000, last)?;
        Ok(Self { first, last })
    }

    /// The months of the season that ends in `year`.
    #[must_use]
    pub fn ending_in(&self, year: i32) -> Vec<YearMonth> {
        let over = self.first > self.last;
        let months = if over {
            usize::from(13 - self.first) + usize::from(self.last)
        } else {
            usize::from(self.last - self.first) + 1
        };
        let start = YearMonth {
            year: if over { year - 1 } else { year },
            month: self.first,
        };
        (0..months).map(|step| start.plus(step)).collect()
    }
}

/// The mean over the season that ends in `year`; missing if a month of it is missing or outside the
/// series.
#[must_use]
pub fn season_mean(axis: &MonthAxis, values: &[f64], season: Season, year: i32) -> f64 {
    let months = season.ending_in(year);
    let sum = season_sum(axis, values, season, year);
    sum / crate::standard::count(months.len())
}

/// The sum over the season that ends in `year`; missing if a month of it is missing or outside the
/// series.
#[must_use]
pub fn season_sum(axis: &MonthAxis, values: &[f64], season: Season, year: i32) -> f64 {
    season
        .ending_in(year)
        .into_iter()
        .map(|month| {
            axis.position(month)
                .and_then(|at| values.get(at).copied())
                .unwrap_or(f64::NAN)
        })
        .sum()
}

/// How anomalies of a summer and the winter after it become one index.
///
/// Ped's summer drought `S = z(T) - z(P)`; the same of the winter, whose signs count the other way:
/// `index = ((zT - zP) of the summer - (zT - zP) of the winter) / divisor`. A hot dry summer and a cold
/// snowy winter make it large. The form is quoted in applications of Natsagdorj and Dulamsuren 2001 and
/// has not been compared with a printed copy: every result that rests on it says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DzudIndex {
    /// The summer of year t - 1.
    pub summer: Season,
    /// The winter that ends in year t.
    pub winter: Season,
    /// What the sum is divided by.
    pub divisor: f64,
}

/// What every result of the index must say.
pub const UNVERIFIED: &str =
    "the formula of the dzud index is quoted by others and was not compared with a printed copy";

impl DzudIndex {
    /// The index from the four anomalies, in standard deviations; missing if one is missing.
    #[must_use]
    pub fn of(&self, summer: [f64; 2], winter: [f64; 2]) -> f64 {
        let [summer_t, summer_p] = summer;
        let [winter_t, winter_p] = winter;
        ((summer_t - summer_p) - (winter_t - winter_p)) / self.divisor
    }

    /// Refuses a divisor that cannot divide.
    ///
    /// # Errors
    /// Returns an error unless the divisor is above 0.
    pub fn check(&self) -> Result<(), DroughtError> {
        if self.divisor > 0.0 && self.divisor.is_finite() {
            Ok(())
        } else {
            Err(DroughtError::Domain {
                what: "the divisor of the dzud index",
                expected: "above 0",
                found: self.divisor,
            })
        }
    }
}

/// What kind of hard winter, by temperature and snow; only what is measured is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WinterType {
    /// Cold, and more snow days than usual.
    White,
    /// Cold, and fewer snow days than usual: no water, poor pasture.
    Black,
    /// Cold, with usual snow.
    Cold,
    /// Not cold, but more snow than usual.
    Snowy,
    /// Neither.
    Usual,
    /// Temperature or snow is not known.
    Unknown,
}

impl WinterType {
    /// From the anomalies of winter temperature and of snow days, in standard deviations, beyond
    /// `threshold`.
    #[must_use]
    pub fn of(temperature: f64, snow: f64, threshold: f64) -> Self {
        if temperature.is_nan() || snow.is_nan() {
            return Self::Unknown;
        }
        match (
            temperature <= -threshold,
            snow >= threshold,
            snow <= -threshold,
        ) {
            (true, true, _) => Self::White,
            (true, _, true) => Self::Black,
            (true, ..) => Self::Cold,
            (false, true, _) => Self::Snowy,
            _ => Self::Usual,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Black => "black",
            Self::Cold => "cold, usual snow",
            Self::Snowy => "snowy, not cold",
            Self::Usual => "usual",
            Self::Unknown => "not known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_winter_begins_in_the_year_before() {
        let winter = Season::new(12, 2).unwrap();
        let months: Vec<String> = winter
            .ending_in(2010)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(months, ["2009-12", "2010-01", "2010-02"]);
        let axis = MonthAxis::new(YearMonth::new(2009, 11).unwrap(), 4);
        let values = [9.0, -10.0, -20.0, -30.0];
        assert_eq!(season_mean(&axis, &values, winter, 2010), -20.0);
        assert!(season_mean(&axis, &values, winter, 2011).is_nan());
        assert!(Season::new(0, 2).is_err());
    }

    #[test]
    fn a_hot_dry_summer_and_a_cold_snowy_winter_are_a_dzud() {
        let index = DzudIndex {
            summer: Season { first: 5, last: 7 },
            winter: Season { first: 12, last: 2 },
            divisor: 2.0,
        };
        assert_eq!(index.of([1.0, -1.0], [-1.0, 1.0]), 2.0);
        assert_eq!(index.of([-1.0, 1.0], [1.0, -1.0]), -2.0);
        assert!(index.of([f64::NAN, 0.0], [0.0, 0.0]).is_nan());
        assert!(
            DzudIndex {
                divisor: 0.0,
                ..index
            }
            .check()
            .is_err()
        );
    }

    #[test]
    fn white_and_black_winters_are_told_by_snow() {
        assert_eq!(WinterType::of(-1.5, 1.2, 1.0), WinterType::White);
        assert_eq!(WinterType::of(-1.5, -1.2, 1.0), WinterType::Black);
        assert_eq!(WinterType::of(-1.5, 0.2, 1.0), WinterType::Cold);
        assert_eq!(WinterType::of(0.5, 1.2, 1.0), WinterType::Snowy);
        assert_eq!(WinterType::of(0.5, -1.2, 1.0), WinterType::Usual);
        assert_eq!(WinterType::of(-1.5, f64::NAN, 1.0), WinterType::Unknown);
    }
}
