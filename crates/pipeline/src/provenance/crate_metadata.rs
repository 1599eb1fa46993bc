//! The run folder as an RO-Crate 1.1, after the profile Workflow Run Crate 0.5.
//!
//! The pipeline file is the workflow; the program runs it; granules and maps are its inputs, named
//! by their content since they lie outside the folder (RFC 6920).

use serde_json::{Value, json};

use super::citation::{authors, citations};
use super::{Origin, RESOLVED, file_name, made_media_type, media_type};
use crate::manifest::Output;
use crate::output::MANIFEST;

pub(super) const NAME: &str = "ro-crate-metadata.json";

const PROFILES: [(&str, &str, &str); 3] = [
    (
        "https://w3id.org/ro/wfrun/process/0.5",
        "Process Run Crate",
        "0.5",
    ),
    (
        "https://w3id.org/ro/wfrun/workflow/0.5",
        "Workflow Run Crate",
        "0.5",
    ),
    (
        "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
        "Workflow RO-Crate",
        "1.0",
    ),
];

const LANGUAGE: &str = "#pipeline-file";
const PROGRAM: &str = "#nutag";
const RUN: &str = "#run";

fn id(id: &str) -> Value {
    json!({ "@id": id })
}

/// A file by its content, as RFC 6920 names it.
fn named_information(sha256: &str) -> String {
    format!("ni:///sha-256;{}", base64url(sha256))
}

/// Hexadecimal digits as base64url without padding.
fn base64url(hex: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = hex
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .flat_map(|digit| (0..4).rev().map(move |bit| u8::from(digit >> bit & 1 == 1)))
        .collect();
    bits.chunks(6)
        .map(|six| {
            let value = (0..6).fold(0_usize, |value, i| {
                value << 1 | usize::from(six.get(i).copied().unwrap_or(0))
            });
            char::from(DIGITS[value])
        })
        .collect()
}

/// The metadata of the crate. `described` are the files of provenance themselves.
pub(super) fn document(origin: &Origin<'_>, described: &[Output]) -> Value {
    let about = &origin.config.about;
    let mut inputs: Vec<Value> = Vec::new();
    let mut input_ids: Vec<Value> = Vec::new();
    for input in origin.inputs {
        let name = named_information(&input.sha256);
        if input_ids.iter().any(|known| known["@id"] == name.as_str()) {
            continue;
        }
        input_ids.push(id(&name));
        inputs.push(json!({
            "@id": name,
            "@type": "File",
            "name": file_name(&input.path),
            "description": input.role,
            "encodingFormat": media_type(&input.path),
            "contentSize": input.bytes.to_string(),
            "sha256": input.sha256,
        }));
    }
    let files: Vec<Value> = origin
        .outputs
        .iter()
        .chain(described)
        .filter(|output| output.path != RESOLVED)
        .map(|output| file(origin, output))
        .collect();
    let result_ids: Vec<Value> = files.iter().map(|file| id(text(&file["@id"]))).collect();
    let mut parts = vec![id(RESOLVED), id(MANIFEST)];
    parts.extend(result_ids.iter().cloned());
    parts.extend(input_ids.iter().cloned());

    let mut root = json!({
        "@id": "./",
        "@type": "Dataset",
        "name": about.name,
        "description": about.note.as_deref().map_or_else(
            || about.question.clone(),
            |note| format!("{} {note}", about.question),
        ),
        "datePublished": origin.issued().unwrap_or_else(|| UNKNOWN_DATE.to_owned()),
        "license": about.license.as_deref().unwrap_or("No licence is stated: ask the authors."),
        "author": people(origin).iter().map(|person| id(text(&person["@id"]))).collect::<Vec<_>>(),
        "conformsTo": PROFILES.map(|(address, _, _)| id(address)),
        "mainEntity": id(RESOLVED),
        "mentions": id(RUN),
        "hasPart": parts,
    });
    let works = works(origin);
    if !works.is_empty() {
        root["citation"] = works.iter().map(|work| id(text(&work["@id"]))).collect();
    }
    let mut graph = vec![
        json!({
            "@id": NAME,
            "@type": "CreativeWork",
            "about": id("./"),
            "conformsTo": [
                id("https://w3id.org/ro/crate/1.1"),
                id("https://w3id.org/workflowhub/workflow-ro-crate/1.0"),
            ],
        }),
        root,
        workflow(origin),
        json!({
            "@id": LANGUAGE,
            "@type": "ComputerLanguage",
            "name": "Nutag pipeline file",
            "description": "TOML that says every choice which moves a number; the program's pipelines/README.md explains its keys.",
            "url": "https://toml.io",
        }),
        json!({
            "@id": PROGRAM,
            "@type": "SoftwareApplication",
            "name": origin.program.name,
            "softwareVersion": origin.program.version,
            "description": format!(
                "Rules that move numbers: version {}. GDAL {}.",
                origin.program.numeric_version, origin.program.gdal
            ),
        }),
        json!({
            "@id": RUN,
            "@type": "CreateAction",
            "name": format!("Run of {}", about.name),
            "description": "When it took place is in the ledger of whoever ran it: no clock enters a result.",
            "identifier": origin.run_id(),
            "actionStatus": "http://schema.org/CompletedActionStatus",
            "instrument": id(RESOLVED),
            "object": input_ids,
            "result": result_ids,
        }),
        json!({
            "@id": MANIFEST,
            "@type": "File",
            "name": "Manifest",
            "description": "Every file that was read and written, with its length and SHA-256.",
            "encodingFormat": "application/json",
        }),
    ];
    graph.extend(PROFILES.map(|(address, name, version)| {
        json!({ "@id": address, "@type": "CreativeWork", "name": name, "version": version })
    }));
    graph.extend(people(origin));
    graph.extend(works);
    graph.extend(inputs);
    graph.extend(files);
    json!({
        "@context": [
            "https://w3id.org/ro/crate/1.1/context",
            { "sha256": "https://w3id.org/ro/terms/workflow-run#sha256" },
        ],
        "@graph": graph,
    })
}

