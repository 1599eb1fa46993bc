//! Cells into tallies: legend, keys, and the one-pass kernel.
