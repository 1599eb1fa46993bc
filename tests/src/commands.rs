//! The commands of the program, as it lists them itself.

use crate::{command, finish};

/// Every command with its subcommands, as words after `nutag`: `["claims"]`, `["claims", "add"]`.
///
/// # Panics
/// If the program does not list them.
#[must_use]
pub fn commands() -> Vec<Vec<String>> {
    let mut all = Vec::new();
    under(&[], &mut all);
    assert!(all.len() > 10, "{all:?}");
    all
}

fn under(words: &[String], all: &mut Vec<Vec<String>>) {
    let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = finish(command(&arguments));
    help.expect(0, &[]);
    let Some((_, list)) = help.stdout.split_once("\nCommands:\n") else {
        return;
    };
    // Two spaces and a word; what goes on from the line before is indented further.
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' '));
    for name in names.filter_map(|line| line.split_whitespace().next()) {
        if name == "help" {
            continue;
        }
        let mut below = words.to_vec();
        below.push(name.to_owned());
        all.push(below.clone());
        under(&below, all);
    }
}
