//! The threads of a run.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::{Error, Problem};

/// Does work on threads of its own, and returns when they have ended.
///
/// GDAL and PROJ keep what belongs to a thread until its end. A thread that
/// still ends while the process does frees it a second time, beside the
/// libraries' own cleaning up; so the end of each is waited for.
///
/// # Errors
/// Threads that cannot be started.
pub fn on_threads<T: Send>(
    threads: Option<u16>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Error> {
    let started: Arc<Mutex<Vec<JoinHandle<()>>>> = Arc::default();
    let handles = Arc::clone(&started);
    let mut pool = rayon::ThreadPoolBuilder::new().spawn_handler(move |thread| {
        let handle = std::thread::Builder::new().spawn(|| thread.run())?;
        handles
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(handle);
        Ok(())
    });
    if let Some(threads) = threads {
        pool = pool.num_threads(usize::from(threads));
    }
    let pool = pool.build().map_err(|error| {
        Problem::new(format!("the threads cannot be started: {error}"))
            .advice("try fewer with --threads")
            .failed()
    })?;
    let result = pool.install(work);
    drop(pool);
    let started = std::mem::take(&mut *started.lock().unwrap_or_else(PoisonError::into_inner));
    for thread in started {
        // A panic in the work has been passed on by `install`.
        let _ = thread.join();
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rayon::prelude::*;

    use super::*;

    static ENDED: AtomicUsize = AtomicUsize::new(0);

    /// Ends with its thread, and slowly.
    struct OfThread;

    impl Drop for OfThread {
        fn drop(&mut self) {
            std::thread::sleep(std::time::Duration::from_millis(50));
            ENDED.fetch_add(1, Ordering::SeqCst);
        }
    }

    thread_local! {
        static KEPT: RefCell<Option<OfThread>> = const { RefCell::new(None) };
    }

    #[test]
    fn what_belongs_to_the_threads_has_ended_with_the_work() {
        let sum: u64 = on_threads(Some(3), || {
            rayon::broadcast(|_| KEPT.with(|kept| *kept.borrow_mut() = Some(OfThread)));
            (0..1000_u64).into_par_iter().sum()
        })
        .unwrap();
        assert_eq!((sum, ENDED.load(Ordering::SeqCst)), (499_500, 3));
    }
}
