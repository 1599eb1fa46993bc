//! What to cite, for people and as a `CITATION.cff`.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::known;
use super::{Origin, RESOLVED};
use crate::config::{Config, Decomposition, Mode};
use crate::output::MANIFEST;
use nutag_problem::{Error, Problem};
use nutag_system::{Reference, ReferenceKind};

/// Something to cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The reference as it stands in a list of references.
    pub text: String,
    /// Its DOI, without an address before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
}

/// What to cite with a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citations {
    /// The data, as `[about] sources` names them.
    pub data: Vec<Citation>,
    /// The program that made the result.
    pub program: Citation,
    /// The methods that this pipeline file uses.
    pub methods: Vec<Citation>,
}

/// What to cite with a result of this pipeline file, made by this version of the program.
#[must_use]
pub fn citations(config: &Config, version: &str) -> Citations {
    Citations {
        data: config.about.sources.iter().map(|s| source(s)).collect(),
        program: Citation {
            text: format!("The Nutag authors: Nutag, version {version} (computer program)."),
            doi: None,
        },
        methods: methods(config).iter().map(reference).collect(),
    }
}

/// What to cite with the result in a folder.
///
/// # Errors
/// A folder that is no result of this program.
pub fn cite(out: &Path) -> Result<Citations, Error> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        program: Program,
    }
    #[derive(serde::Deserialize)]
    struct Program {
        version: String,
    }
    let path = out.join(MANIFEST);
    let no_result = |what: String| {
        Problem::new(what)
            .at(path.display())
            .advice("name the folder of a result of this program, as in `nutag cite out/demo`")
            .asked()
    };
    let bytes = std::fs::read(&path).map_err(|e| no_result(format!("cannot be read: {e}")))?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|e| no_result(format!("is not a manifest of this program: {e}")))?;
    let config = Config::load_resolved(&out.join(RESOLVED))?;
    Ok(citations(&config, &manifest.program.version))
}

fn methods(config: &Config) -> Vec<Reference> {
    let mut methods = Vec::new();
    if let (Mode::Corrected, Some(npp)) = (config.mode, &config.npp) {
        methods.push(known::GEODESIC_AREA);
        methods.extend(match config.output.decomposition {
            Decomposition::Shapley => Some(known::SHAPLEY),
            Decomposition::Lmdi => Some(known::LMDI),
            Decomposition::Laspeyres => None,
        });
        let years = npp.years.map_or(npp.dates.len(), |[first, last]| {
            usize::from(last - first) + 1
        });
        if years >= nutag_carbon::TREND_PERIODS {
            methods.extend([known::SEN, known::MANN, known::BENJAMINI_HOCHBERG]);
        }
        if config.trend.as_ref().is_some_and(|trend| trend.hamed_rao) {
            methods.push(known::HAMED_RAO);
        }
    }
    let of_systems = config.sections().into_iter();
    for reference in of_systems.flat_map(nutag_system::Section::references) {
        if !methods.contains(reference) {
            methods.push(*reference);
        }
    }
    methods
}

fn reference(known: &Reference) -> Citation {
    let authors: Vec<String> = known
        .authors
        .iter()
        .map(|(family, initials)| match *initials {
            "" => (*family).to_owned(),
            initials => format!("{family}, {initials}"),
        })
        .collect();
    Citation {
        text: format!(
            "{} ({}): {}. {}.",
            authors.join("; "),
            known.year,
            known.title.trim_end_matches('?'),
            known.where_published
        ),
        doi: known.doi.map(str::to_owned),
    }
}

fn source(text: &str) -> Citation {
    let doi = doi_in(text);
    match doi.as_deref().and_then(known_data) {
        Some(known) => reference(known),
        None => Citation {
            text: text.trim().to_owned(),
            doi,
        },
    }
}

fn known_data(doi: &str) -> Option<&'static Reference> {
    known::DATA.iter().find(|known| {
        known
            .doi
            .is_some_and(|known| known.eq_ignore_ascii_case(doi))
    })
}

/// The first DOI in a text, after `doi:` or the address of a resolver.
fn doi_in(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let after = ["doi.org/", "doi:"]
        .iter()
        .filter_map(|mark| lower.find(mark).map(|at| at + mark.len()))
        .min()?;
    let rest = text[after..].trim_start();
    let doi: String = rest
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '<' | '>'))
        .collect();
    let doi = doi.trim_end_matches(['.', ',', ';']);
    (doi.starts_with("10.") && doi.contains('/')).then(|| doi.to_owned())
}

/// Text as a scalar of YAML: JSON's strings are YAML's, but for characters that JSON leaves as they are and
/// YAML counts as not printable or as the end of a line.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in serde_json::Value::from(text).to_string().chars() {
        if c.is_control()
            || matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            )
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            quoted.push(c);
        }
    }
    quoted
}

