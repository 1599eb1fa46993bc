//! `nutag fetch` against a catalogue and an archive on loopback: a study whose granules are
//! elsewhere is fetched and computed, and nothing but `fetch` needs them to be there.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use nutag_tests::{Outcome, RightStudy, Study, command, contents, finish};
use serde_json::{Value, json};
use sha2::Digest as _;

/// A catalogue at 127.0.0.1 and an archive at 127.0.0.2, of the files of a folder.
fn serve(folder: PathBuf) -> u16 {
    let catalogue = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = catalogue.local_addr().unwrap().port();
    let archive = TcpListener::bind(("127.0.0.2", port)).unwrap();
    for listener in [catalogue, archive] {
        let folder = folder.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = answer(stream.unwrap(), port, &folder);
            }
        });
    }
    port
}

fn answer(mut stream: TcpStream, port: u16, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let token = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .any(|line| line.eq_ignore_ascii_case("authorization: Bearer a-token-of-tests"));
    let (status, body) = if path.starts_with("/search/granules.umm_json") {
        ("200 OK", catalogue(port, folder).to_string().into_bytes())
    } else if token {
        (
            "200 OK",
            fs::read(folder.join(path.trim_start_matches('/')))?,
        )
    } else {
        ("401 Unauthorized", Vec::new())
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

fn catalogue(port: u16, folder: &Path) -> Value {
    let items: Vec<Value> = contents(folder)
        .into_iter()
        .map(|(name, bytes)| {
            let name = name.display().to_string();
            let sum: String = sha2::Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            json!({ "umm": {
                "DataGranule": { "ArchiveAndDistributionInformation": [{
                    "Name": name, "SizeInBytes": bytes.len(),
                    "Checksum": { "Algorithm": "SHA-256", "Value": sum } }] },
                "RelatedUrls": [{ "Type": "GET DATA", "URL": format!("http://127.0.0.2:{port}/{name}") }],
            } })
        })
        .collect();
    json!({ "hits": items.len(), "took": 1, "items": items })
}

struct Asked {
    study: Study,
    catalogue: String,
}

impl Asked {
    /// A study whose granules lie in the archive alone.
    fn new() -> Self {
        let study = Study::new();
        let archive = study.path("archive");
        fs::rename(study.path("granules"), &archive).unwrap();
        let catalogue = format!("http://127.0.0.1:{}", serve(archive));
        Self { study, catalogue }
    }

    fn fetch(&self, token: &str, more: &[&str]) -> Outcome {
        let pipeline = self.study.path("study.toml");
        let mut command = command(&["fetch", pipeline.to_str().unwrap()]);
        command
            .args(["--catalogue", &self.catalogue, "--token-host", "127.0.0.2"])
            .args(more)
            .env("EARTHDATA_TOKEN", token)
            .env("HOME", self.study.path(""));
        Outcome::of(&command.output().unwrap())
    }

    fn granules(&self) -> Outcome {
        let pipeline = self.study.path("study.toml");
        finish(command(&["granules", pipeline.to_str().unwrap()]))
    }
}

#[test]
fn a_study_is_fetched_and_computed() {
    let asked = Asked::new();
    let wanted = RightStudy::TILES.len() * RightStudy::YEARS.len();
    // What is needed is known before anything is there.
    let list = asked.granules();
    assert!(list.done(), "{list}");
    assert!(
        list.stdout.contains(&format!("0 here, {wanted} missing")),
        "{list}"
    );

    let plan = asked.fetch("", &["--dry-run"]);
    assert!(plan.done(), "{plan}");
    assert_eq!(
        plan.stdout.matches("http://127.0.0.2").count(),
        wanted,
        "{plan}"
    );
    assert!(!asked.study.path("granules").exists());

    let fetched = asked.fetch("a-token-of-tests", &[]);
    assert!(fetched.done(), "{fetched}");
    assert!(
        fetched
            .stdout
            .contains(&format!("{wanted} of {wanted} missing")),
        "{fetched}"
    );
    assert!(
        !fetched.to_string().contains("a-token-of-tests"),
        "{fetched}"
    );
    let again = asked.fetch("", &[]);
    assert!(again.stdout.contains("Nothing is missing."), "{again}");

    let run = asked.study.run();
    assert!(run.done(), "{run}");
    assert_eq!(asked.study.tables(), Study::right_tables());
}

#[test]
fn what_keeps_a_fetch_from_coming() {
    let asked = Asked::new();
    asked
        .fetch("", &[])
        .expect(2, &["EARTHDATA_TOKEN", "urs.earthdata.nasa.gov"]);
    asked
        .fetch("a-wrong-token", &[])
        .expect(1, &["6 of 6 files", "401", "token may have ended"]);
    asked
        .fetch("a-token-of-tests", &["--catalogue-typo"])
        .expect(2, &["--catalogue-typo"]);
    // The archive does not have a year yet: what it has is brought, and that is said.
    asked
        .study
        .edit("study.toml", "[2001, 2003]", "[2001, 2004]");
    let fetched = asked.fetch("a-token-of-tests", &[]);
    fetched.expect(1, &["2 granules are not in the archive", "A2004001"]);
    assert_eq!(
        fs::read_dir(asked.study.path("granules")).unwrap().count(),
        7
    );
    // A pattern is no folder.
    asked
        .study
        .edit("study.toml", "\"granules\"", "\"granules/*.hdf\"");
    asked
        .fetch("a-token-of-tests", &[])
        .expect(2, &["found a pattern", "--into DIR"]);
}
