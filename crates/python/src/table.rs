//! Tables of a result as Arrow, typed by what the result says of its columns.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::error::TableError;
use crate::guard::guarded;

/// Rows under typed columns.
#[pyclass(frozen, module = "nutag._native")]
pub(crate) struct Batch(pub(crate) RecordBatch);

/// Name, kind, unit, description.
type Column = (String, String, String, String);

guarded! {
    #[pymethods]
    impl Batch {
        fn rows(&self) -> PyResult<usize> {
            Ok(self.0.num_rows())
        }

        fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
            let reader = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
            let stream = FFI_ArrowArrayStream::new(Box::new(reader));
            PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
        }

        fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
            let schema = FFI_ArrowSchema::try_from(self.0.schema().as_ref());
            let schema = schema.map_err(|error| TableError::new_err(error.to_string()))?;
            PyCapsule::new_with_value(py, schema, c"arrow_schema")
        }
    }
}

guarded! {
    /// Reads `<folder>/<name>.csv` as `<folder>/<name>.columns.csv` says.
    #[pyfunction]
    pub(crate) fn read_table(py: Python<'_>, folder: PathBuf, name: &str) -> PyResult<(Batch, Vec<Column>)> {
        let read = py.detach(|| read(&folder, name));
        let (batch, columns) = read.map_err(TableError::new_err)?;
        Ok((Batch(batch), columns))
    }
}

/// The cells of a csv file, line by line, the heading first.
fn lines(path: &Path) -> Result<Vec<csv::StringRecord>, String> {
    let place = |error: csv::Error| {
        format!(
            "{}: cannot be read: {error}; every result holds its tables as csv unless its pipeline file leaves them out",
            path.display()
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .map_err(place)?;
    reader.records().collect::<Result<_, _>>().map_err(place)
}

fn read(folder: &Path, name: &str) -> Result<(RecordBatch, Vec<Column>), String> {
    let described = folder.join(format!("{name}.columns.csv"));
    let mut columns = Vec::new();
    for line in lines(&described)?.iter().skip(1) {
        let [column, kind, unit, description] = line.iter().collect::<Vec<_>>()[..] else {
            return Err(format!(
                "{}: expected four fields a line, found {}; the result is damaged, make it again",
                described.display(),
                line.len()
            ));
        };
        columns.push((
            column.to_owned(),
            kind.to_owned(),
            unit.to_owned(),
            description.to_owned(),
        ));
    }
    let path = folder.join(format!("{name}.csv"));
    let rows = lines(&path)?;
    let wrong = |found: &str| {
        format!(
            "{}: expected the columns that {} names, found {found}; both must come from one result",
            path.display(),
            described.display()
        )
    };
    let Some((heading, rows)) = rows.split_first() else {
        return Err(wrong("an empty file"));
    };
    if !heading
        .iter()
        .eq(columns.iter().map(|column| column.0.as_str()))
    {
        return Err(wrong(&heading.iter().collect::<Vec<_>>().join(", ")));
    }
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let (array, data_type) = array(rows, at, column).map_err(|why| {
            format!(
                "{}: {why}; the result is damaged, make it again",
                path.display()
            )
        })?;
        let (name, _, unit, description) = column;
        fields.push(noted(name, unit, description, data_type));
        arrays.push(array);
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
    let batch = batch.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((batch, columns))
}

/// A field that says what it is.
pub(crate) fn noted(name: &str, unit: &str, description: &str, data_type: DataType) -> Field {
    let notes = [("unit", unit), ("description", description)];
    let notes: HashMap<_, _> = notes
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    Field::new(name, data_type, true).with_metadata(notes)
}

/// One column; an empty field is a missing value.
fn array(
    rows: &[csv::StringRecord],
    at: usize,
    (name, kind, ..): &Column,
) -> Result<(ArrayRef, DataType), String> {
    let fields = || {
        rows.iter().map(|row| {
            let field = row.get(at).unwrap_or_default();
            (!field.is_empty()).then_some(field)
        })
    };
    match kind.as_str() {
        "text" => Ok((Arc::new(StringArray::from_iter(fields())), DataType::Utf8)),
        "integer" => {
            let numbers = fields().map(|field| number::<i64>(field, name, kind));
            let numbers = numbers.collect::<Result<Int64Array, _>>()?;
            Ok((Arc::new(numbers), DataType::Int64))
        }
        "number" => {
            let numbers = fields().map(|field| number::<f64>(field, name, kind));
            let numbers = numbers.collect::<Result<Float64Array, _>>()?;
            Ok((Arc::new(numbers), DataType::Float64))
        }
        other => Err(format!(
            "column {name}: expected the kind text, integer or number, found {other}"
        )),
    }
}

fn number<T: std::str::FromStr>(
    field: Option<&str>,
    column: &str,
    kind: &str,
) -> Result<Option<T>, String> {
    let Some(field) = field else {
        return Ok(None);
    };
    match field.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(format!("column {column}: expected {kind}, found '{field}'")),
    }
}
