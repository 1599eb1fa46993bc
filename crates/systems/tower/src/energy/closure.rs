//! The energy balance: turbulent fluxes against available energy.

use crate::summary::{correlation, mean, sd};

/// Terms of the balance in W m-2; NaN is missing. A missing term is never taken as 0.
#[derive(Debug, Clone, Copy)]
pub struct Balance<'a> {
    /// Latent heat flux, upward.
    pub le: &'a [f64],
    /// Sensible heat flux, upward.
    pub h: &'a [f64],
    /// Net radiation, downward.
    pub net_radiation: &'a [f64],
    /// Heat flux into the soil.
    pub ground: &'a [f64],
    /// Heat stored between the soil and the sensor, where it is known.
    pub storage: Option<&'a [f64]>,
}

/// How the balance closes over some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Rows with all terms.
    pub rows: usize,
    /// Sum of H + LE over the sum of the available energy.
    pub ratio: f64,
    /// Least squares of H + LE on the available energy: slope.
    pub ols_slope: f64,
    /// Its intercept in W m-2.
    pub ols_intercept_w_m2: f64,
    /// Its R2.
    pub ols_r2: f64,
    /// Geometric mean regression: the slope that treats both sides alike.
    pub gmr_slope: f64,
}

/// The closure over `rows`; `None` with fewer than two rows that have all terms.
#[must_use]
pub fn closure(balance: &Balance<'_>, rows: impl Iterator<Item = usize>) -> Option<Closure> {
    let (mut available, mut turbulent) = (Vec::new(), Vec::new());
    for row in rows {
        let (x, y) = (balance.available(row), balance.le[row] + balance.h[row]);
        if !(x + y).is_nan() {
            available.push(x);
            turbulent.push(y);
        }
    }
    if available.len() < 2 {
        return None;
    }
    let (spread_x, spread_y) = (sd(&available), sd(&turbulent));
    let r = correlation(&available, &turbulent);
    let ols_slope = r * spread_y / spread_x;
    Some(Closure {
        rows: available.len(),
        ratio: turbulent.iter().sum::<f64>() / available.iter().sum::<f64>(),
        ols_slope,
        ols_intercept_w_m2: mean(&turbulent) - ols_slope * mean(&available),
        ols_r2: r * r,
        gmr_slope: spread_y / spread_x,
    })
}

impl Balance<'_> {
    fn available(&self, row: usize) -> f64 {
        let stored = self.storage.map_or(0.0, |s| s[row]);
        self.net_radiation[row] - self.ground[row] - stored
    }
}
