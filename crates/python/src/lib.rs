//! The hot path as a Python module: granules into numpy, trends of arrays, tables as Arrow, tasks
//! of a plan.
//!
//! Python imports this as `nutag._native`; the package around it, in `python/nutag`, is what users
//! see. Here is only what Python cannot do well. No C library is linked but the platform's own.
//!
//! Every function and method is declared inside [`guard::guarded!`], which turns a panic into
//! `nutag.InternalError`. Arguments that need more than a plain number, text or path are taken as
//! they come and looked at inside the guard. Long work lets the interpreter go, on threads that end
//! with the call.

mod error;
mod granule;
mod guard;
mod plan;
mod table;
mod tally;
mod trend;

use pyo3::pymodule;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::granule::File;
    #[pymodule_export]
    use super::guard::_panic_for_test;
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::table::{Batch, read_table};
    #[pymodule_export]
    use super::trend::{benjamini_hochberg, trend, trend_cells};
}
