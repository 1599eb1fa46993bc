//! What is different about what two runs were made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use nutag_granules::granule::GranuleName;
use nutag_problem::Error;
use serde::Serialize;

use crate::folder::{FileMark, RunFolder};

/// An input or a rule that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What became of it.
    pub kind: CauseKind,
    /// The input with its role, or the rule with both its values.
    pub what: String,
    /// The year of the A-date, for a granule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
}

/// What became of an input, or that a rule differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// An input with other content.
    InputChanged,
    /// An input that was not there before.
    InputNew,
    /// An input that is not there any more.
    InputGone,
    /// A key of the pipeline file, or the program.
    Rule,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            CauseKind::InputChanged => "changed",
            CauseKind::InputNew => "new",
            CauseKind::InputGone => "gone",
            CauseKind::Rule => "rule",
        };
        write!(f, "{word}: {}", self.what)
    }
}

/// Inputs and rules that differ.
pub(super) fn causes(old: &RunFolder, new: &RunFolder) -> Result<Vec<Cause>, Error> {
    let mut causes = inputs(&old.manifest.inputs, &new.manifest.inputs);
    let mut rule = |what: String| {
        causes.push(Cause {
            kind: CauseKind::Rule,
            what,
            year: None,
        });
    };
    let (a, b) = (&old.manifest.program, &new.manifest.program);
    if a.numeric_version != b.numeric_version {
        rule(format!(
            "rules of the program that move numbers: version {} -> {}",
            a.numeric_version, b.numeric_version
        ));
    }
    if a.version != b.version {
        rule(format!("program: {} -> {}", a.version, b.version));
    }
    if a.gdal != b.gdal {
        rule(format!("GDAL: {} -> {}", a.gdal, b.gdal));
    }
    for (name, value) in &new.manifest.method {
        let before = old.manifest.method.iter().find(|(known, _)| known == name);
        if before.is_none_or(|(_, before)| before != value) {
            rule(format!("{name}: {value}"));
        }
    }
    let (before, after) = (flat(&old.values()?), flat(&new.values()?));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (from, to) = (before.get(key), after.get(key));
        if from != to {
            let text = |value: Option<&String>| value.map_or("not given".to_owned(), Clone::clone);
            rule(format!("{key}: {} -> {}", text(from), text(to)));
        }
    }
    Ok(causes)
}

