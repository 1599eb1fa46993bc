//! Trends of one series and of blocks of cells.

use std::thread;

use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods,
};
use nutag_stats::cells::{CellKernel, CellTrends, CellTrendsMut, Raw};
use nutag_stats::mann_kendall::mann_kendall;
use nutag_stats::slope::{InterceptForm, IntervalMethod, ols, theil_sen};
use nutag_stats::{Series, StatsError, multiplicity};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::{ArgumentError, asking};
use crate::guard::guarded;

/// n, gaps, mean, OLS slope, Theil-Sen slope, its interval (low, high, coverage, where from),
/// S, tie term, p, where from.
type Trend = (
    usize,
    usize,
    f64,
    f64,
    f64,
    (f64, f64, f64, &'static str),
    i64,
    u64,
    f64,
    &'static str,
);

guarded! {
    #[pyfunction]
    pub(crate) fn trend(times: Vec<f64>, values: Vec<f64>, level: f64) -> PyResult<Trend> {
        one_series(&times, &values, level).map_err(|error| asking(&error))
    }

    #[pyfunction]
    pub(crate) fn trend_cells<'py>(
        times: Vec<i32>,
        stack: &Bound<'py, PyAny>,
        valid: Option<&Bound<'py, PyAny>>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        let valid = valid.map(|valid| readable::<bool>(valid, "valid")).transpose()?;
        if let Ok(stack) = readable::<i16>(stack, "stack") {
            block(&times, &stack, valid.as_ref(), threads)
        } else if let Ok(stack) = readable::<u16>(stack, "stack") {
            block(&times, &stack, valid.as_ref(), threads)
        } else {
            block(&times, &readable::<i32>(stack, "stack")?, valid.as_ref(), threads)
        }
    }

    /// Tests, tests rejected, the largest p that is rejected.
    #[pyfunction]
    pub(crate) fn benjamini_hochberg(p: &Bound<'_, PyAny>, q: f64) -> PyResult<(u64, u64, Option<f64>)> {
        let wrong = || ArgumentError::new_err("p: expected a contiguous array of float64");
        let array = p.cast::<PyArray1<f64>>().map_err(|_| wrong())?;
        let array = array.try_readonly().map_err(|_| wrong())?;
        let values = array.as_slice().map_err(|_| wrong())?;
        let cut = p.py().detach(|| multiplicity::benjamini_hochberg(values, q));
        let cut = cut.map_err(|error| asking(&error))?;
        Ok((cut.tests, cut.rejected, cut.p_cut))
    }
}

/// All that is asked of one series; what its values are too few for is not a number.
fn one_series(times: &[f64], values: &[f64], level: f64) -> Result<Trend, StatsError> {
    let values: Vec<_> = values
        .iter()
        .map(|&value| (!value.is_nan()).then_some(value))
        .collect();
    let series = Series::new(times, &values)?;
    let (n, gaps) = (series.n(), series.gaps());
    if n < 2 {
        let mean = series.values().first().copied().unwrap_or(f64::NAN);
        let none = f64::NAN;
        let interval = (none, none, none, "none");
        return Ok((n, gaps, mean, none, none, interval, 0, 0, none, "none"));
    }
    let sen = theil_sen(&series, InterceptForm::Conover, level)?;
    let test = mann_kendall(&series)?;
    let (mean, ols_slope) = match ols(&series) {
        Ok(line) => (line.mean_value, line.slope),
        // Through two points there is one line.
        Err(StatsError::TooFew { .. }) => (
            f64::midpoint(series.values()[0], series.values()[1]),
            sen.slope,
        ),
        Err(other) => return Err(other),
    };
    let method = match sen.interval.method {
        IntervalMethod::Exact => "exact",
        IntervalMethod::Normal => "normal-tie-corrected",
    };
    let interval = (
        sen.interval.low,
        sen.interval.high,
        sen.interval.coverage,
        method,
    );
    let p_method = test.p_method.name();
    Ok((
        n,
        gaps,
        mean,
        ols_slope,
        sen.slope,
        interval,
        test.s,
        test.tie_term,
        test.p,
        p_method,
    ))
}

