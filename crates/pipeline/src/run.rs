//! A plan into a result folder.

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_carbon::Study;
use nutag_files::write_whole;
use nutag_problem::{Error, OrProblem, Problem, Progress, Watch, check_stop, on_threads};
use nutag_report::{Table, TableFormat as Format, write_table};
use nutag_task::{Inputs, NUMERIC_VERSION, PartialStore, Task, TaskKey, Verdict};
use serde::Serialize;

use crate::cells::CellMosaic;
use crate::config::{Config, TableFormat};
use crate::execute::{Execution, execute_with, total_of_finished};
use crate::guards::Needs;
use crate::inputs::check_unchanged;
use crate::manifest::{Input, Manifest, Program, TableKeys, hash_inputs, hash_outputs, method};
use crate::maps::{Maps, make_maps};
use crate::output::{MANIFEST, OutputFolder, PARTIALS, PROGRAM, write_failed};
use crate::plan::{NppPlan, Plan};
use crate::provenance::provenance_of;
use crate::remembered::HashMemory;
use crate::results::{Results, Wanted, results, results_of_systems};
use crate::study::{names, quantity};

/// How a run is done; nothing here moves a number.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The result folder.
    pub out: PathBuf,
    /// Replace it if it exists.
    pub overwrite: bool,
    /// Number of threads; one a core if not given.
    pub threads: Option<u16>,
}

/// What a run has made.
#[derive(Debug)]
pub struct Outcome {
    out: PathBuf,
    headline: Table,
    answer: String,
    files: Vec<String>,
    warnings: Vec<String>,
    tasks: Vec<(Task, TaskKey, Verdict)>,
}

/// An outcome for programs.
#[derive(Debug, Serialize)]
pub struct OutcomeSummary {
    /// The result folder.
    pub out: String,
    /// The answer in a sentence or two.
    pub answer: String,
    /// The main table.
    pub table: serde_json::Value,
    /// The files in the folder.
    pub files: Vec<String>,
    /// What the user should know.
    pub warnings: Vec<String>,
    /// The pieces of the job, and what became of each: kept from an earlier
    /// run, or done and why.
    pub tasks: Vec<(String, String)>,
}

impl Outcome {
    /// The main table, in its short form, and the answer.
    #[must_use]
    pub fn headline(&self, width: usize) -> String {
        format!(
            "{}\n{}\n",
            nutag_report::text(&self.headline.brief(), width),
            self.answer
        )
    }

    /// The pieces of the job, and what became of each.
    #[must_use]
    pub fn explained(&self) -> Vec<(String, String)> {
        let tasks = self.tasks.iter();
        tasks
            .map(|(task, _, verdict)| (task.label.clone(), verdict.to_string()))
            .collect()
    }

    /// How many pieces there are, and how many of them were kept from an
    /// earlier run.
    #[must_use]
    pub fn kept(&self) -> (usize, usize) {
        let kept = self
            .tasks
            .iter()
            .filter(|(_, _, verdict)| *verdict == Verdict::Kept);
        (self.tasks.len(), kept.count())
    }

    /// Name and digest of the partials that the result is made of.
    fn kept_partials(&self) -> impl Iterator<Item = (&str, &str)> {
        let tasks = self.tasks.iter();
        tasks.map(|(task, key, _)| (task.label.as_str(), key.digest()))
    }

    /// Where the report is.
    #[must_use]
    pub fn report_path(&self) -> PathBuf {
        self.out.join("report.html")
    }

    /// The outcome for programs.
    ///
    /// # Errors
    /// A table that cannot be written as JSON, which is a fault of this program.
    pub fn summary(&self) -> Result<OutcomeSummary, Error> {
        let table = nutag_report::json(&self.headline).or_failed()?;
        Ok(OutcomeSummary {
            out: self.out.display().to_string(),
            answer: self.answer.clone(),
            table,
            files: self.files.clone(),
            warnings: self.warnings.clone(),
            tasks: self.explained(),
        })
    }
}

