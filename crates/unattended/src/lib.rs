//! Runs that nobody watches: reassess when inputs change, compare, verify, schedule.
//!
//! * [`reassess`]: the scheduled job: lock, look, run, compare, tell.
//! * [`ledger`]: what ran when, on what, and how it ended.
//! * [`diff`]: which numbers differ between two run folders, and why.
//! * [`verify`]: whether a run folder is what it claims to be.
//! * [`schedule`]: units for systemd and lines for cron.
//! * [`clock`]: the time, or one that a test tells.

pub mod clock;
pub mod diff;
mod folder;
mod hook;
pub mod ledger;
mod lock;
mod memory;
mod prune;
pub mod reassess;
pub mod schedule;
pub mod verify;

pub use hook::Hook;
