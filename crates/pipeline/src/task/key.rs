//! What a task is made from, and the name that follows from it.
//!
//! Two tasks with equal ingredients have equal results to the bit, so a
//! finished one can stand for the other, in whatever run it was made.

use nutag_formats::hash::sha256_bytes;

use super::codec::{Damage, Reader, Writer};
use super::partial::PARTIAL_VERSION;
use super::trends::CellTrends;
use super::{Inputs, Task};
use crate::manifest::NUMERIC_VERSION;
use crate::plan::{Plan, Target};

/// The ingredients of a task, each with its name, and their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskKey {
    parts: Vec<(String, String)>,
    digest: String,
}

impl TaskKey {
    /// The key of these ingredients.
    #[must_use]
    pub fn of_parts(parts: impl IntoIterator<Item = (String, String)>) -> Self {
        let parts: Vec<_> = parts.into_iter().collect();
        let mut text = Writer::default();
        for (name, value) in &parts {
            text.text(name);
            text.text(value);
        }
        let digest = sha256_bytes(&text.0);
        Self { parts, digest }
    }

    /// The key of a task of a plan.
    #[must_use]
    pub fn of(plan: &Plan, task: &Task, trends: Option<&CellTrends>, inputs: &Inputs) -> Self {
        let tile = &plan.tiles[task.tile];
        let mut parts = vec![
            (
                "program".to_owned(),
                format!("numbers {NUMERIC_VERSION}, partials {PARTIAL_VERSION}"),
            ),
            ("rules".to_owned(), rules(plan)),
            (
                "cells".to_owned(),
                format!(
                    "{:?} {} of {}, rows {}..{}",
                    plan.config.mode,
                    tile.tile,
                    tile.native.shape().cols,
                    task.rows.start,
                    task.rows.end
                ),
            ),
            ("zones and regions".to_owned(), keys(plan, task)),
        ];
        if let Some(trends) = trends {
            parts.push(("trends of cells".to_owned(), trends.fingerprint()));
        }
        for (period, granule) in plan.periods.iter().zip(&tile.granules) {
            let content = granule
                .as_ref()
                .map_or("missing", |granule| inputs.sha256(&granule.path));
            parts.push((format!("granule {}", period.label), content.to_owned()));
        }
        Self::of_parts(parts)
    }

    /// SHA-256 of the ingredients.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What differs from an earlier make of the same task, in words.
    #[must_use]
    pub fn differences(&self, earlier: &Self) -> Vec<String> {
        let find = |key: &Self, name: &str| {
            let part = key.parts.iter().find(|(found, _)| found == name);
            part.map(|(_, value)| value.clone())
        };
        let mut words = Vec::new();
        for (name, value) in &self.parts {
            match find(earlier, name) {
                None => words.push(format!("{name} is new")),
                Some(before) if before != *value => words.push(format!("{name} changed")),
                Some(_) => {}
            }
        }
        let gone = earlier
            .parts
            .iter()
            .filter(|(name, _)| find(self, name).is_none());
        words.extend(gone.map(|(name, _)| format!("{name} is gone")));
        words
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.len(self.parts.len());
        for (name, value) in &self.parts {
            out.text(name);
            out.text(value);
        }
    }

    pub(super) fn read(file: &mut Reader<'_>) -> Result<Self, Damage> {
        let parts = (0..file.len(8)?)
            .map(|_| Ok((file.text()?, file.text()?)))
            .collect::<Result<Vec<_>, Damage>>()?;
        Ok(Self::of_parts(parts))
    }
}

/// The layer that is read and what of it counts.
fn rules(plan: &Plan) -> String {
    let mut text = Writer::default();
    let product = &plan.product;
    text.text(&product.id());
    text.text(&product.sds);
    text.text(product.quality.as_ref().map_or("", |quality| &quality.sds));
    text.text(&format!("{:?} {:?}", product.sample_type, product.scale));
    text.0.extend(plan.reasons.rules().to_bytes());
    plan.reasons.names().iter().for_each(|name| text.text(name));
    sha256_bytes(&text.0)
}

/// The zones and regions of the rows, as they lie on the grid: a border that
/// moves elsewhere changes nothing here.
fn keys(plan: &Plan, task: &Task) -> String {
    let keys = &plan.tiles[task.tile].keys;
    // Published cells are picked from all over the tile.
    let rows = match Target::of(plan.config.mode) {
        Target::Native => task.rows.clone(),
        Target::Published => keys.rows(),
    };
    let mut text = Writer::default();
    let space = plan.space;
    for size in [space.regions, space.zones_from, space.zones_to] {
        text.u32(size.into());
    }
    for row in rows {
        let runs = keys.row(row);
        text.len(runs.len());
        for run in runs {
            text.u32(run.start);
            text.u32(run.end);
            text.u32(run.key);
        }
    }
    sha256_bytes(&text.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[(&str, &str)]) -> TaskKey {
        TaskKey::of_parts(
            parts
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned())),
        )
    }

    #[test]
    fn differences_are_told_in_words() {
        let before = key(&[("rules", "1"), ("granule 2001", "a"), ("granule 2002", "b")]);
        let after = key(&[("rules", "1"), ("granule 2001", "c"), ("granule 2013", "d")]);
        assert_ne!(before.digest(), after.digest());
        assert_eq!(
            after.differences(&before),
            [
                "granule 2001 changed",
                "granule 2013 is new",
                "granule 2002 is gone"
            ]
        );
        assert!(after.differences(&after).is_empty());
    }

    #[test]
    fn a_text_that_moves_between_name_and_value_makes_another_key() {
        assert_ne!(key(&[("ab", "c")]).digest(), key(&[("a", "bc")]).digest());
    }
}
