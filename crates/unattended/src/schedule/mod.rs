//! Units for systemd and lines for cron.

mod cron;
mod quote;
mod unit;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nutag_files::write_whole;
use nutag_pipeline::config::Config;
use nutag_problem::{Error, OrProblem, Problem};
use serde::Serialize;

use crate::Hook;
pub use cron::crontab_line;
pub use quote::shell_word;

/// What is run when.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The program.
    pub program: PathBuf,
    /// The pipeline file.
    pub pipeline: PathBuf,
    /// The folder of runs.
    pub runs: PathBuf,
    /// When, as systemd writes it: `monthly`, `Mon *-*-* 03:00`.
    pub calendar: String,
    /// Whose rights the job has.
    pub user: Option<String>,
    /// The newest so many results are kept.
    pub keep: Option<usize>,
    /// Number of threads.
    pub threads: Option<u16>,
    /// The most memory the job may have, as systemd writes it: `2G`.
    pub memory_max: Option<String>,
    /// Who is told.
    pub hook: Option<Hook>,
}

/// A schedule with every path absolute, and the folders that it reads.
#[derive(Debug, Clone)]
struct Job {
    schedule: Schedule,
    /// Name of the units: `nutag-<name of the pipeline file>`.
    name: String,
    /// The folders that hold inputs.
    reads: Vec<PathBuf>,
}

/// What was written, and what systemd says of it.
#[derive(Debug, Serialize)]
pub struct Written {
    /// The service.
    pub service: PathBuf,
    /// The timer.
    pub timer: PathBuf,
    /// What `systemd-analyze verify` said.
    pub checked: Checked,
}

/// What `systemd-analyze` said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result", content = "said")]
pub enum Checked {
    /// Nothing is wrong.
    Right,
    /// There is no such program here.
    Absent,
    /// What it complained of.
    Wrong(String),
}

impl Schedule {
    fn job(&self) -> Result<Job, Error> {
        // Before anything is made of them.
        quote::path_line("--runs", &self.runs)?;
        quote::path_line("the pipeline file", &self.pipeline)?;
        let config = Config::load(&self.pipeline)?;
        let pipeline = absolute(&self.pipeline)?;
        std::fs::create_dir_all(&self.runs).map_err(|error| {
            Problem::new(format!("the folder of runs cannot be made: {error}"))
                .at(self.runs.display())
                .advice("choose one that may be written to, with --runs")
                .asked()
        })?;
        let mut reads: Vec<PathBuf> = config
            .input_places()
            .iter()
            .filter_map(|place| existing_folder(place))
            .chain(existing_folder(&pipeline))
            .collect();
        reads.sort();
        reads.dedup();
        // What lies inside another of them is said already.
        let all = reads.clone();
        reads.retain(|place| {
            !all.iter()
                .any(|other| place != other && place.starts_with(other))
        });
        let stem = pipeline.file_stem().unwrap_or_default().to_string_lossy();
        let name: String = stem
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        Ok(Job {
            schedule: Self {
                program: absolute(&self.program)?,
                runs: absolute(&self.runs)?,
                pipeline,
                hook: self.hook.as_ref().map(found).transpose()?,
                ..self.clone()
            },
            name: format!("nutag-{name}"),
            reads,
        })
    }

    /// Writes the service and the timer into a folder, and has them checked.
    ///
    /// # Errors
    /// A pipeline file that cannot be read, words that no unit can hold, a folder that cannot be
    /// written, units that systemd refuses.
    pub fn write(&self, folder: &Path) -> Result<Written, Error> {
        quote::calendar(&self.calendar)?;
        let job = self.job()?;
        // Both before anything is written: half a pair is of no use.
        let (service, timer) = (job.service()?, job.timer()?);
        if let Some(said) = refused_calendar(&self.calendar) {
            return Err(Problem::new(format!(
                "\"{}\" is not a time of a calendar: {said}",
                self.calendar
            ))
            .at("--calendar")
            .advice(
                "write it as systemd does: daily, monthly, \"Mon *-*-* 03:00\"; man 7 systemd.time",
            )
            .asked());
        }
        let write = |ending: &str, text: String| -> Result<PathBuf, Error> {
            let path = folder.join(format!("{}.{ending}", job.name));
            std::fs::create_dir_all(folder)
                .or_problem()
                .map_err(|problem| problem.at(folder.display()).asked())?;
            write_whole(&path, text.as_bytes()).or_asked()?;
            Ok(path)
        };
        let service = write("service", service)?;
        let timer = write("timer", timer)?;
        let checked = check(&[&service, &timer]);
        Ok(Written {
            service,
            timer,
            checked,
        })
    }

