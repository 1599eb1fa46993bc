//! A table into the files asked for.

use std::path::{Path, PathBuf};

use nutag_files::{WriteFailed, write_whole};

use crate::table::{Table, TableError};
use crate::{columns_csv, csv, html, markdown, parquet, xlsx};

/// A table that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The system refused.
    #[error(transparent)]
    File(#[from] WriteFailed),
    /// The table is not one.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// A kind of file that a table can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableFormat {
    /// `NAME.csv`, and `NAME.columns.csv` that explains its columns.
    Csv,
    /// `NAME.md`.
    Markdown,
    /// `NAME.xlsx`.
    Xlsx,
    /// `NAME.parquet`.
    Parquet,
    /// `NAME.html`, a fragment.
    Html,
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a table format out of csv, md, xlsx, parquet, html, found \"{0}\"")]
pub struct UnknownFormat(pub String);

impl TableFormat {
    /// All formats.
    pub const ALL: [Self; 5] = [
        Self::Csv,
        Self::Markdown,
        Self::Xlsx,
        Self::Parquet,
        Self::Html,
    ];

    /// The ending of its files, and its name in a pipeline file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Html => "html",
        }
    }

    fn encode(self, table: &Table) -> Result<Vec<u8>, TableError> {
        Ok(match self {
            Self::Csv => csv(table)?.into_bytes(),
            Self::Markdown => markdown(table).into_bytes(),
            Self::Xlsx => xlsx(table)?,
            Self::Parquet => parquet(table)?,
            Self::Html => html(table).into_bytes(),
        })
    }
}

impl std::str::FromStr for TableFormat {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL
            .into_iter()
            .find(|format| format.extension() == word);
        known.ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// Writes a table into a folder that exists, in each format; returns the
/// files in the order written.
///
/// # Errors
/// A table that does not pass [`Table::check`] (nothing is written then), or
/// a file that cannot be written.
pub fn write_table(
    table: &Table,
    folder: &Path,
    formats: &[TableFormat],
) -> Result<Vec<PathBuf>, WriteError> {
    table.check()?;
    let mut written = Vec::new();
    let mut write = |ending: &str, bytes: &[u8]| {
        let path = folder.join(format!("{}.{ending}", table.name));
        write_whole(&path, bytes)?;
        written.push(path);
        Ok::<_, WriteError>(())
    };
    for &format in formats {
        write(format.extension(), &format.encode(table)?)?;
        if format == TableFormat::Csv {
            write("columns.csv", columns_csv(table)?.as_bytes())?;
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn words_name_formats() {
        for format in TableFormat::ALL {
            assert_eq!(format.extension().parse(), Ok(format));
        }
        let error = "xls".parse::<TableFormat>().unwrap_err().to_string();
        assert_eq!(
            error,
            "expected a table format out of csv, md, xlsx, parquet, html, found \"xls\""
        );
    }

    #[test]
    fn every_format_writes_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_table(&sample(), folder.path(), &TableFormat::ALL).unwrap();
        let names: Vec<_> = written
            .iter()
            .map(|p| p.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "sample.csv",
                "sample.columns.csv",
                "sample.md",
                "sample.xlsx",
                "sample.parquet",
                "sample.html"
            ]
        );
        assert!(
            written
                .iter()
                .all(|path| path.metadata().unwrap().len() > 0)
        );
    }
}
