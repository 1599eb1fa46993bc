//! A table that explains itself.

use std::collections::BTreeSet;

/// Rows of values under columns that say what they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name for files and programs: letters, digits and underscores.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// What a reader must know besides.
    pub notes: Vec<String>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each with one value a column.
    pub rows: Vec<Vec<Value>>,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name for programs, with the unit in it: `area_1980s_km2`.
    pub name: String,
    /// Label for people, without the unit.
    pub label: String,
    /// Unit; empty for text and plain counts.
    pub unit: String,
    /// What it is, in a sentence; what missing means.
    pub description: String,
    /// How it is shown to people, and of which kind it is.
    pub digits: Digits,
    /// Whether it says what a row is about, such as the zone; such columns
    /// come first and are repeated where a wide table is folded.
    pub key: bool,
    /// Whether a short form of the table leaves it out.
    pub detail: bool,
}

/// How values of a column are shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// Text.
    Text,
    /// Whole numbers as they are: years, codes.
    Plain,
    /// Whole numbers with thousands separated: counts.
    Whole,
    /// Numbers with this many decimals.
    Decimals(u8),
    /// Numbers with this many significant digits.
    Significant(u8),
}

/// The kind of value that a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Value::Text`].
    Text,
    /// [`Value::Int`].
    Int,
    /// [`Value::Float`].
    Float,
}

impl Digits {
    /// The kind of value that is shown so.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Plain | Self::Whole => Kind::Int,
            Self::Decimals(_) | Self::Significant(_) => Kind::Float,
        }
    }
}

impl Kind {
    /// The name of the kind in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "integer",
            Self::Float => "number",
        }
    }
}

/// A value, or none.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// There is no value: an empty field, a null, an empty cell.
    Missing,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Missing, Self::Float)
    }
}

impl<E> From<Result<f64, E>> for Value {
    fn from(number: Result<f64, E>) -> Self {
        number.map_or(Self::Missing, Self::Float)
    }
}

impl Value {
    /// A count.
    ///
    /// Counts beyond 2^63 do not happen; they would be shown as missing.
    #[must_use]
    pub fn count(n: u64) -> Self {
        i64::try_from(n).map_or(Self::Missing, Self::Int)
    }

    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Text(_) => Some(Kind::Text),
            Self::Int(_) => Some(Kind::Int),
            Self::Float(_) => Some(Kind::Float),
            Self::Missing => None,
        }
    }
}

impl Column {
    /// A column of numbers, or of text without being a key.
    #[must_use]
    pub fn new(name: &str, label: &str, unit: &str, digits: Digits, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            unit: unit.to_owned(),
            description: description.to_owned(),
            digits,
            key: false,
            detail: false,
        }
    }

    /// A column that says what a row is about.
    #[must_use]
    pub fn key(name: &str, label: &str, digits: Digits, description: &str) -> Self {
        Self {
            key: true,
            ..Self::new(name, label, "", digits, description)
        }
    }

    /// The same column, left out of the short form.
    #[must_use]
    pub fn detail(self) -> Self {
        Self {
            detail: true,
            ..self
        }
    }
}

