//! A panic becomes an exception.
//!
//! PyO3 turns a panic into a `PanicException`, which is no `Exception`: `except Exception` does
//! not see it, and a Dask worker that meets it never answers for its task. What stands inside
//! [`guarded!`] raises `nutag.InternalError` instead, a `RuntimeError`.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;

use crate::error::InternalError;

/// Declares functions, or the methods of a class, that are called from Python.
///
/// The whole body of each runs inside [`run`].
macro_rules! guarded {
    ($(
        $(#[$note:meta])*
        $seen:vis fn $name:ident $(<$life:lifetime>)? ($($argument:tt)*) -> PyResult<$given:ty>
        $body:block
    )+) => {
        $(
            $(#[$note])*
            $seen fn $name $(<$life>)? ($($argument)*) -> ::pyo3::PyResult<$given> {
                $crate::guard::run(move || $body)
            }
        )+
    };
    ($(#[$class_note:meta])* impl $class:ident {$(
        $(#[$note:meta])*
        fn $name:ident $(<$life:lifetime>)? ($($argument:tt)*) -> PyResult<$given:ty>
        $body:block
    )+}) => {
        $(#[$class_note])*
        impl $class {
            $(
                $(#[$note])*
                fn $name $(<$life>)? ($($argument)*) -> ::pyo3::PyResult<$given> {
                    $crate::guard::run(move || $body)
                }
            )+
        }
    };
}
pub(crate) use guarded;

/// Does some work; a panic in it is an `InternalError`.
///
/// Nothing that a panic may have left half done is seen again: exports share no state that they
/// change but locks, which refuse after a panic, and buffers, whose content the caller drops with
/// the exception.
pub(crate) fn run<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let text = said(payload.as_ref());
        Err(InternalError::new_err(format!(
            "a fault in nutag itself, not in what it was given: {text}; please report it with what was being read"
        )))
    })
}

/// The text of a panic.
fn said(payload: &(dyn Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text")
}

guarded! {
    /// Panics, here or on a thread of its own, so that a test sees what becomes of it.
    #[pyfunction]
    #[pyo3(signature = (text, elsewhere = false))]
    pub(crate) fn _panic_for_test(py: Python<'_>, text: &str, elsewhere: bool) -> PyResult<()> {
        if elsewhere {
            return crate::plan::beside(py, |_| panic!("{text}"));
        }
        panic!("{text}")
    }
}
