//! A disk that is full: nothing appears under the final name.
//!
//! The test runs itself again in a shell whose files may not grow beyond a
//! few kilobytes; to a program that is what a full disk is: a write that
//! fails half way.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

use nutag_files::write_whole;
use nutag_report::{Column, Digits, Table, TableFormat, WriteError, write_table};

const FOLDER: &str = "NUTAG_TEST_FULL_DISK_FOLDER";

fn large_table() -> Table {
    let column = Column::new("number", "Number", "", Digits::Plain, "A number.");
    let mut table = Table::new("large", "Large", vec![column]);
    table.rows = (0..100_000_i64).map(|n| vec![(n * 7919).into()]).collect();
    table
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
#[ignore = "run by nothing_is_left_on_a_full_disk, inside the limit"]
fn inside() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let error = write_table(&large_table(), &folder, &[TableFormat::Csv]).unwrap_err();
    assert!(matches!(&error, WriteError::File(failed) if failed.path == folder.join("large.csv")));
    let message = error.to_string();
    assert!(
        message.contains("large.csv") && message.contains("make room"),
        "{message}"
    );
    assert_eq!(names(&folder), ["before.txt"]);
}

#[test]
fn nothing_is_left_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    write_whole(&folder.path().join("before.txt"), b"still here").unwrap();
    // Ignored signals stay ignored in the program that the shell becomes.
    let limited = "trap '' XFSZ; ulimit -f 8 && exec \"$0\" --exact inside --ignored";
    let run = Command::new("sh")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(names(folder.path()), ["before.txt"]);

    // The same without the limit.
    write_table(&large_table(), folder.path(), &[TableFormat::Csv]).unwrap();
    assert_eq!(names(folder.path()).len(), 3);
}
