//! A plan in a line and in numbers.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A plan for people and programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// A word before the line, such as `CO2`.
    pub label: &'static str,
    /// What is read and made, in a line: for `nutag check`.
    pub line: String,
    /// The same for programs.
    pub facts: Facts,
}

/// Facts in the order in which they are given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts(Vec<(&'static str, Value)>);

impl Facts {
    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
