//! What is inside a file, before any pipeline file is written.

use serde::Serialize;

/// What is inside a file.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// The file.
    pub path: String,
    /// What it is, such as "HDF4".
    pub format: String,
    /// Facts about the whole file, in order.
    pub facts: Vec<(String, String)>,
    /// What it holds: arrays, bands or layers.
    pub parts: Vec<Part>,
}

/// An array, a band or a layer.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub what: String,
    /// Facts about it, in order.
    pub facts: Vec<(String, String)>,
}
