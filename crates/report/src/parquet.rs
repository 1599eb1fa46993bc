//! Parquet, for data frames: typed columns that keep their units.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::table::{Column, Kind, Table, TableError, Value};

/// The table as a parquet file, compressed with zstd.
///
/// Text is UTF-8, whole numbers are int64, others float64; missing is null.
/// The schema carries `unit` and `description` of each column, the file
/// carries `title` and `notes`. No time and no name of a machine is in it, so
/// the same table gives the same bytes.
///
/// # Errors
/// A table that does not pass [`Table::check`], or what the library says.
pub fn parquet(table: &Table) -> Result<Vec<u8>, TableError> {
    table.check()?;
    encode(table).map_err(|e| TableError::Encode {
        table: table.name.clone(),
        format: "parquet",
        reason: e.to_string(),
    })
}

fn encode(table: &Table) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let fields: Vec<_> = table.columns.iter().map(field).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = (0..table.columns.len())
        .map(|index| array(table, index))
        .collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    let mut file_notes = vec![
        KeyValue::new("name".to_owned(), table.name.clone()),
        KeyValue::new("title".to_owned(), table.title.clone()),
    ];
    if !table.notes.is_empty() {
        file_notes.push(KeyValue::new("notes".to_owned(), table.notes.join("\n")));
    }
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("nutag".to_owned())
        .set_key_value_metadata(Some(file_notes))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
    writer.write(&batch)?;
    writer.into_inner()
}

fn field(column: &Column) -> Field {
    let data_type = match column.digits.kind() {
        Kind::Text => DataType::Utf8,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
    };
    let notes = [("unit", &column.unit), ("description", &column.description)];
    let notes: HashMap<_, _> = notes
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .into();
    Field::new(&column.name, data_type, true).with_metadata(notes)
}

fn array(table: &Table, index: usize) -> ArrayRef {
    let values = table.rows.iter().map(|row| &row[index]);
    match table.columns[index].digits.kind() {
        Kind::Text => Arc::new(StringArray::from_iter(values.map(|value| match value {
            Value::Text(text) => Some(text),
            _ => None,
        }))),
        Kind::Int => Arc::new(Int64Array::from_iter(values.map(|value| match value {
            Value::Int(number) => Some(*number),
            _ => None,
        }))),
        Kind::Float => Arc::new(Float64Array::from_iter(values.map(|value| match value {
            Value::Float(number) => Some(*number),
            _ => None,
        }))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int64Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    #[test]
    fn what_is_written_reads_back() {
        let table = sample();
        let bytes = bytes::Bytes::from(parquet(&table).unwrap());
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
        let schema = Arc::clone(reader.schema());
        assert_eq!(schema.field(3).metadata()["unit"], "km2");
        assert_eq!(schema.field(3).metadata()["description"], "Area, \"true\".");
        let notes = reader
            .metadata()
            .file_metadata()
            .key_value_metadata()
            .unwrap()
            .clone();
        assert!(
            notes
                .iter()
                .any(|n| n.key == "title" && n.value.as_ref() == Some(&table.title))
        );

        let batch = reader.build().unwrap().next().unwrap().unwrap();
        assert_eq!(batch.num_rows(), 3);
        assert_eq!(
            batch.column(0).as_string::<i32>().value(0),
            "Сэлэнгэ, \"x\""
        );
        assert_eq!(batch.column(1).as_primitive::<Int64Type>().value(2), 2003);
        assert!(batch.column(2).is_null(2));
        assert_eq!(
            batch.column(4).as_primitive::<Float64Type>().value(1),
            1.0 / 3.0
        );
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let bytes = parquet(&sample()).unwrap();
        for _ in 0..20 {
            assert_eq!(parquet(&sample()).unwrap(), bytes);
        }
    }

    #[test]
    fn no_rows_and_no_columns_are_files_too() {
        let mut table = sample();
        table.rows.clear();
        assert!(parquet(&table).is_ok());
    }
}
