//! The temperature-vegetation dryness index of one scene (Sandholt, Rasmussen and Andersen 2002).

use nutag_stats::Series;
use nutag_stats::slope::ols;

/// The two edges of a scene: LST against NDVI, and how well they are lines. They depend on the scene, so
/// every index must carry them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TvdiEdges {
    /// LST of the dry edge at NDVI 0.
    pub dry_intercept: f64,
    /// Its slope.
    pub dry_slope: f64,
    /// Correlation of the maxima with NDVI.
    pub dry_r: f64,
    /// LST of the wet edge at NDVI 0.
    pub wet_intercept: f64,
    /// Its slope.
    pub wet_slope: f64,
    /// Correlation of the minima with NDVI.
    pub wet_r: f64,
    /// Bins of NDVI, 0.01 wide, behind the edges.
    pub bins: usize,
}

/// Why a scene has no edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TvdiRefusal {
    /// Fewer bins of NDVI than 20: the scene has too little contrast.
    FewBins(usize),
    /// The dry edge does not fall with greenness: the scene is not limited by water.
    RisingDryEdge,
}

/// Fewest bins of NDVI.
const LEAST_BINS: usize = 20;

/// Fits the edges to the maxima and minima of LST in bins of NDVI 0.01 wide, of cells of one scene
/// (NDVI above 0, LST corrected for elevation).
///
/// # Errors
/// Returns why the scene has no edges.
pub fn tvdi_edges(cells: &[(f64, f64)]) -> Result<TvdiEdges, TvdiRefusal> {
    let mut bins: Vec<Option<(f64, f64)>> = vec![None; 100];
    for &(ndvi, lst) in cells {
        if !(lst.is_finite() && (0.0..1.0).contains(&ndvi)) {
            continue;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 99"
        )]
        let bin = (ndvi * 100.0) as usize;
        let (low, high) = bins[bin].unwrap_or((lst, lst));
        bins[bin] = Some((low.min(lst), high.max(lst)));
    }
    let used = bins.iter().flatten().count();
    if used < LEAST_BINS {
        return Err(TvdiRefusal::FewBins(used));
    }
    let line = |pick: fn(&(f64, f64)) -> f64| {
        let (mut x, mut y, mut middle) = (Vec::new(), Vec::new(), 0.005);
        for bin in &bins {
            if let Some(bin) = bin {
                x.push(middle);
                y.push(pick(bin));
            }
            middle += 0.01;
        }
        let r = nutag_stats::linear::pearson(&x, &y).map_or(0.0, |c| c.r);
        Series::complete(&x, &y)
            .and_then(|series| ols(&series))
            .map(|fit| (fit.at(0.0), fit.slope, r))
            .map_err(|_| TvdiRefusal::FewBins(used))
    };
    let (wet_intercept, wet_slope, wet_r) = line(|bin| bin.0)?;
    let (dry_intercept, dry_slope, dry_r) = line(|bin| bin.1)?;
    if dry_slope >= 0.0 {
        return Err(TvdiRefusal::RisingDryEdge);
    }
    Ok(TvdiEdges {
        dry_intercept,
        dry_slope,
        dry_r,
        wet_intercept,
        wet_slope,
        wet_r,
        bins: used,
    })
}

impl TvdiEdges {
    /// `(LST - wet)/(dry - wet)` at the NDVI of the cell: 0 wet, 1 dry; `None` where the edges cross.
    #[must_use]
    pub fn tvdi(&self, ndvi: f64, lst: f64) -> Option<f64> {
        let dry = self.dry_intercept + self.dry_slope * ndvi;
        let wet = self.wet_intercept + self.wet_slope * ndvi;
        (dry > wet && lst.is_finite() && ndvi.is_finite()).then(|| (lst - wet) / (dry - wet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_has_its_edges() {
        let mut cells = Vec::new();
        for bin in 10..60 {
            let ndvi = f64::from(bin) / 100.0 + 0.005;
            for share in 0..=4 {
                let (wet, dry) = (290.0, 325.0 - 50.0 * ndvi);
                cells.push((ndvi, wet + f64::from(share) / 4.0 * (dry - wet)));
            }
        }
        let edges = tvdi_edges(&cells).unwrap();
        assert_eq!(edges.bins, 50);
        assert!((edges.dry_slope + 50.0).abs() < 1e-9 && (edges.dry_r + 1.0).abs() < 1e-9);
        assert!((edges.tvdi(0.3, 300.0).unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(edges.tvdi(0.75, 300.0), None);
        assert_eq!(tvdi_edges(&cells[..50]), Err(TvdiRefusal::FewBins(10)));
        let rising: Vec<(f64, f64)> = cells.iter().map(|(n, _)| (*n, 280.0 + 30.0 * n)).collect();
        assert_eq!(tvdi_edges(&rising), Err(TvdiRefusal::RisingDryEdge));
    }
}
