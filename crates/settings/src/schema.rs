//! Every key of a type that is read from a file, found by walking the type.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::stand_in::StandIn;

/// The head of the name of an enum that is a table whose key, named after it, says which variant it
/// is: `#[serde(rename = "tag rule")]` for `{ rule = "fixed", source = "..." }`.
pub const TAG: &str = "tag ";

/// The name of an enum whose variants are told apart by what stands there. Its variants are named
/// `"number"`, `"text"`, `"list"` and `"table"`; `"one"` is whatever is not a list.
pub const BY_SHAPE: &str = "by shape";

/// What may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `true` or `false`.
    YesNo,
    /// A whole number between two limits, both included.
    Whole {
        /// The least.
        least: i128,
        /// The largest.
        most: i128,
    },
    /// A number.
    Number,
    /// Text.
    Text,
    /// A list of any length.
    List,
    /// A list of exactly so many values.
    Fixed(usize),
    /// A table with these keys.
    Table(Vec<&'static str>),
    /// A table with keys that are names.
    Names,
    /// One of these words, or one of several shapes.
    Choice(Vec<&'static str>),
    /// Whatever the type makes of it.
    Any,
}

impl Kind {
    /// What is expected, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::YesNo => "true or false".to_owned(),
            // No one counts as far; the limit of the type is no news to anybody.
            Self::Whole { least: 0, most } if *most > 1 << 60 => {
                "a whole number that is not negative".to_owned()
            }
            Self::Whole { least, most } if *most > 1 << 60 && *least < 0 => {
                "a whole number".to_owned()
            }
            Self::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Self::Number => "a number".to_owned(),
            Self::Text => "text in quotes".to_owned(),
            Self::List => "a list".to_owned(),
            Self::Fixed(len) => format!("a list of exactly {len} values"),
            Self::Table(_) | Self::Names => "a table".to_owned(),
            Self::Choice(words) => one_of(words),
            Self::Any => "a value".to_owned(),
        }
    }
}

pub(crate) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// A step on the way from the file to a place in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into the values of a list.
    Item,
    /// Into the values of a list of so many.
    Of(usize),
    /// Into a variant that has a name of its own in the file.
    Variant(&'static str),
    /// Into a variant that this key of the table names.
    Tagged(&'static str, &'static str),
    /// Into a variant that is told by its shape.
    Shape(&'static str),
}

/// A place in a file, and what may stand there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The way to it.
    pub place: Vec<Step>,
    /// What may stand there.
    pub kind: Kind,
}

impl Entry {
    /// The key that holds it, if it is the value of one.
    #[must_use]
    pub fn key(&self) -> Option<&String> {
        match self.place.last() {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The section its key belongs to, such as `[npp]`.
    #[must_use]
    pub fn section(&self) -> String {
        let above = self.place.split_last().map_or(&[][..], |(_, above)| above);
        section(above)
    }

    /// A text that has a list of `len` values at this place and nothing else.
    #[must_use]
    pub fn with_list_of(&self, len: usize) -> String {
        let mut value = toml::Value::Array(vec![toml::Value::Integer(1); len]);
        for step in self.place.iter().rev() {
            value = match step {
                Step::Key(key) => table(key, value),
                Step::Variant(name) => table(name, value),
                Step::Item => toml::Value::Array(vec![value]),
                Step::Of(len) => toml::Value::Array(vec![value; *len]),
                Step::Shape(_) => value,
                Step::Tagged(tag, name) => {
                    if let toml::Value::Table(keys) = &mut value {
                        keys.insert((*tag).to_owned(), toml::Value::String((*name).to_owned()));
                    }
                    value
                }
            };
        }
        toml::to_string(&value).unwrap_or_default()
    }
}

fn table(key: &str, value: toml::Value) -> toml::Value {
    toml::Value::Table([(key.to_owned(), value)].into_iter().collect())
}

/// A section as a file writes it.
pub(crate) fn section(place: &[Step]) -> String {
    let mut name = String::new();
    let mut list = false;
    for step in place {
        match step {
            Step::Key(key) => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
                list = false;
            }
            Step::Variant(key) => {
                name.push('.');
                name.push_str(key);
            }
            Step::Item | Step::Of(_) => list = true,
            Step::Tagged(..) | Step::Shape(_) => {}
        }
    }
    match (name.is_empty(), list) {
        (true, _) => "the head of the file".to_owned(),
        (false, false) => format!("[{name}]"),
        (false, true) => format!("[[{name}]]"),
    }
}

/// In which section, as part of a sentence.
pub(crate) fn within(place: &[Step]) -> String {
    match section(place) {
        head if head.starts_with("the ") => format!("at {head}"),
        section => format!("in {section}"),
    }
}

/// Every place of a type and what may stand there, in the order of their names.
///
/// The type is read from values that do not matter, once for each variant of its enums; so nothing
/// that a file could say is left out, and no list is kept by hand.
#[must_use]
pub fn schema<T: DeserializeOwned>() -> Vec<Entry> {
    let entries: RefCell<BTreeMap<Vec<Step>, Kind>> = RefCell::default();
    // For each place with variants: how many there are, and which this round takes.
    let turns: RefCell<BTreeMap<Vec<Step>, (usize, usize)>> = RefCell::default();
    loop {
        let told = |place: &[Step], kind: Kind| {
            entries.borrow_mut().entry(place.to_vec()).or_insert(kind);
        };
        let choose = |place: &[Step], many: usize| {
            let mut turns = turns.borrow_mut();
            turns.entry(place.to_vec()).or_insert((many, 0)).1
        };
        // What it makes of them is of no account.
        let _ = T::deserialize(StandIn::new(&told, &choose, Vec::new()));
        let mut more = false;
        for (many, turn) in turns.borrow_mut().values_mut() {
            if *turn + 1 < *many {
                *turn += 1;
                more = true;
            }
        }
        if !more {
            break;
        }
    }
    let entries = entries.into_inner().into_iter();
    entries.map(|(place, kind)| Entry { place, kind }).collect()
}

/// The lists of a type that have a fixed length, and what a text with too few and too many values
/// is answered: `None` where it was not refused in the words of its length.
#[must_use]
pub fn spoilt_lists<T: DeserializeOwned>() -> Vec<(Entry, usize, Option<String>)> {
    let mut all = Vec::new();
    for entry in schema::<T>() {
        let Kind::Fixed(right) = entry.kind else {
            continue;
        };
        for len in [right - 1, right + 1, right + 2] {
            let words = format!("expected a list of exactly {right} values, found {len}");
            let answer = match crate::read::<T>(&entry.with_list_of(len)) {
                Ok(_) => None,
                Err(faults) => {
                    let mut each = faults.each().iter();
                    let found = each.find(|fault| fault.what().starts_with(&words));
                    found.map(|fault| fault.what().to_owned())
                }
            };
            all.push((entry.clone(), len, answer));
        }
    }
    all
}
