//! Vegetation, temperature and health conditions (Kogan 1995).

/// The least and the greatest of one composite of the year over the reference years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompositeRange {
    /// Least.
    pub least: f64,
    /// Greatest.
    pub greatest: f64,
    /// Reference years with a value.
    pub n: usize,
}

impl CompositeRange {
    /// Over the reference years of one composite; `None` with fewer than `least_years` values, or if
    /// they do not differ.
    #[must_use]
    pub fn of(values: &[Option<f64>], least_years: usize) -> Option<Self> {
        let known = values.iter().flatten().copied().filter(|v| v.is_finite());
        let (mut least, mut greatest, mut n) = (f64::INFINITY, f64::NEG_INFINITY, 0);
        for value in known {
            least = least.min(value);
            greatest = greatest.max(value);
            n += 1;
        }
        (n >= least_years.max(2) && greatest > least).then_some(Self { least, greatest, n })
    }
}

/// Vegetation condition, percent: `100 (NDVI - min)/(max - min)`. Outside the reference it leaves 0 to
/// 100, and is kept.
#[must_use]
pub fn vci(ndvi: f64, range: &CompositeRange) -> f64 {
    100.0 * (ndvi - range.least) / (range.greatest - range.least)
}

/// Temperature condition, percent: `100 (max - LST)/(max - min)`; hot is low.
#[must_use]
pub fn tci(lst: f64, range: &CompositeRange) -> f64 {
    100.0 * (range.greatest - lst) / (range.greatest - range.least)
}

/// Whether plants grow in a composite. In the cold north NDVI and temperature rise together in
/// spring, and outside the growing season VHI means nothing (Karnieli et al. 2010).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growing {
    /// Inside the growing season.
    Yes,
    /// Outside.
    No,
}

/// Vegetation health, percent: `alpha VCI + (1 - alpha) TCI`; `None` outside the growing season or if
/// `alpha` is not between 0 and 1. 0.5 is usual.
#[must_use]
pub fn vhi(vci: f64, tci: f64, alpha: f64, growing: Growing) -> Option<f64> {
    ((0.0..=1.0).contains(&alpha) && growing == Growing::Yes)
        .then_some(alpha * vci + (1.0 - alpha) * tci)
}

/// Classes of VHI in use: below 10 extreme, below 20 severe, below 30 moderate, below 40 mild
/// drought, as 4 to 1; 0 is no drought (thresholds of Kogan's later work, not compared with a printed
/// copy).
#[must_use]
pub fn vhi_class(vhi: f64) -> u8 {
    match vhi {
        x if x < 10.0 => 4,
        x if x < 20.0 => 3,
        x if x < 30.0 => 2,
        x if x < 40.0 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_run_from_0_to_100_and_beyond() {
        let range = CompositeRange::of(&[Some(0.2), None, Some(0.4), Some(0.3)], 3).unwrap();
        assert_eq!(range.n, 3);
        assert!((vci(0.25, &range) - 25.0).abs() < 1e-12);
        assert!((vci(0.1, &range) + 50.0).abs() < 1e-12);
        let heat = CompositeRange::of(&[Some(290.0), Some(310.0)], 2).unwrap();
        assert!((tci(305.0, &heat) - 25.0).abs() < 1e-12);
        assert_eq!(vhi(25.0, 75.0, 0.5, Growing::Yes), Some(50.0));
        assert_eq!(vhi(25.0, 75.0, 0.5, Growing::No), None);
        assert_eq!(vhi(25.0, 75.0, 1.5, Growing::Yes), None);
        assert_eq!([39.9, 40.0, 19.0, 5.0].map(vhi_class), [1, 0, 3, 4]);
    }

    #[test]
    fn without_a_range_there_is_no_condition() {
        assert_eq!(CompositeRange::of(&[Some(0.3); 5], 3), None);
        assert_eq!(CompositeRange::of(&[Some(0.3), Some(0.4), None], 3), None);
        assert_eq!(CompositeRange::of(&[Some(0.3)], 1), None);
    }
}
