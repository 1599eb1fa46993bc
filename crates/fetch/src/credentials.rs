//! Who asks, and which hosts may know it.

use std::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nutag_problem::{Error, Problem};
use url::Url;

/// Where tokens are made, and what to do without one.
const ADVICE: &str = "make a token at https://urs.earthdata.nasa.gov (Generate Token) and put it \
    into EARTHDATA_TOKEN, into a file given as --token-file, or an account into ~/.netrc";

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Which hosts may see a secret. A name that begins with a dot stands for all hosts below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// They may see the token: archives and the login.
    pub token: Vec<String>,
    /// It may see the account.
    pub login: String,
}

impl Default for Hosts {
    fn default() -> Self {
        let token = [
            ".earthdatacloud.nasa.gov",
            ".earthdata.nasa.gov",
            ".eosdis.nasa.gov",
            ".nsidc.org",
            ".cr.usgs.gov",
        ];
        Self {
            token: token.map(str::to_owned).to_vec(),
            login: "urs.earthdata.nasa.gov".to_owned(),
        }
    }
}

/// A token or an account of NASA's Earthdata Login, and who may see it.
#[derive(Debug, Clone)]
pub struct Credentials {
    token: Option<Secret>,
    account: Option<(Secret, Secret)>,
    hosts: Hosts,
}

impl Credentials {
    /// The first of these that there is: a token file, the token of the environment
    /// (`EARTHDATA_TOKEN`), the account of `netrc` for the login host.
    ///
    /// # Errors
    /// Returns an error if there is none, a file that was named cannot be read, others than its
    /// owner may read it, or what is in it is no token.
    pub fn find(
        token_file: Option<&Path>,
        token: Option<&str>,
        netrc: Option<&Path>,
        hosts: Hosts,
    ) -> Result<Self, Error> {
        let mut found = Self {
            token: None,
            account: None,
            hosts,
        };
        if let Some(path) = token_file {
            found.token = Some(token_of(&private(path)?, &path.display().to_string())?);
        } else if let Some(token) = token.filter(|token| !token.trim().is_empty()) {
            found.token = Some(token_of(token, "EARTHDATA_TOKEN")?);
        } else if let Some(path) = netrc.filter(|path| path.exists()) {
            found.account = account_of(&private(path)?, &found.hosts.login);
        }
        if found.token.is_none() && found.account.is_none() {
            let problem = Problem::new(
                "expected a token or an account of NASA's Earthdata Login, found none",
            );
            return Err(problem.advice(ADVICE).asked());
        }
        Ok(found)
    }

    /// The header that lets this request in; `None` where the host may see nothing.
    ///
    /// Nothing is told over a connection that others can read, except on this machine itself.
    #[must_use]
    pub fn authorization(&self, url: &Url) -> Option<String> {
        let host = url.host_str()?;
        if url.scheme() != "https" && !is_loopback(url) {
            return None;
        }
        if let Some(token) = &self.token {
            let may =
                self.hosts.token.iter().any(|known| is_of(host, known)) || host == self.hosts.login;
            return may.then(|| format!("Bearer {}", token.0));
        }
        let (user, password) = self.account.as_ref()?;
        (host == self.hosts.login).then(|| {
            format!(
                "Basic {}",
                STANDARD.encode(format!("{}:{}", user.0, password.0))
            )
        })
    }
}

/// Whether a host is this one or, after a dot, below it.
fn is_of(host: &str, known: &str) -> bool {
    match known.strip_prefix('.') {
        Some(domain) => host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.')),
        None => host == known,
    }
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(_)) | None => false,
    }
}

/// A file with a secret, which only its owner may read.
fn private(path: &Path) -> Result<String, Error> {
    let fail = |what: String| Problem::new(what).at(path.display());
    let text = std::fs::read_to_string(path)
        .map_err(|error| fail(format!("cannot be read: {error}")).asked())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path)
            .map_err(|error| fail(format!("cannot be read: {error}")).asked())?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            let problem =
                fail("expected a file that only its owner may read: it holds a secret".to_owned());
            let advice = format!("run: chmod 600 '{}'", path.display());
            return Err(problem.advice(advice).asked());
        }
    }
    Ok(text)
}

/// A token of one word.
fn token_of(text: &str, place: &str) -> Result<Secret, Error> {
    let token = text.trim();
    let word = token.len() >= 8 && token.bytes().all(|byte| byte.is_ascii_graphic());
    if word {
        return Ok(Secret(token.to_owned()));
    }
    let problem =
        Problem::new("expected a token: one word of at least 8 letters, digits and signs");
    Err(problem.at(place).advice(ADVICE).asked())
}

/// The account of a host in a netrc file, or its default.
fn account_of(netrc: &str, host: &str) -> Option<(Secret, Secret)> {
    // A comment ends with its line.
    let words: Vec<&str> = netrc
        .lines()
        .flat_map(|line| {
            line.split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace()
        })
        .collect();
    let mut words = words.into_iter();
    let (mut here, mut user, mut password) = (false, None, None);
    while let Some(word) = words.next() {
        match word {
            "machine" | "default" => {
                if here && user.is_some() && password.is_some() {
                    break;
                }
                here = word == "default" || words.next() == Some(host);
                (user, password) = (None, None);
            }
            "login" if here => user = words.next(),
            "password" if here => password = words.next(),
            _ => {}
        }
    }
    let secret = |word: Option<&str>| word.map(|word| Secret(word.to_owned()));
    Some((secret(user.filter(|_| here))?, secret(password)?))
}
