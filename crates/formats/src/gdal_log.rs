//! What GDAL does by itself, held in bounds: its messages are kept for our errors instead of
//! printed, and its cache of blocks takes a stated amount of memory.

use std::cell::RefCell;
use std::sync::Once;

use gdal::errors::CplErrType;

const CACHE: &str = "GDAL_CACHEMAX";
/// Megabytes.
const CACHE_MB: &str = "64";

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    static FAULT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Settings with which GDAL reaches no network: no address ends like this, and drivers of services
/// are not there.
const OFFLINE: [(&str, &str); 3] = [
    ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".offline"),
    (
        "GDAL_SKIP",
        "HTTP,WMS,WMTS,WCS,EEDA,EEDAI,PLMOSAIC,DAAS,OGCAPI,NGW,WFS,OAPIF,CSW,Carto,AmigoCloud,Elasticsearch,PLSCENES",
    ),
    // No file of settings: what it sets would move numbers on one machine and not on another. It is
    // read when the drivers are registered, so this must be said before.
    ("GDAL_CONFIG_FILE", ""),
];

/// Stops GDAL from printing to standard error, once for the process. GDAL calls the handler on the
/// thread that caused the message, and each thread keeps its own last one.
pub(crate) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Files that are here, and nothing else: a virtual raster may name an address, too.
        for (key, value) in OFFLINE {
            // What cannot be set, an old GDAL does not have.
            let _ = gdal::config::set_config_option(key, value);
        }
        gdal::config::set_error_handler(|kind, _, message| {
            // Debug messages come where somebody asks for them in the environment.
            if matches!(kind, CplErrType::None | CplErrType::Debug) {
                return;
            }
            let message = message.trim();
            if matches!(kind, CplErrType::Failure | CplErrType::Fatal) || is_loss(message) {
                FAULT.with(|fault| {
                    fault.borrow_mut().get_or_insert_with(|| message.to_owned());
                });
            }
            LAST.with(|last| *last.borrow_mut() = Some(message.to_owned()));
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

/// Forgets the faults that this thread was told of so far.
pub(crate) fn clear_fault() {
    FAULT.with(|fault| fault.borrow_mut().take());
}

/// The first fault on this thread since [`clear_fault`], whatever warnings came after it.
pub(crate) fn take_fault() -> Option<String> {
    FAULT.with(|fault| fault.borrow_mut().take())
}

/// Whether GDAL calls a warning what loses letters of a text.
fn is_loss(message: &str) -> bool {
    message.contains("couldn't be converted correctly")
}
