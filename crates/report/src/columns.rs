//! What the columns of a table mean, as a table of its own.

use crate::csv::lines;
use crate::table::{Table, TableError};

/// Name, kind, unit and description of each column, as csv.
///
/// It goes beside `NAME.csv` as `NAME.columns.csv`, because a csv file has no
/// other place for it.
///
/// # Errors
/// A table that does not pass [`Table::check`].
pub fn columns_csv(table: &Table) -> Result<String, TableError> {
    table.check()?;
    let heading = ["column", "kind", "unit", "description"]
        .map(str::to_owned)
        .to_vec();
    let rows = table.columns.iter().map(|column| {
        vec![
            column.name.clone(),
            column.digits.kind().name().to_owned(),
            column.unit.clone(),
            column.description.clone(),
        ]
    });
    lines(&table.name, std::iter::once(heading).chain(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn each_column_says_what_it_is() {
        let text = columns_csv(&sample()).unwrap();
        assert_eq!(text.lines().count(), 6);
        assert!(
            text.contains("area_km2,number,km2,\"Area, \"\"true\"\".\"\n"),
            "{text}"
        );
    }
}
