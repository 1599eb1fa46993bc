//! `[drought]` as a system.

mod charts;
mod compute;
mod dzud;
mod maps;
mod plan;
mod references;
mod report;
mod section;
mod tables;

use std::path::PathBuf;

use nutag_frame::{Announced, Asked, FileKey, Frame, Mode, Place};
use nutag_problem::{Error, Watch};
use nutag_report::Table;
use nutag_system::{
    Computed, Facts, Given, InputFile, Pages, Picture, Planned, Reference, Section, Summary, Yearly,
};

use compute::{Drought, mean_of_year, of_year};
use dzud::Dzud;
use plan::DroughtPlan;
pub use section::{
    ClimateSection, DrawdownName, DroughtSection, DzudSection, SoilSection, SpeiFit, SpiFit,
    ZeroRule, ZonesOf,
};

impl Section for DroughtSection {
    fn key(&self) -> &'static str {
        "drought"
    }

    fn check(&self, asked: &Asked) -> Result<(), Error> {
        self.check_text()?;
        if asked.mode == Mode::AsPublished {
            return Err(section::wrong(
                "[drought]",
                "mode = \"as-published\" counts cells as square kilometres, and has no drought",
                "use mode = \"corrected\", or leave [drought] out",
            ));
        }
        Ok(())
    }

    fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        let climate = &mut self.climate;
        for (key, path) in [
            ("[drought.climate] temperature", &mut climate.temperature),
            (
                "[drought.climate] precipitation",
                &mut climate.precipitation,
            ),
            ("[drought.climate] stations", &mut climate.stations),
        ] {
            if let Some(path) = path {
                each(FileKey::new(key, "climate"), path);
            }
        }
        if let Some(dzud) = &mut self.dzud {
            each(
                FileKey::new("[drought.dzud] losses", "livestock losses"),
                &mut dzud.losses,
            );
        }
    }

    fn references(&self) -> Vec<&'static Reference> {
        let mut all = vec![
            &references::THORNTHWAITE,
            &references::SPEI,
            &references::SCPDSI,
            &references::BUCKET,
        ];
        if self.zeros == ZeroRule::CentreOfMass {
            all.push(&references::SPI_ZEROS);
        }
        if self.dzud.is_some() {
            all.push(&references::FIRTH);
        }
        all
    }

    fn plan(&self, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<Box<dyn Planned>, Error> {
        Ok(Box::new(DroughtPlan::make(self, frame, watch)?))
    }
}

/// What others may take, with its unit.
const DEFICIT: (&str, &str) = ("water_deficit", "mm");
const DRY_MONTHS: (&str, &str) = ("drought_months", "months");

impl Planned for DroughtPlan {
    fn summary(&self) -> Summary {
        let [first, last] = self.section.record;
        let [from, to] = self.section.reference;
        let windows: Vec<String> = self.section.months.iter().map(u8::to_string).collect();
        Summary {
            label: "drought",
            line: format!(
                "SPI and SPEI over {} months, scPDSI and water balance, {first}-{last} against {from}-{to}; {}{}",
                windows.join(", "),
                self.climate_words(),
                self.losses
                    .as_ref()
                    .map_or_else(String::new, |losses| format!(
                        "; dzud against {} rows of losses",
                        losses.len()
                    ))
            ),
            facts: Facts::default()
                .with("record", vec![first, last])
                .with("reference", vec![from, to])
                .with("months", self.section.months.clone())
                .with("sites", self.sites.len())
                .with("losses", self.losses.as_ref().map(Vec::len)),
        }
    }

    fn inputs(&self) -> Result<Vec<InputFile>, Error> {
        Ok(self.files.clone())
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    fn announces(&self) -> Vec<Announced> {
        let [first, last] = self.section.record;
        [DEFICIT, DRY_MONTHS]
            .into_iter()
            .map(|(name, unit)| Announced {
                name,
                unit: unit.to_owned(),
                years: (first..=last).collect(),
            })
            .collect()
    }

    fn compute<'a>(
        &'a self,
        given: &Given<'a>,
        watch: &Watch<'_>,
    ) -> Result<Box<dyn Computed + 'a>, Error> {
        let drought = Drought::of(self, watch)?;
        let dzud = Dzud::of(self, &drought)?;
        let mut all = vec![
            tables::by_year(self, &drought),
            tables::by_month(self, &drought),
            tables::events(self, &drought)?,
            tables::trends(self, &drought),
        ];
        if let Some(dzud) = &dzud {
            all.push(tables::dzud(self, dzud));
            all.push(tables::validation(dzud));
        }
        Ok(Box::new(DroughtComputed {
            plan: self,
            frame: given.frame,
            yearly: yearly(self, &drought),
            drought,
            dzud,
            tables: all,
        }))
    }
}

/// Sums and months of drought by place and year, for systems that run later.
fn yearly(plan: &DroughtPlan, drought: &Drought) -> Vec<Yearly> {
    let [first, last] = plan.section.record;
    let years: Vec<u16> = (first..=last).collect();
    let make = |(name, unit): (&'static str, &str),
                pick: &dyn Fn(&compute::PlaceSeries, usize) -> Option<f64>| Yearly {
        name,
        unit: unit.to_owned(),
        map: plan.map,
        years: years.clone(),
        by_place: drought
            .places
            .iter()
            .map(|(place, series)| (*place, (0..years.len()).map(|y| pick(series, y)).collect()))
            .filter(|(_, values): &(Place, Vec<Option<f64>>)| values.iter().any(Option::is_some))
            .collect(),
        area_km2: drought
            .places
            .iter()
            .map(|(place, series)| (*place, vec![series.km2 * series.coverage; years.len()]))
            .collect(),
    };
    vec![
        make(DEFICIT, &|series, year| of_year(&series.deficit_mm, year)),
        make(DRY_MONTHS, &|series, year| {
            let (mean, known) = mean_of_year(&series.dry[0], year);
            mean.map(|share| share * f64::from(known))
        }),
    ]
}

/// What `[drought]` has computed.
struct DroughtComputed<'a> {
    plan: &'a DroughtPlan,
    frame: &'a Frame<'a>,
    drought: Drought,
    dzud: Option<Dzud>,
    yearly: Vec<Yearly>,
    tables: Vec<Table>,
}

impl Computed for DroughtComputed<'_> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn yearly(&self) -> &[Yearly] {
        &self.yearly
    }

    fn pages(&self, watch: &Watch<'_>) -> Result<Pages, Error> {
        watch.check()?;
        let note = self.frame.note;
        let mut charts = charts::drought(&self.drought, note);
        if let (Some(dzud), Some(section)) = (&self.dzud, &self.plan.section.dzud) {
            charts.extend(charts::dzud(dzud, section, note));
        }
        let map = maps::picture(self.plan, &self.drought, self.frame)?;
        let sections = report::sections(
            self.plan,
            &self.drought,
            self.dzud.as_ref(),
            &charts,
            map.as_ref(),
            &self.tables,
        );
        let mut pictures: Vec<Picture> = charts
            .into_iter()
            .map(|(name, svg)| Picture::figure(name, svg))
            .collect();
        pictures.extend(map.map(|map| Picture::map(maps::NAME, map.png)));
        Ok(Pages {
            answer: report::answer(self.plan, &self.drought, self.dzud.as_ref()),
            sections,
            method: report::method(self.plan),
            pictures,
        })
    }
}
