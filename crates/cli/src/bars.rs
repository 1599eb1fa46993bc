//! Progress: bars on a terminal, plain lines elsewhere, both on stderr.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::log;
use crate::shown::shown;
use nutag_problem::{Progress, Steps};

/// How often a plain line is written for work that goes on.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// Shows progress to a person or a log.
pub struct Bars {
    quiet: bool,
    terminal: bool,
    piece: Mutex<Option<Piece>>,
}

struct Piece {
    bar: ProgressBar,
    what: String,
    unit: Steps,
    said: Instant,
}

impl Bars {
    /// For the terminal or log behind stderr.
    pub fn new(quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self {
            quiet,
            terminal,
            piece: Mutex::new(None),
        }
    }

    fn plain(&self, line: &str) {
        if !self.quiet && !self.terminal && !log::is_json() {
            say(line);
        }
    }

    fn with_piece(&self, act: impl FnOnce(&mut Option<Piece>)) {
        // A panic elsewhere must not silence the progress of the rest.
        let mut piece = self
            .piece
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        act(&mut piece);
    }
}

impl Progress for Bars {
    fn begin(&self, what: &str, total: u64, unit: Steps) {
        self.finish();
        if log::is_json() {
            match unit {
                Steps::Items => tracing::info!(items = total, "{what}"),
                Steps::Bytes => tracing::info!(bytes = total, "{what}"),
            }
        }
        self.plain(&match unit {
            Steps::Items => format!("{what}: {total}"),
            Steps::Bytes => format!("{what}: {}", bytes(total)),
        });
        let template = match unit {
            Steps::Items => "{msg:<28} {wide_bar} {pos}/{len} {eta}",
            Steps::Bytes => "{msg:<28} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
        };
        let target = if self.quiet || !self.terminal || log::is_json() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(shown(what).into_owned());
        let what = what.to_owned();
        self.with_piece(|piece| {
            *piece = Some(Piece {
                bar,
                what,
                unit,
                said: Instant::now(),
            });
        });
    }

    fn advance(&self, steps: u64) {
        self.with_piece(|piece| {
            let Some(piece) = piece else { return };
            piece.bar.inc(steps);
            if !self.terminal && piece.said.elapsed() > PLAIN_EVERY {
                piece.said = Instant::now();
                let (done, total) = (piece.bar.position(), piece.bar.length().unwrap_or(0));
                self.plain(&match piece.unit {
                    Steps::Items => format!("{}: {done} of {total}", piece.what),
                    Steps::Bytes => format!("{}: {} of {}", piece.what, bytes(done), bytes(total)),
                });
            }
        });
    }

    fn finish(&self) {
        self.with_piece(|piece| {
            if let Some(piece) = piece.take() {
                piece.bar.finish_and_clear();
            }
        });
    }

    fn warn(&self, message: &str) {
        if log::is_json() {
            tracing::warn!("{message}");
            return;
        }
        if self.quiet {
            return;
        }
        self.with_piece(|piece| match piece {
            Some(piece) if self.terminal => {
                piece.bar.suspend(|| say(&format!("warning: {message}")));
            }
            _ => say(&format!("warning: {message}")),
        });
    }
}

/// Writes a line to stderr. Who closes it (`nutag run ... 2>&1 | head`) does not
/// want to read more, and the work goes on.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", shown(line));
}

/// A number of bytes for people.
pub fn bytes(n: u64) -> String {
    indicatif::HumanBytes(n).to_string()
}
