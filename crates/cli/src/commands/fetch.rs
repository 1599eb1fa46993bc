//! `nutag fetch`.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_fetch::{
    Catalogue, Credentials, Downloads, Granule, Hosts, Outcome, Web, download, find,
};
use nutag_pipeline::config::Config;
use nutag_pipeline::plan::series::list;
use nutag_problem::{Problem, Progress as _, Watch};
use serde::Serialize;

use super::{print, print_json};
use crate::args::{Fetch, Voice};
use crate::bars::{Bars, say};

/// What came of it.
#[derive(Debug, Serialize)]
struct Summary {
    folder: String,
    wanted: usize,
    brought: Vec<String>,
    already_here: usize,
    not_in_the_archive: Vec<String>,
    bytes: u64,
}

/// Downloads what a pipeline needs and is not here.
pub fn fetch(args: &Fetch, voice: Voice, stop: &AtomicBool) -> anyhow::Result<()> {
    let config = Config::load(&args.pipeline)?;
    let folder = folder(args, &config)?;
    let list = list(&config)?;
    let bars = Bars::new(voice.quiet);
    let watch = Watch::new(&bars, stop);
    let web = Web::default();
    let catalogue = match &args.catalogue {
        Some(address) => Catalogue::at(address)?,
        None => Catalogue::nasa()?,
    };
    let found = find(&web, &catalogue, &list.missing, &watch)?;
    let gone = list.missing.iter().zip(&found);
    let gone = gone.filter(|(_, found)| found.is_none());
    let mut summary = Summary {
        folder: folder.display().to_string(),
        wanted: list.missing.len(),
        brought: Vec::new(),
        already_here: 0,
        not_in_the_archive: gone.map(|(name, _)| name.clone()).collect(),
        bytes: 0,
    };
    let granules: Vec<Granule> = found.into_iter().flatten().collect();
    summary.bytes = granules
        .iter()
        .filter_map(|granule| granule.size_bytes)
        .sum();
    if args.dry_run {
        bars.finish();
        return print_plan(&summary, &granules, voice);
    }
    if !granules.is_empty() {
        let credentials = credentials(args)?;
        std::fs::create_dir_all(&folder).map_err(|error| {
            let problem = Problem::new(format!("the folder cannot be made: {error}"));
            problem.at(folder.display()).failed()
        })?;
        let downloads = Downloads {
            granules: &granules,
            folder: &folder,
            jobs: usize::from(args.jobs),
        };
        let outcomes = download(&web, &downloads, &credentials, &watch)?;
        for (granule, outcome) in granules.iter().zip(outcomes) {
            match outcome {
                Outcome::Brought => summary.brought.push(granule.name.clone()),
                Outcome::Here => summary.already_here += 1,
            }
        }
    }
    bars.finish();
    print_outcome(&summary, voice)
}

/// The folder of the granules: `--into`, or the one that the pipeline names.
fn folder(args: &Fetch, config: &Config) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &args.into {
        return Ok(folder.clone());
    }
    let Some(npp) = &config.npp else {
        let problem = Problem::new("there is no [npp], so no granules are asked for");
        return Err(problem.at(config.file.display()).asked().into());
    };
    let named = &npp.granules;
    if named.to_string_lossy().contains(['*', '?', '[']) {
        let problem = Problem::new("expected a folder to download into, found a pattern");
        let problem = problem.at(format!("[npp] granules = \"{}\"", named.display()));
        return Err(problem.advice("say --into DIR").asked().into());
    }
    Ok(named.clone())
}

fn credentials(args: &Fetch) -> anyhow::Result<Credentials> {
    let mut hosts = Hosts::default();
    if !args.token_host.is_empty() {
        hosts.token.clone_from(&args.token_host);
    }
    if let Some(login) = &args.login_host {
        hosts.login.clone_from(login);
    }
    let token = std::env::var("EARTHDATA_TOKEN").ok();
    let netrc = std::env::var_os("NETRC").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME")?;
        Some(Path::new(&home).join(".netrc"))
    });
    let file = args.token_file.as_deref();
    Ok(Credentials::find(
        file,
        token.as_deref(),
        netrc.as_deref(),
        hosts,
    )?)
}

fn print_plan(summary: &Summary, granules: &[Granule], voice: Voice) -> anyhow::Result<()> {
    if voice.json {
        return print_json(summary);
    }
    for granule in granules {
        print(granule.url.as_str())?;
    }
    print(&format!(
        "{} files, {}, into {}",
        granules.len(),
        megabytes(summary.bytes),
        summary.folder
    ))?;
    tell_gone(summary);
    Ok(())
}

fn print_outcome(summary: &Summary, voice: Voice) -> anyhow::Result<()> {
    let brought = format!(
        "{} of {} missing granules downloaded into {}",
        summary.brought.len(),
        summary.wanted,
        summary.folder
    );
    if let Some(first) = summary.not_in_the_archive.first() {
        if !voice.json {
            say(&brought);
            tell_gone(summary);
        }
        let gone = summary.not_in_the_archive.len();
        let problem = Problem::new(format!(
            "{gone} granules are not in the archive, the first is {first}.*"
        ));
        let advice =
            "a year appears some months after its end; `[npp] years` says which are asked for";
        let details = serde_json::to_value(summary)?;
        return Err(problem.advice(advice).details(details).failed().into());
    }
    if voice.json {
        return print_json(summary);
    }
    print(if summary.wanted == 0 {
        "Nothing is missing."
    } else {
        &brought
    })
}

fn tell_gone(summary: &Summary) {
    for name in &summary.not_in_the_archive {
        say(&format!("not in the archive: {name}.*"));
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