/// An array of (time, cell) that nobody writes while it is read.
fn readable<'py, T: numpy::Element>(
    given: &Bound<'py, PyAny>,
    what: &str,
) -> PyResult<PyReadonlyArray2<'py, T>> {
    let wrong = |why: &str| {
        ArgumentError::new_err(format!(
            "{what}: expected a C-contiguous array of (time, cell), found {why}"
        ))
    };
    let array = given
        .cast::<PyArray2<T>>()
        .map_err(|_| wrong("another type"))?;
    if !array.is_c_contiguous() {
        return Err(wrong("another layout"));
    }
    array
        .try_readonly()
        .map_err(|_| wrong("one that another call is writing"))
}

/// Rows of an array of (time, cell).
fn rows<'a, T: numpy::Element>(array: &'a PyReadonlyArray2<'_, T>) -> PyResult<Vec<&'a [T]>> {
    let cells = array.shape()[1];
    let all = array
        .as_slice()
        .map_err(|error| ArgumentError::new_err(error.to_string()))?;
    let row = |time: usize| &all[time * cells..(time + 1) * cells];
    Ok((0..array.shape()[0]).map(row).collect())
}

fn block<'py, T>(
    times: &[i32],
    stack: &PyReadonlyArray2<'py, T>,
    valid: Option<&PyReadonlyArray2<'py, bool>>,
    threads: usize,
) -> PyResult<Bound<'py, PyDict>>
where
    T: Raw + numpy::Element + Sync,
{
    let py = stack.py();
    let kernel = CellKernel::new(times).map_err(|error| asking(&error))?;
    let values = rows(stack)?;
    let valid = valid.map(rows).transpose()?;
    let trends = py.detach(|| spread(&kernel, &values, valid.as_deref(), threads));
    let trends = trends.map_err(|error| asking(&error))?;
    let given = PyDict::new(py);
    given.set_item("n", trends.n.into_pyarray(py))?;
    given.set_item("mean", trends.mean.into_pyarray(py))?;
    given.set_item("ols_slope", trends.ols_slope.into_pyarray(py))?;
    given.set_item("sen_slope", trends.sen_slope.into_pyarray(py))?;
    given.set_item("s", trends.s.into_pyarray(py))?;
    given.set_item("tie_term", trends.tie_term.into_pyarray(py))?;
    given.set_item("p", trends.p.into_pyarray(py))?;
    Ok(given)
}

/// Shares the cells out to threads; each cell depends on its own values alone.
fn spread<T: Raw + Sync>(
    kernel: &CellKernel,
    values: &[&[T]],
    valid: Option<&[&[bool]]>,
    threads: usize,
) -> Result<CellTrends, StatsError> {
    let cells = values.first().map_or(0, |row| row.len());
    let mut trends = CellTrends::new(cells);
    let share = cells.div_ceil(threads.max(1)).max(1);
    // Lengths are compared before rows are cut, so that the message names them as they were given.
    if share >= cells || !same_lengths(kernel, values, valid) {
        kernel.run(values, valid, &mut trends.as_mut())?;
        return Ok(trends);
    }
    let mut rest = trends.as_mut();
    thread::scope(|scope| {
        let mut working = Vec::new();
        let mut start = 0;
        while start < cells {
            let end = (start + share).min(cells);
            let (mut mine, others): (CellTrendsMut<'_>, _) = rest.split_at(end - start);
            rest = others;
            working.push(scope.spawn(move || {
                let values: Vec<_> = values.iter().map(|row| &row[start..end]).collect();
                let valid = valid.map(|valid| {
                    let rows = valid.iter().map(|row| &row[start..end]);
                    rows.collect::<Vec<_>>()
                });
                kernel.run(&values, valid.as_deref(), &mut mine)
            }));
            start = end;
        }
        for thread in working {
            // A panic of a thread goes on here, to the guard.
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok(())
    })?;
    Ok(trends)
}

fn same_lengths<T>(kernel: &CellKernel, values: &[&[T]], valid: Option<&[&[bool]]>) -> bool {
    let cells = values.first().map_or(0, |row| row.len());
    values.len() == kernel.times().len()
        && valid.is_none_or(|valid| {
            valid.len() == values.len() && valid.iter().all(|row| row.len() == cells)
        })
}
