//! One module a command: call the pipeline, print what it answers.

pub mod audit;
pub mod check;
pub mod cite;
pub mod claims;
pub mod fetch;
pub mod granules;
pub mod inspect;
pub mod manual;
pub mod mrv;
pub mod pieces;
pub mod reassess;
pub mod run;
pub mod schedule;
pub mod verify;

use std::io::Write;

use crate::shown::shown;

/// Writes to stdout, so that a closed pipe is an error and not a panic.
fn print(text: &str) -> anyhow::Result<()> {
    let text = shown(text);
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Writes a value as JSON to stdout.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?)
}

/// Width of the terminal; of a page where there is none.
fn width() -> usize {
    const PAGE: usize = 110;
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    columns.unwrap_or(PAGE)
}
