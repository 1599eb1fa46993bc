//! The rows of a validation: places and years.

use std::collections::{BTreeMap, BTreeSet};

use nutag_stats::StatsError;

use super::anomaly::Standardised;

/// One place in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelRow {
    /// The place, such as an aimag.
    pub place: String,
    /// The year of the losses, t.
    pub year: i32,
    /// Adult losses over the census of December t - 1, 0 to 1.
    pub mortality: f64,
    /// Mean temperature of the winter that ends in t, degC.
    pub winter_deg_c: f64,
    /// The drought index of the summer of t - 1; below 0 is dry.
    pub summer_index: f64,
}

/// From which years the winter temperatures of a place get their mean and spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standardise {
    /// From the years of the fold that teaches: the year that is left out is not seen at all.
    InsideFold,
    /// From all years. Uses a little of what is to be foreseen; for comparison with others.
    AllYears,
}

/// Places by name, with the anomaly of each row of the winter temperature.
pub(super) struct Panel<'a> {
    pub rows: &'a [PanelRow],
    pub events: Vec<bool>,
    pub years: Vec<i32>,
}

impl<'a> Panel<'a> {
    pub fn new(rows: &'a [PanelRow], event_above: f64) -> Self {
        Self {
            rows,
            events: rows.iter().map(|row| row.mortality > event_above).collect(),
            years: rows.iter().map(|row| row.year).collect(),
        }
    }

    pub fn distinct_years(&self) -> Vec<i32> {
        let years: BTreeSet<i32> = self.years.iter().copied().collect();
        years.into_iter().collect()
    }

    /// The anomaly of each row, from the rows that `teaches`.
    pub fn winter_z(&self, teaches: impl Fn(usize) -> bool) -> Result<Vec<f64>, StatsError> {
        let mut by_place: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            let values = by_place.entry(&row.place).or_default();
            if teaches(index) {
                values.push(row.winter_deg_c);
            }
        }
        let base: BTreeMap<&str, Standardised> = by_place
            .into_iter()
            .map(|(place, values)| Ok((place, Standardised::of(&values)?)))
            .collect::<Result<_, StatsError>>()?;
        Ok(self
            .rows
            .iter()
            .map(|row| base[row.place.as_str()].z(row.winter_deg_c))
            .collect())
    }
}
