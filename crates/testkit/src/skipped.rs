//! Tests that cannot run here, and that say so where it is seen.
//!
//! Cargo keeps what a passing test prints to itself, so a line on stderr alone is no loud line. Each
//! skip is also written into the file that `NUTAG_SKIPPED` names, which `make test` prints at its end;
//! and where `CI` is set, what is not on the list of `tests/may-be-skipped.txt` fails.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Says that the test that runs, or a part of it, is skipped: `what` it needs, as the list of
/// `tests/may-be-skipped.txt` calls it, and `why` it cannot have it.
///
/// # Panics
/// Where `CI` is set and the list does not have `what`; if the file of skips cannot be written.
#[track_caller]
pub fn skipped(what: &str, why: impl Display) {
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    let binary = std::env::current_exe().ok();
    let binary = binary.as_deref().and_then(Path::file_stem);
    let binary = binary.map_or(String::new(), |name| name.to_string_lossy().into_owned());
    // Cargo puts a hash behind the name.
    let binary = binary.rsplit_once('-').map_or(&*binary, |(name, _)| name);
    let line = format!("{what}: {binary}, {test}: {why}\n");
    #[expect(clippy::print_stderr, reason = "a test says what it skipped")]
    {
        eprint!("SKIPPED {line}");
    }
    if let Some(file) = std::env::var_os("NUTAG_SKIPPED") {
        let file = OpenOptions::new().create(true).append(true).open(file);
        // One write, so that tests at the same time do not tear each other's lines.
        let written = file.and_then(|mut file: File| file.write_all(line.as_bytes()));
        written.expect("the file of skipped tests is written");
    }
    let listed = LIST.lines().any(|listed| reason(listed, what).is_some());
    assert!(
        listed || !strict(),
        "CI is set, and tests/may-be-skipped.txt does not have {what:?}: {line}"
    );
}

const LIST: &str = include_str!("../../../tests/may-be-skipped.txt");

fn strict() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// Why a line of the list allows a skip.
fn reason<'l>(line: &'l str, what: &str) -> Option<&'l str> {
    let reason = line.strip_prefix(what)?.strip_prefix(':')?.trim();
    (!reason.is_empty()).then_some(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_has_a_reason() {
        let lines = LIST
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let (what, _) = line.split_once(':').unwrap();
            assert!(reason(line, what).is_some(), "{line}");
        }
        assert_eq!(reason("a: b", "a"), Some("b"));
        assert_eq!(reason("a:", "a"), None);
        assert_eq!(reason("ab: c", "a"), None);
    }

    /// What a skip does is seen from outside only: the variables are of the process.
    #[test]
    fn a_skip_is_written_down_and_fails_under_ci_unless_listed() {
        const INNER: &str = "NUTAG_TESTKIT_SKIP";
        if let Ok(what) = std::env::var(INNER) {
            skipped(&what, "to see what comes of it");
            return;
        }
        let folder = std::env::temp_dir().join(format!("nutag-skip-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("skipped.txt");
        let this = std::env::current_exe().unwrap();
        let passes = |what: &str, ci: &str| {
            std::process::Command::new(&this)
                .args([
                    "--exact",
                    "skipped::tests::a_skip_is_written_down_and_fails_under_ci_unless_listed",
                ])
                .env(INNER, what)
                .env("CI", ci)
                .env("NUTAG_SKIPPED", &file)
                .output()
                .unwrap()
                .status
                .success()
        };
        assert!(passes("nothing-of-the-list", ""));
        assert!(!passes("nothing-of-the-list", "true"));
        assert!(passes("shared", "true"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(
            text.starts_with("nothing-of-the-list: nutag_testkit, skipped::tests::a_skip"),
            "{text}"
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
