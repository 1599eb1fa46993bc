//! One file: resumed where it was cut, held to what the catalogue states, and moved to its name
//! only when it is whole.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use nutag_problem::{Error, Problem, Watch};

use crate::body::{MOST_TRIES, pause};
use crate::catalogue::Granule;
use crate::checksum::Sums;
use crate::credentials::Credentials;
use crate::web::{Answer, Failure, Web, shown};

/// How a file of HDF4, of HDF5 (and netCDF-4), and of netCDF-3 begins.
const BEGINNINGS: [&[u8]; 4] = [
    b"\x0e\x03\x13\x01",
    b"\x89HDF\r\n\x1a\n",
    b"CDF\x01",
    b"CDF\x02",
];

/// Bytes read at once.
const PIECE: usize = 1 << 16;

/// Brings one granule into a folder; its SHA-256.
pub fn bring(
    web: &Web,
    granule: &Granule,
    folder: &Path,
    credentials: &Credentials,
    watch: &Watch<'_>,
) -> Result<String, Error> {
    let whole = folder.join(&granule.name);
    let part = folder.join(format!(".{}.part", granule.name));
    let tag = folder.join(format!(".{}.etag", granule.name));
    let (mut fruitless, mut spoilt) = (0, false);
    loop {
        let before = length(&part);
        match attempt(web, granule, &part, &tag, credentials, watch) {
            Ok(()) => {}
            Err(Failure::Final(error)) => return Err(error),
            Err(Failure::Again { what, wait }) => {
                // A try that brought bytes is no failure: slow lines need many.
                fruitless = if length(&part) > before {
                    0
                } else {
                    fruitless + 1
                };
                if fruitless >= MOST_TRIES {
                    let problem = Problem::new(format!("{what}; tried {MOST_TRIES} times"));
                    let advice = "run the same command again later; it goes on from here";
                    return Err(problem.at(&granule.name).advice(advice).failed());
                }
                let usual = std::time::Duration::from_millis(500) * 2_u32.pow(fruitless);
                pause(watch, wait.unwrap_or(usual))?;
                continue;
            }
        }
        match held(granule, &part, watch)? {
            Ok(sha256) => {
                keep(&part, &whole)?;
                let _ = std::fs::remove_file(&tag);
                return Ok(sha256);
            }
            // What was resumed may have been of another file: once more, from the beginning.
            Err(what) => {
                let _ = std::fs::remove_file(&part);
                let _ = std::fs::remove_file(&tag);
                if spoilt {
                    let problem = Problem::new(format!("{what}, twice"));
                    let advice = "the archive's file and its catalogue disagree, or the line changes bytes; nothing was kept";
                    return Err(problem.at(&granule.name).advice(advice).failed());
                }
                spoilt = true;
            }
        }
    }
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

/// One request: all of the file, or what is missing of it.
fn attempt(
    web: &Web,
    granule: &Granule,
    part: &Path,
    tag: &Path,
    credentials: &Credentials,
    watch: &Watch<'_>,
) -> Result<(), Failure> {
    let here = length(part);
    if here > 0 && granule.size_bytes == Some(here) {
        return Ok(());
    }
    let etag = std::fs::read_to_string(tag).ok().filter(|_| here > 0);
    let headers: Vec<(&str, String)> = match &etag {
        Some(etag) => vec![
            ("Range", format!("bytes={here}-")),
            ("If-Range", etag.clone()),
        ],
        None => Vec::new(),
    };
    let answer = web.get(&granule.url, &headers, Some(credentials))?;
    let start = match answer.status {
        200 => 0,
        206 if starts_at(&answer, here) => here,
        // The range was not kept, or is beyond the end: from the beginning.
        206 | 416 => {
            let _ = std::fs::remove_file(tag);
            let what = format!("{} does not go on from byte {here}", shown(&answer.url));
            return Err(Failure::Again { what, wait: None });
        }
        status => return Err(refused(granule, &answer, status)),
    };
    let html = header(&answer, "content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if html {
        return Err(login_page(granule));
    }
    if let Some(etag) = header(&answer, "etag").filter(|etag| !etag.starts_with("W/")) {
        write_tag(tag, &etag).map_err(|error| Failure::Final(no_room(tag, &error)))?;
    } else {
        let _ = std::fs::remove_file(tag);
    }
    receive(granule, answer, part, start, watch)
}

fn header(answer: &Answer, name: &str) -> Option<String> {
    let value = answer.response.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// Whether a partial answer begins where it was asked to.
fn starts_at(answer: &Answer, byte: u64) -> bool {
    let range = header(answer, "content-range");
    range.is_some_and(|range| range.starts_with(&format!("bytes {byte}-")))
}

/// A status that no other try would change.
fn refused(granule: &Granule, answer: &Answer, status: u16) -> Failure {
    let what = format!("{} answers {status}", shown(&answer.url));
    let advice = match status {
        401 | 403 => {
            "the token may have ended (they last 60 days), or the archive's application is not yet \
             authorized in the profile at https://urs.earthdata.nasa.gov"
        }
        404 | 410 => {
            "the catalogue names a file that the archive no longer has; try again in a day"
        }
        _ => "try again later",
    };
    Failure::Final(Problem::new(what).at(&granule.name).advice(advice).failed())
}

/// An archive that does not know who asks sends its login page in place of the file, with 200.
fn login_page(granule: &Granule) -> Failure {
    let problem =
        Problem::new("expected a granule, found a page for people: the archive asks for a login");
    let advice = "the token may have ended; make a new one at https://urs.earthdata.nasa.gov";
    Failure::Final(problem.at(&granule.name).advice(advice).failed())
}

fn write_tag(tag: &Path, etag: &str) -> std::io::Result<()> {
    std::fs::write(tag, etag)
}

fn no_room(path: &Path, error: &std::io::Error) -> Error {
    let problem = Problem::new(format!("cannot be written: {error}"));
    let advice =
        "make room or choose another folder, and run the same command again; it goes on from here";
    problem.at(path.display()).advice(advice).failed()
}

/// Writes the body behind what is there.
fn receive(
    granule: &Granule,
    answer: Answer,
    part: &Path,
    start: u64,
    watch: &Watch<'_>,
) -> Result<(), Failure> {
    let place = shown(&answer.url);
    let disk = |error: std::io::Error| Failure::Final(no_room(part, &error));
    let mut file: Option<File> = None;
    let mut body = answer.response.into_body().into_reader();
    let mut piece = vec![0; PIECE];
    let mut here = start;
    loop {
        watch.check().map_err(Failure::Final)?;
        let read = body.read(&mut piece).map_err(|error| Failure::Again {
            what: format!("{place} was cut after {here} bytes: {error}"),
            wait: None,
        })?;
        if read == 0 {
            break;
        }
        if here == 0 && !begins_right(&piece[..read]) {
            return Err(login_page_or_other(granule, &piece[..read]));
        }
        // Not before its first bytes are known to be of a granule is a file made.
        let out = match &mut file {
            Some(out) => out,
            none => none.insert(open(part, start).map_err(disk)?),
        };
        out.write_all(&piece[..read]).map_err(disk)?;
        here += read as u64;
        watch.progress().advance(read as u64);
        if granule.size_bytes.is_some_and(|size| here > size) {
            // More than there is: `held` says so.
            return Ok(());
        }
    }
    if let Some(file) = file {
        file.sync_all().map_err(disk)?;
    }
    match granule.size_bytes {
        None if here == 0 => Err(Failure::Again {
            what: format!("{place} is empty"),
            wait: None,
        }),
        Some(size) if here < size => Err(Failure::Again {
            what: format!("{place} ended after {here} of {size} bytes"),
            wait: None,
        }),
        _ => Ok(()),
    }
}

/// The part, cut to its first bytes and open behind them. A link that was put in its place is not
/// followed.
fn open(part: &Path, start: u64) -> std::io::Result<File> {
    if std::fs::symlink_metadata(part).is_ok_and(|found| !found.is_file()) {
        return Err(std::io::Error::other(
            "something else than a file lies there",
        ));
    }
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(part)?;
    file.set_len(start)?;
    file.seek(SeekFrom::Start(start))?;
    Ok(file)
}

fn begins_right(bytes: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| {
        let known = bytes.len().min(beginning.len());
        bytes[..known] == beginning[..known]
    })
}

fn login_page_or_other(granule: &Granule, bytes: &[u8]) -> Failure {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'<') {
        return login_page(granule);
    }
    let problem = Problem::new("expected a file of HDF or netCDF, found something else");
    let advice = "look at the address in a browser; the archive may say there what is wrong";
    Failure::Final(problem.at(&granule.name).advice(advice).failed())
}

