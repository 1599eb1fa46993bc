//! Errors of the crates below as exceptions of the package.

use hdf4::ErrorKind;
use nutag_stats::StatsError;
use pyo3::PyErr;
use pyo3::exceptions::PyOSError;
use pyo3::import_exception;

import_exception!(nutag._errors, ArgumentError);
import_exception!(nutag._errors, GranuleError);
import_exception!(nutag._errors, InternalError);
import_exception!(nutag._errors, TableError);
import_exception!(nutag._errors, TaskError);

/// A granule that cannot be opened: the system's own exception where it is the system that refuses.
pub(crate) fn opening(error: &hdf4::Error) -> PyErr {
    if let (ErrorKind::Io { cause, .. }, Some(file)) = (error.kind(), error.file())
        && let Some(number) = cause.raw_os_error()
    {
        // Python makes FileNotFoundError, PermissionError, ... of the number.
        return PyOSError::new_err((
            number,
            error.kind().to_string(),
            file.as_os_str().to_owned(),
        ));
    }
    GranuleError::new_err(error.to_string())
}

/// A granule that cannot be read.
pub(crate) fn reading(error: &hdf4::Error) -> PyErr {
    GranuleError::new_err(error.to_string())
}

/// A statistic that was asked wrongly.
pub(crate) fn asking(error: &StatsError) -> PyErr {
    ArgumentError::new_err(error.to_string())
}

/// A plan, a task or a merge that cannot go on.
pub(crate) fn tasking(error: &nutag_problem::Error) -> PyErr {
    TaskError::new_err(error.to_string())
}
