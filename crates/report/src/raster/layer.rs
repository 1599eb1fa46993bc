//! What a layer is, and pieces of one.

use std::hash::Hasher;

use super::RasterError;
use crate::draw::ClassEntry;

/// The code of cells without a class.
pub const NO_CLASS: u8 = u8::MAX;
/// The integer of cells without one.
pub const NO_INTEGER: i32 = i32::MIN;

/// One quantity on the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Name for programs: a letter, then letters, digits and underscores.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// What it is, in a sentence; what missing means.
    pub description: String,
    /// Unit as people of the field write it: `gC m-2`; empty for classes.
    pub unit: String,
    /// The same as UDUNITS knows it: `g m-2`. Not used for classes.
    pub udunits: String,
    /// Of which kind it is.
    pub kind: LayerKind,
}

/// The kind of a layer.
#[derive(Debug, Clone, PartialEq)]
pub enum LayerKind {
    /// 32-bit floats; NaN is no data. Overviews are means.
    Values,
    /// 32-bit integers; [`NO_INTEGER`] is no data. Overviews are means, rounded.
    Integers,
    /// Codes with names and colours; [`NO_CLASS`] is no data. Overviews are the
    /// most frequent class.
    Classes(Vec<ClassEntry>),
}

/// Whole rows of a layer, from west to east, from the north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Strip<'a> {
    /// Of [`LayerKind::Values`].
    Values(&'a [f32]),
    /// Of [`LayerKind::Integers`].
    Integers(&'a [i32]),
    /// Of [`LayerKind::Classes`].
    Classes(&'a [u8]),
}

impl Strip<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Values(cells) => cells.len(),
            Self::Integers(cells) => cells.len(),
            Self::Classes(cells) => cells.len(),
        }
    }

    /// Takes the cells into a digest, row by row of `cols` cells. Values that
    /// are not numbers are alike.
    pub(super) fn digest(&self, cols: usize, into: &mut impl Hasher) {
        let bits = |value: f32| match value.is_nan() {
            true => f32::NAN.to_bits(),
            false => value.to_bits(),
        };
        match self {
            Self::Values(cells) => {
                for row in cells.chunks(cols) {
                    let row: Vec<u8> = row
                        .iter()
                        .flat_map(|value| bits(*value).to_ne_bytes())
                        .collect();
                    into.write(&row);
                }
            }
            Self::Integers(cells) => {
                for row in cells.chunks(cols) {
                    let row: Vec<u8> = row.iter().flat_map(|n| n.to_ne_bytes()).collect();
                    into.write(&row);
                }
            }
            Self::Classes(cells) => cells.chunks(cols).for_each(|row| into.write(row)),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Values(_) => "values",
            Self::Integers(_) => "integers",
            Self::Classes(_) => "classes",
        }
    }
}

impl Layer {
    pub(super) fn check(&self) -> Result<(), RasterError> {
        let wrong = |problem: String| {
            Err(RasterError::Layer {
                layer: self.name.clone(),
                problem,
            })
        };
        let is_name = self.name.starts_with(|c: char| c.is_ascii_alphabetic())
            && self
                .name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            return wrong(
                "expected a name of ASCII letters, digits and underscores, a letter first"
                    .to_owned(),
            );
        }
        if let LayerKind::Classes(entries) = &self.kind {
            let mut seen = [false; 256];
            seen[usize::from(NO_CLASS)] = true;
            for entry in entries {
                if std::mem::replace(&mut seen[usize::from(entry.code)], true) {
                    return wrong(format!(
                        "expected each class to have a code of its own below {NO_CLASS}, found \
                         {} for \"{}\"",
                        entry.code, entry.label
                    ));
                }
            }
        }
        Ok(())
    }

    /// The rows of a strip that continues the layer at `row`.
    pub(super) fn rows_of(
        &self,
        strip: &Strip<'_>,
        row: usize,
        shape: nutag_grid::Shape,
    ) -> Result<usize, RasterError> {
        let wrong = |expected: String, found: String| {
            Err(RasterError::Strip {
                layer: self.name.clone(),
                row,
                expected,
                found,
            })
        };
        let kind = match &self.kind {
            LayerKind::Values => "values",
            LayerKind::Integers => "integers",
            LayerKind::Classes(_) => "classes",
        };
        if kind != strip.kind() {
            return wrong(kind.to_owned(), strip.kind().to_owned());
        }
        let (rows, rest) = (strip.len() / shape.cols, strip.len() % shape.cols);
        if rows == 0 || rest != 0 || row + rows > shape.rows {
            return wrong(
                format!(
                    "whole rows of {} cells, at most {} rows",
                    shape.cols,
                    shape.rows - row
                ),
                format!("{} cells", strip.len()),
            );
        }
        Ok(rows)
    }

    /// That every row was given.
    pub(super) fn whole(&self, rows: usize, shape: nutag_grid::Shape) -> Result<(), RasterError> {
        if rows == shape.rows {
            return Ok(());
        }
        Err(RasterError::Strip {
            layer: self.name.clone(),
            row: rows,
            expected: format!("{} rows", shape.rows),
            found: format!("{rows} rows and no more"),
        })
    }
}
