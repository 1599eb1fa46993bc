//! `nutag inspect`.

use std::path::PathBuf;

use nutag_pipeline::inspect::{Inspection, inspect as look};

use super::{print, print_json};
use crate::args::Voice;

/// Says what is inside each file.
pub fn inspect(files: &[PathBuf], voice: Voice) -> anyhow::Result<()> {
    let found = files
        .iter()
        .map(|file| look(file))
        .collect::<Result<Vec<_>, _>>()?;
    if voice.json {
        return print_json(&found);
    }
    let texts: Vec<String> = found.iter().map(text).collect();
    print(&texts.join("\n"))
}

fn text(inspection: &Inspection) -> String {
    let mut lines = vec![format!("{}: {}", inspection.path, inspection.format)];
    let facts = |lines: &mut Vec<String>, indent: usize, facts: &[(String, String)]| {
        let width = facts
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        for (name, value) in facts {
            let value = value.replace('\n', " ");
            lines.push(format!("{:indent$}{name:<width$}  {value}", ""));
        }
    };
    facts(&mut lines, 2, &inspection.facts);
    for part in &inspection.parts {
        lines.push(format!("  {}  ({})", part.name, part.what));
        facts(&mut lines, 6, &part.facts);
    }
    lines.join("\n") + "\n"
}
