//! What can be wrong with a picture that is asked for.

/// A picture that cannot be drawn as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// An array does not belong to its grid.
    #[error(
        "panel {panel:?}: expected {expected} cells ({shape}), found {found} in its {array}; \
         give one number for each cell of the grid, row by row"
    )]
    Length {
        /// Title of the panel.
        panel: String,
        /// Which array: values, classes or weak.
        array: &'static str,
        /// Shape of the grid.
        shape: String,
        /// Cells of the grid.
        expected: usize,
        /// Length of the array.
        found: usize,
    },
    /// Values with a class legend, or classes with a value scale.
    #[error(
        "panel {panel:?}: expected {expected} because the key of the picture is {key}, found {found}"
    )]
    Key {
        /// Title of the panel.
        panel: String,
        /// The key of the picture.
        key: &'static str,
        /// What goes with it.
        expected: &'static str,
        /// What the panel holds.
        found: &'static str,
    },
    /// A class without an entry in the legend.
    #[error(
        "panel {panel:?}: class {code} of the cell at row {row}, column {col} has no entry in the \
         legend {legend:?}; add one or make it the legend's `no_data` code"
    )]
    UnknownClass {
        /// Title of the panel.
        panel: String,
        /// Title of the legend.
        legend: String,
        /// The class.
        code: u8,
        /// Row of the first cell with it.
        row: usize,
        /// Column of the first cell with it.
        col: usize,
    },
    /// Nothing says which part of the Earth to show.
    #[error(
        "picture {title:?}: expected an area to show, found neither bounds nor regions with a \
         vertex that can be shown; give one of the two"
    )]
    NoArea {
        /// Title of the picture.
        title: String,
    },
    /// No panel.
    #[error("picture {title:?}: expected at least one panel and one column, found {found}")]
    NoPanel {
        /// Title of the picture.
        title: String,
        /// What was asked.
        found: String,
    },
    /// Too narrow to read or too large to hold.
    #[error(
        "picture {title:?}: expected {expected} pixels {side}, found {found}; change `width_px`"
    )]
    Size {
        /// Title of the picture.
        title: String,
        /// Across or down.
        side: &'static str,
        /// The limits.
        expected: String,
        /// What was asked, or what came of it.
        found: String,
    },
    /// The encoder refused.
    #[error("picture {title:?}: could not be encoded as PNG: {reason}")]
    Png {
        /// Title of the picture.
        title: String,
        /// What the encoder says.
        reason: String,
    },
}
