//! The recipes for Slurm on a real Slurm of one node: an array with a share
//! that is killed, a node that fails, a task that cannot succeed.
//!
//! Skipped loudly where Slurm is not installed or cannot be started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nutag_tests::{
    Outcome, command, copy_samples_without_pictures, fingerprint, finish, nutag, workspace_root,
};
use tempfile::TempDir;

/// How long anything may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(180);
/// Shares of the demo's tasks.
const SHARES: usize = 3;

/// A Slurm that ends with this value.
struct Slurm {
    folder: TempDir,
}

impl Slurm {
    fn start() -> Option<Self> {
        let can = finish(script(&["can"]));
        if !can.done() {
            skipped(&can.stderr);
            return None;
        }
        let folder = tempfile::Builder::new().prefix("slurm-").tempdir().unwrap();
        let started = finish(script(&["start", folder.path().to_str().unwrap()]));
        if !started.done() {
            skipped(&format!("it cannot be started here\n{started}"));
            return None;
        }
        Some(Self { folder })
    }

    /// A command of Slurm, or one that uses Slurm.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command.arg("60").arg(program).args(arguments);
        command.env("SLURM_CONF", self.folder.path().join("slurm.conf"));
        command
    }

    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let outcome = finish(self.command(program, arguments));
        outcome.expect(0, &[]);
        outcome.stdout
    }

    /// State and number of each job, such as `RUNNING 12`.
    fn jobs(&self) -> Vec<String> {
        let answer = self.run("squeue", &["--noheader", "--array", "--format=%T %i"]);
        answer.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// Waits until a look gives something.
    #[track_caller]
    fn wait_for<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{what}: still not; jobs: {:?}",
                self.jobs()
            );
            sleep(Duration::from_millis(200));
        }
    }

    /// What becomes of the node: `fail`, `mend`.
    #[track_caller]
    fn node(&self, what: &str) {
        let folder = self.folder.path().to_str().unwrap();
        finish(script(&[what, folder])).expect(0, &[]);
    }

    fn wait_until_empty(&self) {
        self.wait_for("no job is left", || self.jobs().is_empty().then_some(()));
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = fs::read_to_string(self.folder.path().join("slurmctld.log"));
            say(&format!(
                "what slurmctld says:\n{}",
                log.unwrap_or_default()
            ));
        }
        let _ = finish(script(&["stop", self.folder.path().to_str().unwrap()]));
    }
}

fn script(arguments: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command
        .arg("90")
        .arg(workspace_root().join("tests/cluster/slurm-one-node.sh"))
        .args(arguments);
    command
}

fn skipped(why: &str) {
    nutag_testkit::skipped("slurm", why);
}

#[allow(
    clippy::print_stderr,
    reason = "a test says what it skipped, and why it failed"
)]
fn say(text: &str) {
    eprintln!("{text}");
}

/// A demo to be done by the recipes, in a folder that its jobs see.
struct Demo {
    folder: TempDir,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_samples_without_pictures(folder.path());
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The fingerprint of what `nutag run` writes.
    fn of_run(&self) -> String {
        let mut run = command(&["run", "pipelines/demo.toml", "--out", "by-run"]);
        run.current_dir(self.folder.path());
        finish(run).expect(0, &[]);
        fingerprint(&self.path("by-run"))
    }

    /// Submits it, with a program that may stand in for nutag.
    #[track_caller]
    fn submit(&self, slurm: &Slurm, program: &Path) -> Outcome {
        let mut submit = slurm.command("bash", &[&self.text("pipelines/cluster/slurm-submit.sh")]);
        submit
            .current_dir(self.folder.path())
            .env("PIPELINE", "pipelines/demo.toml")
            .env("PLAN", "plan")
            .env("RESULT", "result")
            .env("NUTAG", program)
            .env("SHARES", SHARES.to_string());
        let outcome = finish(submit);
        outcome.expect(0, &[]);
        outcome
    }

    fn log(&self, name: &str) -> String {
        fs::read_to_string(self.path("plan.logs").join(name)).unwrap_or_default()
    }

    /// Writes a program that is nutag, but for the second share the first
    /// time: then it stands still where it would say that the first task of the
    /// share is done, because nobody reads what it says. Its process id is in
    /// `standing.pid`.
    fn program_that_stands_still(&self) -> PathBuf {
        let path = self.path("nutag-that-stands-still");
        // A pipe holds 65536 bytes before a writer has to wait; room is left
        // for the line that comes before.
        let text = format!(
            r#"#!/usr/bin/env bash
set -u
nutag='{}'
case "$*" in
  "task "*" --part 2/{SHARES} "*) ;;
  *) exec "$nutag" "$@" ;;
esac
[ "${{SLURM_RESTART_COUNT:-0}}" -eq 0 ] || exec "$nutag" "$@"
mkfifo '{folder}/pipe'
exec 3<>'{folder}/pipe'
head -c 65486 /dev/zero >&3
"$nutag" -v "$@" 2>&3 &
echo $! >'{folder}/standing.tmp'
mv '{folder}/standing.tmp' '{folder}/standing.pid'
status=0
wait $! || status=$?
exit $status
"#,
            nutag().display(),
            folder = self.folder.path().display(),
        );
        fs::write(&path, text).unwrap();
        let executable = Command::new("chmod").arg("+x").arg(&path).status();
        assert!(executable.unwrap().success());
        path
    }

    /// Waits until it stands still with one task done, and says its process id.
    fn standing(&self, slurm: &Slurm) -> String {
        let pid = slurm.wait_for("the second share runs", || {
            fs::read_to_string(self.path("standing.pid")).ok()
        });
        let pid = pid.trim().to_owned();
        let tasks = self.tasks_of_second_share();
        slurm.wait_for("its first task is done", || {
            (self.done(&tasks) >= 1).then_some(())
        });
        // It has begun to write a line that nobody reads.
        sleep(Duration::from_millis(500));
        assert!(Path::new(&format!("/proc/{pid}/exe")).exists(), "it stands");
        assert!(self.done(&tasks) < tasks.len(), "it stands amid its share");
        pid
    }

    fn tasks_of_second_share(&self) -> Vec<String> {
        let plan = fs::read_to_string(self.path("plan/plan.json")).unwrap();
        let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
        let tasks = plan["tasks"].as_array().unwrap().iter().skip(1);
        tasks
            .step_by(SHARES)
            .map(|task| task["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// How many of these tasks have left their tallies.
    fn done(&self, tasks: &[String]) -> usize {
        let Ok(entries) = fs::read_dir(self.path("plan/partials")) else {
            return 0;
        };
        let names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".tally"))
            .collect();
        let there = |task: &&String| names.iter().any(|name| name.starts_with(task.as_str()));
        tasks.iter().filter(there).count()
    }
}

