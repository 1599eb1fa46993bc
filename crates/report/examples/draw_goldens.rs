//! Writes the golden pictures of the tests into a folder.
//!
//! `cargo run -p nutag-report --example draw_goldens -- crates/report/tests/golden/draw`

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

#[path = "../tests/draw/scenes.rs"]
mod scenes;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| std::io::Error::other("expected a folder to write into"))?;
    for (name, png) in scenes::maps() {
        std::fs::write(folder.join(format!("{name}.png")), png)?;
    }
    for (name, svg) in scenes::charts() {
        std::fs::write(folder.join(format!("{name}.svg")), svg)?;
    }
    Ok(())
}
