//! Seasons of the threshold: March to May, June to August, September to November, and December
//! with the January and February after it.

use crate::axis::Centre;

/// Rows of one season, which the record may begin or end within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// Year of the first month times 1000 plus that month; January and February of the first year
    /// of a record, whose December is not in it, have month 1.
    pub label: i32,
    /// The calendar year that the season counts for: that of its middle.
    pub year: i16,
    /// First row.
    pub first_row: usize,
    /// The row after the last.
    pub end_row: usize,
}

/// The seasons of a record, in the order of time.
#[must_use]
pub fn seasons(centres: &[Centre]) -> Vec<Season> {
    let Some(first) = centres.first() else {
        return Vec::new();
    };
    let label = |centre: &Centre| {
        let year = i32::from(centre.year);
        match centre.month {
            1 | 2 if centre.year == first.year => year * 1000 + 1,
            1 | 2 => (year - 1) * 1000 + 12,
            month => year * 1000 + i32::from(month / 3 * 3),
        }
    };
    let mut seasons: Vec<Season> = Vec::new();
    for (row, centre) in centres.iter().enumerate() {
        let label = label(centre);
        match seasons.last_mut() {
            Some(season) if season.label == label => season.end_row = row + 1,
            _ => seasons.push(Season {
                label,
                year: centre.year,
                first_row: row,
                end_row: row + 1,
            }),
        }
    }
    for season in &mut seasons {
        season.year = centres[usize::midpoint(season.first_row, season.end_row - 1)].year;
    }
    seasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axis::{Axis, Step};
    use jiff::civil::datetime;

    #[test]
    fn december_joins_the_winter_after_it() {
        let rows = 17_520 * 2;
        let axis = Axis::new(datetime(2013, 1, 1, 0, 0, 0, 0), Step::HalfHour, rows);
        let seasons = seasons(&axis.centres());
        let labels: Vec<_> = seasons.iter().map(|s| (s.label, s.year)).collect();
        assert_eq!(
            labels,
            [
                (2_013_001, 2013),
                (2_013_003, 2013),
                (2_013_006, 2013),
                (2_013_009, 2013),
                (2_013_012, 2014),
                (2_014_003, 2014),
                (2_014_006, 2014),
                (2_014_009, 2014),
                (2_014_012, 2014)
            ]
        );
        assert_eq!(seasons[0].first_row, 0);
        assert!(
            seasons
                .windows(2)
                .all(|pair| pair[0].end_row == pair[1].first_row)
        );
        assert_eq!(seasons[8].end_row, rows);
    }
}
