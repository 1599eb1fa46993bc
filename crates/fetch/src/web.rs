//! Requests whose redirects are followed by hand, so that no host sees what is not for it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use nutag_problem::{Error, Problem};
use url::Url;

use crate::credentials::Credentials;

/// The most redirects of one request; a login takes four.
const MOST_REDIRECTS: usize = 12;

/// The longest that a server may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// A way to the network, with the cookies of its hosts.
pub struct Web {
    agent: ureq::Agent,
    /// Cookies by host; a login sets them. They go to their host alone.
    cookies: Mutex<BTreeMap<String, BTreeMap<String, String>>>,
}

/// An answer whose redirects have been followed.
pub struct Answer {
    /// The address that answered.
    pub url: Url,
    /// Its status.
    pub status: u16,
    /// What it holds.
    pub response: ureq::http::Response<ureq::Body>,
}

/// Why there is no answer.
pub enum Failure {
    /// Another try may bring it, after this time if the server says so.
    Again {
        /// What went wrong.
        what: String,
        /// What the server asks for.
        wait: Option<Duration>,
    },
    /// No other try would help.
    Final(Error),
}

impl Default for Web {
    fn default() -> Self {
        Self::new(Duration::from_secs(30), Duration::from_secs(600))
    }
}

impl Web {
    /// A way that waits so long for a host to answer, and so long for all of a body: a download
    /// that takes longer goes on from where it is with another request.
    #[must_use]
    pub fn new(answer: Duration, body: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(answer))
            .timeout_recv_response(Some(answer))
            .timeout_recv_body(Some(body))
            .user_agent(concat!("nutag/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.into(),
            cookies: Mutex::default(),
        }
    }

    /// Asks for an address. Each host on the way sees the headers it is meant to see.
    ///
    /// # Errors
    /// Returns a failure if no host answers, one asks to come back later, a redirect leads
    /// nowhere or from an encrypted to an open connection.
    pub fn get(
        &self,
        url: &Url,
        headers: &[(&str, String)],
        credentials: Option<&Credentials>,
    ) -> Result<Answer, Failure> {
        let mut url = url.clone();
        for _ in 0..MOST_REDIRECTS {
            let mut request = self.agent.get(url.as_str());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            if let Some(secret) = credentials.and_then(|who| who.authorization(&url)) {
                request = request.header("Authorization", secret);
            }
            if let Some(cookies) = self.cookies_of(&url) {
                request = request.header("Cookie", cookies);
            }
            let response = request.call().map_err(|error| Failure::Again {
                what: format!("{}: {error}", shown(&url)),
                wait: None,
            })?;
            self.keep_cookies(&url, &response);
            let status = response.status().as_u16();
            let location = response.headers().get("location");
            let Some(location) = location.filter(|_| (300..400).contains(&status)) else {
                return later(&url, status, &response).map_or(
                    Ok(Answer {
                        url,
                        status,
                        response,
                    }),
                    Err,
                );
            };
            let next = location.to_str().ok().and_then(|text| url.join(text).ok());
            url = match next {
                Some(next) if is_allowed(&url, &next) => next,
                _ => {
                    let what = format!("{} leads to an address that is not followed", shown(&url));
                    return Err(Failure::Final(Problem::new(what).failed()));
                }
            };
        }
        let what = format!(
            "more than {MOST_REDIRECTS} redirects, the last one to {}",
            shown(&url)
        );
        Err(Failure::Final(Problem::new(what).failed()))
    }

    fn cookies_of(&self, url: &Url) -> Option<String> {
        let jar = self.cookies.lock().ok()?;
        let cookies = jar.get(&authority(url))?;
        let pairs: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        Some(pairs.join("; "))
    }

    fn keep_cookies(&self, url: &Url, response: &ureq::http::Response<ureq::Body>) {
        let Ok(mut jar) = self.cookies.lock() else {
            return;
        };
        for set in response.headers().get_all("set-cookie") {
            let pair = set.to_str().ok().and_then(|text| text.split(';').next());
            if let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) {
                let of_host = jar.entry(authority(url)).or_default();
                of_host.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}

/// Host and port.
fn authority(url: &Url) -> String {
    format!(
        "{}:{}",
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    )
}

/// An address without its query, which may hold a signature.
pub fn shown(url: &Url) -> String {
    format!("{}://{}{}", url.scheme(), authority(url), url.path())
}

/// Redirects stay with the protocol of the web, and never leave encryption.
fn is_allowed(from: &Url, to: &Url) -> bool {
    to.host_str().is_some()
        && (to.scheme() == "https" || (to.scheme() == "http" && from.scheme() == "http"))
}

/// Whether the server asks to come back, and when.
fn later(url: &Url, status: u16, response: &ureq::http::Response<ureq::Body>) -> Option<Failure> {
    if !matches!(status, 408 | 425 | 429 | 500 | 502..=504) {
        return None;
    }
    let asked = response.headers().get("retry-after");
    let wait = asked.and_then(|text| text.to_str().ok()).and_then(wait_of);
    let what = format!("{} answers {status}", shown(url));
    match wait {
        Some(wait) if wait > LONGEST_WAIT => {
            let minutes = wait.as_secs().div_ceil(60);
            let problem =
                Problem::new(format!("{what} and asks to come back in {minutes} minutes"));
            let problem = problem.advice("run the same command again then; it goes on from here");
            Some(Failure::Final(problem.failed()))
        }
        wait => Some(Failure::Again { what, wait }),
    }
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn wait_of(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