/// Plans, counts, and writes the result folder.
///
/// # Errors
/// Whatever stops it; the result folder is then as it was before.
pub fn run(
    options: &RunOptions,
    make_plan: impl FnOnce() -> Result<Plan, Error> + Send,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    nutag_formats::calm_libraries();
    // A place that cannot be written is known before hours of work, not after.
    let folder = OutputFolder::begin(&options.out, options.overwrite)?;
    on_threads(options.threads, || {
        let plan = make_plan()?;
        check_place(&options.out, &plan.config)?;
        tracing::info!(
            tiles = plan.tiles.len(),
            cells = plan.findings.cells,
            systems = plan.systems.len(),
            "the plan stands"
        );
        Needs::of(&plan, rayon::current_num_threads()).check(folder.work())?;
        let mut remembered = HashMemory::open(folder.work());
        let inputs = hash_inputs(&plan, &remembered, progress, stop)?;
        remembered.save();
        let Some(counting) = plan.npp() else {
            let (all, watch) = (Wanted::Everything, Watch::new(progress, stop));
            let results = results_of_systems(&plan, &inputs, all, &watch)?;
            check_unchanged(&plan, &inputs, &remembered)?;
            return write(&plan, results, inputs, Vec::new(), folder, stop);
        };
        let store = PartialStore::open(&folder.partials())?;
        let trends = counting.cell_trends()?;
        let hashes = hashes(&inputs);
        let done = execute_with(&counting, trends.as_ref(), &hashes, &store, progress, stop)?;
        check_unchanged(&plan, &inputs, &remembered)?;
        let kept = done.tasks.iter().filter(|(_, _, v)| *v == Verdict::Kept);
        tracing::info!(pieces = done.tasks.len(), kept = kept.count(), "counted");
        for (task, _, verdict) in &done.tasks {
            tracing::debug!(piece = task.label, "{verdict}");
        }
        let outcome = finish(&counting, done, inputs, &store, folder, progress, stop)?;
        store.keep_only(outcome.kept_partials());
        Ok(outcome)
    })?
}

/// Refuses a result that holds inputs, which would be gone once it is replaced, and one where a pattern
/// would find its files and take them for inputs of the next run.
///
/// A folder is searched in its first level only, so a result inside a folder of inputs does no harm.
fn check_place(out: &Path, config: &Config) -> Result<(), Error> {
    let Some(out) = on_disk(out) else {
        return Ok(());
    };
    for place in config.input_places() {
        let is_fixed =
            |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
        let fixed: PathBuf = place.components().take_while(is_fixed).collect();
        let Some(input) = on_disk(&fixed) else {
            continue;
        };
        let deep = place.components().any(|part| part.as_os_str() == "**");
        let what = if input.starts_with(&out) {
            "the result would hold inputs, and they would be gone once it is replaced"
        } else if deep && out.starts_with(&input) {
            "the result would lie where a pattern looks for inputs"
        } else {
            continue;
        };
        return Err(Problem::new(format!("{what}: {}", place.display()))
            .at(out.display())
            .advice("name a folder beside the inputs with --out")
            .asked());
    }
    Ok(())
}

/// The path that a file has or would have, links resolved as far as it is there.
fn on_disk(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find_map(|above| {
        let real = above.canonicalize().ok()?;
        Some((real, path.strip_prefix(above).ok()?.to_owned()))
    });
    there.map(|(real, rest)| {
        if rest.as_os_str().is_empty() {
            real
        } else {
            real.join(rest)
        }
    })
}

/// The hashes of inputs by path.
pub(crate) fn hashes(inputs: &[Input]) -> Inputs {
    Inputs::of(
        inputs
            .iter()
            .map(|input| (PathBuf::from(&input.path), input.sha256.clone())),
    )
}

/// The end of a run, when everything is counted: tables, rasters, report.
pub(crate) fn finish(
    plan: &NppPlan<'_>,
    done: Execution,
    inputs: Vec<Input>,
    store: &PartialStore,
    folder: OutputFolder,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let trends = plan.cell_trends()?;
    let cells = CellMosaic::open(plan, trends.as_ref(), &done, store)?;
    let (names, quantity) = (names(plan), quantity(&plan.counted.product)?);
    let study = Study::new(&done.tallies, plan.space, &names, &quantity).or_failed()?;
    let maps = make_maps(plan, cells.as_ref(), &folder, progress, stop)?;
    let results = results(
        plan,
        &study,
        &inputs,
        cells.as_ref(),
        &maps,
        Wanted::Everything,
        &Watch::new(progress, stop),
    )?;
    let partials = keep_tallies(&folder, store, &done.tasks)?;
    let made = [partials, maps.rasters].concat();
    let outcome = write(plan, results, inputs, made, folder, stop)?;
    Ok(Outcome {
        tasks: done.tasks,
        ..outcome
    })
}

/// Makes the tables of a result again from the tallies in its folder of
/// partials: no value of a granule is read. `inputs` are the hashes that the
/// tallies must have been made from.
///
/// # Errors
/// A partial that is not there, is damaged, or was made from something else;
/// figures that do not add up.
pub fn tables_from_partials(
    plan: &Plan,
    inputs: &[Input],
    out: &Path,
    watch: &Watch<'_>,
) -> Result<Vec<Table>, Error> {
    let Some(plan) = &plan.npp() else {
        return Ok(results_of_systems(plan, inputs, Wanted::Tables, watch)?.tables);
    };
    let store = PartialStore::existing(&out.join(PARTIALS));
    let tallies = total_of_finished(plan, &hashes(inputs), &store)?;
    let (names, quantity) = (names(plan), quantity(&plan.counted.product)?);
    let study = Study::new(&tallies, plan.space, &names, &quantity).or_failed()?;
    let (maps, tables) = (Maps::default(), Wanted::Tables);
    Ok(results(plan, &study, inputs, None, &maps, tables, watch)?.tables)
}

