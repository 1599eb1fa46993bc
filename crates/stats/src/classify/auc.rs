//! The area under the ROC curve (AUC), which is Mann and Whitney's statistic as a share.

use crate::draws::Draws;
use crate::series::count;
use crate::{StatsError, error::open_unit};

/// How well a score tells events from the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auc {
    /// The share of pairs in which the event scores higher, ties counting half; 0.5 is chance.
    pub auc: f64,
    /// Events.
    pub events: usize,
    /// Non-events.
    pub rest: usize,
    /// Standard error of `DeLong`, `DeLong` and Clarke-Pearson 1988; takes rows as independent.
    pub delong_se: f64,
    /// Standard error of Hanley and `McNeil` 1982; takes rows as independent.
    pub hanley_se: f64,
}

/// The AUC of `scores`; a greater score must mean an event.
///
/// # Errors
/// Returns an error if the lengths differ, a score is not finite, or all or none are events.
pub fn auc(scores: &[f64], events: &[bool]) -> Result<Auc, StatsError> {
    check(scores, events)?;
    let split = |wanted: bool| -> Vec<f64> {
        scores
            .iter()
            .zip(events)
            .filter(|(_, event)| **event == wanted)
            .map(|(score, _)| *score)
            .collect()
    };
    let (mut high, mut low) = (split(true), split(false));
    for (side, what) in [(&high, "events"), (&low, "non-events")] {
        if side.is_empty() {
            return Err(StatsError::TooFew {
                what: if what == "events" {
                    "the AUC, of events,"
                } else {
                    "the AUC, of non-events,"
                },
                needed: 1,
                found: 0,
            });
        }
    }
    high.sort_unstable_by(f64::total_cmp);
    low.sort_unstable_by(f64::total_cmp);
    // For each event the share of non-events below it, for each non-event the share of events above.
    let placed = |values: &[f64], others: &[f64]| -> Vec<f64> {
        values
            .iter()
            .map(|v| {
                let below = others.partition_point(|o| o < v);
                let to = others.partition_point(|o| o <= v);
                (count(below) + 0.5 * count(to - below)) / count(others.len())
            })
            .collect()
    };
    let of_events = placed(&high, &low);
    let of_rest = placed(&low, &high);
    let (m, n) = (count(high.len()), count(low.len()));
    let value = of_events.iter().sum::<f64>() / m;
    let variance = |places: &[f64]| {
        let mean = places.iter().sum::<f64>() / count(places.len());
        let squares: f64 = places.iter().map(|p| (p - mean) * (p - mean)).sum();
        squares / (count(places.len()) - 1.0)
    };
    let q1 = value / (2.0 - value);
    let q2 = 2.0 * value * value / (1.0 + value);
    let hanley =
        value * (1.0 - value) + (m - 1.0) * (q1 - value * value) + (n - 1.0) * (q2 - value * value);
    Ok(Auc {
        auc: value,
        events: high.len(),
        rest: low.len(),
        delong_se: libm::sqrt(variance(&of_events) / m + variance(&of_rest) / n),
        hanley_se: libm::sqrt(hanley / (m * n)),
    })
}

/// The two-sided p of an AUC if the scores had nothing to do with the events: the exact distribution
/// over all choices of the events, doubled smaller tail. `None` with ties or beyond 200 rows.
///
/// # Errors
/// As [`auc`].
pub fn exact_two_sided_p(scores: &[f64], events: &[bool]) -> Result<Option<f64>, StatsError> {
    let found = auc(scores, events)?;
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    if sorted.len() > 200 || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Ok(None);
    }
    let (m, n) = (found.events, found.rest);
    // ways[k][u]: choices of k events among the rows so far with u pairs won.
    let top = m * n;
    let mut ways = vec![vec![0.0_f64; top + 1]; m + 1];
    ways[0][0] = 1.0;
    for row in 0..m + n {
        for k in (0..m.min(row + 1)).rev() {
            // The next row as an event wins against the rows below that are none.
            let won = row - k.min(row);
            if won > n {
                continue;
            }
            for u in (0..=top.saturating_sub(won)).rev() {
                let add = ways[k][u];
                if add != 0.0 {
                    ways[k + 1][u + won] += add;
                }
            }
        }
    }
    let all: f64 = ways[m].iter().sum();
    let pairs = found.auc * count(top);
    let (mut below, mut above) = (0.0, 0.0);
    let mut u = 0.0;
    for w in &ways[m] {
        if u <= pairs + 1e-6 {
            below += w;
        }
        if u >= pairs - 1e-6 {
            above += w;
        }
        u += 1.0;
    }
    Ok(Some((2.0 * f64::min(below, above) / all).min(1.0)))
}

