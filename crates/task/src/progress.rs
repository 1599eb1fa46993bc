//! How the work tells how far it is, without knowing who listens.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;

/// Listens to long work. Calls come from many threads.
pub trait Progress: Sync {
    /// A piece of work of `total` steps begins; it ends the piece before.
    fn begin(&self, what: &str, total: u64, unit: Unit);
    /// Some steps are done.
    fn advance(&self, steps: u64);
    /// The last piece of work has ended.
    fn finish(&self);
    /// Something the user should know although the work goes on.
    fn warn(&self, message: &str);
}

/// Ends work that the user has stopped.
///
/// # Errors
/// [`Error::Interrupted`], once `stop` is raised.
pub fn check_stop(stop: &AtomicBool) -> Result<(), Error> {
    if stop.load(Ordering::Relaxed) {
        Err(Error::Interrupted)
    } else {
        Ok(())
    }
}

/// What the steps of a piece of work are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Files, tiles, tasks.
    Items,
    /// Bytes read.
    Bytes,
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64, _: Unit) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
    fn warn(&self, _: &str) {}
}
