//! From what was asked to what will be done: every file opened, everything
//! that can be compared compared. After a plan stands, nothing can be asked
//! wrongly any more.

mod keys;
mod maps;
mod npp;
mod promises;
pub mod series;
mod summary;
mod tiles;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nutag_frame::{Announced, Frame, Places, Zoning};
use nutag_granules::granule::Period;
use nutag_granules::product::Product;
use nutag_problem::{Error, OrProblem, Problem, Progress, Steps, Watch};
use nutag_system::Planned;
use nutag_task::Task;
use nutag_zonal::KeySpace;

pub use keys::Findings;
pub use maps::read_legend;
pub use npp::NppPlan;
pub use nutag_task::{Reasons, TilePlan};
pub use summary::PlanSummary;

use crate::config::{Config, Npp, Zones};
use crate::inputs::{check_libraries, stamps_of_maps};
use crate::remembered::Stamps;
use crate::study::{announced, names_of, quantity, trend_options_of};
use keys::Maps;
use maps::NamedMap;

/// A job that can be done.
pub struct Plan {
    /// What was asked.
    pub config: Config,
    /// What is counted, where `[npp]` asks for it.
    pub counted: Option<Counted>,
    /// Sizes of the lists that keys are made of.
    pub space: KeySpace,
    /// Names of the regions.
    pub regions: Vec<String>,
    /// Names of the zones, the same for both epochs.
    pub zones: Vec<String>,
    /// The tiles with their granules, keys and blocks.
    pub tiles: Vec<TilePlan>,
    /// What was met while the maps were put on the grid.
    pub findings: Findings,
    /// The systems that the pipeline file asks for, in the order in which they run.
    pub systems: Vec<System>,
    /// What the user should know although the plan stands.
    pub warnings: Vec<String>,
    /// What the files of the maps were when they were opened.
    pub(crate) opened: Stamps,
}

/// What is counted.
#[derive(Debug)]
pub struct Counted {
    /// The granules that were asked for.
    pub npp: Npp,
    /// The zone maps that were asked for.
    pub zone_maps: Zones,
    /// The layer to read.
    pub product: Product,
    /// The periods, in order of time.
    pub periods: Vec<Period>,
    /// What counts, and why the rest does not.
    pub reasons: Reasons,
    /// Older productions of granules that are left aside.
    pub superseded: Vec<PathBuf>,
}

/// A system that is asked for and can be done.
#[derive(Debug)]
pub struct System {
    /// The name of its section.
    pub key: &'static str,
    /// Its plan.
    pub planned: Box<dyn Planned>,
}

impl Plan {
    /// Plans a job.
    ///
    /// # Errors
    /// Whatever makes the question unanswerable: all "asked wrongly".
    pub fn make(config: Config, progress: &dyn Progress) -> Result<Self, Error> {
        Self::make_with(config, &mut |_| Ok(()), progress)
    }

    /// Plans a job, and hands over each tile once it is planned, so that its
    /// keys may be put elsewhere.
    ///
    /// # Errors
    /// As [`Plan::make`], and whatever `planned` fails with.
    pub fn make_with(
        config: Config,
        planned: &mut dyn FnMut(&mut TilePlan) -> Result<(), Error>,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let file = config.file.clone();
        Self::answer(config, planned, progress).map_err(|error| error.in_pipeline(&file))
    }

    fn answer(
        config: Config,
        hand_over: &mut dyn FnMut(&mut TilePlan) -> Result<(), Error>,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        check_libraries()?;
        let mut plan = match (config.npp.clone(), config.zones.clone()) {
            (Some(npp), Some(zones)) => Self::count(config, npp, zones, hand_over, progress)?,
            _ => Self::without_granules(config)?,
        };
        static NEVER: AtomicBool = AtomicBool::new(false);
        plan.plan_systems(&Watch::new(progress, &NEVER))?;
        for system in &plan.systems {
            let warnings = system.planned.warnings();
            warnings.iter().for_each(|warning| progress.warn(warning));
            plan.warnings.extend(warnings);
        }
        Ok(plan)
    }

