//! Integer sums over chosen keys and all periods, and the numbers they give.

use nutag_stats::exact::ratio_to_f64;
use nutag_zonal::{KeyParts, Tally};

use crate::quantity::{Quantity, SQUARE_CENTIMETRES_PER_KM2};
use crate::study::Study;
use crate::why::{Figure, Why};

/// Sums over keys. Valid area and raw sums also run over all periods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Cells, the same in every period.
    pub cells: u64,
    /// Their area, the same in every period.
    pub area_cm2: i128,
    /// Valid area, summed over periods.
    pub valid_area_cm2: i128,
    /// Sum of raw x area, summed over periods.
    pub sum_raw_cm2: i128,
    /// Number of periods.
    pub periods: i128,
}

impl Sums {
    /// The sums over the keys that `choose` accepts.
    pub fn over(study: &Study<'_>, mut choose: impl FnMut(KeyParts) -> bool) -> Self {
        let mut sums = Self {
            periods: study.names().periods.len() as i128,
            ..Self::default()
        };
        for (_, tallies) in study.keys().filter(|(parts, _)| choose(*parts)) {
            sums.add(tallies);
        }
        sums
    }

    fn add(&mut self, tallies: &[Tally]) {
        // A study has at least one period, and the same cells in each.
        self.cells += tallies[0].cells;
        self.area_cm2 += i128::from(tallies[0].area_cm2);
        for tally in tallies {
            self.valid_area_cm2 += i128::from(tally.valid_area_cm2);
            self.sum_raw_cm2 += tally.sum_raw_cm2;
        }
    }

    /// Area in km2.
    pub fn area_km2(&self) -> f64 {
        area_km2(self.area_cm2)
    }

    /// Valid area of an average period, in km2.
    pub fn valid_area_km2(&self) -> f64 {
        ratio_to_f64(
            self.valid_area_cm2,
            self.periods * SQUARE_CENTIMETRES_PER_KM2,
        )
    }

    /// Valid area as a share of the area, over all periods.
    pub fn valid_fraction(&self) -> Figure {
        divide(self.valid_area_cm2, self.periods * self.area_cm2).ok_or(Why::NoArea)
    }

    /// Area-weighted mean density over valid area and all periods.
    pub fn density(&self, quantity: &Quantity) -> Figure {
        density(self.sum_raw_cm2, self.valid_area_cm2, quantity)
    }

    /// Total of an average period, in `total_unit`: density x valid area.
    pub fn total(&self, quantity: &Quantity) -> f64 {
        total(self.sum_raw_cm2, self.periods, quantity)
    }
}

/// Square centimetres as km2.
pub(crate) fn area_km2(area_cm2: i128) -> f64 {
    ratio_to_f64(area_cm2, SQUARE_CENTIMETRES_PER_KM2)
}

/// Mean density of a raw sum over a valid area.
pub(crate) fn density(sum_raw_cm2: i128, valid_area_cm2: i128, quantity: &Quantity) -> Figure {
    let scale = quantity.scale;
    divide(
        sum_raw_cm2 * scale.numerator(),
        valid_area_cm2 * scale.denominator(),
    )
    .ok_or(Why::NoValidArea)
}

/// A raw sum over `periods` periods as the total of an average one.
pub(crate) fn total(sum_raw_cm2: i128, periods: i128, quantity: &Quantity) -> f64 {
    let per_total = SQUARE_CENTIMETRES_PER_KM2 * i128::from(quantity.sums_per_total);
    let scale = quantity.scale;
    ratio_to_f64(
        sum_raw_cm2 * scale.numerator(),
        periods * scale.denominator() * per_total,
    )
}

/// A raw sum of one period in `sum_unit`.
pub(crate) fn sum(sum_raw_cm2: i128, quantity: &Quantity) -> f64 {
    let scale = quantity.scale;
    ratio_to_f64(
        sum_raw_cm2 * scale.numerator(),
        scale.denominator() * SQUARE_CENTIMETRES_PER_KM2,
    )
}

/// A ratio, if the denominator is not zero.
pub(crate) fn divide(numerator: i128, denominator: i128) -> Option<f64> {
    (denominator != 0).then(|| ratio_to_f64(numerator, denominator))
}

/// Percent, if the whole is not zero.
pub(crate) fn percent(part: i128, whole: i128) -> Figure {
    divide(100 * part, whole).ok_or(Why::NoArea)
}
