//! One table of this form beside another.

use super::table::{Column, PublishedRow, PublishedTable, whole};

/// How far figures may differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Areas, in percent of the expected area; a change of area may differ by
    /// as much as both its areas together.
    pub area_percent: f64,
    /// Percentages, in percentage points.
    pub percentage_points: f64,
    /// Densities, in t per km2.
    pub density: f64,
    /// Change of the total of a zone, in the printed unit.
    pub zone_total_change: f64,
    /// Change of the total of the country, in the printed unit.
    pub country_total_change: f64,
}

impl Tolerance {
    /// For the table made by its own formulas from the printed areas and
    /// densities. Printed densities are rounded to 1, so a change of 186,148
    /// km2 may be off by 0.5 x 186,148 / 10^7 = 0.0093; what happens is at
    /// most 0.0075 in a zone and 0.009 in all.
    pub const FORMULAS: Self = Self {
        area_percent: 0.0,
        percentage_points: 0.0,
        density: 0.0,
        zone_total_change: 0.0075,
        country_total_change: 0.009,
    };

    fn of(&self, column: Column, expected: &PublishedRow, is_total: bool) -> f64 {
        let area = |row: i64| whole(row) * self.area_percent / 100.0;
        match column {
            Column::AreaFrom => area(expected.area_from),
            Column::AreaTo => area(expected.area_to),
            Column::AreaChange => area(expected.area_from) + area(expected.area_to),
            Column::AreaChangePercent => self.percentage_points,
            Column::Density => self.density,
            Column::TotalChange if is_total => self.country_total_change,
            Column::TotalChange => self.zone_total_change,
        }
    }
}

/// One figure beside the one expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Row, as the expected table names it.
    pub zone: String,
    /// Column.
    pub column: Column,
    /// The figure expected.
    pub expected: f64,
    /// The figure found.
    pub found: f64,
    /// Found - expected.
    pub difference: f64,
    /// How far it may be.
    pub tolerance: f64,
    /// Whether it is within.
    pub within: bool,
}

/// Compares row by row, in order; a row that one table lacks is not compared,
/// so compare tables of the same zones.
#[must_use]
pub fn compare(
    expected: &PublishedTable,
    found: &PublishedTable,
    tolerance: &Tolerance,
) -> Vec<Comparison> {
    let zones = expected
        .zones
        .iter()
        .zip(&found.zones)
        .map(|(e, f)| (e, f, false));
    zones
        .chain([(&expected.total, &found.total, true)])
        .flat_map(|(e, f, is_total)| {
            Column::ALL.map(|column| one(column, e, f, is_total, tolerance))
        })
        .collect()
}

fn one(
    column: Column,
    expected: &PublishedRow,
    found: &PublishedRow,
    is_total: bool,
    tolerance: &Tolerance,
) -> Comparison {
    let units = column.units(found) - column.units(expected);
    let tolerance = tolerance.of(column, expected, is_total);
    // In units of the last digit, where 0.009 is 9 and not 0.00900000001.
    let allowed = tolerance * column.units_per_one();
    Comparison {
        zone: expected.zone.clone(),
        column,
        expected: column.value(expected),
        found: column.value(found),
        difference: whole(units) / column.units_per_one(),
        tolerance,
        within: whole(units.abs()) <= allowed + 1e-9,
    }
}