    /// A plan of systems alone: the regions by name, and no cell.
    fn without_granules(config: Config) -> Result<Self, Error> {
        let opened = stamps_of_maps(&config)?;
        let regions = NamedMap::regions(&config)?;
        let space = KeySpace::new(count(&regions, "regions")?, 0, 0)
            .or_problem()
            .map_err(|problem| problem.at(regions.path().display()).asked())?;
        Ok(Self {
            counted: None,
            space,
            regions: regions.names().to_vec(),
            zones: Vec::new(),
            tiles: Vec::new(),
            systems: Vec::new(),
            warnings: Vec::new(),
            opened,
            config,
            findings: Findings::default(),
        })
    }

    /// A plan that counts cells, without its systems.
    fn count(
        config: Config,
        npp: Npp,
        zone_maps: Zones,
        hand_over: &mut dyn FnMut(&mut TilePlan) -> Result<(), Error>,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let product = series::product(&config, &npp)?;
        quantity(&product)?;
        let dates = series::dates(&npp, &product)?;
        let reasons = Reasons::new(npp.counting(), &product)?;
        let opened = stamps_of_maps(&config)?;
        let maps = open_maps(&config, &zone_maps)?;
        let periods: Vec<Period> = dates.iter().map(|date| date.period(&product)).collect();
        let names = names_of(
            &zone_maps,
            maps.regions.names(),
            maps.from.names(),
            &periods,
            reasons.names(),
        );
        let trends = trend_options_of(&config, &periods);
        promises::check_asked(&config, &product, &names, &trends, &maps)?;
        let wanted = maps.regions.tiles(&product)?;
        let series = series::find(&npp, &product, wanted.keys().copied(), &dates)?;

        let granules: usize = series
            .tiles
            .values()
            .map(|row| row.iter().flatten().count())
            .sum();
        progress.begin("checking granules", granules as u64, Steps::Items);
        let checked = tiles::check_granules(&product, &reasons, &series.tiles, progress)?;
        let unidentified: Vec<PathBuf> = checked
            .values()
            .flatten()
            .flatten()
            .filter_map(tiles::CheckedGranule::unidentified)
            .map(Path::to_owned)
            .collect();
        progress.begin(
            "putting maps on the grid",
            wanted.len() as u64,
            Steps::Items,
        );
        let mut findings = Findings::default();
        let mut met = promises::Met::new(maps.space);
        let mut planned = Vec::new();
        for (tile, granules) in checked {
            let target = config.target();
            let (tile, found) = tiles::plan_tile(&maps, &product, target, tile, granules)?;
            findings.add(found);
            if let Some(mut tile) = tile {
                met.add(&*tile.keys.get()?);
                hand_over(&mut tile)?;
                planned.push(tile);
            }
            progress.advance(1);
        }
        progress.finish();
        findings.check(&maps)?;
        met.check(&config, &names)?;

        let superseded = series
            .superseded
            .into_iter()
            .map(|file| file.path)
            .collect();
        let mut plan = Self {
            space: maps.space,
            regions: maps.regions.names().to_vec(),
            zones: maps.from.names().to_vec(),
            tiles: planned,
            systems: Vec::new(),
            warnings: Vec::new(),
            opened,
            config,
            findings,
            counted: Some(Counted {
                npp,
                zone_maps,
                product,
                periods,
                reasons,
                superseded,
            }),
        };
        if let Some(counting) = plan.npp() {
            counting.cell_trends()?;
            let mut warnings = counting.find_warnings(&unidentified);
            warnings.extend(met.warning(&names));
            warnings.iter().for_each(|warning| progress.warn(warning));
            plan.warnings = warnings;
        }
        Ok(plan)
    }

