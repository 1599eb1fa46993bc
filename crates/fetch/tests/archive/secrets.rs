//! Who sees the token, and where it comes from.

use std::fs;
use std::path::Path;

use nutag_fetch::{Credentials, Downloads, Hosts, download};
use nutag_problem::Watch;

use crate::server::{Archive, Fault, TOKEN};

#[test]
fn the_token_is_seen_by_the_archive_alone() {
    let archive = Archive::with(&[Fault::None, Fault::Stored, Fault::Cut]);
    let folder = tempfile::tempdir().unwrap();
    archive.bring(folder.path()).unwrap();
    let seen = archive.seen.lock().unwrap();
    for request in seen.iter() {
        let secret = request.headers.get("authorization").map(String::as_str);
        let expected = (request.host == "127.0.0.2").then(|| format!("Bearer {TOKEN}"));
        assert_eq!(secret, expected.as_deref(), "{request:?}");
    }
    let hosts: Vec<&str> = seen.iter().map(|request| request.host.as_str()).collect();
    assert!(hosts.contains(&"127.0.0.1") && hosts.contains(&"127.0.0.4"));
    let record = fs::read_to_string(folder.path().join("fetched.json")).unwrap();
    assert!(
        !record.contains(TOKEN) && !record.contains("Signature"),
        "{record}"
    );
}

/// An account goes to the login alone; the archive sees a cookie.
#[test]
fn the_account_is_seen_by_the_login_alone() {
    let archive = Archive::with(&[Fault::Login]);
    let folder = tempfile::tempdir().unwrap();
    let netrc = private(
        folder.path(),
        "netrc",
        "# mine\nmachine elsewhere login a password b\nmachine 127.0.0.3\n login user\n password secret\n",
    );
    let account = Credentials::find(None, None, Some(&netrc), Archive::hosts()).unwrap();
    let granules = archive.granules();
    let downloads = Downloads {
        granules: &granules,
        folder: folder.path(),
        jobs: 1,
    };
    download(&Archive::web(), &downloads, &account, &Watch::unwatched()).unwrap();
    let seen = archive.seen.lock().unwrap();
    for request in seen.iter() {
        let secret = request.headers.get("authorization").map(String::as_str);
        // "user:secret" in base64.
        let expected = (request.host == "127.0.0.3").then_some("Basic dXNlcjpzZWNyZXQ=");
        assert_eq!(secret, expected, "{request:?}");
        let cookie = request.headers.get("cookie").map(String::as_str);
        let own = if request.host == "127.0.0.2" {
            "login=yes"
        } else {
            "session=of-the-login"
        };
        assert!(cookie.is_none_or(|cookie| cookie == own), "{request:?}");
    }
}

fn private(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    mode(&path, 0o600);
    path
}

fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn where_secrets_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let find = |file: Option<&Path>, token: Option<&str>, netrc: Option<&Path>| {
        Credentials::find(file, token, netrc, Hosts::default())
    };
    let said = |result: Result<Credentials, nutag_problem::Error>| {
        let error = result.unwrap_err();
        assert!(error.was_asked_wrongly());
        error.to_string()
    };
    assert!(said(find(None, None, None)).contains("EARTHDATA_TOKEN"));
    assert!(said(find(None, Some("two words here"), None)).contains("one word"));
    let file = private(folder.path(), "token", "abcdefgh.ijkl\n");
    assert!(find(Some(&file), None, None).is_ok());
    mode(&file, 0o644);
    assert!(said(find(Some(&file), None, None)).contains("chmod 600"));
    let netrc = private(
        folder.path(),
        "netrc",
        "machine elsewhere login a password b",
    );
    assert!(said(find(None, None, Some(&netrc))).contains("found none"));
    // Nothing of a secret is printed.
    let token = find(None, Some("abcdefgh.ijkl"), None).unwrap();
    assert!(!format!("{token:?}").contains("abcdefgh"));
}

#[test]
fn hosts_that_may_see_a_token() {
    let token = Credentials::find(None, Some("abcdefgh.ijkl"), None, Hosts::default()).unwrap();
    for (address, may) in [
        ("https://data.lpdaac.earthdatacloud.nasa.gov/x.hdf", true),
        ("https://urs.earthdata.nasa.gov/oauth/authorize", true),
        ("https://e4ftl01.cr.usgs.gov/x.hdf", true),
        ("http://data.lpdaac.earthdatacloud.nasa.gov/x.hdf", false),
        ("https://evil-earthdatacloud.nasa.gov.example/x.hdf", false),
        ("https://evilearthdata.nasa.gov/x.hdf", false),
        ("https://earthdatacloud.nasa.gov.evil.example/x.hdf", false),
        ("https://bucket.s3.us-west-2.amazonaws.com/x.hdf", false),
        ("http://127.0.0.1:8080/x.hdf", false),
    ] {
        let url = url::Url::parse(address).unwrap();
        assert_eq!(token.authorization(&url).is_some(), may, "{address}");
    }
}
