//! Why the reading of a value stops, between `serde` and this reader.

use std::fmt;

/// Why the reading of a value stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A table lacks this key.
    Missing(&'static str),
    /// What the type says.
    Other(String),
    /// A fault that is already noted.
    Told,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(key) => write!(f, "the key `{key}` is missing"),
            Self::Other(what) => f.write_str(what),
            Self::Told => f.write_str("a fault that is already noted"),
        }
    }
}

impl std::error::Error for Stop {}

impl serde::de::Error for Stop {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self::Other(what.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}
