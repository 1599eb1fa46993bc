//! The mean of a field over a region.

/// What a region shares with one cell of the field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Position of the cell in the lists of [`AirField`].
    pub cell: usize,
    /// Shared area in km2.
    pub area_km2: f64,
}

/// One month of the field: one entry per cell, `None` where nothing is known.
#[derive(Debug, Clone, Copy)]
pub struct AirField<'a> {
    /// XCO2 in ppm, interpolated or not.
    pub xco2_ppm: &'a [Option<f64>],
    /// Its standard error in ppm, where the producer gives one.
    pub standard_error_ppm: Option<&'a [Option<f64>]>,
    /// Mean of the soundings inside each cell, in ppm, where the producer gives it.
    pub observed_ppm: Option<&'a [Option<f64>]>,
    /// Number of soundings inside each cell, where the producer gives it.
    pub soundings: Option<&'a [u32]>,
}

/// The field over one region in one month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AirMean {
    /// Area-weighted mean of XCO2 over valid cells, ppm; `None` without a valid cell.
    pub xco2_ppm: Option<f64>,
    /// Area-weighted mean of the cells' standard errors, ppm: the error of the mean if errors of all cells
    /// went together, which is its upper bound. Cells without one are left out. `None` without any.
    pub standard_error_ppm: Option<f64>,
    /// Area-weighted mean of the means of soundings, over cells with soundings, ppm.
    pub observed_ppm: Option<f64>,
    /// Share of the region's area that lies in valid cells, 0..1.
    pub valid_fraction: f64,
    /// Share of the region's area that lies in cells with soundings, 0..1; `None` where the product
    /// does not tell.
    pub observed_fraction: Option<f64>,
    /// Cells the region touches.
    pub cells: usize,
    /// Of these, cells with a value.
    pub valid_cells: usize,
    /// Of these, cells with soundings; `None` where the product does not tell.
    pub observed_cells: Option<usize>,
    /// Soundings in the cells the region touches; `None` where the product does not tell.
    pub soundings: Option<u64>,
    /// Whether `valid_fraction` is below the threshold: the mean stands for too little of the region.
    pub sparse: bool,
}

/// The mean of a field over a region of `area_km2` that shares `shares` with its cells. A region of which
/// less than `least_valid_fraction` (0..1) lies in valid cells is marked sparse.
///
/// Sums run in the order of `shares`. A cell that the lists do not have counts as one without a
/// value.
#[must_use]
pub fn air_mean(
    shares: &[Share],
    area_km2: f64,
    field: &AirField<'_>,
    least_valid_fraction: f64,
) -> AirMean {
    let xco2 = weighted(shares, field.xco2_ppm);
    let error = field
        .standard_error_ppm
        .map(|errors| weighted(shares, errors));
    let observed = field.observed_ppm.map(|means| weighted(shares, means));
    let fraction = |part: &Weighted| {
        let share = part.area_km2 / area_km2;
        if area_km2 <= 0.0 {
            0.0
        } else if share > 1.0 - 1e-9 {
            // Shares sum to the whole but for rounding.
            1.0
        } else {
            share
        }
    };
    let valid_fraction = fraction(&xco2);
    AirMean {
        xco2_ppm: xco2.mean(),
        standard_error_ppm: error.and_then(|error| error.mean()),
        observed_ppm: observed.as_ref().and_then(Weighted::mean),
        valid_fraction,
        observed_fraction: observed.as_ref().map(fraction),
        cells: shares.len(),
        valid_cells: xco2.cells,
        observed_cells: observed.map(|observed| observed.cells),
        soundings: field.soundings.map(|soundings| {
            let of = |share: &Share| soundings.get(share.cell).copied().unwrap_or(0);
            shares.iter().map(|share| u64::from(of(share))).sum()
        }),
        sparse: valid_fraction < least_valid_fraction,
    }
}

/// A weighted sum on its way to a mean.
struct Weighted {
    sum: f64,
    area_km2: f64,
    cells: usize,
}

impl Weighted {
    fn mean(&self) -> Option<f64> {
        (self.area_km2 > 0.0).then(|| self.sum / self.area_km2)
    }
}

fn weighted(shares: &[Share], values: &[Option<f64>]) -> Weighted {
    let mut out = Weighted {
        sum: 0.0,
        area_km2: 0.0,
        cells: 0,
    };
    for share in shares {
        if let Some(value) = values.get(share.cell).copied().flatten() {
            out.sum += share.area_km2 * value;
            out.area_km2 += share.area_km2;
            out.cells += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARES: [Share; 3] = [
        Share {
            cell: 0,
            area_km2: 100.0,
        },
        Share {
            cell: 2,
            area_km2: 300.0,
        },
        Share {
            cell: 3,
            area_km2: 600.0,
        },
    ];

    #[test]
    fn cells_count_by_their_area_and_kriged_is_not_observed() {
        let field = AirField {
            xco2_ppm: &[Some(390.0), Some(0.0), Some(394.0), None],
            standard_error_ppm: Some(&[Some(1.0), None, None, None]),
            observed_ppm: Some(&[None, Some(1.0), Some(396.0), None]),
            soundings: Some(&[0, 9, 4, 0]),
        };
        let mean = air_mean(&SHARES, 1000.0, &field, 0.5);
        assert_eq!(
            mean,
            AirMean {
                xco2_ppm: Some(393.0),
                standard_error_ppm: Some(1.0),
                observed_ppm: Some(396.0),
                valid_fraction: 0.4,
                observed_fraction: Some(0.3),
                cells: 3,
                valid_cells: 2,
                observed_cells: Some(1),
                soundings: Some(4),
                sparse: true,
            }
        );
        assert!(!air_mean(&SHARES, 1000.0, &field, 0.4).sparse);
    }

    #[test]
    fn nothing_known_is_no_number() {
        let field = AirField {
            xco2_ppm: &[None; 4],
            standard_error_ppm: None,
            observed_ppm: None,
            soundings: None,
        };
        let mean = air_mean(&SHARES, 1000.0, &field, 0.5);
        assert_eq!((mean.xco2_ppm, mean.valid_fraction), (None, 0.0));
        assert_eq!((mean.observed_fraction, mean.soundings), (None, None));
        assert!(mean.sparse);
        assert_eq!(air_mean(&[], 0.0, &field, 0.5).valid_fraction, 0.0);
    }
}
