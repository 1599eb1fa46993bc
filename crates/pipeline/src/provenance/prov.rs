//! The run in the words of W3C PROV, as PROV-JSON (W3C member submission of 24 April 2013).
//!
//! A file is named by its content, so that the same file in two runs is the same entity.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Origin, RESOLVED, file_name, made_media_type, media_type};

/// The namespace of the words of this program.
const NAMESPACE: &str = "urn:nutag:terms:";

fn name(sha256: &str) -> String {
    format!("sha256:{sha256}")
}

fn qualified(name: &str) -> Value {
    json!({ "$": name, "type": "prov:QUALIFIED_NAME" })
}

/// The PROV-JSON document.
pub(super) fn document(origin: &Origin<'_>) -> Value {
    let mut entities: BTreeMap<String, Value> = BTreeMap::new();
    let mut used = serde_json::Map::new();
    let mut generated = serde_json::Map::new();
    let run = format!("run:{}", origin.run_id());
    for input in origin.inputs {
        let id = name(&input.sha256);
        let key = format!("_:used{}", used.len() + 1);
        used.insert(
            key,
            json!({ "prov:activity": run, "prov:entity": id, "prov:role": input.role }),
        );
        entities.entry(id).or_insert_with(|| {
            json!({
                "prov:type": "nutag:Input",
                "prov:label": file_name(&input.path),
                "nutag:bytes": input.bytes,
                "nutag:mediaType": media_type(&input.path),
            })
        });
    }
    let mut plan = None;
    for output in origin.outputs {
        let id = name(&output.sha256);
        if output.path == RESOLVED {
            plan = Some(id.clone());
        }
        let key = format!("_:made{}", generated.len() + 1);
        // Two files of the same content are one entity, made once.
        if !entities.contains_key(&id) {
            generated.insert(key, json!({ "prov:activity": run, "prov:entity": id }));
        }
        let kind = if output.path == RESOLVED {
            qualified("prov:Plan")
        } else {
            Value::from("nutag:Output")
        };
        entities.entry(id).or_insert_with(|| {
            json!({
                "prov:type": kind,
                "prov:label": output.path,
                "nutag:bytes": output.bytes,
                "nutag:mediaType": made_media_type(&output.path),
            })
        });
    }
    let mut association = json!({ "prov:activity": run, "prov:agent": "nutag:program" });
    if let Some(plan) = plan {
        association["prov:plan"] = Value::from(plan);
    }
    json!({
        "prefix": {
            "nutag": NAMESPACE,
            "run": "urn:nutag:run:",
            "sha256": "urn:hash::sha256:",
        },
        "entity": entities,
        "activity": {
            run.as_str(): {
                "prov:type": "nutag:Run",
                "prov:label": origin.config.about.name,
                "nutag:question": origin.config.about.question,
            },
        },
        "agent": {
            "nutag:program": {
                "prov:type": qualified("prov:SoftwareAgent"),
                "prov:label": origin.program.name,
                "nutag:version": origin.program.version,
                "nutag:numericVersion": origin.program.numeric_version,
                "nutag:gdal": origin.program.gdal,
            },
        },
        "used": used,
        "wasGeneratedBy": generated,
        "wasAssociatedWith": { "_:asked": association },
    })
}
