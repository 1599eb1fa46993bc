//! A catalogue (127.0.0.1), an archive (127.0.0.2), a login (127.0.0.3) and a store (127.0.0.4),
//! each with the faults that a test asks of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nutag_fetch::{
    Catalogue, Credentials, Downloads, Granule, Hosts, Outcome, Web, download, find,
};
use nutag_problem::{Error, Watch};
use sha2::Digest as _;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The first two answers end in the middle.
    Cut,
    /// As before, and the file changes in between.
    CutAndChanged,
    /// As before, and the archive knows no ranges.
    CutWithoutRanges,
    /// The first answer asks to come back in a second.
    Busy,
    /// It asks to come back in an hour.
    Closed,
    /// A login page with status 200.
    LoginPage,
    /// The same, called a file.
    LoginPageAsFile,
    /// One byte is another than the catalogue says.
    Lying,
    /// The first answer has a wrong byte.
    LyingOnce,
    /// It leads to itself.
    Loop,
    /// The archive no longer has it.
    Gone,
    /// The catalogue states neither length nor checksum.
    Unstated,
    /// It leads to the store with a signed address.
    Stored,
    /// It leads to the login and back.
    Login,
}

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Seen {
    pub host: String,
    pub path: String,
    pub headers: BTreeMap<String, String>,
}

pub struct Archive {
    port: u16,
    files: Arc<BTreeMap<String, (Fault, Vec<u8>)>>,
    pub seen: Arc<Mutex<Vec<Seen>>>,
}

pub const TOKEN: &str = "token-of-a-test";

/// A file of HDF4 by its first bytes.
pub fn content(name: &str) -> Vec<u8> {
    let mut bytes = b"\x0e\x03\x13\x01".to_vec();
    bytes.extend(name.bytes().cycle().take(200_000));
    bytes
}

pub fn name_of(fault: Fault, day: usize) -> String {
    // The fault is known by the name's tile; any h00v00 to h35v17 will do.
    format!(
        "MOD17A3HGF.A2001{day:03}.h{:02}v04.061.2021102083216.hdf",
        fault as usize
    )
}

impl Archive {
    pub fn with(faults: &[Fault]) -> Self {
        let files: BTreeMap<_, _> = faults
            .iter()
            .enumerate()
            .map(|(i, fault)| {
                let name = name_of(*fault, i + 1);
                (name.clone(), (*fault, content(&name)))
            })
            .collect();
        let catalogue = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = catalogue.local_addr().unwrap().port();
        let mut listeners = vec![catalogue];
        for host in ["127.0.0.2", "127.0.0.3", "127.0.0.4"] {
            listeners.push(TcpListener::bind((host, port)).unwrap());
        }
        let archive = Self {
            port,
            files: Arc::new(files),
            seen: Arc::default(),
        };
        for listener in listeners {
            let (files, seen) = (Arc::clone(&archive.files), Arc::clone(&archive.seen));
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    let (files, seen) = (Arc::clone(&files), Arc::clone(&seen));
                    std::thread::spawn(move || {
                        let _ = answer(stream.unwrap(), port, &files, &seen);
                    });
                }
            });
        }
        archive
    }

    pub fn hosts() -> Hosts {
        Hosts {
            token: vec!["127.0.0.2".to_owned()],
            login: "127.0.0.3".to_owned(),
        }
    }

    pub fn web() -> Web {
        Web::new(Duration::from_secs(5), Duration::from_secs(20))
    }

    pub fn granules(&self) -> Vec<Granule> {
        let catalogue = Catalogue::at(&format!("http://127.0.0.1:{}", self.port)).unwrap();
        let wanted: Vec<String> = self
            .files
            .keys()
            .map(|name| name.split('.').take(4).collect::<Vec<_>>().join("."))
            .collect();
        let found = find(&Self::web(), &catalogue, &wanted, &Watch::unwatched()).unwrap();
        found.into_iter().map(Option::unwrap).collect()
    }

    pub fn bring(&self, folder: &Path) -> Result<Vec<Outcome>, Error> {
        let token = Credentials::find(None, Some(TOKEN), None, Self::hosts()).unwrap();
        let granules = self.granules();
        let downloads = Downloads {
            granules: &granules,
            folder,
            jobs: 3,
        };
        download(&Self::web(), &downloads, &token, &Watch::unwatched())
    }

    /// How often a file was asked for at a host.
    pub fn asked(&self, host: &str, name: &str) -> usize {
        let seen = self.seen.lock().unwrap();
        let of_file = seen
            .iter()
            .filter(|s| s.host == host && s.path.contains(name));
        of_file.count()
    }
}

fn answer(
    mut stream: TcpStream,
    port: u16,
    files: &BTreeMap<String, (Fault, Vec<u8>)>,
    seen: &Mutex<Vec<Seen>>,
) -> std::io::Result<()> {
    let host = stream.local_addr()?.ip().to_string();
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((key, value)) = line.split_once(':') {
            headers.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let request = Seen {
        host,
        path,
        headers,
    };
    let name = request
        .path
        .split(['/', '?'])
        .find(|part| part.ends_with(".hdf"));
    let tries = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        let same = seen
            .iter()
            .filter(|s| s.host == request.host && s.path == request.path);
        same.count()
    };
    let file = name.and_then(|name| files.get(name));
    match (request.host.as_str(), file) {
        ("127.0.0.1", _) => send(&mut stream, "200 OK", "", catalogue(port, files).as_bytes()),
        ("127.0.0.3", Some(_)) => {
            let authorized = request.headers.contains_key("authorization");
            let back = format!("http://127.0.0.2:{port}/data/{}?code=1", name.unwrap());
            let cookie = format!("Location: {back}\r\nSet-Cookie: session=of-the-login\r\n");
            let status = if authorized {
                "302 Found"
            } else {
                "401 Unauthorized"
            };
            send(&mut stream, status, &cookie, b"")
        }
        ("127.0.0.2", Some((fault, bytes))) => {
            archive(&mut stream, port, &request, tries, *fault, bytes)
        }
        ("127.0.0.4", Some((_, bytes))) => send(&mut stream, "200 OK", "", bytes),
        _ => send(&mut stream, "404 Not Found", "", b"none"),
    }
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    )?;
    stream.write_all(body)
}

