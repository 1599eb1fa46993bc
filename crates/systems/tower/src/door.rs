//! `[[tower]]` as a system.

use std::path::PathBuf;

use nutag_problem::{Error, OrProblem, Problem, Watch};
use nutag_report::{Section as Page, Table};
use nutag_system::{
    Announced, Asked, Computed, Facts, FileKey, Frame, Given, InputFile, Pages, Picture, Planned,
    Reference, Section, Summary, Yearly,
};

use crate::chain::check;
use crate::compute::{Tower, compute, measured};
use crate::readers::{Published, Record, check_clock, published, read};
use crate::section::{TowerSection, Towers};
use crate::tables::{Done, months, published_table, years};
use crate::{charts, fluxnet, references, report};

impl Section for Towers {
    fn key(&self) -> &'static str {
        "tower"
    }

    fn check(&self, _: &Asked) -> Result<(), Error> {
        for (i, tower) in self.0.iter().enumerate() {
            tower.check_text()?;
            if self.0[..i].iter().any(|other| other.site == tower.site) {
                return Err(
                    Problem::new(format!("the site {} is there twice", tower.site))
                        .at("[[tower]] site")
                        .advice(
                            "give each tower a code of its own, and all files of one tower to it",
                        )
                        .asked(),
                );
            }
        }
        Ok(())
    }

    fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        for tower in &mut self.0 {
            for path in &mut tower.files {
                each(FileKey::new("[[tower]] files", "flux tower"), path);
            }
            for path in &mut tower.published {
                each(
                    FileKey::new("[[tower]] published", "published totals"),
                    path,
                );
            }
        }
    }

    fn references(&self) -> Vec<&'static Reference> {
        references::all()
    }

    fn plan(&self, frame: &Frame<'_>, _: &Watch<'_>) -> Result<Box<dyn Planned>, Error> {
        let towers = self
            .0
            .iter()
            .map(|section| planned(section, frame.note))
            .collect::<Result<_, _>>()?;
        Ok(Box::new(TowersPlan { towers }))
    }
}

/// A tower whose files are read and can be processed.
#[derive(Debug)]
struct PlannedTower {
    section: TowerSection,
    record: Record,
    published: Vec<Published>,
    warnings: Vec<String>,
}

fn planned(section: &TowerSection, _: &str) -> Result<PlannedTower, Error> {
    let at = format!("[[tower]] {}", section.site);
    let record = read(&section.files, &section.how()).or_asked()?;
    let file = section.files.first().cloned().unwrap_or_default();
    let warnings = check_clock(&record, section.place(), &file).or_asked()?;
    let choices = section.choices(record.ustar_filtered);
    check(record.axis, &measured(&record), &choices)
        .or_problem()
        .map_err(|problem| problem.at(at).asked())?;
    let mut all = Vec::new();
    for path in &section.published {
        all.extend(published(path).or_asked()?);
    }
    Ok(PlannedTower {
        section: section.clone(),
        record,
        published: all,
        warnings,
    })
}

/// Towers that can be done.
#[derive(Debug)]
struct TowersPlan {
    towers: Vec<PlannedTower>,
}

impl Planned for TowersPlan {
    fn summary(&self) -> Summary {
        let lines: Vec<String> = self.towers.iter().map(PlannedTower::line).collect();
        let sites: Vec<&str> = self
            .towers
            .iter()
            .map(|t| t.section.site.as_str())
            .collect();
        let kinds: Vec<&str> = self.towers.iter().map(|t| t.record.kind.name()).collect();
        let rows: Vec<usize> = self.towers.iter().map(|t| t.record.axis.rows()).collect();
        Summary {
            label: "towers",
            line: lines.join("; "),
            facts: Facts::default()
                .with("sites", sites)
                .with("kinds", kinds)
                .with("rows", rows)
                .with("choices", lines),
        }
    }

    fn inputs(&self) -> Result<Vec<InputFile>, Error> {
        let file = |role: &'static str, path: &PathBuf| InputFile {
            role,
            path: path.clone(),
        };
        let mut all = Vec::new();
        for PlannedTower { section, .. } in &self.towers {
            all.extend(section.files.iter().map(|path| file("flux tower", path)));
            let published = section.published.iter();
            all.extend(published.map(|path| file("published totals", path)));
        }
        Ok(all)
    }

    fn warnings(&self) -> Vec<String> {
        self.towers
            .iter()
            .flat_map(|tower| {
                let all = tower.record.notes.iter().chain(&tower.warnings);
                all.map(|note| format!("tower {}: {note}", tower.section.site))
            })
            .collect()
    }

    fn announces(&self) -> Vec<Announced> {
        Vec::new()
    }

    fn compute<'a>(
        &'a self,
        given: &Given<'a>,
        watch: &Watch<'_>,
    ) -> Result<Box<dyn Computed + 'a>, Error> {
        let mut towers = Vec::new();
        for tower in &self.towers {
            nutag_problem::check_stop(watch.stop())?;
            towers.push(compute(&tower.section, &tower.record).or_failed()?);
        }
        let done = self.done(&towers);
        let mut tables = vec![years(&done), months(&done)];
        let published: Vec<(&str, &Published)> = self
            .towers
            .iter()
            .flat_map(|t| t.published.iter().map(|p| (t.section.site.as_str(), p)))
            .collect();
        tables.extend((!published.is_empty()).then(|| published_table(&published)));
        Ok(Box::new(TowersComputed {
            plan: self,
            note: given.frame.note,
            towers,
            tables,
        }))
    }
}

impl TowersPlan {
    fn done<'a>(&'a self, towers: &'a [Tower]) -> Vec<Done<'a>> {
        self.towers
            .iter()
            .zip(towers)
            .map(|(planned, tower)| Done {
                section: &planned.section,
                kind: planned.record.kind.name(),
                tower,
            })
            .collect()
    }
}

impl PlannedTower {
    /// What is read and chosen, in a line.
    fn line(&self) -> String {
        let (section, record) = (&self.section, &self.record);
        let axis = &record.axis;
        format!(
            "{}: {} rows of {} minutes from {} to {} (UTC{:+}), {}; {}",
            section.site,
            axis.rows(),
            axis.step().minutes(),
            axis.start(0).strftime("%Y-%m-%d %H:%M"),
            axis.end(axis.rows() - 1).strftime("%Y-%m-%d %H:%M"),
            section.utc_offset_hours,
            record.kind.name(),
            section.chosen(record.ustar_filtered)
        )
    }
}

/// Towers that are done.
struct TowersComputed<'a> {
    plan: &'a TowersPlan,
    note: &'a str,
    towers: Vec<Tower>,
    tables: Vec<Table>,
}

impl Computed for TowersComputed<'_> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn yearly(&self) -> &[Yearly] {
        &[]
    }

    fn pages(&self, _: &Watch<'_>) -> Result<Pages, Error> {
        let done = self.plan.done(&self.towers);
        let mut pictures = Vec::new();
        let mut figures = Vec::new();
        for done in &done {
            pictures.push(Picture {
                path: format!("towers/{}", fluxnet::name(done.section, done.tower)),
                bytes: fluxnet::csv(done.tower).into_bytes(),
            });
            for (name, svg) in charts::all(done, self.note) {
                let site = done.section.site.to_lowercase().replace('-', "_");
                pictures.push(Picture::figure(
                    &format!("tower_{site}_{name}"),
                    svg.clone(),
                ));
                figures.push(svg);
            }
        }
        let sections: Vec<Page> = vec![report::section(&done, &self.tables, figures)];
        Ok(Pages {
            answer: report::answer(&done),
            sections,
            method: report::method(),
            pictures,
        })
    }
}
