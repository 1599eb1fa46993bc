//! What is wrong with a text, in words and with the line.

use std::fmt;
use std::ops::Range;

use crate::schema::{Entry, Step};

/// One thing that is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    span: Range<usize>,
    what: String,
    advice: Option<String>,
    /// A key that does not exist, and the keys that its table has.
    unknown: Option<Unknown>,
    /// The table and the key that is missing there.
    missing: Option<(Vec<Step>, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Unknown {
    key: String,
    place: Vec<Step>,
    known: Vec<String>,
    meant: Option<String>,
}

impl Fault {
    pub(crate) fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            span,
            what: what.into(),
            advice: None,
            unknown: None,
            missing: None,
        }
    }

    pub(crate) fn advice(mut self, advice: Option<String>) -> Self {
        self.advice = advice;
        self
    }

    /// A key that does not exist at a place, which has others; one may be meant.
    pub(crate) fn unknown<'k>(
        mut self,
        key: &str,
        place: &[Step],
        known: impl Iterator<Item = &'k str>,
        meant: Option<&str>,
    ) -> Self {
        self.unknown = Some(Unknown {
            key: key.to_owned(),
            place: place.to_vec(),
            known: known.map(str::to_owned).collect(),
            meant: meant.map(str::to_owned),
        });
        self
    }

    /// A key that a table lacks.
    pub(crate) fn missing(mut self, table: &[Step], key: &str) -> Self {
        self.missing = Some((table.to_vec(), key.to_owned()));
        self
    }

    /// A key that was misspelt is missing too; that is one problem and not two.
    pub(crate) fn is_said_by(&self, other: &Self) -> bool {
        let (Some((place, key)), Some(unknown)) = (&self.missing, &other.unknown) else {
            return false;
        };
        unknown.place == *place && unknown.meant.as_ref() == Some(key)
    }

    pub(crate) fn may_be_elsewhere(&self) -> bool {
        self.unknown.is_some() && self.advice.is_none()
    }

    pub(crate) fn look_elsewhere(&mut self, schema: &[Entry]) {
        if let (None, Some(Unknown { key, known, .. })) = (&self.advice, &self.unknown) {
            let sections = schema.iter().filter(|entry| entry.key() == Some(key));
            let mut sections: Vec<String> = sections.map(Entry::section).collect();
            sections.sort();
            sections.dedup();
            let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            self.advice = Some(if !sections.is_empty() && sections.len() <= 3 {
                format!("`{key}` belongs in {}", sections.join(" or "))
            } else if known.is_empty() {
                "take it out: nothing is to be said here".to_owned()
            } else {
                format!("the keys here are {}", known.join(", "))
            });
        }
    }

    /// What was expected, and what was found.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The bytes of the text that it is about.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

/// Everything that is wrong with a text, in the order of its lines.
///
/// Its `Display` shows each with its line and a mark under the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    shown: String,
    faults: Vec<Fault>,
}

impl Faults {
    pub(crate) fn new(text: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        faults.dedup();
        let shown: Vec<String> = faults.iter().map(|fault| show(text, fault)).collect();
        let head = match faults.len() {
            0 | 1 => String::new(),
            n => format!("{n} problems:\n"),
        };
        Self {
            shown: format!("{head}{}", shown.join("\n\n")),
            faults,
        }
    }

    /// Each of them; at least one.
    #[must_use]
    pub fn each(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::error::Error for Faults {}

fn show(text: &str, fault: &Fault) -> String {
    let advice = fault
        .advice
        .as_ref()
        .map_or(String::new(), |advice| format!("\n  -> {advice}"));
    if fault.span.is_empty() && fault.span.start == 0 {
        return format!("{}{advice}", fault.what);
    }
    let start = floor(text, fault.span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let number = text[..line_start].matches('\n').count() + 1;
    let column = text[line_start..start].chars().count();
    let line_end = line_start + line.len();
    let end = floor(text, fault.span.end.min(line_end)).max(start);
    let marks = text[start..end].chars().count().max(1);
    let margin = " ".repeat(number.to_string().len());
    format!(
        "line {number}, column {}\n{margin} |\n{number} | {line}\n{margin} | {}{}\n{}{advice}",
        column + 1,
        " ".repeat(column),
        "^".repeat(marks),
        fault.what,
    )
}

/// The nearest border of a character at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
