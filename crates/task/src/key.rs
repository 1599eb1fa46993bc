//! What a task is made from, and the name that follows from it.
//!
//! Two tasks with equal ingredients have equal results to the bit, so a
//! finished one can stand for the other, in whatever run it was made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_files::sha256_bytes;
use nutag_granules::product::QualityTable;
use nutag_problem::Error;

use crate::NUMERIC_VERSION;
use crate::codec::{Damage, Reader, Writer};
use crate::partial::PARTIAL_VERSION;
use crate::task::{Job, Task};
use crate::tile::{Target, TilePlan};

/// Content hashes of inputs, by path.
#[derive(Debug, Default)]
pub struct Inputs(BTreeMap<PathBuf, String>);

impl Inputs {
    /// Of paths with their hashes.
    #[must_use]
    pub fn of(inputs: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        Self(inputs.into_iter().collect())
    }

    /// The hash of a file; empty if it is none of the inputs.
    #[must_use]
    pub fn sha256(&self, path: &Path) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }
}

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

    /// The key of a task of a tile.
    ///
    /// # Errors
    /// Keys that cannot be read.
    pub fn of(job: &Job<'_>, tile: &TilePlan, task: &Task, inputs: &Inputs) -> Result<Self, Error> {
        let mut parts = vec![
            (
                "program".to_owned(),
                format!("numbers {NUMERIC_VERSION}, partials {PARTIAL_VERSION}"),
            ),
            ("rules".to_owned(), rules(job)),
            (
                "cells".to_owned(),
                format!(
                    "{} {} of {}, rows {}..{}",
                    job.target.mode(),
                    tile.tile,
                    tile.native.shape().cols,
                    task.rows.start,
                    task.rows.end
                ),
            ),
            ("zones and regions".to_owned(), keys(job, tile, task)?),
        ];
        if let Some(trends) = job.trends {
            parts.push(("trends of cells".to_owned(), trends.fingerprint()));
        }
        for (period, granule) in job.periods.iter().zip(&tile.granules) {
            let content = granule
                .as_ref()
                .map_or("missing", |granule| inputs.sha256(&granule.path));
            parts.push((format!("granule {}", period.label), content.to_owned()));
        }
        Ok(Self::of_parts(parts))
    }

    /// SHA-256 of the ingredients.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// One ingredient.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&str> {
        let part = self.parts.iter().find(|(found, _)| found == name);
        part.map(|(_, value)| value.as_str())
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

    pub(crate) fn write(&self, out: &mut Writer) {
        out.len(self.parts.len());
        for (name, value) in &self.parts {
            out.text(name);
            out.text(value);
        }
    }

    pub(crate) fn read(file: &mut Reader<'_>) -> Result<Self, Damage> {
        let parts = (0..file.len(8)?)
            .map(|_| Ok((file.text()?, file.text()?)))
            .collect::<Result<Vec<_>, Damage>>()?;
        Ok(Self::of_parts(parts))
    }
}

/// The layer that is read and what of it counts.
fn rules(job: &Job<'_>) -> String {
    let mut text = Writer::default();
    let product = job.product;
    text.text(&product.id());
    text.text(&product.sds);
    text.text(
        &job.reasons
            .quality()
            .map_or_else(String::new, QualityTable::fingerprint),
    );
    text.text(&format!("{:?} {:?}", product.sample_type, product.scale));
    text.0.extend(job.reasons.rules().to_bytes());
    job.reasons.names().iter().for_each(|name| text.text(name));
    sha256_bytes(&text.0)
}

/// The zones and regions of the rows, as they lie on the grid: a border that
/// moves elsewhere changes nothing here.
fn keys(job: &Job<'_>, tile: &TilePlan, task: &Task) -> Result<String, Error> {
    let keys = tile.keys.get()?;
    // Published cells are picked from all over the tile.
    let rows = match job.target {
        Target::Native => task.rows.clone(),
        Target::Published => keys.rows(),
    };
    let mut text = Writer::default();
    let space = job.space;
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
    Ok(sha256_bytes(&text.0))
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
