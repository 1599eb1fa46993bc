//! The Brier score of probabilities, beside that of the base rate.

use crate::StatsError;
use crate::series::count;

/// How far probabilities are from what came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brier {
    /// The mean square of probability less outcome (Brier 1950).
    pub score: f64,
    /// The same of the probability that knows nothing.
    pub climatology: f64,
    /// `1 - score / climatology`: above 0 is skill.
    pub skill: f64,
}

/// Compares `probabilities` and `climatology`, the base rate known without the row, with the events.
///
/// # Errors
/// Returns an error if the lengths differ or there is no row.
pub fn brier(
    probabilities: &[f64],
    climatology: &[f64],
    events: &[bool],
) -> Result<Brier, StatsError> {
    for (what, values) in [
        ("probabilities", probabilities),
        ("base rates", climatology),
    ] {
        if values.len() != events.len() {
            return Err(StatsError::Length {
                what,
                of: "events",
                expected: events.len(),
                found: values.len(),
            });
        }
    }
    if events.is_empty() {
        return Err(StatsError::TooFew {
            what: "the Brier score",
            needed: 1,
            found: 0,
        });
    }
    let score = |of: &[f64]| {
        let sum: f64 = of
            .iter()
            .zip(events)
            .map(|(p, event)| {
                let off = p - f64::from(u8::from(*event));
                off * off
            })
            .sum();
        sum / count(events.len())
    };
    let (score, climatology) = (score(probabilities), score(climatology));
    Ok(Brier {
        score,
        climatology,
        skill: 1.0 - score / climatology,
    })
}
