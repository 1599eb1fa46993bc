//! What GDAL does by itself, held in bounds: its messages are kept for our errors instead of
//! printed, and its cache of blocks takes a stated amount of memory.

use std::cell::RefCell;
use std::sync::Once;

const CACHE: &str = "GDAL_CACHEMAX";
/// Megabytes.
const CACHE_MB: &str = "64";

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Stops GDAL from printing to standard error, once for the process. GDAL calls the handler on the
/// thread that caused the message, and each thread keeps its own last one.
pub(crate) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        gdal::config::set_error_handler(|_, _, message| {
            LAST.with(|last| *last.borrow_mut() = Some(message.trim().to_owned()));
        });
        // Otherwise a twentieth of the machine's memory, and blocks are hardly ever met again.
        // Whoever sets it in the environment knows better. It changes no number.
        if gdal::config::get_config_option(CACHE, "").is_ok_and(|set| set.is_empty()) {
            let _ = gdal::config::set_config_option(CACHE, CACHE_MB);
        }
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
