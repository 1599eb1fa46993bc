//! Conditions that people have met with other programs, as inputs beside the project: each ends as its
//! `expected.md` says. The same conditions are rebuilt inside the project, where they belong.
//!
//! A case that is not mended yet stands in [`PENDING`]; when it is, the test asks for it to be taken out.

use std::path::PathBuf;
use std::process::Command;

use nutag_tests::{nutag, workspace_root};

/// Cases that do not end right yet.
const PENDING: [&str; 0] = [];

/// What a case printed, both streams after each other.
struct Said(String);

impl Said {
    fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// The number after these words.
    fn number(&self, words: &str) -> Option<f64> {
        let rest = &self.0[self.0.find(words)? + words.len()..];
        let number: String = rest
            .trim_start()
            .chars()
            .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | '+'))
            .collect();
        number.parse().ok()
    }

    /// Every number of a line that holds these words, in order.
    fn numbers(&self, words: &str) -> Vec<f64> {
        let line = self.0.lines().find(|line| line.contains(words));
        let parts = line.unwrap_or_default().split([' ', ',', ':']);
        parts.filter_map(|part| part.parse().ok()).collect()
    }

    /// The exit code that the script printed after these words.
    fn exit(&self, words: &str) -> Option<i32> {
        let line = self.0.lines().find_map(|line| line.strip_prefix(words))?;
        line.trim().parse().ok()
    }
}

fn near(value: Option<f64>, right: f64, share: f64) -> bool {
    value.is_some_and(|value| (value - right).abs() <= share * right.abs())
}

/// Respiration by q10 of every region, gC m-2 a year, where climate is read rightly.
const RESPIRATION: f64 = 138.593;

fn respiration_is_right(said: &Said) -> bool {
    let values = said.0.matches("Rh by q10").count();
    said.exit("exit ") == Some(0)
        && values > 0
        && said
            .0
            .lines()
            .filter(|line| line.contains("Rh by q10"))
            .all(|line| {
                let value = line.rsplit(' ').next().and_then(|v| v.parse().ok());
                near(value, RESPIRATION, 1e-4)
            })
}

/// Whether a case ended as its `expected.md` says; `None` for a case that this test does not know.
fn ended_right(case: &str, said: &Said) -> Option<bool> {
    let run = said.exit("exit ");
    Some(match case {
        // Close the ring, or advise what helps.
        "advice-that-does-not-help" => {
            run == Some(0) || (run == Some(2) && !said.has("-makevalid") && said.has("first point"))
        }
        // Hash the folder, or refuse in the plan.
        "filegdb-regions" => {
            let (check, run) = (said.exit("check exit "), said.exit("run exit "));
            (check, run) == (Some(0), Some(0)) || (check, run) == (Some(2), Some(2))
        }
        "float32-threshold" => {
            run == Some(0)
                && [
                    ("sporadic", 25_822.5),
                    ("discontinuous", 17_236.5),
                    ("continuous", 8_629.0),
                ]
                .iter()
                .all(|(zone, km2)| {
                    let mut lines = said.0.lines();
                    let line = lines.find(|line| line.to_lowercase().starts_with(zone));
                    let value = line.and_then(|l| l.split(',').nth(1)?.parse().ok());
                    near(value, *km2, 1e-4)
                })
        }
        "inputs-side-files-not-hashed" => {
            let tables: Vec<&str> = said.0.split("a run from nothing:").collect();
            let rows = |text: &str| -> Vec<String> {
                let rows = text
                    .lines()
                    .filter(|l| l.starts_with("S,") || l.starts_with("D,"));
                rows.map(str::to_owned).collect()
            };
            tables.len() == 2 && !rows(tables[0]).is_empty() && rows(tables[0]) == rows(tables[1])
        }
        "inspect-says-too-little" => {
            run == Some(0) && said.has("48 steps") && said.has("degC") && said.has("band 3")
        }
        "netcdf-forecast-reference-time" | "netcdf-unsigned" => {
            respiration_is_right(said) || run == Some(2)
        }
        // It has no line of its own for the value: it must not be refused.
        "netcdf-missing-value-double" => run == Some(0),
        "netcdf-other-quantity" => ["tasmax", "ta500", "anomaly", "dewpoint"]
            .iter()
            .all(|file| said.exit(&format!("{file} exit ")) == Some(2)),
        "proj-database-not-found" => run == Some(1) && said.has("proj.db") && said.has("PROJ_LIB"),
        "region-longitudes-0-360" => {
            let (split, turned) = (said.numbers("split "), said.numbers("0-360 "));
            said.0.lines().filter(|line| *line == "exit 0").count() == 2
                && split == turned
                && split.first() == Some(&2386.0)
                && near(split.get(1).copied(), 51_559.0, 1e-3)
        }
        "region-named-total" => {
            said.exit("check exit ") == Some(2) && said.exit("run exit ") == Some(2)
        }
        "region-without-a-cell" => {
            said.exit("check exit ") == Some(0)
                && run == Some(0)
                && said.0.lines().any(|line| line == "isle")
                && said.has("0 cells: \"isle\"")
        }
        "schedule-relative-hook" => {
            let right = run == Some(0) && !said.has("./tell.sh") && said.has("/tell.sh");
            (right || run == Some(2)) && said.exit("minute 61: exit ") == Some(2)
        }
        "shapefile-deleted-record" => run == Some(0),
        "shapefile-legacy-encoding" => {
            !said.has("\u{fffd}")
                && (run == Some(2) || said.has("Селенгэ") && said.has("Оворхангай"))
        }
        "stac-footprint-beyond-180" => {
            run == Some(0)
                && said
                    .number("along the ring:")
                    .is_some_and(|step| step < 180.0)
        }
        _ => return None,
    })
}

/// Where the cases lie, or `None` with a loud line.
fn cases() -> Option<PathBuf> {
    let folder = workspace_root().join("../shared/cases");
    if folder.is_dir() {
        return folder.canonicalize().ok();
    }
    nutag_testkit::skipped("shared", "the cases of others are not there");
    None
}

fn done(script: &std::path::Path) -> Said {
    let done = Command::new("sh")
        .arg(script)
        .env("REPO", workspace_root())
        .env("NUTAG", std::path::absolute(nutag()).expect("a path"))
        .output()
        .expect("sh runs");
    Said(format!(
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    ))
}

#[test]
fn every_case_ends_as_it_should() {
    let Some(folder) = cases() else { return };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of cases") {
        let entry = entry.expect("an entry");
        let case = entry.file_name().to_string_lossy().into_owned();
        let script = entry.path().join("run.sh");
        if !script.is_file() {
            continue;
        }
        seen += 1;
        let said = done(&script);
        match (ended_right(&case, &said), PENDING.contains(&&*case)) {
            (Some(true), false) | (Some(false), true) => {}
            (Some(true), true) => wrong.push(format!("{case}: ends right; take it out of PENDING")),
            (Some(false), false) => wrong.push(format!("{case}:\n{}", said.0)),
            (None, _) => wrong.push(format!(
                "{case}: this test does not know what is right:\n{}",
                said.0
            )),
        }
    }
    assert!(
        seen > 0 && wrong.is_empty(),
        "{} cases\n{}",
        seen,
        wrong.join("\n\n")
    );
}
