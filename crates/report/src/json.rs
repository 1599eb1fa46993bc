//! JSON, for `--json` and for programs.

use serde::Serialize;

use crate::table::{Column, Table, TableError, Value};

#[derive(Serialize)]
struct JsonTable<'a> {
    name: &'a str,
    title: &'a str,
    notes: &'a [String],
    columns: Vec<JsonColumn<'a>>,
    rows: Vec<Vec<JsonValue<'a>>>,
}

#[derive(Serialize)]
struct JsonColumn<'a> {
    name: &'a str,
    kind: &'static str,
    unit: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonValue<'a> {
    Text(&'a str),
    Int(i64),
    Float(f64),
    Missing(()),
}

impl<'a> JsonColumn<'a> {
    fn of(column: &'a Column) -> Self {
        Self {
            name: &column.name,
            kind: column.digits.kind().name(),
            unit: &column.unit,
            description: &column.description,
        }
    }
}

impl<'a> JsonValue<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Int(number) => Self::Int(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Missing => Self::Missing(()),
        }
    }
}

/// The table as a JSON value: `name`, `title`, `notes`, `columns` with `name`,
/// `kind`, `unit` and `description`, and `rows` as lists in their order.
///
/// # Errors
/// A table that does not pass [`Table::check`].
pub fn json(table: &Table) -> Result<serde_json::Value, TableError> {
    table.check()?;
    let json = JsonTable {
        name: &table.name,
        title: &table.title,
        notes: &table.notes,
        columns: table.columns.iter().map(JsonColumn::of).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(JsonValue::of).collect())
            .collect(),
    };
    serde_json::to_value(json).map_err(|e| TableError::Encode {
        table: table.name.clone(),
        format: "json",
        reason: e.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn values_keep_their_kind() {
        let json = json(&sample()).unwrap();
        assert_eq!(
            json["rows"][1],
            serde_json::json!(["a|b <c>", 2002, -5, -0.04, 1.0 / 3.0])
        );
        assert!(json["rows"][2][2].is_null());
        assert_eq!(json["columns"][3]["unit"], "km2");
    }
}
