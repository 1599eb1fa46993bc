//! Which variable is meant.

use std::path::Path;

use netcdf::Variable;

use super::GriddedError;
use super::quantity::Quantity;
use super::traits::{Traits, Unlike, is_map};

/// What came of looking for a variable.
pub(crate) enum Found<'f> {
    /// The one.
    One(Variable<'f>),
    /// None or several; in words.
    NotOne(String),
    /// The one that was named can never be it: its name, and why.
    Never(String, String),
}

/// The variable that was named, or the only one that can be meant: one that has a usual name or the standard
/// name, and says nothing against it.
pub(crate) fn find<'f>(
    file: &'f netcdf::File,
    quantity: &Quantity,
    asked: Option<&str>,
) -> Found<'f> {
    if let Some(asked) = asked {
        let Some(variable) = file.variable(asked) else {
            return Found::NotOne(format!("no variable \"{asked}\""));
        };
        // Who names a maximum or another level may mean it; nobody means an error or an anomaly.
        return match Traits::of(file, &variable).unlike(quantity) {
            Some(Unlike::Never(why)) => Found::Never(asked.to_owned(), why),
            _ => Found::One(variable),
        };
    }
    let (mut fitting, mut others) = (Vec::new(), Vec::new());
    for variable in file.variables().filter(is_map) {
        let traits = Traits::of(file, &variable);
        if !traits.claims(quantity) {
            continue;
        }
        match traits.unlike(quantity) {
            None => fitting.push(variable),
            Some(why) => others.push(format!("{} ({})", variable.name(), why.words())),
        }
    }
    if fitting.len() == 1
        && let Some(variable) = fitting.pop()
    {
        return Found::One(variable);
    }
    Found::NotOne(if fitting.is_empty() {
        if others.is_empty() {
            "none".to_owned()
        } else {
            others.join(", ")
        }
    } else {
        fitting
            .iter()
            .map(Variable::name)
            .collect::<Vec<_>>()
            .join(", ")
    })
}

/// As [`find`], or an error that says which variables there are.
pub(crate) fn variable<'f>(
    file: &'f netcdf::File,
    path: &Path,
    quantity: &'static Quantity,
    asked: Option<&str>,
) -> Result<Variable<'f>, GriddedError> {
    match find(file, quantity, asked) {
        Found::One(variable) => Ok(variable),
        Found::Never(variable, found) => Err(GriddedError::Other {
            path: path.to_owned(),
            variable,
            quantity,
            found,
        }),
        Found::NotOne(found) => Err(GriddedError::Variable {
            path: path.to_owned(),
            quantity,
            found,
            present: present(file),
        }),
    }
}

/// The variables of a file, in words.
pub(crate) fn present(file: &netcdf::File) -> String {
    let names: Vec<String> = file.variables().map(|v| v.name()).collect();
    if !names.is_empty() {
        return names.join(", ");
    }
    let groups: Vec<String> = file
        .groups()
        .map(|groups| groups.map(|group| group.name()).collect())
        .unwrap_or_default();
    if groups.is_empty() {
        "no variables".to_owned()
    } else {
        format!(
            "no variables but in the groups {} (take one out: ncks -G : -g GROUP IN.nc OUT.nc)",
            groups.join(", ")
        )
    }
}
