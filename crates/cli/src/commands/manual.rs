//! `nutag completions` and `nutag man`.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;

use crate::args::Cli;

/// Prints the completion script of a shell.
pub fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "nutag", &mut script);
    Ok(std::io::stdout().lock().write_all(&script)?)
}

/// Prints the manual page of the program, or writes the pages of all commands.
pub fn man(out: Option<&Path>) -> anyhow::Result<()> {
    if let Some(folder) = out {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        return clap_mangen::generate_to(Cli::command(), folder)
            .with_context(|| format!("the pages cannot be written to {}", folder.display()));
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    Ok(std::io::stdout().lock().write_all(&page)?)
}
