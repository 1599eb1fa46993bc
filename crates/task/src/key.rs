//! What a task is made from, and the name that follows from it.
//!
//! Two tasks with equal ingredients have equal results to the bit, so a
//! finished one can stand for the other, in whatever run it was made.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use nutag_files::sha256_bytes;
use nutag_granules::product::QualityTable;
use nutag_problem::{Error, OrProblem, Problem};
use nutag_zonal::{KeySpace, KeyStrip};
use serde::Serialize;

use crate::NUMERIC_VERSION;
use crate::codec::{Damage, Reader, TooLong, Writer};
use crate::partial::PARTIAL_VERSION;
use crate::reasons::Reasons;
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

    /// The hash of a file.
    ///
    /// # Errors
    /// Returns an error if the file is not among the inputs: two files without a hash would be taken
    /// for one.
    pub fn sha256(&self, path: &Path) -> Result<&str, Error> {
        self.0.get(path).map(String::as_str).ok_or_else(|| {
            Problem::new("this file is read and is not among the hashed inputs")
                .at(path.display())
                .advice("this is a fault of the program; please report it with the pipeline file")
                .failed()
        })
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
    ///
    /// # Errors
    /// Returns an error if a text is longer than 32 bits can say.
    pub fn of_parts(parts: impl IntoIterator<Item = (String, String)>) -> Result<Self, TooLong> {
        let parts: Vec<_> = parts.into_iter().collect();
        let mut text = Writer::default();
        for (name, value) in &parts {
            text.text(name)?;
            text.text(value)?;
        }
        let digest = sha256_bytes(&text.0);
        Ok(Self { parts, digest })
    }

    /// The key of a task of a tile: everything that the task is given, whole. Nothing is picked by
    /// hand, so that a field that is added somewhere below is in the key from its first day; and the
    /// structures are taken apart without `..`, so that one that is added here does not compile
    /// before it has been thought of.
    ///
    /// # Errors
    /// Returns an error if the keys of the tile cannot be read, or a granule has no hash.
    pub fn of(job: &Job<'_>, tile: &TilePlan, task: &Task, inputs: &Inputs) -> Result<Self, Error> {
        let Job {
            product,
            reasons,
            target,
            space,
            periods,
            trends,
        } = job;
        let TilePlan {
            tile: id,
            // It follows from the tile and the product.
            native: _,
            grid,
            keys,
            row_areas_cm2,
            granules,
            cut,
            windows,
            // Figures for people: nothing is made from them.
            stored_bytes: _,
            area_cm2: _,
        } = tile;
        let Task {
            label: _,
            tile: _,
            rows,
            windows: visited,
            stored_bytes: _,
        } = task;
        let keys = keys.get()?;
        // Published cells are picked from all over the tile.
        let key_rows = match target {
            Target::Native => rows.clone(),
            Target::Published => keys.rows(),
        };
        let mut parts = vec![
            (
                "program".to_owned(),
                format!("numbers {NUMERIC_VERSION}, partials {PARTIAL_VERSION}"),
            ),
            ("product".to_owned(), sha256_of(product)?),
            ("rules".to_owned(), rules(reasons)?),
            (
                "cells".to_owned(),
                format!(
                    "{} {id} of {}, rows {}..{}",
                    target.mode(),
                    product.cells_per_side,
                    rows.start,
                    rows.end
                ),
            ),
            (
                "blocks".to_owned(),
                sha256_bytes(
                    format!("{grid:?} {cut:?} {:?}", &windows[visited.clone()]).as_bytes(),
                ),
            ),
            (
                "areas of cells".to_owned(),
                areas(&row_areas_cm2[key_rows.clone()]),
            ),
            (
                "zones and regions".to_owned(),
                zones_and_regions(*space, &keys, key_rows)?,
            ),
        ];
        if let Some(trends) = trends {
            parts.push(("trends of cells".to_owned(), sha256_of(trends.spec())?));
        }
        for (period, granule) in periods.iter().zip(granules) {
            let content = match granule {
                None => "missing",
                Some(granule) => inputs.sha256(&granule.path)?,
            };
            parts.push((
                format!("granule {}", period.label),
                format!("{content} as {}", sha256_of(period)?),
            ));
        }
        Ok(Self::of_parts(parts)?)
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

    pub(crate) fn write(&self, out: &mut Writer) -> Result<(), TooLong> {
        out.len(self.parts.len())?;
        for (name, value) in &self.parts {
            out.text(name)?;
            out.text(value)?;
        }
        Ok(())
    }

    pub(crate) fn read(file: &mut Reader<'_>) -> Result<Self, Damage> {
        let parts = (0..file.len(8)?)
            .map(|_| Ok((file.text()?, file.text()?)))
            .collect::<Result<Vec<_>, Damage>>()?;
        Self::of_parts(parts).map_err(|error| Damage(error.to_string()))
    }
}

/// SHA-256 of a specification, whole, as JSON: fields in the order of their structure, numbers to the
/// last bit.
fn sha256_of(specification: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_vec(specification).or_failed()?;
    Ok(sha256_bytes(&text))
}

/// What counts, and under which reason the rest is counted: what was asked, and the tables it has led to.
fn rules(reasons: &Reasons) -> Result<String, Error> {
    let mut text = Writer::default();
    text.text(&sha256_of(&reasons.counting())?)?;
    text.text(
        &reasons
            .quality()
            .map_or_else(String::new, QualityTable::fingerprint),
    )?;
    reasons
        .names()
        .iter()
        .try_for_each(|name| text.text(name))?;
    text.0.extend(reasons.rules().to_bytes());
    Ok(sha256_bytes(&text.0))
}

fn areas(row_areas_cm2: &[u64]) -> String {
    let mut text = Writer::default();
    row_areas_cm2.iter().for_each(|area| text.u64(*area));
    sha256_bytes(&text.0)
}

/// The zones and regions of the rows, as they lie on the grid: a border that
/// moves elsewhere changes nothing here.
fn zones_and_regions(
    space: KeySpace,
    keys: &KeyStrip,
    rows: Range<usize>,
) -> Result<String, Error> {
    let mut text = Writer::default();
    text.text(&sha256_of(&space)?)?;
    for row in rows {
        let runs = keys.row(row);
        text.len(runs.len())?;
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
        .unwrap()
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
    fn a_file_without_a_hash_is_an_error_and_not_an_empty_one() {
        let inputs = Inputs::of([(PathBuf::from("a.hdf"), "12".to_owned())]);
        assert_eq!(inputs.sha256(Path::new("a.hdf")).unwrap(), "12");
        let words = inputs.sha256(Path::new("b.hdf")).unwrap_err().to_string();
        assert!(
            words.contains("b.hdf") && words.contains("not among"),
            "{words}"
        );
    }

    #[test]
    fn a_text_that_moves_between_name_and_value_makes_another_key() {
        assert_ne!(key(&[("ab", "c")]).digest(), key(&[("a", "bc")]).digest());
    }
}
