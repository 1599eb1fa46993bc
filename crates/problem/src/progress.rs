//! How the work tells how far it is, without knowing who listens.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;

/// Listens to long work. Calls come from many threads.
pub trait Progress: Sync {
    /// A piece of work of `total` steps begins; it ends the piece before.
    fn begin(&self, what: &str, total: u64, unit: Steps);
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
pub enum Steps {
    /// Files, tiles, tasks.
    Items,
    /// Bytes read.
    Bytes,
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64, _: Steps) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
    fn warn(&self, _: &str) {}
}

/// How long work is watched: it tells how far it is, and looks whether it is to stop.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    progress: &'a dyn Progress,
    stop: &'a AtomicBool,
}

impl<'a> Watch<'a> {
    /// Tells `progress`, and stops once `stop` is raised.
    #[must_use]
    pub fn new(progress: &'a dyn Progress, stop: &'a AtomicBool) -> Self {
        Self { progress, stop }
    }

    /// Tells nobody, and is not stopped.
    #[must_use]
    pub fn unwatched() -> Watch<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Watch::new(&Silent, &NEVER)
    }

    /// Who listens.
    #[must_use]
    pub fn progress(&self) -> &'a dyn Progress {
        self.progress
    }

    /// The flag that ends the work.
    #[must_use]
    pub fn stop(&self) -> &'a AtomicBool {
        self.stop
    }

    /// A piece of work of `total` steps begins; it ends the piece before.
    pub fn begin(&self, what: &str, total: usize, unit: Steps) {
        self.progress.begin(what, total as u64, unit);
    }

    /// Some steps are done.
    ///
    /// # Errors
    /// Returns [`Error::Interrupted`] once the user has stopped the work.
    pub fn advance(&self, steps: usize) -> Result<(), Error> {
        self.progress.advance(steps as u64);
        self.check()
    }

    /// The last piece of work has ended.
    pub fn finish(&self) {
        self.progress.finish();
    }

    /// Something the user should know although the work goes on.
    pub fn warn(&self, message: &str) {
        self.progress.warn(message);
    }

    /// Looks whether the work is to stop.
    ///
    /// # Errors
    /// Returns [`Error::Interrupted`] once the user has stopped the work.
    pub fn check(&self) -> Result<(), Error> {
        check_stop(self.stop)
    }
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch")
            .field("stop", self.stop)
            .finish_non_exhaustive()
    }
}
