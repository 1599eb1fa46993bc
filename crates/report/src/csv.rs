//! Comma-separated values: pure data for programs.

use crate::number::full;
use crate::table::{Table, TableError};

/// The table as csv: one heading line of column names, then rows.
///
/// UTF-8 without byte order mark, lines end with LF, fields are quoted where
/// they must be, floats have the shortest text that reads back to the same
/// number, and a missing value is an empty field. What the columns mean is in
/// [`crate::columns_csv`].
///
/// # Errors
/// A table that does not pass [`Table::check`].
pub fn csv(table: &Table) -> Result<String, TableError> {
    table.check()?;
    let names = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let rows = table.rows.iter().map(|row| row.iter().map(full).collect());
    lines(&table.name, std::iter::once(names).chain(rows))
}

/// Lines of fields as csv text.
pub(crate) fn lines(
    table: &str,
    lines: impl Iterator<Item = Vec<String>>,
) -> Result<String, TableError> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let failed = |reason: String| TableError::Encode {
        table: table.to_owned(),
        format: "csv",
        reason,
    };
    for line in lines {
        writer
            .write_record(&line)
            .map_err(|e| failed(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn data_and_nothing_else() {
        let text = csv(&sample()).unwrap();
        let expected = "zone,year,cells,area_km2,share\n\
                        \"Сэлэнгэ, \"\"x\"\"\",2001,1234567,1234.56,0.1\n\
                        a|b <c>,2002,-5,-0.04,0.3333333333333333\n\
                        z,2003,,,1e-7\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_table_without_rows_has_its_heading() {
        let mut table = sample();
        table.rows.clear();
        assert_eq!(csv(&table).unwrap(), "zone,year,cells,area_km2,share\n");
    }
}
