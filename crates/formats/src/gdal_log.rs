//! GDAL's own messages: kept for our errors instead of printed.

use std::cell::RefCell;
use std::sync::Once;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Stops GDAL from printing to standard error, once for the process. GDAL calls the handler on the
/// thread that caused the message, and each thread keeps its own last one.
pub fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        gdal::config::set_error_handler(|_, _, message| {
            LAST.with(|last| *last.borrow_mut() = Some(message.trim().to_owned()));
        });
    });
}

/// Forgets what this thread was told so far.
pub(crate) fn clear() {
    LAST.with(|last| last.borrow_mut().take());
}

/// The last message on this thread since [`clear`].
pub(crate) fn take() -> Option<String> {
    LAST.with(|last| last.borrow_mut().take())
}
