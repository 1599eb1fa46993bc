//! Reading through a library that panics on damaged files.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `read` gives, or `None` where the library below it panics: a damaged
/// file makes some of them fail in the middle of a listing.
///
/// The message that Rust prints at a panic comes from a hook, which belongs
/// to the program: see [`is_guarded`].
pub(crate) fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outer);
    result.ok()
}

/// Whether a panic on this thread, now, becomes an error about a damaged file,
/// so that a panic hook has nothing to say.
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_nothing_and_the_guard_ends() {
        let read = || -> u8 {
            assert!(is_guarded());
            assert_eq!(guarded(|| 1), Some(1));
            assert!(is_guarded(), "the outer guard still stands");
            panic!("as a library does on a damaged file")
        };
        assert_eq!(guarded(read), None);
        assert!(!is_guarded());
    }
}