    /// The plan with what it counts, where it counts anything.
    #[must_use]
    pub fn npp(&self) -> Option<NppPlan<'_>> {
        let counted = self.counted.as_ref()?;
        Some(NppPlan {
            plan: self,
            counted,
        })
    }

    /// The same where a run without granules cannot be meant.
    ///
    /// # Errors
    /// Returns an error, "asked wrongly", if there is no `[npp]`.
    pub fn must_count(&self) -> Result<NppPlan<'_>, Error> {
        self.npp().ok_or_else(|| {
            Problem::new("there is no [npp], so there are no granules and no pieces of work")
                .at(self.config.file.display())
                .advice("use `nutag run`, which needs none")
                .asked()
        })
    }

    /// Plans every system that is asked for.
    pub(crate) fn plan_systems(&mut self, watch: &Watch<'_>) -> Result<(), Error> {
        let mut announced = match self.npp() {
            Some(counting) => vec![announced(&counting)?],
            None => Vec::new(),
        };
        let mut systems = Vec::new();
        for section in self.config.sections() {
            let planned = self.with_frame(&announced, |frame| section.plan(frame, watch))?;
            announced.extend(planned.announces());
            systems.push(System {
                key: section.key(),
                planned,
            });
        }
        self.systems = systems;
        Ok(())
    }

    /// What systems share, for as long as `act` runs.
    pub fn with_frame<T>(&self, announced: &[Announced], act: impl FnOnce(&Frame<'_>) -> T) -> T {
        let zoning: Vec<Zoning<'_>> = self
            .counted
            .iter()
            .flat_map(|counted| [&counted.zone_maps.from, &counted.zone_maps.to])
            .map(|map| Zoning {
                epoch: map.epoch.trim(),
                names: &self.zones,
            })
            .collect();
        act(&Frame {
            asked: &self.config.asked(),
            note: self.config.about.note.as_deref().unwrap_or_default(),
            regions: &self.regions,
            region_map: &self.config.regions,
            zones: &zoning,
            places: Places::new(&self.tiles, self.space),
            announced,
        })
    }

    /// The tasks of the plan, tile by tile and north to south.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let tiles = self.tiles.iter().enumerate();
        tiles.flat_map(|(index, tile)| tile.tasks(index)).collect()
    }

    /// Bytes that a run reads from granules.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        self.tiles.iter().map(|tile| tile.stored_bytes).sum()
    }
}

fn open_maps(config: &Config, zones: &Zones) -> Result<Maps, Error> {
    let regions = NamedMap::regions(config)?;
    let from = NamedMap::zones(zones, &zones.from)?;
    let to = NamedMap::zones(zones, &zones.to)?;
    if from.names() != to.names() {
        return Err(Problem::new(format!(
            "the legends of the two zone maps list different zones:\n  {}: {:?}\n  {}: {:?}",
            zones.from.epoch,
            from.names(),
            zones.to.epoch,
            to.names()
        ))
        .at(to.path().display())
        .advice("a change needs the same zones, in the same order, in both epochs")
        .asked());
    }
    let space = KeySpace::new(
        count(&regions, "regions")?,
        count(&from, "zones")?,
        count(&to, "zones")?,
    )
    .map_err(|error| {
        Problem::new(error.to_string())
            .at(regions.path().display())
            .advice(
                "divide the regions among several pipeline files, or merge zones in the legends",
            )
            .asked()
    })?;
    Ok(Maps {
        regions,
        from,
        to,
        space,
    })
}

/// How many names a map has, as keys count them.
fn count(map: &NamedMap, what: &str) -> Result<u16, Error> {
    let n = map.names().len();
    let few = u16::try_from(n).ok().filter(|n| *n < u16::MAX);
    few.ok_or_else(|| {
        Problem::new(format!("{n} {what}; at most 65534 can be told apart"))
            .at(map.path().display())
            .asked()
    })
}
