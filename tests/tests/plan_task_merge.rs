//! `nutag plan`, `nutag task`, `nutag merge`: the bits of `nutag run`, whoever
//! does the tasks, in whichever order, and whatever is killed on the way; and
//! what the merge refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use nutag_tests::{
    Draws, Outcome, Study, command, contents, copy_samples_without_pictures, fingerprint, finish,
};
use tempfile::TempDir;

const DEMO: &str = "pipelines/demo.toml";

/// The demo without pictures, for what is done many times; gone with the folder.
fn quick_demo() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    copy_samples_without_pictures(folder.path());
    let pipeline = text(&folder.path().join(DEMO)).to_owned();
    (folder, pipeline)
}

/// A plan of the demo or of a study, in a folder of its own.
struct Plan {
    folder: TempDir,
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Plan {
    fn of(pipeline: &str) -> Self {
        let plan = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        plan.again(pipeline, &[]).expect(0, &[]);
        plan
    }

    fn again(&self, pipeline: &str, more: &[&str]) -> Outcome {
        let dir = self.dir();
        let mut arguments = vec!["plan", pipeline, "--out", text(&dir)];
        arguments.extend(more);
        finish(command(&arguments))
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("plan")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("result")
    }

    fn task(&self, more: &[&str]) -> Outcome {
        let dir = self.dir();
        let mut arguments = vec!["task", text(&dir)];
        arguments.extend(more);
        finish(command(&arguments))
    }

    /// Starts `nutag task` and does not wait.
    fn start(&self, more: &[&str]) -> Child {
        let dir = self.dir();
        let mut arguments = vec!["task", text(&dir)];
        arguments.extend(more);
        command(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Names of the tasks that are not done.
    fn missing(&self) -> Vec<String> {
        let outcome = self.task(&["--list"]);
        outcome.expect(0, &[]);
        outcome.stdout.lines().map(str::to_owned).collect()
    }

    fn merge(&self, more: &[&str]) -> Outcome {
        let (dir, out) = (self.dir(), self.out());
        let mut arguments = vec!["merge", text(&dir), "--out", text(&out)];
        arguments.extend(more);
        finish(command(&arguments))
    }

    /// The merge must fail with these words and leave no result.
    #[track_caller]
    fn merge_refused(&self, words: &[&str]) {
        self.merge(&[]).expect(1, words);
        assert!(!self.out().exists(), "a refused merge leaves no result");
    }

    /// The one partial of a task with an ending.
    fn partial(&self, id: &str, ending: &str) -> PathBuf {
        let entries = fs::read_dir(self.dir().join("partials")).unwrap();
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                name.starts_with(id) && name.ends_with(ending)
            })
            .collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }
}

/// The fingerprint of what `nutag run` writes.
fn of_run(pipeline: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("result");
    finish(command(&["run", pipeline, "--out", text(&out)])).expect(0, &[]);
    fingerprint(&out)
}

/// A study with maps, so that tasks leave cells beside tallies.
fn study() -> (Study, String) {
    let study = Study::new();
    study.edit("study.toml", "maps = []", "maps = [\"netcdf\"]");
    let pipeline = text(&study.path("study.toml")).to_owned();
    (study, pipeline)
}

const WEST: &str = "h24v04-r00000";
const EAST: &str = "h25v04-r00000";

#[test]
fn any_number_of_threads_gives_the_bits_of_a_run() {
    let expected = of_run(DEMO);
    for threads in ["1", "2", "8"] {
        let plan = Plan::of(DEMO);
        assert!(plan.missing().len() > 5, "the demo has tiles enough");
        plan.task(&["--all", "--threads", threads]).expect(0, &[]);
        assert!(plan.missing().is_empty());
        plan.merge(&["--threads", threads]).expect(0, &[]);
        assert_eq!(fingerprint(&plan.out()), expected, "{threads} threads");
    }
}

#[test]
fn shares_are_disjoint_and_cover_the_plan() {
    let (_samples, demo) = quick_demo();
    let plan = Plan::of(&demo);
    let tasks = plan.missing();
    // More shares than tasks: the last ones have nothing to do.
    let shares = tasks.len() + 2;
    let mut left = tasks.len();
    for part in 1..=shares {
        let part = format!("{part}/{shares}");
        plan.task(&["--part", &part]).expect(0, &[]);
        let now = plan.missing().len();
        assert_eq!(now, left.saturating_sub(1), "share {part}");
        left = now;
    }
    plan.merge(&[]).expect(0, &[]);
    for wrong in ["0/3", "4/3", "3", "a/b"] {
        plan.task(&["--part", wrong]).expect(2, &["--part"]);
    }
}

/// Several shells at once, each with its own order of tasks, many of them said
/// twice; one is killed. What is left is then done by another.
#[test]
fn shells_at_random_give_the_bits_of_a_run() {
    let (_samples, demo) = quick_demo();
    let expected = of_run(&demo);
    let mut draws = Draws(8);
    let mut amid = 0;
    for round in 0..6 {
        let plan = Plan::of(&demo);
        let tasks = plan.missing();
        let mut shells: Vec<Child> = (0..3)
            .map(|_| {
                let mut mine = tasks.clone();
                draws.shuffle(&mut mine);
                mine.truncate(tasks.len() * 2 / 3);
                mine.extend_from_within(..2);
                let mut words: Vec<&str> = mine.iter().map(String::as_str).collect();
                words.extend(["--threads", "1"]);
                plan.start(&words)
            })
            .collect();
        let mut killed = shells.remove(0);
        // The first is killed before it can have done anything, so that one kill does come amid the
        // work on any machine; the others later and later.
        if round > 0 {
            sleep(Duration::from_millis(draws.below(60) + 20 * round));
        }
        let _ = killed.kill();
        amid += u32::from(!killed.wait().unwrap().success());
        for shell in shells {
            let outcome = Outcome::of(&shell.wait_with_output().unwrap());
            outcome.expect(0, &[]);
        }
        if let Some(first) = plan.missing().first() {
            plan.merge_refused(&["missing", first]);
        }
        plan.task(&["--all"]).expect(0, &[]);
        plan.merge(&[]).expect(0, &[]);
        assert_eq!(fingerprint(&plan.out()), expected, "round {round}");
    }
    assert!(amid > 0, "no kill came in time");
}

/// Killed again and again, and started again, until nothing is left.
#[test]
fn a_shell_that_is_killed_again_and_again_gets_there() {
    let (_samples, demo) = quick_demo();
    let expected = of_run(&demo);
    let plan = Plan::of(&demo);
    let mut draws = Draws(21);
    let mut killed = 0;
    // The first is killed before it can have done anything, however fast the machine is.
    let mut wait = 1;
    while !plan.missing().is_empty() {
        let mut shell = plan.start(&["--all", "--threads", "1"]);
        sleep(Duration::from_millis(draws.below(wait)));
        let _ = shell.kill();
        killed += u32::from(!shell.wait().unwrap().success());
        // A slow machine is given longer, so that it does get there.
        wait += 20;
    }
    assert!(killed > 0, "no kill came in time");
    plan.merge(&[]).expect(0, &[]);
    assert_eq!(fingerprint(&plan.out()), expected);
}

#[test]
fn a_finished_task_is_kept() {
    let (_study, pipeline) = study();
    let plan = Plan::of(&pipeline);
    assert_eq!(plan.missing(), [WEST, EAST]);
    plan.task(&[EAST]).expect(0, &[]);
    assert_eq!(plan.missing(), [WEST]);
    let partial = plan.partial(EAST, ".tally");
    let before = fs::metadata(&partial).unwrap().modified().unwrap();
    let again = plan.task(&[EAST, WEST, EAST]);
    again.expect(0, &[]);
    assert!(
        again.stdout.contains(&format!("{EAST} kept"))
            && again.stdout.contains(&format!("{WEST} done")),
        "{again}"
    );
    assert_eq!(fs::metadata(&partial).unwrap().modified().unwrap(), before);
    // Another plan of the same keeps them too.
    plan.again(&pipeline, &[]).expect(2, &["--overwrite"]);
    plan.again(&pipeline, &["--overwrite"]).expect(0, &[]);
    assert!(plan.missing().is_empty());
    // A second merge needs the word, and gives the same.
    plan.merge(&[]).expect(0, &[]);
    let first = fingerprint(&plan.out());
    plan.merge(&[]).expect(2, &["--overwrite"]);
    plan.merge(&["--overwrite"]).expect(0, &[]);
    assert_eq!(fingerprint(&plan.out()), first);
}

#[test]
fn a_missing_partial_is_named() {
    let (_study, pipeline) = study();
    let plan = Plan::of(&pipeline);
    plan.merge_refused(&[WEST, EAST, "missing"]);
    plan.task(&[WEST]).expect(0, &[]);
    let before = contents(&plan.dir());
    let outcome = plan.merge(&[]);
    outcome.expect(1, &[EAST, "missing"]);
    assert!(!outcome.stderr.contains(&format!("{WEST}:")), "{outcome}");
    assert_eq!(contents(&plan.dir()), before, "a refusal changes nothing");
    plan.task(&["--all"]).expect(0, &[]);
    // Cells are as much part of it as tallies.
    fs::remove_file(plan.partial(EAST, ".cells")).unwrap();
    assert_eq!(plan.missing(), [EAST]);
    plan.merge_refused(&[EAST]);
}

#[test]
fn a_partial_that_is_there_twice_is_named() {
    let (_study, pipeline) = study();
    let plan = Plan::of(&pipeline);
    plan.task(&["--all"]).expect(0, &[]);
    let copy = plan.dir().join("partials/copy.tally");
    fs::copy(plan.partial(WEST, ".tally"), &copy).unwrap();
    plan.merge_refused(&[WEST, "twice", "copy.tally"]);
    fs::remove_file(copy).unwrap();
    // The partial of one task under the name of another.
    fs::copy(plan.partial(EAST, ".tally"), plan.partial(WEST, ".tally")).unwrap();
    plan.merge_refused(&[EAST, "twice"]);
    // Doing it again sees that it is another's.
    plan.task(&[WEST]).expect(0, &[]);
    plan.merge(&[]).expect(0, &[]);
    assert_eq!(fingerprint(&plan.out()), of_run(&pipeline));
}

#[test]
fn a_partial_of_another_plan_is_named() {
    let (study, pipeline) = study();
    let plan = Plan::of(&pipeline);
    plan.task(&["--all"]).expect(0, &[]);
    // The same tiles with another rule.
    study.edit("study.toml", "qc_max_percent = 100", "qc_max_percent = 50");
    let other = Plan::of(&pipeline);
    other.task(&["--all"]).expect(0, &[]);
    let right = plan.partial(EAST, ".tally");
    let foreign = other.partial(EAST, ".tally");
    assert_ne!(right.file_name(), foreign.file_name());
    let guest = right.with_file_name(foreign.file_name().unwrap());
    fs::copy(&foreign, &guest).unwrap();
    plan.merge_refused(&[EAST, "foreign"]);
    // In the place of the right one it is no better.
    fs::rename(&guest, &right).unwrap();
    plan.merge_refused(&[EAST, "foreign"]);
    plan.task(&["--all"]).expect(0, &[]);
    plan.merge(&[]).expect(0, &[]);
}

#[test]
fn a_truncated_partial_is_named() {
    let (_study, pipeline) = study();
    let plan = Plan::of(&pipeline);
    plan.task(&["--all"]).expect(0, &[]);
    for ending in [".tally", ".cells"] {
        let path = plan.partial(EAST, ending);
        let whole = fs::read(&path).unwrap();
        for length in [whole.len() - 1, whole.len() / 2, 10, 0] {
            fs::write(&path, &whole[..length]).unwrap();
            plan.merge_refused(&[EAST, "damaged"]);
        }
        // One bit.
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 16;
        fs::write(&path, &flipped).unwrap();
        plan.merge_refused(&[EAST, "damaged"]);
        // The advice of the refusal helps.
        let outcome = plan.task(&[EAST]);
        outcome.expect(0, &[]);
        assert!(
            outcome.stdout.contains(&format!("{EAST} done")),
            "{outcome}"
        );
        assert_eq!(fs::read(&path).unwrap(), whole, "made again to the bit");
    }
    plan.merge(&[]).expect(0, &[]);
}

/// Some tasks failed; stdout has what became of the others.
#[track_caller]
fn failed_in_part(outcome: &Outcome, words: &[&str]) {
    assert_eq!(outcome.code(), Some(1), "{outcome}");
    for word in words {
        assert!(outcome.stderr.contains(word), "{word:?} in\n{outcome}");
    }
}

/// A granule that is truncated after the plan was made.
#[test]
fn a_poison_task_says_why_and_harms_no_other() {
    let (study, pipeline) = study();
    let expected = of_run(&pipeline);
    let plan = Plan::of(&pipeline);
    let granule = study.granule_path(24, 4, 2002);
    let name = granule.file_name().unwrap().to_str().unwrap().to_owned();
    let whole = fs::read(&granule).unwrap();
    fs::write(&granule, &whole[..whole.len() / 2]).unwrap();
    for threads in ["1", "4"] {
        let outcome = plan.task(&["--all", "--threads", threads]);
        failed_in_part(&outcome, &[WEST, &name, "changed after the plan was made"]);
        assert_eq!(plan.missing(), [WEST], "the other task is done");
    }
    plan.merge_refused(&[WEST, "missing"]);
    // Gone altogether.
    fs::remove_file(&granule).unwrap();
    failed_in_part(&plan.task(&[WEST]), &[WEST, &name]);
    // Back again: as long and with the same content.
    fs::write(&granule, &whole).unwrap();
    plan.task(&["--all"]).expect(0, &[]);
    plan.merge(&[]).expect(0, &[]);
    assert_eq!(fingerprint(&plan.out()), expected);
}

#[test]
fn wrong_questions_are_answered() {
    let (_study, pipeline) = study();
    let plan = Plan::of(&pipeline);
    plan.task(&["h01v01-r00000"])
        .expect(2, &["h01v01-r00000", "--list"]);
    plan.task(&[]).expect(2, &["--all"]);
    let folder = tempfile::tempdir().unwrap();
    let nothing = text(folder.path());
    finish(command(&["task", nothing, "--all"])).expect(2, &["nutag plan"]);
    finish(command(&["merge", nothing, "--out", "nowhere"])).expect(2, &["nutag plan"]);
    // What is no plan is not overwritten.
    fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
    finish(command(&[
        "plan",
        &pipeline,
        "--out",
        nothing,
        "--overwrite",
    ]))
    .expect(2, &["not a plan folder"]);
    assert_eq!(
        fs::read_to_string(folder.path().join("thesis.txt")).unwrap(),
        "mine"
    );
}
