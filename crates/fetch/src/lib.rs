//! Granules from NASA's archives: which there are, and downloading them.
//!
//! This is the one crate with a network; only `nutag fetch` uses it.
//!
//! * [`find`] asks the Common Metadata Repository (CMR) which files there are.
//! * [`download`] brings them into a folder: in parallel, resumed where they were cut, held to
//!   the size and checksum that the catalogue states, and never over a file that is there.
//! * [`Credentials`] holds the token or the account, and which hosts may see it.

mod body;
mod catalogue;
mod checksum;
mod credentials;
mod download;
mod one;
mod web;

pub use catalogue::{Catalogue, Granule, find};
pub use checksum::{Algorithm, Checksum};
pub use credentials::{Credentials, Hosts};
pub use download::{Downloads, Fetched, Outcome, RECORD, download};
pub use web::Web;
