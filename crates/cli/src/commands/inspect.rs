//! `nutag inspect`.

use std::path::PathBuf;

use nutag_pipeline::inspect::{Inspection, inspect as look};

use nutag_problem::{Error, Problem};

use super::{print, print_json};
use crate::args::Voice;

/// Says what is inside each file. One that cannot be read does not hide the others; the errors come at
/// the end.
pub fn inspect(files: &[PathBuf], voice: Voice) -> anyhow::Result<()> {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for file in files {
        match look(file) {
            Ok(inspection) => found.push(inspection),
            Err(error) => errors.push(error),
        }
    }
    if !found.is_empty() {
        if voice.json {
            print_json(&found)?;
        } else {
            let texts: Vec<String> = found.iter().map(text).collect();
            print(&texts.join("\n"))?;
        }
    }
    match errors.len() {
        0 => Ok(()),
        1 => Err(errors.remove(0).into()),
        _ => {
            let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
            let all = Problem::new(texts.join("\n"));
            // Whatever the user can mend is asked wrongly; a failure beside it may go away by itself.
            Err(if errors.iter().all(Error::was_asked_wrongly) {
                all.asked().into()
            } else {
                all.failed().into()
            })
        }
    }
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
