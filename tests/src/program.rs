//! The program, built once, and ways to run it.

use std::io::{PipeReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Outcome;

/// The program: the one that NUTAG_PROGRAM names (`make test` builds it with
/// everything else), or built now with the profile and in the target folder of
/// the running test.
///
/// # Panics
/// If it cannot be built.
pub fn nutag() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| std::env::var_os("NUTAG_PROGRAM").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    // target/<profile>/deps/<test>
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("a test lies two folders deep");
    let target = profile.parent().expect("a profile lies in a target folder");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(crate::workspace_root())
        .args(["build", "--locked", "--package", "nutag", "--bin", "nutag"])
        .args(["--message-format", "json-render-diagnostics"])
        .arg("--target-dir")
        .arg(target)
        .stderr(Stdio::inherit());
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let built = cargo.output().expect("cargo runs");
    assert!(built.status.success(), "the program could not be built");
    String::from_utf8_lossy(&built.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "nutag")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo names the program that it has built")
}

/// The program with arguments, in the folder of the workspace.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(nutag());
    command.args(arguments).current_dir(crate::workspace_root());
    command.env_remove("COLUMNS");
    command
}

/// What came of a command that was started elsewhere, or is started now.
///
/// # Panics
/// If it cannot be started.
pub fn finish(mut command: Command) -> Outcome {
    Outcome::of(
        &command
            .stdin(Stdio::null())
            .output()
            .expect("the program starts"),
    )
}

/// Sends a signal, as `kill` does.
///
/// # Panics
/// If the process is not there.
pub fn signal(child: &Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    let status = Command::new("sh")
        .args(["-c", &kill])
        .status()
        .expect("sh runs");
    assert!(status.success(), "{kill}: {status}");
}

/// Bytes that a pipe holds on Linux before a writer has to wait.
const PIPE_BYTES: usize = 65_536;

/// Starts the program so that it stands still where it would write the line
/// of stderr that begins with `line`, and waits until it stands there. Whoever
/// reads the pipe sets it free.
///
/// `said` is all that the same run writes to stderr when nothing stops it. The
/// pipe is filled beforehand up to the bytes before that line, so the program
/// stops at a known point of its work, on a fast machine as on a slow one.
///
/// # Panics
/// If there is no such line, or the program does not get there in a minute.
pub fn blocked_at(mut command: Command, said: &str, line: &str) -> (Child, PipeReader) {
    let room = match said.find(&format!("\n{line}")) {
        Some(newline) => newline + 1,
        None if said.starts_with(line) => 0,
        None => panic!("no line begins with {line:?}:\n{said}"),
    };
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    writer
        .write_all(&vec![b'.'; PIPE_BYTES - room])
        .expect("the pipe is empty");
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(writer)
        .spawn()
        .expect("the program starts");
    // The child alone holds the end that writes; it ends with the child.
    drop(command);
    wait_until_it_stands(&child);
    (child, reader)
}

/// Waits until none of the threads of a program has anything to do, or it has ended.
///
/// # Panics
/// If that takes longer than a minute.
pub fn wait_until_it_stands(child: &Child) {
    const QUIET_LOOKS: u32 = 20;
    let tasks = PathBuf::from(format!("/proc/{}/task", child.id()));
    let asleep = || {
        let mut tasks = std::fs::read_dir(&tasks).into_iter().flatten().flatten();
        tasks.all(|task| {
            let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
            // "123 (name) S ...": the state follows the name.
            stat.rsplit_once(") ")
                .is_some_and(|(_, state)| state.starts_with('S'))
        })
    };
    let begun = Instant::now();
    let mut quiet = 0;
    while quiet < QUIET_LOOKS {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the program does not get to the line"
        );
        sleep(Duration::from_millis(10));
        quiet = if asleep() { quiet + 1 } else { 0 };
    }
}

impl Outcome {
    /// Reads what a child still says and waits for its end.
    ///
    /// # Panics
    /// If its stderr is not text.
    pub fn of_child(mut child: Child, mut stderr: PipeReader) -> Self {
        let mut bytes = Vec::new();
        stderr.read_to_end(&mut bytes).expect("stderr is read");
        let status = child.wait().expect("the child ends");
        let stderr = String::from_utf8(bytes).expect("stderr is text");
        Self::new(
            status,
            String::new(),
            stderr.trim_start_matches('.').to_owned(),
        )
    }
}

/// The Python of the tests, with what `tests/requirements.txt` names; says so
/// loudly where it is not there.
#[must_use]
pub fn python() -> Option<PathBuf> {
    let python = std::env::var_os("NUTAG_PYTHON").map(PathBuf::from);
    if python.is_none() {
        nutag_testkit::skipped(
            "python",
            "the Python of the tests is not there (NUTAG_PYTHON; `make test` sets it)",
        );
    }
    python
}
