//! Patience: tries that may succeed are tried again, with growing waits.

use std::time::{Duration, Instant};

use nutag_problem::{Error, Problem, Watch};

use crate::web::Failure;

/// Tries without any progress before it is given up.
pub const MOST_TRIES: u32 = 5;

/// Tries until it succeeds, no other try would help, or [`MOST_TRIES`] brought nothing.
///
/// The work is told which try it is, from 0.
pub fn patiently<T>(
    watch: &Watch<'_>,
    mut work: impl FnMut(u32) -> Result<T, Failure>,
) -> Result<T, Error> {
    for attempt in 0.. {
        match work(attempt) {
            Ok(done) => return Ok(done),
            Err(Failure::Final(error)) => return Err(error),
            Err(Failure::Again { what, .. }) if attempt + 1 >= MOST_TRIES => {
                let problem = Problem::new(format!("{what}; tried {MOST_TRIES} times"));
                let advice = "run the same command again later; it goes on from here";
                return Err(problem.advice(advice).failed());
            }
            Err(Failure::Again { wait, .. }) => {
                pause(
                    watch,
                    wait.unwrap_or(Duration::from_millis(500) * 2_u32.pow(attempt)),
                )?;
            }
        }
    }
    Err(Error::Interrupted)
}

/// Waits, but not longer than the user wants to.
pub fn pause(watch: &Watch<'_>, wait: Duration) -> Result<(), Error> {
    let end = Instant::now() + wait;
    while let Some(left) = end
        .checked_duration_since(Instant::now())
        .filter(|d| !d.is_zero())
    {
        watch.check()?;
        std::thread::sleep(left.min(Duration::from_millis(100)));
    }
    watch.check()
}
