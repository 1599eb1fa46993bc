//! An office with a ledger of claims and some land.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Box4, Outcome, command, finish, polygons};

/// A folder with an empty ledger and some land:
///
/// ```text
///   100   102   104
/// 47 |  A  |  C  |            B covers the right half of A and all of C
///    |     B B B B
/// 45 |-----|-----|
/// ```
pub struct Office {
    folder: TempDir,
}

/// The land, as boxes.
const LAND: [(&str, Box4); 4] = [
    ("A", [100.0, 45.0, 102.0, 47.0]),
    ("B", [101.0, 45.0, 104.0, 47.0]),
    ("C", [102.0, 45.0, 104.0, 47.0]),
    ("D", [110.0, 45.0, 111.0, 46.0]),
];

impl Office {
    /// With nothing in it.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn new() -> Self {
        let office = Self {
            folder: tempfile::tempdir().expect("the office can write"),
        };
        let land = polygons("name", &LAND).to_string();
        std::fs::write(office.path("land.geojson"), land).expect("the office can write");
        office.ask(&["init"]).expect(0, &[]);
        office
    }

    /// A path in its folder.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as text.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.path(name)
            .to_str()
            .expect("the office can write")
            .to_owned()
    }

    /// `nutag claims` with these words, on its ledger.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = command(&["claims"]);
        command
            .args(words)
            .args(["--ledger", &self.text("claims.sqlite")]);
        command
    }

    /// Runs it.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn ask(&self, words: &[&str]) -> Outcome {
        finish(self.command(words))
    }

    /// Runs it, which must succeed, and reads what it prints.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn json(&self, words: &[&str]) -> Value {
        let outcome = self.ask(&[words, &["--json"]].concat());
        outcome.expect(0, &[]);
        serde_json::from_str(&outcome.stdout).expect("the office can write")
    }

    /// `nutag claims add` of a right claim; `more` replaces its arguments.
    #[must_use]
    pub fn add_command(&self, id: &str, land: &str, more: &[(&str, &str)]) -> Command {
        let file = self.text("land.geojson");
        let mut options = vec![
            ("--vintage", "2021-2025"),
            ("--gas", "CO2"),
            ("--tco2", "1000"),
            ("--host", "MNG"),
            ("--buyer", "JPN"),
            ("--registry", "JCM registry of Mongolia"),
            ("--area", file.as_str()),
            ("--attribute", "name"),
            ("--value", land),
        ];
        for (option, value) in more {
            options.retain(|(name, _)| name != option);
            options.push((option, value));
        }
        let mut command = self.command(&["add", id]);
        for (option, value) in options {
            command.args([option, value]);
        }
        command
    }

    /// Runs it.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn add(&self, id: &str, land: &str, more: &[(&str, &str)]) -> Outcome {
        finish(self.add_command(id, land, more))
    }
}

impl Default for Office {
    fn default() -> Self {
        Self::new()
    }
}