/// A table that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A row of the wrong length.
    #[error("table {table}, row {row}: expected {expected} values, one a column, found {found}")]
    RowLength {
        /// The table.
        table: String,
        /// Row number, from 1.
        row: usize,
        /// Number of columns.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// A value of the wrong kind.
    #[error("table {table}, row {row}, column {column}: expected {expected}, found {found}")]
    Value {
        /// The table.
        table: String,
        /// Row number, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The kind of the column.
        expected: &'static str,
        /// The value.
        found: String,
    },
    /// Names that cannot be told apart, or that no program likes.
    #[error(
        "table {table}: expected column names of letters, digits and underscores, each once, found \
         \"{column}\""
    )]
    ColumnName {
        /// The table.
        table: String,
        /// The name.
        column: String,
    },
    /// A library could not encode it.
    #[error("table {table}: cannot be written as {format}: {reason}")]
    Encode {
        /// The table.
        table: String,
        /// "xlsx" or "parquet".
        format: &'static str,
        /// What the library says.
        reason: String,
    },
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(name: &str, title: &str, columns: Vec<Column>) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            notes: Vec::new(),
            columns,
            rows: Vec::new(),
        }
    }

    /// Checks that every row has one value a column, of its kind and finite,
    /// and that columns have names that differ.
    ///
    /// # Errors
    /// The first place where it is not so.
    pub fn check(&self) -> Result<(), TableError> {
        let mut names = BTreeSet::new();
        for column in &self.columns {
            let usable = |c: char| c.is_alphanumeric() || c == '_';
            let name = &column.name;
            if name.is_empty() || !name.chars().all(usable) || !names.insert(name) {
                return Err(TableError::ColumnName {
                    table: self.name.clone(),
                    column: name.clone(),
                });
            }
        }
        for (row, values) in (1..).zip(&self.rows) {
            if values.len() != self.columns.len() {
                return Err(TableError::RowLength {
                    table: self.name.clone(),
                    row,
                    expected: self.columns.len(),
                    found: values.len(),
                });
            }
            for (column, value) in self.columns.iter().zip(values) {
                let kind = column.digits.kind();
                let finite = !matches!(value, Value::Float(number) if !number.is_finite());
                if value.kind().is_some_and(|found| found != kind) || !finite {
                    return Err(TableError::Value {
                        table: self.name.clone(),
                        row,
                        column: column.name.clone(),
                        expected: kind.name(),
                        found: format!("{value:?}"),
                    });
                }
            }
        }
        Ok(())
    }

    /// The short form: without the columns marked as detail.
    #[must_use]
    pub fn brief(&self) -> Self {
        let kept: Vec<_> = self.columns.iter().map(|column| !column.detail).collect();
        let mut brief = self.clone();
        let mut keep = kept.iter();
        brief.columns.retain(|_| *keep.next().unwrap_or(&true));
        for row in &mut brief.rows {
            let mut keep = kept.iter();
            row.retain(|_| *keep.next().unwrap_or(&true));
        }
        brief
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small table with every kind of value and something to escape.
    pub(crate) fn sample() -> Table {
        let mut table = Table::new(
            "sample",
            "A sample | with <marks>",
            vec![
                Column::key("zone", "Zone", Digits::Text, "The zone."),
                Column::key("year", "Year", Digits::Plain, "The year."),
                Column::new("cells", "Cells", "", Digits::Whole, "Cells counted."),
                Column::new(
                    "area_km2",
                    "Area",
                    "km2",
                    Digits::Decimals(1),
                    "Area, \"true\".",
                ),
                Column::new(
                    "share",
                    "Share of it",
                    "%",
                    Digits::Significant(3),
                    "Share.",
                )
                .detail(),
            ],
        );
        table.notes.push("First & last note.".to_owned());
        table.rows = vec![
            vec![
                "Сэлэнгэ, \"x\"".into(),
                2001.into(),
                Value::count(1_234_567),
                1234.56.into(),
                0.1.into(),
            ],
            vec![
                "a|b <c>".into(),
                2002.into(),
                Value::Int(-5),
                (-0.04).into(),
                (1.0 / 3.0).into(),
            ],
            vec![
                "z".into(),
                2003.into(),
                Value::Missing,
                Value::Missing,
                1e-7.into(),
            ],
        ];
        table
    }

    #[test]
    fn a_good_table_passes() {
        assert_eq!(sample().check(), Ok(()));
    }

    #[test]
    fn rows_values_and_names_are_checked() {
        let spoilt = |spoil: fn(&mut Table)| {
            let mut table = sample();
            spoil(&mut table);
            table.check().unwrap_err().to_string()
        };
        assert_eq!(
            spoilt(|t| t.rows[1].truncate(2)),
            "table sample, row 2: expected 5 values, one a column, found 2"
        );
        assert_eq!(
            spoilt(|t| t.rows[2][1] = 2.5.into()),
            "table sample, row 3, column year: expected integer, found Float(2.5)"
        );
        assert!(spoilt(|t| t.rows[0][3] = f64::NAN.into()).contains("found Float(NaN)"));
        assert!(spoilt(|t| t.columns[1].name = "zone".to_owned()).contains("found \"zone\""));
        assert!(spoilt(|t| t.columns[1].name = "km 2".to_owned()).contains("found \"km 2\""));
    }

    #[test]
    fn the_short_form_leaves_out_detail() {
        let brief = sample().brief();
        assert_eq!(brief.check(), Ok(()));
        assert_eq!((brief.columns.len(), brief.rows[0].len()), (4, 4));
    }
}
