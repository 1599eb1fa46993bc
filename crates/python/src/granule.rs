//! HDF4 files: what they hold, and their numbers straight into numpy's memory.

use std::path::PathBuf;

use hdf4::limits::{DEFLATE_MAX_RATIO, SPARSE_ALLOWANCE_BYTES};
use hdf4::{Attribute, AttributeValue, Dataset, Hdf4File, Layout, NumberType, ReadReport, Scratch};
use numpy::{PyArray1, PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{ArgumentError, GranuleError, opening, reading};
use crate::guard::guarded;

/// An open file.
#[pyclass(frozen, module = "nutag._native")]
pub(crate) struct File(Hdf4File);

/// Name, shape, numpy's name of the type or none, names of the dimensions, layout, coder, shape of
/// the chunks.
type Described = (
    String,
    Vec<usize>,
    Option<&'static str>,
    Vec<String>,
    &'static str,
    Option<&'static str>,
    Option<Vec<usize>>,
);

/// Name, rows and columns, both corners, projection with its parameters and sphere, fields.
type Grid = (
    String,
    (usize, usize),
    Option<(f64, f64)>,
    Option<(f64, f64)>,
    String,
    Vec<f64>,
    Option<i64>,
    Vec<String>,
);

/// Missing chunks, missing cells.
type Missing = (u64, u64);

guarded! {
    #[pymethods]
    impl File {
        #[new]
        fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
            let file = py.detach(|| Hdf4File::open(path));
            Ok(Self(file.map_err(|error| opening(&error))?))
        }

        fn datasets(&self) -> PyResult<Vec<Described>> {
            Ok(self.0.datasets().iter().map(described).collect())
        }

        fn attributes<'py>(&self, py: Python<'py>, index: Option<usize>) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
            let attributes = match index {
                Some(index) => self.dataset(index)?.attributes(),
                None => self.0.attributes(),
            };
            attributes.iter().map(|attribute| value(py, attribute)).collect()
        }

        fn grids(&self) -> PyResult<Vec<Grid>> {
            let grids = self.0.eos_grids().map_err(|error| reading(&error))?;
            Ok(grids.into_iter().map(grid).collect())
        }

        fn find(&self, name: &str) -> PyResult<usize> {
            let found = self.0.dataset(name).map_err(|error| reading(&error))?;
            let at = self.0.datasets().iter().position(|dataset| std::ptr::eq(dataset, found));
            at.ok_or_else(|| GranuleError::new_err(format!("SDS '{name}' is not in its own file")))
        }

        fn stored_bytes(&self, py: Python<'_>, index: usize) -> PyResult<u64> {
            let dataset = self.dataset(index)?;
            py.detach(|| self.0.stored_bytes(dataset)).map_err(|error| reading(&error))
        }

        /// Bytes that a file of this length can hold unpacked.
        fn largest_bytes(&self) -> PyResult<u64> {
            let held = self.0.length_bytes().saturating_mul(DEFLATE_MAX_RATIO);
            Ok(held.max(SPARSE_ALLOWANCE_BYTES))
        }

        fn read_into(
            &self,
            index: usize,
            start: Vec<usize>,
            count: Vec<usize>,
            out: &Bound<'_, PyAny>,
        ) -> PyResult<Missing> {
            let dataset = self.dataset(index)?;
            let wanted = Wanted { file: &self.0, dataset, start: &start, count: &count };
            let report = match dataset.number_type() {
                NumberType::I8 => wanted.read::<i8>(out),
                NumberType::U8 | NumberType::Char | NumberType::UChar => wanted.read::<u8>(out),
                NumberType::I16 => wanted.read::<i16>(out),
                NumberType::U16 => wanted.read::<u16>(out),
                NumberType::I32 => wanted.read::<i32>(out),
                NumberType::U32 => wanted.read::<u32>(out),
                NumberType::F32 => wanted.read::<f32>(out),
                NumberType::F64 => wanted.read::<f64>(out),
                other => Err(not_read(dataset, other)),
            }?;
            Ok((report.missing_chunks, report.missing_cells))
        }
    }
}

impl File {
    fn dataset(&self, index: usize) -> PyResult<&Dataset> {
        let found = self.0.datasets().get(index);
        found.ok_or_else(|| ArgumentError::new_err(format!("no SDS has the number {index}")))
    }
}

/// A box of numbers of a file.
struct Wanted<'a> {
    file: &'a Hdf4File,
    dataset: &'a Dataset,
    start: &'a [usize],
    count: &'a [usize],
}