/// Puts the tallies of the tasks into the result: its tables can be made
/// again from them without any granule.
fn keep_tallies(
    folder: &OutputFolder,
    store: &PartialStore,
    tasks: &[(Task, TaskKey, Verdict)],
) -> Result<Vec<PathBuf>, Error> {
    let partials = folder.folder(PARTIALS)?;
    tasks
        .iter()
        .map(|(task, key, _)| {
            let from = store.tallies_path(task, key);
            let to = partials.join(from.file_name().unwrap_or_default());
            std::fs::copy(&from, &to).map_err(|error| write_failed(&to, &error))?;
            Ok(to)
        })
        .collect()
}

fn write(
    plan: &Plan,
    results: Results,
    inputs: Vec<Input>,
    made: Vec<PathBuf>,
    folder: OutputFolder,
    stop: &AtomicBool,
) -> Result<Outcome, Error> {
    let tables = folder.folder("tables")?;
    let mut files = made;
    for table in &results.tables {
        let formats = formats(plan, table);
        files.extend(write_table(table, &tables, &formats).or_failed()?);
    }
    let write = |name: &str, bytes: &[u8]| -> Result<PathBuf, Error> {
        let path = folder.path().join(name);
        write_whole(&path, bytes).or_failed()?;
        Ok(path)
    };
    for (name, bytes) in &results.pictures {
        if let Some((parent, _)) = name.split_once('/') {
            folder.folder(parent)?;
        }
        files.push(write(name, bytes)?);
    }
    files.push(write("report.html", results.page.html().as_bytes())?);
    let resolved = toml::to_string_pretty(&plan.config).map_err(|error| {
        Problem::new(format!(
            "the resolved pipeline file cannot be written: {error}"
        ))
        .failed()
    })?;
    files.push(write("pipeline.resolved.toml", resolved.as_bytes())?);
    let program = Program {
        name: PROGRAM,
        version: env!("CARGO_PKG_VERSION"),
        numeric_version: NUMERIC_VERSION,
        gdal: nutag_formats::gdal_version(),
    };
    let tables: Vec<_> = results.tables.iter().map(TableKeys::of).collect();
    let begun = std::time::Instant::now();
    let mut outputs = hash_outputs(&folder.path(), &files)?;
    let hashed = begun.elapsed();
    let mut said = Vec::new();
    for (name, bytes) in provenance_of(plan, &program, &inputs, &outputs, &tables, &folder.path())?
    {
        if let Some((parent, _)) = name.split_once('/') {
            folder.folder(parent)?;
        }
        said.push(write(&name, &bytes)?);
    }
    outputs.extend(hash_outputs(&folder.path(), &said)?);
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    files.append(&mut said);
    tracing::debug!(
        hashing_ms = hashed.as_millis(),
        provenance_ms = (begun.elapsed() - hashed).as_millis(),
        "where it comes from is written down"
    );
    let manifest = Manifest {
        program,
        plan: plan.summary(),
        method: method(plan),
        inputs,
        outputs,
        tables,
        superseded: plan
            .counted
            .iter()
            .flat_map(|counted| &counted.superseded)
            .map(|path| path.display().to_string())
            .collect(),
    };
    let manifest = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Problem::new(format!("the manifest cannot be written: {error}")).failed()
    })?;
    files.push(write(MANIFEST, manifest.as_bytes())?);

    let made = folder.path();
    let mut names: Vec<String> = files
        .iter()
        .map(|path| {
            path.strip_prefix(&made)
                .unwrap_or(path)
                .display()
                .to_string()
        })
        .collect();
    names.sort();
    // Who has stopped the run does not expect a result, were it ready.
    check_stop(stop)?;
    let out = folder.finish()?;
    tracing::info!(out = %out.display(), files = names.len(), "the result is there");
    Ok(Outcome {
        out,
        headline: results.headline,
        answer: results.page.answer,
        files: names,
        warnings: plan.warnings.clone(),
        tasks: Vec::new(),
    })
}

/// csv is always written; long tables are for programs and get no page.
fn formats(plan: &Plan, table: &Table) -> Vec<Format> {
    const LONG: usize = 500;
    let mut formats: Vec<Format> = plan
        .config
        .output
        .tables
        .iter()
        .map(|f| Format::from(*f))
        .collect();
    formats.push(Format::from(TableFormat::Csv));
    formats.sort();
    formats.dedup();
    formats.retain(|format| *format != Format::Markdown || table.rows.len() <= LONG);
    formats
}
