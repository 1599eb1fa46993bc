//! The models against what reference programs print. The golden files are kept apart from this
//! repository; without them these tests say that they were skipped.

mod files;
mod fpar;
mod mod17;
mod pmodel;
mod stress;
mod towers;
