//! Which half-hours a threshold removes.

use crate::axis::Centre;

/// Radiation below which a half-hour is night, in W m-2.
const NIGHT_BELOW_W_M2: f64 = 10.0;

/// Why a row was removed, as the reference numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Flag {
    /// Kept.
    Kept = 0,
    /// u* is below the threshold.
    Below = 1,
    /// The row follows one below the threshold (`oneflux` only).
    AfterBelow = 2,
    /// There is no threshold.
    NoThreshold = 3,
    /// u* is missing.
    NoUstar = 4,
}

/// Which rows a threshold is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Night rows, and those whose radiation is missing; a row after one that was removed stays
    /// (`REddyProc`).
    Night,
    /// Rows of day and night; a missing u* counts as below, and so does the row after one that was
    /// removed (ONEFlux `nee_proc`).
    DayAndNight,
}

/// The flag of each row, held to the threshold of its year. `threshold_m_s` gives the threshold of
/// a year in m s-1, NaN for none. Missing u* or radiation is NaN.
#[must_use]
pub fn filter(
    centres: &[Centre],
    years: &[i16],
    ustar_m_s: &[f64],
    radiation_w_m2: &[f64],
    threshold_m_s: impl Fn(i16) -> f64,
    rule: Rule,
) -> Vec<Flag> {
    debug_assert_eq!(centres.len(), years.len());
    let mut after = false;
    (0..centres.len())
        .map(|row| {
            let threshold = threshold_m_s(years[row]);
            let ustar = ustar_m_s[row];
            match rule {
                Rule::Night => {
                    // A comparison with a missing number is false: it must be asked for by name.
                    let night =
                        radiation_w_m2[row].is_nan() || radiation_w_m2[row] < NIGHT_BELOW_W_M2;
                    if !night {
                        Flag::Kept
                    } else if ustar.is_nan() {
                        Flag::NoUstar
                    } else if threshold.is_nan() {
                        Flag::NoThreshold
                    } else if ustar < threshold {
                        Flag::Below
                    } else {
                        Flag::Kept
                    }
                }
                Rule::DayAndNight => {
                    let below = ustar.is_nan() || ustar < threshold;
                    let was_after = std::mem::replace(&mut after, below);
                    if threshold.is_nan() {
                        Flag::NoThreshold
                    } else if ustar.is_nan() {
                        Flag::NoUstar
                    } else if below {
                        Flag::Below
                    } else if was_after {
                        Flag::AfterBelow
                    } else {
                        Flag::Kept
                    }
                }
            }
        })
        .collect()
}