/// Whether the file is what the catalogue states: its SHA-256, or what is wrong.
pub fn held(
    granule: &Granule,
    path: &Path,
    watch: &Watch<'_>,
) -> Result<Result<String, String>, Error> {
    let found = length(path);
    if let Some(size) = granule.size_bytes.filter(|size| *size != found) {
        return Ok(Err(format!("expected {size} bytes, found {found}")));
    }
    let fail = |error: std::io::Error| {
        Problem::new(format!("cannot be read: {error}"))
            .at(path.display())
            .failed()
    };
    let mut file = File::open(path).map_err(fail)?;
    let mut sums = Sums::new(granule.checksum.as_ref());
    let mut piece = vec![0; PIECE];
    loop {
        watch.check()?;
        let read = file.read(&mut piece).map_err(fail)?;
        if read == 0 {
            break;
        }
        sums.take(&piece[..read]);
    }
    let (sha256, sum) = sums.end();
    Ok(match &granule.checksum {
        Some(stated) if stated.digits != sum => Err(format!(
            "expected the {:?} checksum {}, found {sum}",
            stated.algorithm, stated.digits
        )),
        _ => Ok(sha256),
    })
}

/// Gives a whole file its name, unless something has it already.
fn keep(part: &Path, whole: &Path) -> Result<(), Error> {
    let fail = |error: std::io::Error| {
        let problem = Problem::new(format!("cannot be given its name: {error}"));
        problem.at(whole.display()).failed()
    };
    // A link, unlike a rename, never replaces what is there.
    match std::fs::hard_link(part, whole) {
        Ok(()) => std::fs::remove_file(part).map_err(fail),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(fail(error)),
        // A disk without links: look, then rename.
        Err(_) if !whole.exists() => std::fs::rename(part, whole).map_err(fail),
        Err(error) => Err(fail(error)),
    }?;
    let folder: PathBuf = whole.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(fail)
}
