//! `[uptake]` as a system.

use std::path::PathBuf;

use nutag_frame::{Frame, Mode};
use nutag_problem::{Error, Problem, Watch};
use nutag_report::{Section as Page, Table};
use nutag_system::{
    Announced, Asked, Computed, Facts, FileKey, Given, InputFile, Pages, Picture, Planned,
    Reference, Section, Summary, Yearly,
};
use nutag_task::Barren;

use crate::compute::Uptake;
use crate::plan::UptakePlan;
use crate::rh::RhSection;
use crate::section::UptakeSection;
use crate::{figures, report, spread_table, tables};

impl Section for UptakeSection {
    fn key(&self) -> &'static str {
        "uptake"
    }

    fn check(&self, asked: &Asked) -> Result<(), Error> {
        self.check_text()?;
        let wrong = |what: &str, advice: &str| {
            Err(Problem::new(what).at("[uptake]").advice(advice).asked())
        };
        if asked.mode == Mode::AsPublished {
            return wrong(
                "mode = \"as-published\" counts cells as square kilometres, and has no uptake",
                "use mode = \"corrected\", or leave [uptake] out",
            );
        }
        if self.rh.is_some() && asked.barren == Some(Barren::Zero) {
            return wrong(
                "barren = \"zero\" gives barren land no NPP, and models of respiration would still let it breathe",
                "use barren = \"exclude\" with [uptake.rh]: models see climate and not what there is to rot",
            );
        }
        Ok(())
    }

    fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        if let Some(climate) = &mut self.climate {
            let paths = [
                ("[uptake.climate] temperature", &mut climate.temperature),
                ("[uptake.climate] precipitation", &mut climate.precipitation),
                ("[uptake.climate] stations", &mut climate.stations),
            ];
            for (key, path) in paths {
                if let Some(path) = path {
                    each(FileKey::new(key, "climate"), path);
                }
            }
        }
        if let Some(livestock) = &mut self.livestock {
            each(
                FileKey::new("[uptake.livestock] table", "livestock"),
                &mut livestock.table,
            );
        }
        if let Some(fire) = &mut self.fire {
            each(
                FileKey::new("[uptake.fire] table", "burned area"),
                &mut fire.table,
            );
        }
        if let Some(harvest) = &mut self.harvest {
            each(
                FileKey::new("[uptake.harvest] table", "harvest"),
                &mut harvest.table,
            );
        }
    }

    fn references(&self) -> Vec<&'static Reference> {
        self.rh
            .as_ref()
            .map_or_else(Vec::new, RhSection::references)
    }

    fn plan(&self, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<Box<dyn Planned>, Error> {
        Ok(Box::new(UptakePlan::make(self, frame, watch)?))
    }
}

impl Planned for UptakePlan {
    fn summary(&self) -> Summary {
        let section = &self.section;
        let models: Vec<&str> = self.models.iter().map(|(model, _)| model.name()).collect();
        let losses: Vec<&str> = [
            ("livestock", section.livestock.is_some()),
            ("fire", section.fire.is_some()),
            ("harvest", section.harvest.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect();
        let draws = section.uncertainty.as_ref().map(|section| section.draws);
        let listed = |names: &[&str], none: &str| match names {
            [] => none.to_owned(),
            names => names.join(", "),
        };
        Summary {
            label: "uptake",
            line: format!(
                "{}; losses: {}; {}",
                listed(&models, "no respiration"),
                listed(&losses, "none"),
                draws.map_or_else(
                    || "no draws, so no intervals".to_owned(),
                    |draws| format!("{draws} draws")
                )
            ),
            facts: Facts::default()
                .with("models", models)
                .with("losses", losses)
                .with("draws", draws)
                .with(
                    "climate",
                    self.climate.as_ref().map(|(_, name)| name.as_str()),
                )
                .with("units", self.land.units.len()),
        }
    }

    fn inputs(&self) -> Result<Vec<InputFile>, Error> {
        Ok(self.files.clone())
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    fn announces(&self) -> Vec<Announced> {
        Vec::new()
    }

    fn compute<'a>(
        &'a self,
        given: &Given<'a>,
        watch: &Watch<'_>,
    ) -> Result<Box<dyn Computed + 'a>, Error> {
        let uptake = Uptake::of(self, given, watch)?;
        let levels = report::levels_table(&uptake);
        let models = tables::models_table(&uptake);
        let mut all = vec![tables::uptake_table(&uptake, self), levels.clone()];
        all.extend(models.clone());
        all.extend(tables::grazing_table(&uptake, self));
        all.extend(spread_table::uncertainty_table(&uptake));
        all.push(tables::factors_table(&uptake));
        let proportion = self.section.proportion.as_ref();
        let proportion = proportion.map(|section| report::proportion_table(&uptake, section));
        all.extend(proportion.clone());
        Ok(Box::new(UptakeComputed {
            plan: self,
            note: given.frame.note,
            uptake,
            levels,
            models,
            proportion,
            tables: all,
        }))
    }
}

/// What `[uptake]` has computed.
struct UptakeComputed<'a> {
    plan: &'a UptakePlan,
    note: &'a str,
    uptake: Uptake,
    levels: Table,
    models: Option<Table>,
    proportion: Option<Table>,
    tables: Vec<Table>,
}

impl Computed for UptakeComputed<'_> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn yearly(&self) -> &[Yearly] {
        &[]
    }

    fn pages(&self, _: &Watch<'_>) -> Result<Pages, Error> {
        let section = &self.plan.section;
        let draws = section.uncertainty.as_ref().map(|section| section.draws);
        let mut charts: Vec<(&'static str, String)> = Vec::new();
        charts.extend(figures::signs(&self.uptake, draws, self.note));
        charts.extend(figures::shares(&self.uptake, self.note));
        let mut sections: Vec<Page> = vec![report::section(
            &self.uptake,
            self.plan,
            self.models.as_ref(),
            &self.levels,
            &charts,
        )];
        if let (Some(proportion), Some(table)) = (&section.proportion, &self.proportion) {
            let chart = figures::proportion(&self.uptake, proportion, self.note);
            sections.push(report::proportion_section(table, &chart.1));
            charts.push(chart);
        }
        let pictures = charts
            .into_iter()
            .map(|(name, svg)| Picture::figure(name, svg));
        Ok(Pages {
            answer: Some(report::sign_sentence(&self.uptake, self.plan)),
            sections,
            method: report::method(&self.uptake),
            pictures: pictures.collect(),
        })
    }
}
