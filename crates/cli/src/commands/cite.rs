//! `nutag cite`.

use std::path::Path;

use nutag_pipeline::provenance::{Citation, cite as cite_result};

use super::{print, print_json};
use crate::args::Voice;

/// Prints what to cite with a result.
pub fn cite(out: &Path, voice: Voice) -> anyhow::Result<()> {
    let cited = cite_result(out)?;
    if voice.json {
        return print_json(&cited);
    }
    let mut lines = vec!["Data".to_owned()];
    if cited.data.is_empty() {
        lines.push("  none is named: write them into `sources` of [about]".to_owned());
    }
    lines.extend(cited.data.iter().map(line));
    lines.extend(["Program".to_owned(), line(&cited.program)]);
    if !cited.methods.is_empty() {
        lines.push("Methods".to_owned());
        lines.extend(cited.methods.iter().map(line));
    }
    lines.push(format!(
        "{} says the same for programs that manage references.",
        out.join("CITATION.cff").display()
    ));
    print(&lines.join("\n"))
}

fn line(work: &Citation) -> String {
    match &work.doi {
        Some(doi) if !work.text.contains(doi.as_str()) => {
            format!("  {} https://doi.org/{doi}", work.text)
        }
        _ => format!("  {}", work.text),
    }
}
