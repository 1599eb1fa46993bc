//! How dry a climate is.

/// Precipitation over demand (UNEP 1992), both of the same years; `None` without a demand.
#[must_use]
pub fn aridity_index(precipitation_mm: f64, demand_mm: f64) -> Option<f64> {
    (demand_mm > 0.0 && precipitation_mm >= 0.0).then(|| precipitation_mm / demand_mm)
}

/// De Martonne's index `P / (T + 10)`, mm a year and degC; `None` at -10 degC and below.
#[must_use]
pub fn de_martonne(precipitation_mm_a: f64, mean_deg_c: f64) -> Option<f64> {
    (mean_deg_c > -10.0 && precipitation_mm_a >= 0.0)
        .then(|| precipitation_mm_a / (mean_deg_c + 10.0))
}

/// Classes of the World Atlas of Desertification (UNEP 1992).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aridity {
    /// Below 0.05.
    HyperArid,
    /// Below 0.20.
    Arid,
    /// Below 0.50.
    SemiArid,
    /// Below 0.65.
    DrySubHumid,
    /// From 0.65 on.
    Humid,
}

impl Aridity {
    /// The class of an aridity index.
    #[must_use]
    pub fn of(index: f64) -> Self {
        match index {
            x if x < 0.05 => Self::HyperArid,
            x if x < 0.20 => Self::Arid,
            x if x < 0.50 => Self::SemiArid,
            x if x < 0.65 => Self::DrySubHumid,
            _ => Self::Humid,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::HyperArid => "hyper-arid",
            Self::Arid => "arid",
            Self::SemiArid => "semi-arid",
            Self::DrySubHumid => "dry sub-humid",
            Self::Humid => "humid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_places_without_an_index() {
        assert_eq!(
            aridity_index(100.0, 800.0).map(Aridity::of),
            Some(Aridity::Arid)
        );
        assert_eq!(Aridity::of(0.2), Aridity::SemiArid);
        assert_eq!(Aridity::of(0.65), Aridity::Humid);
        assert_eq!(aridity_index(100.0, 0.0), None);
        assert_eq!(aridity_index(f64::NAN, 10.0), None);
        assert_eq!(de_martonne(300.0, -12.0), None);
        assert_eq!(de_martonne(300.0, 5.0), Some(20.0));
    }
}