/// The `CITATION.cff` of a run folder.
pub(super) fn cff(origin: &Origin<'_>) -> String {
    let about = &origin.config.about;
    let mut text = String::from("cff-version: 1.2.0\n");
    let mut line = |key: &str, value: &str| {
        // A String takes whatever is written to it.
        let _ = writeln!(text, "{key}: {}", quoted(value));
    };
    line(
        "message",
        "If you use this result, cite it, its data and the program that made it.",
    );
    line("type", "dataset");
    line("title", &about.name);
    let mut summary = about.question.clone();
    if let Some(note) = &about.note {
        summary = format!("{summary} {note}");
    }
    line("abstract", &summary);
    line("version", &origin.run_id()[..16]);
    if let Some(issued) = origin.issued() {
        line("date-released", &issued);
    }
    match about.license.as_deref() {
        Some(address) if address.contains("://") => line("license-url", address),
        Some(spdx) => line("license", spdx),
        None => {}
    }
    text.push_str("authors:\n");
    for author in authors(&about.authors) {
        text.push_str(&format!("  - name: {}\n", quoted(author)));
    }
    text.push_str("references:\n");
    text.push_str(&format!(
        "  - type: software\n    title: \"Nutag\"\n    version: {}\n    authors:\n      - name: \"The Nutag authors\"\n",
        quoted(origin.program.version)
    ));
    for source in &about.sources {
        let doi = doi_in(source);
        match doi.as_deref().and_then(known_data) {
            Some(known) => text.push_str(&cff_reference(known)),
            None => {
                text.push_str(&format!(
                    "  - type: data\n    title: {}\n    authors:\n      - name: \"As named in the title\"\n",
                    quoted(source)
                ));
                if let Some(doi) = doi {
                    text.push_str(&format!("    doi: {}\n", quoted(&doi)));
                }
            }
        }
    }
    for known in methods(origin.config) {
        text.push_str(&cff_reference(&known));
    }
    text
}

fn cff_reference(known: &Reference) -> String {
    let kind = match known.kind {
        ReferenceKind::Article => "article",
        ReferenceKind::Report => "report",
        ReferenceKind::Data => "data",
    };
    let mut text = format!(
        "  - type: {kind}\n    title: {}\n    year: {}\n",
        quoted(known.title),
        known.year,
    );
    if let Some(doi) = known.doi {
        text.push_str(&format!("    doi: {}\n", quoted(doi)));
    }
    text.push_str("    authors:\n");
    for (family, initials) in known.authors {
        if initials.is_empty() {
            text.push_str(&format!("      - name: {}\n", quoted(family)));
        } else {
            text.push_str(&format!(
                "      - family-names: {}\n        given-names: {}\n",
                quoted(family),
                quoted(initials)
            ));
        }
    }
    if known.kind == ReferenceKind::Article {
        text.push_str(&format!("    journal: {}\n", quoted(known.where_published)));
    } else {
        text.push_str(&format!(
            "    institution:\n      name: {}\n",
            quoted(known.where_published)
        ));
    }
    text
}

/// The authors, or that they are not stated.
pub(super) fn authors(stated: &[String]) -> Vec<&str> {
    if stated.is_empty() {
        vec!["Authors not stated"]
    } else {
        stated.iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_text_ends_its_line_or_is_not_printable() {
        assert_eq!(quoted("a \"b\" Жон"), "\"a \\\"b\\\" Жон\"");
        assert_eq!(
            quoted("\u{1b}\u{7f}\u{85}\u{9b}\u{2028}\u{feff}\n"),
            "\"\\u001b\\u007f\\u0085\\u009b\\u2028\\ufeff\\n\""
        );
    }

    #[test]
    fn a_doi_is_found_however_it_is_written() {
        for (text, doi) in [
            (
                "doi:10.5067/MODIS/MOD17A3HGF.061",
                Some("10.5067/MODIS/MOD17A3HGF.061"),
            ),
            (
                "Zones: https://doi.org/10.7265/a7rr-na50.",
                Some("10.7265/a7rr-na50"),
            ),
            ("DOI: 10.1002/ppp.2165, abstract", Some("10.1002/ppp.2165")),
            ("Natural Earth 1:10m, public domain", None),
            ("doi:none", None),
            ("Монгол орны зураг doi:10.1/х", Some("10.1/х")),
        ] {
            assert_eq!(doi_in(text).as_deref(), doi, "{text}");
        }
        let modis = source("doi:10.5067/modis/mod17a3hgf.061");
        assert!(
            modis.text.starts_with("Running, S.; Zhao, M. (2021)"),
            "{}",
            modis.text
        );
    }

    #[test]
    fn text_of_people_stays_inside_its_quotes() {
        assert_eq!(quoted("a: \"b\" # c\nd"), r##""a: \"b\" # c\nd""##);
    }
}