/// A file that moved and is the same is no cause.
fn inputs(old: &[FileMark], new: &[FileMark]) -> Vec<Cause> {
    let by_path = |marks: &[FileMark]| -> BTreeMap<String, FileMark> {
        marks
            .iter()
            .map(|mark| (mark.path.clone(), mark.clone()))
            .collect()
    };
    let contents = |marks: &[FileMark]| -> BTreeSet<(String, String)> {
        marks
            .iter()
            .map(|m| (m.role.clone(), m.sha256.clone()))
            .collect()
    };
    let (before, after) = (by_path(old), by_path(new));
    let (had, has) = (contents(old), contents(new));
    let cause = |kind, mark: &FileMark| {
        let name = file_name(&mark.path);
        let granule = name.parse::<GranuleName>().ok();
        Cause {
            kind,
            what: format!("{} {name}", mark.role),
            year: granule.map(|granule| granule.date.year()),
        }
    };
    let mut causes = Vec::new();
    for (path, mark) in &after {
        let there = had.contains(&(mark.role.clone(), mark.sha256.clone()));
        match before.get(path) {
            Some(known) if known.sha256 == mark.sha256 => {}
            Some(_) => causes.push(cause(CauseKind::InputChanged, mark)),
            None if there => {}
            None => causes.push(cause(CauseKind::InputNew, mark)),
        }
    }
    for (path, mark) in &before {
        let there = has.contains(&(mark.role.clone(), mark.sha256.clone()));
        if !after.contains_key(path) && !there {
            causes.push(cause(CauseKind::InputGone, mark));
        }
    }
    causes.sort_by(|a, b| (a.kind, &a.what).cmp(&(b.kind, &b.what)));
    causes
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// `npp.years` and the like, with each value as TOML writes it.
fn flat(table: &toml::Table) -> BTreeMap<String, String> {
    fn walk(prefix: &str, table: &toml::Table, out: &mut BTreeMap<String, String>) {
        for (key, value) in table {
            let name = if prefix.is_empty() {
                key.clone()
            } else {
                format!("{prefix}.{key}")
            };
            match value {
                toml::Value::Table(inner) => walk(&name, inner, out),
                value => {
                    out.insert(name, value.to_string());
                }
            }
        }
    }
    let mut out = BTreeMap::new();
    walk("", table, &mut out);
    out
}

/// Says of a row because of what it may have moved.
#[derive(Debug)]
pub(super) struct Why {
    causes: Vec<Cause>,
    /// Whether a granule of one year moves the rows of the others too: a common mask does that.
    years_are_apart: bool,
}

/// Causes that are named one by one; more are counted.
const NAMED: usize = 3;

impl Why {
    pub(super) fn new(causes: &[Cause], config: &toml::Table) -> Self {
        let mask = config.get("npp").and_then(|npp| npp.get("mask"));
        Self {
            causes: causes.to_vec(),
            years_are_apart: mask.and_then(toml::Value::as_str) == Some("per-year"),
        }
    }

    /// Of a row with these keys.
    pub(super) fn because(&self, row: &[(String, String)]) -> String {
        let year = row.iter().find(|(key, _)| key == "year");
        let year: Option<u16> = year.and_then(|(_, year)| year.parse().ok());
        let may = |cause: &&Cause| match (self.years_are_apart, cause.year, year) {
            (true, Some(of_cause), Some(of_row)) => of_cause == of_row,
            _ => true,
        };
        let causes: Vec<String> = self
            .causes
            .iter()
            .filter(may)
            .map(ToString::to_string)
            .collect();
        match causes.len() {
            0 => "nothing that the manifests know".to_owned(),
            n if n <= NAMED => causes.join("; "),
            n => format!("{}; and {} more", causes[..NAMED].join("; "), n - NAMED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(role: &str, path: &str, sha256: &str) -> FileMark {
        FileMark {
            role: role.to_owned(),
            path: path.to_owned(),
            bytes: 1,
            sha256: sha256.to_owned(),
        }
    }

    #[test]
    fn inputs_are_told_by_content() {
        let old = [
            mark("granule", "a/x.hdf", "1"),
            mark("regions", "a/r.json", "2"),
            mark("legend", "a/l.toml", "3"),
        ];
        let new = [
            mark("granule", "b/x.hdf", "1"),
            mark("regions", "a/r.json", "9"),
            mark(
                "granule",
                "b/MOD17A3HGF.A2013001.h25v04.061.2021096012345.hdf",
                "4",
            ),
        ];
        let words: Vec<String> = inputs(&old, &new).iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "changed: regions r.json",
                "new: granule MOD17A3HGF.A2013001.h25v04.061.2021096012345.hdf",
                "gone: legend l.toml"
            ]
        );
        assert_eq!(inputs(&old, &new)[1].year, Some(2013));
        assert!(inputs(&old, &old).is_empty());
    }

    #[test]
    fn a_year_is_to_blame_for_itself_alone_unless_the_mask_is_common() {
        let cause = |year| Cause {
            kind: CauseKind::InputNew,
            what: format!("granule of {year}"),
            year: Some(year),
        };
        let config = |mask: &str| format!("[npp]\nmask = \"{mask}\"").parse().unwrap();
        let row = [("year".to_owned(), "2003".to_owned())];
        let causes = [cause(2002), cause(2003)];
        let apart = Why::new(&causes, &config("per-year"));
        assert_eq!(apart.because(&row), "new: granule of 2003");
        let common = Why::new(&causes, &config("common"));
        assert_eq!(
            common.because(&row),
            "new: granule of 2002; new: granule of 2003"
        );
        let many: Vec<Cause> = (2001..2006).map(cause).collect();
        assert!(
            Why::new(&many, &config("common"))
                .because(&row)
                .ends_with("; and 2 more")
        );
    }
}
