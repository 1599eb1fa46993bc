//! `nutag granules`.

use std::path::Path;

use nutag_pipeline::config::Config;
use nutag_pipeline::plan::series::list;

use super::{print, print_json};
use crate::args::Voice;

/// Lists the granules a job needs, and which are missing.
pub fn granules(pipeline: &Path, voice: Voice) -> anyhow::Result<()> {
    let list = list(&Config::load(pipeline)?)?;
    if voice.json {
        return print_json(&list);
    }
    let wanted = list.tiles.len() * list.dates.len();
    let mut lines = vec![format!(
        "{}: {wanted} granules wanted ({} tiles x {} dates), {} here, {} missing",
        list.product,
        list.tiles.len(),
        list.dates.len(),
        list.here.len(),
        list.missing.len()
    )];
    lines.push("  tile    cells inside the regions".to_owned());
    lines.extend(
        list.tiles
            .iter()
            .map(|(tile, cells)| format!("  {tile}  {cells}")),
    );
    if voice.verbose > 0 {
        lines.extend(list.here.iter().map(|path| format!("here        {path}")));
        lines.extend(
            list.superseded
                .iter()
                .map(|path| format!("superseded  {path}")),
        );
    } else if !list.superseded.is_empty() {
        lines.push(format!(
            "{} older production(s) are left aside",
            list.superseded.len()
        ));
    }
    if list.missing.is_empty() {
        lines.push("Nothing is missing.".to_owned());
    } else {
        lines.extend(
            list.missing
                .iter()
                .map(|name| format!("missing     {name}.*.hdf")),
        );
        lines.push(format!("looked in   {}", list.folder));
        lines.push(list.how_to_get);
    }
    print(&lines.join("\n"))
}
