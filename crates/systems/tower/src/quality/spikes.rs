//! Spikes, by the median of absolute deviations of double differences (Papale et al. 2006,
//! Biogeosciences 3, 571-583), in the blocks and with the levels of ONEFlux `qc_auto`.

use crate::summary::median;

/// Days of a block.
const BLOCK_DAYS: usize = 13;
/// A normal distribution's median absolute deviation in standard deviations.
const MAD_OF_NORMAL: f64 = 0.6745;
/// Levels: so many deviations give the flag beside it; a later one overwrites an earlier one.
const LEVELS: [(f64, u8); 3] = [(4.0, 1), (5.5, 2), (7.0, 3)];
/// Night where only potential radiation is known, in W m-2.
const NIGHT_POTENTIAL_W_M2: f64 = 12.0;
/// Night where incoming radiation is measured, in W m-2.
const NIGHT_RADIATION_W_M2: f64 = 12.0;
/// Night where photon flux is measured, in umol m-2 s-1.
const NIGHT_PHOTONS: f64 = 25.0;

/// What decides between night and day; NaN is missing.
#[derive(Debug, Clone, Copy)]
pub struct Spikes<'a> {
    /// Potential radiation in W m-2.
    pub potential_w_m2: &'a [f64],
    /// Incoming shortwave radiation in W m-2.
    pub radiation_w_m2: Option<&'a [f64]>,
    /// Incoming photon flux in umol m-2 s-1.
    pub photons: Option<&'a [f64]>,
    /// Rows in a day.
    pub rows_per_day: usize,
    /// A step at the edge of a gap that is greater than this sets flag 1, in the column's unit:
    /// 6 umol m-2 s-1 for NEE, 100 W m-2 for LE and H.
    pub edge_step: f64,
}

/// The flags of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spiked {
    /// 0 none, 1 weak, 2 and 3 a spike that is removed; `None` where there is no value.
    pub flags: Vec<Option<u8>>,
}

impl Spiked {
    /// Whether the value of a row is to be removed.
    #[must_use]
    pub fn removes(&self, row: usize) -> bool {
        self.flags[row].is_some_and(|flag| flag >= 2)
    }
}

/// Flags the spikes of a column.
#[must_use]
pub fn spikes(column: &[f64], by: &Spikes<'_>) -> Spiked {
    let n = column.len();
    let night = night(n, by);
    let [night_mask, day_mask] = [true, false].map(|wanted| grown(&night, wanted));
    let mut flags: Vec<Option<u8>> = column.iter().map(|v| (!v.is_nan()).then_some(0)).collect();
    for (level, flag) in LEVELS {
        for mask in [&night_mask, &day_mask] {
            flag_blocks(column, mask, by.rows_per_day * BLOCK_DAYS, level, |row| {
                flags[row] = Some(flag);
            });
        }
    }
    flag_edges(column, by.edge_step, &mut flags);
    Spiked { flags }
}

fn night(n: usize, by: &Spikes<'_>) -> Vec<bool> {
    (0..n)
        .map(|row| {
            let mut night = by.potential_w_m2[row] <= NIGHT_POTENTIAL_W_M2;
            for (measured, below) in [
                (by.radiation_w_m2, NIGHT_RADIATION_W_M2),
                (by.photons, NIGHT_PHOTONS),
            ] {
                if let Some(value) = measured.map(|m| m[row]).filter(|v| !v.is_nan()) {
                    night = value < below;
                }
            }
            night
        })
        .collect()
}

/// The rows of one kind and their neighbours.
fn grown(night: &[bool], wanted: bool) -> Vec<bool> {
    let n = night.len();
    let mut grown: Vec<bool> = (0..n)
        .map(|row| night[row.saturating_sub(1)..n.min(row + 2)].contains(&wanted))
        .collect();
    // The last row follows the one before it, as in the reference.
    if n >= 2 {
        grown[n - 1] = grown[n - 2];
    }
    grown
}

fn flag_blocks(
    column: &[f64],
    mask: &[bool],
    block: usize,
    level: f64,
    mut flag: impl FnMut(usize),
) {
    let n = column.len();
    let blocks = (n / block).max(1);
    for index in 0..blocks {
        let first = index * block;
        let end = if index + 1 == blocks {
            n
        } else {
            first + block
        };
        let usable = |row: usize| mask[row] && !column[row].is_nan();
        let doubled: Vec<(usize, f64)> = (first + 1..end.saturating_sub(1))
            .filter(|&row| (row - 1..=row + 1).all(usable))
            .map(|row| {
                let [before, at, after] = [column[row - 1], column[row], column[row + 1]];
                (row, (at - before) - (after - at))
            })
            .collect();
        let values: Vec<f64> = doubled.iter().map(|(_, d)| *d).collect();
        let middle = median(&values);
        let deviations: Vec<f64> = values.iter().map(|d| (d - middle).abs()).collect();
        let reach = level * median(&deviations) / MAD_OF_NORMAL;
        for (row, d) in doubled {
            if d > middle + reach || d < middle - reach {
                flag(row);
            }
        }
    }
}

/// A value beside a gap, where no double difference can be had: its step to its other neighbour
/// decides, whatever the double differences said of it.
fn flag_edges(column: &[f64], step: f64, flags: &mut [Option<u8>]) {
    for first in 0..column.len().saturating_sub(2) {
        let [a, b, c] = [column[first], column[first + 1], column[first + 2]];
        let (edge, far) = match (a.is_nan(), b.is_nan(), c.is_nan()) {
            (true, false, false) => (first + 1, (b - c).abs() > step),
            (false, false, true) => (first + 1, (b - a).abs() > step),
            _ => continue,
        };
        if far {
            flags[edge] = Some(1);
        }
    }
}
