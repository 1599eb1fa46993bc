//! `nutag audit`.

use nutag_pipeline::audit::audit as audit_published;
use nutag_report::{json, text};

use super::{print, print_json, width};
use crate::args::Voice;

/// Prints the published table with its discrepancies.
pub fn audit(voice: Voice) -> anyhow::Result<()> {
    let report = audit_published();
    if voice.json {
        let mut tables = serde_json::Map::new();
        for table in &report.tables {
            tables.insert(table.name.clone(), json(table)?);
        }
        let discrepancies = report
            .discrepancies
            .iter()
            .map(json)
            .collect::<Result<Vec<_>, _>>()?;
        return print_json(
            &serde_json::json!({ "tables": tables, "discrepancies": discrepancies }),
        );
    }
    let mut out = String::new();
    for table in &report.tables {
        out.push_str(&text(table, width()));
        out.push('\n');
    }
    for table in &report.discrepancies {
        out.push_str(&text(table, width()));
        out.push('\n');
    }
    print(&out)
}