impl Wanted<'_> {
    /// Reads it into an array of its own type, with the interpreter free for others meanwhile.
    fn read<T: Number>(&self, out: &Bound<'_, PyAny>) -> PyResult<ReadReport> {
        let wrong = |found: String| {
            ArgumentError::new_err(format!(
                "out: expected a writable C-contiguous array of {} of shape {:?}, found {found}",
                T::NAME,
                self.count
            ))
        };
        let array = out
            .cast::<PyArrayDyn<T>>()
            .map_err(|_| wrong(describe(out)))?;
        if array.shape() != self.count || !array.is_c_contiguous() {
            return Err(wrong(describe(out)));
        }
        let mut writable = array
            .try_readwrite()
            .map_err(|_| wrong("one that is read-only or in use by another call".to_owned()))?;
        let numbers = writable
            .as_slice_mut()
            .map_err(|error| wrong(error.to_string()))?;
        let fill = self.dataset.attribute("_FillValue").and_then(T::fill);
        let read = out.py().detach(|| {
            let mut scratch = Scratch::new();
            let Self {
                file,
                dataset,
                start,
                count,
            } = self;
            match fill {
                Some(fill) => file.read_window_with_fill_into(
                    dataset,
                    start,
                    count,
                    fill,
                    numbers,
                    &mut scratch,
                ),
                None => file.read_window_into(dataset, start, count, numbers, &mut scratch),
            }
        });
        read.map_err(|error| reading(&error))
    }
}

/// A number that both HDF4 and numpy have.
trait Number: hdf4::Element + numpy::Element {
    /// The one number of an attribute, if it is one and of exactly this value.
    fn fill(attribute: &Attribute) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Number for $number {
            fn fill(attribute: &Attribute) -> Option<Self> {
                let wide = attribute.as_f64()?;
                let here = wide as Self;
                let same = f64::from(here) == wide || wide.is_nan() && f64::from(here).is_nan();
                same.then_some(here)
            }
        }
    )+};
}
numbers!(i8, u8, i16, u16, i32, u32, f32, f64);

/// Type and shape of what was given as an array.
fn describe(out: &Bound<'_, PyAny>) -> String {
    let part = |name| {
        let value = out.getattr(name).and_then(|value| value.str());
        value.map(|text| text.to_string())
    };
    match (part("dtype"), part("shape")) {
        (Ok(dtype), Ok(shape)) => format!("an array of {dtype} of shape {shape}"),
        _ => format!("a {}", out.get_type()),
    }
}

fn not_read(dataset: &Dataset, stored: NumberType) -> PyErr {
    GranuleError::new_err(format!(
        "SDS '{}': numbers of the type {stored} are not supported; supported are integers to 32 bits and floats",
        dataset.name()
    ))
}

fn described(dataset: &Dataset) -> Described {
    let dtype = match dataset.number_type() {
        NumberType::I8 => Some("int8"),
        NumberType::U8 | NumberType::Char | NumberType::UChar => Some("uint8"),
        NumberType::I16 => Some("int16"),
        NumberType::U16 => Some("uint16"),
        NumberType::I32 => Some("int32"),
        NumberType::U32 => Some("uint32"),
        NumberType::F32 => Some("float32"),
        NumberType::F64 => Some("float64"),
        _ => None,
    };
    let dimensions = dataset.dimensions().iter().map(|d| d.name.clone());
    let (layout, coder, chunks) = match dataset.layout() {
        Layout::Empty => ("empty", None, None),
        Layout::Contiguous => ("contiguous", None, None),
        Layout::LinkedBlocks => ("linked blocks", None, None),
        Layout::External { .. } => ("external file", None, None),
        Layout::Compressed { coder } => ("one stream", Some(coder.name()), None),
        Layout::Chunked { chunk_shape, coder } => {
            ("chunked", Some(coder.name()), Some(chunk_shape.clone()))
        }
        _ => ("other", None, None),
    };
    (
        dataset.name().to_owned(),
        dataset.shape().to_vec(),
        dtype,
        dimensions.collect(),
        layout,
        coder,
        chunks,
    )
}

fn grid(grid: hdf4::eos::Grid) -> Grid {
    let fields = grid.fields.into_iter().map(|field| field.name);
    (
        grid.name,
        (grid.rows, grid.cols),
        grid.upper_left_m,
        grid.lower_right_m,
        grid.projection,
        grid.projection_parameters,
        grid.sphere_code,
        fields.collect(),
    )
}

/// An attribute as Python has it: a text, bytes, one number, or an array of numbers.
fn value<'py>(py: Python<'py>, attribute: &Attribute) -> PyResult<(String, Bound<'py, PyAny>)> {
    fn numbers<'py, T>(py: Python<'py>, numbers: &[T]) -> PyResult<Bound<'py, PyAny>>
    where
        T: numpy::Element + Copy + IntoPyObject<'py>,
    {
        match numbers {
            [one] => (*one).into_bound_py_any(py),
            many => Ok(PyArray1::from_slice(py, many).into_any()),
        }
    }
    let value = match &attribute.value {
        AttributeValue::Text(text) => text.as_str().into_pyobject(py)?.into_any(),
        AttributeValue::I8(n) => numbers(py, n)?,
        AttributeValue::U8(n) => numbers(py, n)?,
        AttributeValue::I16(n) => numbers(py, n)?,
        AttributeValue::U16(n) => numbers(py, n)?,
        AttributeValue::I32(n) => numbers(py, n)?,
        AttributeValue::U32(n) => numbers(py, n)?,
        AttributeValue::F32(n) => numbers(py, n)?,
        AttributeValue::F64(n) => numbers(py, n)?,
        AttributeValue::Other { bytes, .. } => PyBytes::new(py, bytes).into_any(),
        _ => py.None().into_bound(py),
    };
    Ok((attribute.name.clone(), value))
}
