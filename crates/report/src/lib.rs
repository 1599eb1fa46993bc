//! Results into files: csv, parquet, xlsx, md, html, svg, png, GeoTIFF, netCDF.
//!
//! A [`Table`] carries its own explanation: each column has a name for
//! programs, a label for people, a unit and a description. The writers differ
//! in whom they serve:
//!
//! | writer | for | numbers |
//! |---|---|---|
//! | [`csv`], [`parquet`], [`json`] | programs | full: the shortest text that reads back to the same float |
//! | [`xlsx`] | both | full in the cell, sensible digits shown |
//! | [`markdown`], [`text`], [`html`] | people | sensible digits, thousands separated |
//!
//! All give the same bytes for the same table. Nothing here prints; files are
//! written whole or not at all ([`nutag_files::write_whole`]).
//!
//! Maps (PNG) and charts (SVG) are in [`draw`], rasters (Cloud-Optimized
//! GeoTIFF, CF netCDF) in [`raster`].

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests compare with the functions of the platform"
    )
)]

mod columns;
mod csv;
pub mod draw;
mod files;
mod html;
mod json;
mod markdown;
mod number;
mod page;
mod parquet;
pub mod raster;
mod table;
mod text;

pub mod words;
mod xlsx;

pub use columns::columns_csv;
pub use csv::csv;
pub use files::{TableFormat, UnknownFormat, WriteError, write_table};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use page::{Block, Picture, ReportPage, Section};
pub use parquet::parquet;
pub use table::{Column, Digits, Kind, Table, TableError, Value};
pub use text::text;
pub use xlsx::xlsx;
