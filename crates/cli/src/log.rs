//! What the work says of itself: lines for people, or JSON for programs, on stderr.

use std::fmt;
use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::Args;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
pub struct LogArgs {
    /// What to log: error, warn, info, debug or trace, or by part: nutag_pipeline=debug,info.
    #[arg(long, global = true, value_name = "LEVELS")]
    pub log: Option<Targets>,
    /// Log JSON, one object a line, and say warnings and errors in it too.
    #[arg(long, global = true)]
    pub log_json: bool,
}

static JSON: OnceLock<bool> = OnceLock::new();

/// Whether stderr is for programs, so that nothing but events goes there.
pub fn is_json() -> bool {
    JSON.get().copied().unwrap_or(false)
}

/// Begins to log. Without `--log`, `-v` shows what is done and `-vv` why.
pub fn begin(args: &LogArgs, verbose: u8, quiet: bool) {
    // It is set once, here.
    let _ = JSON.set(args.log_json);
    let level = match (verbose, args.log_json, quiet) {
        (_, _, true) => LevelFilter::ERROR,
        (0, false, _) => LevelFilter::WARN,
        (0, true, _) | (1, ..) => LevelFilter::INFO,
        (2, ..) => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = || {
        Targets::new()
            .with_default(LevelFilter::ERROR)
            .with_target("nutag", level)
    };
    let filter = args.log.clone().unwrap_or_else(ours);
    let lines = layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false);
    let registry = tracing_subscriber::registry().with(filter);
    // A second subscriber would be a fault of this program; the first one then stays.
    let _ = if args.log_json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry
            .with(lines.without_time().with_target(false))
            .try_init()
    };
}

/// Says an error as an event: what is wrong, and apart from it what to do.
pub fn error(text: &impl fmt::Display, exit: u8) {
    let text = text.to_string();
    let (what, advice) = text.split_once("\n  -> ").unwrap_or((&text, ""));
    if advice.is_empty() {
        tracing::error!(exit, "{what}");
    } else {
        tracing::error!(exit, advice, "{what}");
    }
}
