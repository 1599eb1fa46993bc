//! A plan in a folder, and its merge: what [`crate::run`] does in one
//! process, spread over as many as there are.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_problem::{Error, Problem, Progress, Watch, on_threads};
use nutag_task::{FinishSheet, PlanFolder, PlanWriter, Reasons, Verdict};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::execute::Execution;
use crate::guards::Needs;
use crate::inputs::{check_libraries, check_unchanged, map_files, newcomers, paths_of};
use crate::manifest::{Input, hash_inputs};
use crate::output::OutputFolder;
use crate::plan::{Counted, Findings, Plan, series};
use crate::remembered::{HashMemory, Stamps};
use crate::run::{Outcome, RunOptions, finish, hashes};

/// What the merge needs to know beside the tiles.
#[derive(Debug, Serialize, Deserialize)]
struct MergeSheet {
    /// The pipeline file and its text.
    pipeline: PathBuf,
    text: String,
    /// Every file that was read, with its hash.
    inputs: Vec<Input>,
    superseded: Vec<PathBuf>,
    warnings: Vec<String>,
    outside_zones: [u64; 2],
    overlaps: [Vec<(String, String, u64)>; 3],
}

/// Plans a job into a folder, from which tasks can be run anywhere.
///
/// # Errors
/// As for [`Plan::make`]; a folder that exists and is not to be overwritten,
/// or cannot be written.
pub fn plan_into(
    pipeline: &Path,
    folder: &Path,
    overwrite: bool,
    threads: Option<u16>,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<PlanFolder, Error> {
    nutag_formats::calm_libraries();
    let (config, text) = Config::load_with_text(pipeline)?;
    let from = std::env::current_dir().map_err(|error| {
        Problem::new(format!(
            "the folder that this was started in is gone: {error}"
        ))
        .failed()
    })?;
    let mut writer = PlanWriter::begin(folder, overwrite)?;
    on_threads(threads, || {
        let mut plan = Plan::make_with(config, &mut |tile| writer.spill(tile), progress)?;
        let mut remembered = HashMemory::open(folder);
        let inputs = hash_inputs(&plan, &remembered, progress, stop)?;
        remembered.save();
        let trends = plan.must_count()?.cell_trends()?;
        let hashes = hashes(&inputs);
        let mut tiles = std::mem::take(&mut plan.tiles);
        let counting = plan.must_count()?;
        for tile in &mut tiles {
            writer.add(&counting.job(trends.as_ref()), tile, &hashes)?;
        }
        check_unchanged(&plan, &inputs, &remembered)?;
        let findings = &plan.findings;
        let overlaps = findings.overlaps.clone().map(|pairs| {
            let pairs = pairs.into_iter();
            pairs.map(|((a, b), cells)| (a, b, cells)).collect()
        });
        let merge = MergeSheet {
            pipeline: pipeline.to_owned(),
            text,
            inputs,
            superseded: counting.counted.superseded.clone(),
            warnings: plan.warnings.clone(),
            outside_zones: findings.outside_zones,
            overlaps,
        };
        let merge = serde_json::to_vec(&merge)
            .map_err(|error| Problem::new(format!("a plan cannot be written: {error}")).failed())?;
        let epoch = |label: &str| label.trim().to_owned();
        let zones = &counting.counted.zone_maps;
        let rest = FinishSheet {
            pipeline: pipeline.display().to_string(),
            from,
            regions: &plan.regions,
            zones: [&plan.zones, &plan.zones],
            epochs: [epoch(&zones.from.epoch), epoch(&zones.to.epoch)],
            counting: counting.counted.npp.counting(),
            outside_regions: findings
                .outside_regions
                .iter()
                .map(|(key, (cells, area_cm2))| (*key, *cells, *area_cm2))
                .collect(),
            merge,
        };
        writer.finish(&counting.job(trends.as_ref()), rest)
    })?
}

/// Merges the partials of a plan folder and writes the result folder, as a
/// run in one process would: to the bit.
///
/// Paths in the plan count from where it was made, so this must be the
/// current folder ([`nutag_task::PlanSheet::from`]).
///
/// # Errors
/// A partial that is missing, there twice, damaged or of another plan; an
/// input of the tables or maps that changed since; a result folder that
/// cannot be written.
pub fn merge_from(
    folder: &PlanFolder,
    options: &RunOptions,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    nutag_formats::calm_libraries();
    let out = OutputFolder::begin(&options.out, options.overwrite)?;
    on_threads(options.threads, || {
        // What cannot be merged is known before anything else is read.
        let found = folder.merge()?;
        let (plan, inputs) = restore(folder, &Watch::new(progress, stop))?;
        Needs::of(&plan, rayon::current_num_threads()).check(out.work())?;
        let tasks = plan
            .tasks()
            .into_iter()
            .zip(found.keys)
            .map(|(task, key)| (task, key, Verdict::Kept))
            .collect();
        let done = Execution {
            tallies: found.tallies,
            trends: found.trends,
            tasks,
        };
        tracing::info!(pieces = done.tasks.len(), "merged");
        let counting = plan.must_count()?;
        finish(
            &counting,
            done,
            inputs,
            &folder.store(),
            out,
            progress,
            stop,
        )
    })?
}

/// The plan as it was when its folder was written.
fn restore(folder: &PlanFolder, watch: &Watch<'_>) -> Result<(Plan, Vec<Input>), Error> {
    let sheet = folder.sheet();
    let merge: MergeSheet = serde_json::from_slice(&folder.merge_sheet()?).map_err(|error| {
        Problem::new(format!("what the merge needs cannot be read: {error}"))
            .at(folder.path().display())
            .failed()
    })?;
    check_libraries()?;
    check_inputs(folder, &merge.inputs)?;
    let config = Config::parse(&merge.text, &merge.pipeline)?;
    if let Some((role, path)) = newcomers(map_files(&config)?, paths_of(&merge.inputs)).first() {
        return Err(Problem::new(format!("this file came to the {role} after the plan was made"))
            .at(path.display())
            .advice("take it away, or plan again with `nutag plan ... --overwrite`; finished tasks that it does not touch are kept")
            .failed());
    }
    let (Some(npp), Some(zone_maps)) = (config.npp.clone(), config.zones.clone()) else {
        return Err(Problem::new("the plan names no granules")
            .at(folder.path().display())
            .advice("plan again with this program: `nutag plan ... --overwrite`")
            .asked());
    };
    let product = series::product(&config, &npp)?;
    if product != sheet.product {
        return Err(Problem::new(format!(
            "this program takes {} for something else than the one that planned",
            product.id()
        ))
        .at(folder.path().display())
        .advice("plan again with this program: `nutag plan ... --overwrite`")
        .asked());
    }
    let reasons = Reasons::new(npp.counting(), &product)?;
    let findings = Findings::of_cells(
        sheet.cells,
        merge.outside_zones,
        sheet.outside_regions.iter().copied(),
        merge.overlaps,
    );
    let mut plan = Plan {
        space: sheet.space()?,
        regions: sheet.regions.clone(),
        zones: sheet.zones_from.clone(),
        tiles: folder.tiles()?,
        systems: Vec::new(),
        warnings: Vec::new(),
        opened: Stamps::default(),
        config,
        findings,
        counted: Some(Counted {
            npp,
            zone_maps,
            product,
            periods: sheet.periods.clone(),
            reasons,
            superseded: merge.superseded,
        }),
    };
    plan.plan_systems(watch)?;
    plan.warnings = merge.warnings;
    Ok((plan, merge.inputs))
}

/// Granules are in the partials, with their hashes; all else that tables and
/// maps are made of must be what was planned.
fn check_inputs(folder: &PlanFolder, inputs: &[Input]) -> Result<(), Error> {
    let remembered = HashMemory::open(folder.path());
    for input in inputs.iter().filter(|input| input.role != "granule") {
        let path = Path::new(&input.path);
        let refused = |what: String| {
            Problem::new(format!("this {} {what}", input.role))
                .at(path.display())
                .advice("bring it back, or plan again with `nutag plan ... --overwrite`; finished tasks that it does not touch are kept")
                .failed()
        };
        let (sha256, _) = remembered
            .sha256(path)
            .map_err(|error| refused(format!("was planned and cannot be read: {error}")))?;
        if sha256 != input.sha256 {
            return Err(refused("changed after the plan was made".to_owned()));
        }
    }
    Ok(())
}
