//! What every crate that can fail needs, and nothing else.
//!
//! * [`Problem`], [`Error`]: what is wrong, where, what to do, and whose turn it is;
//!   [`OrProblem`] makes one of an error of another library.
//! * [`Watch`]: long work tells how far it is ([`Progress`]) and looks whether it is to stop.
//! * [`on_threads`]: work on threads of its own; [`side_by_side`]: so many things in hand as there are
//!   threads, and no more.

mod error;
mod progress;
mod threads;

pub use error::{Error, OrProblem, Problem};
pub use progress::{Progress, Silent, Steps, Watch, check_stop};
pub use threads::{Crew, on_threads, side_by_side};