/// The shape of an answer as the catalogue gives it: a picture and metadata beside the data.
fn catalogue(port: u16, files: &BTreeMap<String, (Fault, Vec<u8>)>) -> String {
    let mut items = String::new();
    for (name, (fault, bytes)) in files {
        let sum = sha2::Sha256::digest(bytes)
            .iter()
            .fold(String::new(), |mut text, byte| {
                write!(text, "{byte:02x}").unwrap();
                text
            });
        let stated = match fault {
            Fault::Unstated => String::new(),
            _ => format!(
                r#","SizeInBytes":{},"Checksum":{{"Value":"{sum}","Algorithm":"SHA-256"}}"#,
                bytes.len()
            ),
        };
        if !items.is_empty() {
            items.push(',');
        }
        write!(
            items,
            r#"{{"meta":{{"concept-id":"G1"}},"umm":{{"GranuleUR":"{name}","DataGranule":{{
            "ArchiveAndDistributionInformation":[{{"Name":"BROWSE.{name}.jpg","SizeInBytes":3}},{{"Name":"{name}"{stated}}}]}},
            "RelatedUrls":[{{"URL":"http://127.0.0.2:{port}/BROWSE.{name}.jpg","Type":"GET RELATED VISUALIZATION"}},
            {{"URL":"s3://bucket/{name}","Type":"GET DATA VIA DIRECT ACCESS"}},
            {{"URL":"http://127.0.0.2:{port}/data/{name}","Type":"GET DATA"}}]}}}}"#
        )
        .unwrap();
    }
    format!(r#"{{"hits":{},"took":5,"items":[{items}]}}"#, files.len())
}

fn archive(
    stream: &mut TcpStream,
    port: u16,
    request: &Seen,
    tries: usize,
    fault: Fault,
    bytes: &[u8],
) -> std::io::Result<()> {
    let name = request.path.rsplit('/').next().unwrap();
    let page = b"<!DOCTYPE html><html><title>Earthdata Login</title></html>";
    let logged_in = request
        .headers
        .get("cookie")
        .is_some_and(|c| c.contains("login=yes"));
    let known = request.headers.contains_key("authorization") || logged_in;
    if fault == Fault::Login && request.path.contains("code=") {
        let plain = name.split('?').next().unwrap();
        let back = format!("Location: /data/{plain}\r\nSet-Cookie: login=yes; Path=/; Secure\r\n");
        return send(stream, "302 Found", &back, b"");
    }
    if fault == Fault::Login && !logged_in {
        let to = format!("Location: http://127.0.0.3:{port}/oauth/{name}\r\n");
        return send(stream, "302 Found", &to, b"");
    }
    if !known {
        return send(stream, "401 Unauthorized", "", b"who are you");
    }
    match fault {
        Fault::Busy if tries == 1 => {
            send(stream, "503 Service Unavailable", "Retry-After: 1\r\n", b"")
        }
        Fault::Closed => send(
            stream,
            "429 Too Many Requests",
            "Retry-After: 3600\r\n",
            b"",
        ),
        Fault::LoginPage => send(
            stream,
            "200 OK",
            "Content-Type: text/html; charset=utf-8\r\n",
            page,
        ),
        Fault::LoginPageAsFile => send(
            stream,
            "200 OK",
            "Content-Type: application/x-hdf\r\n",
            page,
        ),
        Fault::Gone => send(stream, "404 Not Found", "", b""),
        Fault::Loop => {
            let to = format!("Location: http://127.0.0.2:{port}/data/{name}\r\n");
            send(stream, "302 Found", &to, b"")
        }
        Fault::Stored => {
            let to = format!("Location: http://127.0.0.4:{port}/{name}?Signature=secret\r\n");
            send(stream, "307 Temporary Redirect", &to, b"")
        }
        _ => file(stream, request, tries, fault, bytes),
    }
}

fn file(
    stream: &mut TcpStream,
    request: &Seen,
    tries: usize,
    fault: Fault,
    bytes: &[u8],
) -> std::io::Result<()> {
    let mut bytes = bytes.to_vec();
    let wrong = match fault {
        Fault::Lying => true,
        Fault::LyingOnce => tries == 1,
        Fault::CutAndChanged => tries <= 2,
        _ => false,
    };
    if wrong {
        bytes[500] ^= 1;
    }
    let etag = format!("\"{}\"", bytes[500]);
    let cut = matches!(
        fault,
        Fault::Cut | Fault::CutAndChanged | Fault::CutWithoutRanges
    ) && tries <= 2;
    let range = request.headers.get("range").and_then(|range| {
        let same = request.headers.get("if-range") == Some(&etag);
        let start = range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse::<usize>()
            .ok()?;
        (same && fault != Fault::CutWithoutRanges).then_some(start)
    });
    let (status, start) = range.map_or(("200 OK", 0), |start| ("206 Partial Content", start));
    let end = if cut { start + 60_000 } else { bytes.len() };
    let tags = match fault {
        Fault::CutWithoutRanges => String::new(),
        _ => format!("ETag: {etag}\r\n"),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Range: bytes {start}-{}/{}\r\nConnection: close\r\n{tags}\r\n",
        bytes.len() - start,
        bytes.len() - 1,
        bytes.len()
    )?;
    stream.write_all(&bytes[start..end])
}
