//! Every fault, one by one and all together: nothing is lost, nothing wrong is kept.

use std::fs;
use std::path::Path;

use nutag_fetch::{Outcome, RECORD};

use crate::server::{Archive, Fault, content, name_of};

/// Files of a folder that are not the record.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != RECORD)
        .collect();
    names.sort();
    names
}

fn whole(folder: &Path, name: &str) -> bool {
    fs::read(folder.join(name)).is_ok_and(|bytes| bytes == content(name))
}

#[test]
fn faults_that_pass() {
    for (fault, requests) in [
        (Fault::None, 1),
        (Fault::Cut, 3),
        (Fault::CutAndChanged, 3),
        (Fault::CutWithoutRanges, 3),
        (Fault::Busy, 2),
        (Fault::LyingOnce, 2),
        (Fault::Unstated, 1),
        (Fault::Stored, 1),
    ] {
        let archive = Archive::with(&[fault]);
        let folder = tempfile::tempdir().unwrap();
        let outcomes = archive
            .bring(folder.path())
            .unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        let name = name_of(fault, 1);
        assert_eq!(outcomes, [Outcome::Brought], "{fault:?}");
        assert!(whole(folder.path(), &name), "{fault:?}");
        assert_eq!(files(folder.path()), [name.as_str()], "{fault:?}");
        assert_eq!(archive.asked("127.0.0.2", &name), requests, "{fault:?}");
    }
}

#[test]
fn a_cut_file_goes_on_where_it_was() {
    let archive = Archive::with(&[Fault::Cut]);
    let folder = tempfile::tempdir().unwrap();
    archive.bring(folder.path()).unwrap();
    let seen = archive.seen.lock().unwrap();
    let ranges: Vec<_> = seen
        .iter()
        .filter(|s| s.host == "127.0.0.2")
        .map(|s| s.headers.get("range").cloned().unwrap_or_default())
        .collect();
    assert_eq!(ranges, ["", "bytes=60000-", "bytes=120000-"]);
}

#[test]
fn faults_that_stay() {
    for (fault, said) in [
        (Fault::Closed, "asks to come back in 60 minutes"),
        (Fault::LoginPage, "a page for people"),
        (Fault::LoginPageAsFile, "a page for people"),
        (Fault::Lying, "expected the Sha256 checksum"),
        (Fault::Loop, "more than 12 redirects"),
        (Fault::Gone, "answers 404"),
    ] {
        let archive = Archive::with(&[fault]);
        let folder = tempfile::tempdir().unwrap();
        let error = archive.bring(folder.path()).unwrap_err();
        assert!(error.to_string().contains(said), "{fault:?}: {error}");
        assert!(!error.was_asked_wrongly(), "{fault:?}");
        assert_eq!(files(folder.path()), [""; 0], "{fault:?}");
    }
}

/// One bad file keeps no other from coming, and the next call brings the rest alone.
#[test]
fn one_bad_file_among_good_ones() {
    let faults = [
        Fault::None,
        Fault::Gone,
        Fault::Cut,
        Fault::LoginPage,
        Fault::None,
    ];
    let archive = Archive::with(&faults);
    let folder = tempfile::tempdir().unwrap();
    let error = archive.bring(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("2 of 5 files could not be brought"),
        "{error}"
    );
    let here = files(folder.path());
    assert_eq!(here.len(), 3);
    assert!(here.iter().all(|name| whole(folder.path(), name)));
    let first = archive.asked("127.0.0.2", &here[0]);
    archive.bring(folder.path()).unwrap_err();
    assert_eq!(
        archive.asked("127.0.0.2", &here[0]),
        first,
        "asked for again"
    );
    let record = fs::read_to_string(folder.path().join(RECORD)).unwrap();
    assert!(here.iter().all(|name| record.contains(name)));
}

/// A file that is here is never overwritten, whatever it holds.
#[test]
fn what_is_here_stays() {
    let archive = Archive::with(&[Fault::None]);
    let folder = tempfile::tempdir().unwrap();
    let name = name_of(Fault::None, 1);
    fs::write(folder.path().join(&name), "mine").unwrap();
    let error = archive.bring(folder.path()).unwrap_err().to_string();
    assert!(error.contains("left alone"), "{error}");
    assert_eq!(
        fs::read_to_string(folder.path().join(&name)).unwrap(),
        "mine"
    );
    fs::write(folder.path().join(&name), content(&name)).unwrap();
    assert_eq!(archive.bring(folder.path()).unwrap(), [Outcome::Here]);
    assert_eq!(archive.asked("127.0.0.2", &name), 0);
}

/// A link in the place of a part is not followed.
#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_part() {
    let archive = Archive::with(&[Fault::None]);
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    let part = folder
        .path()
        .join(format!(".{}.part", name_of(Fault::None, 1)));
    std::os::unix::fs::symlink(&victim, part).unwrap();
    assert!(archive.bring(folder.path()).is_err());
    assert_eq!(fs::read_to_string(victim).unwrap(), "precious");
}
