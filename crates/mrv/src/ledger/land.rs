//! The land of a claim, from a file.

use std::path::Path;

use nutag_formats::vector::{Outline, OutlineError, Select, VectorError};
use nutag_formats::{SettingsError, check_settings};
use nutag_problem::{Error, Problem};

/// Reads the land of a claim: the only feature of a layer, or those whose
/// attribute has a value, given as `(attribute, value)`.
///
/// # Errors
/// A file that cannot be read, polygons that are not valid, or a selection
/// that finds nothing or is needed and absent.
pub fn read_area(
    path: &Path,
    layer: Option<&str>,
    select: Option<(&str, &str)>,
) -> Result<Outline, Error> {
    let select = select.map_or(Select::Only, |(attribute, value)| Select::Value {
        attribute,
        value,
    });
    check_settings().map_err(|error| {
        let message = Problem::new(error.to_string());
        match error {
            SettingsError::MovesNumbers { .. } => message.asked(),
            _ => message.failed(),
        }
    })?;
    Outline::read(path, layer, select).map_err(|error| {
        let advice = match &error {
            OutlineError::Several { .. } => {
                "add --attribute NAME --value TEXT; a claim names its land and no more"
            }
            OutlineError::NoSuchValue { .. } => "check --value; capitals count",
            OutlineError::Layer(VectorError::Layer { .. }) => "name the layer with --layer",
            OutlineError::Layer(VectorError::Invalid { .. }) => {
                "repair the polygons, for instance with ogr2ogr -makevalid, and look at the result on a map"
            }
            _ => "`nutag inspect FILE` shows what is in it",
        };
        Problem::new(error.to_string()).advice(advice).asked()
    })
}
