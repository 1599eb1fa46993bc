//! LibreOffice without a window, which recomputes a workbook.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Settings of LibreOffice that make it compute every formula again when it
/// opens a workbook (0: always).
const ALWAYS_RECOMPUTE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Opens workbooks in LibreOffice, computes every formula and saves them into
/// a folder; `None`, said loudly, where LibreOffice is not installed.
///
/// # Panics
/// If LibreOffice is there and fails.
#[must_use]
pub fn recomputed(workbooks: &[PathBuf], folder: &Path) -> Option<Vec<PathBuf>> {
    let there = Command::new("soffice").arg("--version").output();
    if !there.is_ok_and(|output| output.status.success()) {
        nutag_testkit::skipped(
            "libreoffice",
            "LibreOffice is not there (Debian: libreoffice-calc-nogui; `make test` installs it)",
        );
        return None;
    }
    // A profile of its own: a LibreOffice that is open elsewhere would answer instead.
    let profile = folder.join("profile");
    let settings = profile.join("user");
    std::fs::create_dir_all(&settings).expect("a folder");
    std::fs::write(settings.join("registrymodifications.xcu"), ALWAYS_RECOMPUTE)
        .expect("the settings are written");
    let out = folder.join("recomputed");
    let done = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"])
        .arg("--outdir")
        .arg(&out)
        .args(workbooks)
        .output()
        .expect("soffice starts");
    let made: Vec<PathBuf> = workbooks
        .iter()
        .map(|workbook| out.join(workbook.file_name().expect("a name")))
        .collect();
    for workbook in &made {
        assert!(
            workbook.is_file(),
            "{}: {}{}",
            workbook.display(),
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Some(made)
}
