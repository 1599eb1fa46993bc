//! FPAR and LAI of MOD15A2H and its kin: which retrievals count, and what stands in for the rest.
//!
//! `FparLai_QC`, bit 0 least significant: 0 algorithm (0 main, 1 back-up or fill), 1 sensor,
//! 2 dead detector, 3-4 cloud (00 clear, 01 cloudy, 10 mixed, 11 not determined, assumed clear),
//! 5-7 confidence (000 main, 001 main with saturation, 010 back-up for geometry, 011 back-up for
//! other reasons, 100 not produced) (MOD15A2H file specification, collection 6.1).

/// FPAR of a stored count.
pub const FPAR_SCALE: f64 = 0.01;
/// LAI (m2 m-2) of a stored count.
pub const LAI_SCALE: f64 = 0.1;
/// The greatest count that is a retrieval; above it are codes of surfaces without vegetation.
pub const GREATEST_COUNT: u8 = 100;

/// Which retrievals count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Main algorithm, saturated or not, under a clear or not determined sky: the reading of the
    /// product's user guide.
    Strict,
    /// Any algorithm that produced a value, under a sky known to be clear.
    CloudOnly,
}

impl Screen {
    /// Whether a quality byte passes.
    #[must_use]
    pub const fn accepts(self, qc: u8) -> bool {
        let backup = qc & 1 != 0;
        let cloud = (qc >> 3) & 0b11;
        let confidence = qc >> 5;
        match self {
            Self::Strict => !backup && (cloud == 0 || cloud == 3) && confidence <= 1,
            Self::CloudOnly => cloud == 0 && confidence < 4,
        }
    }
}

/// One composite of a cell: counts as stored and its quality byte. `None`: no granule.
pub type Stored = Option<(u8, u8, u8)>;

/// A year of a cell with its gaps filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// FPAR, 0 to 1, one a composite.
    pub fpar: Vec<f64>,
    /// LAI in m2 m-2, one a composite.
    pub lai: Vec<f64>,
    /// Which composites were filled.
    pub filled: Vec<bool>,
}

/// Fills a year of composites: those that fail the screen take the line between the nearest ones
/// that pass, before the first and after the last the nearest one (user guide of MOD17A2HGF,
/// section 2.4; the rule at the ends is unverified).
///
/// `longest_gap` bounds the run of composites that may be filled between two good ones or at an
/// end; a cell with a longer one, or with no good composite at all, has no result.
#[must_use]
pub fn fill_year(stored: &[Stored], screen: Screen, longest_gap: usize) -> Option<Filled> {
    let good: Vec<Option<(f64, f64)>> = stored
        .iter()
        .map(|composite| {
            let (fpar, lai, qc) = (*composite)?;
            (fpar <= GREATEST_COUNT && lai <= GREATEST_COUNT && screen.accepts(qc))
                .then(|| (f64::from(fpar), f64::from(lai)))
        })
        .collect();
    // All composites of a year start eight days apart, the short last one too.
    let days: Vec<f64> = (0u32..)
        .map(|i| f64::from(8 * i))
        .take(stored.len())
        .collect();
    let fpar = fill(
        &days,
        &good.iter().map(|v| v.map(|(f, _)| f)).collect::<Vec<_>>(),
        longest_gap,
    )?;
    let lai = fill(
        &days,
        &good.iter().map(|v| v.map(|(_, l)| l)).collect::<Vec<_>>(),
        longest_gap,
    )?;
    Some(Filled {
        fpar: fpar.into_iter().map(|v| v * FPAR_SCALE).collect(),
        lai: lai.into_iter().map(|v| v * LAI_SCALE).collect(),
        filled: good.iter().map(Option::is_none).collect(),
    })
}

/// Fills a series by straight lines in time, and by the nearest value at its ends.
///
/// `days` are the days of the values, ascending. `None` if nothing is known, or a run of more than
/// `longest_gap` values is missing.
///
/// # Panics
/// Panics if there are not as many days as values.
#[must_use]
pub fn fill(days: &[f64], series: &[Option<f64>], longest_gap: usize) -> Option<Vec<f64>> {
    assert_eq!(days.len(), series.len(), "a day for each value");
    let mut out = Vec::with_capacity(series.len());
    let mut before: Option<usize> = None;
    let mut next = 0;
    for (i, value) in series.iter().enumerate() {
        if let Some(value) = value {
            before = Some(i);
            out.push(*value);
            continue;
        }
        next = next.max(i);
        while next < series.len() && series[next].is_none() {
            next += 1;
        }
        if next - before.map_or(0, |at| at + 1) > longest_gap {
            return None;
        }
        let known = |at: usize| {
            series
                .get(at)
                .copied()
                .flatten()
                .map(|value| (days[at], value))
        };
        out.push(match (before.and_then(known), known(next)) {
            (Some((a, left)), Some((b, right))) => left + (right - left) * (days[i] - a) / (b - a),
            (Some((_, value)), None) | (None, Some((_, value))) => value,
            (None, None) => return None,
        });
    }
    Some(out)
}