/// The percentile interval of the AUC by drawing whole groups (years, say) with replacement, `draws`
/// times: rows of one group are not independent. Draws without events, or with nothing else, are drawn
/// again.
///
/// # Errors
/// As [`auc`]; or a level outside (0, 1), or fewer than two groups.
pub fn auc_interval_by_group(
    scores: &[f64],
    events: &[bool],
    groups: &[i32],
    level: f64,
    draws: usize,
    seed: u64,
) -> Result<(f64, f64), StatsError> {
    auc(scores, events)?;
    open_unit("the level of an interval", level)?;
    if groups.len() != scores.len() {
        return Err(StatsError::Length {
            what: "groups",
            of: "scores",
            expected: scores.len(),
            found: groups.len(),
        });
    }
    let mut names = groups.to_vec();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 || draws < 100 {
        return Err(StatsError::TooFew {
            what: "a bootstrap of groups (100 draws of two groups)",
            needed: 100,
            found: draws.min(names.len()),
        });
    }
    let rows: Vec<Vec<usize>> = names
        .iter()
        .map(|name| (0..groups.len()).filter(|i| groups[*i] == *name).collect())
        .collect();
    let mut random = Draws::new(seed, 0);
    let mut found = Vec::with_capacity(draws);
    let mut tries = 0;
    while found.len() < draws && tries < 20 * draws {
        tries += 1;
        let (mut s, mut e) = (Vec::new(), Vec::new());
        for _ in &rows {
            let pick = usize::try_from(random.below(rows.len() as u64)).unwrap_or(0);
            for &row in &rows[pick] {
                s.push(scores[row]);
                e.push(events[row]);
            }
        }
        if let Ok(a) = auc(&s, &e) {
            found.push(a.auc);
        }
    }
    found.sort_unstable_by(f64::total_cmp);
    let at = |p: f64| {
        let rank = p * (count(found.len()) - 1.0);
        let below = libm::floor(rank);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among the draws"
        )]
        let index = below as usize;
        let low = found[index];
        let high = found.get(index + 1).copied().unwrap_or(low);
        low + (rank - below) * (high - low)
    };
    if found.is_empty() {
        return Err(StatsError::TooFew {
            what: "a bootstrap of groups with and without events",
            needed: 1,
            found: 0,
        });
    }
    Ok((at(0.5 - 0.5 * level), at(0.5 + 0.5 * level)))
}

fn check(scores: &[f64], events: &[bool]) -> Result<(), StatsError> {
    if scores.len() != events.len() {
        return Err(StatsError::Length {
            what: "events",
            of: "scores",
            expected: scores.len(),
            found: events.len(),
        });
    }
    if let Some(index) = scores.iter().position(|s| !s.is_finite()) {
        return Err(StatsError::NotFinite {
            what: "score",
            index,
            found: scores[index],
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_a_mirrored_and_a_tied_score() {
        let events = [false, false, true, true];
        assert_eq!(auc(&[1.0, 2.0, 3.0, 4.0], &events).unwrap().auc, 1.0);
        assert_eq!(auc(&[4.0, 3.0, 2.0, 1.0], &events).unwrap().auc, 0.0);
        assert_eq!(auc(&[1.0; 4], &events).unwrap().auc, 0.5);
        // One choice in six is as extreme on each side.
        let p = exact_two_sided_p(&[1.0, 2.0, 3.0, 4.0], &events).unwrap();
        assert!((p.unwrap() - 2.0 / 6.0).abs() < 1e-15);
        assert_eq!(exact_two_sided_p(&[1.0; 4], &events).unwrap(), None);
        assert!(auc(&[1.0, 2.0], &[true, true]).is_err());
        assert!(auc(&[1.0], &[true, false]).is_err());
        assert!(auc(&[f64::NAN, 1.0], &[true, false]).is_err());
    }

    #[test]
    fn the_interval_repeats_and_holds_the_value() {
        let scores: Vec<f64> = (0..40).map(|i| f64::from((i * 7) % 40)).collect();
        let events: Vec<bool> = (0..40).map(|i| (i * 7) % 40 > 25 || i % 9 == 0).collect();
        let groups: Vec<i32> = (0..40).map(|i| i / 4).collect();
        let interval = || auc_interval_by_group(&scores, &events, &groups, 0.9, 400, 5).unwrap();
        let (low, high) = interval();
        assert_eq!((low, high), interval());
        let value = auc(&scores, &events).unwrap().auc;
        assert!(low < value && value < high && high <= 1.0);
        assert!(auc_interval_by_group(&scores, &events, &[1; 40], 0.9, 400, 5).is_err());
    }
}
