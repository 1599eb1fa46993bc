//! The design: columns of the model, and their orthonormal twin.

use crate::series::{count, mean};

/// Columns of the model: level, growth, and cos, sin of one and of two turns a year.
pub(super) const COLUMNS: usize = 6;

/// One number per column.
pub(super) type Row = [f64; COLUMNS];

/// `cos w, sin w, cos 2w, sin 2w` at the middle of a month, `month0` from 0 for January.
pub(super) fn waves(month0: usize) -> [f64; 4] {
    let w = std::f64::consts::TAU * (count(month0 % 12) + 0.5) / 12.0;
    [
        libm::cos(w),
        libm::sin(w),
        libm::cos(2.0 * w),
        libm::sin(2.0 * w),
    ]
}

/// The months that have a value, and the model at them.
pub(super) struct Design {
    /// Months since the first of the series.
    pub(super) at: Vec<usize>,
    /// Mean of `at`.
    pub(super) mean_at: f64,
    /// Orthonormal columns: `X = Q R`.
    pub(super) q: Vec<Row>,
    /// Upper triangle.
    pub(super) r: [Row; COLUMNS],
}

impl Design {
    /// `first_month0` is the calendar month of the first month of the series, from 0. `None` when
    /// the months cannot tell the six numbers apart.
    pub(super) fn new(at: Vec<usize>, first_month0: usize) -> Option<Self> {
        let mean_at = mean(&at.iter().map(|k| count(*k)).collect::<Vec<_>>());
        let mut q: Vec<Row> = at
            .iter()
            .map(|&k| {
                let [a1, b1, a2, b2] = waves(first_month0 + k);
                [1.0, (count(k) - mean_at) / 12.0, a1, b1, a2, b2]
            })
            .collect();
        let mut r = [[0.0; COLUMNS]; COLUMNS];
        for col in 0..COLUMNS {
            let before = length(&q, col);
            // Gram-Schmidt, twice: the second pass removes the rounding of the first.
            for _ in 0..2 {
                for earlier in 0..col {
                    let share: f64 = q.iter().map(|row| row[earlier] * row[col]).sum();
                    r[earlier][col] += share;
                    for row in &mut q {
                        row[col] -= share * row[earlier];
                    }
                }
            }
            let after = length(&q, col);
            if after.is_nan() || after <= 1e-8 * before {
                return None;
            }
            r[col][col] = after;
            for row in &mut q {
                row[col] /= after;
            }
        }
        Some(Self { at, mean_at, q, r })
    }

    /// `Q'y`: the estimates in the orthonormal columns.
    pub(super) fn project(&self, values: &[f64]) -> Row {
        let mut out = [0.0; COLUMNS];
        for (row, y) in self.q.iter().zip(values) {
            for (sum, q) in out.iter_mut().zip(row) {
                *sum += q * y;
            }
        }
        out
    }

    /// Solves `R b = z`.
    pub(super) fn back_substitute(&self, z: Row) -> Row {
        let mut b = z;
        for row in (0..COLUMNS).rev() {
            for col in row + 1..COLUMNS {
                b[row] -= self.r[row][col] * b[col];
            }
            b[row] /= self.r[row][row];
        }
        b
    }
}

fn length(q: &[Row], col: usize) -> f64 {
    libm::sqrt(q.iter().map(|row| row[col] * row[col]).sum::<f64>())
}
