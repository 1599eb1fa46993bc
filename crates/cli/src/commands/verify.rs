//! `nutag verify`.

use std::sync::atomic::AtomicBool;

use nutag_problem::Problem;
use nutag_unattended::verify::{Extent, Verified, verify as look};

use super::{print, print_json};
use crate::args::Voice;
use crate::args::unattended::Verify;
use crate::bars::Bars;

/// Findings that are printed; `--json` has all.
const SHOWN: usize = 20;

/// Says whether a run folder is what it claims to be.
pub fn verify(args: &Verify, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let bars = Bars::new(voice.quiet);
    let mut out = args.out.clone();
    if let Some(from) = &args.from {
        let cannot = |path: &std::path::Path, error: &std::io::Error| {
            Problem::new(format!("is not there: {error}"))
                .at(path.display())
                .advice("check the path")
                .asked()
        };
        out = std::fs::canonicalize(&out).map_err(|error| cannot(&out, &error))?;
        std::env::set_current_dir(from).map_err(|error| cannot(from, &error))?;
    }
    let extent = Extent {
        outputs_only: args.outputs_only,
        recompute: args.recompute,
        threads: args.threads,
    };
    let verified = look(&out, extent, &bars, stop)?;
    if voice.json {
        print_json(&verified)?;
    } else if verified.whole {
        print(&lines(&verified).join("\n"))?;
    }
    if verified.whole {
        return Ok(());
    }
    let first = verified.findings.iter().take(SHOWN);
    let mut what: Vec<String> = first.map(|f| format!("{}: {}", f.path, f.what)).collect();
    if verified.findings.len() > SHOWN {
        what.push(format!("and {} more", verified.findings.len() - SHOWN));
    }
    Err(Problem::new(what.join("\n"))
        .at(format!(
            "{} is not what it claims to be",
            verified.out.display()
        ))
        .advice(advice(&verified))
        .failed()
        .into())
}

fn lines(verified: &Verified) -> Vec<String> {
    let mut lines: Vec<String> = verified
        .checks
        .iter()
        .map(|check| {
            format!(
                "  {}: {} of {} right",
                check.what, check.right, check.looked_at
            )
        })
        .collect();
    lines.insert(
        0,
        format!(
            "{} is what it claims to be, as far as was looked at.",
            verified.out.display()
        ),
    );
    lines.push("Not proven:".to_owned());
    lines.extend(verified.not_proven.iter().map(|what| format!("  {what}")));
    lines
}

fn advice(verified: &Verified) -> &'static str {
    let gone = |finding: &nutag_unattended::verify::Finding| finding.what == "is not there";
    if verified.findings.iter().all(gone) {
        "where inputs are named from another folder, say which with --from; where they are elsewhere, --outputs-only looks at the folder alone"
    } else {
        "do not use it; run the pipeline again, and `nutag diff` says what differs"
    }
}