/// Stands where neither the pipeline file nor a granule gives a date: plainly none.
const UNKNOWN_DATE: &str = "1970-01-01";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn workflow(origin: &Origin<'_>) -> Value {
    let resolved = origin.outputs.iter().find(|output| output.path == RESOLVED);
    let mut workflow = json!({
        "@id": RESOLVED,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": format!("Pipeline file of {}", origin.config.about.name),
        "description": origin.config.about.question,
        "programmingLanguage": id(LANGUAGE),
        "softwareRequirements": id(PROGRAM),
        "encodingFormat": media_type(RESOLVED),
    });
    if let Some(resolved) = resolved {
        workflow["contentSize"] = resolved.bytes.to_string().into();
        workflow["sha256"] = resolved.sha256.as_str().into();
    }
    workflow
}

fn file(origin: &Origin<'_>, output: &Output) -> Value {
    json!({
        "@id": output.path,
        "@type": "File",
        "name": origin.title(&output.path).unwrap_or_else(|| file_name(&output.path)),
        "encodingFormat": made_media_type(&output.path),
        "contentSize": output.bytes.to_string(),
        "sha256": output.sha256,
    })
}

/// Who answers for the study. Whether a name is a person's is not known, so all are organisations
/// in the widest sense.
fn people(origin: &Origin<'_>) -> Vec<Value> {
    let names = authors(&origin.config.about.authors)
        .into_iter()
        .enumerate();
    names
        .map(|(index, name)| {
            json!({ "@id": format!("#author-{}", index + 1), "@type": "Organization", "name": name })
        })
        .collect()
}

/// Data and methods with a DOI.
fn works(origin: &Origin<'_>) -> Vec<Value> {
    let cited = citations(origin.config, origin.program.version);
    let kinds = cited.data.into_iter().map(|work| ("Dataset", work)).chain(
        cited
            .methods
            .into_iter()
            .map(|work| ("ScholarlyArticle", work)),
    );
    kinds
        .filter_map(|(kind, work)| {
            let doi = work.doi?;
            Some(json!({
                "@id": format!("https://doi.org/{doi}"),
                "@type": if kind == "Dataset" { "CreativeWork" } else { kind },
                "name": work.text,
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_names_are_those_of_rfc_6920() {
        // Section 8.1 of RFC 6920: the SHA-256 of "Hello World!".
        let hash = nutag_files::sha256_bytes(b"Hello World!");
        assert_eq!(
            named_information(&hash),
            "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
        );
    }
}
