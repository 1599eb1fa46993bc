//! The program: arguments in, exit code out.
//!
//! Everything that is printed is printed here. Results go to stdout, all else
//! to stderr.

mod args;
mod bars;
mod commands;
mod log;
mod shown;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use nutag_problem::Error;

use crate::args::{Cli, Command};
use crate::bars::say;

/// Failed while running.
const FAILED: u8 = 1;
/// Asked wrongly; clap uses the same code for wrong arguments.
const ASKED_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    quiet_where_damage_is_an_error();
    let cli = Cli::parse();
    log::begin(&cli.log, cli.voice.verbose, cli.voice.quiet);
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        // `nutag audit | head` closes the pipe early; that is not a failure.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let known = error.downcast_ref::<Error>();
            let asked = known.is_some_and(Error::was_asked_wrongly);
            let code = if asked { ASKED_WRONGLY } else { FAILED };
            if log::is_json() {
                log::error(&format_args!("{error:#}"), code);
            } else if cli.voice.json {
                let mut message =
                    serde_json::json!({ "error": format!("{error:#}"), "exit": code });
                if let Some(details) = known.and_then(Error::details) {
                    message["details"] = details.clone();
                }
                say(&message.to_string());
            } else {
                say(&format!("error: {error:#}"));
            }
            ExitCode::from(code)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    let voice = cli.voice;
    match &cli.command {
        Command::Run(args) => {
            let stop = stop_on_signal()?;
            commands::run::run(args, voice, &stop)
        }
        Command::Plan(args) => {
            let stop = stop_on_signal()?;
            commands::pieces::plan(args, voice, &stop)
        }
        Command::Task(args) => {
            let stop = stop_on_signal()?;
            commands::pieces::task(args, voice, &stop)
        }
        Command::Merge(args) => {
            let stop = stop_on_signal()?;
            commands::pieces::merge(args, voice, &stop)
        }
        Command::Check(args) => commands::check::check(&args.pipeline, voice),
        Command::Inspect(args) => commands::inspect::inspect(&args.files, voice),
        Command::Audit => commands::audit::audit(voice),
        Command::Granules(args) => commands::granules::granules(&args.pipeline, voice),
        Command::Fetch(args) => {
            let stop = stop_on_signal()?;
            commands::fetch::fetch(args, voice, &stop)
        }
        Command::Mrv(args) => commands::mrv::mrv(args, voice),
        Command::Claims(args) => commands::claims::claims(args, voice),
        Command::Reassess(args) => {
            let stop = stop_on_signal()?;
            commands::reassess::reassess(args, voice, &stop)
        }
        Command::Runs(args) => commands::reassess::runs(args, voice),
        Command::Diff(args) => commands::reassess::diff(args, voice),
        Command::Verify(args) => {
            let stop = stop_on_signal()?;
            commands::verify::verify(args, voice, &stop)
        }
        Command::Schedule(args) => commands::schedule::schedule(args, voice),
        Command::Cite(args) => commands::cite::cite(&args.out, voice),
        Command::Completions { shell } => commands::manual::completions(*shell),
        Command::Man { out } => commands::manual::man(out.as_deref()),
    }
}

/// A panic that becomes an error about a damaged file says nothing of its own.
fn quiet_where_damage_is_an_error() {
    let say_panic = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !nutag_pipeline::damage_is_an_error_here() {
            say_panic(panic);
        }
    }));
}

/// A flag that Ctrl-C, SIGTERM or SIGHUP raises. The work looks at it between
/// blocks and stops without leaving a half-written result; a second signal
/// ends the program at once.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(FAILED));
        }
        if log::is_json() {
            tracing::warn!("stopping; once more to stop at once");
        } else {
            say("stopping; once more to stop at once");
        }
    })?;
    Ok(stop)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}
