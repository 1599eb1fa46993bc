//! Made-up layers.

use nutag_grid::Shape;
use nutag_report::draw::{ClassEntry, Rgb};
use nutag_report::raster::{Layer, LayerKind, NO_CLASS, NO_INTEGER, Strip};

/// A layer of each kind: `mean`, `s`, `class`.
pub fn layers() -> [Layer; 3] {
    let layer = |name: &str, unit: &str, udunits: &str, kind| Layer {
        name: name.to_owned(),
        title: format!("Made-up <{name}> & more"),
        description: "Nothing is measured".to_owned(),
        unit: unit.to_owned(),
        udunits: udunits.to_owned(),
        kind,
    };
    let class = |code, label: &str, fill| ClassEntry {
        code,
        label: label.to_owned(),
        fill,
    };
    [
        layer("mean", "gC m-2", "g m-2", LayerKind::Values),
        layer("s", "1", "1", LayerKind::Integers),
        layer(
            "class",
            "",
            "",
            LayerKind::Classes(vec![
                class(0, "stays", Rgb(240, 230, 160)),
                class(2, "moves north", Rgb(60, 140, 170)),
                class(7, "gone", Rgb(30, 60, 130)),
            ]),
        ),
    ]
}

/// The cells of the layers.
pub struct Made {
    shape: Shape,
    pub values: Vec<f32>,
    pub integers: Vec<i32>,
    pub classes: Vec<u8>,
}

impl Made {
    /// Smooth values with gaps, integers of both signs, patches of classes.
    pub fn new(shape: Shape) -> Self {
        let cells = || (0..shape.cells()).map(|cell| (cell / shape.cols, cell % shape.cols));
        let is_gap = |row: usize, col: usize| (row / 41 + col / 31) % 5 == 4;
        Self {
            shape,
            values: cells()
                .map(|(row, col)| match is_gap(row, col) {
                    true => f32::NAN,
                    false => 150.0 + (row as f32 * 0.01).sin() * 60.0 + col as f32 * 0.02,
                })
                .collect(),
            integers: cells()
                .map(|(row, col)| match is_gap(row, col) {
                    true => NO_INTEGER,
                    false => i32::try_from(row % 67).unwrap() - 33,
                })
                .collect(),
            classes: cells()
                .map(|(row, col)| match is_gap(row, col) {
                    true => NO_CLASS,
                    false => [0, 2, 7][(row / 91 + col / 71) % 3],
                })
                .collect(),
        }
    }

    /// No cell has anything.
    pub fn nothing(shape: Shape) -> Self {
        Self {
            shape,
            values: vec![f32::NAN; shape.cells()],
            integers: vec![NO_INTEGER; shape.cells()],
            classes: vec![NO_CLASS; shape.cells()],
        }
    }

    /// The strips of a layer, so many rows each.
    pub fn strips(&self, layer: &Layer, rows: usize, mut put: impl FnMut(&Strip<'_>)) {
        let cells = rows * self.shape.cols;
        match layer.kind {
            LayerKind::Values => self
                .values
                .chunks(cells)
                .for_each(|part| put(&Strip::Values(part))),
            LayerKind::Integers => self
                .integers
                .chunks(cells)
                .for_each(|part| put(&Strip::Integers(part))),
            LayerKind::Classes(_) => self
                .classes
                .chunks(cells)
                .for_each(|part| put(&Strip::Classes(part))),
        }
    }
}