/// Slurm starts a requeued job after two minutes; tests do not wait that long.
fn start_at_once(slurm: &Slurm) {
    slurm.wait_for("the share is queued again", || {
        let columns = "--format=%i %r";
        let jobs = slurm.run("squeue", &["--noheader", "--states=PENDING", columns]);
        let line = jobs.lines().find(|line| line.contains("BeginTime"))?;
        let job = format!("JobId={}", line.split_whitespace().next()?);
        // The node takes no job that was signed in the second in which it was told to end it.
        sleep(Duration::from_secs(3));
        slurm.run("scontrol", &["update", &job, "StartTime=now"]);
        Some(())
    });
}

#[test]
fn an_array_with_a_killed_share_gives_the_bits_of_a_run() {
    let Some(slurm) = Slurm::start() else { return };
    let demo = Demo::new();
    let program = demo.program_that_stands_still();
    let said = demo.submit(&slurm, &program);
    assert!(said.stdout.contains("merge  job"), "{said}");
    let pid = demo.standing(&slurm);
    let killed = Command::new("kill").args(["-KILL", &pid]).status();
    assert!(killed.unwrap().success());
    start_at_once(&slurm);
    slurm.wait_until_empty();
    let log = demo.log("share-2.log");
    assert!(
        log.contains("share 2 was killed; it is queued again"),
        "{log}"
    );
    assert!(log.contains(" kept"), "its first task is kept\n{log}");
    assert!(
        demo.path("result/manifest.json").is_file(),
        "{}{log}",
        demo.log("merge.log")
    );
    assert_eq!(fingerprint(&demo.path("result")), demo.of_run());
}

#[test]
fn a_node_that_fails_costs_nothing() {
    let Some(slurm) = Slurm::start() else { return };
    let demo = Demo::new();
    demo.submit(&slurm, &demo.program_that_stands_still());
    let pid = demo.standing(&slurm);
    slurm.wait_for("the other shares are done", || {
        // Shares have numbers such as 2_1.
        let left = slurm.jobs().iter().filter(|job| job.contains('_')).count();
        (left == 1).then_some(())
    });
    slurm.node("fail");
    assert!(
        !Path::new(&format!("/proc/{pid}/exe")).exists(),
        "what ran on the node is gone"
    );
    slurm.node("mend");
    start_at_once(&slurm);
    slurm.wait_until_empty();
    let log = demo.log("share-2.log");
    assert!(log.contains(" kept"), "its first task is kept\n{log}");
    assert_eq!(fingerprint(&demo.path("result")), demo.of_run());
}

#[test]
fn a_share_that_fails_cancels_the_merge_and_the_next_submission_goes_on() {
    let Some(slurm) = Slurm::start() else { return };
    let demo = Demo::new();
    let plan = command(&["plan", "pipelines/demo.toml", "--out", &demo.text("plan")]);
    let mut plan = plan;
    plan.current_dir(demo.folder.path());
    finish(plan).expect(0, &[]);
    // A granule of the first task is cut short after the plan was made.
    let task = fs::read_to_string(demo.path("plan/plan.json")).unwrap();
    let task: serde_json::Value = serde_json::from_str(&task).unwrap();
    let task = task["tasks"][0]["id"].as_str().unwrap().to_owned();
    let tile = task.split('-').next().unwrap();
    let granules = demo.path("data-samples/MOD17A3HGF");
    let granule = fs::read_dir(&granules)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains(tile))
        .unwrap();
    let whole = fs::read(&granule).unwrap();
    // The samples are linked, so the link is replaced and not what it names.
    fs::remove_file(&granule).unwrap();
    fs::write(&granule, &whole[..1000]).unwrap();

    let said = demo.submit(&slurm, nutag());
    assert!(said.stdout.contains("the run goes on with it"), "{said}");
    slurm.wait_until_empty();
    assert!(!demo.path("result").exists());
    let log = demo.log("share-1.log");
    assert!(
        log.contains(&task) && log.contains("changed after the plan was made"),
        "{log}"
    );
    assert!(
        !log.contains("queued again"),
        "it would only fail again\n{log}"
    );
    assert_eq!(demo.log("merge.log"), "", "the merge was cancelled");
    let list = finish(command(&["task", &demo.text("plan"), "--list"]));
    assert_eq!(list.stdout.trim(), task, "all others are done");

    fs::write(&granule, &whole).unwrap();
    demo.submit(&slurm, nutag());
    slurm.wait_until_empty();
    assert_eq!(fingerprint(&demo.path("result")), demo.of_run());
}