    /// The line of a crontab for these five fields, such as `0 3 1 * *`.
    ///
    /// # Errors
    /// A pipeline file that cannot be read, or fields that are none of a crontab.
    pub fn crontab(&self, fields: &str) -> Result<String, Error> {
        crontab_line(fields, &self.job()?.command()?)
    }
}

impl Job {
    /// The command and its arguments.
    ///
    /// # Errors
    /// Returns an error if a path is one that no line can hold.
    fn command(&self) -> Result<Vec<String>, Error> {
        let s = &self.schedule;
        let text = |what, path| quote::path_line(what, path).map(str::to_owned);
        let mut words = vec![
            text("this program", &s.program)?,
            "reassess".to_owned(),
            text("the pipeline file", &s.pipeline)?,
            "--runs".to_owned(),
            text("--runs", &s.runs)?,
        ];
        if let Some(keep) = s.keep {
            words.extend(["--keep".to_owned(), keep.to_string()]);
        }
        if let Some(threads) = s.threads {
            words.extend(["--threads".to_owned(), threads.to_string()]);
        }
        if let Some(hook) = &s.hook {
            words.extend(["--hook".to_owned(), hook.program.clone()]);
            for argument in &hook.arguments {
                words.push(format!("--hook-arg={argument}"));
            }
        }
        Ok(words)
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::fs::canonicalize(path).map_err(|error| {
        Problem::new(format!("is not there: {error}"))
            .at(path.display())
            .advice("check the path")
            .asked()
    })
}

/// The hook with the path of its program, however it was named.
///
/// Cron starts jobs in the home folder and systemd in `/`, and both with few places for programs; a name
/// that leads to the hook today and here need not do so then.
fn found(hook: &Hook) -> Result<Hook, Error> {
    let refused = |what: &str, advice: &str| {
        Problem::new(what)
            .at(format!("--hook {}", hook.program))
            .advice(advice)
            .asked()
    };
    quote::one_line("--hook", &hook.program)?;
    let named = Path::new(&hook.program);
    let program = if hook.program.contains('/') {
        std::path::absolute(named)
            .ok()
            .filter(|path| path.is_file())
    } else {
        let places = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&places)
            .filter_map(|place| std::path::absolute(place.join(named)).ok())
            .find(|path| is_program(path))
    };
    let program =
        program.ok_or_else(|| refused("the hook is not there", "check the path of the program"))?;
    if !is_program(&program) {
        return Err(refused(
            "the hook is not a program that may be run",
            "make it one with `chmod +x`, or name the program that reads it and give it with --hook-arg",
        ));
    }
    let program = program.to_str().ok_or_else(|| {
        refused(
            "the path of the hook is not UTF-8, and a unit cannot hold it",
            "give it another name",
        )
    })?;
    Ok(Hook {
        program: program.to_owned(),
        arguments: hook.arguments.clone(),
    })
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path)
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

/// The folder that holds a file or matches a pattern: the nearest one above that is there.
fn existing_folder(place: &Path) -> Option<PathBuf> {
    let mut place = place.to_owned();
    loop {
        if place.is_dir() {
            return place.canonicalize().ok();
        }
        if !place.pop() || place.as_os_str().is_empty() {
            return None;
        }
    }
}

/// What systemd says against a calendar, if it is here to say it.
fn refused_calendar(calendar: &str) -> Option<String> {
    let done = Command::new("systemd-analyze")
        .args(["calendar", "--", calendar])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    (!done.status.success()).then(|| last_words(&done.stderr))
}

fn check(units: &[&Path]) -> Checked {
    let done = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args(units)
        .stdin(Stdio::null())
        .output();
    match done {
        Err(_) => Checked::Absent,
        Ok(done) if done.status.success() => Checked::Right,
        Ok(done) => Checked::Wrong(last_words(&done.stderr)),
    }
}

fn last_words(stderr: &[u8]) -> String {
    String::from_utf8_lossy(stderr).trim().replace('\n', "; ")
}
