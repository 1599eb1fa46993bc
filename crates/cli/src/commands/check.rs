//! `nutag check`.

use std::path::{Path, PathBuf};

use nutag_pipeline::config::Config;
use nutag_pipeline::guards::Needs;
use nutag_pipeline::plan::Plan;
use nutag_problem::Progress;

use super::{print, print_json};
use crate::args::Voice;
use crate::bars::{Bars, bytes};

/// Plans a job and says what it would read and write.
pub fn check(pipeline: &Path, voice: Voice) -> anyhow::Result<()> {
    let bars = Bars::new(voice.quiet);
    let plan = Plan::make(Config::load(pipeline)?, &bars)?;
    bars.finish();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let needs = Needs::of(&plan, threads);
    needs.check(&place_of_result(pipeline))?;
    let summary = plan.summary();
    if voice.json {
        return print_json(&summary);
    }
    let mut lines = vec![format!("{}: {}", summary.name, summary.question)];
    if let (Some(product), Some(quantity), Some(quality)) =
        (&summary.product, &summary.quantity, &summary.quality)
    {
        lines.extend([
            format!(
                "  product   {product} ({quantity}), {} periods: {} to {}",
                summary.periods.len(),
                summary.periods.first().map_or("", String::as_str),
                summary.periods.last().map_or("", String::as_str)
            ),
            format!("  quality   {quality}"),
            format!(
                "  area      {} regions, {} cells, {:.0} km2",
                summary.regions, summary.cells, summary.area_km2
            ),
            format!("  zones     {}", summary.zones.join(" | ")),
            format!(
                "  granules  {} of {} here",
                summary.granules_here, summary.granules_wanted
            ),
            format!("  reads     {}", bytes(summary.stored_bytes)),
        ]);
    } else {
        lines.push(format!("  area      {} regions", summary.regions));
    }
    for (_, system) in summary.systems.iter() {
        lines.push(format!("  {:<9} {}", system.label, system.line));
    }
    if voice.verbose > 0 {
        for tile in &summary.tiles {
            lines.push(format!(
                "    {}  {} cells, {} blocks, {}, {}",
                tile.tile,
                tile.cells,
                tile.blocks,
                tile.layout,
                bytes(tile.stored_bytes)
            ));
        }
    }
    lines.push(format!(
        "  needs     up to {} of disk, {} open files, {} of memory for values on {threads} threads",
        bytes(needs.disk_bytes),
        needs.open_files,
        bytes(needs.memory_bytes)
    ));
    lines.push(format!("  writes    {}", summary.outputs.join(", ")));
    // They are part of the answer; without --quiet they were said while the plan was made.
    if voice.quiet {
        let warnings = summary.warnings.iter();
        lines.extend(warnings.map(|warning| format!("  warning   {warning}")));
    }
    lines.push("The plan stands.".to_owned());
    print(&lines.join("\n"))
}

/// The nearest folder that is there above the place where a run puts its result unless told otherwise.
fn place_of_result(pipeline: &Path) -> PathBuf {
    let out = super::run::default_out(pipeline);
    let there = out.ancestors().find(|above| above.is_dir());
    there.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
