//! Which files there are: NASA's Common Metadata Repository.
//!
//! Granules in the format UMM-G (`granules.umm_json`); pages follow each other by the header
//! `CMR-Search-After`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use nutag_problem::{Error, OrProblem as _, Problem, Steps, Watch};
use serde::Deserialize;
use url::Url;

use crate::body::patiently;
use crate::checksum::Checksum;
use crate::web::{Answer, Failure, Web, shown};

/// Names in one request; more would make its address too long.
const NAMES_A_REQUEST: usize = 40;

/// Granules on one page of an answer.
const PAGE: usize = 2000;

/// The most bytes of one page: 2000 granules take some 10 MB.
const MOST_BYTES: u64 = 256 << 20;

/// Where the catalogue answers.
#[derive(Debug, Clone)]
pub struct Catalogue(Url);

impl Catalogue {
    /// A catalogue at an address.
    ///
    /// # Errors
    /// Returns an error if it is no address of the web.
    pub fn at(address: &str) -> Result<Self, Error> {
        let url = Url::parse(address)
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http") && url.host_str().is_some());
        url.map(Self).ok_or_else(|| {
            let problem =
                Problem::new("expected an address such as https://cmr.earthdata.nasa.gov");
            problem.at(address).asked()
        })
    }

    /// NASA's own.
    ///
    /// # Errors
    /// Never: the address is one.
    pub fn nasa() -> Result<Self, Error> {
        Self::at("https://cmr.earthdata.nasa.gov")
    }
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granule {
    /// Its name, with product, date, tile, collection and production time.
    pub name: String,
    /// Where it lies.
    pub url: Url,
    /// Its length, if the catalogue says so.
    pub size_bytes: Option<u64>,
    /// Its checksum, if the catalogue states one of a known kind.
    pub checksum: Option<Checksum>,
}

/// The newest production of each wanted granule; none for those that the archive does not have.
///
/// Each of `wanted` is a name up to its collection, such as `MOD17A3HGF.A2001001.h25v04.061`.
///
/// # Errors
/// Returns an error if the catalogue cannot be reached or answers something else than granules.
pub fn find(
    web: &Web,
    catalogue: &Catalogue,
    wanted: &[String],
    watch: &Watch<'_>,
) -> Result<Vec<Option<Granule>>, Error> {
    let mut newest: BTreeMap<String, Granule> = BTreeMap::new();
    watch.begin("asking the catalogue", wanted.len(), Steps::Items);
    for names in wanted.chunks(NAMES_A_REQUEST) {
        let asked: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        for granule in pages(web, &query(catalogue, names)?, watch)? {
            let Some(stem) = stem(&granule.name).filter(|stem| asked.contains(stem)) else {
                continue;
            };
            // Production times have one length, so the later name is the newer file.
            match newest.get(stem) {
                Some(known) if known.name >= granule.name => {}
                _ => {
                    newest.insert(stem.to_owned(), granule);
                }
            }
        }
        watch.advance(names.len())?;
    }
    watch.finish();
    Ok(wanted
        .iter()
        .map(|name| newest.get(name).cloned())
        .collect())
}

/// The request for these names, all of one product or of several.
fn query(catalogue: &Catalogue, names: &[String]) -> Result<Url, Error> {
    let mut url = catalogue.0.join("search/granules.umm_json").or_asked()?;
    let mut pairs = url.query_pairs_mut();
    let mut collections = BTreeSet::new();
    for name in names {
        let parts: Vec<&str> = name.split('.').collect();
        let [product, _, _, version] = parts[..] else {
            let problem = Problem::new("expected product.date.tile.collection");
            return Err(problem.at(name).asked());
        };
        collections.insert((product, version));
        pairs.append_pair("readable_granule_name[]", &format!("{name}.*"));
    }
    for (product, version) in collections {
        pairs.append_pair("short_name[]", product);
        pairs.append_pair("version[]", version);
    }
    pairs.append_pair("options[readable_granule_name][pattern]", "true");
    pairs.append_pair("sort_key", "readable_granule_name");
    pairs.append_pair("page_size", &PAGE.to_string());
    drop(pairs);
    Ok(url)
}

/// A name up to its collection.
fn stem(name: &str) -> Option<&str> {
    let (end, _) = name.match_indices('.').nth(3)?;
    name.get(..end)
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    umm: Umm,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Umm {
    #[serde(default)]
    data_granule: DataGranule,
    #[serde(default)]
    related_urls: Vec<RelatedUrl>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct DataGranule {
    #[serde(default)]
    archive_and_distribution_information: Vec<Archived>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Archived {
    #[serde(default)]
    name: String,
    size_in_bytes: Option<u64>,
    checksum: Option<Stated>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Stated {
    value: String,
    algorithm: String,
}

#[derive(Deserialize)]
struct RelatedUrl {
    #[serde(rename = "URL")]
    url: String,
    #[serde(rename = "Type")]
    kind: String,
}

impl Umm {
    /// The file of the data: the address of the web that ends in a file of the wanted kind.
    fn granule(self) -> Option<Granule> {
        let url = self.related_urls.iter().find_map(|related| {
            let url = Url::parse(&related.url).ok()?;
            let of_web = matches!(url.scheme(), "https" | "http");
            let name = url.path_segments()?.next_back()?;
            let of_data = [".hdf", ".h5", ".nc"]
                .iter()
                .any(|ending| name.ends_with(ending));
            (related.kind == "GET DATA" && of_web && of_data).then_some(url)
        })?;
        let name = url.path_segments()?.next_back()?.to_owned();
        // A granule may come with a picture and metadata: what is stated must be of this file.
        let stated = self.data_granule.archive_and_distribution_information;
        let stated = stated.into_iter().find(|archived| archived.name == name);
        let checksum = stated
            .as_ref()
            .and_then(|archived| archived.checksum.as_ref());
        Some(Granule {
            checksum: checksum.and_then(|c| Checksum::of_catalogue(&c.algorithm, &c.value)),
            size_bytes: stated.and_then(|archived| archived.size_in_bytes),
            name,
            url,
        })
    }
}

/// All pages of an answer.
fn pages(web: &Web, url: &Url, watch: &Watch<'_>) -> Result<Vec<Granule>, Error> {
    let mut granules = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let headers: Vec<_> = after
            .iter()
            .map(|after| ("CMR-Search-After", after.clone()))
            .collect();
        let (page, next) = patiently(watch, |_| {
            let answer = web.get(url, &headers, None)?;
            let next = answer.response.headers().get("cmr-search-after");
            let next = next.and_then(|text| text.to_str().ok()).map(str::to_owned);
            page(answer).map(|page| (page, next))
        })?;
        let last = page.items.len() < PAGE;
        granules.extend(page.items.into_iter().filter_map(|item| item.umm.granule()));
        if last || next.is_none() || next == after {
            return Ok(granules);
        }
        after = next;
    }
}

/// One page.
fn page(answer: Answer) -> Result<Page, Failure> {
    let place = shown(&answer.url);
    let final_ = |what: String| {
        let problem = Problem::new(what).at(&place);
        let advice =
            "the catalogue may be down, or something between here and it answers in its place";
        Failure::Final(problem.advice(advice).failed())
    };
    let mut text = String::new();
    answer
        .response
        .into_body()
        .into_reader()
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| Failure::Again {
            what: format!("{place}: {error}"),
            wait: None,
        })?;
    if answer.status != 200 {
        let said: String = text.chars().take(200).filter(|c| !c.is_control()).collect();
        return Err(final_(format!(
            "the catalogue answers {}: {said}",
            answer.status
        )));
    }
    serde_json::from_str(&text).map_err(|error| {
        final_(format!(
            "expected granules as JSON (UMM-G), found something else: {error}"
        ))
    })
}
