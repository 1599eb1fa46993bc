//! The threads of a run.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::{Error, Problem};

/// A pool of threads whose end is waited for.
///
/// GDAL and PROJ keep what belongs to a thread until its end. A thread that
/// still ends while the process does frees it a second time, beside the
/// libraries' own cleaning up; so the end of each is waited for.
struct Pool {
    /// `None` only while it is dropped.
    pool: Option<rayon::ThreadPool>,
    started: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Pool {
    fn start(threads: Option<usize>) -> Result<Self, Error> {
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
            pool = pool.num_threads(threads);
        }
        let pool = pool.build().map_err(|error| {
            Problem::new(format!("the threads cannot be started: {error}"))
                .advice("try fewer with --threads")
                .failed()
        })?;
        Ok(Self {
            pool: Some(pool),
            started,
        })
    }

    fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        drop(self.pool.take());
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in started.drain(..) {
            // A panic in the work has been passed on by `install`.
            let _ = thread.join();
        }
    }
}

/// Does work on threads of its own, and returns when they have ended.
///
/// # Errors
/// Threads that cannot be started.
pub fn on_threads<T: Send>(
    threads: Option<u16>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Error> {
    Ok(Pool::start(threads.map(usize::from))?.install(work))
}

/// The threads that the inside of a task is spread over.
#[derive(Clone, Copy)]
pub struct Crew<'a>(Option<&'a Pool>);

impl Crew<'_> {
    /// Those that the caller is on.
    #[must_use]
    pub fn here() -> Self {
        Self(None)
    }

    /// Does work on them.
    pub fn work<T: Send>(self, work: impl FnOnce() -> T + Send) -> T {
        match self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// Does something for each item, in order, with never more of them in hand at once than there are
/// threads; the inside of each is spread over all threads through its [`Crew`].
///
/// Each item has a thread of its own to wait on. A thread of a pool that waits for the inside of its
/// task takes up another task meanwhile, and yet another, and what all of them have opened is open at
/// once: how much, nobody could promise.
///
/// # Errors
/// Returns the first error of an item; those that have not begun by then are left.
pub fn side_by_side<T: Sync, R: Send, E: Send + From<Error>>(
    items: &[T],
    act: impl Fn(&T, Crew<'_>) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let threads = rayon::current_num_threads();
    let pool = Pool::start(Some(threads))?;
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let done: Mutex<BTreeMap<usize, Result<R, E>>> = Mutex::default();
    let hand = || {
        while !failed.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(i) else { break };
            let result = act(item, Crew(Some(&pool)));
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            done.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(i, result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(hand);
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_values().collect()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

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

    /// Each item waits for work on all threads, as a task waits for its windows.
    #[test]
    fn never_more_items_are_in_hand_than_there_are_threads() {
        for threads in [1, 2, 3] {
            let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let items: Vec<u64> = (0..40).collect();
            let sums = on_threads(Some(threads), || {
                side_by_side(&items, |item, crew| {
                    let in_hand = now.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(in_hand, Ordering::SeqCst);
                    let inside = |i: u64| {
                        std::thread::sleep(std::time::Duration::from_micros(i % 3 * 100));
                        i
                    };
                    let sum: u64 = crew.work(|| (0..*item).into_par_iter().map(inside).sum());
                    now.fetch_sub(1, Ordering::SeqCst);
                    Ok::<u64, Error>(sum)
                })
            });
            let sums = sums.unwrap().unwrap();
            let expected: Vec<u64> = items.iter().map(|n| n * n.saturating_sub(1) / 2).collect();
            assert_eq!(sums, expected, "in the order of the items");
            let most = most.into_inner();
            assert!(
                most <= usize::from(threads),
                "{most} with {threads} threads"
            );
        }
    }

    #[test]
    fn an_item_that_fails_ends_it() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..1000).collect();
        let result = on_threads(Some(2), || {
            side_by_side(&items, |item, _| {
                begun.fetch_add(1, Ordering::SeqCst);
                match item {
                    5.. => Err(Problem::new(format!("no {item}")).failed()),
                    item => Ok(*item),
                }
            })
        });
        let words = result.unwrap().unwrap_err().to_string();
        assert!(words.contains("no 5"), "{words}");
        assert!(begun.into_inner() < 1000);
    }
}
