//! What the test files share: the program, the samples, a small study to
//! spoil, and what came of a run.

mod commands;
mod draws;
mod folder;
mod office;
mod office_suite;
mod outcome;
mod program;
mod study;
mod zones;

pub use commands::commands;
pub use draws::Draws;
pub use folder::{assert_same, contents, fingerprint};
pub use office::Office;
pub use office_suite::recomputed;
pub use outcome::Outcome;
pub use program::{blocked_at, command, finish, nutag, python, signal, wait_until_it_stands};
pub use study::{RightStudy, Study, copy_samples, copy_samples_without_pictures, workspace_root};
pub use zones::{Box4, TidyRow, ascii_grid, cells_by, polygons, tidy_rows, wgs84_wkt};
