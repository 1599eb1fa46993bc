//! From the fits before and after a row to the row.

use crate::partition::respiration::predicted;

use super::curve::gpp;
use super::window::{Outcome, Window};
use super::{Columns, Setting};

/// Days from which on the nearest fit is far.
const FAR_DAYS: usize = 14;

/// Predictions of all rows.
pub(super) struct Predicted {
    pub respiration: Vec<f64>,
    pub gpp: Vec<f64>,
    pub quality: Vec<u8>,
}

/// Predicts all rows; `None` if no window was fitted.
pub(super) fn predict(
    columns: &Columns<'_>,
    windows: &[Window],
    setting: Setting,
) -> Option<Predicted> {
    let mut fits: Vec<(usize, &Window)> = windows
        .iter()
        .filter(|w| w.outcome == Outcome::Good)
        .map(|window| match setting {
            Setting::NoSmooth => (window.mean_row, window),
            Setting::Lasslop => (window.centre_row, window),
        })
        .collect();
    fits.dedup_by_key(|(row, _)| *row);
    let (first, last) = (fits.first()?.0, fits.last()?.0);
    let rows = columns.nee.len();
    let mut all = Predicted {
        respiration: Vec::with_capacity(rows),
        gpp: Vec::with_capacity(rows),
        quality: Vec::with_capacity(rows),
    };
    let mut next = 0;
    for row in 0..rows {
        while next < fits.len() && fits[next].0 < row {
            next += 1;
        }
        let (before, after) = if row <= first {
            (fits[0], fits[0])
        } else if row >= last {
            let end = fits[fits.len() - 1];
            (end, end)
        } else if fits[next].0 == row {
            (fits[next], fits[next])
        } else {
            (fits[next - 1], fits[next])
        };
        let weight_after = if before.0 == after.0 {
            0.5
        } else {
            (row - before.0) as f64 / (after.0 - before.0) as f64
        };
        let weight_before = if before.0 == after.0 {
            0.5
        } else {
            (after.0 - row) as f64 / (after.0 - before.0) as f64
        };
        let of = |window: &Window| {
            let factor = predicted(window.sensitivity_k, columns.temperature_c[row]);
            let gpp = gpp(
                window.parameters,
                columns.radiation_w_m2[row],
                columns.vpd_hpa[row],
            );
            (window.parameters[3] * factor, gpp)
        };
        let (one, two) = (of(before.1), of(after.1));
        all.respiration
            .push(weight_before * one.0 + weight_after * two.0);
        all.gpp.push(weight_before * one.1 + weight_after * two.1);
        let (to_before, to_after) = (before.0.abs_diff(row), after.0.abs_diff(row));
        let nearest = if to_before <= to_after { before } else { after };
        all.quality.push(
            if to_before.min(to_after) > FAR_DAYS * columns.rows_per_day {
                2
            } else {
                u8::from(!nearest.1.all_fitted)
            },
        );
    }
    Some(all)
}
